// MPPC: the printed tokens, whole packets, the laws, and streams that no compressor wrote.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HISTORY, MppcCompressor, MppcDecompressor } from '../../src/ppp/mppc.ts';
import { MppeRefusal } from '../../src/ppp/mppe-header.ts';
import { bitsOf, lengthBits, offsetBits, pack, packBits, type Token, unpack } from './mppc-reference.ts';
import vectors from './mppc-vectors.json' with { type: 'json' };

const text = (ascii: string): Uint8Array => Uint8Array.from(Buffer.from(ascii));
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

function compress(compressor: MppcCompressor, packet: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(packet.length + 32).fill(CANARY);
  buffer.set(packet, 16);
  const length = compressor.compress(buffer, 16, packet.length);
  const outside = [...buffer.subarray(0, 16), ...buffer.subarray(16 + packet.length)];
  assert.ok(outside.every((octet) => octet === CANARY));
  if (length === 0) assert.deepEqual(buffer.subarray(16, 16 + packet.length), packet, 'not as it was');
  return buffer.slice(16, 16 + length);
}

/** What comes out, or the refusal. */
function decompress(decompressor: MppcDecompressor, packet: Uint8Array, limit = HISTORY): Uint8Array | number {
  const room = packet.length + 16;
  const buffer = new Uint8Array(room + limit + 16).fill(CANARY);
  buffer.set(packet);
  const length = decompressor.decompress(buffer, 0, packet.length, room, limit);
  assert.ok(length <= limit);
  assert.ok(buffer.subarray(room + Math.max(0, length)).every((octet) => octet === CANARY));
  return length < 0 ? length : buffer.slice(room, room + length);
}

/** Octets in which no three follow each other twice. */
function unlike(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i % 2 === 0 ? (i >> 1) & 0x7f : (i >> 8) + ((i >> 1) & 1 ? 0x40 : 0)));
}

test('RFC 2118 §4.1, §4.2: each printed token is read as it is printed', () => {
  for (const token of vectors.tokens) {
    const { literal, offset, length } = token as { literal?: number; offset?: number; length?: number };
    if (literal !== undefined) {
      assert.equal(bitsOf({ literal }), token.bits);
      assert.deepEqual(decompress(new MppcDecompressor(), packBits(token.bits)), Uint8Array.of(literal));
    }
    if (offset !== undefined) assert.equal(offsetBits(offset), token.bits);
    if (length !== undefined) assert.equal(lengthBits(length), token.bits);
  }
});

test('RFC 2118 §4.2.1: a copy reaches back as far as its offset says', () => {
  for (const { offset } of vectors.tokens as { offset?: number }[]) {
    if (offset === undefined) continue;
    const decompressor = new MppcDecompressor();
    const history = Uint8Array.from({ length: offset }, (_, i) => (i * 31) & 0x7f);
    decompress(decompressor, history); // octets below 80 stand for themselves
    if (offset + 3 > HISTORY) continue;
    const expected = Uint8Array.from({ length: 3 }, (_, i) => history[i % offset]!);
    assert.deepEqual(decompress(decompressor, pack([{ offset, length: 3 }])), expected, `offset ${offset}`);
  }
});

test('RFC 2118 §4.2.2: a copy is as long as its length says', () => {
  for (const { length } of vectors.tokens as { length?: number }[]) {
    if (length === undefined) continue;
    const copied = decompress(new MppcDecompressor(), pack([{ literal: 0x41 }, { offset: 1, length }]));
    assert.deepEqual(copied, new Uint8Array(length + 1).fill(0x41), `length ${length}`);
  }
});

test('RFC 2118 §4: packets of other compressors are read, and ours says the same in as little', () => {
  for (const { id, plaintext, compressed } of vectors.packets) {
    assert.deepEqual(decompress(new MppcDecompressor(), hex(compressed)), hex(plaintext), id);
    const ours = compress(new MppcCompressor(), hex(plaintext));
    assert.deepEqual(unpack(ours), [...hex(plaintext)], id);
    assert.ok(ours.length <= hex(compressed).length, id);
  }
});

test('RFC 2118 §4: what we compress, the tables read back', () => {
  const piece = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 40 }),
    fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 500 })).map(([octet, n]) => new Uint8Array(n).fill(octet)),
    fc.constantFrom('GET / HTTP/1.1\r\nHost: ', 'the bell tolls ', '\0\0\0\0').map((text) => Buffer.from(text)),
  );
  const packet = fc
    .array(piece, { minLength: 1, maxLength: 12 })
    .map((pieces) => Uint8Array.from(Buffer.concat(pieces)));
  fc.assert(
    fc.property(packet, (packet) => {
      const compressed = compress(new MppcCompressor(), packet);
      assert.ok(compressed.length < packet.length);
      if (compressed.length > 0) assert.deepEqual(unpack(compressed), [...packet]);
    }),
  );
});

