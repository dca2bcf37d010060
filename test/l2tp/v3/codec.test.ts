// L2TPv3 on the wire: digests against vectors that tshark has verified, hiding, data headers, the message table, garbage.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { hideValue } from '../../../src/l2tp/hidden-avp.ts';
import { DIGEST_MD5, PseudowireType } from '../../../src/l2tp/v3/avp.ts';
import { hidingKey, isAuthentic, NO_NONCES, type Nonces, sealMessage } from '../../../src/l2tp/v3/digest.ts';
import type { DigestSettings } from '../../../src/l2tp/v3/events.ts';
import {
  decodeControlHeader,
  encodeDataMessage,
  framed,
  kindOf,
  sequenceOf,
  sessionIdOf,
  sublayerWord,
  writeControlHeader,
} from '../../../src/l2tp/v3/header.ts';
import { type AttributesOf, decodeMessage, encodeMessage, MESSAGES } from '../../../src/l2tp/v3/message.ts';
import { DecodeError } from '../../../src/wire/errors.ts';
import { fromHex } from '../vectors.ts';
import fixture from './vectors.json' with { type: 'json' };

const UDP = { localAddress: '192.0.2.1', localPort: 1701, peerAddress: '192.0.2.2', peerPort: 1701 } as const;
const IP = { ...UDP, transport: 'ip', localPort: 0, peerPort: 0 } as const;

type Fields = Readonly<Record<string, string>>;
const VECTORS = fixture.vectors as readonly { id: string; inputs: Fields; expected: Fields }[];
const field = (id: string, name: string): Uint8Array => {
  const { inputs, expected } = VECTORS.find((each) => each.id === id)!;
  return fromHex((expected[name] ?? inputs[name])!);
};

/** Whose message it is says whose nonce comes first; an SCCRQ knows none yet. */
function noncesOf(id: string): Nonces {
  const [lac, lns] = [field(id, 'nonceOfSccrqSender'), field(id, 'nonceOfSccrpSender')];
  if (id.startsWith('sccrq')) return NO_NONCES;
  const fromLns = /^(sccrp|icrp)/.test(id);
  return fromLns ? { sender: lns, receiver: lac } : { sender: lac, receiver: lns };
}

describe('RFC 3931 §5.4.1: the digest of a message', () => {
  for (const { id } of VECTORS.filter(({ expected }) => 'controlMessage' in expected)) {
    const message = field(id, 'controlMessage');
    const settings: DigestSettings = { hash: id.endsWith('md5') ? 'md5' : 'sha1', secret: field(id, 'secret') };
    const swapped = ({ sender, receiver }: Nonces): Nonces => ({ sender: receiver, receiver: sender });
    const nonces = isAuthentic(message, [settings], noncesOf(id)) ? noncesOf(id) : swapped(noncesOf(id));

    test(`${id} is authentic with the secret, and with no other`, () => {
      assert.ok(isAuthentic(message, [settings], nonces));
      assert.ok(isAuthentic(message, [{ hash: settings.hash, secret: Uint8Array.of(1) }, settings], nonces));
      assert.ok(!isAuthentic(message, [{ hash: settings.hash, secret: Uint8Array.of(1) }], nonces));
      assert.ok(!isAuthentic(message, [], nonces));
    });

    test(`${id}: sealing the message again gives the same octets`, () => {
      const sealed = message.slice();
      sealed.fill(0xff, 27, 27 + 16);
      sealMessage(sealed, settings, nonces);
      assert.deepEqual(sealed, message);
    });

    test(`${id}: no octet can be changed`, () => {
      for (let at = 0; at < message.length; at++) {
        const changed = message.slice();
        changed[at]! ^= 1;
        assert.ok(!isAuthentic(changed, [settings], nonces), `octet ${at}`);
      }
    });
  }

  test('more than two digests are none: each would cost a sum', () => {
    const avp = (count: number) => Array.from({ length: count }, () => `80170000003b00${'00'.repeat(16)}`).join('');
    const message = fromHex(`c8030000000000000000000080080000000000${'06'}${avp(3)}`);
    assert.ok(!isAuthentic(message, [{ hash: 'md5', secret: undefined }], NO_NONCES));
  });
});

