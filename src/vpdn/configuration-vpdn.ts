// What the lines about tunnels mean: `vpdn …`, `vpdn-group`, `vpdn-template`, `l2tp-class`, `pseudowire-class`, `xconnect`.

import type { Millis } from '../wire/machine.ts';
import type { Secret } from './configuration-system.ts';
import type { Octets, Seconds } from './units.ts';

export interface VpdnGlobals {
  enabled: boolean;
  softshut: boolean;
  sessionLimit?: number | undefined;
  sourceAddress?: string | undefined;
  historyFailure: boolean;
  historyFailureSize?: number | undefined;
  /** Where a NAS looks for the tunnel of a dial-in user, first word first. */
  searchOrder?: SearchOrder[] | undefined;
  radius: VpdnRadius;
}

export type SearchOrder = 'dnis' | 'domain' | 'multihop-hostname';

/** Tunnels by RADIUS instead of by vpdn-group, and what its attributes say (C062, C065). */
export interface VpdnRadius {
  /** `vpdn aaa attribute nas-ip-address vpdn-nas`: the address of the peer in place of ours. */
  nasIpAddress: boolean;
  nasPort?: 'physical-channel-id' | 'vpdn-nas' | undefined;
  /** The server that is asked about VPDN alone. */
  overrideServer?: { server?: string | undefined } | undefined;
  untagged: boolean;
  /** Lists of methods, by name. */
  tunnelAuthorization?: string | undefined;
  tunnelAuthorizationPassword?: Secret | undefined;
  tunnelAuthorizationTemplate?: number | undefined;
  tunnelAccounting?: string | undefined;
  sessionAccounting?: string | undefined;
}

export interface Retransmit {
  initialRetries?: number | undefined;
  initialTimeoutMin?: Seconds | undefined;
  initialTimeoutMax?: Seconds | undefined;
  retries?: number | undefined;
  timeoutMin?: Seconds | undefined;
  timeoutMax?: Seconds | undefined;
}

/** What a vpdn-group may leave to a vpdn-template; absent is not `no`: it is "as the template has it" (C066). */
export interface TunnelValues {
  description?: string | undefined;
  localName?: string | undefined;
  sourceAddress?: string | undefined;
  sessionLimit?: number | undefined;
  l2tp: L2tpValues;
  pptp: PptpValues;
  outer: OuterValues;
}

export interface L2tpValues {
  /** On unless said otherwise, unlike that of an l2tp-class. */
  authentication?: boolean | undefined;
  password?: Secret | undefined;
  hidden?: boolean | undefined;
  hello?: Seconds | undefined;
  receiveWindow?: number | undefined;
  retransmit: Retransmit;
  setupTimeout?: Seconds | undefined;
  noSessionTimeout?: Seconds | 'never' | undefined;
  sequencing?: boolean | undefined;
}

/** RFC 2637: the window we offer in an Outgoing-Call-Reply, how long an acknowledgment may take, the idle time before an echo. */
export interface PptpValues {
  receiveWindow?: number | undefined;
  staticRtt?: Millis | undefined;
  echo?: Seconds | undefined;
}

/** The outer IP header of accepted tunnels. */
export interface OuterValues {
  tosReflect?: boolean | undefined;
  precedence?: number | undefined;
  pmtu?: boolean | undefined;
}

/** The unnamed template has the name ''. */
export interface VpdnTemplate extends TunnelValues {
  name: string;
  /** For all groups of the template together. */
  groupSessionLimit?: number | undefined;
}

/** LNS with `accept-dialin` or `request-dialout`, LAC with the other two; never both (C068). */
export interface VpdnGroup extends TunnelValues {
  name: string;
  acceptDialin?: AcceptDialin | undefined;
  requestDialin?: RequestDialin | undefined;
  acceptDialout?: AcceptDialout | undefined;
  requestDialout?: RequestDialout | undefined;
  terminateFrom?: string | undefined;
  initiateTo: InitiateTo[];
  /** Absent: the unnamed one, where there is one. */
  template?: { kind: 'named'; name: string } | { kind: 'none' } | undefined;
}

