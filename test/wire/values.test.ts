// Value codecs, and text from a peer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeError } from '../../src/wire/errors.ts';
import { formatIpv4, lengthOfMask, maskOfLength, parseIpv4, readIpv4 } from '../../src/wire/ip.ts';
import { ipv4, octets, printable, u8, u16, u32, u64, utf8 } from '../../src/wire/values.ts';

test('every value codec reads back what it wrote', () => {
  fc.assert(fc.property(fc.nat(255), (value) => u8.decode(u8.encode(value)) === value));
  fc.assert(fc.property(fc.nat(65535), (value) => u16.decode(u16.encode(value)) === value));
  fc.assert(fc.property(fc.nat(0xffffffff), (value) => u32.decode(u32.encode(value)) === value));
  fc.assert(fc.property(fc.bigInt(0n, 0xffffffffffffffffn), (value) => u64.decode(u64.encode(value)) === value));
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (value) => utf8.decode(utf8.encode(value)) === value));
  fc.assert(fc.property(fc.uint8Array(), (value) => assert.deepEqual(octets.decode(octets.encode(value)), value)));
  fc.assert(fc.property(fc.ipV4(), (value) => ipv4.decode(ipv4.encode(value)) === value));
});

test('a value of another length is an error, never cut or padded', () => {
  for (const codec of [u8, u16, u32, u64, ipv4]) {
    assert.throws(() => codec.decode(new Uint8Array(3)), DecodeError);
    assert.throws(() => codec.decode(new Uint8Array(0)), DecodeError);
  }
});

test('text from a peer cannot drive a terminal or forge a log line', () => {
  assert.equal(printable('peer1'), 'peer1');
  assert.equal(printable('a\x1b[31m\r\nb\u202ec\u0000'), 'a\\u{1b}[31m\\u{d}\\u{a}b\\u{202e}c\\u{0}');
  assert.equal(printable('Zoë 漢'), 'Zoë 漢');
  for (const hidden of ['\u00ad', '\u061c', '\u180e', '\u200b', '\u2028', '\u2066', '\ufeff', '\u009b']) {
    assert.equal(printable(hidden), `\\u{${hidden.codePointAt(0)!.toString(16)}}`);
  }
});

test('IPv4 text and number', () => {
  assert.equal(formatIpv4(0xac101820), '172.16.24.32');
  assert.equal(parseIpv4('255.255.255.255'), 0xffffffff);
  for (const text of ['1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.x', '', '01.2.3.1234', '-1.0.0.0']) {
    assert.equal(readIpv4(text), undefined, text);
  }
});

test('masks: contiguous or refused', () => {
  for (let length = 0; length <= 32; length++) assert.equal(lengthOfMask(maskOfLength(length)), length);
  assert.equal(lengthOfMask(0xff00ff00), undefined);
});
