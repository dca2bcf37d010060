// The two ciphers of MPPE against keys and streams made one by one: whatever is made ahead, lost, passed over or forged, each
// packet has the octets it has to have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MppeKernel } from '../../src/crypto/mppe-kernel.ts';
import type { MppeBits } from '../../src/ppp/mppe-key.ts';
import { StatefulCipher } from '../../src/ppp/stateful-cipher.ts';
import { StatelessCipher } from '../../src/ppp/stateless-cipher.ts';
import { WebAssembly } from '../../src/wire/webassembly.ts';
import { Rc4 } from '../crypto/rc4-reference.ts';
import { changedKey, firstKey } from './mppe-key-reference.ts';

const AT = 24;
const STRENGTHS: readonly MppeBits[] = [40, 56, 128];

function startKeyOf(bits: MppeBits, session: number): Uint8Array {
  return Uint8Array.from({ length: bits === 128 ? 16 : 8 }, (_, i) => 31 * i + 7 * session + bits);
}

function newKernel(): MppeKernel {
  return new MppeKernel(new WebAssembly.Memory({ initial: 1, maximum: 1 }));
}

/** All keys of one direction, in order. */
class Keys {
  readonly #bits: MppeBits;
  readonly #startKey: Uint8Array;
  readonly #keys: Uint8Array[];

  constructor(bits: MppeBits, startKey: Uint8Array) {
    this.#bits = bits;
    this.#startKey = startKey;
    this.#keys = [firstKey(bits, startKey)];
  }

  after(changes: number): Uint8Array {
    while (this.#keys.length <= changes) {
      this.#keys.push(changedKey(this.#bits, this.#startKey, this.#keys.at(-1)!));
    }
    return this.#keys[changes]!;
  }
}

function textOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i * 5 + length);
}

/** What `apply` makes of a text. */
function applied(kernel: MppeKernel, text: Uint8Array, apply: () => void): Uint8Array {
  kernel.packets.set(text, AT);
  apply();
  return kernel.packets.slice(AT, AT + text.length);
}

/** Mostly long packets, so that streams are made ahead, with short and longest ones between. */
const length = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1200, max: 1500 }) },
  { weight: 2, arbitrary: fc.integer({ min: 256, max: 1600 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1500, max: 9000 }) },
);
const changes = fc.oneof(
  { weight: 8, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }) },
);
const packet = fc.record({
  session: fc.nat(2),
  length,
  changes,
  /** How often somebody else's comes in its place first. */
  forged: fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    fc.array(fc.record({ length, changes }), { maxLength: 2 }),
  ),
});

test('RFC 3078 §7.3, §8.1: without state, packets of interleaved sessions, some lost, some forged', () => {
  fc.assert(
    fc.property(fc.array(packet, { minLength: 5, maxLength: 60 }), fc.nat(5), (packets, seldom) => {
      const kernel = newKernel();
      const sessions = STRENGTHS.map((bits, session) => ({
        cipher: new StatelessCipher(bits, startKeyOf(bits, session), kernel),
        keys: new Keys(bits, startKeyOf(bits, session)),
        changes: 0,
      }));
      for (const [index, { session, length, changes, forged }] of packets.entries()) {
        if (index % (seldom * 4 + 1) === 0) kernel.batch++;
        const own = sessions[session]!;
        const check = (length: number, changes: number): void => {
          const sealed = applied(kernel, textOf(length), () => own.cipher.apply(AT, length, changes));
          assert.deepEqual(sealed, new Rc4(own.keys.after(own.changes + changes)).apply(textOf(length)));
        };
        for (const { length, changes } of forged) check(length, changes);
        check(length, changes);
        own.cipher.accept();
        own.changes += changes;
        assert.equal(own.cipher.changes, own.changes);
      }
    }),
  );
});

