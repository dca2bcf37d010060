// What goes into a PPP link and what comes out of it: the room's contract with `vpdn/`.
// A frame here is `[FF 03] protocol payload`, without flags, FCS or stuffing.

import type { EncryptionKeys } from '../crypto/mppe-keys.ts';
import type { Millis } from '../wire/machine.ts';

/** In the words of `ppp authentication`. */
export type AuthenticationProtocol = 'pap' | 'chap' | 'ms-chap' | 'ms-chap-v2' | 'eap';

/** `ppp encrypt mppe` (RFC 3078). */
export interface MppeSettings {
  /** What we ask for, and what we take where the peer asks. */
  readonly offered: readonly (40 | 56 | 128)[];
  readonly strengths: readonly (40 | 56 | 128)[];
  /** Nothing else than stateful; otherwise stateless is asked for, and stateful taken from a peer that insists. */
  readonly stateful: boolean;
  /** `passive`: the peer is to ask. `required`: no datagram passes in clear, and the link ends where there is no agreement. */
  readonly demand: 'active' | 'passive' | 'required';
}

/** What CCP may agree on; RFC 1962. */
export interface CcpSettings {
  readonly mppe: MppeSettings | undefined;
  readonly mppc: boolean;
}

export interface LinkSettings {
  /** The MRU we ask for: what our end can take in one frame without fragmenting the tunnel's packets. */
  readonly mru: number;
  /** We called the peer: of two proofs, ours is the one that keys for encryption come from. */
  readonly calling: boolean;
  /** What we demand of the peer, in this order; empty: nothing. */
  readonly authenticate: readonly AuthenticationProtocol[];
  /** Go on if the peer rejects every one of them. */
  readonly authenticationOptional: boolean;
  /** The Name in our CHAP Challenges and Responses. */
  readonly localName: string;
  /** The Name in our CHAP Responses, where it is another one (`ppp chap splitnames`). */
  readonly responseName: string | undefined;
  /** A Challenge in our own name is dropped (`ppp chap ignoreus`). */
  readonly ignoreOwnName: boolean;
  /** Prove nothing to a peer that has to prove itself to us and has not yet (`ppp chap wait`, `ppp pap wait`). */
  readonly waitForPeer: readonly AuthenticationProtocol[];
  /** Answers a PAP demand. */
  readonly pap: { readonly username: string; readonly password: string } | undefined;
  readonly refuse: readonly AuthenticationProtocol[];
  readonly keepalive: { readonly period: Millis; readonly retries: number } | undefined;
  readonly restartTimer: Millis;
  readonly maxConfigure: number;
  readonly maxFailure: number;
  readonly maxTerminate: number;
  /** Failed attempts forgiven before the link is closed (`ppp max-bad-auth`). */
  readonly maxBadAuthentications: number;
  readonly authenticationTimeout: Millis;
  /** No network protocol open this long after authentication: close. `Infinity`: wait for ever. */
  readonly ncpTimeout: Millis;
  /** How long a link whose last network protocol has ended waits for another. */
  readonly ncpGrace: Millis;
  /** Challenge again at about this interval while the link is open; `Infinity`: never. */
  readonly rechallengeInterval: Millis;
  /** Octets; where the two differ, each challenge has a length between them. */
  readonly challengeLength: { readonly least: number; readonly most: number };
  /** Ask for and use these compressions. */
  readonly requestAcfc: boolean;
  readonly requestPfc: boolean;
  /** What becomes of the peer's wish for them. */
  readonly peerAcfc: CompressionPolicy;
  readonly peerPfc: CompressionPolicy;
  /** Absent: CCP is rejected as a protocol that is not spoken. */
  readonly ccp?: CcpSettings;
  readonly ipcp: IpcpSettings;
  /** Never answer LCP first: wait for the peer's Configure-Request this long (`ppp lcp delay`). 0: start at once. */
  readonly passiveDelay: Millis;
  /** Up to so much is added to it, by chance. */
  readonly passiveDelayRandom: Millis;
}

/** Granted and made use of, refused, or granted and not made use of. */
export type CompressionPolicy = 'apply' | 'reject' | 'ignore';

export interface IpcpSettings {
  /** Our own address, or `0.0.0.0` to be given one. */
  readonly localAddress: string;
  /** Ask the peer for DNS servers. */
  readonly requestDns: boolean;
}

