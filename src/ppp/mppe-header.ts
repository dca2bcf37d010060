// The header that MPPE and MPPC share (RFC 3078 §3.1, RFC 2118 §3.1), what may travel behind it, and why a packet is refused.
//
//    0                   1
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//   |A|B|C|D|   Coherency Count     |   behind the PPP protocol 00FD, before the (compressed, encrypted) packet

export const MppeBit = {
  /** A: the RC4 table, and the history of MPPC, began anew with this packet. */
  Flushed: 0x8000,
  /** B: the packet is at the front of the history of MPPC. */
  AtFront: 0x4000,
  /** C: compressed. */
  Compressed: 0x2000,
  /** D: encrypted. */
  Encrypted: 0x1000,
} as const;

export const COHERENCY = 0x0fff;
export const HEADER_LENGTH = 2;
/** Octets that `seal` needs before a frame: the protocol 00FD and the header. */
export const SEAL_ROOM = 4;

/** What `seal` and `open` answer instead of a length. */
export const MppeRefusal = {
  /** Too short, or compressed in a way no compressor would. */
  Malformed: -1,
  /** Clear text where encryption is agreed on: RFC 3078 §9 would have the link closed after too many. */
  NotEncrypted: -2,
  /** Of a packet that came already, or is late: the keys do not go back. */
  OldCount: -3,
  /** So many packets ahead that its key would cost more work than this session may ask for now. */
  TooFarJump: -4,
  /** A packet before it is missing, and only one with the FLUSHED bit can be opened: RFC 3078 §8.2. */
  LostSynchronism: -5,
  /** Opened, but not with the key of the peer: it begins with no protocol that travels here. */
  Implausible: -6,
  /** Stateless packets have the FLUSHED bit, all of them: RFC 3078 §8.1. */
  NotFlushed: -7,
  /** Compressed or encrypted without having been agreed on. */
  NotAgreed: -8,
  /** Decompressed longer than our MRU. */
  TooLong: -9,
  /** Of `seal`: not of the protocols 0021 to 00FA, and to be sent in the clear, or not at all (RFC 3078 §3). */
  NotCarried: -10,
} as const;
export type MppeRefusal = (typeof MppeRefusal)[keyof typeof MppeRefusal];

export interface MppeOptions {
  /** 0: no encryption, MPPC alone. */
  readonly bits: 0 | 40 | 56 | 128;
  readonly stateful: boolean;
  /** 8 octets for 40 and 56 bits, 16 for 128, of this direction. */
  readonly startKey: Uint8Array;
  readonly mppc?: boolean | undefined;
}

/** RFC 3078 §3: "Only packets with PPP protocol numbers in the range 0x0021 to 0x00FA are encrypted." */
export function isCarried(frame: Uint8Array, at: number, length: number): boolean {
  if (length < 2) return false;
  const first = frame[at]!;
  const protocol = first === 0 ? frame[at + 1]! : first;
  // RFC 1661 §2: the last octet of a protocol is odd.
  return protocol >= 0x21 && protocol <= 0xfa && (protocol & 1) === 1;
}

/** IPv4 or IPv6 by its first octets and its length, as random octets are once in a hundred thousand times. */
export function isDatagram(frame: Uint8Array, at: number, length: number): boolean {
  const header = frame[at] === 0 ? at + 2 : at + 1;
  const room = at + length - header;
  if (room < 20) return false;
  const protocol = frame[header - 1]!;
  const version = frame[header]! >> 4;
  if (protocol === 0x57) {
    return version === 6 && 40 + ((frame[header + 4]! << 8) | frame[header + 5]!) <= room;
  }
  const totalLength = (frame[header + 2]! << 8) | frame[header + 3]!;
  return protocol === 0x21 && version === 4 && totalLength >= 20 && totalLength <= room;
}
