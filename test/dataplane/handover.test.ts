// Packets from one worker to another.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Arena } from '../../src/dataplane/arena.ts';
import { Handover } from '../../src/dataplane/handover.ts';
import { EventFd } from '../../src/sys/epoll.ts';
import { waitReadable } from './harness/readable.ts';

function bench() {
  const event = new EventFd();
  const ends = { buffer: Handover.allocate(), fd: event.fd };
  const [here, there] = [new Arena(1 << 18), new Arena(1 << 18)];
  const giver = { arena: here, handover: new Handover(here, ends), at: here.take(70_000) };
  const taker = { arena: there, handover: new Handover(there, ends), at: there.take(70_000) };
  return { event, giver, taker, [Symbol.dispose]: () => event.close() };
}

describe('packets from one worker to another', () => {
  it('property: they come out as they went in, wherever they lay, many times around the ring', () => {
    using both = bench();
    const { giver, taker } = both;
    const packet = fc.record({
      shift: fc.nat(3),
      length: fc.oneof(fc.nat(2000), fc.integer({ min: 60_000, max: 65_535 })),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 20 }), (packets) => {
        for (const [index, { shift, length }] of packets.entries()) {
          for (let n = 0; n < length; n++) giver.arena.octets[giver.at + shift + n] = index + 7 * n;
          assert.equal(giver.handover.push(index, -index, giver.at + shift, 5, length), true);
        }
        for (const [index, { length }] of packets.entries()) {
          assert.equal(taker.handover.take(taker.at), true);
          const { row, key, start, at } = taker.handover;
          assert.deepEqual([row, key, start, taker.handover.length], [index, -index | 0, 5, length]);
          for (const n of [0, 1, length >> 1, length - 1]) {
            if (n >= 0 && n < length) assert.equal(taker.arena.octets[at + n], (index + 7 * n) & 255);
          }
        }
        assert.equal(taker.handover.take(taker.at), false);
      }),
    );
  });

  it('one wake-up is enough for all there is, and there is one for what comes after', () => {
    using both = bench();
    const { giver, taker, event } = both;
    giver.handover.signal();
    assert.equal(waitReadable(event.fd, 0), false);
    for (let n = 0; n < 3; n++) {
      giver.handover.push(n, 0, giver.at, 0, 100);
      giver.handover.signal();
    }
    assert.equal(waitReadable(event.fd, 100), true);
    taker.handover.acknowledge();
    assert.equal(waitReadable(event.fd, 0), false);
    while (taker.handover.take(taker.at));
    giver.handover.push(9, 0, giver.at, 0, 100);
    giver.handover.signal();
    assert.equal(waitReadable(event.fd, 100), true);
  });

  it('a reader that does not come costs packets, not memory', () => {
    using both = bench();
    const { giver, taker } = both;
    let given = 0;
    while (given < 100_000 && giver.handover.push(given, 0, giver.at, 0, 1400)) given++;
    assert.equal(given, Math.floor((4 << 20) / (1400 + 24)));
    let taken = 0;
    while (taker.handover.take(taker.at)) assert.equal(taker.handover.row, taken++);
    assert.equal(taken, given);
    assert.equal(giver.handover.push(0, 0, giver.at, 0, 1400), true);
  });
});
