// The messages of a PPTP control connection, RFC 2637 §2: all fifteen, from one table. TCP carries them one behind the other.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   |             Length            |       PPTP Message Type       |
//   |                          Magic Cookie                         |
//   |      Control Message Type     |           Reserved0           |
//
// Reserved fields are sent as 0 and not looked at when received: some routers put things there.

import { DecodeError } from '../wire/errors.ts';
import { utf8 } from '../wire/values.ts';

/** Of a number the octets; `text64`, `text128`: padded with zeros; `length`: that of the text of the same name. */
type Kind = 'u8' | 'u16' | 'u32' | 'text64' | 'text128' | 'length';
type Field = readonly [name: string, kind: Kind];

const RESERVED8 = ['', 'u8'] as const;
const RESERVED16 = ['', 'u16'] as const;
const RESULT = [
  ['resultCode', 'u8'],
  ['errorCode', 'u8'],
] as const;
/** §2.1 and §2.2, behind what tells the two apart. */
const CAPABILITIES = [
  ['framingCapabilities', 'u32'],
  ['bearerCapabilities', 'u32'],
  ['maximumChannels', 'u16'],
  ['firmwareRevision', 'u16'],
  ['hostName', 'text64'],
  ['vendorName', 'text64'],
] as const;
/** Packet Recv. Window Size and Packet Processing Delay (or Packet Transmit Delay), the latter in tenths of a second. */
const FLOW = [
  ['receiveWindowSize', 'u16'],
  ['processingDelay', 'u16'],
] as const;

// biome-ignore format: one field after the other, as §2 draws them
export const MESSAGES = {
  /** Start-Control-Connection-Request, §2.1. */
  SCCRQ: { type: 1, fields: [['protocolVersion', 'u16'], RESERVED16, ...CAPABILITIES] },
  /** Start-Control-Connection-Reply, §2.2. */
  SCCRP: { type: 2, fields: [['protocolVersion', 'u16'], ...RESULT, ...CAPABILITIES] },
  /** Stop-Control-Connection-Request, §2.3. */
  StopCCRQ: { type: 3, fields: [['reason', 'u8'], RESERVED8, RESERVED16] },
  /** Stop-Control-Connection-Reply, §2.4. */
  StopCCRP: { type: 4, fields: [...RESULT, RESERVED16] },
  /** §2.5. */
  'Echo-Request': { type: 5, fields: [['identifier', 'u32']] },
  /** §2.6. */
  'Echo-Reply': { type: 6, fields: [['identifier', 'u32'], ...RESULT, RESERVED16] },
  /** Outgoing-Call-Request, §2.7. */
  OCRQ: { type: 7, fields: [
    ['callId', 'u16'], ['callSerialNumber', 'u16'], ['minimumBps', 'u32'], ['maximumBps', 'u32'],
    ['bearerType', 'u32'], ['framingType', 'u32'], ...FLOW,
    ['phoneNumber', 'length'], RESERVED16, ['phoneNumber', 'text64'], ['subAddress', 'text64'],
  ] },
  /** Outgoing-Call-Reply, §2.8. */
  OCRP: { type: 8, fields: [
    ['callId', 'u16'], ['peerCallId', 'u16'], ...RESULT, ['causeCode', 'u16'],
    ['connectSpeed', 'u32'], ...FLOW, ['physicalChannelId', 'u32'],
  ] },
  /** Incoming-Call-Request, §2.9. */
  ICRQ: { type: 9, fields: [
    ['callId', 'u16'], ['callSerialNumber', 'u16'], ['bearerType', 'u32'], ['physicalChannelId', 'u32'],
    ['dialedNumber', 'length'], ['dialingNumber', 'length'],
    ['dialedNumber', 'text64'], ['dialingNumber', 'text64'], ['subAddress', 'text64'],
  ] },
  /** Incoming-Call-Reply, §2.10. */
  ICRP: { type: 10, fields: [['callId', 'u16'], ['peerCallId', 'u16'], ...RESULT, ...FLOW, RESERVED16] },
  /** Incoming-Call-Connected, §2.11. */
  ICCN: { type: 11, fields: [
    ['peerCallId', 'u16'], RESERVED16, ['connectSpeed', 'u32'], ...FLOW, ['framingType', 'u32'],
  ] },
  /** Call-Clear-Request, §2.12: the Call ID is that of the sender, the PNS. */
  CCR: { type: 12, fields: [['callId', 'u16'], RESERVED16] },
  /** Call-Disconnect-Notify, §2.13: the Call ID is that of the sender, the PAC. */
  CDN: { type: 13, fields: [
    ['callId', 'u16'], ...RESULT, ['causeCode', 'u16'], RESERVED16, ['callStatistics', 'text128'],
  ] },
  /** WAN-Error-Notify, §2.14. */
  WEN: { type: 14, fields: [
    ['peerCallId', 'u16'], RESERVED16, ['crcErrors', 'u32'], ['framingErrors', 'u32'], ['hardwareOverruns', 'u32'],
    ['bufferOverruns', 'u32'], ['timeoutErrors', 'u32'], ['alignmentErrors', 'u32'],
  ] },
  /** Set-Link-Info, §2.15. */
  SLI: { type: 15, fields: [['peerCallId', 'u16'], RESERVED16, ['sendAccm', 'u32'], ['receiveAccm', 'u32']] },
} as const satisfies Record<string, { readonly type: number; readonly fields: readonly Field[] }>;

