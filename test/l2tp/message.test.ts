// RFC 2661 §6 and §4.1, §4.2, §7.1: control messages, and what flaws in their AVPs mean.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ATTRIBUTES, type AttributeName, type Attributes } from '../../src/l2tp/avp.ts';
import { decodeMessage, encodeMessage, MESSAGES, type MessageName, nameOfMessage } from '../../src/l2tp/message.ts';
import { concatOctets } from '../../src/wire/bytes.ts';
import { Peer, rawAvp } from './peer.ts';
import { fromHex, vector, vectorIds } from './vectors.ts';
import { SECRET } from './wire.ts';

/** §6.1 to §6.14 once more: the type, what MUST be present, what MAY. In the order the RFC lists them. */
const PROSE: Readonly<Record<MessageName, string>> = {
  SCCRQ: '1: 2 7 3 9; 4 10 11 5 6 8',
  SCCRP: '2: 2 3 7 9; 4 6 8 10 11 13',
  SCCCN: '3: ; 13',
  StopCCN: '4: 9 1;',
  HELLO: '6: ;',
  OCRQ: '7: 14 15 16 17 18 19 21; 23',
  OCRP: '8: 14; 25',
  OCCN: '9: 24 19; 38 39',
  ICRQ: '10: 14 15; 18 25 22 21 23',
  ICRP: '11: 14;',
  ICCN: '12: 24 19; 26 27 28 29 30 31 32 33 37 38 39',
  CDN: '14: 1 14; 12 46',
  WEN: '15: 34;',
  SLI: '16: 35;',
};

const numbers = (names: readonly AttributeName[]) => names.map((name) => ATTRIBUTES[name].type).sort((a, b) => a - b);
const parse = (text: string) => (text.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);

const HIDING = { secret: SECRET, randomVector: new Uint8Array(16), padding: new Uint8Array(16).fill(7) };

describe('RFC 2661 §6: the messages', () => {
  for (const [name, prose] of Object.entries(PROSE) as [MessageName, string][]) {
    const [type, required, optional] = prose.split(/[:;]/) as [string, string, string];
    test(`${name}: type, required and optional attributes`, () => {
      const row = MESSAGES[name];
      assert.equal(row.type, Number(type));
      assert.deepEqual(numbers(row.required), parse(required));
      assert.deepEqual(numbers(row.optional), parse(optional));
    });

    test(`${name} without one of its required attributes is malformed, unless that is known to be left out`, () => {
      for (const missing of MESSAGES[name].required) {
        const message = decodeMessage(new Peer().craft(name, {}, { without: [missing] }), undefined);
        if (missing === 'TxConnectSpeed') assert.equal(message.fault, undefined);
        else assert.match(message.fault!.text, new RegExp(`${missing} is missing`));
      }
    });

    test(`${name}: decode(encode(x)) is x, hidden and not`, () => {
      const row = MESSAGES[name];
      const attributes: Record<string, unknown> = {};
      for (const attribute of [...row.required, ...row.optional]) attributes[attribute] = SAMPLES[attribute];
      for (const hiding of [undefined, HIDING]) {
        const octets = encodeMessage(name, attributes as never, hiding);
        const { fault, flaws, attributes: decoded } = decodeMessage(octets, SECRET);
        assert.deepEqual([fault, flaws], [undefined, []]);
        const { RandomVector: _, ...rest } = decoded;
        assert.deepEqual(rest, { MessageType: row.type, ...attributes });
        assert.equal(nameOfMessage(octets), name);
      }
    });
  }

  test('M and H exactly as §4.4 has them, in every message we send', () => {
    for (const name of Object.keys(MESSAGES) as MessageName[]) {
      const octets = new Peer().craft(name, SAMPLES as Attributes);
      for (let at = 12; at < octets.length; at += ((octets[at]! & 3) << 8) | octets[at + 1]!) {
        const type = (octets[at + 4]! << 8) | octets[at + 5]!;
        const row = Object.values(ATTRIBUTES).find((candidate) => candidate.type === type);
        assert.equal(octets[at]! & 0xfc, row?.mandatory === true ? 0x80 : 0, `${name} ${type}`);
      }
    }
  });

  test('§4.3: nothing is hidden in SCCRQ, SCCRP and StopCCN, whose reader may not know the secret yet', () => {
    for (const name of ['SCCRQ', 'SCCRP', 'StopCCN'] as const) {
      const hiding = HIDING;
      assert.deepEqual(new Peer().craft(name, {}, { hiding }), new Peer().craft(name));
    }
  });
});

test('§4.3: a hidden value is padded to one block, and one that fills it is not padded', () => {
  const { length } = encodeMessage('ICRP', { AssignedSessionId: 7 }, HIDING);
  assert.equal(length, 12 + 8 + (6 + 16) + (6 + 16));
  const long = encodeMessage(
    'ICRQ',
    { AssignedSessionId: 7, CallSerialNumber: 1, CalledNumber: '1'.repeat(40) },
    HIDING,
  );
  assert.equal(long.length, 12 + 8 + 22 + 22 + 22 + (6 + 2 + 40));
});

