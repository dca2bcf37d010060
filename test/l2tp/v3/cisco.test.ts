// Early Cisco routers, which speak a draft of RFC 3931: its attributes with numbers of the vendor's own, and none of the RFC's. One of
// two endpoints is made such a router by what is done to its messages on the wire, both ways.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Avp, decodeAvp, encodeAvp } from '../../../src/l2tp/avp.ts';
import { ATTRIBUTES, type AttributeName, CISCO, CISCO_ATTRIBUTES } from '../../../src/l2tp/v3/avp.ts';
import type { ConnectionSettings } from '../../../src/l2tp/v3/events.ts';
import { decodeControlHeader, framed, kindOf, writeControlHeader } from '../../../src/l2tp/v3/header.ts';
import { decodeMessage, nameOfMessage } from '../../../src/l2tp/v3/message.ts';
import { ByteReader, ByteWriter } from '../../../src/wire/bytes.ts';
import { Pair } from './pair.ts';

const HEADER = 12;
type Form = (avp: Avp) => Avp | undefined;

/** By the RFC's number. */
const CISCO_NUMBERS = new Map(
  Object.entries(CISCO_ATTRIBUTES).map(([name, number]) => [ATTRIBUTES[name as AttributeName].type as number, number]),
);

/** As the draft has it: the vendor's number in the place of the RFC's, and mandatory. */
const toCisco: Form = (avp) => {
  const type = avp.vendorId === 0 ? CISCO_NUMBERS.get(avp.type) : undefined;
  return type === undefined ? avp : { ...avp, vendorId: CISCO, type, mandatory: true };
};

/** What a router of the draft makes of a message: it does not know the numbers that the RFC gave in the place of its own. */
const readByCisco: Form = (avp) => (avp.vendorId === 0 && CISCO_NUMBERS.has(avp.type) ? undefined : avp);

function avpsOf(message: Uint8Array): Avp[] {
  const reader = new ByteReader(message, HEADER);
  const avps: Avp[] = [];
  while (reader.remaining > 0) avps.push(decodeAvp(reader));
  return avps;
}

/** The same message, of other attributes. */
function rewritten(octets: Uint8Array, pair: Pair, form: Form, more: readonly Avp[] = []): Uint8Array {
  const path = pair.path('a');
  if (kindOf(path, octets) !== 'control') return octets;
  const { start, connectionId, ns, nr } = decodeControlHeader(path, octets);
  const message = octets.subarray(start);
  if (message.length === HEADER) return octets;
  const w = new ByteWriter(512);
  w.zeros(HEADER);
  for (const avp of avpsOf(message)) {
    const kept = form(avp);
    if (kept !== undefined) encodeAvp(w, kept);
  }
  for (const avp of more) encodeAvp(w, avp);
  const made = w.finish();
  writeControlHeader(made, connectionId, ns, nr);
  return framed(path, made);
}

/** Attributes with numbers of the vendor's that nobody has published. */
const UNPUBLISHED: readonly Avp[] = [110, 111].map((type) => {
  return { mandatory: true, hidden: false, reserved: false, vendorId: CISCO, type, value: Uint8Array.of(0, 1) };
});

function withCisco(transport: 'udp' | 'ip', dialect: ConnectionSettings['dialect'], dials: 'a' | 'b'): Pair {
  const pair = new Pair({ seed: 5, transport, b: { dialect }, asksB: dials === 'b' });
  pair.tamper = (from, octets) => {
    return from === 'a' ? rewritten(octets, pair, toCisco, UNPUBLISHED) : rewritten(octets, pair, readByCisco);
  };
  pair.dial(dials);
  pair.run(20_000);
  return pair;
}

function saidBy(pair: Pair, side: 'a' | 'b') {
  const path = pair.path('a');
  const controls = pair.wire.filter(({ from, octets }) => from === side && kindOf(path, octets) === 'control');
  return controls
    .map(({ octets }) => octets.subarray(decodeControlHeader(path, octets).start))
    .filter((message) => message.length > HEADER);
}

