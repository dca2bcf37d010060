// What can be seen of a running router: the typed models behind every `show`. Text is a rendering of these (`cli/show/`),
// and so are JSON and the metrics. Times are milliseconds on the router's clock; "since" is when the present state began.

import type { ChannelStatus } from '../l2tp/channel.ts';
import type { MessageCount } from '../l2tp/message-counters.ts';
import type { TunnelState } from '../l2tp/status.ts';
import type { State as LayerState } from '../ppp/automaton.ts';
import type { LinkOptions, Phase } from '../ppp/events.ts';
import type { NetworkAddresses } from '../ppp/ipcp.ts';
import type { Millis } from '../wire/machine.ts';
import type { Configuration } from './configuration.ts';
import type { InterfaceKind } from './configuration-interface.ts';
import type { Timestamps } from './configuration-system.ts';
import type { TunnelProtocol } from './events.ts';
import type { PppStatisticsView } from './ppp-statistics.ts';
import type { MppeView, PptpSessionView, PptpTunnelView } from './view-pptp.ts';
import type { ClearableTraffic, TrafficCounters, TrafficRates } from './view-traffic.ts';

export type { ClearableTraffic, TrafficCounters, TrafficRates } from './view-traffic.ts';

/** RFC 2661 §7.2.1's states of a control connection, and the wait after a StopCCN. */
export type { TunnelState };
/** RFC 2661 §7.4's states of an incoming call, of the two ends together. */
export type CallState = 'idle' | 'wait-tunnel' | 'wait-reply' | 'wait-connect' | 'established' | 'shutting-down';

export interface TunnelView extends ClearableTraffic {
  protocol: 'l2tp';
  localId: number;
  remoteId: number;
  locallyInitiated: boolean;
  state: TunnelState;
  since: Millis;
  localName: string;
  remoteName: string;
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
  /** The l2tp-class of a tunnel we opened, the vpdn-group of one we accepted. */
  l2tpClass?: string | undefined;
  vpdnGroup?: string | undefined;
  activeSessions: number;
  /** L2TPv3 goes over IP itself as well (RFC 3931 §4.1.1); absent: UDP. */
  transport?: 'udp' | 'ip' | undefined;
  /** Secrets of the message digest of L2TPv3 (RFC 3931 §5.4.1). */
  digestSecrets?: number | undefined;
  control: ControlChannelView;
  /** Adds up the data of its sessions one by one, where the counters would do it in one go. */
  count?: (() => Iterable<unknown>) | undefined;
}

export interface ControlChannelView extends ChannelStatus {
  readonly authenticated: boolean;
  readonly authenticationFailures: number;
}

export interface SessionView extends ClearableTraffic {
  protocol: 'l2tp';
  localId: number;
  remoteId: number;
  tunnelId: number;
  remoteTunnelId: number;
  uniqueId: number;
  callSerialNumber: number;
  remoteName: string;
  remoteAddress: string;
  state: CallState;
  since: Millis;
  username?: string | undefined;
  /** `Virtual-Access3` or `Virtual-PPP1`. */
  interfaceName?: string | undefined;
  vcid?: number | undefined;
  mtu: number;
  /** What the way to the peer takes, where the session discovers it. */
  pathMtu?: number | undefined;
  sequencing: boolean;
  ns: number;
  nr: number;
  outOfOrderDropped: number;
  /** Dropped on the way in and out, for whatever reason; where the packet path counts it. */
  receiveDropped?: number | undefined;
  sendDropped?: number | undefined;
  exceededMtu?: number | undefined;
  /** What L2TPv3 adds; absent of an L2TPv2 session. */
  pseudowire?: PseudowireView | undefined;
}

/** The circuit of an L2TPv3 session and the header of its packets (RFC 3931 §4.1). */
export interface PseudowireView {
  /** Configured by hand at both ends, not signalled. */
  manual: boolean;
  /** `PPP`, `Ethernet`, `ATM VPC CELL`. */
  circuitType: string;
  circuitName: string;
  /** At both ends, as far as they have told each other. */
  circuitUp: boolean;
  /** At the other one; absent where nothing is signalled. */
  remoteCircuitUp?: boolean | undefined;
  dfBit: boolean;
  tosReflect: boolean;
  tosValue: number;
  ttl: number;
  /** Empty, 4 or 8 octets. */
  localCookie: Uint8Array;
  remoteCookie: Uint8Array;
}

