// The rows that a `show` is to print, and the totals above them: made one by one where the view can, else out of its lists.

import { isWanted } from '../../vpdn/router-rows.ts';
import type {
  CallerView,
  InterfaceFilter,
  InterfaceView,
  RouterView,
  SessionFilter,
  SessionView,
  TunnelFilter,
  TunnelView,
} from '../../vpdn/view.ts';
import type { MppeView } from '../../vpdn/view-pptp.ts';
import { sortInterfaces } from './interface-order.ts';

export function tunnelRows(view: RouterView, filter: TunnelFilter): Iterable<TunnelView> {
  return view.rows?.tunnels(filter) ?? view.tunnels.filter((row) => isWanted(row, filter));
}

export function sessionRows(view: RouterView, filter: SessionFilter): Iterable<SessionView> {
  if (view.rows !== undefined) return view.rows.sessions(filter);
  const classes = new Map(view.tunnels.map(({ localId, l2tpClass }) => [localId, l2tpClass]));
  return view.sessions.filter(
    (row) =>
      (filter.id === undefined || row.localId === filter.id) &&
      (filter.tunnelId === undefined || row.tunnelId === filter.tunnelId) &&
      (filter.username === undefined || row.username === filter.username) &&
      (filter.interfaceName === undefined || row.interfaceName === filter.interfaceName) &&
      (filter.remoteAddress === undefined || row.remoteAddress === filter.remoteAddress) &&
      (filter.vcid === undefined || row.vcid === filter.vcid) &&
      (filter.l2tpClass === undefined || classes.get(row.tunnelId) === filter.l2tpClass),
  );
}

export function totalTunnels(view: RouterView): number {
  return view.rows?.totalTunnels ?? view.tunnels.length;
}

export function totalSessions(view: RouterView): number {
  return view.rows?.totalSessions ?? view.sessions.length;
}

/** Whether there is any L2TP at all. */
export function isIdle(view: RouterView): boolean {
  return totalTunnels(view) === 0 && totalSessions(view) === 0;
}

/** The same rows; undefined if there are none. The first is made now: it decides what stands above it. */
export function unlessNone<Row>(rows: Iterable<Row>): Iterable<Row> | undefined {
  const iterator = rows[Symbol.iterator]();
  const first = iterator.next();
  if (first.done === true) return undefined;
  return firstAndRest(first.value, iterator);
}

function* firstAndRest<Row>(first: Row, rest: Iterator<Row>): Generator<Row> {
  yield first;
  yield* { [Symbol.iterator]: () => rest };
}

/** Made row by row where the router makes them: there may be as many as sessions. */
export function interfaceRows(view: RouterView, filter: InterfaceFilter = {}): Iterable<InterfaceView> {
  if (view.rows !== undefined) return view.rows.interfaces(filter);
  return sortInterfaces(view.interfaces).filter(({ name }) => filter.name === undefined || name === filter.name);
}

/** Those whose LCP is open; undefined for each that is not. */
export function openInterfaceRows(view: RouterView): Iterable<InterfaceView | undefined> {
  return view.rows?.openInterfaces() ?? sortInterfaces(view.interfaces).filter(({ lcp }) => lcp === 'Opened');
}

export function interfaceRow(view: RouterView, name: string): InterfaceView | undefined {
  for (const each of interfaceRows(view, { name })) return each;
  return undefined;
}

/** Who is connected, as far as counting goes. */
export function callerRows(view: RouterView): Iterable<CallerView> {
  if (view.rows !== undefined) return view.rows.callers();
  return view.interfaces.flatMap(({ link, lcp, clonedFrom, username = '' }) => {
    if (link === undefined) return [];
    return [{ username, clonedFrom, open: lcp === 'Opened', up: link.phase === 'UP', uniqueId: link.uniqueId }];
  });
}

/** Undefined: nothing of this interface's session is encrypted. */
export function mppeOf(view: RouterView, interfaceName: string): MppeView | undefined {
  if (view.rows !== undefined) return view.rows.mppe(interfaceName);
  return view.mppe?.find((each) => each.interfaceName === interfaceName);
}

/** Models for `| json`, each made when its row is. */
export function* mapped<Row, Model>(rows: Iterable<Row>, model: (row: Row) => Model): Generator<Model> {
  for (const row of rows) yield model(row);
}
