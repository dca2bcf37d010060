// The configuration model: what the IOS lines mean. `cli/` turns text into edits of it and prints it back;
// `router.ts` is given one and makes the world follow. Plain data, so that `structuredClone` copies it and two can be compared.
// Absent (`undefined`) means "not configured": the default then stands beside its consumer in `defaults.ts`.

import type { Seconds } from './units.ts';

export interface Configuration {
  hostname: string;
  users: Map<string, User>;
  /** What `enable` asks for; the secret comes first where both are set. */
  enableSecret?: Secret | undefined;
  enablePassword?: Secret | undefined;
  vpdn: VpdnGlobals;
  vpdnGroups: Map<string, VpdnGroup>;
  l2tpClasses: Map<string, L2tpClass>;
  pseudowireClasses: Map<string, PseudowireClass>;
  /** By canonical name: `Loopback1`, `Ethernet0/0`, `Virtual-Template1`, `Virtual-PPP1`. */
  interfaces: Map<string, Interface>;
  pools: Map<string, PoolRange[]>;
  routes: StaticRoute[];
  /** Which Linux device stands behind a physical interface, by canonical name: `platform interfaces`. */
  devices: Map<string, string>;
  services: Services;
  logging: Logging;
  /** Lines taken for the sake of pasted configurations, in canonical form, with no effect here. */
  inert: InertLine[];
}

/** A secret as typed: `0` is clear text, `7` the reversible IOS form; `secret` forms are one-way. */
export interface Secret {
  type: 0 | 5 | 7 | 8 | 9;
  text: string;
}

export interface User {
  name: string;
  privilege?: number | undefined;
  /** Reversible: what CHAP and tunnel authentication need. */
  password?: Secret | undefined;
  /** One-way: good for a login and for PAP only. */
  secret?: Secret | undefined;
}

export interface VpdnGlobals {
  enabled: boolean;
  softshut: boolean;
  sessionLimit?: number | undefined;
  sourceAddress?: string | undefined;
  historyFailure: boolean;
  historyFailureSize?: number | undefined;
}

export interface Retransmit {
  initialRetries?: number | undefined;
  initialTimeoutMin?: Seconds | undefined;
  initialTimeoutMax?: Seconds | undefined;
  retries?: number | undefined;
  timeoutMin?: Seconds | undefined;
  timeoutMax?: Seconds | undefined;
}

export interface VpdnGroup {
  name: string;
  description?: string | undefined;
  acceptDialin?: AcceptDialin | undefined;
  terminateFrom?: string | undefined;
  localName?: string | undefined;
  sourceAddress?: string | undefined;
  sessionLimit?: number | undefined;
  l2tp: VpdnGroupL2tp;
}

export interface AcceptDialin {
  protocol?: 'l2tp' | 'pptp' | 'any' | undefined;
  virtualTemplate?: number | undefined;
}

export interface VpdnGroupL2tp {
  /** `l2tp tunnel authentication`: on unless `no` was said. */
  authentication: boolean;
  password?: Secret | undefined;
  hidden: boolean;
  hello?: Seconds | undefined;
  receiveWindow?: number | undefined;
  retransmit: Retransmit;
  setupTimeout?: Seconds | undefined;
  noSessionTimeout?: Seconds | 'never' | undefined;
  sequencing: boolean;
}

export interface L2tpClass {
  name: string;
  authentication: boolean;
  password?: Secret | undefined;
  hostname?: string | undefined;
  hidden: boolean;
  hello?: Seconds | undefined;
  receiveWindow?: number | undefined;
  retransmit: Retransmit;
  setupTimeout?: Seconds | undefined;
}

export interface PseudowireClass {
  name: string;
  encapsulation?: 'l2tpv2' | 'l2tpv3' | undefined;
  protocol?: 'l2tpv2' | 'l2tpv3' | 'l2tpv3ietf' | 'none' | undefined;
  l2tpClass?: string | undefined;
  localInterface?: string | undefined;
  sequencing?: Sequencing | undefined;
}

export type Sequencing = 'transmit' | 'receive' | 'both';

export type InterfaceKind = 'Loopback' | 'Virtual-Template' | 'Virtual-PPP' | 'physical';

export interface Interface {
  /** Canonical, with its number: `Virtual-PPP1`. */
  name: string;
  kind: InterfaceKind;
  description?: string | undefined;
  shutdown: boolean;
  bandwidth?: number | undefined;
  mtu?: number | undefined;
  address?: InterfaceAddress | undefined;
  ipMtu?: number | undefined;
  /** `ip tcp adjust-mss`: octets, `off` for the explicit `no` form, undefined for the automatic clamp. */
  adjustMss?: number | 'off' | undefined;
  /** `peer neighbor-route`: on unless `no` was said. */
  peerNeighborRoute: boolean;
  peerDefaultAddress?: PeerDefaultAddress | undefined;
  keepalive?: Keepalive | undefined;
  ppp: InterfacePpp;
  pseudowire?: Pseudowire | undefined;
}

