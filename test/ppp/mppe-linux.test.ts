// MPPE with state against what Linux does where it leaves RFC 3078 §8.2: it changes the key before every FLUSHED packet, and
// wants the bit on flag packets. The ends of Linux are written down here from its behaviour; captures of it are elsewhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { COHERENCY, MppeBit, type MppeOptions, MppeRefusal } from '../../src/ppp/mppe-header.ts';
import { Rc4 } from '../crypto/rc4-reference.ts';
import { endsOf, frameOf, numberOf, open, seal } from './mppe-ends.ts';
import { changedKey, firstKey } from './mppe-key-reference.ts';

const startKey = Uint8Array.from({ length: 16 }, (_, i) => 5 * i + 3);
const OPTIONS = { bits: 128, stateful: true, startKey } as const satisfies MppeOptions;
const FLAG = 0xff;

/** A direction's key and its stream, as Linux keeps them. */
class LinuxKey {
  #key = firstKey(128, startKey);
  #stream = new Rc4(this.#key);

  change(): void {
    this.#key = changedKey(128, startKey, this.#key);
    this.#stream = new Rc4(this.#key);
  }

  apply(octets: Uint8Array): Uint8Array {
    return this.#stream.apply(octets);
  }
}

class LinuxSender {
  readonly #key = new LinuxKey();
  #count = 0;
  #flush = false;

  flushNext(): void {
    this.#flush = true;
  }

  seal(frame: Uint8Array): Uint8Array {
    const flushed = this.#flush || (this.#count & FLAG) === FLAG;
    if (flushed) this.#key.change();
    this.#flush = false;
    const header = MppeBit.Encrypted | (flushed ? MppeBit.Flushed : 0) | this.#count;
    this.#count = (this.#count + 1) & COHERENCY;
    return Uint8Array.of(header >> 8, header, ...this.#key.apply(frame));
  }
}

class LinuxReceiver {
  readonly #key = new LinuxKey();
  #count = COHERENCY;
  /** It drops all until a FLUSHED packet, and has asked for one. */
  lost = false;

  open(sealed: Uint8Array): Uint8Array | undefined {
    const header = (sealed[0]! << 8) | sealed[1]!;
    const [count, flushed] = [header & COHERENCY, (header & MppeBit.Flushed) !== 0];
    if (this.lost) {
      if (!flushed) return undefined;
      for (; (count ^ this.#count) >> 8 !== 0; this.#count = (this.#count + 0x100) & COHERENCY) this.#key.change();
      this.lost = false;
      this.#count = count;
    } else {
      this.#count = (this.#count + 1) & COHERENCY;
      if (count !== this.#count || ((count & FLAG) === FLAG && !flushed)) {
        this.lost = true;
        return undefined;
      }
    }
    if (flushed) this.#key.change();
    return this.#key.apply(sealed.subarray(2));
  }
}

/** Whether each packet is lost. */
const losses = fc.array(
  fc.boolean().chain((often) => fc.nat(often ? 2 : 40).map((chance) => chance === 0)),
  { minLength: 50, maxLength: 700 },
);
const roundTrips = fc.integer({ min: 1, max: 20 });

test('without a loss Linux and we open all that the other seals', () => {
  const [sender, receiver] = [new LinuxSender(), new LinuxReceiver()];
  const ours = endsOf(OPTIONS);
  for (let number = 0; number < 10_000; number++) {
    assert.deepEqual(open(ours.receiver, sender.seal(frameOf(number))), frameOf(number));
    assert.deepEqual(receiver.open(seal(ours.sender, frameOf(number))), frameOf(number));
  }
});

test('what Linux seals after a reset is opened, whichever of its answers were lost', () => {
  fc.assert(
    fc.property(losses, roundTrips, (fates, roundTrip) => {
      const [sender, { receiver }] = [new LinuxSender(), endsOf(OPTIONS)];
      let resetAt = Number.POSITIVE_INFINITY;
      const pass = (number: number, lost: boolean): void => {
        const sealed = sender.seal(frameOf(number));
        if (lost) return;
        const opened = open(receiver, sealed);
        if (typeof opened === 'number') assert.equal(opened, MppeRefusal.LostSynchronism);
        else assert.equal(numberOf(opened), number);
        if (receiver.needsReset && resetAt === Number.POSITIVE_INFINITY) resetAt = number + roundTrip;
        if (number >= resetAt) {
          sender.flushNext();
          resetAt = Number.POSITIVE_INFINITY;
        }
      };
      // As many answers in a row as we follow may be lost, not more.
      let row = 0;
      for (const [number, lost] of fates.entries()) {
        row = lost ? row + 1 : 0;
        pass(number, lost && row < 8);
      }
      for (let number = 0; number < 3 * roundTrip; number++) pass(fates.length + number, false);
      assert.equal(receiver.needsReset, false);
    }),
  );
});

test('what we seal after a reset Linux opens, and nothing it takes for ours is garbage', () => {
  fc.assert(
    fc.property(losses, roundTrips, (fates, roundTrip) => {
      const [{ sender }, receiver] = [endsOf(OPTIONS), new LinuxReceiver()];
      let resetAt = Number.POSITIVE_INFINITY;
      const pass = (number: number, lost: boolean): void => {
        const sealed = seal(sender, frameOf(number));
        if (lost) return;
        const opened = receiver.open(sealed);
        if (opened !== undefined) assert.deepEqual(opened, frameOf(number));
        if (receiver.lost && resetAt === Number.POSITIVE_INFINITY) resetAt = number + roundTrip;
        if (number >= resetAt) {
          sender.flushNext();
          resetAt = Number.POSITIVE_INFINITY;
        }
      };
      for (const [number, lost] of fates.entries()) pass(number, lost);
      for (let number = 0; number < 3 * roundTrip; number++) pass(fates.length + number, false);
      assert.equal(receiver.lost, false);
    }),
  );
});

test('a Reset-Request that nobody needed costs Linux a few packets, not the session', () => {
  const [{ sender }, receiver] = [endsOf(OPTIONS), new LinuxReceiver()];
  let opened = 0;
  for (let number = 0; number < 1000; number++) {
    if (number % 100 === 50 || receiver.lost) sender.flushNext();
    const frame = receiver.open(seal(sender, frameOf(number)));
    if (frame === undefined) continue;
    assert.deepEqual(frame, frameOf(number));
    opened++;
  }
  assert.ok(opened >= 980, `${opened} of 1000`);
});
