// The pcapng capture file, draft-ietf-opsawg-pcapng §3 and §4: the blocks a capture needs, each a function to octets.
// A file is a section header, an interface description for each interface, then packets, in any number of pieces.
//
//    +-------+--------------+-- - - --+--------------+
//    | Type  | Total Length |  Body   | Total Length |    every number in the byte order of the section: big-endian here
//    +-------+--------------+-- - - --+--------------+

import { ByteWriter } from '../wire/bytes.ts';
import { LocalError } from '../wire/errors.ts';
import { utf8 } from '../wire/values.ts';

/** Of the registry at tcpdump.org/linktypes.html. */
export const LinkType = { Ethernet: 1, Raw: 101 } as const;
export type LinkType = (typeof LinkType)[keyof typeof LinkType];

export interface Section {
  /** Who wrote the file. */
  readonly application?: string | undefined;
  readonly operatingSystem?: string | undefined;
  readonly comment?: string | undefined;
}

export interface CaptureInterface {
  readonly linkType: LinkType;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** The most octets of a packet that are kept; 0: all. */
  readonly snapLength?: number | undefined;
}

export interface CapturedPacket {
  /** The number of its interface description, counted from 0. */
  readonly interfaceId: number;
  /** On the wall clock, milliseconds since 1970; fractions are kept to the microsecond. */
  readonly at: number;
  readonly octets: Uint8Array;
  /** On the wire, if more than was kept. */
  readonly originalLength?: number | undefined;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  readonly comment?: string | undefined;
}

export function encodeSectionHeader(section: Section = {}): Uint8Array {
  return encodeBlock(BlockType.SectionHeader, (w) => {
    w.u32(BYTE_ORDER_MAGIC);
    w.u16(1); // major version
    w.u16(0); // minor version
    w.u64(LENGTH_UNKNOWN); // the file grows while it is written
    writeOptions(w, [
      [OptionCode.Comment, text(section.comment)],
      [OptionCode.SectionOperatingSystem, text(section.operatingSystem)],
      [OptionCode.SectionApplication, text(section.application)],
    ]);
  });
}

export function encodeInterfaceDescription(subject: CaptureInterface): Uint8Array {
  return encodeBlock(BlockType.InterfaceDescription, (w) => {
    w.u16(subject.linkType);
    w.u16(0); // reserved
    w.u32(subject.snapLength ?? 0);
    // No if_tsresol: its default is the microsecond, which is what timestamps here count.
    writeOptions(w, [
      [OptionCode.InterfaceName, text(subject.name)],
      [OptionCode.InterfaceDescription, text(subject.description)],
    ]);
  });
}

export function encodeEnhancedPacket(packet: CapturedPacket): Uint8Array {
  const { octets } = packet;
  const originalLength = packet.originalLength ?? octets.length;
  if (originalLength < octets.length) {
    throw new LocalError('capture-length', `§4.3: ${octets.length} octets kept of a packet of ${originalLength}`);
  }
  const microseconds = BigInt(Math.floor(packet.at * 1000));
  return encodeBlock(BlockType.EnhancedPacket, (w) => {
    w.u32(packet.interfaceId);
    w.u32(Number((microseconds >> 32n) & 0xffffffffn));
    w.u32(Number(microseconds & 0xffffffffn));
    w.u32(octets.length);
    w.u32(originalLength);
    w.bytes(octets);
    w.zeros(-octets.length & 3);
    writeOptions(w, [
      [OptionCode.Comment, text(packet.comment)],
      [OptionCode.PacketFlags, packet.direction && DIRECTION_FLAGS[packet.direction]],
    ]);
  });
}

type OptionValue = readonly [code: number, value: Uint8Array | undefined];

function encodeBlock(type: number, body: (w: ByteWriter) => void): Uint8Array {
  const inside = new ByteWriter();
  body(inside);
  const octets = inside.finish();
  const length = octets.length + BLOCK_OVERHEAD;
  const w = new ByteWriter(length);
  w.u32(type);
  w.u32(length);
  w.bytes(octets);
  // §3.1: the length again, so that a file can be read backwards.
  w.u32(length);
  return w.finish();
}

/** §3.5: each option padded to 32 bits, the end marked only if there was one. */
function writeOptions(w: ByteWriter, options: readonly OptionValue[]): void {
  let some = false;
  for (const [code, value] of options) {
    if (value === undefined) continue;
    some = true;
    w.u16(code);
    w.u16(value.length);
    w.bytes(value);
    w.zeros(-value.length & 3);
  }
  if (some) w.u32(0); // opt_endofopt
}

/** An option's length is 16 bits; a text is cut rather than refused. */
function text(value: string | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : utf8.encode(value).subarray(0, 0xffff);
}

const BlockType = { SectionHeader: 0x0a0d0d0a, InterfaceDescription: 1, EnhancedPacket: 6 } as const;
/** §3.5, §4.1 to §4.3; a code means something else in each block. */
const OptionCode = {
  Comment: 1,
  SectionOperatingSystem: 3,
  SectionApplication: 4,
  InterfaceName: 2,
  InterfaceDescription: 3,
  PacketFlags: 2,
} as const;
const DIRECTION_FLAGS = { inbound: Uint8Array.of(0, 0, 0, 1), outbound: Uint8Array.of(0, 0, 0, 2) } as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LENGTH_UNKNOWN = 0xffffffffffffffffn;
const BLOCK_OVERHEAD = 12;
