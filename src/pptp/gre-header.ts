// The header of enhanced GRE, RFC 2637 §4.1. It has a sequence number only with a payload, and an acknowledgment at any time.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
//   |    Key (HW) Payload Length    |       Key (LW) Call ID        |
//   |                  Sequence Number (Optional)                   |
//   |               Acknowledgment Number (Optional)                |

import { DecodeError } from '../wire/errors.ts';

/** Bits of the first word, as a number of 16 bits. */
export const GreBit = { C: 0x8000, R: 0x4000, K: 0x2000, S: 0x1000, A: 0x0080 } as const;

/** "Protocol Type: Set to hex 880B". */
export const GRE_PPP = 0x880b;
export const GRE_VERSION = 1;
export const GRE_VERSION_MASK = 7;

/** Without its optional fields. */
export const GRE_HEADER = 8;
export const GRE_FIELD = 4;

/** Where in the header, octets from its start. */
export const GreOffset = { bits: 0, protocol: 2, payloadLength: 4, call: 6, sequence: 8 } as const;

export interface GrePacket {
  /** Key: the Call ID of who receives it. */
  readonly call: number;
  readonly sequence: number | undefined;
  readonly acknowledgment: number | undefined;
  /** A PPP frame; empty of a packet that only acknowledges. It shares the memory of the packet. */
  readonly payload: Uint8Array;
}

export function decodeGre(octets: Uint8Array): GrePacket {
  if (octets.length < GRE_HEADER) throw new DecodeError('too-short', 0, `${octets.length} octets`);
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const bits = view.getUint16(GreOffset.bits);
  if ((bits & ~(GreBit.S | GreBit.A)) !== (GreBit.K | GRE_VERSION)) {
    throw new DecodeError('header-bits', 0, `bits ${bits.toString(16)}`);
  }
  const protocol = view.getUint16(GreOffset.protocol);
  if (protocol !== GRE_PPP) throw new DecodeError('protocol-type', 2, `protocol type ${protocol.toString(16)}`);
  const hasSequence = (bits & GreBit.S) !== 0;
  const hasAcknowledgment = (bits & GreBit.A) !== 0;
  const start = GRE_HEADER + (hasSequence ? GRE_FIELD : 0) + (hasAcknowledgment ? GRE_FIELD : 0);
  const length = view.getUint16(GreOffset.payloadLength);
  // §4.1: a sequence number comes with a payload, and only with one.
  if (start + length > octets.length || hasSequence !== length > 0) {
    throw new DecodeError('length', GreOffset.payloadLength, `payload of ${length} octets in ${octets.length}`);
  }
  return {
    call: view.getUint16(GreOffset.call),
    sequence: hasSequence ? view.getUint32(GreOffset.sequence) : undefined,
    acknowledgment: hasAcknowledgment ? view.getUint32(start - GRE_FIELD) : undefined,
    payload: octets.subarray(start, start + length),
  };
}

/** A frame on its way to the peer's call; whoever sends it gives it its number. */
export function encodeGre(peerCall: number, frame: Uint8Array, sequence = 0): Uint8Array {
  const start = GRE_HEADER + GRE_FIELD;
  const octets = new Uint8Array(start + frame.length);
  const view = new DataView(octets.buffer);
  view.setUint16(GreOffset.bits, GreBit.K | GreBit.S | GRE_VERSION);
  view.setUint16(GreOffset.protocol, GRE_PPP);
  view.setUint16(GreOffset.payloadLength, frame.length);
  view.setUint16(GreOffset.call, peerCall);
  view.setUint32(GreOffset.sequence, sequence);
  octets.set(frame, start);
  return octets;
}
