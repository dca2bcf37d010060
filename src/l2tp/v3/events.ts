// What goes into an L2TPv3 endpoint and what comes out of it: the contract of RFC 3931 with `vpdn/`.
// A control connection is named by its local Control Connection ID, a session by its local Session ID: 32 bit, never 0, and a
// Session ID names one session of the whole node, not of one connection (§4.1).

import type { Path } from '../../wire/ip.ts';
import type { Millis } from '../../wire/machine.ts';
import type { End, L2tpTrace, Refusal, RetransmitSettings } from '../events.ts';

/** How one control connection is to behave: from an l2tp-class. */
export interface ConnectionSettings {
  /** The Host Name AVP. */
  readonly localName: string;
  readonly vendorName: string;
  /** Router ID AVP, §5.4.3: our address, as a number. */
  readonly routerId: number;
  /** Message digests (§5.4.1). The first is sent; a message that any of them fits is taken. Empty: none are sent or asked for. */
  readonly digests: readonly DigestSettings[];
  /** Hide what may be hidden (§5.3); needs a digest with a secret. */
  readonly hidden: boolean;
  /** `both`: the vendor AVPs of early Cisco routers count as the RFC's, and are answered in kind; `ietf`: they are unknown. */
  readonly dialect: 'both' | 'ietf';
  readonly receiveWindowSize: number;
  /** 0: send no HELLO. */
  readonly helloInterval: Millis;
  readonly retransmit: RetransmitSettings;
  readonly setupTimeout: Millis;
  /** How long a connection is kept without sessions; `Infinity`: for ever. */
  readonly noSessionTimeout: Millis;
  /** Pseudowire Capabilities List: the types we can end here. */
  readonly pseudowireTypes: readonly number[];
}

export interface DigestSettings {
  readonly hash: 'md5' | 'sha1';
  /** Absent: integrity only, against what happens on the way and not against what is done on purpose. */
  readonly secret: Uint8Array | undefined;
}

/** §5.4.4: which data packets carry sequence numbers. */
export type DataSequencing = 'none' | 'non-ip' | 'all';

/** One session as this end wants it. */
export interface SessionSettings {
  /** Octets, compared one by one. For a VCID: its decimal digits. */
  readonly remoteEndId: Uint8Array;
  readonly pseudowireType: number;
  /** Of the cookie we assign: 0, 4 or 8 octets. */
  readonly cookieSize: 0 | 4 | 8;
  /** The default L2-Specific Sublayer in what we receive; sequencing needs it. */
  readonly sublayer: boolean;
  readonly sequencing: DataSequencing;
  /** Our attachment circuit is up. */
  readonly circuitActive: boolean;
  readonly callSerialNumber: number;
  /** bit/s. */
  readonly connectSpeed: number;
  /** RFC 4667 §4.3: of the attachment circuit; a peer that names another is refused. */
  readonly interfaceMtu?: number;
}

/** Who the peer says it is, from SCCRQ or SCCRP. */
export interface PeerIdentity {
  readonly hostName: string;
  readonly vendorName: string;
  readonly routerId: number;
  readonly receiveWindowSize: number;
  readonly pseudowireTypes: readonly number[];
  /** It spoke the vendor AVPs of early Cisco routers. */
  readonly cisco: boolean;
}

/** What the peer said of a session in ICRQ. */
export interface SessionRequest {
  readonly remoteEndId: Uint8Array;
  readonly pseudowireType: number;
  readonly callSerialNumber: number;
  readonly circuitActive: boolean;
  readonly sequencing: DataSequencing;
  readonly interfaceMtu?: number;
}

/** What a packet path needs to carry the session. */
export interface SessionPath {
  readonly path: Path;
  readonly localSession: number;
  readonly peerSession: number;
  /** What arriving packets must carry, and what we put into those we send: 0, 4 or 8 octets. */
  readonly localCookie: Uint8Array;
  readonly peerCookie: Uint8Array;
  readonly receiveSublayer: boolean;
  readonly sendSublayer: boolean;
  /** The peer asked for numbers in what we send. */
  readonly sendSequencing: DataSequencing;
}

