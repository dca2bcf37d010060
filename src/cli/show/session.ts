// The session half of `show vpdn` and `show l2tun`: the tables of sessions (C139, C142).

import { parseInterfaceName, shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { RouterView, SessionView } from '../../vpdn/view.ts';
import { formatElapsed } from './elapsed.ts';
import { CALL_STATE_WORDS } from './state-words.ts';
import { cut, nameCell, tableRow } from './table.ts';

export type SessionForm =
  | 'brief'
  | 'all'
  | 'packets'
  | 'sequence'
  | 'state'
  | 'interface'
  | 'circuit'
  | 'interworking'
  | 'timers'
  | 'window';

/** A blank line, the heads, and a row a session; in and out are as seen from here. */
export function* sessionTable(
  sessions: Iterable<SessionView>,
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
function subscriberCell(session: SessionView): string {
  const { username, vcid, pseudowire } = session;
  const circuit =
    pseudowire === undefined ? circuitCell(session) : nameCell(shortCircuitName(pseudowire.circuitName), 15);
  // The comma divides the cell, so a name cannot have one.
  const name = nameCell(username ?? 'unknown', 253).replaceAll(',', '\\u{2c}');
  const subscriber = vcid === undefined ? name : String(vcid);
  const room = SUBSCRIBER_WIDTH - `, ${circuit}`.length;
  const fitted = subscriber.length <= room ? subscriber : `${cut(subscriber, room - 3)}...`;
  return `${fitted}, ${circuit}`;
}

/** `ATM3/0/0:1000007` has no short form of its own; an interface has. */
function shortCircuitName(name: string): string {
  return parseInterfaceName(name) === undefined ? name : shortInterfaceName(name);
}

/** The circuit of a pseudowire, the PPP interface of a call. */
export function isCircuitUp({ pseudowire, state }: SessionView): boolean {
  return pseudowire?.circuitUp ?? state === 'established';
}

function circuitCell({ interfaceName }: SessionView): string {
  return interfaceName === undefined ? '-' : shortInterfaceName(interfaceName);
}

function circuitRow(session: SessionView, what: string): string[] {
  const { localId, tunnelId, remoteAddress, pseudowire } = session;
  const type = CIRCUIT_TYPES[pseudowire?.circuitType ?? 'PPP'] ?? 'OTHR';
  return [String(localId), String(tunnelId), remoteAddress, type, what, subscriberCell(session)];
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

/** By the long names of `show l2tun session all`. */
const CIRCUIT_TYPES: Readonly<Record<string, string>> = {
  PPP: 'PPP',
  Ethernet: 'ETH',
  'Ethernet Vlan': 'VLAN',
  HDLC: 'HDLC',
  'Frame Relay': 'FR',
  'ATM AAL5': 'AAL5',
  'ATM VCC CELL': 'VCC',
  'ATM VPC CELL': 'VPC',
};
const CIRCUIT_WIDTHS = [11, 11, 16, 5, 5];

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
  interface: {
    widths: [11, 11, 11, 9, 8],
    head: ['LocID      RemID      TunID      Intf     State   Uniq ID'],
    row: (session) => [
      ...ids(session),
      circuitCell(session),
      CALL_STATE_WORDS[session.state],
      String(session.uniqueId),
    ],
  },
  circuit: {
    widths: CIRCUIT_WIDTHS,
    head: [
      'LocID      TunID      Peer-address    Type Stat Username, Intf/',
      '                                                Vcid, Circuit',
    ],
    row: (session) => circuitRow(session, isCircuitUp(session) ? 'UP' : 'DN'),
  },
  interworking: {
    widths: CIRCUIT_WIDTHS,
    head: [
      'LocID      TunID      Peer-address    Type IWrk Username, Intf/',
      '                                                Vcid, Circuit',
    ],
    // Both ends of a pseudowire are of one kind here: nothing is turned into anything else.
    row: (session) => circuitRow(session, '-'),
  },
  timers: {
    // RFC 2661 gives a session no timers: what there is to say is how long it has been in its state.
    widths: [11, 11, 11, 9, 8],
    head: ['LocID      RemID      TunID      Intf     State   Last Chg'],
    row: (session, view) => [
      ...ids(session),
      circuitCell(session),
      CALL_STATE_WORDS[session.state],
      formatElapsed(view.now - session.since),
    ],
  },
  window: {
    // RFC 2661 has no window of data messages, which L2F and PPTP have.
    widths: [11, 11, 11, 7, 7, 9],
    head: ['LocID      RemID      TunID      WSize  MinWS  Timeouts Qsize'],
    row: (session) => [...ids(session), '-', '-', '-', '-'],
  },
};