export type InterfaceAddress =
  | { kind: 'static'; address: string; prefixLength: number }
  | { kind: 'unnumbered'; from: string }
  | { kind: 'negotiated' };

export type PeerDefaultAddress = { kind: 'address'; address: string } | { kind: 'pool'; pools: string[] };

/** `period` 0 stands for `no keepalive`. */
export interface Keepalive {
  period: Seconds;
  retries?: number | undefined;
}

export type AuthenticationMethod = 'chap' | 'pap' | 'ms-chap' | 'ms-chap-v2' | 'eap';

export interface PppAuthentication {
  /** In the order typed, which is the order they are offered in. */
  methods: AuthenticationMethod[];
  ifNeeded: boolean;
  list?: string | undefined;
  callin: boolean;
  callout: boolean;
  oneTime: boolean;
  optional: boolean;
}

export interface InterfacePpp {
  authentication?: PppAuthentication | undefined;
  chapHostname?: string | undefined;
  chapPassword?: Secret | undefined;
  chapRefuse?: 'always' | 'callin' | undefined;
  /** Seconds between unannounced challenges on an open link; undefined: none. (ext) */
  chapRechallenge?: Seconds | undefined;
  papSentUsername?: { username: string; password: Secret } | undefined;
  papRefuse?: 'always' | 'callin' | undefined;
  maxBadAuth?: number | undefined;
  timeoutRetry?: Seconds | undefined;
  timeoutAuthentication?: Seconds | undefined;
  timeoutNcp?: Seconds | undefined;
  maxConfigure?: number | undefined;
  maxFailure?: number | undefined;
  maxTerminate?: number | undefined;
  dns?: IpcpServers | undefined;
  wins?: IpcpServers | undefined;
  dnsRequest: boolean;
  acfcLocal?: 'request' | 'forbid' | undefined;
  pfcLocal?: 'request' | 'forbid' | undefined;
  /** `ppp ipcp route default`. */
  routeDefault: boolean;
}

export interface IpcpServers {
  primary: string;
  secondary?: string | undefined;
}

export interface Pseudowire {
  peer: string;
  vcid: number;
  encapsulation?: 'l2tpv2' | 'l2tpv3' | undefined;
  pseudowireClass?: string | undefined;
  sequencing?: Sequencing | undefined;
}

export interface PoolRange {
  low: string;
  high: string;
}

export interface StaticRoute {
  prefix: string;
  prefixLength: number;
  nextHop?: string | undefined;
  interface?: string | undefined;
  distance?: number | undefined;
  name?: string | undefined;
  tag?: number | undefined;
  permanent: boolean;
}

export interface Services {
  passwordEncryption: boolean;
  timestampsLog: Timestamps;
  timestampsDebug: Timestamps;
}

export type Timestamps =
  | { kind: 'none' }
  | { kind: 'uptime' }
  | { kind: 'datetime'; msec: boolean; localtime: boolean; showTimezone: boolean; year: boolean };

export type Severity = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface Logging {
  on: boolean;
  /** Octets of the ring that `show logging` prints. */
  bufferSize?: number | undefined;
  buffered?: Severity | undefined;
  console?: Severity | undefined;
  monitor?: Severity | undefined;
  /** Turned off altogether: `no logging console`. */
  silent?: LogDestination[] | undefined;
}

export type LogDestination = 'buffered' | 'console' | 'monitor';

export interface InertLine {
  /** The path of mode lines it stands under, outermost first; empty for a global line. */
  under: string[];
  text: string;
  why: string;
}

export function emptyConfiguration(): Configuration {
  const datetime = { kind: 'datetime', msec: true, localtime: false, showTimezone: false, year: false } as const;
  return {
    hostname: 'Router',
    users: new Map(),
    vpdn: { enabled: false, softshut: false, historyFailure: true },
    vpdnGroups: new Map(),
    l2tpClasses: new Map(),
    pseudowireClasses: new Map(),
    interfaces: new Map(),
    pools: new Map(),
    routes: [],
    devices: new Map(),
    services: { passwordEncryption: false, timestampsLog: { ...datetime }, timestampsDebug: { ...datetime } },
    logging: { on: true },
    inert: [],
  };
}

export function emptyInterface(name: string, kind: InterfaceKind): Interface {
  return {
    name,
    kind,
    shutdown: false,
    peerNeighborRoute: true,
    ppp: { dnsRequest: false, routeDefault: false },
  };
}

export function emptyVpdnGroup(name: string): VpdnGroup {
  return { name, l2tp: { authentication: true, hidden: false, retransmit: {}, sequencing: false } };
}

export function emptyL2tpClass(name: string): L2tpClass {
  return { name, authentication: false, hidden: false, retransmit: {} };
}
