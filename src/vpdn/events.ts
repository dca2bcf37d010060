// What goes into the router and what comes out of it: the contract of the pure rooms with `host/` and with the simulator.
// Interfaces carry their IOS names here; `host/` knows which Linux device stands behind each.

import type { L2tpTrace } from '../l2tp/events.ts';
import type { LinkCompression, PppTrace } from '../ppp/events.ts';
import type { EndpointEffect as PptpEffect, EndpointInput as PptpInput, PptpTrace } from '../pptp/events.ts';
import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import type { Configuration } from './configuration.ts';
import type { Secret } from './configuration-system.ts';
import type { LogMessage } from './log.ts';

/** The one TUN that all Virtual-Access interfaces share. */
export const SHARED_DEVICE = 'Virtual-Access';

/** The `localTunnel` of all calls of PPTP, which are known by their Call ID alone (RFC 2637 §4.1): no tunnel of L2TP has it. */
export const PPTP_CALLS = 0x1_0000;

export type RouterInput =
  /** A whole new configuration: the router makes the world follow the difference. */
  | {
      readonly on: 'configure';
      readonly configuration: Configuration;
      /** What Linux says of the physical interfaces that it names; absent: what was said before. */
      readonly links?: ReadonlyMap<string, LinkFacts>;
    }
  /** A datagram of UDP port 1701 or IP protocol 115 that the packet path did not forward itself. */
  | { readonly on: 'datagram'; readonly path: Path; readonly octets: Uint8Array }
  /** What TCP says of the control connections of PPTP. */
  | { readonly on: 'stream'; readonly stream: StreamInput }
  /** What Linux says of a physical interface; `address` undefined: it has none. */
  | { readonly on: 'link'; readonly name: string; readonly link: LinkFacts | undefined }
  /** Answer to `find-source`. */
  | { readonly on: 'source'; readonly peer: string; readonly address: string | undefined }
  /**
   * What the way to a peer takes in one packet, as far as it is known (RFC 1191, RFC 8201): asked for while there are sessions
   * that discover it. Undefined: nobody asks any more.
   */
  | {
      readonly on: 'path-mtu';
      readonly localAddress: string;
      readonly peerAddress: string;
      readonly mtu: number | undefined;
    }
  /**
   * Of a session: the packet path cannot decrypt or expand what comes until the peer begins anew (RFC 3078 §8.2), or a call of
   * PPTP loses packets or waits in vain for acknowledgments.
   */
  | { readonly on: 'compression-lost' | 'flow-alarm'; readonly tunnel: number; readonly session: number }
  /** Answer to `probe-activity`. */
  | { readonly on: 'activity'; readonly tunnel: number; readonly heard: boolean; readonly of: TunnelProtocol }
  /** Answer to `check-secret`. */
  | ({ readonly on: 'secret-checked'; readonly matches: boolean } & SecretCheck)
  /** A TUN could not be opened. */
  | { readonly on: 'device-failed'; readonly device: string; readonly reason: string }
  | { readonly on: 'clear'; readonly what: ClearTarget }
  /** Tell every peer, take down what was put up, then `stopped`. */
  | { readonly on: 'shutdown' };

export type StreamInput = Extract<PptpInput, { on: 'accepted' | 'opened' | 'refused' | 'octets' | 'closed' }>;
export type StreamEffect = Extract<PptpEffect, { do: 'connect' | 'send' | 'disconnect' }>;

/** Which endpoint numbered a tunnel. Sessions of the last two are known by their own ids alone. */
export type TunnelProtocol = 'l2tp' | 'l2tpv3' | 'pptp';

export interface TunnelReference {
  readonly of: TunnelProtocol;
  readonly id: number;
}

export interface LinkFacts {
  readonly device: string;
  /** Linux's number of it: a device that was deleted and made again has another. */
  readonly index?: number;
  readonly up: boolean;
  readonly mtu: number;
  readonly address: string | undefined;
  readonly prefixLength: number | undefined;
  /** Those of the whole world; absent: none. */
  readonly ipv6Addresses?: readonly string[];
}