export type LinkInput =
  /** The tunnel's session is established. */
  | { readonly on: 'up' }
  | { readonly on: 'frame'; readonly frame: Uint8Array }
  /** The session is gone: nothing can be sent any more. */
  | { readonly on: 'down' }
  /** Terminate with the peer, then `link-down`. */
  | { readonly on: 'close'; readonly cause: LinkEndCause; readonly message: string }
  /** Answer to `authenticate`. */
  | { readonly on: 'authenticated'; readonly request: number; readonly verdict: Verdict }
  /** Answer to `find-secret`. */
  | { readonly on: 'secret'; readonly request: number; readonly secret: Uint8Array | undefined }
  /** Answer to `assign-address`. */
  | { readonly on: 'address'; readonly assignment: AddressAssignment }
  /** The packet path can open nothing until the peer begins anew: a Reset-Request is sent (RFC 3078 §8.2). */
  | { readonly on: 'compression-lost' }
  /** Stateful encryption does not suit this path: CCP is negotiated anew, stateless. */
  | { readonly on: 'compression-stateless' };

export type Verdict =
  | {
      readonly accepted: true;
      readonly message?: string;
      /** What only who knows the password can compute: 40 upper-case hex digits; without it no MS-CHAP-V2 succeeds. */
      readonly authenticatorResponse?: string;
      /** For MPPE; transmit is what we send with. */
      readonly keys?: EncryptionKeys;
    }
  | { readonly accepted: false; readonly message?: string; readonly error?: MsChapError };

/** RFC 2759 §6: restricted hours, disabled, password expired, no dial-in permission, wrong, password change failed. */
export type MsChapError = 646 | 647 | 648 | 649 | 691 | 709;

export type AddressAssignment =
  /** The peer shall have this address; DNS and NBNS servers are told if it asks. */
  | ({ readonly assign: string } & NameServers)
  /** Whatever valid address the peer proposes (`accepts` decides which are). */
  | ({ readonly assign: 'any'; readonly accepts: (address: string) => boolean } & NameServers)
  | { readonly assign: 'none'; readonly message: string };

export interface NameServers {
  readonly dns: readonly string[];
  readonly nbns: readonly string[];
  /** A peer that names servers of its own may keep them. */
  readonly acceptDns?: boolean;
  readonly acceptNbns?: boolean;
  /** Told to a peer that asks with Cisco's option 144. */
  readonly mask?: string;
}

/**
 * What is to be checked, with all that a server elsewhere would need for it. CHAP: response = MD5(identifier ‖ secret ‖
 * challenge), RFC 1994 §4.1. MS-CHAP: RFC 2433 §5, RFC 2759 §4; EAP-MSCHAPv2 asks the same as MS-CHAP-V2.
 */
export type AuthenticationRequest =
  | { readonly protocol: 'pap'; readonly username: string; readonly password: Uint8Array }
  | {
      readonly protocol: 'chap';
      readonly username: string;
      readonly identifier: number;
      readonly challenge: Uint8Array;
      readonly response: Uint8Array;
    }
  | {
      readonly protocol: 'ms-chap';
      /** As the peer wrote it, with its `DOMAIN\\` if it has one. */
      readonly username: string;
      readonly identifier: number;
      readonly challenge: Uint8Array;
      readonly lmResponse: Uint8Array;
      readonly ntResponse: Uint8Array;
    }
  | {
      readonly protocol: 'ms-chap-v2';
      readonly username: string;
      readonly identifier: number;
      readonly challenge: Uint8Array;
      readonly peerChallenge: Uint8Array;
      readonly ntResponse: Uint8Array;
    };

/** What LCP agreed on, for the packet path. */
export interface LinkOptions {
  /** The largest information field the peer takes. */
  readonly peerMru: number;
  readonly localMru: number;
  /** What we may do when sending. */
  readonly sendAcfc: boolean;
  readonly sendPfc: boolean;
  readonly localMagic: number;
  readonly peerMagic: number;
}

