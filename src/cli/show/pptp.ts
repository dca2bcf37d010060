// PPTP in `show vpdn`, `show vpdn tunnel` and `show vpdn session`, line for line as the guide prints it (C136-C140).

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { RouterView, SessionFilter, TrafficCounters, TunnelFilter } from '../../vpdn/view.ts';
import type { PptpSessionView, PptpTunnelView } from '../../vpdn/view-pptp.ts';
import { printable } from '../../wire/values.ts';
import { formatAgo, formatElapsed } from './elapsed.ts';
import type { SessionForm } from './session.ts';
import { PPTP_CALL_STATE_WORDS, PPTP_TUNNEL_STATE_WORDS } from './state-words.ts';
import { nameCell, tableRow } from './table.ts';
import type { TunnelForm } from './tunnel.ts';

/** Both halves; undefined: no tunnels. */
export function pptpTunnelsAndSessions(view: RouterView): Iterable<string> | undefined {
  const { pptpTunnels: tunnels = [], pptpSessions: sessions = [] } = view;
  if (tunnels.length === 0) return undefined;
  return both(view, tunnels, sessions);
}

export function pptpTunnels(view: RouterView, form: TunnelForm, filter: TunnelFilter): Iterable<string> | undefined {
  const tunnels = (view.pptpTunnels ?? []).filter((tunnel) => isWantedTunnel(tunnel, filter));
  return tunnels.length === 0 ? undefined : tunnelLines(view, tunnels, form);
}

export function pptpSessions(view: RouterView, form: SessionForm, filter: SessionFilter): Iterable<string> | undefined {
  const sessions = (view.pptpSessions ?? []).filter((session) => isWantedSession(session, filter));
  return sessions.length === 0 ? undefined : sessionLines(view, sessions, form);
}

export function isWantedTunnel({ localId, localName, remoteName }: PptpTunnelView, filter: TunnelFilter): boolean {
  return (
    (filter.id === undefined || filter.id === localId) &&
    (filter.localName === undefined || filter.localName === localName) &&
    (filter.remoteName === undefined || filter.remoteName === remoteName)
  );
}

/** PPTP has neither pseudowires nor an l2tp-class: asked for those, it has nothing. */
export function isWantedSession(session: PptpSessionView, filter: SessionFilter): boolean {
  return (
    (filter.id === undefined || session.localId === filter.id) &&
    (filter.tunnelId === undefined || session.tunnelId === filter.tunnelId) &&
    (filter.username === undefined || session.username === filter.username) &&
    (filter.interfaceName === undefined || session.interfaceName === filter.interfaceName) &&
    (filter.remoteAddress === undefined || session.remoteAddress === filter.remoteAddress) &&
    filter.vcid === undefined &&
    filter.l2tpClass === undefined
  );
}

function* both(
  view: RouterView,
  tunnels: readonly PptpTunnelView[],
  sessions: readonly PptpSessionView[],
): Generator<string> {
  yield `PPTP Tunnel and Session Information ${bracketedTotals(view)}`;
  yield* table(TUNNEL_TABLES.brief, tunnels, view);
  if (sessions.length > 0) yield* table(SESSION_TABLES.brief, sessions, view);
}

/** The heading of the tunnels alone has its totals without brackets. */
function* tunnelLines(view: RouterView, tunnels: readonly PptpTunnelView[], form: TunnelForm): Generator<string> {
  const [total, sessions] = totals(view);
  yield `PPTP Tunnel Information Total tunnels ${total} sessions ${sessions}`;
  if (form === 'summary') return;
  if (form !== 'all') return yield* table(TUNNEL_TABLES[form], tunnels, view);
  for (const tunnel of tunnels) {
    yield '';
    yield* tunnelBlock(tunnel, view);
  }
}

function* sessionLines(view: RouterView, sessions: readonly PptpSessionView[], form: SessionForm): Generator<string> {
  yield `PPTP Session Information ${bracketedTotals(view)}`;
  if (form !== 'all') return yield* table(SESSION_TABLES[form], sessions, view);
  for (const session of sessions) {
    yield '';
    yield* sessionBlock(session, view);
  }
}

