// Fields of packets where they lie, as numbers: `octets` and the offset of a header in, a number out.
// IPv4 RFC 791, TCP RFC 9293. Nothing here checks a length: that is the caller's first deed.

import { updateChecksum } from '../wire/checksum.ts';

export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
/** PPTP's data. */
export const PROTOCOL_GRE = 47;
/** L2TPv3 over IP. */
export const PROTOCOL_L2TP = 115;

export const Ip = {
  Tos: 1,
  Length: 2,
  Id: 4,
  Fragment: 6,
  Ttl: 8,
  Protocol: 9,
  Checksum: 10,
  Source: 12,
  Target: 16,
} as const;
export const Tcp = {
  Sequence: 4,
  Acknowledged: 8,
  Offset: 12,
  Flags: 13,
  Window: 14,
  Checksum: 16,
  Urgent: 18,
  Options: 20,
} as const;
export const TcpFlag = { Fin: 1, Syn: 2, Rst: 4, Psh: 8, Ack: 16, Urg: 32, Ece: 64, Cwr: 128 } as const;

export function u16(octets: Uint8Array, at: number): number {
  return (octets[at]! << 8) | octets[at + 1]!;
}

/** Signed, as the shared tables hold addresses. */
export function i32(octets: Uint8Array, at: number): number {
  return (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!;
}

/** Whether `count` words are the octets at `at`. */
export function isSame(words: Int32Array, word: number, octets: Uint8Array, at: number, count: number): boolean {
  for (let index = 0; index < count; index++) {
    if (words[word + index] !== i32(octets, at + 4 * index)) return false;
  }
  return true;
}

export function setU16(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 8;
  octets[at + 1] = value;
}

export function setI32(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 24;
  octets[at + 1] = value >>> 16;
  octets[at + 2] = value >>> 8;
  octets[at + 3] = value;
}

export function ipHeaderLength(octets: Uint8Array, at: number): number {
  return (octets[at]! & 15) << 2;
}

/** The length of the IPv4 packet at `at`, at most `available` octets; 0 if it is no sound one. */
export function soundIpv4(octets: Uint8Array, at: number, available: number): number {
  if (available < 20 || octets[at]! >>> 4 !== 4) return 0;
  const header = ipHeaderLength(octets, at);
  const total = u16(octets, at + Ip.Length);
  return header >= 20 && header <= total && total <= available ? total : 0;
}

/**
 * Lowers the MSS option of a TCP SYN to `mss` (RFC 9293 §3.7.1), so that what comes back fits the tunnel.
 * `partial`: the checksum field holds the pseudo-header's sum only, somebody else finishes it.
 */
export function clampMss(octets: Uint8Array, at: number, length: number, mss: number, partial: boolean): void {
  if (octets[at + Ip.Protocol] !== PROTOCOL_TCP || (u16(octets, at + Ip.Fragment) & FRAGMENT_OFFSET) !== 0) return;
  const tcp = at + ipHeaderLength(octets, at);
  const end = at + length;
  if (tcp + Tcp.Options > end || (octets[tcp + Tcp.Flags]! & TcpFlag.Syn) === 0) return;
  const optionsEnd = Math.min(end, tcp + ((octets[tcp + Tcp.Offset]! >>> 4) << 2));
  let option = tcp + Tcp.Options;
  while (option + 1 < optionsEnd && octets[option] !== OPTION_END) {
    if (octets[option] === OPTION_NONE) {
      option++;
      continue;
    }
    const size = octets[option + 1]!;
    if (size < 2) return;
    if (octets[option] === OPTION_MSS && size === 4 && option + 4 <= optionsEnd) {
      const before = u16(octets, option + 2);
      if (before <= mss) return;
      setU16(octets, option + 2, mss);
      if (partial) return;
      // At an odd offset the value's octets belong to two words: in the sum that is the same as swapping them.
      const odd = ((option - tcp) & 1) !== 0;
      const checksum = u16(octets, tcp + Tcp.Checksum);
      setU16(octets, tcp + Tcp.Checksum, updateChecksum(checksum, odd ? swap(before) : before, odd ? swap(mss) : mss));
      return;
    }
    option += size;
  }
}

export function swap(word: number): number {
  return ((word & 255) << 8) | (word >>> 8);
}

export const FRAGMENT_OFFSET = 0x1fff;
/** Fragment offset or "more fragments": not a whole packet. */
export const FRAGMENTED = 0x3fff;
export const DONT_FRAGMENT = 0x4000;
const [OPTION_END, OPTION_NONE, OPTION_MSS] = [0, 1, 2];