/** The state of a PPP layer in IOS words. */
export type { State as LayerState } from '../ppp/automaton.ts';

export interface InterfaceView {
  /** Canonical name; tables shorten it. */
  name: string;
  kind: InterfaceKind | 'Virtual-Access';
  status: 'up' | 'down' | 'administratively down';
  lineProtocol: 'up' | 'down';
  description?: string | undefined;
  /** The Linux device, where there is one of its own. */
  device?: string | undefined;
  address?: string | undefined;
  prefixLength?: number | undefined;
  /** The interface whose address is borrowed. */
  unnumberedFrom?: string | undefined;
  addressMethod: 'NVRAM' | 'manual' | 'IPCP' | 'unset';
  peerAddress?: string | undefined;
  mtu: number;
  bandwidth: number;
  clonedFrom?: string | undefined;
  tunnelId?: number | undefined;
  sessionId?: number | undefined;
  /** Of its session; absent: L2TPv2. Sessions of the others are known by their own ids alone. */
  sessionOf?: Exclude<TunnelProtocol, 'l2tp'> | undefined;
  lcp?: LayerState | undefined;
  /** Names of the open network protocols: `IPCP`. */
  openNcps: readonly string[];
  username?: string | undefined;
  /** Of an interface with PPP on it. */
  link?: PppLinkView | undefined;
  keepalivePeriod: Millis;
  keepaliveRetries: number;
  since: Millis;
  lastInput?: Millis | undefined;
  lastOutput?: Millis | undefined;
  counters: TrafficCounters;
  /** Over the last five minutes; absent while nobody has measured it. */
  rates?: TrafficRates | undefined;
  inputErrors: number;
  outputDrops: number;
  /** Where it can be told: of a Linux device. */
  outputErrors?: number | undefined;
  collisions?: number | undefined;
  /** Multicast, which Linux counts together with broadcast or not at all. */
  broadcastsReceived?: number | undefined;
  carrierTransitions: number;
  /** When an operator last cleared the counters. */
  clearedAt?: Millis | undefined;
}

/** What PPP is at on an interface; the authentications by the names of LCP's option 3. */
export interface PppLinkView {
  readonly phase: Phase;
  readonly lcp: LayerState;
  readonly ipcp: LayerState;
  /** Absent where nothing asked for it. */
  readonly ccp?: LayerState | undefined;
  /** How the peer proves itself to us, and we to the peer. */
  readonly peerAuthentication?: string | undefined;
  readonly localAuthentication?: string | undefined;
  readonly options?: LinkOptions | undefined;
  readonly network?: NetworkAddresses | undefined;
  readonly peerName: string;
  readonly uniqueId: number;
  /** When the session was established. */
  readonly upSince?: Millis | undefined;
}

export interface RouteView {
  source: 'connected' | 'static';
  prefix: string;
  prefixLength: number;
  nextHop?: string | undefined;
  interfaceName?: string | undefined;
  distance: number;
}

export interface UserView {
  line: number;
  lineName: string;
  user: string;
  idle: Millis;
  /** Since the line was opened. */
  active?: Millis | undefined;
  location: string;
  own: boolean;
}

export interface FailureView {
  /** Stable, from the table of `failure.ts`. */
  code: string;
  user: string;
  /** The peer that dialled, or was dialled. */
  remoteName: string;
  remoteAddress: string;
  localName: string;
  localAddress: string;
  /** We dialled: this end is the NAS of the record, the peer its gateway. */
  locallyInitiated?: boolean | undefined;
  callId: number;
  loggedAt: Millis;
  /** On the wall clock, milliseconds since 1970. */
  loggedAtWall: number;
  repeats: number;
  failureType: string;
  reason: string;
  remedy: string;
}

