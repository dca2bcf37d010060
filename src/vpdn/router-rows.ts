// The tunnels and sessions of a router, row by row: ids are listed first, and each row is made when it is asked for.

import type { TunnelStatus } from '../l2tp/status.ts';
import { Call } from './call.ts';
import type { CallPlace } from './call-place.ts';
import type { Circuit } from './circuit.ts';
import type { RouterParts } from './router-parts.ts';
import { callerRows, interfaceRows, openInterfaceRows, type RowsAt } from './router-rows-interfaces.ts';
import { SessionTraffic } from './router-rows-traffic.ts';
import { connectionRow, pathMtu, v3Row } from './router-rows-v3.ts';
import type { TrafficObserver } from './traffic-observer.ts';
import type {
  CallerView,
  InterfaceFilter,
  InterfaceView,
  RowSource,
  SessionFilter,
  SessionView,
  TunnelFilter,
  TunnelView,
} from './view.ts';
import type { MppeView } from './view-pptp.ts';

export class RouterRows implements RowSource {
  readonly #parts: RouterParts;
  readonly #observer: TrafficObserver | undefined;

  readonly #at: RowsAt;

  constructor(parts: RouterParts, at: RowsAt, observer?: TrafficObserver) {
    this.#parts = parts;
    this.#at = at;
    this.#observer = observer;
  }

  get totalTunnels(): number {
    return this.#parts.endpoint.tunnelCount + this.#parts.v3.connectionCount;
  }

  get totalSessions(): number {
    const { endpoint, v3, manual } = this.#parts;
    return endpoint.callCount + v3.sessionCount + manual.size;
  }

