// What goes into a PPTP endpoint and what comes out of it: the contract of RFC 2637 with `vpdn/`, and with whoever carries TCP.
// A connection is named by a number that never goes over the wire: odd ones are given by who accepts them, even ones by the
// endpoint that opens them, and neither is used twice. A call is named by our Call ID alone, which is unique in the whole
// endpoint, never 0 and not to be guessed: the same number is the key of the GRE packets that come in (§4.1).

import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';

/** How one control connection is to behave: from a vpdn-group. */
export interface ConnectionSettings {
  /** Host Name, at most 63 octets of it. */
  readonly localName: string;
  readonly vendorName: string;
  /** An Echo-Request after so much silence (`pptp tunnel echo`); 0: none. */
  readonly echoInterval: Millis;
  /** Packet Recv. Window Size that we offer in each call (`pptp flow-control receive-window`). */
  readonly receiveWindowSize: number;
  /** How long a connection is kept without calls; `Infinity`: for ever. */
  readonly noSessionTimeout: Millis;
}

/** What we ask for with `open-call`. What is absent is what a Windows client says. */
export interface CallSettings {
  /**
   * `outgoing`: we are the PNS and send an Outgoing-Call-Request, as every PPTP client does. `incoming`: we are the PAC and send an
   * Incoming-Call-Request, as an access server does.
   */
  readonly kind: 'outgoing' | 'incoming';
  readonly callSerialNumber?: number;
  readonly minimumBps?: number;
  readonly maximumBps?: number;
  readonly bearerType?: number;
  readonly framingType?: number;
  /** Of an outgoing call what is to be dialled, of an incoming one what was. */
  readonly phoneNumber?: string;
  readonly subAddress?: string;
  /** Of an incoming call. */
  readonly dialingNumber?: string;
}

/** Who the peer says it is, from Start-Control-Connection-Request or -Reply (§2.1, §2.2). */
export interface PeerIdentity {
  readonly hostName: string;
  readonly vendorName: string;
  readonly firmwareRevision: number;
  readonly protocolVersion: number;
  readonly framingCapabilities: number;
  readonly bearerCapabilities: number;
  readonly maximumChannels: number;
}

/** What the peer asked for in an Outgoing- or Incoming-Call-Request (§2.7, §2.9). */
export interface CallRequest {
  readonly kind: 'outgoing' | 'incoming';
  readonly callSerialNumber: number;
  /** Dialled, dialling, sub-address: empty where the request has none. */
  readonly calledNumber: string;
  readonly callingNumber: string;
  readonly subAddress: string;
  readonly bearerType: number;
  /** 0 in an incoming call. */
  readonly minimumBps: number;
  readonly maximumBps: number;
}

/** What a packet path needs to carry a call in GRE (§4). */
export interface CallPath {
  readonly path: Path;
  /** The key of packets that come in. */
  readonly localCall: number;
  /** The key of packets that go out; a peer may call it 0. */
  readonly peerCall: number;
  /** Packets the peer may have on the way to us, and we to it, unacknowledged. 0: it said nothing of a window. */
  readonly localWindow: number;
  readonly peerWindow: number;
  /** Packet Processing Delay of the peer: where the estimate of its round trip begins (§4.4). */
  readonly peerProcessingDelay: Millis;
}

/** How a connection or a call ended. `cause` is stable and keys the failure table of `vpdn/failure.ts`. */
export interface End {
  readonly cause: EndCause;
  /** Who ended it. */
  readonly side: 'local' | 'peer';
  /** The RFC's codes, those sent or those received; 0 where none went over the wire. */
  readonly resultCode: number;
  readonly errorCode: number;
  /** In words: what the codes say, or what TCP said. */
  readonly message: string;
}

export type EndCause =
  | 'closed' // asked for by our side
  | 'peer-closed' // Stop-Control-Connection-Request, Call-Clear-Request or Call-Disconnect-Notify, or its TCP closed in order
  | 'refused' // a request was refused: by our policy, or by the peer's
  | 'setup-timeout' // not established in time
  | 'unreachable' // the TCP connection could not be had
  | 'connection-lost' // TCP broke
  | 'echo-timeout' // no sign of life (§3.1.4)
  | 'protocol' // malformed, or a message that its state does not allow
  | 'version' // Protocol Version we do not speak, or the peer does not speak ours
  | 'collision' // both opened at once, and the peer's connection stands (§3.1.3)
  | 'no-resources' // out of ids or over a limit
  | 'flood' // more messages than anybody needs
  | 'idle' // no calls for noSessionTimeout
  | 'tunnel-down'; // of a call: its connection went

/** Codes of the answer that says no: those of the message that will carry it (see `end.ts`). */
export interface Refusal {
  readonly resultCode: number;
  readonly errorCode?: number;
  /** For our own log: PPTP has no place for it. */
  readonly message?: string;
}

/** §2.14, counted since the call began. */
export interface WanErrors {
  readonly crcErrors: number;
  readonly framingErrors: number;
  readonly hardwareOverruns: number;
  readonly bufferOverruns: number;
  readonly timeoutErrors: number;
  readonly alignmentErrors: number;
}

