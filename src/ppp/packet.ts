// The packet that LCP, the NCPs, PAP and CHAP share, RFC 1661 §5, and the codes of the control protocols.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   |     Code      |  Identifier   |            Length             |
//   |    Data ...

import { DecodeError } from '../wire/errors.ts';

/** RFC 1661 §5; Identification and Time-Remaining from RFC 1570 §2. */
export const Code = {
  ConfigureRequest: 1,
  ConfigureAck: 2,
  ConfigureNak: 3,
  ConfigureReject: 4,
  TerminateRequest: 5,
  TerminateAck: 6,
  CodeReject: 7,
  ProtocolReject: 8,
  EchoRequest: 9,
  EchoReply: 10,
  DiscardRequest: 11,
  Identification: 12,
  TimeRemaining: 13,
} as const;

export interface Packet {
  readonly code: number;
  readonly identifier: number;
  readonly data: Uint8Array;
  /** The whole packet, without what may follow its Length. Views into the frame it came in. */
  readonly octets: Uint8Array;
}

export function decodePacket(information: Uint8Array): Packet {
  if (information.length < HEADER_LENGTH) {
    throw new DecodeError('packet-truncated', 0, `${HEADER_LENGTH} octets of header, not ${information.length}`);
  }
  const length = (information[2]! << 8) | information[3]!;
  if (length < HEADER_LENGTH || length > information.length) {
    throw new DecodeError('packet-length', 2, `Length 4 to ${information.length}, not ${length}`);
  }
  // §5: "Octets outside the range of the Length field are treated as padding and are ignored on reception."
  const octets = information.length === length ? information : information.subarray(0, length);
  return { code: octets[0]!, identifier: octets[1]!, data: octets.subarray(HEADER_LENGTH), octets };
}

export function encodePacket(code: number, identifier: number, data: Uint8Array = NO_DATA): Uint8Array {
  const length = HEADER_LENGTH + data.length;
  const packet = new Uint8Array(length);
  packet[0] = code;
  packet[1] = identifier;
  packet[2] = length >>> 8;
  packet[3] = length;
  packet.set(data, HEADER_LENGTH);
  return packet;
}

export const HEADER_LENGTH = 4;
const NO_DATA = new Uint8Array(0);
