// RFC 2637 §2: the codec of the fifteen messages, and how TCP's octets become messages.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeMessage,
  encodeMessage,
  type Fields,
  LONGEST,
  lengthOf,
  MESSAGES,
  type MessageName,
} from '../../src/pptp/message.ts';
import { MessageStream } from '../../src/pptp/stream.ts';
import { concatOctets } from '../../src/wire/bytes.ts';
import { DecodeError } from '../../src/wire/errors.ts';
import { messageOf, USUAL } from './peer.ts';
import vectors from './vectors.json' with { type: 'json' };

const NAMES = Object.keys(MESSAGES) as MessageName[];
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const VECTORS = vectors.messages;
const NAME_OF: Readonly<Record<keyof typeof VECTORS, MessageName>> = {
  SCCRQ: 'SCCRQ',
  SCCRP: 'SCCRP',
  OCRQ: 'OCRQ',
  OCRP: 'OCRP',
  SLI: 'SLI',
  ECHOREQ: 'Echo-Request',
  ECHOREP: 'Echo-Reply',
  ICRQ: 'ICRQ',
  ICRP: 'ICRP',
  ICCN: 'ICCN',
  WEN: 'WEN',
  CCR: 'CCR',
  CDN: 'CDN',
  StopCCRQ: 'StopCCRQ',
  StopCCRP: 'StopCCRP',
};

describe('RFC 2637 §2: vectors, byte for byte', () => {
  for (const [id, text] of Object.entries(VECTORS)) {
    const name = NAME_OF[id as keyof typeof VECTORS];
    test(`${id} is read as ${name} and written again as it was`, () => {
      const message = decodeMessage(hex(text))!;
      assert.equal(message.name, name);
      assert.equal(Buffer.from(encodeMessage(message.name, message.fields as never)).toString('hex'), text);
    });
  }

  test('what they say is read', () => {
    const read = <Name extends MessageName>(id: keyof typeof VECTORS, _name: Name) =>
      decodeMessage(hex(VECTORS[id]))!.fields as Fields<Name>;
    const { hostName, vendorName, firmwareRevision } = read('SCCRQ', 'SCCRQ');
    assert.deepEqual([hostName, vendorName, firmwareRevision], ['client', 'Acme', 1]);
    const { callId, minimumBps, maximumBps, framingType, receiveWindowSize } = read('OCRQ', 'OCRQ');
    assert.deepEqual(
      [callId, minimumBps, maximumBps, framingType, receiveWindowSize],
      [0x1111, 300, 100_000_000, 3, 64],
    );
    const { dialedNumber, dialingNumber } = read('ICRQ', 'ICRQ');
    assert.deepEqual([dialedNumber, dialingNumber], ['123', '456']);
    const { callStatistics, resultCode } = read('CDN', 'CDN');
    assert.deepEqual([callStatistics, resultCode], ['stats', 4]);
    assert.deepEqual(read('WEN', 'WEN'), { ...USUAL.WEN, peerCallId: 0x1111 });
  });
});

describe('RFC 2637 §2: the codec', () => {
  for (const name of NAMES) {
    test(`${name}: what is written is read again, whatever the numbers and texts are`, () => {
      const usual = USUAL[name] as unknown as Record<string, string | number>;
      const sizes = new Map<string, number>(
        (MESSAGES[name].fields as readonly (readonly [string, string])[]).map(([field, kind]) => [
          field,
          { u8: 0xff, u16: 0xffff }[kind] ?? 0xffffffff,
        ]),
      );
      const values = Object.fromEntries(
        Object.entries(usual).map(([field, value]) => [
          field,
          typeof value === 'number'
            ? fc.integer({ min: 0, max: sizes.get(field)! })
            : fc.stringMatching(/^[ -~]{0,63}$/),
        ]),
      );
      fc.assert(
        fc.property(fc.record(values), (fields) => {
          const octets = encodeMessage(name, fields as never);
          assert.equal(octets.length, lengthOf(name));
          assert.deepEqual({ ...decodeMessage(octets)!.fields }, { ...fields });
        }),
        { numRuns: 100 },
      );
    });

    test(`${name}: reserved octets are written as zero and not looked at`, () => {
      const octets = messageOf(name);
      const clean = octets.slice();
      octets.set([0x12, 0x34], 10);
      let at = 12;
      for (const [field, kind] of MESSAGES[name].fields as readonly (readonly [string, string])[]) {
        const size = { u8: 1, u16: 2, length: 2, u32: 4, text64: 64, text128: 128 }[kind]!;
        if (field === '' || kind === 'length') {
          if (field === '') assert.ok(clean.subarray(at, at + size).every((octet) => octet === 0));
          octets.fill(0xee, at, at + size);
        }
        at += size;
      }
      assert.equal(at, octets.length);
      assert.deepEqual(decodeMessage(octets), decodeMessage(clean));
    });
  }

  test('a text that is too long is cut between characters and keeps a zero behind it', () => {
    const octets = messageOf('SCCRQ', { hostName: `${'a'.repeat(62)}üü`, vendorName: 'ü'.repeat(40) });
    const { hostName, vendorName } = decodeMessage(octets)!.fields as Fields<'SCCRQ'>;
    assert.deepEqual([hostName, vendorName], ['a'.repeat(62), 'ü'.repeat(31)]);
  });

  test('a text that fills its field to the last octet is read whole', () => {
    const octets = messageOf('SCCRQ');
    octets.fill(0x78, 28, 92);
    assert.equal((decodeMessage(octets)!.fields as Fields<'SCCRQ'>).hostName, 'x'.repeat(64));
  });

  test('types that nobody knows, and management messages, are none of ours', () => {
    const unknown = messageOf('CCR');
    unknown[9] = 16;
    assert.equal(decodeMessage(unknown), undefined);
    const management = messageOf('CCR');
    management[3] = 2;
    assert.equal(decodeMessage(management), undefined);
  });
});

