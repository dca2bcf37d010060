// RFC 2661 §3.1: the header of control and data messages.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeControlHeader,
  decodeDataMessage,
  encodeDataMessage,
  headerFlags,
  payloadEnd,
  payloadStart,
  tunnelIdOffset,
  wordAt,
  writeControlHeader,
} from '../../src/l2tp/header.ts';
import { DecodeError } from '../../src/wire/errors.ts';
import { fromHex, vector, vectorIds } from './vectors.ts';

const u16 = fc.nat(0xffff);

describe('RFC 2661 §3.1 data messages', () => {
  for (const id of vectorIds('data-')) {
    test(`vector ${id}`, () => {
      const { header, payload } = decodeDataMessage(vector(id, 'udpPayload'));
      assert.equal(header.tunnelId, 0x4321);
      assert.equal(header.sessionId, 0x0077);
      assert.equal(header.ns, id.includes('sequenced') ? 7 : undefined);
      assert.deepEqual(payload, vector(id, 'ppp'));
    });
  }

  test('vector data-plain is what we send', () => {
    const header = { tunnelId: 0x4321, sessionId: 0x0077, priority: false, ns: undefined };
    assert.deepEqual(encodeDataMessage(header, vector('data-plain', 'ppp')), vector('data-plain', 'udpPayload'));
  });

  for (const form of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const [length, sequenced, offset] = [(form & 1) !== 0, (form & 2) !== 0, (form & 4) !== 0];
    test(`L, S and O each count for themselves: L ${length}, S ${sequenced}, O ${offset}`, () => {
      const payload = fromHex('ff03c021');
      const header = { tunnelId: 1, sessionId: 2, priority: form === 5, ns: sequenced ? 65535 : undefined };
      const octets = encodeDataMessage(header, payload, offset ? { length, offset: form } : { length });
      assert.deepEqual(decodeDataMessage(octets), { header, payload });
    });
  }

  test('decode(encode(x)) is x, in all forms', () => {
    const header = fc.record({
      tunnelId: u16,
      sessionId: u16,
      priority: fc.boolean(),
      ns: fc.option(u16, { nil: undefined }),
    });
    const form = fc.record({ length: fc.boolean(), offset: fc.nat(40) }, { requiredKeys: [] });
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 60 }), form, (given, payload, how) => {
        const decoded = decodeDataMessage(encodeDataMessage(given, payload, how));
        assert.deepEqual(decoded.header, { ...given });
        assert.deepEqual([...decoded.payload], [...payload]);
      }),
    );
  });

  test('the Length field rules over the datagram, and may not promise more than it', () => {
    const octets = vector('data-length', 'udpPayload');
    const padded = new Uint8Array(octets.length + 9);
    padded.set(octets);
    assert.deepEqual(decodeDataMessage(padded).payload, vector('data-length', 'ppp'));
    assert.throws(() => decodeDataMessage(octets.subarray(0, -1)), DecodeError);
  });

  test('reserved bits are ignored', () => {
    const octets = vector('data-plain', 'udpPayload').slice();
    octets[0]! |= 0x34;
    octets[1]! |= 0xf0;
    assert.deepEqual(decodeDataMessage(octets).payload, vector('data-plain', 'ppp'));
  });

  test('an Offset Size beyond the end is no message', () => {
    const octets = vector('data-offset0', 'udpPayload').slice();
    octets[8] = 0xff;
    assert.throws(() => decodeDataMessage(octets), DecodeError);
  });

  test('any octets decode or throw DecodeError, and the views agree with the decoder without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
        const flags = headerFlags(octets, 0, octets.length);
        const start = flags < 0 ? -1 : payloadStart(octets, 0, octets.length, flags);
        const end = flags < 0 ? -1 : payloadEnd(octets, 0, octets.length, flags);
        const control = flags >= 0 && (flags & 0x8000) !== 0;
        const valid = start >= 0 && end >= start && !control;
        try {
          const { header, payload } = decodeDataMessage(octets);
          assert.ok(valid);
          assert.equal(header.tunnelId, wordAt(octets, tunnelIdOffset(flags)));
          assert.equal(payload.length, end - start);
        } catch (error) {
          assert.ok(error instanceof DecodeError);
          assert.ok(!valid);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('the views work in the middle of a buffer', () => {
    const message = vector('data-sequenced-offset4', 'udpPayload');
    const buffer = new Uint8Array(message.length + 20).fill(0xee);
    buffer.set(message, 7);
    const flags = headerFlags(buffer, 7, 7 + message.length);
    const start = payloadStart(buffer, 7, 7 + message.length, flags);
    const end = payloadEnd(buffer, 7, 7 + message.length, flags);
    assert.deepEqual(buffer.slice(start, end), vector('data-sequenced-offset4', 'ppp'));
  });
});

describe('RFC 2661 §3.1 control messages', () => {
  test('vector msg-zlb', () => {
    const octets = vector('msg-zlb', 'udpPayload');
    const header = decodeControlHeader(octets);
    assert.deepEqual(header, { tunnelId: 0x1234, sessionId: 0, ns: 1, nr: 2, length: 12 });
    const written = new Uint8Array(12);
    writeControlHeader(written, header.tunnelId, header.sessionId, header.ns, header.nr);
    assert.deepEqual(written, octets);
  });

  const refusals: readonly [string, string, string][] = [
    ['header of 11 octets', 'c8020000000000000000ff', 'truncated'],
    ['Length beyond the datagram', 'c802000d0000000000000000', 'length'],
    ['Length below the header', 'c802000b0000000000000000', 'length'],
    ['S clear', 'c002000c0000000000000000', 'control-bits'],
    ['L clear', '8802000c0000000000000000', 'control-bits'],
    ['Ver 3', 'c803000c0000000000000000', 'version'],
  ];
  for (const [what, hex, code] of refusals) {
    test(`${what}: ${code}`, () => {
      assert.throws(() => decodeControlHeader(fromHex(hex)), { name: 'DecodeError', code });
    });
  }

  test('x bits, O and P are ignored', () => {
    assert.equal(decodeControlHeader(fromHex('ffff000c0001000000000000'.replace('ffff', 'fff2'))).tunnelId, 1);
  });

  test('a datagram longer than its Length is taken up to it', () => {
    assert.equal(decodeControlHeader(fromHex('c802000c0001000000000000aabb')).length, 12);
  });
});
