// Frames, packets and options: golden octets, laws, and octets that are none of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeChapValue, encodeChapValue } from '../../src/ppp/chap.ts';
import { chapResponse } from '../../src/ppp/chap-algorithm.ts';
import { decodeFrame, encodeFrame, Protocol } from '../../src/ppp/frame.ts';
import { decodeOptions, encodeOptions } from '../../src/ppp/options.ts';
import { Code, decodePacket, encodePacket } from '../../src/ppp/packet.ts';
import { concealPassword, decodePapMessage, decodePapRequest, encodePapRequest } from '../../src/ppp/pap.ts';
import { DecodeError } from '../../src/wire/errors.ts';
import vectors from './vectors.json' with { type: 'json' };

const UNCOMPRESSED = { sendAcfc: false, sendPfc: false };
const COMPRESSED = { sendAcfc: true, sendPfc: true };

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}

function vector(id: string): Uint8Array {
  const found = vectors.vectors.find((candidate) => candidate.id === id);
  return hex(found!.expected.frame!);
}

test('RFC 1661 §2: the four forms of a frame are the same frame', () => {
  for (const form of ['ff030021 4500', 'ff0321 4500', '0021 4500', '21 4500']) {
    const frame = decodeFrame(hex(form.replaceAll(' ', '')));
    assert.deepEqual([frame.protocol, [...frame.information]], [Protocol.IP, [0x45, 0x00]], form);
  }
});

test('RFC 1661 §6.5, §6.6: a frame is sent in the form that was agreed on', () => {
  const ip = Uint8Array.of(0x45);
  assert.deepEqual(encodeFrame(Protocol.IP, ip, UNCOMPRESSED), hex('ff03002145'));
  assert.deepEqual(encodeFrame(Protocol.IP, ip, { sendAcfc: true, sendPfc: false }), hex('002145'));
  assert.deepEqual(encodeFrame(Protocol.IP, ip, { sendAcfc: false, sendPfc: true }), hex('ff032145'));
  assert.deepEqual(encodeFrame(Protocol.IP, ip, COMPRESSED), hex('2145'));
});

test('RFC 1661 §6.5, §6.6: LCP is sent uncompressed whatever was agreed on', () => {
  assert.deepEqual(encodeFrame(Protocol.LCP, Uint8Array.of(9), COMPRESSED), hex('ff03c02109'));
});

test('RFC 1661 §6.5: a protocol above 00FF has no one-octet form', () => {
  assert.deepEqual(encodeFrame(Protocol.IPCP, Uint8Array.of(1), COMPRESSED), hex('802101'));
});

test('RFC 1661 §2: decode(encode(frame)) is the frame', () => {
  const protocols = fc.integer({ min: 0, max: 0x7eff }).map((value) => (value & 0xfe00) | (value & 0xff) | 1);
  fc.assert(
    fc.property(protocols, fc.uint8Array(), fc.boolean(), fc.boolean(), (protocol, octets, sendAcfc, sendPfc) => {
      const frame = decodeFrame(encodeFrame(protocol, octets, { sendAcfc, sendPfc }));
      assert.equal(frame.protocol, protocol);
      assert.deepEqual([...frame.information], [...octets]);
    }),
  );
});

test('RFC 1661 §2: octets that are no frame are a DecodeError', () => {
  for (const octets of ['', 'ff', 'ff03', 'ff0021', 'ff0300', '00', '0020', 'c020aa']) {
    assert.throws(() => decodeFrame(hex(octets)), DecodeError, octets);
  }
});

test('RFC 1661 §5: octets after Length are padding', () => {
  assert.deepEqual([...decodePacket(hex('0901000812345678ffff')).octets], [...hex('0901000812345678')]);
});

test('RFC 1661 §5: a Length below 4 or past the frame is a DecodeError', () => {
  for (const octets of ['', '090100', '09010003', '09010000', '09010005', '0901ffff00']) {
    assert.throws(() => decodePacket(hex(octets)), DecodeError, octets);
  }
});

test('RFC 1661 §5: decode(encode(packet)) is the packet', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(octet, octet, fc.uint8Array(), (code, identifier, data) => {
      const packet = decodePacket(encodePacket(code, identifier, data));
      assert.deepEqual([packet.code, packet.identifier, [...packet.data]], [code, identifier, [...data]]);
    }),
  );
});

test('RFC 1661 §6: an option Length of 0 or 1 or past the packet is a DecodeError', () => {
  for (const octets of ['0100', '0101', '0104aa', '01', '07020800', 'ffff']) {
    assert.throws(() => decodeOptions(hex(octets)), DecodeError, octets);
  }
});

