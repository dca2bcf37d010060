// The block function of SHA-1 against whole digests.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { SHA1_INITIAL, SHA1_SCHEDULE, sha1Block } from '../../src/crypto/sha1.ts';

/** RFC 3174 §4: a one bit, zeros, the length in bits. */
function sha1(message: Uint8Array): string {
  const padded = Buffer.alloc(64 * Math.ceil((message.length + 9) / 64));
  padded.set(message);
  padded[message.length] = 0x80;
  padded.writeUInt32BE(8 * message.length, padded.length - 4);
  const digest = Int32Array.from(SHA1_INITIAL);
  const schedule = new Int32Array(SHA1_SCHEDULE);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) schedule[i] = padded.readInt32BE(at + 4 * i);
    sha1Block(digest, schedule);
  }
  return [...digest].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

test('RFC 3174 §7.3: "abc"', () => {
  assert.equal(sha1(Buffer.from('abc')), 'a9993e364706816aba3e25717850c26c9cd0d89d');
});

test('RFC 3174 §6.1: any message has the digest that OpenSSL gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
      assert.equal(sha1(message), createHash('sha1').update(message).digest('hex'));
    }),
  );
});
