// The control connections and sessions of L2TPv3 as rows, in the same columns as those of L2TPv2 (R-151, C141-C145).

import type { ConnectionStatus, SessionStatus } from '../l2tp/v3/status.ts';
import { printable } from '../wire/values.ts';
import type { Call } from './call.ts';
import type { Circuit } from './circuit.ts';
import { wireOf } from './cross-connects.ts';
import type { ManualSessionStatus } from './manual-sessions.ts';
import { ETHERNET_PSEUDOWIRE, type Frames, PPP_PSEUDOWIRE, VLAN_PSEUDOWIRE } from './pseudowires.ts';
import type { RouterParts } from './router-parts.ts';
import type { SessionTraffic } from './router-rows-traffic.ts';
import type { CallState, PseudowireView, SessionView, TunnelView } from './view.ts';
import type { TrafficCounters } from './view-traffic.ts';

type TrafficOf = (control: TrafficCounters, sessions: () => readonly number[]) => SessionTraffic;

export function connectionRow(
  status: ConnectionStatus,
  { connections }: RouterParts,
  trafficOf: TrafficOf,
): TunnelView {
  const connection = connections.get(status.connection);
  const control = {
    packetsSent: status.messagesSent,
    packetsReceived: status.messagesReceived,
    octetsSent: status.octetsSent,
    octetsReceived: status.octetsReceived,
  };
  const traffic = trafficOf(control, () => [...(connection?.sessions ?? [])]);
  return {
    protocol: 'l2tp',
    localId: status.connection,
    remoteId: status.peerConnection,
    locallyInitiated: status.locallyInitiated,
    state: status.state,
    since: status.since,
    localName: status.localName,
    remoteName: status.peerName === '' ? (connection?.remoteName ?? '') : status.peerName,
    localAddress: status.path.localAddress,
    localPort: status.path.localPort,
    remoteAddress: status.path.peerAddress,
    remotePort: status.path.peerPort,
    l2tpClass: connection?.l2tpClass,
    activeSessions: status.sessions,
    transport: status.path.transport === 'ip' ? 'ip' : 'udp',
    digestSecrets: status.digests === 0 ? undefined : status.digests,
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
    // §5.4.1: every message was authentic, or the connection would not stand.
    control: {
      ...status.channel,
      authenticated: false,
      authenticationFailures: status.digestFailures,
    },
  };
}

export function v3Row(
  id: number,
  { v3, manual }: RouterParts,
  call: Call | Circuit | undefined,
): SessionView | undefined {
  const typed = manual.status(id);
  if (typed !== undefined) return manualRow(typed, call);
  const status = v3.session(id);
  const connection = status && v3.connection(status.connection);
  return status && connection && pseudowireRow(status, connection, call);
}

/** There is no connection and nobody's name; the session stands as long as it is there. */
function manualRow(status: ManualSessionStatus, call: Call | Circuit | undefined): SessionView {
  const { interfaceName, localSession, peerSession, path, data, since, ...counted } = status;
  return {
    protocol: 'l2tp',
    localId: localSession,
    remoteId: peerSession,
    tunnelId: 0,
    remoteTunnelId: 0,
    uniqueId: call?.place.uniqueId ?? 0,
    callSerialNumber: 0,
    remoteName: '',
    remoteAddress: path.peerAddress,
    state: 'established',
    since,
    username: call === undefined || call.username === '' ? undefined : call.username,
    interfaceName,
    vcid: wireOf(call?.place.subject)?.vcid,
    mtu: call?.data?.mtu ?? 0,
    sequencing: data.sendSequencing,
    ns: 0,
    nr: 0,
    counters: {
      packetsSent: counted.framesSent,
      packetsReceived: counted.framesReceived,
      octetsSent: counted.octetsSent,
      octetsReceived: counted.octetsReceived,
    },
    outOfOrderDropped: 0,
    pseudowire: {
      manual: true,
      circuitType: nameOfFrames(data),
      circuitName: interfaceName,
      circuitUp: call === undefined || !('localUp' in call) || call.localUp,
      dfBit: data.outer.dontFragment,
      tosReflect: data.outer.tosReflect,
      tosValue: data.outer.tos,
      ttl: data.outer.ttl,
      localCookie: data.localCookie,
      remoteCookie: data.peerCookie,
    },
  };
}

