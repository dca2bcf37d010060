// What can be seen of an endpoint: the connections and calls behind the `show` commands.

import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import type { CallRole, CallState } from './call-tables.ts';
import type { ControlConnectionState } from './control-connection-table.ts';
import type { PeerIdentity } from './events.ts';

export interface ConnectionStatus extends TransportStatus {
  readonly locallyInitiated: boolean;
  /** Of the `open-connection` that made it. */
  readonly reference: string | undefined;
  readonly state: ControlConnectionState;
  readonly since: Millis;
  readonly localName: string;
  readonly peer: PeerIdentity | undefined;
  readonly calls: number;
}

export interface TransportStatus {
  readonly connection: number;
  /** The peer's Host Name, empty until it said one. */
  readonly peerName: string;
  readonly path: Path;
  /** Control messages. */
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly octetsSent: number;
  readonly octetsReceived: number;
}

export interface CallStatus {
  readonly connection: number;
  readonly call: number;
  /** Undefined until the peer gave it a number. */
  readonly peerCall: number | undefined;
  readonly reference: string | undefined;
  readonly role: CallRole;
  readonly state: CallState;
  readonly since: Millis;
  readonly callSerialNumber: number;
  readonly localWindow: number;
  readonly peerWindow: number;
  readonly connectSpeed: number;
}
