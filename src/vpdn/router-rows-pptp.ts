// The control connections and calls of PPTP as rows (C136, C138, C140).

import type { CallStatus, ConnectionStatus } from '../pptp/status.ts';
import { Call } from './call.ts';
import { PPTP_CALLS } from './events.ts';
import type { RouterParts } from './router-parts.ts';
import type { TrafficObserver } from './traffic-observer.ts';
import type { PptpSessionView, PptpTunnelView } from './view-pptp.ts';
import { noTraffic } from './view-traffic.ts';

export function pptpTunnelViews(parts: RouterParts, observer: TrafficObserver | undefined): PptpTunnelView[] {
  return [...parts.pptp.endpoint.connections()].map((status) => tunnelRow(status, parts, observer));
}

export function pptpSessionViews(parts: RouterParts, observer: TrafficObserver | undefined): PptpSessionView[] {
  const { endpoint } = parts.pptp;
  const rows: PptpSessionView[] = [];
  for (const connection of endpoint.connections()) {
    for (const status of endpoint.calls(connection.connection)) {
      const row = sessionRow(status, connection, parts);
      observer?.pptpSession(row);
      rows.push(row);
    }
  }
  return rows;
}

function tunnelRow(
  status: ConnectionStatus,
  { pptpConnections }: RouterParts,
  observer: TrafficObserver | undefined,
): PptpTunnelView {
  const connection = pptpConnections.get(status.connection);
  const control = {
    packetsSent: status.messagesSent,
    packetsReceived: status.messagesReceived,
    octetsSent: status.octetsSent,
    octetsReceived: status.octetsReceived,
  };
  const sessions = [...(connection?.sessions ?? [])];
  const traffic = observer?.tunnel({ of: 'pptp', id: status.connection }, control, sessions) ?? { counters: control };
  return {
    localId: status.connection,
    state: status.state,
    since: status.since,
    localName: status.localName,
    remoteName: nameOf(status),
    localAddress: status.path.localAddress,
    localPort: status.path.localPort,
    remoteAddress: status.path.peerAddress,
    remotePort: status.path.peerPort,
    vpdnGroup: connection?.group,
    activeSessions: status.calls,
    ...traffic,
  };
}

function sessionRow(status: CallStatus, connection: ConnectionStatus, { calls }: RouterParts): PptpSessionView {
  const call = calls.get(PPTP_CALLS, status.call);
  return {
    localId: status.call,
    remoteId: status.peerCall ?? 0,
    tunnelId: status.connection,
    remoteName: nameOf(connection),
    remoteAddress: connection.path.peerAddress,
    state: status.state === 'wait-cs-ans' ? 'wait-connect' : status.state,
    since: status.since,
    username: call === undefined || call.username === '' ? undefined : call.username,
    interfaceName: call?.place.interfaceName,
    uniqueId: call?.place.uniqueId,
    counters: noTraffic(),
    flow: {
      nextSent: 0,
      lastReceived: 0,
      remoteAcknowledged: 0,
      localWindow: status.localWindow,
      remoteWindow: status.peerWindow,
      outOfOrder: 0,
      alarm: false,
      ...(call instanceof Call && call.link?.isStatelessOnly === true && { fellBack: true }),
    },
  };
}

function nameOf({ peerName, path }: ConnectionStatus): string {
  return peerName === '' ? path.peerAddress : peerName;
}
