// What can be seen of an endpoint: the tunnels and calls behind the `show` commands.

import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import type { CallRole, CallState } from './call-tables.ts';
import type { ChannelStatus } from './channel.ts';
import type { ControlConnectionState } from './control-connection-table.ts';
import type { PeerIdentity } from './events.ts';

/** RFC 2661 §7.2.1's states, and the wait after a StopCCN (§5.7). */
export type TunnelState = ControlConnectionState | 'shutting-down';

export interface TunnelStatus extends TransportStatus, HandshakeStatus {
  readonly locallyInitiated: boolean;
  /** Of the `open-tunnel` that made it. */
  readonly reference: string | undefined;
  readonly state: TunnelState;
  readonly since: Millis;
  readonly calls: number;
}

export interface TransportStatus {
  readonly tunnel: number;
  /** 0 until the peer assigned one. */
  readonly peerTunnel: number;
  /** The peer's Host Name, empty until it said one. */
  readonly peerName: string;
  readonly path: Path;
  readonly channel: ChannelStatus;
  /** Control messages, ZLBs and retransmissions included. */
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly octetsSent: number;
  readonly octetsReceived: number;
}

export interface HandshakeStatus {
  readonly localName: string;
  readonly peer: PeerIdentity | undefined;
  /** The peer answered our Challenge. */
  readonly authenticated: boolean;
  readonly authenticationFailures: number;
}

export interface CallStatus {
  readonly tunnel: number;
  readonly session: number;
  readonly peerTunnel: number;
  readonly peerSession: number;
  readonly reference: string | undefined;
  readonly role: CallRole;
  /** Only LAC outgoing calls wait for an answer of the line, and there are none. */
  readonly state: Exclude<CallState, 'wait-cs-answer'>;
  readonly since: Millis;
  readonly callSerialNumber: number;
  readonly sequencing: boolean;
  /** Of the data messages that went through the endpoint, as is all that follows. */
  readonly ns: number;
  readonly nr: number;
  readonly outOfOrderDropped: number;
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly octetsSent: number;
  readonly octetsReceived: number;
}
