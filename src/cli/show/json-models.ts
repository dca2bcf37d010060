// The rows of `| json`, one projection a kind: an allow-list, so that no field, and above all no secret, comes out by accident.
// Instants of the router's clock become ages in milliseconds, which mean something outside the router.

import type {
  ClearableTraffic,
  FailureView,
  InterfaceView,
  PoolView,
  RouterView,
  RouteView,
  SessionView,
  TunnelView,
  UserView,
} from '../../vpdn/view.ts';
import type { MppeView, PptpSessionView, PptpTunnelView } from '../../vpdn/view-pptp.ts';
import { formatHex } from '../../wire/values.ts';
import type { XconnectView } from './xconnect.ts';

/** A level of nesting for what grows, `counters` and `control`; the rest is flat. */
export function tunnelModel(tunnel: TunnelView, view: RouterView) {
  const { control } = tunnel;
  return {
    ...pick(tunnel, TUNNEL_FACTS),
    millisInState: view.now - tunnel.since,
    ...trafficModel(tunnel, view),
    control: { ...control, retransmitDistribution: [...control.retransmitDistribution] },
  };
}

export function sessionModel(session: SessionView, view: RouterView) {
  const { pseudowire } = session;
  return {
    ...pick(session, SESSION_FACTS),
    millisInState: view.now - session.since,
    ...trafficModel(session, view),
    pseudowire:
      pseudowire === undefined
        ? undefined
        : {
            ...pseudowire,
            localCookie: formatHex(pseudowire.localCookie),
            remoteCookie: formatHex(pseudowire.remoteCookie),
          },
  };
}

/** Both sets of counters, once somebody has cleared them. */
function trafficModel({ counters, lifetime, clearedAt }: ClearableTraffic, view: RouterView) {
  return {
    counters: { ...counters },
    lifetimeCounters: lifetime === undefined ? undefined : { ...lifetime },
    millisSinceClear: clearedAt === undefined ? undefined : view.now - clearedAt,
  };
}

export function pptpTunnelModel(tunnel: PptpTunnelView, view: RouterView) {
  return {
    ...pick(tunnel, PPTP_TUNNEL_FACTS),
    millisInState: view.now - tunnel.since,
    ...trafficModel(tunnel, view),
  };
}

export function pptpSessionModel(session: PptpSessionView, view: RouterView) {
  return {
    ...pick(session, PPTP_SESSION_FACTS),
    millisInState: view.now - session.since,
    ...trafficModel(session, view),
    flow: { ...session.flow },
  };
}

export const mppeModel = ({ hardware, ...facts }: MppeView) => ({
  ...pick(facts, MPPE_FACTS),
  hardware: hardware === undefined ? undefined : { ...hardware },
});

export function xconnectModel({ session, ...facts }: XconnectView) {
  return { ...pick(facts, XCONNECT_FACTS), localSession: session?.localId, tunnelId: session?.tunnelId };
}

export function interfaceModel(subject: InterfaceView, view: RouterView) {
  const { since, lastInput, lastOutput, counters, rates, ...facts } = subject;
  return {
    ...pick(facts, INTERFACE_FACTS),
    millisInState: view.now - since,
    millisSinceInput: lastInput === undefined ? undefined : view.now - lastInput,
    millisSinceOutput: lastOutput === undefined ? undefined : view.now - lastOutput,
    counters: { ...counters },
    rates: rates === undefined ? undefined : { ...rates },
  };
}

// Of these every field may be shown as it is.
export const addressModel = (subject: InterfaceView) => pick(subject, ADDRESS_FACTS);
export const routeModel = (route: RouteView) => pick(route, ROUTE_FACTS);
export const userModel = (user: UserView) => pick(user, USER_FACTS);
export const poolModel = (pool: PoolView) => pick(pool, POOL_FACTS);

/** Both clocks: an age for alarms, the wall clock for people. */
export function failureModel(failure: FailureView, view: RouterView) {
  return { ...pick(failure, FAILURE_FACTS), millisAgo: view.now - failure.loggedAt };
}

/** An allow-list: what is not named here is not shown. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

// The fields of version 1. A field may be added without a new version, none renamed or taken away.

const TUNNEL_FACTS = [
  'protocol',
  'localId',
  'remoteId',
  'locallyInitiated',
  'state',
  'localName',
  'remoteName',
  'localAddress',
  'localPort',
  'remoteAddress',
  'remotePort',
  'l2tpClass',
  'vpdnGroup',
  'activeSessions',
  'transport',
  'digestSecrets',
] as const;

const SESSION_FACTS = [
  'protocol',
  'localId',
  'remoteId',
  'tunnelId',
  'remoteTunnelId',
  'uniqueId',
  'callSerialNumber',
  'remoteName',
  'remoteAddress',
  'state',
  'username',
  'interfaceName',
  'vcid',
  'mtu',
  'pathMtu',
  'sequencing',
  'ns',
  'nr',
  'outOfOrderDropped',
  'receiveDropped',
  'sendDropped',
  'exceededMtu',
] as const;

const PPTP_TUNNEL_FACTS = [
  'localId',
  'state',
  'localName',
  'remoteName',
  'localAddress',
  'localPort',
  'remoteAddress',
  'remotePort',
  'vpdnGroup',
  'activeSessions',
] as const;

const PPTP_SESSION_FACTS = [
  'localId',
  'remoteId',
  'tunnelId',
  'remoteName',
  'remoteAddress',
  'state',
  'username',
  'interfaceName',
  'uniqueId',
] as const;

const MPPE_FACTS = [
  'interfaceName',
  'bits',
  'stateful',
  'fellBack',
  'packetsEncrypted',
  'packetsDecrypted',
  'resetsSent',
  'resetsReceived',
  'nextSentCoherency',
  'nextReceivedCoherency',
  'sentKeyChanges',
  'receivedKeyChanges',
  'receivedDropped',
  'receivedOutOfOrder',
  'receivedMissed',
] as const;

const XCONNECT_FACTS = ['interfaceName', 'type', 'peer', 'vcid', 'pseudowireClass', 'segment1', 'segment2'] as const;

/** What `show ip interface brief` has; `show interfaces` adds to it. */
const ADDRESS_FACTS = [
  'name',
  'status',
  'lineProtocol',
  'address',
  'prefixLength',
  'unnumberedFrom',
  'addressMethod',
] as const;

const INTERFACE_FACTS = [
  ...ADDRESS_FACTS,
  'kind',
  'description',
  'device',
  'peerAddress',
  'mtu',
  'bandwidth',
  'clonedFrom',
  'tunnelId',
  'sessionId',
  'lcp',
  'openNcps',
  'username',
  'keepalivePeriod',
  'keepaliveRetries',
  'inputErrors',
  'outputErrors',
  'collisions',
  'broadcastsReceived',
  'outputDrops',
  'carrierTransitions',
] as const;

const ROUTE_FACTS = ['source', 'prefix', 'prefixLength', 'nextHop', 'interfaceName', 'distance'] as const;
const USER_FACTS = ['line', 'lineName', 'user', 'idle', 'location', 'own'] as const;
const POOL_FACTS = ['name', 'low', 'high', 'free', 'inUse', 'leases'] as const;

const FAILURE_FACTS = [
  'code',
  'user',
  'remoteName',
  'remoteAddress',
  'localName',
  'localAddress',
  'locallyInitiated',
  'callId',
  'loggedAtWall',
  'repeats',
  'failureType',
  'reason',
  'remedy',
] as const;
