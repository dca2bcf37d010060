// What the lines below an `interface` mean.

import type { Millis } from '../wire/machine.ts';
import type { Secret } from './configuration-system.ts';
import type { ManualSession, Sequencing, Xconnect } from './configuration-vpdn.ts';
import type { Seconds } from './units.ts';

/** A `Dialer` is the client of PPTP, a `Virtual-PPP` that of L2TP. */
export type InterfaceKind = 'Loopback' | 'Virtual-Template' | 'Virtual-PPP' | 'Dialer' | 'physical';

export interface Interface {
  /** Canonical, with its number: `Virtual-PPP1`. */
  name: string;
  kind: InterfaceKind;
  description?: string | undefined;
  shutdown: boolean;
  bandwidth?: number | undefined;
  mtu?: number | undefined;
  /** `interface Virtual-Template1 type …` (C097); undefined: serial, which is PPP. */
  templateType?: 'ethernet' | 'tunnel' | undefined;
  address?: InterfaceAddress | undefined;
  /** `ip address … secondary`: only beside a static primary one, on Loopback and physical interfaces. */
  secondaryAddresses: StaticAddress[];
  /** `ipv6 address`, on Loopback and physical interfaces: where tunnels over IPv6 may start. */
  ipv6Addresses: StaticAddress[];
  ipMtu?: number | undefined;
  /** `ip tcp adjust-mss`: octets, `off` for the explicit `no` form, undefined for the automatic clamp. */
  adjustMss?: number | 'off' | undefined;
  /** `peer neighbor-route`: on unless `no` was said. */
  peerNeighborRoute: boolean;
  peerDefaultAddress?: PeerDefaultAddress | undefined;
  keepalive?: Keepalive | undefined;
  compress?: Compress | undefined;
  ppp: InterfacePpp;
  pseudowire?: Pseudowire | undefined;
  xconnect?: Xconnect | undefined;
  /** `dialer pool`: which vpdn-group, by its `pool-member`, an interface Dialer is served by. */
  dialerPool?: number | undefined;
  /** `encapsulation dot1Q`, of a subinterface. */
  dot1q?: Dot1q | undefined;
}

/** IEEE 802.1Q: which frames of a port are a subinterface's. */
export interface Dot1q {
  vlan: number;
  /** Its frames have no tag. */
  native: boolean;
  /** `second-dot1q`: of the tag behind the first. */
  inner?: string | undefined;
}

export interface StaticAddress {
  address: string;
  prefixLength: number;
}

export type InterfaceAddress =
  | ({ kind: 'static' } & StaticAddress)
  | { kind: 'unnumbered'; from: string }
  | { kind: 'negotiated' }
  /** No DHCP is spoken: it is the address that Linux has. `options` is what a client of it would say of itself. */
  | { kind: 'dhcp'; options?: string };

export type PeerDefaultAddress =
  | { kind: 'address'; address: string }
  /** No name stands for the pool `default`. */
  | { kind: 'pool'; pools: string[] }
  | { kind: 'dhcp' }
  | { kind: 'dhcp-pool'; pool?: string | undefined }
  /** `no peer default ip address`: not even what `ip address-pool` says of all. */
  | { kind: 'none' };

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
  callback?: boolean | undefined;
  oneTime: boolean;
  optional: boolean;
}