describe('the vectors', () => {
  for (const id of vectorIds('msg-').filter((name) => name !== 'msg-zlb')) {
    test(`${id} decodes without a flaw`, () => {
      const { fault, flaws } = decodeMessage(vector(id, 'udpPayload'), vector(id, 'secret'));
      assert.deepEqual([fault, flaws], [undefined, []]);
    });
  }

  test('msg-sccrq, every attribute', () => {
    assert.deepEqual(decodeMessage(vector('msg-sccrq', 'udpPayload'), undefined).attributes, {
      MessageType: 1,
      ProtocolVersion: { version: 1, revision: 0 },
      FramingCapabilities: 3,
      BearerCapabilities: 0,
      FirmwareRevision: 0x0690,
      HostName: 'lac.example',
      VendorName: 'Acme',
      AssignedTunnelId: 0x1234,
      ReceiveWindowSize: 8,
      Challenge: fromHex('00112233445566778899aabbccddeeff'),
    });
  });

  test('msg-icrq: its hidden Assigned Session ID', () => {
    const { attributes } = decodeMessage(vector('msg-icrq', 'udpPayload'), vector('msg-icrq', 'secret'));
    assert.equal(attributes.AssignedSessionId, 0x42);
  });

  test('msg-iccn: proxied LCP and authentication', () => {
    const { attributes } = decodeMessage(vector('msg-iccn', 'udpPayload'), undefined);
    assert.equal(attributes.ProxyAuthenName, 'user@isp');
    assert.equal(attributes.ProxyAuthenId, 7);
    assert.equal(attributes.ProxyAuthenResponse?.length, 16);
    assert.equal(attributes.PrivateGroupId, 'vrf-a');
  });
});

describe('RFC 2661 §4.1, §4.2, §7.1: flaws', () => {
  const decode = (...avps: Uint8Array[]) => decodeMessage(concatOctets(new Peer().craft('HELLO'), ...avps), SECRET);
  const rows: readonly [what: string, avp: (m: number) => Uint8Array, errorCode: number][] = [
    ['an unknown AVP', (m) => rawAvp(m, 0, 999), 8],
    ['an unknown AVP of a vendor', (m) => rawAvp(m, 3561, 9), 8],
    ['a known number of another vendor', (m) => rawAvp(m, 9, 9, fromHex('0001')), 8],
    ['a known AVP with a reserved bit', (m) => rawAvp(m | 0x04, 0, 9, fromHex('0001')), 8],
    ['a known AVP of wrong length', (m) => rawAvp(m, 0, 9, fromHex('000102')), 2],
    ['an id of 0', (m) => rawAvp(m, 0, 9, fromHex('0000')), 3],
    ['an AVP shorter than its header', (m) => Uint8Array.of(m, 5, 0, 0, 0), 2],
    ['an AVP that reaches over the end', (m) => Uint8Array.of(m, 9, 0, 0, 0, 9, 0), 2],
    ['two octets left over', (m) => Uint8Array.of(m, 8), 2],
    ['a hidden AVP that must not be hidden', (m) => rawAvp(m | 0x40, 0, 7, fromHex('00000000')), 3],
    ['a hidden AVP without a Random Vector', (m) => rawAvp(m | 0x40, 0, 9, fromHex('00000000')), 3],
  ];
  for (const [what, avp, errorCode] of rows) {
    test(`${what}, M set: the message is lost, error code ${errorCode}`, () => {
      assert.equal(decode(avp(0x80)).fault?.errorCode, errorCode);
    });

    test(`${what}, M clear: passed over and remembered`, () => {
      const { fault, flaws } = decode(avp(0));
      assert.equal(fault, undefined);
      assert.equal(flaws.length, 1);
    });
  }

  test('§4.2: the text of error 8 names the AVP', () => {
    assert.match(decode(rawAvp(0x80, 3561, 17)).fault!.text, /vendor 3561 attribute 17/);
  });

  test('the M bit of a known AVP is not judged', () => {
    const octets = new Peer().craft('SCCRQ').slice();
    for (let at = 12; at < octets.length; at += octets[at + 1]!) octets[at]! ^= 0x80;
    const { fault, flaws, name } = decodeMessage(octets, undefined);
    assert.deepEqual([fault, flaws, name], [undefined, [], 'SCCRQ']);
  });

  test('§7.1’s own example: an Rx Connect Speed of 2 octets is as if it were not there', () => {
    const octets = concatOctets(new Peer().craft('ICCN'), rawAvp(0, 0, 38, fromHex('0005')));
    const { fault, attributes } = decodeMessage(octets, undefined);
    assert.equal(fault, undefined);
    assert.equal(attributes.RxConnectSpeed, undefined);
  });

  test('of an AVP that comes twice the first is taken', () => {
    const { attributes, flaws } = decode(rawAvp(0x80, 0, 9, fromHex('0001')), rawAvp(0x80, 0, 9, fromHex('0002')));
    assert.equal(attributes.AssignedTunnelId, 1);
    assert.equal(flaws.length, 1);
  });

  test('§4.4.1: the Message Type must come first, in clear, with two octets', () => {
    for (const first of [
      rawAvp(0x80, 0, 9, fromHex('0001')),
      rawAvp(0x80, 0, 0, fromHex('000001')),
      rawAvp(0xc0, 0, 0, fromHex('0001')),
    ]) {
      const octets = concatOctets(new Uint8Array(12), first, rawAvp(0x80, 0, 0, fromHex('0006')));
      const { fault, name } = decodeMessage(octets, undefined);
      assert.equal(fault?.errorCode, 3);
      assert.equal(name, undefined);
    }
  });

  test('§4.4.1: a hidden AVP uses the Random Vector nearest before it', () => {
    const one = encodeMessage('ICRP', { AssignedSessionId: 66 }, HIDING);
    const other = rawAvp(0x80, 0, 36, new Uint8Array(20).fill(9));
    const between = concatOctets(one.subarray(0, 42), other, one.subarray(42));
    assert.equal(decodeMessage(one, SECRET).attributes.AssignedSessionId, 66);
    assert.notEqual(decodeMessage(between, SECRET).attributes.AssignedSessionId, 66);
    const before = concatOctets(one.subarray(0, 20), other, one.subarray(20));
    assert.equal(decodeMessage(before, SECRET).attributes.AssignedSessionId, 66);
  });

  test('what our secret does not open is a fault of its own kind', () => {
    const octets = encodeMessage('ICRP', { AssignedSessionId: 66 }, HIDING);
    for (const secret of [undefined, Uint8Array.of(1)]) {
      assert.equal(decodeMessage(octets, secret).fault?.cause, 'hidden-unreadable');
    }
  });

  test('any octets become a message or a fault, never an exception, and no AVP loop stands still', () => {
    const body = fc.uint8Array({ maxLength: 200 });
    const framed = fc
      .tuple(fc.constantFrom(...Object.values(MESSAGES).map(({ type }) => type)), body)
      .map(([type, rest]) => concatOctets(rawAvp(0x80, 0, 0, Uint8Array.of(0, type)), rest));
    fc.assert(
      fc.property(fc.oneof(body, framed), fc.boolean(), (octets, later) => {
        const message = decodeMessage(concatOctets(new Uint8Array(12), octets), SECRET, later);
        assert.ok(message.fault !== undefined || message.type >= 0);
      }),
      { numRuns: 3000 },
    );
  });

  test('a thousand empty AVPs are no more than a thousand flaws', () => {
    const many = concatOctets(...Array.from({ length: 1000 }, () => rawAvp(0, 0, 999)));
    assert.equal(decode(many).flaws.length, 1000);
  });
});

