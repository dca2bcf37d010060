// Two ends of one direction of MPPE, with frames and sealed packets as plain octets.

import assert from 'node:assert/strict';
import { MppeKernel } from '../../src/crypto/mppe-kernel.ts';
import { MppeReceiver, MppeSender } from '../../src/ppp/mppe.ts';
import { type MppeOptions, SEAL_ROOM } from '../../src/ppp/mppe-header.ts';
import { WebAssembly } from '../../src/wire/webassembly.ts';

export const MRU = 1500;
/** All sessions of a test have the same one, as those of a worker have. */
export const KERNEL = new MppeKernel(new WebAssembly.Memory({ initial: 3, maximum: 3 }));

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
  const buffer = KERNEL.packets.subarray(0, frame.length + 40).fill(0);
  buffer.set(frame, 20);
  const length = sender.seal(20, frame.length);
  assert.ok(length > SEAL_ROOM, `refused: ${length}`);
  assert.deepEqual([...buffer.subarray(20 - SEAL_ROOM, 18)], [0x00, 0xfd]);
  assert.ok(length <= frame.length + SEAL_ROOM);
  assert.ok([...buffer.subarray(0, 16), ...buffer.subarray(20 + frame.length)].every((octet) => octet === 0));
  return buffer.slice(18, 16 + length);
}

/** The frame, or why there is none. */
export function open(receiver: MppeReceiver, sealed: Uint8Array, mru = MRU): Uint8Array | number {
  const room = sealed.length + 20;
  const buffer = KERNEL.packets.subarray(0, room + mru + 2 + 8).fill(0);
  buffer.set(sealed, 10);
  const length = receiver.open(10, sealed.length, room);
  if (length < 0) return length;
  assert.ok(receiver.frameAt === 12 ? length <= sealed.length : receiver.frameAt === room && length <= mru + 2);
  return buffer.slice(receiver.frameAt, receiver.frameAt + length);
}

export function endsOf(options: MppeOptions): { sender: MppeSender; receiver: MppeReceiver } {
  return { sender: senderOf(options), receiver: receiverOf(options) };
}

export function senderOf(options: MppeOptions): MppeSender {
  return new MppeSender(options, KERNEL);
}

export function receiverOf(options: MppeOptions, mru = MRU): MppeReceiver {
  return new MppeReceiver(options, mru, KERNEL);
}

function startKeyOf(bits: number): Uint8Array {
  return Uint8Array.from({ length: bits === 0 ? 0 : bits === 128 ? 16 : 8 }, (_, i) => 17 * i + bits);
}