test('RFC 3931 §5.3: what hides AVPs is derived from the secret', () => {
  assert.deepEqual(hidingKey(field('shared-keys', 'secret')), field('shared-keys', 'hidingKey'));
  const id = 'hide-remote-end-id';
  const hidden = hideValue(66, field(id, 'value'), hidingKey(field(id, 'secret')), field(id, 'randomVector'));
  assert.deepEqual(hidden, field(id, 'hiddenAvpValue'));
});

describe('RFC 3931 §4.1: data messages', () => {
  const number = (id: string, name: string) =>
    Number.parseInt(VECTORS.find((each) => each.id === id)!.inputs[name]!, 16);

  test('over IP and over UDP', () => {
    const id = 'data-ip-cookie8-l2ss';
    const [expected, over] = [field(id, 'ipPayload'), field(id, 'udpPayload')];
    const session = number(id, 'sessionId');
    const cookie = field(id, 'cookie');
    const word = sublayerWord(number(id, 'sequence'));
    const payload = expected.subarray(4 + cookie.length + 4);
    assert.deepEqual(encodeDataMessage(IP, session, cookie, word, payload), expected);
    assert.deepEqual(encodeDataMessage(UDP, session, cookie, word, payload), over);
    assert.equal(sessionIdOf(IP, expected), session);
    assert.equal(sessionIdOf(UDP, over), session);
    assert.equal(sequenceOf(word), number(id, 'sequence'));
  });

  test('§4.6: without the S bit there is no number', () => {
    assert.equal(sublayerWord(undefined), 0);
    assert.equal(sequenceOf(0x00ffffff), undefined);
    assert.equal(sequenceOf(sublayerWord(0xffffff)), 0xffffff);
  });
});

describe('RFC 3931 §3.2.1 and §4.7.1: what a message is', () => {
  const hello = (): Uint8Array => {
    const message = encodeMessage('HELLO', {});
    writeControlHeader(message, 7, 3, 4);
    return message;
  };

  test('a control message over UDP and over IP', () => {
    for (const path of [UDP, IP]) {
      const octets = framed(path, hello());
      assert.equal(kindOf(path, octets), 'control');
      const { start, end, connectionId, ns, nr } = decodeControlHeader(path, octets);
      assert.deepEqual([end - start, connectionId, ns, nr], [20, 7, 3, 4]);
    }
  });

  test('L2TPv2 is not v3, data is not control', () => {
    assert.equal(kindOf(UDP, fromHex('c802000c0001000000000000')), 'not-v3');
    assert.equal(kindOf(UDP, fromHex('0003000000000001')), 'data');
    assert.equal(kindOf(IP, fromHex('0000000145')), 'data');
  });

  test('a Length beyond the datagram, and one shorter than the header, are refused', () => {
    for (const length of [21, 11]) {
      const octets = hello();
      octets[3] = length;
      assert.throws(() => decodeControlHeader(UDP, octets), DecodeError);
    }
  });
});

