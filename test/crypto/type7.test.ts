// Type 7, against pairs that IOS printed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeType7, encodeType7 } from '../../src/crypto/type7.ts';

test('type 7: known pairs', () => {
  const pairs: [string, number, string][] = [
    ['cisco', 8, '0822455D0A16'],
    ['cisco', 12, '121A0C041104'],
    ['cisco', 7, '070C285F4D06'],
    ['cisco', 0, '00071A150754'],
    ['cisco123', 2, '02050D4808095E731F'],
  ];
  for (const [secret, seed, text] of pairs) {
    assert.equal(encodeType7(secret, seed), text);
    assert.equal(decodeType7(text), secret);
  }
});

test('type 7: any secret reads back, whatever the seed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(15), (secret, seed) => {
      return decodeType7(encodeType7(secret, seed)) === secret;
    }),
  );
});

test('type 7: an odd length, a seed past the table, or no hex is refused', () => {
  for (const text of ['0822455D0A1', '5322', '08ZZ', '', '8', 'ab12']) assert.equal(decodeType7(text), undefined, text);
});