const SAMPLES: Readonly<Record<string, unknown>> = {
  ProtocolVersion: { version: 1, revision: 0 },
  HostName: 'h',
  FramingCapabilities: 3,
  AssignedTunnelId: 9,
  BearerCapabilities: 1,
  ReceiveWindowSize: 4,
  Challenge: Uint8Array.of(1, 2),
  TieBreaker: 5n,
  FirmwareRevision: 6,
  VendorName: 'v',
  ChallengeResponse: new Uint8Array(16),
  ResultCode: { resultCode: 2, errorCode: 3, message: 'm' },
  AssignedSessionId: 7,
  CallSerialNumber: 8,
  MinimumBps: 1,
  MaximumBps: 2,
  BearerType: 1,
  FramingType: 1,
  CalledNumber: '1',
  CallingNumber: '2',
  SubAddress: '3',
  TxConnectSpeed: 4,
  PhysicalChannelId: 5,
  RxConnectSpeed: 6,
  SequencingRequired: true,
  InitialReceivedLcpConfreq: Uint8Array.of(1),
  LastSentLcpConfreq: Uint8Array.of(2),
  LastReceivedLcpConfreq: Uint8Array.of(3),
  ProxyAuthenType: 2,
  ProxyAuthenName: 'n',
  ProxyAuthenChallenge: Uint8Array.of(4),
  ProxyAuthenId: 5,
  ProxyAuthenResponse: new Uint8Array(40),
  PrivateGroupId: 'g',
  Q931CauseCode: { causeCode: 16, causeMessage: 69, advisory: 'bye' },
  PppDisconnectCause: { code: 3, protocol: 0xc021, direction: 1, message: 'x' },
  CallErrors: {
    crcErrors: 1,
    framingErrors: 2,
    hardwareOverruns: 3,
    bufferOverruns: 4,
    timeoutErrors: 5,
    alignmentErrors: 6,
  },
  Accm: { send: 1, receive: 2 },
};
