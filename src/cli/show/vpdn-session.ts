// `show vpdn session` (C139, C140).

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { RouterView, SessionFilter, SessionView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { formatAgo, formatElapsed } from './elapsed.ts';
import { pptpSessions } from './pptp.ts';
import { sessionRows, unlessNone } from './rows.ts';
import { type SessionForm, sessionTable } from './session.ts';
import { informationHeading } from './tunnel.ts';
import { isIdleAndOff, noActiveTunnels, PROTOCOLS, VPDN_OFF, type VpdnProtocol } from './vpdn.ts';

export interface VpdnSessionRequest {
  form?: SessionForm | undefined;
  protocol?: VpdnProtocol | undefined;
  filter?: SessionFilter | undefined;
}

export function* showVpdnSession(view: RouterView, request: VpdnSessionRequest = {}): Generator<string> {
  const { form = 'brief', protocol, filter = {} } = request;
  if (isIdleAndOff(view)) return yield VPDN_OFF;
  for (const each of protocol === undefined ? PROTOCOLS : [protocol]) {
    yield '';
    yield* SESSIONS[each](view, form, filter);
  }
}

const SESSIONS: Readonly<
  Record<VpdnProtocol, (view: RouterView, form: SessionForm, filter: SessionFilter) => Iterable<string>>
> = {
  l2tp: l2tpSessions,
  l2f: () => [noActiveTunnels('l2f')],
  pptp: (view, form, filter) => pptpSessions(view, form, filter) ?? [noActiveTunnels('pptp')],
};

function* l2tpSessions(view: RouterView, form: SessionForm, filter: SessionFilter): Generator<string> {
  const sessions = unlessNone(sessionRows(view, filter));
  if (sessions === undefined) return yield noActiveTunnels('l2tp');
  yield informationHeading('L2TP Session', view);
  if (form !== 'all') return yield* sessionTable(sessions, form, view);
  for (const session of sessions) {
    yield '';
    yield* sessionBlock(session, view);
  }
}

/** The lines of a PPP call in a tunnel; `show l2tun` has another block for the same session. */
function* sessionBlock(session: SessionView, view: RouterView): Generator<string> {
  const { counters } = session;
  const up = session.state === 'established' ? 'up' : 'down';
  yield `Session id ${session.localId} is ${up}, tunnel id ${session.tunnelId}`;
  // RFC 2661 §4.4.4: the same number at both ends, to find one call in two logs.
  yield `Call serial number is ${session.callSerialNumber}`;
  yield `Remote tunnel name is ${printable(session.remoteName)}`.trimEnd();
  yield `  Internet address is ${session.remoteAddress}`;
  yield `  Session state is ${session.state}, time since change ${formatElapsed(view.now - session.since)}`;
  yield `    ${counters.packetsSent} Packets sent, ${counters.packetsReceived} received`;
  yield `    ${counters.octetsSent} Bytes sent, ${counters.octetsReceived} received`;
  yield `  Last clearing of "show vpdn" counters ${formatAgo(session.clearedAt, view.now)}`;
  yield `  Session MTU is ${session.mtu} bytes`;
  // Who PPP has proved the caller to be, not who it says it is.
  yield `  Session username is ${session.username === undefined ? 'unknown' : printable(session.username)}`;
  if (session.vcid !== undefined) yield `  Session vcid is ${session.vcid}`;
  if (session.interfaceName !== undefined) yield `    Interface ${shortInterfaceName(session.interfaceName)}`;
  yield `    Remote session id is ${session.remoteId}, remote tunnel id ${session.remoteTunnelId}`;
  // A UDP checksum of zero would cost the receiving kernel its receive offload: they are never left out.
  yield '  UDP checksums are enabled';
  // Two lines about switching paths inside IOS; they hold for whatever forwards the packets.
  yield '  SSS switching enabled';
  yield '  No FS cached header information available';
  yield* sequencingLines(session);
  yield `  Unique ID is ${session.uniqueId}`;
}

/** RFC 2661 §5.4: Ns and Nr of data messages, which exist only while sequencing is on. */
export function sequencingLines(session: SessionView): string[] {
  if (!session.sequencing) return ['  Sequencing is off'];
  const { ns, nr, outOfOrderDropped } = session;
  return ['  Sequencing is on', `    Ns ${ns}, Nr ${nr}, ${outOfOrderDropped} out of order packets discarded`];
}
