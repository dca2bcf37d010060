// From what a router traces to the steps of the negotiation ladder. The traces of one end show both directions.

import { ATTRIBUTES, type AttributeName, type Avp, attributeOf } from '../../l2tp/avp.ts';
import type { L2tpTrace } from '../../l2tp/events.ts';
import { ChapCode, decodeChapValue } from '../../ppp/chap.ts';
import type { PppTrace } from '../../ppp/events.ts';
import { IPCP_OPTIONS } from '../../ppp/ipcp.ts';
import { LCP_OPTIONS } from '../../ppp/lcp-options.ts';
import { decodeOptions, type Option } from '../../ppp/options.ts';
import { Code, decodePacket, type Packet } from '../../ppp/packet.ts';
import { decodePapMessage, decodePapRequest, PapCode } from '../../ppp/pap.ts';
import type { RouterTrace } from '../../vpdn/events.ts';
import { DecodeError } from '../../wire/errors.ts';
import type { Millis } from '../../wire/machine.ts';
import { utf8, type ValueCodec } from '../../wire/values.ts';
import { avpsOf } from './debug-trace.ts';
import type { LadderProtocol, LadderStep } from './ladder.ts';

/** Undefined: nothing went over the wire. `at` is the time since the ladder began, `side` which end traced it. */
export function ladderStep(trace: RouterTrace, at: Millis, side: 'client' | 'server'): LadderStep | undefined {
  if (trace.layer === 'l2tp' && trace.event.kind === 'message') return l2tpStep(trace.event, at, side);
  if (trace.layer === 'ppp' && trace.event.kind === 'packet') return pppStep(trace.event, at, side);
  return undefined;
}

function l2tpStep(event: Extract<L2tpTrace, { kind: 'message' }>, at: Millis, side: 'client' | 'server'): LadderStep {
  return {
    at,
    direction: directionOf(event.direction, side),
    protocol: 'L2TP',
    message: event.name,
    detail: event.name === 'ZLB' ? `Nr ${event.nr}` : messageDetail(avpsOf(event.octets)),
    retransmission: event.retransmission,
  };
}

function pppStep(
  event: Extract<PppTrace, { kind: 'packet' }>,
  at: Millis,
  side: 'client' | 'server',
): LadderStep | undefined {
  // CCP, IPV6CP and what else a peer tries are rejected by LCP, and that is the step to see.
  if (!isLadderProtocol(event.protocol)) return undefined;
  const { protocol } = event;
  const step = { at, direction: directionOf(event.direction, side), protocol };
  try {
    const packet = decodePacket(event.packet);
    const message = MESSAGE_NAMES[protocol][packet.code] ?? `Code ${packet.code}`;
    return { ...step, message, detail: packetDetail(protocol, packet) };
  } catch (error) {
    // A broken packet is part of the story: it is drawn, and what was expected of it stands beside.
    if (!(error instanceof DecodeError)) throw error;
    return { ...step, message: 'malformed', detail: error.message };
  }
}

function directionOf(direction: 'I' | 'O', side: 'client' | 'server'): LadderStep['direction'] {
  return (direction === 'O') === (side === 'client') ? 'client->server' : 'server->client';
}

/** Only the attributes that tell the story; what is hidden or malformed is left out. */
function messageDetail(avps: readonly Avp[]): string {
  const told = avps.map((avp) => {
    const name = avp.hidden ? undefined : attributeOf(avp);
    const tell = name === undefined ? undefined : TOLD[name];
    return name === undefined || tell === undefined ? '' : tellValue(name, avp.value, tell);
  });
  if (avps.some(({ hidden }) => hidden)) told.push('AVPs hidden');
  return told.filter((words) => words !== '').join(', ');
}

/** A value that does not decode is left out: the endpoint says what it did about it. */
function tellValue(name: AttributeName, octets: Uint8Array, tell: (value: string) => string): string {
  const codec = ATTRIBUTES[name].value as ValueCodec<unknown>;
  try {
    return tell(codec.format(codec.decode(octets)));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return '';
  }
}

