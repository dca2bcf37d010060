// The L2TP header of control and data messages, RFC 2661 §3.1. The functions over (octets, start, end) allocate nothing
// and never throw: the packet path reads data messages with them.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   |T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |          Length (opt)         |
//   |           Tunnel ID           |           Session ID          |
//   |             Ns (opt)          |             Nr (opt)          |
//   |      Offset Size (opt)        |    Offset pad... (opt)

import { DecodeError } from '../wire/errors.ts';

/** Where a server listens, §8.1. */
export const L2TP_PORT = 1701;

export const HeaderBit = { T: 0x8000, L: 0x4000, S: 0x0800, O: 0x0200, P: 0x0100, Ver: 0x000f } as const;

export const VERSION = 2;
export const CONTROL_HEADER_LENGTH = 12;

export interface ControlHeader {
  readonly tunnelId: number;
  readonly sessionId: number;
  readonly ns: number;
  readonly nr: number;
  /** Of the whole message; the datagram may be longer, padding is not ours to judge. */
  readonly length: number;
}

export interface DataHeader {
  readonly tunnelId: number;
  readonly sessionId: number;
  readonly priority: boolean;
  /** Undefined where the S bit is clear. Nr is reserved in data messages and not read. */
  readonly ns: number | undefined;
}

export function isControl(octets: Uint8Array): boolean {
  return (octets[0]! & 0x80) !== 0;
}

/** The first word, or -1 for a datagram that is no L2TPv2: too short, or another version (§3.1: to be discarded). */
export function headerFlags(octets: Uint8Array, start: number, end: number): number {
  if (end - start < SHORTEST) return -1;
  const flags = wordAt(octets, start);
  return (flags & HeaderBit.Ver) === VERSION ? flags : -1;
}

/** Where the Tunnel ID stands, from the start of the message; the Session ID is 2 and Ns 4 octets further. */
export function tunnelIdOffset(flags: number): number {
  return (flags & HeaderBit.L) === 0 ? 2 : 4;
}

/** Where the payload of a data message begins, or -1 if the header does not fit. */
export function payloadStart(octets: Uint8Array, start: number, end: number, flags: number): number {
  let at = start + tunnelIdOffset(flags) + 4;
  if ((flags & HeaderBit.S) !== 0) at += 4;
  if ((flags & HeaderBit.O) !== 0) {
    if (at + 2 > end) return -1;
    at += 2 + wordAt(octets, at);
  }
  return at <= end ? at : -1;
}

/** Where the payload of a data message ends: the Length field rules where there is one. -1 if it promises too much. */
export function payloadEnd(octets: Uint8Array, start: number, end: number, flags: number): number {
  if ((flags & HeaderBit.L) === 0) return end;
  const last = start + wordAt(octets, start + 2);
  return last <= end ? last : -1;
}

export function wordAt(octets: Uint8Array, at: number): number {
  return (octets[at]! << 8) | octets[at + 1]!;
}

export function putWord(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 8;
  octets[at + 1] = value;
}

/** §3.1: L and S MUST be set; the x bits are ignored, and so are O and P, which may not be set but change nothing here. */
export function decodeControlHeader(octets: Uint8Array): ControlHeader {
  if (octets.length < CONTROL_HEADER_LENGTH) throw new DecodeError('truncated', 0, 'a control header of 12 octets');
  const flags = wordAt(octets, 0);
  if ((flags & HeaderBit.Ver) !== VERSION) throw new DecodeError('version', 0, 'Ver 2');
  if ((flags & CONTROL_BITS) !== CONTROL_BITS) throw new DecodeError('control-bits', 0, 'T, L and S set');
  const length = wordAt(octets, 2);
  if (length < CONTROL_HEADER_LENGTH || length > octets.length) {
    throw new DecodeError('length', 2, `a Length of 12 to ${octets.length}, not ${length}`);
  }
  return {
    tunnelId: wordAt(octets, 4),
    sessionId: wordAt(octets, 6),
    ns: wordAt(octets, 8),
    nr: wordAt(octets, 10),
    length,
  };
}

/** Writes the header over the first 12 octets of a whole message. */
export function writeControlHeader(
  message: Uint8Array,
  tunnelId: number,
  sessionId: number,
  ns: number,
  nr: number,
): void {
  putWord(message, 0, CONTROL_BITS | VERSION);
  putWord(message, 2, message.length);
  putWord(message, 4, tunnelId);
  putWord(message, 6, sessionId);
  writeSequence(message, ns, nr);
}

/** A message gets its numbers when it leaves, and a new Nr each time it leaves again (§5.8). */
export function writeSequence(message: Uint8Array, ns: number, nr: number): void {
  putWord(message, 8, ns);
  putWord(message, 10, nr);
}

/** The payload is a view of `octets`, not a copy. */
export function decodeDataMessage(octets: Uint8Array): { header: DataHeader; payload: Uint8Array } {
  const flags = headerFlags(octets, 0, octets.length);
  if (flags < 0) throw new DecodeError('version', 0, 'a data message of Ver 2');
  if ((flags & HeaderBit.T) !== 0) throw new DecodeError('control-bits', 0, 'T clear');
  const start = payloadStart(octets, 0, octets.length, flags);
  const end = payloadEnd(octets, 0, octets.length, flags);
  if (start < 0 || end < start) throw new DecodeError('length', 0, 'a data header that fits');
  const at = tunnelIdOffset(flags);
  const header = {
    tunnelId: wordAt(octets, at),
    sessionId: wordAt(octets, at + 2),
    priority: (flags & HeaderBit.P) !== 0,
    ns: (flags & HeaderBit.S) === 0 ? undefined : wordAt(octets, at + 4),
  };
  return { header, payload: octets.subarray(start, end) };
}

/** Without a Length field, so that all segments of one GSO send can be of one size. `offset` adds an Offset Size field. */
export function encodeDataMessage(
  header: DataHeader,
  payload: Uint8Array,
  form: { readonly length?: boolean; readonly offset?: number } = {},
): Uint8Array {
  const { ns } = header;
  let flags = VERSION;
  let size = SHORTEST;
  if (form.length === true) [flags, size] = [flags | HeaderBit.L, size + 2];
  if (ns !== undefined) [flags, size] = [flags | HeaderBit.S, size + 4];
  if (form.offset !== undefined) [flags, size] = [flags | HeaderBit.O, size + 2 + form.offset];
  if (header.priority) flags |= HeaderBit.P;
  const octets = new Uint8Array(size + payload.length);
  putWord(octets, 0, flags);
  if (form.length === true) putWord(octets, 2, octets.length);
  const at = tunnelIdOffset(flags);
  putWord(octets, at, header.tunnelId);
  putWord(octets, at + 2, header.sessionId);
  if (ns !== undefined) putWord(octets, at + 4, ns); // Nr stays 0: reserved in data messages
  if (form.offset !== undefined) putWord(octets, at + (ns === undefined ? 4 : 8), form.offset);
  octets.set(payload, size);
  return octets;
}

const SHORTEST = 6;
const CONTROL_BITS = HeaderBit.T | HeaderBit.L | HeaderBit.S;
