// RC4 against published streams, and its law: pieces are the whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyRc4, keepRc4, RC4_STATE, resumeRc4, scheduleRc4, wipeRc4 } from '../../src/crypto/rc4.ts';

function rc4(key: Uint8Array, ...pieces: readonly Uint8Array[]): Uint8Array {
  const state = new Uint8Array(RC4_STATE);
  scheduleRc4(key, key.length);
  keepRc4(state);
  const out = Buffer.concat(pieces);
  let at = 0;
  for (const piece of pieces) {
    wipeRc4();
    resumeRc4(state);
    applyRc4(out, at, piece.length);
    keepRc4(state);
    at += piece.length;
  }
  return Uint8Array.from(out);
}

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

test('RC4: "pedia" under "Wiki", as the encyclopedia has it', () => {
  assert.deepEqual(rc4(hex('57696b69'), hex('7065646961')), hex('1021bf0420'));
});

test('RFC 6229 §2: the first 16 octets of the streams of 64 and 128 bits', () => {
  const zeros = new Uint8Array(16);
  assert.deepEqual(rc4(hex('0102030405060708'), zeros), hex('97ab8a1bf0afb96132f2f67258da15a8'));
  assert.deepEqual(rc4(hex('0102030405060708090a0b0c0d0e0f10'), zeros), hex('9ac7cc9a609d1ef7b2932899cde41b97'));
});

test('RFC 6229 §2: the stream of 128 bits at offset 4096', () => {
  const stream = rc4(hex('0102030405060708090a0b0c0d0e0f10'), new Uint8Array(4112));
  assert.deepEqual(stream.subarray(4096), hex('a36a4c301ae8ac13610ccbc12256cacc'));
});

test('RC4: a stream in pieces is the stream in one, and twice is the clear text', () => {
  const octets = fc.uint8Array({ maxLength: 600 });
  const key = fc.constantFrom(8, 16).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  fc.assert(
    fc.property(key, octets, octets, (key, first, second) => {
      const whole = Uint8Array.from([...first, ...second]);
      const sealed = rc4(key, whole);
      assert.deepEqual(rc4(key, first, second), sealed);
      assert.deepEqual(rc4(key, sealed), whole);
    }),
  );
});

test('RC4: nothing outside the octets asked for is touched', () => {
  scheduleRc4(hex('0102030405060708'), 8);
  const buffer = new Uint8Array(64);
  applyRc4(buffer, 20, 10);
  assert.deepEqual([...buffer.subarray(0, 20), ...buffer.subarray(30)], new Array(54).fill(0));
});