test('RFC 3078 §8.1: a forged jump past the streams ahead changes nothing, wherever among them it comes', () => {
  for (let forgedAt = 0; forgedAt < 12; forgedAt++) {
    for (const ahead of [1, 2, 4, 5, 9]) {
      const kernel = newKernel();
      const cipher = new StatelessCipher(128, startKeyOf(128, 3), kernel);
      const keys = new Keys(128, startKeyOf(128, 3));
      const text = textOf(700);
      const sealed = (changes: number) => applied(kernel, text, () => cipher.apply(AT, text.length, changes));
      for (let packet = 0; packet < 14; packet++) {
        const where = `${ahead} ahead of packet ${forgedAt}, packet ${packet}`;
        const expected = (changes: number) => new Rc4(keys.after(packet + changes)).apply(text);
        if (packet === forgedAt) assert.deepEqual(sealed(ahead), expected(ahead), where);
        assert.deepEqual(sealed(1), expected(1), where);
        cipher.accept();
      }
    }
  }
});

test('RFC 3078 §8.1: more busy sessions than there is room for streams ahead, and they end and begin', () => {
  const kernel = newKernel();
  const begin = (session: number) => ({
    cipher: new StatelessCipher(128, startKeyOf(128, session), kernel),
    keys: new Keys(128, startKeyOf(128, session)),
    packets: 0,
  });
  const sessions = Array.from({ length: 45 }, (_, session) => begin(session));
  let number = 0;
  for (let batch = 0; batch < 12; batch++) {
    kernel.batch++;
    for (let turn = 0; turn < 4; turn++) {
      for (let n = 0; n < sessions.length; n++) {
        // Not in the same order each time, and not all.
        const session = (n * 7 + batch * 11 + turn) % sessions.length;
        if ((session + batch) % 5 === 0) continue;
        const own = sessions[session]!;
        const text = textOf(400 + (number++ % 300));
        const sealed = applied(kernel, text, () => own.cipher.apply(AT, text.length, 1));
        own.cipher.accept();
        assert.deepEqual(sealed, new Rc4(own.keys.after(++own.packets)).apply(text), `session ${session}`);
      }
    }
    sessions[batch]!.cipher.close();
    sessions[batch] = begin(100 + batch);
  }
});

test('RFC 3078 §8.2: with state, one stream goes on, and begins anew with a key or with FLUSHED', () => {
  const packet = fc.record({
    session: fc.nat(2),
    length,
    changes: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(3)),
    anew: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
    accepted: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 30 }), (packets) => {
      const kernel = newKernel();
      const sessions = STRENGTHS.map((bits, session) => {
        const keys = new Keys(bits, startKeyOf(bits, session));
        const cipher = new StatefulCipher(bits, startKeyOf(bits, session), kernel);
        // Of the stream so far, all octets, from which it is made again.
        return { cipher, keys, changes: 0, passed: 0 };
      });
      for (const { session, length, changes, anew, accepted } of packets) {
        const own = sessions[session]!;
        const passed = changes > 0 || anew ? 0 : own.passed;
        const stream = new Rc4(own.keys.after(own.changes + changes));
        stream.apply(new Uint8Array(passed));
        const sealed = applied(kernel, textOf(length), () => own.cipher.apply(AT, length, changes, anew));
        assert.deepEqual(sealed, stream.apply(textOf(length)));
        if (!accepted) continue;
        own.cipher.accept();
        own.changes += changes;
        own.passed = passed + length;
        assert.equal(own.cipher.changes, own.changes);
      }
    }),
  );
});

test('a cipher that is closed seals with other keys, and takes nothing from the others', () => {
  for (const bits of STRENGTHS) {
    const kernel = newKernel();
    const [closed, other] = [1, 2].map((session) => new StatelessCipher(bits, startKeyOf(bits, session), kernel));
    const keys = [1, 2].map((session) => new Keys(bits, startKeyOf(bits, session)));
    const text = textOf(1400);
    const sealed = (cipher: StatelessCipher): Uint8Array => {
      const octets = applied(kernel, text, () => cipher.apply(AT, text.length, 1));
      cipher.accept();
      return octets;
    };
    for (let n = 1; n <= 3; n++) {
      assert.deepEqual(sealed(closed!), new Rc4(keys[0]!.after(n)).apply(text));
      assert.deepEqual(sealed(other!), new Rc4(keys[1]!.after(n)).apply(text));
    }
    closed!.close();
    assert.notDeepEqual(sealed(closed!), new Rc4(keys[0]!.after(4)).apply(text));
    assert.deepEqual(sealed(other!), new Rc4(keys[1]!.after(4)).apply(text));
  }
});
