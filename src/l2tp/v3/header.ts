// L2TPv3 headers, RFC 3931 §3.2.1 (control), §4.1.1 (over IP) and §4.1.2 (over UDP). What tells control from data is the
// Session ID 0 over IP, and the T bit over UDP.
//
//  control, over IP behind |            Session ID 0           |
//   |T|L|x|x|S|x|x|x|x|x|x|x|  Ver  |             Length            |
//   |                     Control Connection ID                     |
//   |               Ns              |               Nr              |
//
//  data, over UDP behind   |0|x x x x x x x x x x x|  Ver  |  Reserved |
//   |                           Session ID                          |
//   |               Cookie (optional, maximum 64 bits)...           |
//   |          L2-Specific Sublayer (optional)          | payload ...

import { DecodeError } from '../../wire/errors.ts';
import type { Path } from '../../wire/ip.ts';

export interface ControlHeader {
  /** Where the message begins: the word with the version, which digests and AVPs count from. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** 0 while the peer does not know ours. */
  readonly connectionId: number;
  readonly ns: number;
  readonly nr: number;
}

export type Kind = 'control' | 'data' | 'not-v3';

/** Over UDP the version is looked at before anything else: a message of L2TPv2 is not ours (§4.7.1). */
export function kindOf({ transport }: Path, octets: Uint8Array): Kind {
  if (octets.length < 4) throw new DecodeError('too-short', 0, `${octets.length} octets`);
  const view = viewOf(octets);
  if (transport === 'ip') return view.getUint32(0) === 0 ? 'control' : 'data';
  const bits = view.getUint16(0);
  if ((bits & VERSION_MASK) !== VERSION) return 'not-v3';
  return (bits & T) === 0 ? 'data' : 'control';
}

export function decodeControlHeader({ transport }: Path, octets: Uint8Array): ControlHeader {
  const start = transport === 'ip' ? SESSION_ID_LENGTH : 0;
  if (octets.length < start + CONTROL_HEADER_LENGTH) throw new DecodeError('too-short', 0, `${octets.length} octets`);
  const view = viewOf(octets);
  const bits = view.getUint16(start);
  const version = bits & VERSION_MASK;
  // §4.7.3: over UDP an SCCRQ for both versions says 2, and has the ids of both at 0.
  const isForBoth = version === 2 && transport !== 'ip' && view.getUint32(start + 4) === 0;
  if (version !== VERSION && !isForBoth) throw new DecodeError('version', start, `version ${version}`);
  // §3.2.1: "The T bit MUST be set to 1 ... The L and S bits MUST be set to 1".
  if ((bits & CONTROL_BITS) !== CONTROL_BITS) throw new DecodeError('header-bits', start, `bits ${bits.toString(16)}`);
  const length = view.getUint16(start + 2);
  if (length < CONTROL_HEADER_LENGTH || start + length > octets.length) {
    throw new DecodeError('length', start + 2, `length ${length} of ${octets.length - start} octets`);
  }
  return {
    start,
    end: start + length,
    connectionId: view.getUint32(start + 4),
    ns: view.getUint16(start + NS_OFFSET),
    nr: view.getUint16(start + NS_OFFSET + 2),
  };
}

/** In place, at the start of a message that ends where the octets do. */
export function writeControlHeader(message: Uint8Array, connectionId: number, ns: number, nr: number): void {
  const view = viewOf(message);
  view.setUint16(0, CONTROL_BITS | VERSION);
  view.setUint16(2, message.length);
  view.setUint32(4, connectionId);
  view.setUint16(NS_OFFSET, ns);
  view.setUint16(NS_OFFSET + 2, nr);
}

/** A control message as it goes out: over IP the Session ID 0 stands in front (§4.1.1.2). */
export function framed({ transport }: Path, message: Uint8Array): Uint8Array {
  if (transport !== 'ip') return message;
  const octets = new Uint8Array(SESSION_ID_LENGTH + message.length);
  octets.set(message, SESSION_ID_LENGTH);
  return octets;
}

/** Where the Session ID of a data message lies. */
export function sessionIdOffset({ transport }: Path): number {
  return transport === 'ip' ? 0 : UDP_DATA_HEADER_LENGTH;
}

/** The Session ID of a data message; 0 is reserved and never one. */
export function sessionIdOf(path: Path, octets: Uint8Array): number {
  const at = sessionIdOffset(path);
  if (octets.length < at + SESSION_ID_LENGTH) throw new DecodeError('too-short', 0, `${octets.length} octets`);
  return viewOf(octets).getUint32(at);
}

/** A data message from its parts; the sublayer, if there is one, stands at the head of `payload`. */
export function encodeDataMessage(
  path: Path,
  sessionId: number,
  cookie: Uint8Array,
  sublayer: number | undefined,
  payload: Uint8Array,
): Uint8Array {
  const at = sessionIdOffset(path);
  const head = at + SESSION_ID_LENGTH + cookie.length;
  const octets = new Uint8Array(head + (sublayer === undefined ? 0 : SUBLAYER_LENGTH) + payload.length);
  const view = viewOf(octets);
  if (path.transport !== 'ip') view.setUint16(0, VERSION);
  view.setUint32(at, sessionId);
  octets.set(cookie, at + SESSION_ID_LENGTH);
  if (sublayer !== undefined) view.setUint32(head, sublayer);
  octets.set(payload, octets.length - payload.length);
  return octets;
}

/** The default L2-Specific Sublayer, §4.6: `|x|S|x|x|x|x|x|x|  Sequence Number (24)  |`. Undefined: no number. */
export function sublayerWord(sequence: number | undefined): number {
  return sequence === undefined ? 0 : (S_BIT | (sequence & SEQUENCE_MASK)) >>> 0;
}

export function sequenceOf(sublayer: number): number | undefined {
  return (sublayer & S_BIT) === 0 ? undefined : sublayer & SEQUENCE_MASK;
}

function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.length);
}

export const CONTROL_HEADER_LENGTH = 12;
export const SESSION_ID_LENGTH = 4;
export const SUBLAYER_LENGTH = 4;
/** The channel writes Ns and Nr here, as it does for L2TPv2: the two headers have them at the same place. */
export const NS_OFFSET = 8;
const UDP_DATA_HEADER_LENGTH = 4;
const [T, CONTROL_BITS] = [0x8000, 0xc800];
const [VERSION, VERSION_MASK] = [3, 0x000f];
const [S_BIT, SEQUENCE_MASK] = [0x40000000, 0x00ffffff];
