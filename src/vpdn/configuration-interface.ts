// What the lines below an `interface` mean.

import type { Secret } from './configuration-system.ts';
import type { Sequencing } from './configuration-vpdn.ts';
import type { Seconds } from './units.ts';

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

export function emptyInterface(name: string, kind: InterfaceKind): Interface {
  return {
    name,
    kind,
    shutdown: false,
    peerNeighborRoute: true,
    ppp: { dnsRequest: false, routeDefault: false },
  };
}
