// The loops of MPPE against published streams, OpenSSL's SHA-1 and RC4 as plain as it gets.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { LONGEST_STREAM, MppeKernel, STREAMS } from '../../src/crypto/mppe-kernel.ts';
import { RC4_STATE } from '../../src/crypto/rc4-code.ts';
import { WebAssembly } from '../../src/wire/webassembly.ts';
import { Rc4 } from './rc4-reference.ts';

const kernel = new MppeKernel(new WebAssembly.Memory({ initial: 1, maximum: 1 }));
const [START, SESSION, RESULT] = [0, 4, 8];

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const key = fc.constantFrom(8, 16).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));

function lengthOf(key: Uint8Array): 8 | 16 {
  return key.length === 8 ? 8 : 16;
}

function wordsOf(start: Uint8Array, session: Uint8Array): Int32Array {
  const words = new Int32Array(12);
  for (const [at, octets] of [
    [START, start],
    [SESSION, session],
  ] as const) {
    for (let i = 0; i < octets.length; i += 4) words[at + i / 4] = Buffer.from(octets).readInt32BE(i);
  }
  return words;
}

function octetsOf(words: Int32Array, length: number): Uint8Array {
  const octets = Buffer.alloc(16);
  for (let i = 0; i < 4; i++) octets.writeInt32BE(words[RESULT + i]!, 4 * i);
  return Uint8Array.from(octets.subarray(0, length));
}

function turn(session: Uint8Array, start = session, stream = -1): Uint8Array {
  const words = wordsOf(start, session);
  kernel.turn(words, START, SESSION, RESULT, lengthOf(session), stream);
  return octetsOf(words, session.length);
}

/** At an odd place, with what lies around it looked at. */
function applied(octets: Uint8Array, apply: (at: number, length: number) => void): Uint8Array {
  const [at, around] = [37, 40];
  const room = kernel.packets.subarray(0, at + octets.length + around).fill(0xaa);
  room.set(octets, at);
  apply(at, octets.length);
  const outside = [...room.subarray(0, at), ...room.subarray(at + octets.length)];
  assert.ok(outside.every((octet) => octet === 0xaa));
  return room.slice(at, at + octets.length);
}

function rc4(key: Uint8Array, ...pieces: readonly Uint8Array[]): Uint8Array {
  const state = new Uint8Array(RC4_STATE);
  turn(key);
  kernel.keep(state);
  const all = pieces.map((piece) => {
    turn(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    kernel.resume(state);
    const done = applied(piece, (at, length) => kernel.apply(at, length));
    kernel.keep(state);
    return done;
  });
  return Uint8Array.from(Buffer.concat(all));
}

/** GetNewKeyFromSHA, as RFC 3079 §3.4 writes it. */
function newKeyFromSha(start: Uint8Array, session: Uint8Array): Uint8Array {
  const message = Buffer.concat([start, Buffer.alloc(40, 0x00), session, Buffer.alloc(40, 0xf2)]);
  return Uint8Array.from(createHash('sha1').update(message).digest().subarray(0, start.length));
}

test('RC4: "pedia" under "Wiki", as the encyclopedia has it', () => {
  // A key that is repeated is the key.
  assert.deepEqual(rc4(Buffer.from('WikiWiki'), Buffer.from('pedia')), hex('1021bf0420'));
});

test('RFC 6229 §2: the first 16 octets of the streams of 64 and 128 bits, and those at offset 4096', () => {
  const zeros = new Uint8Array(4112);
  const short = rc4(hex('0102030405060708'), zeros);
  const long = rc4(hex('0102030405060708090a0b0c0d0e0f10'), zeros);
  assert.deepEqual(short.subarray(0, 16), hex('97ab8a1bf0afb96132f2f67258da15a8'));
  assert.deepEqual(long.subarray(0, 16), hex('9ac7cc9a609d1ef7b2932899cde41b97'));
  assert.deepEqual(long.subarray(4096), hex('a36a4c301ae8ac13610ccbc12256cacc'));
});

test('RC4: a stream in pieces of any length is the stream in one', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
  fc.assert(
    fc.property(key, pieces, (key, pieces) => {
      const whole = Uint8Array.from(Buffer.concat(pieces));
      assert.deepEqual(rc4(key, ...pieces), new Rc4(key).apply(whole));
      assert.deepEqual(rc4(key, whole), new Rc4(key).apply(whole));
    }),
  );
});

test('RC4: streams of many keys, whose tables are all different, are those of the plain loop', () => {
  const text = new Uint8Array(LONGEST_STREAM + 100);
  for (let seed = 0; seed < 300; seed++) {
    const key = createHash('md5').update(`${seed}`).digest();
    assert.deepEqual(rc4(key, text), new Rc4(key).apply(text), `seed ${seed}`);
  }
});