function* tunnelBlock(tunnel: PptpTunnelView, view: RouterView): Generator<string> {
  const state = PPTP_TUNNEL_STATE_WORDS[tunnel.state];
  yield `Tunnel id ${tunnel.localId}, ${tunnel.activeSessions} active sessions`;
  yield `  Tunnel state is ${state}, time since change ${formatElapsed(view.now - tunnel.since)}`;
  yield `  Remote tunnel name is ${printable(tunnel.remoteName)}`.trimEnd();
  yield `    Internet Address ${tunnel.remoteAddress}, port ${tunnel.remotePort}`;
  yield `  Local tunnel name is ${printable(tunnel.localName)}`.trimEnd();
  yield `    Internet Address ${tunnel.localAddress}, port ${tunnel.localPort}`;
  if (tunnel.vpdnGroup !== undefined) yield `  VPDN group: ${printable(tunnel.vpdnGroup)}`;
  yield `  ${trafficWords(tunnel.counters)}`;
  yield `  Last clearing of "show vpdn" counters ${formatAgo(tunnel.clearedAt, view.now)}`;
}

function* sessionBlock(session: PptpSessionView, view: RouterView): Generator<string> {
  const { flow, state, username, interfaceName } = session;
  const circuit = interfaceName === undefined ? '-' : shortInterfaceName(interfaceName);
  yield `Call id ${session.localId} is ${state === 'established' ? 'up' : 'down'} on tunnel id ${session.tunnelId}`;
  yield `Remote tunnel name is ${printable(session.remoteName)}`.trimEnd();
  yield `  Internet Address is ${session.remoteAddress}`;
  // Who PPP has proved the caller to be: unknown until then.
  const user = username === undefined ? 'unknown' : printable(username);
  yield `  Session username is ${user}, state is ${PPTP_CALL_STATE_WORDS[state]}`;
  yield `    Time since change ${formatElapsed(view.now - session.since)}, interface ${circuit}`;
  yield `    Remote call id is ${session.remoteId}`;
  yield `    ${trafficWords(session.counters)}`;
  // RFC 2637 §4.2: the next number to send, the last received, the last the peer acknowledged, and the peer's window.
  const { nextSent, lastReceived, remoteAcknowledged, remoteWindow, outOfOrder, alarm, fellBack } = flow;
  yield `    Ss ${nextSent}, Sr ${lastReceived}, Remote Nr ${remoteAcknowledged}, peer RWS ${remoteWindow}`;
  yield `    ${outOfOrder} out of order packets`;
  yield `    Flow alarm is ${alarm ? 'set' : 'clear'}.`;
  if (fellBack === true) yield '    Flow alarm has gone off: MPPE is stateless for the rest of the call';
}

function trafficWords({ packetsSent, packetsReceived, octetsSent, octetsReceived }: TrafficCounters): string {
  return `${packetsSent} packets sent, ${packetsReceived} received, ${octetsSent} bytes sent, ${octetsReceived} received`;
}

function totals({ pptpTunnels: tunnels = [], pptpSessions: sessions = [] }: RouterView): [number, number] {
  return [tunnels.length, sessions.length];
}

function bracketedTotals(view: RouterView): string {
  const [tunnels, sessions] = totals(view);
  return `(Total tunnels=${tunnels} sessions=${sessions})`;
}

function* table<Row>({ widths, head, row }: Table<Row>, rows: Iterable<Row>, view: RouterView): Generator<string> {
  yield '';
  yield head;
  for (const each of rows) yield tableRow(widths, row(each, view));
}

interface Table<Row> {
  readonly widths: readonly number[];
  readonly head: string;
  readonly row: (row: Row, view: RouterView) => string[];
}

