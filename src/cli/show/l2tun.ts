// `show l2tun`, `show l2tun tunnel` and `show l2tun session` (C141-C145). `show l2tp` prints the same under its own title.

import type { RouterView, SessionFilter, SessionView, TunnelFilter } from '../../vpdn/view.ts';
import { formatHex, printable } from '../../wire/values.ts';
import { formatElapsed } from './elapsed.ts';
import { isIdle, sessionRows, tunnelRows, unlessNone } from './rows.ts';
import { isCircuitUp, type SessionForm, sessionTable } from './session.ts';
import { informationHeading, type TunnelForm, tunnelLines } from './tunnel.ts';
import { noActiveTunnels, tunnelsWithSessions } from './vpdn.ts';
import { sequencingLines } from './vpdn-session.ts';

/** Which of the two command names was typed. */
export type L2tunName = 'l2tun' | 'l2tp';

/** Both halves, tunnel by tunnel, without the protocols that `show vpdn` goes on to name. */
export function* showL2tun(view: RouterView): Generator<string> {
  yield '';
  if (isIdle(view)) return yield noActiveTunnels('l2tp');
  yield informationHeading('L2TP Tunnel and Session', view);
  yield* tunnelsWithSessions(view);
}

export interface L2tunTunnelRequest {
  form?: TunnelForm | undefined;
  filter?: TunnelFilter | undefined;
  name?: L2tunName | undefined;
}

export function* showL2tunTunnel(view: RouterView, request: L2tunTunnelRequest = {}): Generator<string> {
  const { form = 'brief', filter = {}, name = 'l2tun' } = request;
  yield '';
  const tunnels = unlessNone(tunnelRows(view, filter));
  if (tunnels === undefined) return yield noActiveTunnels('l2tp');
  yield informationHeading(`${TITLES[name]}Tunnel`, view);
  yield* tunnelLines(tunnels, form, view);
}

export interface L2tunSessionRequest {
  form?: SessionForm | undefined;
  filter?: SessionFilter | undefined;
  name?: L2tunName | undefined;
}

export function* showL2tunSession(view: RouterView, request: L2tunSessionRequest = {}): Generator<string> {
  const { form = 'brief', filter = {}, name = 'l2tun' } = request;
  yield '';
  const sessions = unlessNone(sessionRows(view, filter));
  if (sessions === undefined) return yield noActiveTunnels('l2tp');
  yield informationHeading(`${TITLES[name]}Session`, view);
  if (form !== 'all') return yield* sessionTable(sessions, form, view);
  for (const session of sessions) {
    yield '';
    yield* sessionBlock(session, view);
  }
}

/** Line for line as the guide prints it for a session of L2TPv3; one of L2TPv2 has no cookie and a PPP circuit. */
function* sessionBlock(session: SessionView, view: RouterView): Generator<string> {
  const { counters, pseudowire } = session;
  const established = session.state === 'established';
  yield `Session id ${session.localId} is ${established ? 'up' : 'down'}, tunnel id ${session.tunnelId}`;
  yield `Call serial number is ${session.callSerialNumber}`;
  yield `Remote tunnel name is ${printable(session.remoteName)}`.trimEnd();
  yield `  Internet address is ${session.remoteAddress}`;
  // RFC 3931 §3.4 leaves ids and cookies to an operator where nothing is signalled: then there is no tunnel, and no name.
  yield `  Session is ${pseudowire?.manual ? 'manually' : 'L2TP'} signalled`;
  yield `  Session state is ${session.state}, time since change ${formatElapsed(view.now - session.since)}`;
  yield `    ${counters.packetsSent} Packets sent, ${counters.packetsReceived} received`;
  yield `    ${counters.octetsSent} Bytes sent, ${counters.octetsReceived} received`;
  // What a session discards itself; drops of the router as a whole are counted by reason elsewhere.
  yield '    Receive packets dropped:';
  yield droppedLine('out-of-order', session.outOfOrderDropped);
  yield droppedLine('total', session.receiveDropped ?? session.outOfOrderDropped);
  yield '    Send packets dropped:';
  yield droppedLine('exceeded session MTU', session.exceededMtu ?? 0);
  yield droppedLine('total', session.sendDropped ?? 0);
  if (session.vcid !== undefined) yield `  Session vcid is ${session.vcid}`;
  const type = pseudowire?.circuitType ?? 'PPP';
  const circuit = pseudowire?.circuitName ?? session.interfaceName ?? '-';
  yield `  Session Layer 2 circuit, type is ${type}, name is ${printable(circuit)}`;
  yield `  Circuit state is ${isCircuitUp(session) ? 'UP' : 'DOWN'}`;
  yield `    Remote session id is ${session.remoteId}, remote tunnel id ${session.remoteTunnelId}`;
  yield headerLine(pseudowire);
  if (session.pathMtu !== undefined) yield `  Session PMTU enabled, path MTU is ${session.pathMtu}`;
  yield* cookieLines(pseudowire);
  yield '  SSS switching enabled';
  yield* sequencingLines(session);
}

/** How the outer IP header is made; the values without a pseudowire-class are the defaults. */
function headerLine(pseudowire: SessionView['pseudowire']): string {
  const { dfBit = false, tosReflect = false, tosValue = 0, ttl = 255 } = pseudowire ?? {};
  const reflect = tosReflect ? 'enabled' : 'disabled';
  return `  DF bit ${dfBit ? 'on' : 'off'}, ToS reflect ${reflect}, ToS value ${tosValue}, TTL value ${ttl}`;
}

/** RFC 3931 §4.1: a cookie is absent, 4 or 8 octets, and each end has its own. */
function cookieLines(pseudowire: SessionView['pseudowire']): string[] {
  const { localCookie = NO_COOKIE, remoteCookie = NO_COOKIE } = pseudowire ?? {};
  if (localCookie.length === 0 && remoteCookie.length === 0) return ['  No session cookie information available'];
  return ['  Session cookie information:', cookieLine('local', localCookie), cookieLine('remote', remoteCookie)].filter(
    (line) => line !== '',
  );
}

function cookieLine(side: string, cookie: Uint8Array): string {
  if (cookie.length === 0) return '';
  const value = formatHex(cookie)
    .toUpperCase()
    .replace(/..(?=.)/g, '$& ');
  return `    ${side} cookie, size ${cookie.length} bytes, value ${value}`;
}

const droppedLine = (reason: string, count: number) => `      ${`${reason}:`.padEnd(26)}${count}`;

const TITLES: Readonly<Record<L2tunName, string>> = { l2tun: '', l2tp: 'L2TP ' };
const NO_COOKIE = new Uint8Array(0);