export type MessageName = keyof typeof MESSAGES;

type FieldOf<Name extends MessageName> = Exclude<(typeof MESSAGES)[Name]['fields'][number], readonly ['', Kind]>;

/** What a message says, by the names of its fields. */
export type Fields<Name extends MessageName> = {
  readonly [F in FieldOf<Name> as F[1] extends 'length' ? never : F[0]]: F[1] extends `text${string}` ? string : number;
};

export type Message = { [Name in MessageName]: { readonly name: Name; readonly fields: Fields<Name> } }[MessageName];

/** TCP, §1.3.1: where a control connection is asked for. */
export const PPTP_PORT = 1723;
/** Octets of the header, of the longest message, and the cookie by which a lost TCP stream is noticed (§1.4). */
export const HEADER_LENGTH = 12;
export const LONGEST = 220;
export const MAGIC_COOKIE = 0x1a2b3c4d;
/** 1.0, in the two octets that all implementations write. */
export const PROTOCOL_VERSION = 0x0100;

/** The message that these octets are, whole and no more; undefined: of a type that nobody knows, to be passed over. */
export function decodeMessage(octets: Uint8Array): Message | undefined {
  const view = viewOf(octets);
  const name = nameOf(octets);
  if (name === undefined) return undefined;
  const wanted = LENGTHS[name];
  if (octets.length !== wanted)
    throw new DecodeError('length', 0, `${wanted} octets for ${name}, not ${octets.length}`);
  const values: Record<string, number | string> = {};
  let at = HEADER_LENGTH;
  for (const [field, kind] of MESSAGES[name].fields as readonly Field[]) {
    if (field !== '' && kind !== 'length') values[field] = readField(view, octets, at, kind);
    at += SIZES[kind];
  }
  return { name, fields: values } as unknown as Message;
}

export function encodeMessage<Name extends MessageName>(name: Name, fields: Fields<Name>): Uint8Array {
  const octets = new Uint8Array(LENGTHS[name]);
  const view = viewOf(octets);
  view.setUint16(0, octets.length);
  view.setUint16(2, CONTROL_MESSAGE);
  view.setUint32(4, MAGIC_COOKIE);
  view.setUint16(8, MESSAGES[name].type);
  const values = fields as unknown as Readonly<Record<string, number | string>>;
  let at = HEADER_LENGTH;
  for (const [field, kind] of MESSAGES[name].fields as readonly Field[]) {
    if (field !== '') writeField(view, octets, at, kind, values[field]!);
    at += SIZES[kind];
  }
  return octets;
}

/** Of a message whose header is there. */
export function nameOf(octets: Uint8Array): MessageName | undefined {
  const view = viewOf(octets);
  return view.getUint16(2) === CONTROL_MESSAGE ? NAMES.get(view.getUint16(8)) : undefined;
}

/** How long a message of this type is. */
export function lengthOf(name: MessageName): number {
  return LENGTHS[name];
}

function readField(view: DataView, octets: Uint8Array, at: number, kind: Exclude<Kind, 'length'>): number | string {
  switch (kind) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at);
    case 'u32':
      return view.getUint32(at);
    case 'text64':
    case 'text128': {
      // Up to the first zero: the lengths that come with phone numbers are made up by some clients.
      const text = octets.subarray(at, at + SIZES[kind]);
      const end = text.indexOf(0);
      return utf8.decode(end < 0 ? text : text.subarray(0, end));
    }
  }
}

function writeField(view: DataView, octets: Uint8Array, at: number, kind: Kind, value: number | string): void {
  switch (kind) {
    case 'u8':
      return view.setUint8(at, Number(value));
    case 'u16':
      return view.setUint16(at, Number(value));
    case 'u32':
      return view.setUint32(at, Number(value));
    case 'length':
      return view.setUint16(at, writeText(new Uint8Array(SIZES.text64), String(value)));
    case 'text64':
    case 'text128':
      writeText(octets.subarray(at, at + SIZES[kind]), String(value));
  }
}

/** Whole characters only, and one zero at least: there are peers that look for it. */
function writeText(field: Uint8Array, text: string): number {
  return new TextEncoder().encodeInto(text, field.subarray(0, -1)).written;
}

function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.length);
}

/** §1.4: "1 for Control Message"; 2 is for management, of which there are no messages. */
const CONTROL_MESSAGE = 1;
const SIZES: Readonly<Record<Kind, number>> = { u8: 1, u16: 2, u32: 4, text64: 64, text128: 128, length: 2 };

const ENTRIES = Object.entries(MESSAGES) as [MessageName, { type: number; fields: readonly Field[] }][];
const NAMES = new Map(ENTRIES.map(([name, { type }]) => [type, name]));
const LENGTHS = Object.fromEntries(
  ENTRIES.map(([name, { fields }]) => [name, fields.reduce((length, [, kind]) => length + SIZES[kind], HEADER_LENGTH)]),
) as Readonly<Record<MessageName, number>>;