function nameOfFrames({ payload, vlan }: Frames): string {
  if (payload === 'ppp') return 'PPP';
  return vlan === undefined ? 'Ethernet' : 'Ethernet Vlan';
}

function pseudowireRow(
  status: SessionStatus,
  connection: ConnectionStatus,
  call: Call | Circuit | undefined,
): SessionView {
  const { subject, interfaceName = '' } = call?.place ?? {};
  return {
    protocol: 'l2tp',
    localId: status.session,
    remoteId: status.peerSession,
    tunnelId: connection.connection,
    remoteTunnelId: connection.peerConnection,
    uniqueId: call?.place.uniqueId ?? 0,
    callSerialNumber: status.callSerialNumber,
    remoteName: connection.peerName,
    remoteAddress: connection.path.peerAddress,
    state: STATES[status.state],
    since: status.since,
    username: call === undefined || call.username === '' ? undefined : call.username,
    interfaceName: call?.place.interfaceName,
    vcid: wireOf(subject)?.vcid ?? vcidIn(status.remoteEndId),
    mtu: call?.data?.mtu ?? 0,
    ...pathMtu(call),
    sequencing: call?.data?.sequencing ?? status.sequencing !== 'none',
    ns: 0,
    nr: 0,
    counters: {
      packetsSent: status.framesSent,
      packetsReceived: status.framesReceived,
      octetsSent: status.octetsSent,
      octetsReceived: status.octetsReceived,
    },
    outOfOrderDropped: status.outOfOrderDropped,
    pseudowire: circuitOf(status, call, interfaceName),
  };
}

function circuitOf(
  { carries, circuitActive, peerCircuitActive, state, pseudowireType }: SessionStatus,
  call: Call | Circuit | undefined,
  name: string,
): PseudowireView {
  const { outer } = call?.data?.v3 ?? {};
  return {
    manual: false,
    circuitType: TYPES.get(pseudowireType) ?? `type ${pseudowireType}`,
    circuitName: name,
    circuitUp: state === 'established' && circuitActive && peerCircuitActive,
    remoteCircuitUp: state === 'established' && peerCircuitActive,
    dfBit: outer?.dontFragment ?? false,
    tosReflect: outer?.tosReflect ?? false,
    tosValue: outer?.tos ?? 0,
    ttl: outer?.ttl ?? 255,
    localCookie: carries?.localCookie ?? NO_COOKIE,
    remoteCookie: carries?.peerCookie ?? NO_COOKIE,
  };
}

/** Where it is discovered. */
export function pathMtu(call: Call | Circuit | undefined): Pick<SessionView, 'pathMtu'> {
  return call === undefined || !('pathMtu' in call) || call.pathMtu === undefined ? {} : { pathMtu: call.pathMtu };
}

/** Of a session that was refused there is no interface to ask. */
function vcidIn(remoteEndId: Uint8Array): number | undefined {
  const text = printable(String.fromCharCode(...remoteEndId));
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** IANA's L2TPv3 Pseudowire Types, those there are here. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [PPP_PSEUDOWIRE, 'PPP'],
  [ETHERNET_PSEUDOWIRE, 'Ethernet'],
  [VLAN_PSEUDOWIRE, 'Ethernet Vlan'],
]);
const STATES: Readonly<Record<SessionStatus['state'], CallState>> = {
  idle: 'idle',
  'wait-connection': 'wait-tunnel',
  'wait-reply': 'wait-reply',
  'wait-connect': 'wait-connect',
  established: 'established',
};
const NO_COOKIE = new Uint8Array(0);