/** Dropped packets and messages by reason: the counters of `show vpdn` and the metrics. */
export interface DropView {
  where: 'l2tp' | 'pptp' | 'ppp' | 'dataplane' | 'vpdn';
  reason: string;
  count: number;
}

/** Which tunnels: `local-name A B` is `{ localName: A, remoteName: B }`, `remote-name A B` the other way round. */
export interface TunnelFilter {
  id?: number | undefined;
  localName?: string | undefined;
  remoteName?: string | undefined;
}

export interface SessionFilter {
  id?: number | undefined;
  tunnelId?: number | undefined;
  username?: string | undefined;
  /** Canonical: `Virtual-Access3`. */
  interfaceName?: string | undefined;
  /** `ip-addr A`: the peer's. */
  remoteAddress?: string | undefined;
  vcid?: number | undefined;
  /** Of its tunnel. */
  l2tpClass?: string | undefined;
}

/**
 * Rows that are made one by one while they are printed: a table of 50,000 sessions is never there as a whole. What is gone by
 * its turn is left out.
 */
export interface RowSource {
  readonly totalTunnels: number;
  readonly totalSessions: number;
  tunnels(filter: TunnelFilter): Iterable<TunnelView>;
  sessions(filter: SessionFilter): Iterable<SessionView>;
  /** In the order of every list. */
  interfaces(filter: InterfaceFilter): Iterable<InterfaceView>;
  /** Those whose LCP is open; undefined for each that is passed over, so that others can have their turn between them. */
  openInterfaces(): Iterable<InterfaceView | undefined>;
  /** Who is connected, for those who only count. */
  callers(): Iterable<CallerView>;
  /** Undefined: nothing of this interface's session is encrypted. */
  mppe(interfaceName: string): MppeView | undefined;
}

export interface InterfaceFilter {
  readonly name?: string | undefined;
}

/** A PPP link, as far as counting goes. */
export interface CallerView {
  /** Empty until it has proven who it is, or if it need not. */
  readonly username: string;
  readonly clonedFrom: string | undefined;
  /** LCP is open. */
  readonly open: boolean;
  /** Authentication is over. */
  readonly up: boolean;
  readonly uniqueId: number;
}

/** All that the `show` commands print, taken at one instant. */
export interface RouterView {
  now: Millis;
  /** The wall clock at `now`, milliseconds since 1970. */
  wallClock: number;
  bootedAt: Millis;
  configuration: Configuration;
  timestamps: Timestamps;
  tunnels: TunnelView[];
  sessions: SessionView[];
  /** The same, row by row; a view put together by hand need not have it. */
  rows?: RowSource | undefined;
  interfaces: InterfaceView[];
  routes: RouteView[];
  users: UserView[];
  failures: FailureView[];
  failureTableSize: number;
  pools: PoolView[];
  drops: DropView[];
  pppStatistics?: PppStatisticsView | undefined;
  pptpTunnels?: readonly PptpTunnelView[] | undefined;
  pptpSessions?: readonly PptpSessionView[] | undefined;
  mppe?: readonly MppeView[] | undefined;
  /** `ISA5/0`: the card that MPPE is the work of since the router started (C125). */
  mppeCard?: string | undefined;
  /** L2TP control messages by type, since when they were cleared. */
  controlMessages?: ReadonlyMap<string, Readonly<MessageCount>> | undefined;
  controlMessagesClearedAt?: Millis | undefined;
  /** Virtual-Access interfaces made since the start, and how many of them are gone. */
  cloned?: { readonly created: number; readonly freed: number } | undefined;
}

export interface PoolView {
  name: string;
  low: string;
  high: string;
  free: number;
  inUse: number;
  /** Who has which address, where that is known. */
  leases?: PoolLeaseView[] | undefined;
  /** Kept for users who had them last, as long as nobody else needs one. */
  held?: readonly { readonly address: string; readonly username: string }[] | undefined;
}

export interface PoolLeaseView {
  address: string;
  interfaceName: string;
  username: string;
}