describe('RFC 3931 §6: messages', () => {
  const ICRQ: AttributesOf<'ICRQ'> = {
    LocalSessionId: 1001,
    RemoteSessionId: 0,
    SerialNumber: 1,
    PseudowireType: PseudowireType.Ppp,
    RemoteEndId: new TextEncoder().encode('15'),
    CircuitStatus: { active: true, isNew: true },
    AssignedCookie: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    TieBreaker: 0x0102030405060708n,
    DataSequencing: 2,
    L2SpecificSublayer: 1,
  };

  test('what is encoded is decoded', () => {
    const message = decodeMessage(encodeMessage('ICRQ', ICRQ, { digestType: DIGEST_MD5 }), undefined);
    assert.equal(message.name, 'ICRQ');
    assert.equal(message.fault, undefined);
    const { MessageType: _type, MessageDigest: _digest, ...attributes } = message.attributes;
    assert.deepEqual(attributes, ICRQ);
  });

  test('the vectors decode without a flaw, and are of the type they are named for', () => {
    for (const { id } of VECTORS.filter(({ expected }) => 'controlMessage' in expected)) {
      const { name, fault, flaws } = decodeMessage(field(id, 'controlMessage'), undefined);
      assert.deepEqual([name, fault, flaws], [id.split('-')[0]!.toUpperCase(), undefined, []], id);
    }
  });

  test('§5.3: hidden attributes open with the key and with no other', () => {
    const key = hidingKey(Uint8Array.of(1, 2, 3));
    const octets = encodeMessage('ICRQ', ICRQ, { hiding: { key, randomVector: new Uint8Array(16).fill(9) } });
    assert.deepEqual(decodeMessage(octets, key).attributes.RemoteEndId, ICRQ.RemoteEndId);
    assert.equal(decodeMessage(octets, hidingKey(Uint8Array.of(4))).fault?.cause, 'hidden-unreadable');
    assert.equal(decodeMessage(octets, undefined).fault?.cause, 'hidden-unreadable');
  });

  test("early Cisco routers' numbers mean the same, alone or beside the RFC's", () => {
    const both = decodeMessage(encodeMessage('ICRQ', ICRQ, { cisco: true }), undefined);
    assert.deepEqual([both.cisco, both.fault, both.flaws], [true, undefined, []]);
    // SCCRQ with vendor 9 numbers only: Assigned Connection ID and capabilities.
    const octets = fromHex(
      `c80300000000000000000000${'8008000000000001'}${'800b000000076c63636541'}${'800a0000003c0a000001'}${'800a0009000111111111'}${'800a000900020004000 5'.replace(' ', '')}`,
    );
    const alone = decodeMessage(octets, undefined);
    assert.equal(alone.attributes.AssignedControlConnectionId, 0x11111111);
    assert.deepEqual(alone.attributes.PseudowireCapabilitiesList, [4, 5]);
    assert.deepEqual([alone.cisco, alone.fault], [true, undefined]);
  });

  test('§4.7.1: attributes of L2TPv2 in a message for both versions are passed over, M bit or not', () => {
    const octets = encodeMessage('HELLO', {});
    const version2 = fromHex('80080000000201008009000000090007'.slice(0, 16));
    const joined = Uint8Array.of(...octets, ...version2);
    assert.equal(decodeMessage(joined, undefined).fault, undefined);
  });

  test('§4.2: an unknown attribute ends the matter only if it is mandatory', () => {
    const unknown = (bits: string) => Uint8Array.of(...encodeMessage('HELLO', {}), ...fromHex(`${bits}06000003e7`));
    assert.equal(decodeMessage(unknown('80'), undefined).fault?.errorCode, 8);
    const { fault, flaws } = decodeMessage(unknown('00'), undefined);
    assert.deepEqual([fault, flaws.length], [undefined, 1]);
  });

  test('each required attribute is required', () => {
    for (const attribute of MESSAGES.ICRQ.required) {
      const { [attribute]: _left, ...rest } = ICRQ;
      const { fault } = decodeMessage(encodeMessage('ICRQ', rest as typeof ICRQ), undefined);
      assert.equal(fault?.text, `${attribute} is missing`);
    }
  });

  test('any octets decode or become a fault; no header throws anything but DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (octets, overIp) => {
        const path = overIp ? IP : UDP;
        decodeMessage(octets, Uint8Array.of(1));
        isAuthentic(octets, [{ hash: 'md5', secret: undefined }], NO_NONCES);
        try {
          if (kindOf(path, octets) === 'control') decodeControlHeader(path, octets);
          else sessionIdOf(path, octets);
        } catch (error) {
          assert.ok(error instanceof DecodeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
