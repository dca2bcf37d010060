// What goes into an L2TP endpoint and what comes out of it: the room's contract with `vpdn/`.
// A tunnel is named by its local Tunnel ID, a call by that and its local Session ID; both are 16 bit and never 0.

import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';

/** How one control connection is to behave: from a vpdn-group or an l2tp-class. */
export interface TunnelSettings {
  /** The Host Name AVP. */
  readonly localName: string;
  readonly vendorName: string;
  /** Tunnel authentication and AVP hiding. A received Challenge is answered whenever this is known. */
  readonly secret: Uint8Array | undefined;
  /** Challenge the peer, and refuse one that cannot answer (§5.1.1). */
  readonly authentication: boolean;
  /** Hide what may be hidden in messages we send (§4.3); needs a secret. */
  readonly hidden: boolean;
  readonly receiveWindowSize: number;
  /** 0: send no HELLO. */
  readonly helloInterval: Millis;
  readonly retransmit: RetransmitSettings;
  /** To be established within this, else given up. */
  readonly setupTimeout: Millis;
  /** How long a tunnel is kept without calls; `Infinity`: for ever. */
  readonly noSessionTimeout: Millis;
  /** Send a Tie Breaker: of two tunnels opened towards each other at once, one stands (§4.4.3). Absent: both do. */
  readonly tieBreaker?: boolean;
}

export interface RetransmitSettings {
  /** Of the SCCRQ, before giving up. */
  readonly initialRetries: number;
  readonly initialTimeoutMin: Millis;
  readonly initialTimeoutMax: Millis;
  readonly retries: number;
  readonly timeoutMin: Millis;
  readonly timeoutMax: Millis;
}

/** What we say in ICRQ and ICCN as the LAC. */
export interface CallSettings {
  readonly callSerialNumber: number;
  readonly calledNumber?: string;
  readonly callingNumber?: string;
  /** Transmit connect speed, bit/s. */
  readonly connectSpeed: number;
  /** Sequence data messages both ways (AVP 39). */
  readonly sequencing: boolean;
}

/** What the peer said of a call in ICRQ. */
export interface CallRequest {
  readonly callSerialNumber: number;
  readonly calledNumber: string;
  readonly callingNumber: string;
  readonly subAddress: string;
  readonly bearerType: number;
}

/** What the peer said in ICCN. Absent proxy values are undefined. */
export interface CallConnection {
  readonly txConnectSpeed: number;
  readonly rxConnectSpeed: number;
  readonly framingType: number;
  readonly sequencingRequired: boolean;
  readonly proxy: ProxyNegotiation | undefined;
}

/** LCP and authentication the LAC did on our behalf (§4.4.5). */
export interface ProxyNegotiation {
  readonly initialReceivedLcpConfreq: Uint8Array | undefined;
  readonly lastSentLcpConfreq: Uint8Array | undefined;
  readonly lastReceivedLcpConfreq: Uint8Array | undefined;
  readonly authenType: number | undefined;
  readonly authenName: string | undefined;
  readonly authenChallenge: Uint8Array | undefined;
  readonly authenId: number | undefined;
  readonly authenResponse: Uint8Array | undefined;
}

/** Who the peer says it is, from SCCRQ or SCCRP. */
export interface PeerIdentity {
  readonly hostName: string;
  readonly vendorName: string;
  readonly firmwareRevision: number;
  readonly framingCapabilities: number;
  readonly bearerCapabilities: number;
  readonly receiveWindowSize: number;
  /** The peer sent us a Challenge. */
  readonly challenged: boolean;
}

/** How a tunnel or a call ended. `cause` is stable and keys the failure table of `vpdn/failure.ts`. */
export interface End {
  readonly cause: EndCause;
  /** Who ended it. */
  readonly side: 'local' | 'peer';
  /** The RFC's codes, those sent or those received; 0 where none went over the wire. */
  readonly resultCode: number;
  readonly errorCode: number;
  readonly message: string;
}

export type EndCause =
  | 'closed' // asked for by our side
  | 'peer-closed' // StopCCN or CDN from the peer
  | 'refused' // our policy said no to the peer's request
  | 'setup-timeout' // not established in time
  | 'unreachable' // retransmissions of SCCRQ ran out: never heard from
  | 'retransmission' // retransmissions ran out on an established tunnel (HELLO included)
  | 'authentication' // the peer's Challenge Response is wrong or missing
  | 'challenge-unanswerable' // the peer challenged us and we have no secret
  | 'hidden-unreadable' // hidden AVPs that our secret does not open, or no secret
  | 'protocol' // malformed, unknown mandatory AVP, or a message its state does not allow
  | 'version' // Protocol Version we do not speak
  | 'tie-lost' // simultaneous open, the peer's connection stands
  | 'no-resources' // out of ids or over a limit
  | 'idle' // no calls for noSessionTimeout
  | 'tunnel-down'; // of a call: its tunnel went

