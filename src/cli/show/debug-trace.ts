// The lines of `debug vpdn` and `debug l2tp` (C173, C174, C176): what the L2TP endpoint and the VPDN domain trace, in the words of IOS.
// `I` is received, `O` is sent; `Tnl 20` is our tunnel id, `Tnl/Sn 20/1` ours of tunnel and session.

import { type Avp, attributeOf, decodeAvp, formatAvp } from '../../l2tp/avp.ts';
import type { L2tpTrace } from '../../l2tp/events.ts';
import { CONTROL_HEADER_LENGTH } from '../../l2tp/header.ts';
import type { RouterTrace } from '../../vpdn/events.ts';
import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import { ByteReader } from '../../wire/bytes.ts';
import { DecodeError } from '../../wire/errors.ts';
import { printable, u16, utf8 } from '../../wire/values.ts';
import { DEBUG_TOPICS, type DebugTopic, type TraceKind } from '../grammar/exec/debug-topics.ts';

type MessageTrace = Extract<L2tpTrace, { kind: 'message' }>;
type DomainTrace = Extract<RouterTrace, { layer: 'vpdn' }>;

/** The lines that the topics that are on select. */
export function traceKinds(on: ReadonlySet<DebugTopic>): Set<TraceKind> {
  return new Set([...on].flatMap((topic): readonly TraceKind[] => DEBUG_TOPICS[topic].shows));
}

/** No line at all if the event belongs to none of the topics. */
export function formatL2tpTrace(event: L2tpTrace, kinds: ReadonlySet<TraceKind>): string[] {
  switch (event.kind) {
    case 'message':
      return [
        // An acknowledgement by itself (§5.8) is no event.
        ...(kinds.has('l2tp-events') && event.name !== 'ZLB' ? messageLines(event) : []),
        ...packets(event, kinds),
      ];
    case 'tunnel-state':
      if (!kinds.has('l2tp-events') && !kinds.has('l2tp-tunnels')) return [];
      return tunnelStateLines(event.tunnel, event.from, event.to);
    case 'call-state':
      if (!kinds.has('l2tp-events') && !kinds.has('l2tp-sessions')) return [];
      return [`${subject(event)}: Session state change from ${event.from} to ${event.to}`];
    case 'error':
      return kinds.has('l2tp-errors') ? [`${subject(event)}: ${printable(event.text)}`] : [];
    default:
      return event satisfies never;
  }
}

/** `Vi3 VPDN: Virtual interface created for bob`. */
export function formatVpdnTrace(trace: DomainTrace, kinds: ReadonlySet<TraceKind>): string[] {
  const { topic, interfaceName, text } = trace;
  if (!kinds.has(topic)) return [];
  const place = interfaceName === '' ? [] : [shortInterfaceName(interfaceName)];
  return [`${[...place, ...(topic === 'vpdn' ? ['VPDN:'] : [])].join(' ')} ${printable(text)}`.trimStart()];
}

/** All of a packet wins over its head alone. */
function packets(event: MessageTrace, kinds: ReadonlySet<TraceKind>): string[] {
  if (kinds.has('l2tp-packets')) return packetLines(event);
  return kinds.has('l2tp-packets-brief') ? packetLines(event).slice(0, 1) : [];
}

/** The AVPs of a control message as far as they can be told apart: a trace shows the messages that are broken, too. */
export function avpsOf(octets: Uint8Array): Avp[] {
  const avps: Avp[] = [];
  if (octets.length <= CONTROL_HEADER_LENGTH) return avps;
  const reader = new ByteReader(octets, CONTROL_HEADER_LENGTH);
  try {
    while (reader.remaining > 0) avps.push(decodeAvp(reader));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return avps;
}

/** An SCCRQ is traced before the endpoint knows whose it is, so the message itself is asked. */
function peerOf(event: MessageTrace): { name: string; tunnel: number } {
  let { peerName: name, peerTunnel: tunnel } = event;
  if (event.direction === 'I' && (name === '' || tunnel === 0)) {
    for (const avp of avpsOf(event.octets)) {
      const attribute = avp.hidden ? undefined : attributeOf(avp);
      if (attribute === 'HostName' && name === '') name = utf8.decode(avp.value);
      if (attribute === 'AssignedTunnelId' && tunnel === 0 && avp.value.length === 2) tunnel = u16.decode(avp.value);
    }
  }
  return { name, tunnel };
}

/** The tunnel id of the other end is named after it, the session id of the other end after that where it is known. */
function messageLines(event: MessageTrace): string[] {
  const peer = peerOf(event);
  const name = printable(peer.name === '' ? event.path.peerAddress : peer.name);
  if (event.direction === 'O') {
    const to = event.session === 0 ? `${name} tnlid ${peer.tunnel}` : `${name} ${peer.tunnel}/${event.peerSession}`;
    return [`${subject(event)}: O ${event.retransmission ? 'Resend ' : ''}${event.name} to ${to}`];
  }
  const call = event.peerSession === 0 ? '' : `, cl ${event.peerSession}`;
  const again = event.retransmission ? ' (duplicate)' : '';
  const line = `I ${event.name}${again} from ${name} tnl ${peer.tunnel}${call}`;
  if (event.name !== 'SCCRQ' || event.retransmission) return [`${subject(event)}: ${line}`];
  const created = `New tunnel created for remote ${name}, address ${event.path.peerAddress}`;
  return [`L2TP: ${line}`, `${subject(event)}: ${created}`];
}

/** RFC 2661 §3.1: a control message always has T, L and S set, so the flags are words. */
function packetLines(event: MessageTrace): string[] {
  const { direction, octets, retransmission } = event;
  const name = event.name === 'ZLB' ? 'ZLB ctrl ack' : event.name;
  const word = (at: number) => ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  const resend = direction === 'O' && retransmission ? 'Resend ' : '';
  const header = `flg TLS, ver 2, len ${octets.length}, tnl ${word(4)}, cl ${word(6)}, ns ${event.ns}, nr ${event.nr}`;
  return [
    `${subject(event)}: ${direction} ${resend}${name}, ${header}`,
    ...avpsOf(octets).map((avp) => avpLine(avp, direction)),
  ];
}

/** The head as IOS has it, then the value in our words; `formatAvp` leaves out what is as good as a password. */
function avpLine(avp: Avp, direction: 'I' | 'O'): string {
  const flags = (avp.mandatory ? 0x8000 : 0) | (avp.hidden ? 0x4000 : 0);
  const letters = `${avp.mandatory ? ' (M)' : ''}${avp.hidden ? ' (H)' : ''}`;
  const vendor = avp.vendorId === 0 ? '' : `, vendor ${avp.vendorId}`;
  const flag = `0x${flags.toString(16).padStart(4, '0')}${letters}`;
  const verb = direction === 'I' ? 'Parse' : 'Build';
  return `L2X: ${verb} AVP ${avp.type}${vendor}, len ${avp.value.length + 6}, flag ${flag}, ${printable(formatAvp(avp))}`;
}

function tunnelStateLines(tunnel: number, from: string, to: string): string[] {
  const line = `Tnl ${tunnel} L2TP: Tunnel state change from ${from} to ${to}`;
  return to === 'established' ? [line, `Tnl ${tunnel} L2TP: SM State established`] : [line];
}

function subject({ tunnel, session = 0 }: { readonly tunnel: number; readonly session?: number }): string {
  if (tunnel === 0) return 'L2TP';
  return session === 0 ? `Tnl ${tunnel} L2TP` : `Tnl/Sn ${tunnel}/${session} L2TP`;
}
