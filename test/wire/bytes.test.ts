// Reading and writing octets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteReader, ByteWriter, concatOctets, equalOctets, equalSecrets } from '../../src/wire/bytes.ts';
import { DecodeError } from '../../src/wire/errors.ts';

test('what is written reads back', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.nat(65535), fc.nat(0xffffffff), fc.uint8Array(), (a, b, c, tail) => {
      const writer = new ByteWriter(1);
      writer.u8(a);
      writer.u16(b);
      writer.u32(c);
      writer.u64(0x0102030405060708n);
      writer.bytes(tail);
      const reader = new ByteReader(writer.finish());
      assert.deepEqual([reader.u8(), reader.u16(), reader.u32(), reader.u64()], [a, b, c, 0x0102030405060708n]);
      assert.deepEqual(reader.rest(), tail);
      assert.equal(reader.remaining, 0);
    }),
  );
});

test('reading past the end throws, and says where', () => {
  const reader = new ByteReader(Uint8Array.of(1, 2, 3));
  reader.u16();
  assert.throws(
    () => reader.u16(),
    (error: unknown) => error instanceof DecodeError && error.offset === 2,
  );
  assert.throws(() => reader.take(2), DecodeError);
  assert.equal(reader.u8(), 3);
});

test('a reader of a part cannot leave it, and the whole moves past it', () => {
  const whole = new ByteReader(Uint8Array.of(1, 2, 3, 4));
  const part = whole.sub(2);
  assert.equal(part.u16(), 0x0102);
  assert.throws(() => part.u8(), DecodeError);
  assert.equal(whole.u16(), 0x0304);
});

test('a reader of a view begins at the view, not at its buffer', () => {
  const view = Uint8Array.of(9, 9, 0, 7).subarray(2);
  assert.equal(new ByteReader(view).u16(), 7);
});

test('a length patched in afterwards, zeros in between', () => {
  const writer = new ByteWriter();
  writer.u16(0);
  writer.zeros(2);
  writer.patchU16(0, writer.length);
  assert.deepEqual(writer.finish(), Uint8Array.of(0, 4, 0, 0));
});

test('equality of octets and of secrets, and joining', () => {
  const [a, b] = [Uint8Array.of(1, 2), Uint8Array.of(1, 3)];
  for (const equal of [equalOctets, equalSecrets]) {
    assert.equal(equal(a, a.slice()), true);
    assert.equal(equal(a, b), false);
    assert.equal(equal(a, Uint8Array.of(1)), false);
  }
  assert.deepEqual(concatOctets(a, b), Uint8Array.of(1, 2, 1, 3));
});
