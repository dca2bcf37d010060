// The tunnel half of `show vpdn` and `show l2tun`: which tunnels, and each layout of them (C137, C138).

import { RECEIVE_WINDOW } from '../../vpdn/defaults.ts';
import type { RouterView, TrafficCounters, TunnelView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { formatAgo, formatElapsed } from './elapsed.ts';
import { totalSessions, totalTunnels } from './rows.ts';
import { TUNNEL_STATE_WORDS } from './state-words.ts';
import { nameCell, tableRow } from './table.ts';
import { TURN, Unprinted } from './turn.ts';

export type TunnelForm = 'brief' | 'all' | 'packets' | 'state' | 'summary' | 'transport';

/** `L2TP Tunnel Information Total tunnels 1 sessions 1`: the totals are the router's, whatever is filtered. */
export function informationHeading(title: string, view: RouterView): string {
  return `${title} Information Total tunnels ${totalTunnels(view)} sessions ${totalSessions(view)}`;
}

/** What follows the heading. */
export function* tunnelLines(tunnels: Iterable<TunnelView>, form: TunnelForm, view: RouterView): Generator<string> {
  // The heading with its totals is the whole summary.
  if (form === 'summary') return;
  if (form === 'all') {
    for (const tunnel of tunnels) {
      yield* counted(tunnel);
      yield '';
      yield* tunnelBlock(tunnel, view);
    }
    return;
  }
  const { widths, head, row } = TABLES[form];
  yield '';
  yield* head;
  for (const tunnel of tunnels) {
    if (form === 'packets') yield* counted(tunnel);
    yield tableRow(widths, row(tunnel, view));
  }
}

/** Before its counters are read: a tunnel may have thousands of sessions to add up. */
export function* counted(tunnel: TunnelView): Generator<typeof TURN> {
  const unprinted = new Unprinted();
  for (const _ of tunnel.count?.() ?? []) if (unprinted.add()) yield TURN;
}

/** The heads and the row of one tunnel, as `show vpdn` repeats them before the sessions of each. */
export function* tunnelTable(tunnel: TunnelView, view: RouterView): Generator<string> {
  yield* tunnelLines([tunnel], 'brief', view);
}

/** The order of the lines is the one readers of `all` outputs go by; a line that IOS lacks stands at the end. */
function* tunnelBlock(tunnel: TunnelView, view: RouterView): Generator<string> {
  const { control } = tunnel;
  const up = tunnel.state === 'established' ? 'up' : 'down';
  yield `Tunnel id ${tunnel.localId} is ${up}, remote id is ${tunnel.remoteId}, ${tunnel.activeSessions} active sessions`;
  yield `  ${tunnel.locallyInitiated ? 'Locally' : 'Remotely'} initiated tunnel`;
  yield `  Tunnel state is ${tunnel.state}, time since change ${formatElapsed(view.now - tunnel.since)}`;
  yield `  Tunnel transport is ${tunnel.transport === 'ip' ? 'IP (115)' : 'UDP (17)'}`;
  yield `  Remote tunnel name is ${printable(tunnel.remoteName)}`.trimEnd();
  yield `    Internet Address ${tunnel.remoteAddress}, port ${tunnel.remotePort}`;
  yield `  Local tunnel name is ${printable(tunnel.localName)}`.trimEnd();
  yield `    Internet Address ${tunnel.localAddress}, port ${tunnel.localPort}`;
  if (tunnel.l2tpClass !== undefined) yield `  L2TP class for tunnel is ${printable(tunnel.l2tpClass)}`;
  if (tunnel.vpdnGroup !== undefined) yield `  VPDN group for tunnel is ${printable(tunnel.vpdnGroup)}`;
  yield '  Counters, taking last clear into account:';
  yield* counterLines(tunnel.counters);
  yield `    Last clearing of counters ${formatAgo(tunnel.clearedAt, view.now)}`;
  yield '  Counters, ignoring last clear:';
  yield* counterLines(tunnel.lifetime ?? tunnel.counters);
  // RFC 2661 §5.8: the next Ns to send, the next expected; then the windows both ends announced (§4.4.3).
  yield `  Control Ns ${control.ns}, Nr ${control.nr}`;
  yield `  Local RWS ${control.localWindow}${control.localWindow === RECEIVE_WINDOW ? ' (default)' : ''}, Remote RWS ${control.remoteWindow}`;
  // The send window in force, which slow start opens only by and by.
  yield `  In Use Remote RWS ${control.congestionWindow}`;
  // RFC 2661 Appendix A's slow start is always in force here; IOS has it off until asked and then says "disabled".
  yield '  Control channel Congestion Control is enabled';
  yield '  Tunnel PMTU checking disabled';
  // The wait in force, and the longest there was so far.
  yield `  Retransmission time ${seconds(control.retransmissionTime)}, max ${seconds(control.retransmissionTimeMax)} seconds`;
  yield `  Unsent queuesize ${control.unsentQueue}, max ${control.unsentQueueMax}`;
  yield `  Resend queuesize ${control.resendQueue}, max ${control.resendQueueMax}`;
  yield `  Total resends ${control.resends}, ZLB ACKs sent ${control.zlbSent}`;
  yield `  Total out-of-order dropped pkts ${control.outOfOrderDropped}`;
  yield `  Total out-of-order reorder pkts ${control.outOfOrderReordered}`;
  yield `  Total peer authentication failures ${control.authenticationFailures}`;
  // How many of the checks before an empty tunnel is closed are used up; here one timer does that, so none ever is.
  yield '  Current no session pak queue check 0 of 5';
  // Messages that were acknowledged after 0, 1, 2 … 8 waits.
  yield `  Retransmit time distribution: ${control.retransmitDistribution.join(' ')}`.trimEnd();
  // The message digest of L2TPv3. What L2TPv2 has instead is the Challenge of §5.1.1, which gets a line of our own.
  yield `  Control message authentication is ${digestWords(tunnel.digestSecrets)}`;
  if (control.authenticated) yield '  Tunnel authentication: the peer answered our challenge';
}

function counterLines(counters: TrafficCounters): string[] {
  return [
    `    ${counters.packetsSent} packets sent, ${counters.packetsReceived} received`,
    `    ${counters.octetsSent} bytes sent, ${counters.octetsReceived} received`,
  ];
}

/** RFC 3931 §5.4.1: a digest guards a message even where no secret is configured. */
function digestWords(secrets: number | undefined): string {
  return secrets === undefined ? 'disabled' : `on, ${secrets} digest secrets configured`;
}

/** A wait below a second is no wait of 0. */
const seconds = (span: number) => Math.ceil(span / 1000);

/** The class of a tunnel we opened, the group of one we accepted. */
const owner = (tunnel: TunnelView) => tunnel.l2tpClass ?? tunnel.vpdnGroup ?? '';

interface Table {
  readonly widths: readonly number[];
  readonly head: readonly string[];
  readonly row: (tunnel: TunnelView, view: RouterView) => string[];
}

const TABLES: Readonly<Record<Exclude<TunnelForm, 'all' | 'summary'>, Table>> = {
  brief: {
    // The second line of the head begins under the sixth column.
    widths: [11, 11, 14, 7, 16, 6],
    head: [
      'LocTunID   RemTunID   Remote Name   State  Remote Address  Sessn L2TP Class/',
      '                                                           Count VPDN Group',
    ],
    row: (tunnel) => [
      String(tunnel.localId),
      String(tunnel.remoteId),
      nameCell(tunnel.remoteName, 13),
      TUNNEL_STATE_WORDS[tunnel.state],
      tunnel.remoteAddress,
      String(tunnel.activeSessions),
      nameCell(owner(tunnel), 32),
    ],
  },
  packets: {
    widths: [11, 11, 11, 11],
    head: ['LocTunID   Pkts-In    Pkts-Out   Bytes-In   Bytes-Out'],
    row: ({ localId, counters }) => [
      String(localId),
      String(counters.packetsReceived),
      String(counters.packetsSent),
      String(counters.octetsReceived),
      String(counters.octetsSent),
    ],
  },
  state: {
    widths: [11, 11, 14, 14, 9],
    head: ['LocTunID   RemTunID   Local Name    Remote Name   State    Last-Chg'],
    row: (tunnel, view) => [
      String(tunnel.localId),
      String(tunnel.remoteId),
      nameCell(tunnel.localName, 13),
      nameCell(tunnel.remoteName, 13),
      TUNNEL_STATE_WORDS[tunnel.state],
      formatElapsed(view.now - tunnel.since),
    ],
  },
  transport: {
    // The protocol numbers of IP: 17 is UDP, 115 L2TPv3 right above IP, whose ports are 0.
    widths: [11, 5, 5, 16, 6, 16],
    head: ['LocTunID   Type Prot Local Address   Port  Remote Address  Port'],
    row: (tunnel) => [
      String(tunnel.localId),
      ...(tunnel.transport === 'ip' ? ['IP', '115'] : ['UDP', '17']),
      tunnel.localAddress,
      String(tunnel.localPort),
      tunnel.remoteAddress,
      String(tunnel.remotePort),
    ],
  },
};