type ClearedTunnels =
  | { readonly kind: 'all-tunnels' }
  | { readonly kind: 'tunnel'; readonly id: number }
  | { readonly kind: 'tunnels-named'; readonly remoteName: string; readonly localName?: string }
  | { readonly kind: 'tunnels-at'; readonly side: 'local' | 'remote'; readonly address: string }
  /** Opened with this l2tp-class. */
  | { readonly kind: 'tunnels-of-class'; readonly l2tpClass: string };

/** `of`: only tunnels of that protocol, L2TPv3 being of L2TP. */
export type ClearTarget =
  | (ClearedTunnels & { readonly of?: 'l2tp' | 'pptp' })
  | { readonly kind: 'session'; readonly tunnel: number; readonly id: number }
  | { readonly kind: 'sessions-of'; readonly username: string }
  | { readonly kind: 'interface'; readonly name: string }
  | { readonly kind: 'ppp-statistics' }
  | { readonly kind: 'failure-history' };

/** A session as the packet path needs it. Identity: (localTunnel, localSession). */
export interface DataSession {
  readonly localTunnel: number;
  readonly localSession: number;
  readonly peerTunnel: number;
  readonly peerSession: number;
  readonly path: Path;
  /** `SHARED_DEVICE` or `Virtual-PPP1`. */
  readonly device: string;
  readonly interfaceName: string;
  /** IPCP is open: IP may pass. Of Ethernet: the circuit is up at both ends. */
  readonly networkUp: boolean;
  /** Packets from the peer must come from a source that routes back to this very session. */
  readonly strictSource: boolean;
  readonly sendAcfc: boolean;
  readonly sendPfc: boolean;
  readonly sequencing: boolean;
  /** The largest IP packet the session takes, or the largest payload of an Ethernet frame, octets. */
  readonly mtu: number;
  /** TCP MSS to clamp SYNs to, both ways; 0: leave alone. */
  readonly mssClamp: number;
  /** What CCP agreed on; absent before it ever spoke. */
  readonly compression?: LinkCompression;
  /** Reset-Requests of the peer so far: with each more, the next packet begins anew (RFC 3078 §8.2). */
  readonly compressionFlushes?: number;
  /** No packet of it is fragmented on its way, and what the way takes is watched: `path-mtu`. */
  readonly discoverMtu?: true;
  /** What RFC 3931 adds; absent of an L2TPv2 session. `localTunnel` and `peerTunnel` are 0 then, session ids have 32 bits. */
  readonly v3?: V3Data;
  /**
   * What RFC 2637 adds: the session is a call of PPTP, in enhanced GRE. `localTunnel` is `PPTP_CALLS` and `peerTunnel` 0 then,
   * session ids are Call IDs, and `path.transport` is `gre`.
   */
  readonly gre?: GreData;
}

/** The flow of the GRE packets of a call (RFC 2637 §4.2-§4.4). */
export interface GreData {
  /** Packets that the peer may have on the way to us unacknowledged, and we to it; 0: it said nothing of a window. */
  readonly localWindow: number;
  readonly peerWindow: number;
  /** Packet Processing Delay of the peer: where the estimate of the round trip begins. */
  readonly peerProcessingDelay: Millis;
  /** `pptp flow-control static-rtt`: waits for an acknowledgment this long, whatever is measured (C092). */
  readonly staticRtt?: Millis;
}

export interface V3Data {
  /** What arriving packets must carry, and what we put into those we send: 0, 4 or 8 octets. */
  readonly localCookie: Uint8Array;
  readonly peerCookie: Uint8Array;
  readonly receiveSublayer: boolean;
  readonly sendSublayer: boolean;
  /** Number what we send; drop what comes late. */
  readonly sendSequencing: boolean;
  readonly receiveSequencing: boolean;
  readonly payload: 'ppp' | 'ethernet';
  /** Of a VLAN pseudowire. */
  readonly vlan?: VlanTag;
  readonly outer: OuterHeader;
}

/** RFC 4719: the frames of the tunnel have a tag (IEEE 802.1Q), which here has this number. */
export interface VlanTag {
  readonly id: number;
  /** Those of the device have it as well; else it is put in and taken out. */
  readonly onDevice: boolean;
}

/** The IP header in front of a tunnel's packets, as a pseudowire-class has it. */
export interface OuterHeader {
  readonly tos: number;
  readonly tosReflect: boolean;
  readonly dontFragment: boolean;
  readonly ttl: number;
}

