// What a call asks of the router around it.

import type { Path } from '../wire/ip.ts';
import type { AddressVerdict } from './address-assignment.ts';
import type { Call } from './call.ts';
import type { CallPlace } from './call-place.ts';
import type { RecordHost } from './call-record.ts';
import type { Interface } from './configuration-interface.ts';
import type { FailureCause } from './failure.ts';
import type { Neighbor } from './routing.ts';
import type { Octets } from './units.ts';

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