export type EndpointInput =
  // What TCP says.
  | { readonly on: 'accepted'; readonly connection: number; readonly path: Path }
  /** Answers to `connect`. `error` is an errno name. */
  | { readonly on: 'opened'; readonly connection: number; readonly path: Path }
  | { readonly on: 'refused'; readonly connection: number; readonly error: string }
  /** In order, in pieces of any size. They are not kept: the buffer may be used again. */
  | { readonly on: 'octets'; readonly connection: number; readonly octets: Uint8Array }
  /** `error`: TCP broke; absent: the peer closed it. Nothing is said of a connection after this, nor after `disconnect`. */
  | { readonly on: 'closed'; readonly connection: number; readonly error?: string }
  // What our side wants.
  /** The path's local port is 0, its local address may be `0.0.0.0`: `opened` tells what they became. */
  | {
      readonly on: 'open-connection';
      readonly reference: string;
      readonly path: Path;
      readonly settings: ConnectionSettings;
    }
  | { readonly on: 'accept-connection'; readonly connection: number; readonly settings: ConnectionSettings }
  /** `StartResult`, §2.2. */
  | ({ readonly on: 'refuse-connection'; readonly connection: number } & Refusal)
  /** `StopReason`, §2.3. */
  | ({ readonly on: 'close-connection'; readonly connection: number } & Refusal)
  | {
      readonly on: 'open-call';
      readonly connection: number;
      readonly reference: string;
      readonly call: CallSettings;
    }
  /** Of an outgoing call: the speed the peer is told; as much as it asked for if absent. */
  | { readonly on: 'accept-call'; readonly call: number; readonly connectSpeed?: number }
  /**
   * Refuses a call that waits for an answer (`OutgoingCallResult`, `IncomingCallResult`), or clears one (`DisconnectResult`).
   * `statistics` goes into the Call-Disconnect-Notify, if that is ours to send.
   */
  | ({ readonly on: 'close-call'; readonly call: number; readonly statistics?: string } & Refusal)
  /** Set-Link-Info, which only a PNS sends: of a call that we opened as `outgoing`, or accepted as `incoming`. */
  | { readonly on: 'set-link-info'; readonly call: number; readonly sendAccm: number; readonly receiveAccm: number }
  /** Answer to `probe-activity`: whether GRE packets of its calls came since the Echo-Request. */
  | { readonly on: 'activity'; readonly connection: number; readonly heard: boolean };

export type EndpointEffect =
  // What TCP is to do.
  | { readonly do: 'connect'; readonly connection: number; readonly path: Path }
  | { readonly do: 'send'; readonly connection: number; readonly octets: Uint8Array }
  /** `flush`: what was sent before still goes out. `abort`: at once, and what waits is thrown away. */
  | { readonly do: 'disconnect'; readonly connection: number; readonly how: 'flush' | 'abort' }
  // What our side is told.
  /** The number given to an `open-connection`, before anything else is said of it. */
  | { readonly do: 'connection-opening'; readonly reference: string; readonly connection: number }
  /** A Start-Control-Connection-Request wants an answer: `accept-connection` or `refuse-connection`. */
  | {
      readonly do: 'authorize-connection';
      readonly connection: number;
      readonly path: Path;
      readonly peer: PeerIdentity;
    }
  | {
      readonly do: 'connection-up';
      readonly connection: number;
      readonly path: Path;
      readonly peer: PeerIdentity;
    }
  /** Of one that was authorized, or that is ours. `reference`: that of our `open-connection`. */
  | {
      readonly do: 'connection-down';
      readonly connection: number;
      readonly reference: string | undefined;
      readonly end: End;
    }
  /** Nothing is left of it; follows each `connection-down`, at once or after the farewells. */
  | { readonly do: 'connection-gone'; readonly connection: number }
  | {
      readonly do: 'call-opening';
      readonly reference: string;
      readonly connection: number;
      /** 0: there is none, and `call-down` follows. */
      readonly call: number;
    }
  /** A request of the peer wants an answer: `accept-call` or `close-call`. */
  | {
      readonly do: 'call-requested';
      readonly connection: number;
      readonly call: number;
      readonly peerCall: number;
      readonly path: Path;
      readonly peer: PeerIdentity;
      readonly request: CallRequest;
    }
  /** Data may flow. */
  | {
      readonly do: 'call-up';
      readonly connection: number;
      readonly call: number;
      readonly carries: CallPath;
      /** bit/s, as the PAC says. */
      readonly connectSpeed: number;
    }
  | {
      readonly do: 'call-down';
      readonly connection: number;
      readonly call: number;
      readonly end: End;
      /** Q.931's, from an Outgoing-Call-Reply or Call-Disconnect-Notify; 0: none was given. */
      readonly causeCode: number;
      /** What a Call-Disconnect-Notify says of the call, for the log: text of unknown honesty. */
      readonly statistics: string;
    }
  /** Set-Link-Info of the peer. In a tunnel there are no octets to escape: it is for those who look (§2.15). */
  | {
      readonly do: 'link-info';
      readonly connection: number;
      readonly call: number;
      readonly sendAccm: number;
      readonly receiveAccm: number;
    }
  | { readonly do: 'wan-error'; readonly connection: number; readonly call: number; readonly errors: WanErrors }
  /** The Echo-Request was not answered. Data may go another way than through here: `activity` decides. */
  | { readonly do: 'probe-activity'; readonly connection: number }
  | { readonly do: 'trace'; readonly event: PptpTrace }
  | { readonly do: 'drop'; readonly reason: string; readonly path: Path };

/** What `debug vpdn` and the negotiation ladder show. Formatted only when somebody looks. */
export type PptpTrace =
  | {
      readonly kind: 'message';
      readonly direction: 'I' | 'O';
      readonly connection: number;
      /** Our Call ID; 0 of a message that is about no call of ours. */
      readonly call: number;
      /** `SCCRQ`, `OCRP`, `Echo-Request`, … as in `message.ts`. */
      readonly name: string;
      /** The result or reason it carries; 0 if none. */
      readonly result: number;
      readonly peerName: string;
      readonly path: Path;
      readonly octets: Uint8Array;
    }
  | { readonly kind: 'connection-state'; readonly connection: number; readonly from: string; readonly to: string }
  | {
      readonly kind: 'call-state';
      readonly connection: number;
      readonly call: number;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'error'; readonly connection: number; readonly call: number; readonly text: string };
