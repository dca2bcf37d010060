// The checksum loop of the packet path (RFC 1071), against the plain one.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { Arena } from '../../src/dataplane/arena.ts';
import { foldSum, sumWords } from '../../src/wire/checksum.ts';

it('RFC 1071 §3: the vector loop sums what the plain one does, at any offset and of any length', () => {
  const arena = new Arena(1 << 17);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(70), (octets, offset) => {
      arena.octets.set(octets, offset);
      const expected = foldSum(sumWords(arena.octets, offset, offset + octets.length));
      assert.equal(arena.sum(offset, octets.length), expected);
    }),
    { numRuns: 1000 },
  );
});

it('RFC 1071 §2: 64 KB of ones do not overflow', () => {
  const arena = new Arena(1 << 17);
  arena.octets.fill(0xff);
  assert.equal(arena.sum(3, 65534), 0xffff);
  assert.equal(arena.sum(3, 65535), 0xff00);
});

it('RFC 1071 §3: the example', () => {
  const arena = new Arena(1 << 17);
  arena.octets.set([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
  assert.equal(arena.sum(0, 8), 0xddf2);
});