export interface InterfacePpp {
  authentication?: PppAuthentication | undefined;
  chapHostname?: string | undefined;
  chapPassword?: Secret | undefined;
  chapRefuse?: Refusal | undefined;
  /** We answer no challenge before the peer has proven itself. */
  chapWait: boolean;
  /** Challenges carry the router's name, responses `chapHostname`. */
  chapSplitnames: boolean;
  /** A challenge in our own name is not answered. */
  chapIgnoreus: boolean;
  chapChallengeLength?: { least: number; most: number } | undefined;
  /** Seconds between unannounced challenges on an open link; undefined: none. (ext) */
  chapRechallenge?: Seconds | undefined;
  papSentUsername?: { username: string; password: Secret } | undefined;
  papRefuse?: Refusal | undefined;
  papWait: boolean;
  msChapRefuse?: Refusal | undefined;
  msChapV2Refuse?: Refusal | undefined;
  eapRefuse?: Refusal | undefined;
  /** Method lists of AAA. */
  accounting?: string | undefined;
  authorization?: string | undefined;
  /** Overrides what `callin` and `callout` go by. */
  direction?: 'callin' | 'callout' | 'dedicated' | undefined;
  maxBadAuth?: number | undefined;
  timeoutRetry?: Millis | undefined;
  /** 0: as long as it takes. */
  timeoutAuthentication?: Seconds | undefined;
  timeoutNcp?: Seconds | undefined;
  /** How long a link may stay without a network protocol it had. */
  timeoutNcpTermination?: Seconds | undefined;
  timeoutAbsolute?: Seconds | undefined;
  timeoutIdle?: { limit: Seconds; direction?: 'inbound' | 'either' | undefined } | undefined;
  /** `ppp timeout aaa`: both limits from the user's profile. */
  timeoutAaa: boolean;
  maxConfigure?: number | undefined;
  maxFailure?: number | undefined;
  maxTerminate?: number | undefined;
  lcpDelay?: { delay: Millis; random?: Millis | undefined } | undefined;
  dns?: NameServerPolicy | undefined;
  wins?: NameServerPolicy | undefined;
  /** `ppp ipcp address …`. */
  addressAccept: boolean;
  addressRequired: boolean;
  addressUnique: boolean;
  /** `ppp ipcp mask`: given to a peer that asks for it, asked for, or refused, which is the default. */
  mask?: { kind: 'give'; mask: string } | { kind: 'request' | 'reject' } | undefined;
  acfcLocal?: 'request' | 'forbid' | undefined;
  pfcLocal?: 'request' | 'forbid' | undefined;
  acfcRemote?: RemoteCompression | undefined;
  pfcRemote?: RemoteCompression | undefined;
  /** `ppp ipcp route default`. */
  routeDefault: boolean;
  mppe?: Mppe | undefined;
}

export type Refusal = 'always' | 'callin';

/** Of what the peer asks for: granted and used, refused, or granted and not used. */
export type RemoteCompression = 'apply' | 'reject' | 'ignore';

/** What is done about the name servers of RFC 1877. */
export type NameServerPolicy =
  /** Given to a peer that asks; `accept`: a peer that names its own may keep them. `aaa`: those of the user come first. */
  | { kind: 'give'; primary: string; secondary?: string | undefined; aaa: boolean; accept: boolean }
  | { kind: 'accept' }
  | { kind: 'reject' }
  | { kind: 'request'; accept: boolean };

/** `ppp encrypt mppe` (C124). */
export interface Mppe {
  strength: 'auto' | '40' | '128';
  demand?: 'passive' | 'required' | undefined;
  stateful: boolean;
}

/** `compress` (C122). */
export interface Compress {
  method: 'mppc' | 'predictor' | 'stac';
  ignorePfc: boolean;
}

export interface Pseudowire {
  peer: string;
  vcid: number;
  encapsulation?: 'l2tpv2' | 'l2tpv3' | undefined;
  pseudowireClass?: string | undefined;
  sequencing?: Sequencing | undefined;
  /** L2TPv3 without signaling: what is typed below it (C052, C053). */
  manual?: ManualSession | undefined;
}

export function emptyInterface(name: string, kind: InterfaceKind): Interface {
  return {
    name,
    kind,
    shutdown: false,
    peerNeighborRoute: true,
    secondaryAddresses: [],
    ipv6Addresses: [],
    ppp: {
      chapWait: false,
      chapSplitnames: false,
      chapIgnoreus: false,
      papWait: false,
      timeoutAaa: false,
      addressAccept: false,
      addressRequired: false,
      addressUnique: false,
      routeDefault: false,
    },
  };
}