test('RC4: twice with the same octets of a stream is not at all', () => {
  turn(hex('0102030405060708'));
  kernel.draw(50);
  const mixed = applied(Buffer.from('as it was'), (at, length) => {
    kernel.mix(at, length);
    kernel.mix(at, length);
  });
  assert.deepEqual(Buffer.from(mixed).toString(), 'as it was');
});

test('RFC 3079 §2.4, §3.4: GetNewKeyFromSHA of any keys', () => {
  fc.assert(
    fc.property(key, fc.uint8Array({ minLength: 16, maxLength: 16 }), (start, other) => {
      const session = other.subarray(0, start.length);
      const words = wordsOf(start, session);
      kernel.hash(words, START, SESSION, RESULT, lengthOf(start));
      assert.deepEqual(octetsOf(words, start.length), newKeyFromSha(start, session));
    }),
  );
});

test('RFC 3078 §7.3: the next key is the hash, encrypted with itself, whatever had been wiped', () => {
  fc.assert(
    fc.property(key, fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.boolean(), (start, other, wiped) => {
      const session = other.subarray(0, start.length);
      if (wiped) kernel.wipe();
      const interim = newKeyFromSha(start, session);
      assert.deepEqual(turn(session, start), new Rc4(interim).apply(interim));
      const text = new Uint8Array(40);
      const sealed = applied(text, (at, length) => kernel.apply(at, length));
      assert.deepEqual(sealed, new Rc4(session).apply(text));
    }),
  );
});

test('RC4: several streams in one loop are what each is alone, and go on past what was made', () => {
  const keys = fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), { minLength: STREAMS, maxLength: STREAMS });
  const made = fc.integer({ min: 1, max: LONGEST_STREAM / 8 }).map((eights) => 8 * eights);
  const slot = kernel.claim(kernel.newSession());
  fc.assert(
    fc.property(keys, made, fc.nat(4000), (keys, made, length) => {
      for (const [stream, key] of keys.entries()) turn(key, key, stream);
      kernel.fill(slot, made);
      const text = new Uint8Array(length);
      for (const [stream, key] of [...keys.entries()].reverse()) {
        const sealed = applied(text, (at, length) => kernel.applyKept(at, length, slot, stream, made));
        assert.deepEqual(sealed, new Rc4(key).apply(text), `stream ${stream}, ${length} of ${made}`);
      }
    }),
  );
  kernel.release(slot);
});

test('a slot that changes hands, or is released, has nothing of its session left', () => {
  const own = new MppeKernel(new WebAssembly.Memory({ initial: 1, maximum: 1 }));
  const words = wordsOf(hex('0102030405060708'), hex('0102030405060708'));
  const text = Uint8Array.from({ length: 60 }, (_, index) => index);
  const sealed = (slot: number, stream: number): Uint8Array => {
    own.packets.set(text);
    own.applyKept(0, text.length, slot, stream, 64);
    return own.packets.slice(0, text.length);
  };
  const fill = (session: number): number => {
    const slot = own.claim(session);
    for (let stream = 0; stream < STREAMS; stream++) own.turn(words, START, SESSION, RESULT, 8, stream);
    own.fill(slot, 64);
    return slot;
  };
  const slots = Array.from({ length: 32 }, () => fill(own.newSession()));
  assert.equal(own.claim(own.newSession()), -1);
  own.batch++;
  const taken = own.claim(own.newSession());
  own.release(slots[7]!);
  for (let stream = 0; stream < STREAMS; stream++) {
    assert.notDeepEqual(sealed(slots[3]!, stream), text);
    assert.deepEqual(sealed(taken, stream), text, `taken, stream ${stream}`);
    assert.deepEqual(sealed(slots[7]!, stream), text, `released, stream ${stream}`);
  }
});

test('slots are for those that are busy: within a batch nobody loses one, then the one that was used first', () => {
  const own = new MppeKernel(new WebAssembly.Memory({ initial: 1, maximum: 1 }));
  const sessions = Array.from({ length: 100 }, () => own.newSession());
  const slots = sessions.map((session) => {
    const slot = own.claim(session);
    if (slot >= 0) own.fill(slot, 8);
    return slot;
  });
  const granted = slots.filter((slot) => slot >= 0);
  assert.ok(granted.length > 8 && granted.length < 100);
  assert.equal(new Set(granted).size, granted.length);
  assert.ok(granted.every((slot, index) => own.owns(slot, sessions[index]!)));
  own.batch++;
  own.fill(granted[0]!, 8);
  assert.equal(own.claim(sessions[99]!), granted[1]);
  assert.deepEqual([own.owns(granted[1]!, sessions[1]!), own.owns(granted[1]!, sessions[99]!)], [false, true]);
  own.release(granted[5]!);
  assert.equal(own.owns(granted[5]!, sessions[5]!), false);
  assert.equal(own.claim(sessions[98]!), granted[5], 'a free one before any other');
  assert.equal(own.owns(-1, sessions[0]!), false);
});
