// The session half of `show vpdn` and `show l2tun`: which sessions, and the tables of them (C139, C142).

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { RouterView, SessionView } from '../../vpdn/view.ts';
import { formatElapsed } from './elapsed.ts';
import { CALL_STATE_WORDS } from './state-words.ts';
import { cut, nameCell, tableRow } from './table.ts';

export type SessionForm = 'brief' | 'all' | 'packets' | 'sequence' | 'state';

export interface SessionFilter {
  id?: number | undefined;
  tunnelId?: number | undefined;
  username?: string | undefined;
  /** Canonical: `Virtual-Access3`. */
  interfaceName?: string | undefined;
  /** `ip-addr A`: the peer's. */
  remoteAddress?: string | undefined;
  vcid?: number | undefined;
}

/** Without a filter nothing is copied: there may be 50,000 rows. */
export function hasSessionFilter(filter: SessionFilter): boolean {
  return Object.values(filter).some((wanted) => wanted !== undefined);
}

export function filterSessions(view: RouterView, filter: SessionFilter): SessionView[] {
  if (!hasSessionFilter(filter)) return view.sessions;
  return view.sessions.filter(
    (session) =>
      (filter.id === undefined || session.localId === filter.id) &&
      (filter.tunnelId === undefined || session.tunnelId === filter.tunnelId) &&
      (filter.username === undefined || session.username === filter.username) &&
      (filter.interfaceName === undefined || session.interfaceName === filter.interfaceName) &&
      (filter.remoteAddress === undefined || session.remoteAddress === filter.remoteAddress) &&
      (filter.vcid === undefined || session.vcid === filter.vcid),
  );
}

/** A blank line, the heads, and a row a session; in and out are as seen from here. */
export function* sessionTable(
  sessions: readonly SessionView[],
  form: Exclude<SessionForm, 'all'>,
  view: RouterView,
): Generator<string> {
  const { widths, head, row } = TABLES[form];
  yield '';
  yield* head;
  for (const session of sessions) yield tableRow(widths, row(session, view));
}

/**
 * `bob@example, Vi3` of a PPP call, `10, Vp1` of a pseudowire. A long user name is cut, marked, and never the interface;
 * it is `unknown` until PPP has authenticated it.
 */
export function subscriberCell({ username, interfaceName, vcid }: SessionView): string {
  const circuit = interfaceName === undefined ? '-' : shortInterfaceName(interfaceName);
  // The comma divides the cell, so a name cannot have one.
  const name = nameCell(username ?? 'unknown', 253).replaceAll(',', '\\u{2c}');
  const subscriber = vcid === undefined ? name : String(vcid);
  const room = SUBSCRIBER_WIDTH - `, ${circuit}`.length;
  const fitted = subscriber.length <= room ? subscriber : `${cut(subscriber, room - 3)}...`;
  return `${fitted}, ${circuit}`;
}

/** Local, remote and tunnel id: the columns that every form begins with. */
function ids({ localId, remoteId, tunnelId }: SessionView): string[] {
  return [String(localId), String(remoteId), String(tunnelId)];
}

interface Table {
  readonly widths: readonly number[];
  readonly head: readonly string[];
  readonly row: (session: SessionView, view: RouterView) => string[];
}

/** Of the fourth column, without the blank after it. */
const SUBSCRIBER_WIDTH = 20;

const TABLES: Readonly<Record<Exclude<SessionForm, 'all'>, Table>> = {
  brief: {
    widths: [11, 11, 11, SUBSCRIBER_WIDTH + 1, 7, 9],
    head: [
      'LocID      RemID      TunID      Username, Intf/      State  Last Chg Uniq ID',
      '                                 Vcid, Circuit',
    ],
    row: (session, view) => [
      ...ids(session),
      subscriberCell(session),
      CALL_STATE_WORDS[session.state],
      formatElapsed(view.now - session.since),
      String(session.uniqueId),
    ],
  },
  packets: {
    widths: [11, 11, 11, 11, 11, 11],
    head: ['LocID      RemID      TunID      Pkts-In    Pkts-Out   Bytes-In   Bytes-Out'],
    row: (session) => [
      ...ids(session),
      String(session.counters.packetsReceived),
      String(session.counters.packetsSent),
      String(session.counters.octetsReceived),
      String(session.counters.octetsSent),
    ],
  },
  sequence: {
    widths: [11, 11, 11, 11],
    head: ['LocID      RemID      TunID      Ns         Nr'],
    row: (session) => [...ids(session), String(session.ns), String(session.nr)],
  },
  state: {
    // User and interface have columns of their own here.
    widths: [11, 11, 11, 21, 9, 8],
    head: ['LocID      RemID      TunID      Username             Intf     State   Last Chg'],
    row: (session, view) => [
      ...ids(session),
      nameCell(session.username ?? 'unknown', 20),
      session.interfaceName === undefined ? '-' : shortInterfaceName(session.interfaceName),
      CALL_STATE_WORDS[session.state],
      formatElapsed(view.now - session.since),
    ],
  },
};