export type EndpointInput =
  | { readonly on: 'datagram'; readonly path: Path; readonly octets: Uint8Array }
  | { readonly on: 'open-tunnel'; readonly reference: string; readonly path: Path; readonly settings: TunnelSettings }
  | { readonly on: 'authorize-tunnel'; readonly tunnel: number; readonly settings: TunnelSettings }
  | ({ readonly on: 'refuse-tunnel'; readonly tunnel: number } & Refusal)
  | ({ readonly on: 'close-tunnel'; readonly tunnel: number } & Refusal)
  | { readonly on: 'open-call'; readonly tunnel: number; readonly reference: string; readonly call: CallSettings }
  /** `sequencing`: as the LNS, number data messages from the start; the LAC will follow (§5.4). */
  | { readonly on: 'accept-call'; readonly tunnel: number; readonly session: number; readonly sequencing?: boolean }
  | ({ readonly on: 'close-call'; readonly tunnel: number; readonly session: number } & Refusal)
  /** A PPP frame, FF 03 included if wanted, to go out in a data message; LCP echoes ask for priority (§3.1). */
  | {
      readonly on: 'frame';
      readonly tunnel: number;
      readonly session: number;
      readonly frame: Uint8Array;
      readonly priority?: boolean;
    }
  /** Answer to `probe-activity`: whether the peer sent data since the last probe. */
  | { readonly on: 'activity'; readonly tunnel: number; readonly heard: boolean };

export interface Refusal {
  readonly resultCode: number;
  readonly errorCode?: number;
  readonly message?: string;
}

export type EndpointEffect =
  /** `sequenced`: a data message with Ns. Where a packet path shares the call's sequence, it puts its own count there. */
  | {
      readonly do: 'send';
      readonly path: Path;
      readonly octets: Uint8Array;
      readonly sequenced?: { readonly tunnel: number; readonly session: number };
    }
  /** The local id given to an `open-tunnel`, before anything else is said of it. */
  | { readonly do: 'tunnel-opening'; readonly reference: string; readonly tunnel: number }
  /** An SCCRQ wants an answer: `authorize-tunnel` or `refuse-tunnel`. */
  | { readonly do: 'authorize-tunnel'; readonly tunnel: number; readonly path: Path; readonly peer: PeerIdentity }
  | {
      readonly do: 'tunnel-up';
      readonly tunnel: number;
      readonly peerTunnel: number;
      readonly peer: PeerIdentity;
      readonly path: Path;
    }
  | { readonly do: 'tunnel-down'; readonly tunnel: number; readonly reference: string | undefined; readonly end: End }
  /** Nothing is left of the tunnel: its id may be used again. */
  | { readonly do: 'tunnel-gone'; readonly tunnel: number }
  | { readonly do: 'call-opening'; readonly reference: string; readonly tunnel: number; readonly session: number }
  /** An ICRQ wants an answer: `accept-call` or `close-call`. */
  | {
      readonly do: 'call-requested';
      readonly tunnel: number;
      readonly session: number;
      readonly peerTunnel: number;
      readonly peerSession: number;
      readonly path: Path;
      readonly request: CallRequest;
    }
  /** Data may flow; `connection` is what ICCN said, on the LNS side. */
  | {
      readonly do: 'call-up';
      readonly tunnel: number;
      readonly session: number;
      readonly peerTunnel: number;
      readonly peerSession: number;
      readonly path: Path;
      readonly sequencing: boolean;
      readonly connection: CallConnection | undefined;
    }
  | { readonly do: 'call-down'; readonly tunnel: number; readonly session: number; readonly end: End }
  /** The peer switched sequencing of this call's data on or off (§5.4). */
  | { readonly do: 'sequencing'; readonly tunnel: number; readonly session: number; readonly enabled: boolean }
  /** A PPP frame for a call that is up. The octets live only as long as the datagram's buffer. */
  | { readonly do: 'frame'; readonly tunnel: number; readonly session: number; readonly frame: Uint8Array }
  | { readonly do: 'probe-activity'; readonly tunnel: number }
  | { readonly do: 'trace'; readonly event: L2tpTrace }
  | { readonly do: 'drop'; readonly reason: string; readonly path: Path };

/** What `debug vpdn` and the negotiation ladder show. Formatted only when somebody looks. */
export type L2tpTrace =
  | {
      readonly kind: 'message';
      readonly direction: 'I' | 'O';
      readonly tunnel: number;
      readonly session: number;
      /** `SCCRQ`, `ZLB`, … */
      readonly name: string;
      readonly ns: number;
      readonly nr: number;
      readonly retransmission: boolean;
      readonly peerName: string;
      readonly peerTunnel: number;
      readonly peerSession: number;
      readonly octets: Uint8Array;
      readonly path: Path;
    }
  | { readonly kind: 'tunnel-state'; readonly tunnel: number; readonly from: string; readonly to: string }
  | {
      readonly kind: 'call-state';
      readonly tunnel: number;
      readonly session: number;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'error'; readonly tunnel: number; readonly session: number; readonly text: string };
