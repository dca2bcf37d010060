// The enhanced GRE header (RFC 2637 §4.1): what is written is read again, and what breaks the format is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeGre, encodeGre } from '../../src/pptp/gre-header.ts';
import { DecodeError } from '../../src/wire/errors.ts';

const octets = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

test('§4.1: a frame, its sequence number and the Call ID of the receiver', () => {
  const packet = encodeGre(0x1234, octets('ff03c021'), 0xfffffffe);
  assert.deepEqual(packet, octets('3001 880b 0004 1234 fffffffe ff03c021'));
  const { payload, ...rest } = decodeGre(packet);
  assert.deepEqual(rest, { call: 0x1234, sequence: 0xfffffffe, acknowledgment: undefined });
  assert.deepEqual(new Uint8Array(payload), octets('ff03c021'));
});

test('§4.1: an acknowledgment alone has neither payload nor sequence number', () => {
  const packet = decodeGre(octets('2081 880b 0000 0007 00000005'));
  assert.deepEqual(packet, { call: 7, sequence: undefined, acknowledgment: 5, payload: new Uint8Array(0) });
});

test('§4.1: sequence number first, acknowledgment behind it; octets behind the payload are nobody’s', () => {
  const packet = decodeGre(octets('3081 880b 0002 0007 00000009 00000005 aabb ccdd'));
  assert.deepEqual([packet.sequence, packet.acknowledgment], [9, 5]);
  assert.deepEqual(new Uint8Array(packet.payload), octets('aabb'));
});

for (const [why, hex] of [
  ['too short for a header', '3001 880b 0000 00'],
  ['version 0', '3000 880b 0001 0007 00000001 aa'],
  ['no key', '1001 880b 0001 0007 00000001 aa'],
  ['a checksum', 'b001 880b 0001 0007 00000001 aa'],
  ['a recursion count', '3101 880b 0001 0007 00000001 aa'],
  ['another protocol type', '3001 0800 0001 0007 00000001 aa'],
  ['a payload longer than the packet', '3001 880b 0002 0007 00000001 aa'],
  ['a payload without a number', '2001 880b 0001 0007 aa'],
  ['a number without a payload', '3001 880b 0000 0007 00000001'],
  ['cut off in the number', '3001 880b 0001 0007 0000'],
] as const) {
  test(`refused: ${why}`, () => assert.throws(() => decodeGre(octets(hex)), DecodeError));
}
