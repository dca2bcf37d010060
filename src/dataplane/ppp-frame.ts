// What stands in front of an IPv4 packet in a PPP frame, whatever tunnel carries it: RFC 1661 §2, §6.5 and §6.6.
//
//   [FF 03] [00] 21 | IPv4 packet         [FF 03] [00] FD | what MPPE or MPPC made of  [00] 21 | IPv4 packet

import { Flag } from './layout.ts';
import { setU16, u16 } from './packet.ts';

/** The protocol of the frame from `start` to `end`; 0: it has none. */
export function pppProtocol(octets: Uint8Array, start: number, end: number): number {
  const at = protocolAt(octets, start, end);
  if (at >= end) return 0;
  if ((octets[at]! & 1) !== 0) return octets[at]!;
  return at + 1 < end ? u16(octets, at) : 0;
}

/** Where the information field of a frame begins that has a protocol. */
export function pppInformation(octets: Uint8Array, start: number, end: number): number {
  const at = protocolAt(octets, start, end);
  return (octets[at]! & 1) !== 0 ? at + 1 : at + 2;
}

/** Address and control, and the protocol's high octet, may be there whatever was negotiated. */
function protocolAt(octets: Uint8Array, start: number, end: number): number {
  return start + 1 < end && octets[start] === 0xff && octets[start + 1] === 0x03 ? start + 2 : start;
}

/**
 * Octets in front of each packet of a session with these flags. Sealed frames bring their protocol along, and `seal` writes
 * that with two octets: what it means is the same to all.
 */
export function pppHeaderLength(flags: number): number {
  const address = (flags & Flag.SendAcfc) !== 0 ? 0 : 2;
  return (flags & Flag.Seals) !== 0 ? address : address + ((flags & Flag.SendPfc) !== 0 ? 1 : 2);
}

export function writePppHeader(octets: Uint8Array, start: number, flags: number): void {
  let at = start;
  if ((flags & Flag.SendAcfc) === 0) {
    setU16(octets, at, 0xff03);
    at += 2;
  }
  if ((flags & Flag.Seals) !== 0) return;
  if ((flags & Flag.SendPfc) === 0) octets[at++] = 0;
  octets[at] = PPP_IPV4;
}

export const PPP_IPV4 = 0x21;
/** RFC 3078 §3, RFC 1962 §1. */
export const PPP_COMPRESSED = 0xfd;
/** RFC 3078 §3: only these travel sealed, so that in the clear they are a mistake or an attack. */
export const [FIRST_CARRIED, LAST_CARRIED] = [0x21, 0xfa];