test('RFC 1661 §6: encode(decode(options)) is the same octets', () => {
  const option = fc.record({ type: fc.integer({ min: 0, max: 255 }), data: fc.uint8Array({ maxLength: 253 }) });
  fc.assert(
    fc.property(fc.array(option), (options) => {
      const octets = encodeOptions(options);
      assert.deepEqual([...encodeOptions(decodeOptions(octets))], [...octets]);
    }),
  );
});

test('RFC 1661 §2: every vector reads and writes back the same', () => {
  for (const { id, expected } of vectors.vectors) {
    if (expected.frame === undefined) continue;
    const octets = hex(expected.frame);
    const { protocol, information } = decodeFrame(octets);
    const compression = octets[0] === 0xff ? UNCOMPRESSED : COMPRESSED;
    assert.deepEqual([...encodeFrame(protocol, information, compression)], [...octets], id);
  }
});

test('RFC 1661 §6: the options of the LCP vector', () => {
  const packet = decodePacket(decodeFrame(vector('ppp-lcp-confreq')).information);
  assert.deepEqual([packet.code, packet.identifier], [Code.ConfigureRequest, 1]);
  assert.deepEqual(
    decodeOptions(packet.data).map(({ type, data }) => [type, ...data]),
    [[1, 0x05, 0x78], [3, 0xc2, 0x23, 0x81], [5, 0xde, 0xad, 0xbe, 0xef], [7], [8]],
  );
});

test('RFC 1994 §4.1: the Response value of the MD5 vector', () => {
  const { inputs, expected } = vectors.vectors.find(({ id }) => id === 'chap-md5')!;
  const response = chapResponse(1, hex(inputs!.secret), hex(inputs!.challenge));
  assert.deepEqual([...response], [...hex(expected.response!)]);
});

test('RFC 1994 §4.1: the Challenge and Response vectors', () => {
  const challenge = decodePacket(decodeFrame(vector('ppp-chap-md5-chal')).information);
  assert.equal(decodeChapValue(challenge.data).name, 'lns');
  const response = decodePacket(decodeFrame(vector('ppp-chap-md5-resp')).information);
  const { value, name } = decodeChapValue(response.data);
  assert.equal(name, 'user');
  assert.deepEqual([...encodeChapValue({ value, name })], [...response.data]);
});

test('RFC 1994 §4.1: a Value-Size of 0 or past the packet is a DecodeError', () => {
  for (const data of ['', '00', '00616263', '01', '10aabb', 'ff']) {
    assert.throws(() => decodeChapValue(hex(data)), DecodeError, data);
  }
});

test('RFC 1334 §2.2.1: the Authenticate-Request vector, both ways', () => {
  const { data } = decodePacket(decodeFrame(vector('ppp-pap-req')).information);
  const credentials = decodePapRequest(data);
  assert.deepEqual([credentials.username, new TextDecoder().decode(credentials.password)], ['user', 'pw']);
  assert.deepEqual([...encodePapRequest(credentials)], [...data]);
});

test('RFC 1334 §2.2.1: lengths past the packet are a DecodeError', () => {
  for (const data of ['', '05', '0561626364', '0161', '016105aa', 'ff']) {
    assert.throws(() => decodePapRequest(hex(data)), DecodeError, data);
  }
});

test('RFC 1334 §2.2.2: an answer without Msg-Length, or with one too large, is read', () => {
  assert.deepEqual([decodePapMessage(hex('')), decodePapMessage(hex('09616263'))], ['', 'abc']);
});

test('RFC 1334 §2.2.1: a packet made ready for a trace has stars where the password is', () => {
  const packet = decodePacket(decodeFrame(vector('ppp-pap-req')).information);
  const shown = decodePapRequest(decodePacket(concealPassword(packet)).data);
  assert.deepEqual([shown.username, new TextDecoder().decode(shown.password)], ['user', '**']);
});

test('RFC 1334 §2.2.1: a broken packet shows no password in a trace either', () => {
  const packet = decodePacket(encodePacket(1, 1, hex('0161ff736563726574')));
  assert.doesNotMatch(new TextDecoder().decode(concealPassword(packet)), /secret/);
});

test('RFC 1661 §5: any octets are a frame and a packet, or a DecodeError', () => {
  const readers = [decodeFrame, decodePacket, decodeOptions, decodeChapValue, decodePapRequest, decodePapMessage];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
      for (const read of readers) {
        try {
          read(octets);
        } catch (error) {
          assert.ok(error instanceof DecodeError);
        }
      }
    }),
    { numRuns: 2000 },
  );
});
