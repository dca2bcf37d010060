// What a router is made of, for whoever has to do with several of its parts.

import type { Endpoint } from '../l2tp/endpoint.ts';
import type { V3Endpoint } from '../l2tp/v3/endpoint.ts';
import type { Addresses } from './addresses.ts';
import type { Calls } from './calls.ts';
import type { Connections } from './connections.ts';
import type { Dialers } from './dialers.ts';
import type { FailureHistory } from './failure-history.ts';
import type { Interfaces } from './interfaces.ts';
import type { ManualSessions } from './manual-sessions.ts';
import type { Pptp } from './pptp.ts';
import type { PptpConnections } from './pptp-connections.ts';
import type { Routing } from './routing.ts';
import type { Tunnels } from './tunnels.ts';

export interface RouterParts {
  readonly endpoint: Endpoint;
  readonly v3: V3Endpoint;
  readonly manual: ManualSessions;
  readonly interfaces: Interfaces;
  readonly routing: Routing;
  readonly addresses: Addresses;
  readonly tunnels: Tunnels;
  readonly connections: Connections;
  readonly pptp: Pptp;
  readonly pptpConnections: PptpConnections;
  readonly calls: Calls;
  readonly dialers: Dialers;
  readonly failures: FailureHistory;
}
