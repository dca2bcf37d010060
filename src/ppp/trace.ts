// Trace events as the lines of `debug ppp negotiation` and `debug ppp authentication`, in the words and columns of IOS.
// The interface's name goes in front and is not written here.

import { DecodeError } from '../wire/errors.ts';
import { formatHex, printable, u16, u32, utf8 } from '../wire/values.ts';
import { CcpCode } from './ccp.ts';
import { CCP_OPTIONS } from './ccp-options.ts';
import { ChapCode, decodeChapValue } from './chap.ts';
import { decodeMsChap, EapCode, EapType } from './eap.ts';
import type { PppTrace } from './events.ts';
import { formatProtocol } from './frame.ts';
import { IPCP_OPTIONS } from './ipcp.ts';
import { LCP_OPTIONS } from './lcp-options.ts';
import { decodeOptions, type Option } from './options.ts';
import { Code, decodePacket, type Packet } from './packet.ts';
import { decodePapMessage, decodePapRequest, PapCode } from './pap.ts';

export function formatPppTrace(event: PppTrace): string[] {
  switch (event.kind) {
    case 'packet':
      return formatPacket(event);
    case 'state': {
      // IOS says where a layer comes to rest, and is silent about the steps between.
      const state = STATE_NAMES.get(event.state) ?? event.state;
      return RESTING.has(state) ? [`${event.protocol}: State is ${state}`] : [];
    }
    case 'phase':
      return [`PPP: Phase is ${event.phase}${event.detail === '' ? '' : `, ${event.detail}`}`];
    case 'note':
      return [`PPP: ${printable(event.text)}`];
    default:
      return event satisfies never;
  }
}

/** `LCP: O CONFREQ [REQsent] id 1 len 15`, and a line for each option. */
function formatPacket(event: Extract<PppTrace, { kind: 'packet' }>): string[] {
  const { direction, protocol, title = protocol, state, packet: octets } = event;
  try {
    const packet = decodePacket(octets);
    const name = (CODE_NAMES[protocol] ?? CONTROL_CODES).get(packet.code) ?? `Code ${packet.code}`;
    const bracket = state === '' ? '' : ` [${STATE_NAMES.get(state) ?? state}]`;
    const head = `${title}: ${direction} ${name}${bracket} id ${packet.identifier} len ${octets.length}`;
    return formatInside(head, protocol, packet);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [`${title}: ${direction} malformed packet, ${octets.length} octets: ${error.message}`];
  }
}

/** What follows the head: options on lines of their own, anything else on the same line. */
function formatInside(head: string, protocol: string, packet: Packet): string[] {
  if (protocol === 'CHAP') return [`${head}${formatChap(packet)}`];
  if (protocol === 'PAP') return [`${head}${formatPap(packet)}`];
  if (protocol === 'EAP') return [`${head}${formatEap(packet)}`];
  const { code, data } = packet;
  switch (code) {
    case Code.ConfigureRequest:
    case Code.ConfigureAck:
    case Code.ConfigureNak:
    case Code.ConfigureReject:
      return [head, ...decodeOptions(data).map((option) => `${protocol}:    ${formatOption(protocol, option)}`)];
    case Code.ProtocolReject: {
      if (data.length < 2) return [head];
      return [`${head} protocol ${formatProtocol(u16.decode(data.subarray(0, 2)))} (${hex(data.subarray(2))})`];
    }
    case Code.CodeReject:
      return [`${head} (${hex(data)})`];
    case Code.EchoRequest:
    case Code.EchoReply:
    case Code.DiscardRequest:
    case Code.Identification:
    case Code.TimeRemaining:
      return [data.length < 4 ? head : `${head} magic ${hex(u32.encode(u32.decode(data.subarray(0, 4))))}`];
    default:
      return [head];
  }
}

/** `MagicNumber 0x8CCF0E1E (0x05068CCF0E1E)`. */
function formatOption(protocol: string, { type, data }: Option): string {
  const table: readonly Describable[] = OPTIONS[protocol] ?? IPCP_OPTIONS;
  const row = table.find((candidate) => candidate.type === type);
  const raw = hex(Uint8Array.of(type, data.length + 2, ...data));
  return [row?.name ?? `Option ${type}`, row?.format(data) ?? '', `(${raw})`].filter((part) => part !== '').join(' ');
}

/** Of a row of any protocol, what a line needs. */
interface Describable {
  readonly type: number;
  readonly name: string;
  format(data: Uint8Array): string;
}

const OPTIONS: Readonly<Record<string, readonly Describable[]>> = {
  LCP: LCP_OPTIONS,
  IPCP: IPCP_OPTIONS,
  CCP: CCP_OPTIONS,
};

