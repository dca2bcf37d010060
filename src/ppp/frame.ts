// PPP encapsulation, RFC 1661 §2, with the Address and Control fields of RFC 1662 §3.1. L2TP carries frames without flag,
// FCS and escapes. Every compressed form is taken at any time; what is sent follows what LCP agreed on (§6.5, §6.6).
//
//   |  0xFF  |  0x03  |    Protocol     | Information ...
//   '-- left out with -'-- first octet left out with PFC
//       ACFC               where it is zero

import { DecodeError } from '../wire/errors.ts';
import type { LinkOptions } from './events.ts';

/** PPP protocol numbers (IANA registry `ppp-numbers`) that this room handles or names in a debug line. */
export const Protocol = {
  IP: 0x0021,
  IPV6: 0x0057,
  COMPRESSED: 0x00fd,
  IPCP: 0x8021,
  IPV6CP: 0x8057,
  CCP: 0x80fd,
  MPLSCP: 0x8281,
  LCP: 0xc021,
  PAP: 0xc023,
  LQR: 0xc025,
  CBCP: 0xc029,
  CHAP: 0xc223,
  EAP: 0xc227,
} as const;

export interface Frame {
  readonly protocol: number;
  readonly information: Uint8Array;
}

/** What the sender of a frame may leave out. */
export type FrameCompression = Pick<LinkOptions, 'sendAcfc' | 'sendPfc'>;

export function decodeFrame(octets: Uint8Array): Frame {
  let at = 0;
  if (octets[0] === ADDRESS) {
    // No protocol number begins with FF (RFC 1661 §2), so this can only be the Address field.
    if (octets[1] !== CONTROL) throw new DecodeError('control-field', 1, 'Control field 03 after Address field FF');
    at = 2;
  }
  const first = octets[at];
  if (first === undefined) throw new DecodeError('frame-empty', at, 'a Protocol field');
  if ((first & 1) === 1) return { protocol: first, information: octets.subarray(at + 1) };
  const second = octets[at + 1];
  // §2: "the least significant bit of the least significant octet MUST equal 1".
  if (second === undefined || (second & 1) === 0) {
    throw new DecodeError('protocol-field', at, 'an even octet, then an odd one');
  }
  return { protocol: (first << 8) | second, information: octets.subarray(at + 2) };
}

export function encodeFrame(protocol: number, information: Uint8Array, compression: FrameCompression): Uint8Array {
  // LCP goes out as if nothing had been agreed, because it is what agrees on it anew (§6.5, §6.6).
  const acfc = compression.sendAcfc && protocol !== Protocol.LCP;
  const pfc = compression.sendPfc && protocol < 0x100;
  const header = (acfc ? 0 : 2) + (pfc ? 1 : 2);
  const frame = new Uint8Array(header + information.length);
  if (!acfc) {
    frame[0] = ADDRESS;
    frame[1] = CONTROL;
  }
  if (!pfc) frame[header - 2] = protocol >>> 8;
  frame[header - 1] = protocol;
  frame.set(information, header);
  return frame;
}

/** `IPCP`, or `0x80AB` for a protocol without a name here. */
export function formatProtocol(protocol: number): string {
  return NAMES.get(protocol) ?? `0x${protocol.toString(16).toUpperCase().padStart(4, '0')}`;
}

const ADDRESS = 0xff;
const CONTROL = 0x03;
const NAMES = new Map<number, string>(Object.entries(Protocol).map(([name, number]) => [number, name]));
