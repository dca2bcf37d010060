// L2TP Attribute Value Pairs, RFC 2661 §4.1: octets <-> Avp, and the table of §4.4 that gives each attribute its type.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   |M|H| rsvd  |      Length       |           Vendor ID           |
//   |         Attribute Type        |        Attribute Value ...    |

import type { ByteReader, ByteWriter } from '../wire/bytes.ts';
import { DecodeError, LocalError } from '../wire/errors.ts';
import { formatHex, octets, u16, u32, u64, utf8, type ValueCodec } from '../wire/values.ts';
import {
  accm,
  callErrors,
  disconnectCause,
  lowOctet,
  nonZero,
  present,
  protocolVersion,
  q931Cause,
  resultCode,
} from './avp-values.ts';

export interface Avp {
  readonly mandatory: boolean;
  readonly hidden: boolean;
  /** §4.1: "An AVP received with a reserved bit set to 1 MUST be treated as an unrecognized AVP." */
  readonly reserved: boolean;
  readonly vendorId: number;
  readonly type: number;
  /** As on the wire: hidden if the H bit is set. A view, not a copy. */
  readonly value: Uint8Array;
}

export interface Attribute<T> {
  readonly type: number;
  /** The M bit we send. That of a received attribute we know is never judged. */
  readonly mandatory: boolean;
  readonly mayBeHidden: boolean;
  readonly value: ValueCodec<T>;
}

const [M, O, H, CLEAR] = [true, false, true, false];

/** One row an attribute, all with Vendor ID 0: the encoder, the decoder, the debug printer and the static type. */
// biome-ignore format: the columns of §4.4
export const ATTRIBUTES = {
  MessageType:               row( 0, M, CLEAR, u16),
  ResultCode:                row( 1, M, CLEAR, resultCode),
  ProtocolVersion:           row( 2, M, CLEAR, protocolVersion),
  FramingCapabilities:       row( 3, M, H,     u32),
  BearerCapabilities:        row( 4, M, H,     u32),
  TieBreaker:                row( 5, O, CLEAR, u64),
  FirmwareRevision:          row( 6, O, H,     u16),
  HostName:                  row( 7, M, CLEAR, utf8),
  VendorName:                row( 8, O, H,     utf8),
  AssignedTunnelId:          row( 9, M, H,     nonZero),
  ReceiveWindowSize:         row(10, M, CLEAR, nonZero),
  Challenge:                 row(11, M, H,     octets),
  Q931CauseCode:             row(12, M, CLEAR, q931Cause),
  ChallengeResponse:         row(13, M, H,     octets),
  AssignedSessionId:         row(14, M, H,     nonZero),
  CallSerialNumber:          row(15, M, H,     u32),
  MinimumBps:                row(16, M, H,     u32),
  MaximumBps:                row(17, M, H,     u32),
  BearerType:                row(18, M, H,     u32),
  FramingType:               row(19, M, H,     u32),
  CalledNumber:              row(21, M, H,     utf8),
  CallingNumber:             row(22, M, H,     utf8),
  SubAddress:                row(23, M, H,     utf8),
  TxConnectSpeed:            row(24, M, H,     u32),
  PhysicalChannelId:         row(25, O, H,     u32),
  InitialReceivedLcpConfreq: row(26, O, H,     octets),
  LastSentLcpConfreq:        row(27, O, H,     octets),
  LastReceivedLcpConfreq:    row(28, O, H,     octets),
  ProxyAuthenType:           row(29, O, H,     u16),
  ProxyAuthenName:           row(30, O, H,     utf8),
  ProxyAuthenChallenge:      row(31, O, H,     octets),
  ProxyAuthenId:             row(32, O, H,     lowOctet),
  ProxyAuthenResponse:       row(33, O, H,     octets),
  CallErrors:                row(34, M, H,     callErrors),
  Accm:                      row(35, M, H,     accm),
  RandomVector:              row(36, M, CLEAR, octets),
  PrivateGroupId:            row(37, O, H,     utf8),
  RxConnectSpeed:            row(38, O, H,     u32),
  SequencingRequired:        row(39, M, CLEAR, present),
  PppDisconnectCause:        row(46, O, H,     disconnectCause), // RFC 3145
} as const;