export interface AcceptDialin {
  protocol?: 'l2tp' | 'pptp' | 'any' | undefined;
  virtualTemplate?: number | undefined;
}

export interface RequestDialin {
  protocol?: 'l2tp' | 'pptp' | undefined;
  domains: string[];
  /** Called numbers, or groups of them. */
  dnis: string[];
  multihopHostnames: string[];
  poolMember?: number | undefined;
  rotaryGroup?: number | undefined;
}

export interface AcceptDialout {
  protocol?: 'l2tp' | undefined;
  dialer?: number | undefined;
}

export interface RequestDialout {
  protocol?: 'l2tp' | undefined;
  poolMember?: number | undefined;
  rotaryGroup?: number | undefined;
}

export interface InitiateTo {
  address: string;
  limit?: number | undefined;
  priority?: number | undefined;
}

export interface L2tpClass {
  name: string;
  authentication: boolean;
  password?: Secret | undefined;
  hostname?: string | undefined;
  hidden: boolean;
  /** Two with a secret at most, so that a secret can be changed without a break; one without a secret guards integrity only. */
  digests: Digest[];
  cookieSize?: 4 | 8 | undefined;
  hello?: Seconds | undefined;
  receiveWindow?: number | undefined;
  retransmit: Retransmit;
  setupTimeout?: Seconds | undefined;
}

/** RFC 3931 §5.4.1. */
export interface Digest {
  secret?: Secret | undefined;
  hash: 'md5' | 'sha';
}

export interface PseudowireClass {
  name: string;
  encapsulation?: Encapsulation | undefined;
  /** Absent: the one that goes with the encapsulation. */
  protocol?: 'l2tpv2' | 'l2tpv3' | 'l2tpv3ietf' | 'none' | undefined;
  l2tpClass?: string | undefined;
  localInterface?: string | undefined;
  pmtu?: { max?: Octets | undefined } | undefined;
  tosValue?: number | undefined;
  tosReflect: boolean;
  dontFragment: boolean;
  ttl?: number | undefined;
  /** Of data packets; absent: 115, L2TP. */
  ipProtocol?: number | undefined;
  sequencing?: Sequencing | undefined;
}

export type Encapsulation = 'l2tpv2' | 'l2tpv3';
export type Sequencing = 'transmit' | 'receive' | 'both';

/** An attachment circuit: what arrives on the interface goes to the peer (C051). */
export interface Xconnect {
  peer: string;
  vcid: number;
  encapsulation?: 'l2tpv3' | undefined;
  pseudowireClass?: string | undefined;
  sequencing?: Sequencing | undefined;
  /** `manual`: nothing is signaled. */
  manual?: ManualSession | undefined;
}

/** What signaling would have agreed on (RFC 3931 §4.1). */
export interface ManualSession {
  ids?: { local: number; remote: number } | undefined;
  localCookie?: Cookie | undefined;
  remoteCookie?: Cookie | undefined;
  /** The l2tp-class of a control connection that only watches the peer. */
  hello?: string | undefined;
}

/** The words of it as typed; on the wire the high one comes first. */
export interface Cookie {
  size: 4 | 8;
  low: number;
  high: number;
}

/** A card that would do the work of MPPE (C125). */
export interface Controller {
  slot: number;
  port: number;
  mppe: boolean;
}

export function emptyVpdnGroup(name: string): VpdnGroup {
  return { name, initiateTo: [], ...emptyTunnelValues() };
}

export function emptyVpdnTemplate(name: string): VpdnTemplate {
  return { name, ...emptyTunnelValues() };
}

export function emptyL2tpClass(name: string): L2tpClass {
  return { name, authentication: false, hidden: false, digests: [], retransmit: {} };
}

export function emptyPseudowireClass(name: string): PseudowireClass {
  return { name, tosReflect: false, dontFragment: false };
}

export function emptyVpdnGlobals(): VpdnGlobals {
  return { enabled: false, softshut: false, historyFailure: true, radius: { nasIpAddress: false, untagged: false } };
}

function emptyTunnelValues(): TunnelValues {
  return { l2tp: { retransmit: {} }, pptp: {}, outer: {} };
}