export type LinkEndCause =
  | 'closed' // asked for by our side
  | 'peer-terminated' // LCP Terminate-Request
  | 'lower-layer-down'
  | 'lcp-timeout' // no agreement, Max-Configure reached
  | 'lcp-failed' // options that cannot be agreed on
  | 'authentication-protocol' // no common authentication protocol
  | 'peer-authentication-failed' // we refused the peer
  | 'local-authentication-failed' // the peer refused us
  | 'authentication-timeout'
  | 'no-secret' // the peer demands CHAP or PAP and we have nothing to answer with
  | 'keepalive' // LCP echoes unanswered
  | 'loopback' // our own magic number came back
  | 'no-address' // we have no address to give, or were given none
  | 'ncp-timeout'
  | 'ncp-failed' // no network protocol is left
  | 'encryption-required' // by us, and it could not be agreed on or has ended
  | 'protocol-rejected'; // the peer rejected LCP or the authentication protocol itself

export interface LinkEnd {
  readonly cause: LinkEndCause;
  readonly side: 'local' | 'peer';
  readonly message: string;
}

/**
 * One direction as CCP agreed on it (RFC 3078 §2, RFC 1962). MPPE puts two octets of header behind the protocol 00FD, and
 * its clear protocol field of one or two octets travels inside: a datagram may be 4 octets shorter than without it.
 */
export interface CompressionState {
  readonly mppe?: { readonly bits: 40 | 56 | 128; readonly stateful: boolean; readonly startKey: Uint8Array };
  /** MPPC, with or without encryption; without it the history goes on from packet to packet (RFC 2118 §3.1). */
  readonly mppc: boolean;
  /** Another with each opening of CCP: the packet path begins with the start key, count 0 and an empty history. */
  readonly generation: number;
}

export interface LinkCompression {
  readonly transmit: CompressionState | undefined;
  readonly receive: CompressionState | undefined;
  readonly required: boolean;
}

export type LinkEffect =
  | { readonly do: 'send'; readonly frame: Uint8Array; readonly priority?: boolean }
  | { readonly do: 'authenticate'; readonly request: number; readonly of: AuthenticationRequest }
  /** The peer `name` challenges us: which secret do we share with it? */
  | { readonly do: 'find-secret'; readonly request: number; readonly name: string }
  /** IPCP is about to begin: which address is the peer to have? `username` is empty without authentication. */
  | { readonly do: 'assign-address'; readonly username: string }
  | { readonly do: 'lcp-up'; readonly options: LinkOptions }
  | { readonly do: 'lcp-down' }
  /** Both directions are through; `username` is what the peer proved to be. */
  | { readonly do: 'link-authenticated'; readonly username: string }
  | {
      readonly do: 'network-up';
      readonly protocol: 'IPCP';
      readonly localAddress: string;
      readonly peerAddress: string;
      readonly dns: readonly string[];
    }
  | { readonly do: 'network-down'; readonly protocol: 'IPCP' }
  /** What CCP agreed on, each time it opens or closes. `required`: a datagram in the clear is dropped, either way. */
  | ({ readonly do: 'compression' } & LinkCompression)
  /** The peer sent a Reset-Request: our next packet begins anew (RFC 3078 §8.2). */
  | { readonly do: 'compression-flush' }
  /** The link is finished and said so to the peer; it does nothing more until the next `up`. */
  | { readonly do: 'link-down'; readonly end: LinkEnd }
  | { readonly do: 'trace'; readonly event: PppTrace }
  | { readonly do: 'drop'; readonly reason: string };

export type Phase = 'DOWN' | 'ESTABLISHING' | 'AUTHENTICATING' | 'UP' | 'TERMINATING';

/** What `debug ppp` and the negotiation ladder show. Formatted only when somebody looks. */
export type PppTrace =
  | {
      readonly kind: 'packet';
      readonly topic: 'negotiation' | 'authentication';
      readonly direction: 'I' | 'O';
      /** `LCP`, `IPCP`, `CCP`, `PAP`, `CHAP`, `EAP`. */
      readonly protocol: string;
      /** As a line names it: `MS-CHAP-V2` for what goes under the number of CHAP. */
      readonly title?: string;
      /** The automaton's state when it came or went; empty for PAP, CHAP and EAP. */
      readonly state: string;
      /** From its code octet on. */
      readonly packet: Uint8Array;
    }
  | { readonly kind: 'state'; readonly protocol: string; readonly state: string }
  | { readonly kind: 'phase'; readonly phase: Phase; readonly detail: string }
  | { readonly kind: 'note'; readonly topic: 'negotiation' | 'authentication'; readonly text: string };
