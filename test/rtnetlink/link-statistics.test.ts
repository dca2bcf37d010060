// `struct rtnl_link_stats64`: which octets are which counter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeLinkStatistics } from '../../src/rtnetlink/link-statistics.ts';

test('the counters stand in the order of the kernel', () => {
  const octets = new Uint8Array(200);
  const view = new DataView(octets.buffer);
  for (let index = 0; index < 10; index++) view.setBigUint64(index * 8, BigInt(index + 1), true);
  assert.deepEqual(decodeLinkStatistics(octets), {
    packetsReceived: 1,
    packetsSent: 2,
    octetsReceived: 3,
    octetsSent: 4,
    receiveErrors: 5,
    sendErrors: 6,
    receiveDrops: 7,
    sendDrops: 8,
    multicast: 9,
    collisions: 10,
  });
});

test('any octets are statistics or none, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 240 }), (octets) => {
      assert.equal(decodeLinkStatistics(octets) === undefined, octets.length < 80);
    }),
  );
  assert.equal(decodeLinkStatistics(undefined), undefined);
});