test('RFC 2118 §3.1: packets refer to those before them, over many turns of the history', () => {
  const compressor = new MppcCompressor();
  const decompressor = new MppcDecompressor();
  let [turns, sent, carried] = [0, 0, 0];
  for (let i = 0; i < 2000; i++) {
    const packet = text(`packet ${i % 37} of ${(i * 7919) % 101}: ${'lorem ipsum dolor sit amet '.repeat(i % 9)}`);
    const compressed = compress(compressor, packet);
    assert.ok(compressed.length > 0 || i % 9 === 0, `packet ${i} did not shrink`);
    if (compressed.length === 0) {
      compressor.flush();
      decompressor.flush();
      continue;
    }
    if (compressor.atFront) {
      decompressor.moveToFront();
      turns++;
    }
    assert.deepEqual(decompress(decompressor, compressed), packet);
    sent += packet.length;
    carried += compressed.length;
  }
  assert.ok(turns > 10, `${turns} turns`);
  assert.ok(carried < sent / 4, `${carried} of ${sent}`);
});

test('RFC 2118 §3.1: behind a turn to the front, a peer may refer to what the history still has', () => {
  const decompressor = new MppcDecompressor();
  const old = Uint8Array.from({ length: HISTORY }, (_, i) => (i * 13) & 0x7f);
  decompress(decompressor, old);
  decompressor.moveToFront();
  assert.deepEqual(decompress(decompressor, pack([{ offset: 5, length: 4 }])), old.slice(HISTORY - 5, HISTORY - 1));
});

test('RFC 2118 §4: a packet that would not shrink is given back as it was', () => {
  for (const packet of [unlike(60), new Uint8Array(), Uint8Array.of(0x21), new Uint8Array(60).map((_, i) => 255 - i)]) {
    assert.equal(compress(new MppcCompressor(), packet).length, 0);
  }
  assert.equal(compress(new MppcCompressor(), new Uint8Array(HISTORY)).length, 0, 'more than a history');
});

test('RFC 2118 §3.1: nothing is read that was not written since the history began', () => {
  const copies: readonly Token[][] = [
    [{ offset: 1, length: 3 }],
    [{ literal: 1 }, { offset: 2, length: 3 }],
    [{ offset: 8191, length: 4097 }],
  ];
  for (const tokens of copies) {
    const decompressor = new MppcDecompressor();
    decompress(decompressor, new Uint8Array(5000).fill(0x53));
    decompressor.flush();
    assert.equal(decompress(decompressor, pack(tokens)), MppeRefusal.Malformed);
  }
  const turned = new MppcDecompressor();
  decompress(turned, new Uint8Array(100).fill(0x53));
  turned.moveToFront();
  assert.equal(decompress(turned, pack([{ offset: 8100, length: 20 }])), MppeRefusal.Malformed, 'beyond its end');
});

test('RFC 2118 §4.2: an offset of zero, or of 8192 and more, is no copy', () => {
  for (const bits of [
    '1111000000' + '0',
    `110${(8192 - 320).toString(2).padStart(13, '0')}0`,
    `110${'1'.repeat(13)}0`,
  ]) {
    const decompressor = new MppcDecompressor();
    decompress(decompressor, new Uint8Array(HISTORY).fill(0x53));
    decompressor.moveToFront();
    assert.equal(decompress(decompressor, packBits(bits)), MppeRefusal.Malformed, bits);
  }
});

test('RFC 2118 §4.2: a token that the packet ends in is no token', () => {
  const six = '100000000'.repeat(6); // 54 bits of literals
  for (const bits of [
    `${six}1111000001`,
    '1111000001111111',
    '1100000000000000',
    `${six}1110000000`,
    '0000000011111111',
  ]) {
    assert.equal(bits.length % 8, 0);
    assert.equal(decompress(new MppcDecompressor(), packBits(bits)), MppeRefusal.Malformed, bits);
  }
});

test('nobody makes us write more than the limit, or than the history holds', () => {
  const bomb = pack([{ literal: 0x41 }, { offset: 1, length: 8191 }]);
  assert.equal((decompress(new MppcDecompressor(), bomb) as Uint8Array).length, 8192);
  assert.equal(decompress(new MppcDecompressor(), bomb, 8191), MppeRefusal.TooLong);
  assert.equal(decompress(new MppcDecompressor(), bomb, 1502), MppeRefusal.TooLong);
  assert.equal(decompress(new MppcDecompressor(), new Uint8Array(1503), 1502), MppeRefusal.TooLong);
  const full = new MppcDecompressor();
  decompress(full, new Uint8Array(8190));
  assert.equal(decompress(full, new Uint8Array(3)), MppeRefusal.TooLong);
  assert.equal(decompress(new MppcDecompressor(), packBits('1'.repeat(64)), 1502), MppeRefusal.Malformed);
});

test('any octets at all: what the tables say, or a refusal, and never what was there before', () => {
  const decompressor = new MppcDecompressor();
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .array(
        fc.oneof(
          fc.record({ literal: fc.nat(255) }),
          fc.record({ offset: fc.integer({ min: 1, max: 12 }), length: fc.integer({ min: 3, max: 90 }) }),
        ),
        { maxLength: 30 },
      )
      .map((tokens) => pack([{ literal: 0x21 }, ...tokens])),
  );
  fc.assert(
    fc.property(octets, fc.constantFrom(200, HISTORY), (octets, limit) => {
      decompressor.flush();
      decompress(decompressor, new Uint8Array(HISTORY).fill(0x53));
      decompressor.flush();
      const out = decompress(decompressor, octets, limit);
      const expected = unpack(octets);
      if (typeof out === 'number') assert.ok(expected === undefined || expected.length > limit, `refused: ${out}`);
      else assert.deepEqual([...out], expected);
    }),
    { numRuns: 2000 },
  );
});

const CANARY = 0xc5;
