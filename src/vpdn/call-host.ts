// Where a call stands, and what it asks of the router around it.

import type { Path } from '../wire/ip.ts';
import type { AddressVerdict } from './address-assignment.ts';
import type { Call } from './call.ts';
import type { RecordHost } from './call-record.ts';
import type { Carrier } from './carrier.ts';
import type { Interface } from './configuration-interface.ts';
import type { DataSession } from './events.ts';
import type { FailureCause } from './failure.ts';
import type { Neighbor } from './routing.ts';
import type { Octets } from './units.ts';

export interface CallPlace {
  /** 0 in L2TPv3, whose sessions are known by 32 bits of their own, `PPTP_CALLS` in PPTP: `connection` is the control connection. */
  readonly tunnel: number;
  readonly session: number;
  readonly connection?: number;
  readonly carrier: Carrier;
  readonly role: 'lac' | 'lns';
  /** The peer asked for the session: it is the one who calls. */
  readonly answered: boolean;
  /** `Virtual-Access3` or `Virtual-PPP1`. */
  readonly interfaceName: string;
  /** Where its commands come from: the template, or the Virtual-PPP interface itself. */
  readonly subject: Interface;
  readonly uniqueId: number;
  readonly callSerialNumber: number;
  readonly remoteName: string;
  readonly localName: string;
  /** `ip pmtu`; `max`: the most the way may be taken to take. */
  readonly discoverMtu?: { readonly max?: Octets | undefined } | undefined;
}

/** What the two ends have told each other of the session. */
export type SessionEnds = Pick<DataSession, 'peerTunnel' | 'peerSession' | 'path' | 'sequencing' | 'v3' | 'gre'>;

/** What a call asks of the router around it. */
export interface CallHost extends RecordHost {
  /** Our address on the interface, undefined when it has none; `0.0.0.0` when the peer is to give one. */
  localAddressOf(subject: Interface): string | undefined;
  /** Of the wire that the call's tunnel leaves by, or what is known of the way behind it. */
  pathMtuOf(path: Path, discoverMtu: CallPlace['discoverMtu']): Octets;
  assignAddress(call: Call, username: string): AddressVerdict;
  releaseAddress(call: Call): void;
  /** The peer's address is agreed on: false if it belongs to somebody else. */
  claimAddress(call: Call, address: string): boolean;
  networkUp(call: Call, neighbor: Neighbor): void;
  networkDown(call: Call, neighbor: Neighbor): void;
  /** The same neighbor, with another MTU. */
  networkChanged(before: Neighbor, after: Neighbor): void;
  /** The last word on this call. */
  ended(call: Call, cause: FailureCause | undefined): void;
}