export type AttributeName = keyof typeof ATTRIBUTES;
type ValueOf<Row> = Row extends Attribute<infer T> ? T : never;
export type AttributeValue<Name extends AttributeName> = ValueOf<(typeof ATTRIBUTES)[Name]>;
export type Attributes = { [Name in AttributeName]?: AttributeValue<Name> | undefined };

export function decodeAvp(r: ByteReader): Avp {
  const start = r.offset;
  const bits = r.u16();
  const length = bits & LENGTH;
  if (length < HEADER_LENGTH) throw new DecodeError('avp-length', start, `AVP length is ${length}, the least is 6`);
  const vendorId = r.u16();
  const type = r.u16();
  return {
    mandatory: (bits & M_BIT) !== 0,
    hidden: (bits & H_BIT) !== 0,
    reserved: (bits & RESERVED) !== 0,
    vendorId,
    type,
    value: r.take(length - HEADER_LENGTH),
  };
}

export function encodeAvp(w: ByteWriter, avp: Omit<Avp, 'reserved'>): void {
  const length = HEADER_LENGTH + avp.value.length;
  if (length > LENGTH) throw new LocalError('avp-too-long', `§4.1: an AVP of ${length} octets, the most is ${LENGTH}`);
  w.u16((avp.mandatory ? M_BIT : 0) | (avp.hidden ? H_BIT : 0) | length);
  w.u16(avp.vendorId);
  w.u16(avp.type);
  w.bytes(avp.value);
}

/** The row of an AVP that is recognised. Vendor before type: vendor 3561's 2 is no Protocol Version. */
export function attributeOf(avp: Avp): AttributeName | undefined {
  return avp.vendorId === 0 && !avp.reserved ? NAMES[avp.type] : undefined;
}

/** As text for an Error Message or a log line: the name, or vendor and number. */
export function nameOfAvp(avp: Pick<Avp, 'vendorId' | 'type'>): string {
  const name = avp.vendorId === 0 ? NAMES[avp.type] : undefined;
  return name ?? `vendor ${avp.vendorId} attribute ${avp.type}`;
}

/** One AVP on a debug line. Values that are as good as a password stay unprinted. */
export function formatAvp(avp: Avp): string {
  const name = attributeOf(avp);
  if (avp.hidden) return `${nameOfAvp(avp)} (hidden, ${avp.value.length} octets)`;
  if (name === undefined) return `${nameOfAvp(avp)} ${formatHex(avp.value)}`;
  if (SECRET.has(name)) return `${name} (${avp.value.length} octets)`;
  try {
    const codec = ATTRIBUTES[name].value as ValueCodec<unknown>;
    return `${name} ${codec.format(codec.decode(avp.value))}`;
  } catch {
    return `${name} (malformed) ${formatHex(avp.value)}`;
  }
}

function row<T>(type: number, mandatory: boolean, mayBeHidden: boolean, value: ValueCodec<T>): Attribute<T> {
  return { type, mandatory, mayBeHidden, value };
}

const HEADER_LENGTH = 6;
const [M_BIT, H_BIT, RESERVED, LENGTH] = [0x8000, 0x4000, 0x3c00, 0x03ff];
const SECRET: ReadonlySet<AttributeName> = new Set(['ProxyAuthenResponse', 'ChallengeResponse']);
const NAMES: readonly (AttributeName | undefined)[] = (() => {
  const names: (AttributeName | undefined)[] = [];
  for (const name of Object.keys(ATTRIBUTES) as AttributeName[]) names[ATTRIBUTES[name].type] = name;
  return names;
})();
