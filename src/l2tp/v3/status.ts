// What can be seen of an L2TPv3 endpoint: the connections and sessions behind the `show` commands.

import type { Path } from '../../wire/ip.ts';
import type { Millis } from '../../wire/machine.ts';
import type { ChannelStatus } from '../channel.ts';
import type { TunnelState } from '../status.ts';
import type { DataSequencing, PeerIdentity, SessionPath } from './events.ts';

export interface TransportStatus {
  readonly connection: number;
  /** 0 until the peer assigned one. */
  readonly peerConnection: number;
  readonly peerName: string;
  readonly path: Path;
  readonly channel: ChannelStatus;
  /** How many digest secrets are in use; 0: no digests. */
  readonly digests: number;
  readonly digestFailures: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly octetsSent: number;
  readonly octetsReceived: number;
}

export interface ConnectionStatus extends TransportStatus {
  readonly locallyInitiated: boolean;
  readonly reference: string | undefined;
  readonly state: TunnelState;
  readonly since: Millis;
  readonly localName: string;
  readonly peer: PeerIdentity | undefined;
  readonly sessions: number;
}

/** RFC 3931 §7.3's states of a session, of the two ends together. */
export type SessionState = 'idle' | 'wait-connection' | 'wait-reply' | 'wait-connect' | 'established';

export interface SessionStatus {
  readonly connection: number;
  readonly session: number;
  readonly peerSession: number;
  readonly reference: string | undefined;
  readonly locallyInitiated: boolean;
  readonly state: SessionState;
  readonly since: Millis;
  readonly callSerialNumber: number;
  readonly pseudowireType: number;
  readonly remoteEndId: Uint8Array;
  readonly circuitActive: boolean;
  readonly peerCircuitActive: boolean;
  readonly sequencing: DataSequencing;
  /** Of an established session. */
  readonly carries: SessionPath | undefined;
  /** Of the data messages that went through the endpoint, as is all that follows. */
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly octetsSent: number;
  readonly octetsReceived: number;
  readonly outOfOrderDropped: number;
}