describe('RFC 2637 §1.4: messages out of a stream', () => {
  const all = concatOctets(...NAMES.map((name) => messageOf(name)));

  test('split at every octet, and all at once: the same messages', () => {
    for (let cut = 0; cut <= all.length; cut++) {
      const stream = new MessageStream();
      const names = [all.subarray(0, cut), all.subarray(cut)].flatMap((part) => namesIn(stream, part));
      assert.deepEqual(names, NAMES);
      assert.equal(stream.held, 0);
    }
  });

  test('octet by octet, and never more held than one message', () => {
    const stream = new MessageStream();
    const names: string[] = [];
    for (const octet of all) {
      names.push(...namesIn(stream, Uint8Array.of(octet)));
      assert.ok(stream.held < LONGEST);
    }
    assert.deepEqual(names, NAMES);
  });

  test('in pieces of any sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        const stream = new MessageStream();
        const names: string[] = [];
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          names.push(...namesIn(stream, all.subarray(at, at + size)));
          at += size;
        }
        assert.deepEqual(names, NAMES);
      }),
    );
  });

  test('what is held is a copy: the buffer it came in may be used again', () => {
    const stream = new MessageStream();
    const part = messageOf('SCCRQ').slice(0, 100);
    namesIn(stream, part);
    part.fill(0xff);
    assert.deepEqual(namesIn(stream, messageOf('SCCRQ').subarray(100)), ['SCCRQ']);
  });

  for (const name of NAMES) {
    test(`${name}: every length but its own is refused`, () => {
      const right = lengthOf(name);
      for (const length of [0, 1, 2, 11, right - 1, right + 1, LONGEST + 1, 65_535]) {
        const octets = messageOf(name);
        new DataView(octets.buffer).setUint16(0, length);
        assert.throws(
          () => namesIn(new MessageStream(), octets),
          (error) => error instanceof DecodeError && error.code === 'length',
        );
      }
    });
  }

  test('a wrong cookie is refused, wherever in the stream', () => {
    for (const before of [[], [messageOf('CCR')]]) {
      const octets = messageOf('Echo-Request');
      octets[4]! ^= 1;
      const refused = (error: unknown) => error instanceof DecodeError && error.code === 'magic';
      assert.throws(() => namesIn(new MessageStream(), concatOctets(...before, octets)), refused);
    }
  });

  test('a message of unknown type is passed over by its length, up to the longest there is', () => {
    const strange = (length: number) => {
      const octets = new Uint8Array(length);
      octets.set(messageOf('CCR').subarray(0, 12));
      const view = new DataView(octets.buffer);
      view.setUint16(0, length);
      view.setUint16(8, 99);
      return octets;
    };
    const stream = new MessageStream();
    assert.deepEqual(namesIn(stream, concatOctets(strange(12), strange(LONGEST), messageOf('CCR'))), ['?', '?', 'CCR']);
    assert.throws(() => namesIn(stream, strange(LONGEST + 1)), DecodeError);
  });

  test('any octets at all: messages or a DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => {
        try {
          namesIn(new MessageStream(), octets);
        } catch (error) {
          assert.ok(error instanceof DecodeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function namesIn(stream: MessageStream, octets: Uint8Array): string[] {
  return [...stream.take(octets)].map((each) => decodeMessage(each)?.name ?? '?');
}
