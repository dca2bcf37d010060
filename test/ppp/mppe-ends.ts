// Two ends of one direction of MPPE, with frames and sealed packets as plain octets.

import assert from 'node:assert/strict';
import { MppeReceiver, MppeSender } from '../../src/ppp/mppe.ts';
import { type MppeOptions, SEAL_ROOM } from '../../src/ppp/mppe-header.ts';

export const MRU = 1500;

/** What may be agreed on: every strength with and without state, each with and without compression, and that alone. */
export const MODES: readonly MppeOptions[] = ([0, 40, 56, 128] as const).flatMap((bits) =>
  [false, true].flatMap((stateful) =>
    (bits === 0 ? [true] : [false, true]).map((mppc) => ({ bits, stateful, mppc, startKey: startKeyOf(bits) })),
  ),
);

export function nameOf({ bits, stateful, mppc }: MppeOptions): string {
  return `${bits} bits, ${stateful ? 'stateful' : 'stateless'}${mppc ? ', MPPC' : ''}`;
}

/** An IPv4 datagram under its protocol, with a number to know it by. */
export function frameOf(number: number, length = 60): Uint8Array {
  const frame = Buffer.alloc(Math.max(length, 26), (number * 37) & 0xff);
  frame.writeUInt16BE(0x0021, 0);
  frame.writeUInt8(0x45, 2);
  frame.writeUInt16BE(frame.length - 2, 4);
  frame.writeUInt32BE(number, 22);
  return Uint8Array.from(frame);
}

export function numberOf(frame: Uint8Array): number {
  return Buffer.from(frame).readUInt32BE(22);
}

/** What follows 00FD. */
export function seal(sender: MppeSender, frame: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(frame.length + 40);
  buffer.set(frame, 20);
  const length = sender.seal(buffer, 20, frame.length);
  assert.ok(length > SEAL_ROOM, `refused: ${length}`);
  assert.deepEqual([...buffer.subarray(20 - SEAL_ROOM, 18)], [0x00, 0xfd]);
  assert.ok(length <= frame.length + SEAL_ROOM);
  assert.ok([...buffer.subarray(0, 16), ...buffer.subarray(20 + frame.length)].every((octet) => octet === 0));
  return buffer.slice(18, 16 + length);
}

/** The frame, or why there is none. */
export function open(receiver: MppeReceiver, sealed: Uint8Array, mru = MRU): Uint8Array | number {
  const room = sealed.length + 20;
  const buffer = new Uint8Array(room + mru + 2 + 8);
  buffer.set(sealed, 10);
  const length = receiver.open(buffer, 10, sealed.length, room);
  if (length < 0) return length;
  assert.ok(receiver.frameAt === 12 ? length <= sealed.length : receiver.frameAt === room && length <= mru + 2);
  return buffer.slice(receiver.frameAt, receiver.frameAt + length);
}

export function endsOf(options: MppeOptions): { sender: MppeSender; receiver: MppeReceiver } {
  return { sender: new MppeSender(options), receiver: new MppeReceiver(options, MRU) };
}

function startKeyOf(bits: number): Uint8Array {
  return Uint8Array.from({ length: bits === 0 ? 0 : bits === 128 ? 16 : 8 }, (_, i) => 17 * i + bits);
}