/** Options in the order they stand, which is the order a Reject or Nak repeats them in (RFC 1661 §5.3, §5.4). */
function packetDetail(protocol: LadderProtocol, packet: Packet): string {
  if (protocol === 'CHAP') return chapDetail(packet);
  if (protocol === 'PAP') return papDetail(packet);
  const { code, data } = packet;
  if (code >= Code.ConfigureRequest && code <= Code.ConfigureReject) {
    return decodeOptions(data)
      .map((option) => optionWords(protocol, option))
      .join(', ');
  }
  return code === Code.TerminateRequest ? utf8.decode(data) : '';
}

/** The names, and the words of a verdict (RFC 1994 §4.1, §4.2); the proof itself tells nobody anything. */
function chapDetail({ code, data }: Packet): string {
  const proof = code === ChapCode.Challenge || code === ChapCode.Response;
  return proof ? `from "${decodeChapValue(data).name}"` : utf8.decode(data);
}

/** RFC 1334 §2.2: the password stands in the packet and never here. */
function papDetail({ code, data }: Packet): string {
  return code === PapCode.AuthenticateRequest ? `from "${decodePapRequest(data).username}"` : decodePapMessage(data);
}

function optionWords(protocol: LadderProtocol, { type, data }: Option): string {
  const row = (protocol === 'LCP' ? LCP_OPTIONS : IPCP_OPTIONS).find((candidate) => candidate.type === type);
  if (row === undefined) return `option ${type}`;
  return `${OPTION_WORDS[row.name] ?? row.name} ${row.format(data)}`.trim();
}

function isLadderProtocol(protocol: string): protocol is keyof typeof MESSAGE_NAMES {
  return Object.hasOwn(MESSAGE_NAMES, protocol);
}

/** How each attribute is told; those that are not here are the same in every call. */
const TOLD: Partial<Record<AttributeName, (value: string) => string>> = {
  HostName: (value) => `host ${value}`,
  AssignedTunnelId: (value) => `tunnel ${value}`,
  AssignedSessionId: (value) => `session ${value}`,
  CallSerialNumber: (value) => `serial ${value}`,
  Challenge: () => 'challenge',
  ChallengeResponse: () => 'response',
  ResultCode: (value) => value,
  SequencingRequired: () => 'sequencing',
};

/** Shorter than the debug lines have them: a ladder has forty columns for all options. */
const OPTION_WORDS: Readonly<Record<string, string>> = {
  AuthProto: 'auth',
  MagicNumber: 'magic',
  Address: 'address',
  PrimaryDNS: 'DNS',
  SecondaryDNS: 'second DNS',
};

/** RFC 1661 §5; the last two are RFC 1570's. */
const CONFIGURATION: Readonly<Record<number, string>> = {
  [Code.ConfigureRequest]: 'Configure-Request',
  [Code.ConfigureAck]: 'Configure-Ack',
  [Code.ConfigureNak]: 'Configure-Nak',
  [Code.ConfigureReject]: 'Configure-Reject',
  [Code.TerminateRequest]: 'Terminate-Request',
  [Code.TerminateAck]: 'Terminate-Ack',
  [Code.CodeReject]: 'Code-Reject',
  [Code.ProtocolReject]: 'Protocol-Reject',
  [Code.EchoRequest]: 'Echo-Request',
  [Code.EchoReply]: 'Echo-Reply',
  [Code.DiscardRequest]: 'Discard-Request',
  [Code.Identification]: 'Identification',
  [Code.TimeRemaining]: 'Time-Remaining',
};

/** By code, in the RFCs' words. */
const MESSAGE_NAMES: Readonly<Record<Exclude<LadderProtocol, 'L2TP'>, Readonly<Record<number, string>>>> = {
  LCP: CONFIGURATION,
  IPCP: CONFIGURATION,
  CHAP: {
    [ChapCode.Challenge]: 'Challenge',
    [ChapCode.Response]: 'Response',
    [ChapCode.Success]: 'Success',
    [ChapCode.Failure]: 'Failure',
  },
  PAP: {
    [PapCode.AuthenticateRequest]: 'Authenticate-Request',
    [PapCode.AuthenticateAck]: 'Authenticate-Ack',
    [PapCode.AuthenticateNak]: 'Authenticate-Nak',
  },
};
