// Where a call stands: its tunnel, its interface, its two ends.

import type { Carrier } from './carrier.ts';
import type { Interface } from './configuration-interface.ts';
import type { DataSession } from './events.ts';
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
