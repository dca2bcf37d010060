// The ring by which datagrams reach the control thread.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Flag } from '../../src/dataplane/layout.ts';
import { Ring } from '../../src/dataplane/ring.ts';

const SIZE = 1024;
const push = (ring: Ring, octets: Uint8Array, urgent = true): boolean =>
  ring.push(octets, 0, octets.length, 0xc0000202 | 0, 0xc0000201 | 0, (1701 << 16) | 51701, urgent);

describe('the ring to the control thread', () => {
  it('a datagram comes out with its path', () => {
    const ring = Ring.create(SIZE);
    const source = Uint8Array.of(9, 9, 1, 2, 3, 9);
    ring.push(source, 2, 3, 0xc0000202 | 0, 0xc0000201 | 0, (1701 << 16) | 51701, true);
    assert.deepEqual(Ring.attach(ring.buffer).drain(10), [
      {
        path: { localAddress: '192.0.2.1', localPort: 1701, peerAddress: '192.0.2.2', peerPort: 51701 },
        octets: Uint8Array.of(1, 2, 3),
      },
    ]);
  });

  it('so does one of IP protocol 115, and one with IPv6 outside, among others', () => {
    const ring = Ring.create(SIZE);
    const source = new Uint8Array(64);
    source.set([0x20, 1, 0xd, 0xb8], 0);
    source[15] = 2;
    source.set([0x20, 1, 0xd, 0xb8], 16);
    source[31] = 1;
    source.set([1, 2, 3], 40);
    ring.push(source, 40, 3, 2, 1, 0, true, Flag.OverIp | Flag.Ipv6, 0, 16);
    ring.push(source, 40, 2, 0xc0000202 | 0, 0xc0000201 | 0, 0, true, Flag.OverIp);
    ring.push(source, 40, 1, 2, 1, (1701 << 16) | 1702, true, Flag.Ipv6, 0, 16);
    const ports = { localPort: 0, peerPort: 0 };
    const ipv6 = { localAddress: '2001:db8::1', peerAddress: '2001:db8::2' };
    assert.deepEqual(ring.drain(10), [
      { path: { transport: 'ip', ...ipv6, ...ports }, octets: Uint8Array.of(1, 2, 3) },
      {
        path: { transport: 'ip', localAddress: '192.0.2.1', peerAddress: '192.0.2.2', ...ports },
        octets: Uint8Array.of(1, 2),
      },
      { path: { ...ipv6, localPort: 1701, peerPort: 1702 }, octets: Uint8Array.of(1) },
    ]);
  });

  it('a full ring refuses, keeps what it has, and takes again once read', () => {
    const ring = Ring.create(SIZE);
    let taken = 0;
    while (push(ring, new Uint8Array(100))) taken++;
    assert.equal(taken, Math.floor(SIZE / 120));
    assert.equal(ring.drain(100).length, taken);
    assert.equal(push(ring, new Uint8Array(100)), true);
  });

  it('what is not urgent leaves half of the ring to what is', () => {
    const ring = Ring.create(SIZE);
    let taken = 0;
    while (push(ring, new Uint8Array(100), false)) taken++;
    assert.equal(taken, Math.floor(SIZE / 2 / 120));
    assert.equal(push(ring, new Uint8Array(100), true), true);
  });

  it('a datagram larger than the ring is refused', () => {
    assert.equal(push(Ring.create(SIZE), new Uint8Array(SIZE)), false);
  });

  it('at most as many come out as asked for', () => {
    const ring = Ring.create(SIZE);
    for (let index = 0; index < 5; index++) push(ring, Uint8Array.of(index));
    assert.deepEqual(
      ring.drain(3).map(({ octets }) => octets[0]),
      [0, 1, 2],
    );
    assert.deepEqual(
      ring.drain(3).map(({ octets }) => octets[0]),
      [3, 4],
    );
  });

  it('the reader is woken once until it reads', () => {
    const ring = Ring.create(SIZE);
    assert.deepEqual([ring.claimWakeUp(), ring.claimWakeUp()], [true, false]);
    ring.drain(1);
    assert.equal(ring.claimWakeUp(), true);
  });

  it('property: what was taken comes out, whole and in order, round after round', () => {
    const step = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant('drain' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const ring = Ring.create(SIZE);
        const waiting: Uint8Array[] = [];
        for (const [index, length] of steps.entries()) {
          if (length === 'drain') {
            assert.deepEqual(
              ring.drain(1000).map(({ octets }) => octets),
              waiting.splice(0),
            );
          } else {
            const octets = new Uint8Array(length).fill(index);
            if (push(ring, octets)) waiting.push(octets);
          }
        }
        assert.deepEqual(
          ring.drain(1000).map(({ octets }) => octets),
          waiting,
        );
      }),
      { numRuns: 300 },
    );
  });
});