function formatChap({ code, data }: Packet): string {
  if (code === ChapCode.Challenge || code === ChapCode.Response) {
    return ` from "${printable(decodeChapValue(data).name)}"`;
  }
  return formatMessage(utf8.decode(data));
}

function formatPap({ code, data }: Packet): string {
  if (code === PapCode.AuthenticateRequest) return ` from "${printable(decodePapRequest(data).username)}"`;
  return formatMessage(decodePapMessage(data));
}

/** ` MSCHAPV2 CHALLENGE from "lns"`. */
function formatEap({ code, data }: Packet): string {
  const [type] = data;
  if (type === undefined || code > EapCode.Response) return '';
  const name = ` ${EAP_TYPES.get(type) ?? `Type ${type}`}`;
  const inside = data.subarray(1);
  if (type === EapType.Identity) return code === EapCode.Request ? name : `${name} "${printable(utf8.decode(inside))}"`;
  if (type === EapType.Nak) return `${name} for ${EAP_TYPES.get(inside[0] ?? 0) ?? `Type ${inside[0] ?? 0}`}`;
  if (type !== EapType.MsChapV2) return name;
  const { opCode, data: body } = decodeMsChap(inside);
  const chap = { code: opCode, identifier: 0, data: body, octets: body };
  return `${name} ${CODE_NAMES.CHAP!.get(opCode) ?? `OpCode ${opCode}`}${body.length === 0 ? '' : formatChap(chap)}`;
}

function formatMessage(text: string): string {
  return text === '' ? '' : ` msg is "${printable(text)}"`;
}

function hex(octets: Uint8Array): string {
  const shown = octets.subarray(0, LONGEST_SHOWN);
  return `0x${formatHex(shown).toUpperCase()}${shown.length < octets.length ? '…' : ''}`;
}

/** Octets of a rejected packet that a line shows. */
const LONGEST_SHOWN = 64;
/** RFC 1661 §4.2's states in the words of IOS, which knows three of the ten only as Closed. */
const STATE_NAMES = new Map([
  ['Initial', 'Closed'],
  ['Starting', 'Closed'],
  ['Closed', 'Closed'],
  ['Stopped', 'Listen'],
  ['Closing', 'TERMsent'],
  ['Stopping', 'TERMsent'],
  ['Req-Sent', 'REQsent'],
  ['Ack-Rcvd', 'ACKrcvd'],
  ['Ack-Sent', 'ACKsent'],
  ['Opened', 'Open'],
]);
/** Where a layer stays until something happens. */
const RESTING = new Set(['Closed', 'Listen', 'Open']);

const CONTROL_CODES = new Map<number, string>([
  [Code.ConfigureRequest, 'CONFREQ'],
  [Code.ConfigureAck, 'CONFACK'],
  [Code.ConfigureNak, 'CONFNAK'],
  [Code.ConfigureReject, 'CONFREJ'],
  [Code.TerminateRequest, 'TERMREQ'],
  [Code.TerminateAck, 'TERMACK'],
  [Code.CodeReject, 'CODEREJ'],
  [Code.ProtocolReject, 'PROTREJ'],
  [Code.EchoRequest, 'ECHOREQ'],
  [Code.EchoReply, 'ECHOREP'],
  [Code.DiscardRequest, 'DISCREQ'],
  [Code.Identification, 'IDENTIFY'],
  [Code.TimeRemaining, 'TIMEREMAIN'],
]);

const EAP_TYPES = new Map<number, string>([
  [EapType.Identity, 'IDENTITY'],
  [EapType.Notification, 'NOTIFICATION'],
  [EapType.Nak, 'NAK'],
  [EapType.MsChapV2, 'MSCHAPV2'],
]);

const CODE_NAMES: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  CCP: new Map([...CONTROL_CODES, [CcpCode.ResetRequest, 'RESETREQ'], [CcpCode.ResetAck, 'RESETACK']]),
  CHAP: new Map([
    [ChapCode.Challenge, 'CHALLENGE'],
    [ChapCode.Response, 'RESPONSE'],
    [ChapCode.Success, 'SUCCESS'],
    [ChapCode.Failure, 'FAILURE'],
  ]),
  EAP: new Map([
    [EapCode.Request, 'REQUEST'],
    [EapCode.Response, 'RESPONSE'],
    [EapCode.Success, 'SUCCESS'],
    [EapCode.Failure, 'FAILURE'],
  ]),
  PAP: new Map([
    [PapCode.AuthenticateRequest, 'AUTH-REQ'],
    [PapCode.AuthenticateAck, 'AUTH-ACK'],
    [PapCode.AuthenticateNak, 'AUTH-NAK'],
  ]),
};
