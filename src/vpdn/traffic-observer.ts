// Whoever counts what the router does not see: the packet path carries data without asking.

import type { TunnelReference } from './events.ts';
import type { DropView, InterfaceView, SessionView } from './view.ts';
import type { MppeView, PptpSessionView } from './view-pptp.ts';
import type { ClearableTraffic, TrafficCounters } from './view-traffic.ts';

export interface TrafficObserver {
  /** What the control messages of a tunnel came to, with the data of its sessions. */
  tunnel(tunnel: TunnelReference, control: TrafficCounters, sessions: readonly number[]): ClearableTraffic;
  /** The same, a session at a time. */
  tunnelBySession(
    tunnel: TunnelReference,
    control: TrafficCounters,
    sessions: readonly number[],
  ): Generator<undefined, ClearableTraffic>;
  /** Fills in a row just made. */
  session(row: SessionView): void;
  pptpSession(row: PptpSessionView): void;
  interface(row: InterfaceView): void;
  /** Undefined: nothing of the interface's session is encrypted. */
  mppe(row: InterfaceView): MppeView | undefined;
  /** What was dropped where the router does not see it. */
  drops(): readonly DropView[];
}
