// MPPE and MPPC over a wire that drops, repeats, delays and forges, in every mode that can be agreed on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MppeOptions, MppeRefusal } from '../../src/ppp/mppe-header.ts';
import { endsOf, frameOf, MODES, nameOf, numberOf, open, seal } from './mppe-ends.ts';

const STATELESS = MODES.filter(({ stateful }) => !stateful);
const STATEFUL = MODES.filter(({ stateful }) => stateful);
const mode = (modes: readonly MppeOptions[]) => fc.constantFrom(...modes);

/** Frames that compress well, badly, and not at all. */
const frame = (number: number): Uint8Array => {
  const octets = frameOf(number, 26 + ((number * 29) % 300));
  if (number % 5 === 0) for (let i = 26; i < octets.length; i++) octets[i] = (i * i * 31 + number * 17) & 0xff;
  return octets;
};

/** What the wire does with each packet: how many copies arrive, and how much later each. */
const wire = fc.array(fc.array(fc.nat({ max: 6 }), { maxLength: 3 }), { minLength: 1, maxLength: 400 });

/** The order in which packets, by number, come out of the wire. */
function arrivals(fates: readonly (readonly number[])[]): readonly number[] {
  const copies = fates.flatMap((delays, number) => delays.map((delay) => ({ number, at: number + delay })));
  return copies.sort((a, b) => a.at - b.at).map(({ number }) => number);
}

test('RFC 3078 §8.1: without state, what is opened is what came in order, and nothing else', () => {
  fc.assert(
    fc.property(mode(STATELESS), wire, (options, fates) => {
      const { sender, receiver } = endsOf(options);
      const sealed = fates.map((_, number) => seal(sender, frame(number)));
      let last = -1;
      for (const number of arrivals(fates)) {
        const opened = open(receiver, sealed[number]!);
        if (number > last) assert.deepEqual(opened, frame(number), nameOf(options));
        else assert.equal(opened, MppeRefusal.OldCount, nameOf(options));
        last = Math.max(last, number);
      }
      assert.equal(receiver.packets + receiver.missed, last + 1);
      assert.equal(receiver.nextCoherency, last + 1);
    }),
  );
});

test('RFC 3078 §8.2: with state, what is opened is a part of what was sent, in order, and resets bring it back', () => {
  fc.assert(
    fc.property(mode(STATEFUL), wire, fc.integer({ min: 1, max: 20 }), (options, fates, roundTrip) => {
      const { sender, receiver } = endsOf(options);
      const sealed: Uint8Array[] = [];
      let [last, resetAt] = [-1, Number.POSITIVE_INFINITY];
      const receive = (number: number): void => {
        const opened = open(receiver, sealed[number]!);
        if (typeof opened !== 'number') {
          assert.deepEqual(opened, frame(number), nameOf(options));
          assert.ok(number > last);
          last = number;
        }
      };
      const order = arrivals(fates);
      let next = 0;
      for (let number = 0; number < fates.length; number++) {
        if (receiver.needsReset && resetAt === Number.POSITIVE_INFINITY) resetAt = number + roundTrip;
        if (number >= resetAt) {
          sender.flushNext();
          resetAt = Number.POSITIVE_INFINITY;
        }
        sealed.push(seal(sender, frame(number)));
        // All that arrives before the next packet is sent; a delayed one arrives after those that overtook it.
        while (next < order.length && order[next]! <= number) receive(order[next++]!);
      }
      sender.flushNext();
      for (let number = fates.length; number < fates.length + 3; number++) {
        sealed.push(seal(sender, frame(number)));
        receive(number);
      }
      assert.equal(last, fates.length + 2, 'a reset and a quiet wire bring all back');
      assert.equal(receiver.needsReset, false);
    }),
  );
});

