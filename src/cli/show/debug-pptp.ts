// The lines of `debug vpdn` about PPTP (C173): control messages, changes of state, errors. `Tnl 3` is our number of the control
// connection, which is not on the wire; `Tnl/Cl 3/4711` that and our Call ID.

import type { PptpTrace } from '../../pptp/events.ts';
import { formatHex, printable } from '../../wire/values.ts';
import type { TraceKind } from '../grammar/exec/debug-topics.ts';

type MessageTrace = Extract<PptpTrace, { kind: 'message' }>;

/** No line at all if the event belongs to none of the topics. */
export function formatPptpTrace(event: PptpTrace, kinds: ReadonlySet<TraceKind>): string[] {
  switch (event.kind) {
    case 'message':
      return [
        ...(kinds.has('pptp-events') ? [messageLine(event)] : []),
        ...(kinds.has('pptp-packets') ? octetLines(event) : []),
      ];
    case 'connection-state':
      if (!kinds.has('pptp-events')) return [];
      return [`${subject(event)}: Tunnel state change from ${event.from} to ${event.to}`];
    case 'call-state':
      if (!kinds.has('pptp-events') && !kinds.has('pptp-calls')) return [];
      return [`${subject(event)}: Session state change from ${event.from} to ${event.to}`];
    case 'error':
      return kinds.has('pptp-errors') ? [`${subject(event)}: ${printable(event.text)}`] : [];
    default:
      return event satisfies never;
  }
}

function messageLine(event: MessageTrace): string {
  const name = printable(event.peerName === '' ? event.path.peerAddress : event.peerName);
  const result = event.result === 0 ? '' : `, result ${event.result}`;
  return `${subject(event)}: ${event.direction} ${event.name} ${event.direction === 'I' ? 'from' : 'to'} ${name}${result}`;
}

/** All of it, sixteen octets a line: PPTP has no attributes to tell apart, and nothing secret. */
function octetLines(event: MessageTrace): string[] {
  const { octets, direction, name } = event;
  const lines = [`${subject(event)}: ${direction} ${name}, len ${octets.length}`];
  for (let at = 0; at < octets.length; at += 16) {
    lines.push(`  ${at.toString(16).padStart(4, '0')}: ${formatHex(octets.subarray(at, at + 16))}`);
  }
  return lines;
}

function subject({ connection, call = 0 }: { readonly connection: number; readonly call?: number }): string {
  return call === 0 ? `Tnl ${connection} PPTP` : `Tnl/Cl ${connection}/${call} PPTP`;
}