export type V3EndpointInput =
  /** As on the wire behind the UDP or IP header: over IP a control message begins with the Session ID 0 (§4.1.1.2). */
  | { readonly on: 'datagram'; readonly path: Path; readonly octets: Uint8Array }
  | {
      readonly on: 'open-connection';
      readonly reference: string;
      readonly path: Path;
      readonly settings: ConnectionSettings;
    }
  | { readonly on: 'authorize-connection'; readonly connection: number; readonly settings: ConnectionSettings }
  | ({ readonly on: 'refuse-connection'; readonly connection: number } & Refusal)
  | ({ readonly on: 'close-connection'; readonly connection: number } & Refusal)
  | {
      readonly on: 'open-session';
      readonly connection: number;
      readonly reference: string;
      readonly session: SessionSettings;
    }
  | { readonly on: 'accept-session'; readonly session: number; readonly settings: SessionSettings }
  | ({ readonly on: 'close-session'; readonly session: number } & Refusal)
  /** Our attachment circuit went up or down: told by SLI (§5.4.5). */
  | { readonly on: 'circuit'; readonly session: number; readonly active: boolean }
  /** A frame that the control thread sends itself: PPP negotiation. */
  | { readonly on: 'frame'; readonly session: number; readonly frame: Uint8Array }
  /** Answer to `probe-activity`. */
  | { readonly on: 'activity'; readonly connection: number; readonly heard: boolean };

export type V3EndpointEffect =
  | { readonly do: 'send'; readonly path: Path; readonly octets: Uint8Array }
  /** The local id given to an `open-connection`, before anything else is said of it. */
  | { readonly do: 'connection-opening'; readonly reference: string; readonly connection: number }
  /** An SCCRQ wants an answer. Its digest was not looked at yet: which secret it takes is what this asks. */
  | {
      readonly do: 'authorize-connection';
      readonly connection: number;
      readonly path: Path;
      readonly peer: PeerIdentity;
    }
  | {
      readonly do: 'connection-up';
      readonly connection: number;
      readonly peerConnection: number;
      readonly peer: PeerIdentity;
      readonly path: Path;
    }
  | {
      readonly do: 'connection-down';
      readonly connection: number;
      readonly reference: string | undefined;
      readonly end: End;
    }
  | { readonly do: 'connection-gone'; readonly connection: number }
  | {
      readonly do: 'session-opening';
      readonly reference: string;
      readonly connection: number;
      readonly session: number;
    }
  /** An ICRQ wants an answer: `accept-session` or `close-session`. */
  | {
      readonly do: 'session-requested';
      readonly connection: number;
      readonly session: number;
      readonly path: Path;
      readonly peer: PeerIdentity;
      readonly request: SessionRequest;
    }
  /** What `accept-session` agreed to, before the peer hears of it: its data may come right behind its ICCN. */
  | {
      readonly do: 'session-accepted';
      readonly connection: number;
      readonly session: number;
      readonly carries: SessionPath;
    }
  | {
      readonly do: 'session-up';
      readonly connection: number;
      readonly session: number;
      readonly carries: SessionPath;
      /** The peer's attachment circuit is up. */
      readonly circuitActive: boolean;
    }
  /** A tie that ours lost (`tie-lost`) leaves the peer's session standing in its place. */
  | { readonly do: 'session-down'; readonly connection: number; readonly session: number; readonly end: End }
  | { readonly do: 'circuit'; readonly session: number; readonly active: boolean }
  /** A frame for a session that is up, which the packet path did not forward itself. */
  | { readonly do: 'frame'; readonly session: number; readonly frame: Uint8Array }
  | { readonly do: 'probe-activity'; readonly connection: number }
  | { readonly do: 'trace'; readonly event: L2tpTrace }
  | { readonly do: 'drop'; readonly reason: string; readonly path: Path };
