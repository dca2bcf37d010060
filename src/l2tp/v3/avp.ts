// The attributes of L2TPv3, RFC 3931 §5.4, and the vendor's own of early Cisco routers that mean the same. The format of an
// AVP is that of L2TPv2 (`../avp.ts`), but here reserved bits are ignored, and nobody judges the M bit of what it knows.

import { ByteReader, ByteWriter } from '../../wire/bytes.ts';
import { DecodeError } from '../../wire/errors.ts';
import { formatHex, octets, u16, u32, u64, utf8, type ValueCodec } from '../../wire/values.ts';
import type { Attribute, Avp } from '../avp.ts';
import { callErrors, nonZero, resultCode } from '../avp-values.ts';

/** §5.4.1: which hash, then its value. */
export interface MessageDigest {
  readonly type: number;
  readonly digest: Uint8Array;
}

/** §5.4.5: A, the circuit is active; N, it is new. */
export interface CircuitStatus {
  readonly active: boolean;
  readonly isNew: boolean;
}

const nonZero32: ValueCodec<number> = {
  ...u32,
  decode: (value) => {
    const id = u32.decode(value);
    if (id === 0) throw new DecodeError('out-of-range', 0, 'not 0');
    return id;
  },
};

const types: ValueCodec<readonly number[]> = {
  decode: (value) => {
    if (value.length % 2 !== 0) throw new DecodeError('value-length', 0, `${value.length} octets: half a type`);
    const r = new ByteReader(value);
    return Array.from({ length: value.length / 2 }, () => r.u16());
  },
  encode: (list) => {
    const w = new ByteWriter(list.length * 2);
    for (const type of list) w.u16(type);
    return w.finish();
  },
  format: (list) => list.map((type) => PSEUDOWIRE_NAMES[type] ?? String(type)).join(' '),
};

const cookie: ValueCodec<Uint8Array> = {
  ...octets,
  decode: (value) => {
    if (![0, 4, 8].includes(value.length))
      throw new DecodeError('value-length', 0, `a cookie of ${value.length} octets`);
    return value.slice();
  },
};

const messageDigest: ValueCodec<MessageDigest> = {
  decode: (value) => {
    const length = DIGEST_LENGTHS[value[0] ?? -1];
    if (length === undefined || value.length !== 1 + length) {
      throw new DecodeError('value-length', 0, `digest type ${value[0]} with ${value.length - 1} octets`);
    }
    return { type: value[0]!, digest: value.slice(1) };
  },
  encode: ({ type, digest }) => Uint8Array.of(type, ...digest),
  format: ({ type }) => (type === DIGEST_MD5 ? 'MD5' : 'SHA-1'),
};

const circuitStatus: ValueCodec<CircuitStatus> = {
  // RFC 5641 has further bits, of faults and of standby: what we do not know does not make a circuit go down.
  decode: (value) => ({ active: (u16.decode(value) & A) !== 0, isNew: (u16.decode(value) & N) !== 0 }),
  encode: ({ active, isNew }) => u16.encode((active ? A : 0) | (isNew ? N : 0)),
  format: ({ active, isNew }) => `${active ? 'active' : 'inactive'}${isNew ? ', new' : ''}`,
};

const [M, O, H, CLEAR] = [true, false, true, false];

/** One row an attribute, all with Vendor ID 0. */
// biome-ignore format: the columns of §5.4
export const ATTRIBUTES = {
  MessageType:                 row( 0, M, CLEAR, u16),
  ResultCode:                  row( 1, M, CLEAR, resultCode),
  TieBreaker:                  row( 5, O, CLEAR, u64),
  HostName:                    row( 7, M, CLEAR, utf8),
  VendorName:                  row( 8, O, H,     utf8),
  ReceiveWindowSize:           row(10, M, CLEAR, nonZero),
  SerialNumber:                row(15, O, H,     u32),
  PhysicalChannelId:           row(25, O, H,     u32),
  CircuitErrors:               row(34, M, H,     callErrors),
  RandomVector:                row(36, M, CLEAR, octets),
  MessageDigest:               row(59, M, CLEAR, messageDigest),
  RouterId:                    row(60, M, CLEAR, u32),
  AssignedControlConnectionId: row(61, M, H,     nonZero32),
  PseudowireCapabilitiesList:  row(62, M, H,     types),
  LocalSessionId:              row(63, M, H,     u32),
  RemoteSessionId:             row(64, M, H,     u32),
  AssignedCookie:              row(65, M, H,     cookie),
  RemoteEndId:                 row(66, M, H,     octets),
  ApplicationId:               row(67, O, H,     octets),
  PseudowireType:              row(68, M, H,     u16),
  L2SpecificSublayer:          row(69, M, H,     u16),
  DataSequencing:              row(70, M, H,     u16),
  CircuitStatus:               row(71, M, H,     circuitStatus),
  PreferredLanguage:           row(72, O, H,     utf8),
  Nonce:                       row(73, M, CLEAR, octets),
  TxConnectSpeed:              row(74, O, H,     u64),
  RxConnectSpeed:              row(75, O, H,     u64),
  InterfaceMtu:                row(91, O, H,     u16), // RFC 4667
} as const;

