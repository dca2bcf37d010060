// What the lines about tunnels mean: `vpdn …`, `vpdn-group`, `l2tp-class`, `pseudowire-class`.

import type { Secret } from './configuration-system.ts';
import type { Seconds } from './units.ts';

export interface VpdnGlobals {
  enabled: boolean;
  softshut: boolean;
  sessionLimit?: number | undefined;
  sourceAddress?: string | undefined;
  historyFailure: boolean;
  historyFailureSize?: number | undefined;
}

export interface Retransmit {
  initialRetries?: number | undefined;
  initialTimeoutMin?: Seconds | undefined;
  initialTimeoutMax?: Seconds | undefined;
  retries?: number | undefined;
  timeoutMin?: Seconds | undefined;
  timeoutMax?: Seconds | undefined;
}

export interface VpdnGroup {
  name: string;
  description?: string | undefined;
  acceptDialin?: AcceptDialin | undefined;
  terminateFrom?: string | undefined;
  localName?: string | undefined;
  sourceAddress?: string | undefined;
  sessionLimit?: number | undefined;
  l2tp: VpdnGroupL2tp;
}

export interface AcceptDialin {
  protocol?: 'l2tp' | 'pptp' | 'any' | undefined;
  virtualTemplate?: number | undefined;
}

export interface VpdnGroupL2tp {
  /** `l2tp tunnel authentication`: on unless `no` was said. */
  authentication: boolean;
  password?: Secret | undefined;
  hidden: boolean;
  hello?: Seconds | undefined;
  receiveWindow?: number | undefined;
  retransmit: Retransmit;
  setupTimeout?: Seconds | undefined;
  noSessionTimeout?: Seconds | 'never' | undefined;
  sequencing: boolean;
}

export interface L2tpClass {
  name: string;
  authentication: boolean;
  password?: Secret | undefined;
  hostname?: string | undefined;
  hidden: boolean;
  hello?: Seconds | undefined;
  receiveWindow?: number | undefined;
  retransmit: Retransmit;
  setupTimeout?: Seconds | undefined;
}

export interface PseudowireClass {
  name: string;
  encapsulation?: 'l2tpv2' | 'l2tpv3' | undefined;
  protocol?: 'l2tpv2' | 'l2tpv3' | 'l2tpv3ietf' | 'none' | undefined;
  l2tpClass?: string | undefined;
  localInterface?: string | undefined;
  sequencing?: Sequencing | undefined;
}

export type Sequencing = 'transmit' | 'receive' | 'both';

export function emptyVpdnGroup(name: string): VpdnGroup {
  return { name, l2tp: { authentication: true, hidden: false, retransmit: {}, sequencing: false } };
}

export function emptyL2tpClass(name: string): L2tpClass {
  return { name, authentication: false, hidden: false, retransmit: {} };
}