describe('`protocol l2tpv3`: a router of the draft calls', () => {
  for (const transport of ['udp', 'ip'] as const) {
    test(`over ${transport}: it is understood and answered in both dialects, and frames pass`, () => {
      const pair = withCisco(transport, 'both', 'a');
      assert.deepEqual([pair.a.sessions.size, pair.b.sessions.size], [1, 1]);
      for (const message of saidBy(pair, 'b')) {
        const numbers = avpsOf(message).map(({ vendorId, type }) => `${vendorId}/${type}`);
        for (const [rfc, cisco] of CISCO_NUMBERS) {
          assert.equal(numbers.includes(`9/${cisco}`), numbers.includes(`0/${rfc}`), nameOfMessage(message));
        }
      }
      const [sccrp] = saidBy(pair, 'b');
      const version = avpsOf(sccrp!).find(({ vendorId, type }) => vendorId === CISCO && type === 10);
      assert.deepEqual([version?.mandatory, version?.value], [false, Uint8Array.of(0, 1)]);
      const [session] = pair.b.sessions.keys();
      pair.input('b', { on: 'frame', session: session!, frame: Uint8Array.of(0xff, 3, 0xc0, 0x21) });
      pair.run(pair.now + 1000);
      assert.equal(pair.a.frames.length, 1);
      // Later messages of the session are in both as well.
      pair.input('b', { on: 'circuit', session: session!, active: false });
      pair.run(pair.now + 1000);
      assert.ok(pair.a.effects.some((effect) => effect.do === 'circuit' && !effect.active));
      pair.input('a', { on: 'close-session', session: [...pair.a.sessions.keys()][0]!, resultCode: 3, message: '' });
      pair.run(pair.now + 1000);
      assert.equal(pair.b.sessions.size, 0);
    });
  }

  test('to a peer of the RFC nothing of the vendor is said', () => {
    const pair = new Pair({ seed: 5 });
    pair.dial('a');
    pair.run(5000);
    assert.equal(pair.b.sessions.size, 1);
    for (const side of ['a', 'b'] as const) {
      for (const message of saidBy(pair, side)) {
        assert.ok(avpsOf(message).every(({ vendorId }) => vendorId === 0));
      }
    }
  });

  test('called by us it does not understand, for the vendor is spoken in answer only', () => {
    const pair = withCisco('udp', 'both', 'b');
    assert.deepEqual([pair.a.sessions.size, pair.b.sessions.size], [0, 0]);
  });
});

describe('`protocol l2tpv3ietf`', () => {
  test('a router of the draft is refused, for what it leaves out of the RFC', () => {
    const pair = withCisco('udp', 'ietf', 'a');
    assert.deepEqual([pair.a.sessions.size, pair.b.sessions.size], [0, 0]);
    const refusal = saidBy(pair, 'b').find((message) => nameOfMessage(message) === 'StopCCN');
    assert.ok(refusal !== undefined);
    const { attributes, cisco } = decodeMessage(refusal, undefined);
    assert.deepEqual([attributes.ResultCode?.resultCode, cisco], [2, false]);
  });

  test('a peer that says everything twice is heard in the RFC’s numbers and answered in those alone', () => {
    const pair = new Pair({ seed: 5, b: { dialect: 'ietf' }, asksB: false });
    pair.tamper = (from, octets) => {
      if (from === 'b') return octets;
      const vendors: Avp[] = [];
      rewritten(octets, pair, (avp) => {
        const cisco = toCisco(avp)!;
        // A value of its own: who looked at it would be led astray.
        if (cisco !== avp) vendors.push({ ...cisco, mandatory: false, value: avp.value.map((octet) => octet ^ 1) });
        return avp;
      });
      return rewritten(octets, pair, (avp) => avp, vendors);
    };
    pair.dial('a');
    pair.run(5000);
    assert.deepEqual([pair.a.sessions.size, pair.b.sessions.size], [1, 1]);
    for (const message of saidBy(pair, 'b')) assert.ok(avpsOf(message).every(({ vendorId }) => vendorId === 0));
  });
});
