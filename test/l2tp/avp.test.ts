// RFC 2661 §4.1 and §4.4: AVPs and their table.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  ATTRIBUTES,
  type AttributeName,
  attributeOf,
  decodeAvp,
  encodeAvp,
  formatAvp,
  nameOfAvp,
} from '../../src/l2tp/avp.ts';
import { ByteReader, ByteWriter } from '../../src/wire/bytes.ts';
import { DecodeError } from '../../src/wire/errors.ts';
import type { ValueCodec } from '../../src/wire/values.ts';
import { rawAvp } from './peer.ts';
import { fromHex, vector, vectorIds } from './vectors.ts';

/** §4.4.1 to §4.4.6 once more, from the prose: number, name, M bit, may be hidden, length of the value where it is fixed. */
const PROSE = `
 0 MessageType M - 2
 1 ResultCode M - *
 2 ProtocolVersion M - 2
 3 FramingCapabilities M H 4
 4 BearerCapabilities M H 4
 5 TieBreaker - - 8
 6 FirmwareRevision - H 2
 7 HostName M - *
 8 VendorName - H *
 9 AssignedTunnelId M H 2
10 ReceiveWindowSize M - 2
11 Challenge M H *
12 Q931CauseCode M - *
13 ChallengeResponse M H *
14 AssignedSessionId M H 2
15 CallSerialNumber M H 4
16 MinimumBps M H 4
17 MaximumBps M H 4
18 BearerType M H 4
19 FramingType M H 4
21 CalledNumber M H *
22 CallingNumber M H *
23 SubAddress M H *
24 TxConnectSpeed M H 4
25 PhysicalChannelId - H 4
26 InitialReceivedLcpConfreq - H *
27 LastSentLcpConfreq - H *
28 LastReceivedLcpConfreq - H *
29 ProxyAuthenType - H 2
30 ProxyAuthenName - H *
31 ProxyAuthenChallenge - H *
32 ProxyAuthenId - H 2
33 ProxyAuthenResponse - H *
34 CallErrors M H 26
35 Accm M H 10
36 RandomVector M - *
37 PrivateGroupId - H *
38 RxConnectSpeed - H 4
39 SequencingRequired M - 0
46 PppDisconnectCause - H *`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/) as [string, AttributeName, string, string, string]);

describe('RFC 2661 §4.4: the table', () => {
  test('has every attribute, and no other', () => {
    assert.deepEqual(
      Object.keys(ATTRIBUTES),
      PROSE.map(([, name]) => name),
    );
  });

  for (const [number, name, mandatory, hidden, length] of PROSE) {
    const row = ATTRIBUTES[name];
    const codec = row.value as ValueCodec<unknown>;

    test(`${name}: number, M bit, hiding`, () => {
      assert.deepEqual([row.type, row.mandatory, row.mayBeHidden], [Number(number), mandatory === 'M', hidden === 'H']);
    });

    test(`${name}: a value of any length decodes or is refused, and what decodes encodes to the same`, () => {
      for (let size = 0; size <= 40; size++) {
        const value = Uint8Array.from({ length: size }, () => 0x41);
        if (name === 'ProxyAuthenId') value[0] = 0; // the upper octet is not read
        if (['CallErrors', 'Accm'].includes(name)) value.fill(0, 0, 2); // reserved
        let decoded: unknown;
        try {
          decoded = codec.decode(value);
        } catch (error) {
          assert.ok(error instanceof DecodeError);
          assert.notEqual(length, String(size));
          continue;
        }
        assert.ok(length === '*' || length === String(size), `${size} octets taken`);
        assert.deepEqual([...codec.encode(decoded)], [...value]);
        assert.equal(typeof codec.format(decoded), 'string');
      }
    });
  }

  test('§4.4.2: a Result Code may come without error code, with one, and with a message', () => {
    const { value } = ATTRIBUTES.ResultCode;
    assert.deepEqual(value.decode(fromHex('0006')), { resultCode: 6, errorCode: undefined, message: '' });
    assert.deepEqual(value.decode(fromHex('00020004')), { resultCode: 2, errorCode: 4, message: '' });
    assert.deepEqual(value.decode(fromHex('000200046e6f')), { resultCode: 2, errorCode: 4, message: 'no' });
    assert.throws(() => value.decode(fromHex('000200')), DecodeError);
  });

  test('ids and windows may not be 0', () => {
    for (const name of ['AssignedTunnelId', 'AssignedSessionId', 'ReceiveWindowSize'] as const) {
      assert.throws(() => ATTRIBUTES[name].value.decode(fromHex('0000')), { code: 'out-of-range' });
    }
  });
});