/** A subinterface whose frames come by its port. */
export interface PortVlan {
  readonly port: string;
  readonly vlan: number;
}

export type RouterEffect =
  | {
      readonly do: 'send';
      readonly path: Path;
      readonly octets: Uint8Array;
      readonly sequenced?: { readonly tunnel: number; readonly session: number };
    }
  | {
      readonly do: 'open-device';
      readonly device: string;
      readonly mtu: number;
      /** A TUN if absent. `attached`: the Linux device behind a physical interface, whose Ethernet frames an xconnect takes. */
      readonly kind?: 'tun' | 'tap' | 'attached';
      /** Not a device of its own, but the frames of one VLAN of the device behind this interface. */
      readonly within?: PortVlan;
    }
  | { readonly do: 'close-device'; readonly device: string }
  /** A device's address; `peer` for a point-to-point one. */
  | {
      readonly do: 'add-address' | 'remove-address';
      readonly device: string;
      readonly address: string;
      readonly prefixLength: number;
      readonly peer?: string;
    }
  /** A kernel route through a device, or towards a next hop outside every tunnel. */
  | ({ readonly do: 'add-route' | 'remove-route' } & KernelRoute)
  /** Packets that Linux routes into the shared device and that match go to this session; also what its sources may be. */
  | {
      readonly do: 'add-prefix' | 'remove-prefix';
      readonly prefix: string;
      readonly prefixLength: number;
      readonly localTunnel: number;
      readonly localSession: number;
    }
  | { readonly do: 'open-session' | 'update-session'; readonly session: DataSession }
  | {
      readonly do: 'close-session';
      readonly localTunnel: number;
      readonly localSession: number;
      /** The tunnel or control connection that it is in; absent of a session without signaling. */
      readonly tunnel?: TunnelReference;
    }
  /** Which local address would Linux use towards `peer`? */
  | { readonly do: 'find-source'; readonly peer: string }
  /** Did any of these sessions receive data since the last time this was asked of the tunnel? */
  | {
      readonly do: 'probe-activity';
      readonly tunnel: number;
      readonly sessions: readonly number[];
      readonly of: TunnelProtocol;
    }
  /** Peers may come in this way from now on: its socket is to be there before we send anything ourselves. */
  | { readonly do: 'listen'; readonly path: Pick<Path, 'transport' | 'localAddress'> }
  /** What TCP is to do for the control connections of PPTP. */
  | { readonly do: 'stream'; readonly stream: StreamEffect }
  /** Where PPTP clients may knock from now on: TCP port 1723 of these addresses, `0.0.0.0` for all there are. */
  | { readonly do: 'listen-streams'; readonly addresses: readonly string[] }
  /** Is `typed` what the secret stands for? No secret takes as long as one. */
  | ({ readonly do: 'check-secret'; readonly secret: Secret | undefined; readonly typed: string } & SecretCheck)
  | { readonly do: 'log'; readonly message: LogMessage }
  | { readonly do: 'trace'; readonly trace: RouterTrace }
  | { readonly do: 'stopped' };

/** Which question of which call: sessions are used again, `call` is not. */
export interface SecretCheck {
  readonly tunnel: number;
  readonly session: number;
  readonly call: number;
  readonly request: number;
}

export interface KernelRoute {
  readonly prefix: string;
  readonly prefixLength: number;
  readonly device?: string;
  readonly nextHop?: string;
  /** Preferred source address. */
  readonly source?: string;
  readonly mtu?: number;
  readonly metric?: number;
  /** It leads nowhere: packets are dropped without a word. */
  readonly blackhole?: true;
}

/** Something worth a debug line or a step of the negotiation ladder. */
export type RouterTrace =
  | { readonly layer: 'l2tp'; readonly event: L2tpTrace }
  | { readonly layer: 'pptp'; readonly event: PptpTrace }
  | { readonly layer: 'ppp'; readonly interfaceName: string; readonly event: PppTrace }
  | { readonly layer: 'vpdn'; readonly topic: DomainTopic; readonly interfaceName: string; readonly text: string };

/** What a trace of the domain is about, as `debug` names it (C173, C176). */
export type DomainTopic = 'vpdn' | 'vtemplate' | 'aaa authentication' | 'ip peer';