const TUNNEL_TABLES: Readonly<Record<Exclude<TunnelForm, 'all' | 'summary'>, Table<PptpTunnelView>>> = {
  brief: {
    widths: [6, 8, 16, 9, 16, 6],
    head: 'LocID RemID   Remote Name     State    Remote Address  Port  Sessions',
    row: (tunnel) => [
      String(tunnel.localId),
      // PPTP numbers no tunnels on the wire: the guide prints our number twice.
      String(tunnel.localId),
      nameCell(tunnel.remoteName, 15),
      PPTP_TUNNEL_STATE_WORDS[tunnel.state],
      tunnel.remoteAddress,
      String(tunnel.remotePort),
      String(tunnel.activeSessions),
    ],
  },
  packets: {
    widths: [6, 11, 11, 11],
    head: 'LocID Pkts-In    Pkts-Out   Bytes-In   Bytes-Out',
    row: ({ localId, counters }) => [String(localId), ...packetCells(counters)],
  },
  state: {
    widths: [6, 8, 16, 16, 9],
    head: 'LocID RemID   Local Name      Remote Name     State    Last-Chg',
    row: (tunnel, view) => [
      String(tunnel.localId),
      String(tunnel.localId),
      nameCell(tunnel.localName, 15),
      nameCell(tunnel.remoteName, 15),
      PPTP_TUNNEL_STATE_WORDS[tunnel.state],
      formatElapsed(view.now - tunnel.since),
    ],
  },
  transport: {
    widths: [6, 5, 5, 16, 6, 16],
    head: 'LocID Type Prot Local Address   Port  Remote Address  Port',
    row: (tunnel) => [
      String(tunnel.localId),
      'TCP',
      '6',
      tunnel.localAddress,
      String(tunnel.localPort),
      tunnel.remoteAddress,
      String(tunnel.remotePort),
    ],
  },
};

const ids = ({ localId, remoteId, tunnelId }: PptpSessionView) => [localId, remoteId, tunnelId].map(String);
const intf = ({ interfaceName }: PptpSessionView) =>
  interfaceName === undefined ? '-' : shortInterfaceName(interfaceName);

/** Until PPP has authenticated a user the column is empty, as in the guide. */
const STATE: Table<PptpSessionView> = {
  widths: [6, 6, 6, 8, 14, 8],
  head: 'LocID RemID TunID Intf    Username      State   Last Chg',
  row: (session, view) => [
    ...ids(session),
    intf(session),
    session.username === undefined ? '' : nameCell(session.username, 13),
    PPTP_CALL_STATE_WORDS[session.state],
    formatElapsed(view.now - session.since),
  ],
};

const INTERFACE: Table<PptpSessionView> = {
  widths: [6, 6, 6, 8, 9],
  head: 'LocID RemID TunID Intf    State    Uniq ID',
  row: (session) => [
    ...ids(session),
    intf(session),
    PPTP_CALL_STATE_WORDS[session.state],
    session.uniqueId === undefined ? '-' : String(session.uniqueId),
  ],
};

const SESSION_TABLES: Readonly<Record<Exclude<SessionForm, 'all'>, Table<PptpSessionView>>> = {
  brief: STATE,
  state: STATE,
  interface: INTERFACE,
  circuit: INTERFACE,
  interworking: INTERFACE,
  packets: {
    widths: [6, 6, 6, 11, 11, 11],
    head: 'LocID RemID TunID Pkts-In    Pkts-Out   Bytes-In   Bytes-Out',
    row: (session) => [...ids(session), ...packetCells(session.counters)],
  },
  sequence: {
    widths: [6, 6, 6, 11, 11],
    head: 'LocID RemID TunID Ss         Sr         Remote Nr',
    row: (session) => {
      const { nextSent, lastReceived, remoteAcknowledged } = session.flow;
      return [...ids(session), ...[nextSent, lastReceived, remoteAcknowledged].map(String)];
    },
  },
  timers: {
    // RFC 2637 §4.4: the wait for an acknowledgement, which follows the round trips.
    widths: [6, 6, 6, 14],
    head: 'LocID RemID TunID Ack timeout   Last Chg',
    row: (session, view) => [
      ...ids(session),
      session.flow.acknowledgeTimeout === undefined ? '-' : `${session.flow.acknowledgeTimeout}ms`,
      formatElapsed(view.now - session.since),
    ],
  },
  window: {
    widths: [6, 6, 6, 10, 9, 9],
    head: 'LocID RemID TunID Local RWS Peer RWS Unacked  Alarm',
    row: (session) => {
      const { localWindow, remoteWindow, nextSent, remoteAcknowledged, alarm } = session.flow;
      const unacknowledged = Math.max(0, nextSent - remoteAcknowledged - 1);
      const local = localWindow === undefined ? '-' : String(localWindow);
      return [...ids(session), local, String(remoteWindow), String(unacknowledged), alarm ? 'set' : 'clear'];
    },
  },
};

function packetCells({ packetsReceived, packetsSent, octetsReceived, octetsSent }: TrafficCounters): string[] {
  return [packetsReceived, packetsSent, octetsReceived, octetsSent].map(String);
}