describe('RFC 2661 §4.1: one AVP', () => {
  test('decode(encode(x)) is x', () => {
    const avp = fc.record({
      mandatory: fc.boolean(),
      hidden: fc.boolean(),
      reserved: fc.constant(false),
      vendorId: fc.nat(0xffff),
      type: fc.nat(0xffff),
      value: fc.uint8Array({ maxLength: 1017 }),
    });
    fc.assert(
      fc.property(avp, (given) => {
        const w = new ByteWriter();
        encodeAvp(w, given);
        const decoded = decodeAvp(new ByteReader(w.finish()));
        assert.deepEqual({ ...decoded, value: [...decoded.value] }, { ...given, value: [...given.value] });
      }),
    );
  });

  test('encode(decode(b)) is b, for all AVPs of the vectors', () => {
    for (const id of vectorIds('msg-')) {
      const octets = vector(id, 'udpPayload');
      const reader = new ByteReader(octets, 12);
      const w = new ByteWriter();
      while (reader.remaining > 0) encodeAvp(w, decodeAvp(reader));
      assert.deepEqual(w.finish(), octets.slice(12), id);
    }
  });

  test('any octets decode or throw DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        try {
          const reader = new ByteReader(octets);
          const avp = decodeAvp(reader);
          assert.ok(reader.offset >= 6);
          assert.equal(typeof formatAvp(avp), 'string');
        } catch (error) {
          assert.ok(error instanceof DecodeError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  for (const length of [0, 1, 2, 3, 4, 5]) {
    test(`a length of ${length} is less than the AVP's own header`, () => {
      const octets = Uint8Array.of(0x80, length, 0, 0, 0, 0);
      assert.throws(() => decodeAvp(new ByteReader(octets)), { code: 'avp-length' });
    });
  }

  test('the length may not reach over the end', () => {
    assert.throws(() => decodeAvp(new ByteReader(fromHex('83ff000000000001'))), { code: 'truncated' });
  });

  test('an AVP longer than its ten bits of length is our own mistake', () => {
    const avp = { mandatory: true, hidden: false, vendorId: 0, type: 7, value: new Uint8Array(1018) };
    assert.throws(() => encodeAvp(new ByteWriter(), avp), { name: 'LocalError' });
  });

  test('vendor before type: the DSL Forum’s attribute 2 is no Protocol Version', () => {
    const avp = decodeAvp(new ByteReader(rawAvp(0, 3561, 2, fromHex('0100'))));
    assert.equal(attributeOf(avp), undefined);
    assert.equal(nameOfAvp(avp), 'vendor 3561 attribute 2');
  });

  for (const bit of [0x20, 0x10, 0x08, 0x04]) {
    test(`reserved bit ${bit.toString(16)} makes a known AVP unrecognized`, () => {
      const avp = decodeAvp(new ByteReader(rawAvp(bit, 0, 7, fromHex('61'))));
      assert.equal(attributeOf(avp), undefined);
    });
  }
});

describe('debug output', () => {
  test('names and values are printed', () => {
    assert.equal(formatAvp(decodeAvp(new ByteReader(rawAvp(0x80, 0, 9, fromHex('1234'))))), 'AssignedTunnelId 4660');
    assert.equal(formatAvp(decodeAvp(new ByteReader(rawAvp(0, 9, 1, fromHex('ab'))))), 'vendor 9 attribute 1 ab');
  });

  test('what is as good as a password is not', () => {
    const response = formatAvp(decodeAvp(new ByteReader(rawAvp(0, 0, 33, new TextEncoder().encode('geheim')))));
    assert.ok(!response.includes('geheim') && !response.includes('67656865696d'));
  });

  test('control characters of a name do not reach a terminal', () => {
    const name = new TextEncoder().encode('a\u001b[2J\nb\u0000');
    const line = formatAvp(decodeAvp(new ByteReader(rawAvp(0x80, 0, 7, name))));
    assert.ok([...line].every((character) => character >= ' '));
  });
});
