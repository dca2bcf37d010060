// The checksums of RFC 1071 and RFC 1624.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldSum, internetChecksum, sumWords, updateChecksum } from '../../src/wire/checksum.ts';

test('RFC 1071 §3: the worked example', () => {
  const octets = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
  assert.equal(foldSum(sumWords(octets, 0, 8)), 0xddf2);
});

test('RFC 1071: octets with their checksum sum to all ones', () => {
  const even = fc.uint8Array({ minLength: 2, maxLength: 200 }).map((octets) => octets.subarray(octets.length % 2));
  fc.assert(
    fc.property(even, (octets) => {
      const checksum = internetChecksum(octets, 0, octets.length);
      return foldSum(sumWords(octets, 0, octets.length, checksum)) === 0xffff;
    }),
  );
});

test('RFC 1624 §4: the worked example, and any update equals computing anew', () => {
  assert.equal(updateChecksum(0xdd2f, 0x5555, 0x3285), 0x0000);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(65535), (octets, after) => {
      const before = internetChecksum(octets, 0, 4);
      const word = (octets[2]! << 8) | octets[3]!;
      const changed = Uint8Array.of(octets[0]!, octets[1]!, after >> 8, after & 255);
      const direct = internetChecksum(changed, 0, 4);
      const updated = updateChecksum(before, word, after);
      // 0x0000 and 0xffff are the same number in one's complement.
      return updated === direct || (updated % 0xffff === 0 && direct % 0xffff === 0);
    }),
  );
});
