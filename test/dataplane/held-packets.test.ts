// Packets of PPTP calls that wait for those before them, and frames of the control thread that wait for their number.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Arena } from '../../src/dataplane/arena.ts';
import { FrameQueue, MAX_FRAME } from '../../src/dataplane/frame-queue.ts';
import { HELD_OCTETS, Held, HeldPackets } from '../../src/dataplane/held-packets.ts';
import { Row } from '../../src/dataplane/layout.ts';
import { SessionTable } from '../../src/dataplane/session-table.ts';
import { CALL } from './harness/forwarding.ts';

const ORIGIN = { transport: 320, peerPort: 0, peerAddress: 7, localAddress: 8, peerIpv6At: 0, localIpv6At: 16 };

function bench(sessions = 1) {
  const table = SessionTable.create(100);
  for (let n = 0; n < sessions; n++) table.open({ ...CALL, localSession: 1 + n });
  const arena = new Arena(HELD_OCTETS + 65536);
  const buffer = arena.take(4096);
  const held = new HeldPackets(arena, table);
  const hold = (sequence: number, now = 0, row = 0, length = 4): Held => {
    arena.view.setInt32(buffer, sequence);
    return held.hold(row, sequence | 0, buffer, length, ORIGIN, now);
  };
  const given = (): number => arena.view.getInt32(held.at);
  const expect = (next: number, row = 0): void => {
    table.words[table.rowWord(row) + Row.Nr] = next;
  };
  return { table, arena, held, hold, given, expect };
}

describe('packets that came early', () => {
  it('are given in the order of their numbers, once those before them are there', () => {
    const { held, hold, given, expect } = bench();
    for (const sequence of [7, 5, 8]) assert.equal(hold(sequence), Held.Kept);
    assert.equal(hold(7), Held.Already);
    expect(4);
    assert.equal(held.takeNext(0), false);
    expect(5);
    assert.deepEqual([held.takeNext(0), given(), held.length, held.peerAddress, held.localAddress], [true, 5, 4, 7, 8]);
    expect(6);
    assert.equal(held.takeNext(0), false);
    assert.deepEqual([held.takeBefore(0, 7), held.takeBefore(0, 8), given()], [false, true, 7]);
    assert.deepEqual(
      [held.takeFirst(0), given(), held.takeFirst(0), held.has(0), held.count],
      [true, 8, false, false, 0],
    );
  });

  it('numbers go on beyond 2^32', () => {
    const { held, hold, given, expect } = bench();
    for (const sequence of [0x1_0000_0001, 0xffff_ffff, 0x1_0000_0000]) hold(sequence);
    const order: number[] = [];
    for (let next = 0xffff_ffff; order.length < 3; next++) {
      expect(next | 0);
      assert.equal(held.takeNext(0), true);
      order.push(given());
    }
    assert.deepEqual(order, [-1, 0, 1]);
  });

  it('no call has more than sixteen, nobody one that is too long, and all together what there is room for', () => {
    const { held, hold } = bench(100);
    for (let sequence = 1; sequence <= 16; sequence++) assert.equal(hold(sequence), Held.Kept);
    assert.equal(hold(17), Held.Refused);
    assert.equal(hold(1, 0, 1, 2049), Held.Refused);
    let kept = 16;
    for (let row = 1; row < 100; row++) {
      for (let sequence = 1; sequence <= 16; sequence++) if (hold(sequence, 0, row) === Held.Kept) kept++;
    }
    assert.deepEqual([kept, held.count], [512, 512]);
  });

  it('wait fifty milliseconds and no longer', () => {
    const { held, hold } = bench(3);
    assert.equal(held.timeLeft(0), -1);
    hold(5, 100, 0);
    hold(5, 120, 2);
    assert.equal(held.timeLeft(130), 20);
    assert.equal(held.expired(149), -1);
    assert.equal(held.expired(150), 0);
    held.takeFirst(0);
    assert.equal(held.expired(150), -1);
    assert.equal(held.timeLeft(151), 19);
    assert.equal(held.expired(171), 2);
  });

  it('one given out stays where it is until it is no more needed', () => {
    const { held, hold, given } = bench();
    hold(1);
    held.takeFirst(0);
    for (let sequence = 2; sequence <= 17; sequence++) hold(sequence);
    assert.equal(given(), 1);
    held.recycle();
    while (held.takeFirst(0));
    held.recycle();
    for (let round = 0; round < 100; round++) {
      for (let sequence = 0; sequence < 16; sequence++) assert.equal(hold(sequence), Held.Kept);
      while (held.takeFirst(0));
      held.recycle();
    }
  });

  it('property: whatever order they come in, they go in that of their numbers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { maxLength: 16 }), (sequences) => {
        const { held, hold, given } = bench();
        for (const sequence of sequences) hold(sequence);
        const order: number[] = [];
        while (held.takeFirst(0)) order.push(given());
        assert.deepEqual(
          order,
          sequences.toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('frames on their way into numbered packets', () => {
  it('come out as they went in, in another thread as well', () => {
    const queue = FrameQueue.create();
    const other = FrameQueue.attach(queue.buffer);
    const target = new Uint8Array(MAX_FRAME + 5);
    assert.equal(other.take(target, 5), false);
    for (let round = 0; round < 5000; round++) {
      const frame = Uint8Array.of(0xff, 3, 0xc0, 0x21, round & 255);
      assert.equal(queue.push(round, 0x8000 + round, frame), true);
      assert.equal(other.take(target, 5), true);
      assert.deepEqual([other.row, other.call, other.length], [round, 0x8000 + round, 5]);
      assert.deepEqual(target.subarray(5, 10), frame);
    }
  });

  it('are refused when there is no room, or when they are longer than a frame can be', () => {
    const queue = FrameQueue.create();
    assert.equal(queue.push(0, 1, new Uint8Array(MAX_FRAME + 1)), false);
    let pushed = 0;
    while (pushed < 5000 && queue.push(0, 1, new Uint8Array(MAX_FRAME))) pushed++;
    assert.equal(pushed, 1024);
    assert.equal(queue.take(new Uint8Array(MAX_FRAME), 0), true);
    assert.equal(queue.push(0, 1, new Uint8Array(1)), true);
  });
});