/** Vendor 9: what early Cisco routers send instead of the RFC's, or beside them. Sent only to a peer that sent some. */
// biome-ignore format: number and name
export const CISCO_ATTRIBUTES = {
  AssignedControlConnectionId: 1, PseudowireCapabilitiesList: 2, LocalSessionId: 3, RemoteSessionId: 4, AssignedCookie: 5,
  RemoteEndId: 6, PseudowireType: 7, CircuitStatus: 8, TieBreaker: 9, MessageDigest: 12, Nonce: 13, InterfaceMtu: 14,
} as const satisfies Partial<Record<AttributeName, number>>;

export type AttributeName = keyof typeof ATTRIBUTES;
type ValueOf<Row> = Row extends Attribute<infer T> ? T : never;
export type AttributeValue<Name extends AttributeName> = ValueOf<(typeof ATTRIBUTES)[Name]>;
export type Attributes = { [Name in AttributeName]?: AttributeValue<Name> | undefined };

/** The attribute an AVP stands for, whoever's number it has. */
export function attributeOf({ vendorId, type }: Pick<Avp, 'vendorId' | 'type'>): AttributeName | undefined {
  if (vendorId === 0) return NAMES[type];
  return vendorId === CISCO ? CISCO_NAMES[type] : undefined;
}

/** Attributes of L2TPv2 alone: §4.7.1 has them ignored in a message that speaks both versions, M bit or not. */
export function isOfVersion2({ vendorId, type }: Pick<Avp, 'vendorId' | 'type'>): boolean {
  return vendorId === 0 && type < FIRST_V3_ATTRIBUTE && NAMES[type] === undefined;
}

export function nameOfAvp(avp: Pick<Avp, 'vendorId' | 'type'>): string {
  return attributeOf(avp) ?? `vendor ${avp.vendorId} attribute ${avp.type}`;
}

/** One AVP on a debug line. Cookies and digests stay unprinted: who knows a cookie can inject. */
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

/** IANA, Layer Two Tunneling Protocol "L2TP" pseudowire types: those we carry or know by name. */
export const PseudowireType = { EthernetVlan: 4, Ethernet: 5, Ppp: 7, AtmVpcCell: 10 } as const;
export const CISCO = 9;
export const DIGEST_MD5 = 0;
export const DIGEST_SHA1 = 1;
/** Octets, by digest type. */
export const DIGEST_LENGTHS: Readonly<Record<number, number>> = { [DIGEST_MD5]: 16, [DIGEST_SHA1]: 20 };
const PSEUDOWIRE_NAMES: Readonly<Record<number, string>> = { 4: 'Ethernet-VLAN', 5: 'Ethernet', 6: 'HDLC', 7: 'PPP' };
const FIRST_V3_ATTRIBUTE = 58;
const [A, N] = [1, 2];
const SECRET: ReadonlySet<AttributeName> = new Set(['AssignedCookie', 'MessageDigest']);
const NAMES: readonly (AttributeName | undefined)[] = (() => {
  const names: (AttributeName | undefined)[] = [];
  for (const name of Object.keys(ATTRIBUTES) as AttributeName[]) names[ATTRIBUTES[name].type] = name;
  return names;
})();
const CISCO_NAMES: readonly (AttributeName | undefined)[] = (() => {
  const names: (AttributeName | undefined)[] = [];
  for (const [name, type] of Object.entries(CISCO_ATTRIBUTES)) names[type] = name as AttributeName;
  return names;
})();
