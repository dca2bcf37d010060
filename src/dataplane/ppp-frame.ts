// What stands in front of an IPv4 packet in a PPP frame, whatever tunnel carries it: RFC 1661 §2, §6.5 and §6.6.
//
//   [FF 03] [00] 21 | IPv4 packet

import { Flag } from './layout.ts';
import { setU16, u16 } from './packet.ts';

/** Where the IPv4 packet begins in the frame from `start` to `end`, or -1: another protocol. */
export function ipv4Start(octets: Uint8Array, start: number, end: number): number {
  let cursor = start;
  // Address and control, and the protocol's high octet, may be there whatever was negotiated.
  if (cursor + 1 < end && octets[cursor] === 0xff && octets[cursor + 1] === 0x03) cursor += 2;
  const compressed = cursor < end && (octets[cursor]! & 1) !== 0;
  const protocol = compressed ? octets[cursor]! : cursor + 1 < end ? u16(octets, cursor) : 0;
  return protocol === PPP_IPV4 ? cursor + (compressed ? 1 : 2) : -1;
}

/** Octets in front of each packet of a session with these flags. */
export function pppHeaderLength(flags: number): number {
  return ((flags & Flag.SendAcfc) !== 0 ? 0 : 2) + ((flags & Flag.SendPfc) !== 0 ? 1 : 2);
}

export function writePppHeader(octets: Uint8Array, start: number, flags: number): void {
  let at = start;
  if ((flags & Flag.SendAcfc) === 0) {
    setU16(octets, at, 0xff03);
    at += 2;
  }
  if ((flags & Flag.SendPfc) === 0) octets[at++] = 0;
  octets[at] = PPP_IPV4;
}

const PPP_IPV4 = 0x21;