test('any octets at all: no throw, nothing in the clear is let through, and each is counted once', () => {
  const junk = fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 40 });
  fc.assert(
    fc.property(mode(MODES), junk, (options, junk) => {
      const { receiver } = endsOf(options);
      for (const octets of junk) {
        const opened = open(receiver, octets);
        if (options.bits !== 0 && typeof opened !== 'number' && opened.length > 8) {
          assert.equal(Buffer.from(octets).includes(opened), false, 'clear text');
        }
      }
      assert.equal(receiver.packets + receiver.dropped, junk.length);
    }),
    { numRuns: 500 },
  );
});

test('octets changed on the way: no throw, and never more than the MRU', () => {
  const change = fc.record({ packet: fc.nat(30), at: fc.nat(90), bits: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(mode(MODES), fc.array(change, { maxLength: 20 }), (options, changes) => {
      const { sender, receiver } = endsOf(options);
      for (let number = 0; number < 30; number++) {
        const sealed = seal(sender, frame(number));
        for (const { packet, at, bits } of changes) {
          if (packet === number && at < sealed.length) sealed[at]! ^= bits;
        }
        open(receiver, sealed); // the harness looks at lengths and places
        if (receiver.needsReset) sender.flushNext();
      }
    }),
    { numRuns: 500 },
  );
});

test('a flood of forged counts costs a bounded number of key changes a packet, and the peer gets through it', () => {
  for (const options of STATELESS.filter(({ bits }) => bits !== 0)) {
    const { sender, receiver } = endsOf(options);
    let work = 0;
    const flood = 3000;
    for (let i = 0; i < flood; i++) {
      // The most expensive count there is, over and over, with clear text of no protocol behind it.
      const ahead = i % 3 === 0 ? 2047 : 17 + (i % 1500);
      const count = (receiver.nextCoherency + ahead) & 0xfff;
      const forged = Uint8Array.of(0x90 | (count >> 8), count, 0x44, i, i >> 8, 0x44, 0x44, 0x44);
      const opened = open(receiver, forged);
      assert.ok(typeof opened === 'number');
      if (opened !== MppeRefusal.TooFarJump) work += ahead + 1;
      if (i % 500 === 0) {
        for (let lost = 0; lost < 10; lost++) seal(sender, frameOf(lost));
        assert.deepEqual(open(receiver, seal(sender, frameOf(i))), frameOf(i), `${nameOf(options)}, after ${i}`);
      }
    }
    assert.ok(work <= 300 + 17 * (flood + 100), `${work} key changes for ${flood} packets`);
    assert.equal(receiver.nextCoherency, sender.nextCoherency);
  }
});

test('RFC 3078 §8.1: after the loss of hundreds in a row the packets behind them come through', () => {
  for (const options of STATELESS) {
    for (const lost of [100, 500, 1500, 1900]) {
      const { sender, receiver } = endsOf(options);
      for (let i = 0; i < lost; i++) seal(sender, frameOf(i));
      let refused = 0;
      while (refused < 200 && typeof open(receiver, seal(sender, frameOf(refused))) === 'number') refused++;
      assert.ok(refused < 130, `${nameOf(options)}: ${refused} refused after ${lost} lost`);
      assert.deepEqual(open(receiver, seal(sender, frameOf(1))), frameOf(1));
    }
  }
});

test('RFC 3078 §3.1: after 100,000 packets and 24 turns of the count both ends agree', () => {
  for (const options of MODES) {
    const packets = options.bits === 128 && !options.mppc ? 100_000 : 10_000;
    const { sender, receiver } = endsOf(options);
    let opened = 0;
    for (let number = 0; number < packets; number++) {
      const frame = open(receiver, seal(sender, frameOf(number, 30)));
      if (typeof frame !== 'number' && numberOf(frame) === number) opened++;
    }
    assert.equal(opened, packets, nameOf(options));
    assert.equal(sender.nextCoherency, packets % 4096);
    assert.equal(receiver.nextCoherency, sender.nextCoherency);
    assert.equal(receiver.keyChanges, sender.keyChanges);
    if (options.bits !== 0) assert.equal(sender.keyChanges, options.stateful ? Math.floor(packets / 256) : packets);
  }
});