  *interfaces(filter: InterfaceFilter): Generator<InterfaceView> {
    for (const row of interfaceRows(this.#parts, this.#at, filter)) {
      this.#observer?.interface(row);
      yield row;
    }
  }

  *openInterfaces(): Generator<InterfaceView | undefined> {
    for (const row of openInterfaceRows(this.#parts, this.#at)) {
      if (row !== undefined) this.#observer?.interface(row);
      yield row;
    }
  }

  mppe(interfaceName: string): MppeView | undefined {
    const [row] = this.interfaces({ name: interfaceName });
    const seen = row && this.#observer?.mppe(row);
    const call = this.#parts.calls.onInterface(interfaceName);
    const fellBack = call instanceof Call && call.link?.isStatelessOnly === true;
    return seen && (fellBack ? { ...seen, fellBack } : seen);
  }

  callers(): Iterable<CallerView> {
    return callerRows(this.#parts);
  }

  *tunnels(filter: TunnelFilter): Generator<TunnelView> {
    const { endpoint, v3 } = this.#parts;
    for (const id of filter.id === undefined ? endpoint.tunnelIds() : [filter.id]) {
      const status = endpoint.tunnel(id);
      if (status === undefined) continue;
      const row = this.#tunnelRow(status);
      if (isWanted(row, filter)) yield row;
    }
    for (const id of filter.id === undefined ? v3.connectionIds() : [filter.id]) {
      const status = v3.connection(id);
      if (status === undefined) continue;
      const row = connectionRow(status, this.#parts, (control, sessions) => {
        return new SessionTraffic(this.#observer, { of: 'l2tpv3', id }, control, sessions);
      });
      if (isWanted(row, filter)) yield row;
    }
  }

  *sessions(filter: SessionFilter): Generator<SessionView> {
    const { endpoint, v3, manual, calls } = this.#parts;
    if (filter.interfaceName !== undefined) {
      const place = calls.onInterface(filter.interfaceName)?.place;
      if (place !== undefined) yield* this.#rowsAt(place, filter);
      return;
    }
    if (filter.username !== undefined) {
      for (const { place } of callsOf(calls, filter.username)) yield* this.#rowsAt(place, filter);
      return;
    }
    for (const tunnel of filter.tunnelId === undefined ? endpoint.tunnelIds() : [filter.tunnelId]) {
      yield* this.#rowsOf(tunnel, filter.id === undefined ? endpoint.callIds(tunnel) : [filter.id], filter);
    }
    for (const id of filter.id === undefined ? [...v3.sessionIds(), ...manual.ids()] : [filter.id]) {
      yield* this.#pseudowire(id, filter);
    }
  }

  *#rowsAt({ tunnel, session, connection }: CallPlace, filter: SessionFilter): Generator<SessionView> {
    if (connection === undefined && tunnel !== 0) yield* this.#rowsOf(tunnel, [session], filter);
    else yield* this.#pseudowire(session, filter);
  }

  /** One session of L2TPv3, if it is wanted. */
  *#pseudowire(id: number, filter: SessionFilter): Generator<SessionView> {
    const { calls, connections } = this.#parts;
    const row = v3Row(id, this.#parts, calls.get(0, id));
    if (row === undefined) return;
    const {
      id: wanted = id,
      tunnelId = row.tunnelId,
      username,
      interfaceName,
      vcid,
      remoteAddress,
      l2tpClass,
    } = filter;
    if (wanted !== id || tunnelId !== row.tunnelId) return;
    if (username !== undefined && row.username !== username) return;
    if (interfaceName !== undefined && row.interfaceName !== interfaceName) return;
    if (vcid !== undefined && row.vcid !== vcid) return;
    if (remoteAddress !== undefined && row.remoteAddress !== remoteAddress) return;
    if (l2tpClass !== undefined && connections.get(row.tunnelId)?.l2tpClass !== l2tpClass) return;
    this.#observer?.session(row);
    yield row;
  }

  *#rowsOf(tunnelId: number, ids: readonly number[], filter: SessionFilter): Generator<SessionView> {
    const { endpoint, calls, tunnels } = this.#parts;
    const { id, tunnelId: ofTunnel, username, interfaceName, vcid, remoteAddress, l2tpClass } = filter;
    const status = endpoint.tunnel(tunnelId);
    if (status === undefined || (remoteAddress !== undefined && status.path.peerAddress !== remoteAddress)) return;
    if (ofTunnel !== undefined && ofTunnel !== tunnelId) return;
    if (l2tpClass !== undefined && tunnels.get(tunnelId)?.l2tpClass !== l2tpClass) return;
    for (const session of ids) {
      // What is not wanted never becomes a row: nobody gets a turn while none is printed.
      const call = calls.get(tunnelId, session);
      if (username !== undefined && call?.username !== username) continue;
      if (interfaceName !== undefined && call?.place.interfaceName !== interfaceName) continue;
      if (vcid !== undefined && vcidOf(call) !== vcid) continue;
      if (id !== undefined && session !== id) continue;
      const row = this.#sessionRow(status, session, call);
      if (row !== undefined) yield row;
    }
  }

  #tunnelRow(status: TunnelStatus): TunnelView {
    const { endpoint, tunnels } = this.#parts;
    const tunnel = tunnels.get(status.tunnel);
    const { authenticated, authenticationFailures, channel } = status;
    const control = {
      packetsSent: status.messagesSent,
      packetsReceived: status.messagesReceived,
      octetsSent: status.octetsSent,
      octetsReceived: status.octetsReceived,
    };
    const sessions = () => endpoint.callIds(status.tunnel);
    const traffic = new SessionTraffic(this.#observer, { of: 'l2tp', id: status.tunnel }, control, sessions);
    return {
      protocol: 'l2tp',
      localId: status.tunnel,
      remoteId: status.peerTunnel,
      locallyInitiated: status.locallyInitiated,
      state: status.state,
      since: status.since,
      localName: status.localName,
      remoteName: status.peerName === '' ? (tunnel?.remoteName ?? '') : status.peerName,
      localAddress: status.path.localAddress,
      localPort: status.path.localPort,
      remoteAddress: status.path.peerAddress,
      remotePort: status.path.peerPort,
      l2tpClass: tunnel?.l2tpClass,
      vpdnGroup: tunnel?.group,
      activeSessions: status.calls,
      get counters() {
        return traffic.added.counters;
      },
      get lifetime() {
        return traffic.added.lifetime;
      },
      get clearedAt() {
        return traffic.added.clearedAt;
      },
      count: () => traffic.count(),
      control: { ...channel, authenticated, authenticationFailures },
    };
  }

  #sessionRow(tunnel: TunnelStatus, session: number, call: Call | Circuit | undefined): SessionView | undefined {
    const status = this.#parts.endpoint.call(tunnel.tunnel, session);
    if (status === undefined) return undefined;
    const row: SessionView = {
      protocol: 'l2tp',
      localId: status.session,
      remoteId: status.peerSession,
      tunnelId: tunnel.tunnel,
      remoteTunnelId: tunnel.peerTunnel,
      uniqueId: call?.place.uniqueId ?? 0,
      callSerialNumber: status.callSerialNumber,
      remoteName: tunnel.peerName,
      remoteAddress: tunnel.path.peerAddress,
      state: status.state,
      since: status.since,
      username: call === undefined || call.username === '' ? undefined : call.username,
      interfaceName: call?.place.interfaceName,
      vcid: vcidOf(call),
      mtu: call?.data?.mtu ?? 0,
      ...pathMtu(call),
      sequencing: status.sequencing,
      ns: status.ns,
      nr: status.nr,
      counters: {
        packetsSent: status.framesSent,
        packetsReceived: status.framesReceived,
        octetsSent: status.octetsSent,
        octetsReceived: status.octetsReceived,
      },
      outOfOrderDropped: status.outOfOrderDropped,
    };
    this.#observer?.session(row);
    return row;
  }
}

/** The same questions of rows that are there already. */
export function isWanted(row: TunnelView, { id, localName, remoteName }: TunnelFilter): boolean {
  return (
    (id === undefined || row.localId === id) &&
    (localName === undefined || row.localName === localName) &&
    (remoteName === undefined || row.remoteName === remoteName)
  );
}

/** A look at each call, none of which becomes a row before it is known to be wanted. */
function callsOf(calls: RouterParts['calls'], username: string): (Call | Circuit)[] {
  const found: (Call | Circuit)[] = [];
  for (const call of calls.all()) if (call.username === username) found.push(call);
  return found;
}

function vcidOf(call: Call | Circuit | undefined): number | undefined {
  return call?.place.role === 'lac' ? call.place.subject.pseudowire?.vcid : undefined;
}
