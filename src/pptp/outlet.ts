// What all the connections of one endpoint share: the time of the input at hand, where effects and drops go, randomness and limits.

import type { Path } from '../wire/ip.ts';
import type { Entropy, Millis } from '../wire/machine.ts';
import type { EndpointEffect } from './events.ts';

/** What bounds the memory and the traffic that strangers can cause. */
export interface Limits {
  readonly connections: number;
  /** From one address. There may be a whole company behind it. */
  readonly connectionsPerAddress: number;
  /** Accepted, and no Start-Control-Connection-Request that was agreed to: in all, and from one address. */
  readonly halfOpenConnections: number;
  readonly halfOpenPerAddress: number;
  /** They have this long for it, however busy they look. */
  readonly halfOpenTimeout: Millis;
  readonly callsPerConnection: number;
  /** With one address, in all connections: nobody is to have all the Call IDs there are. */
  readonly callsPerAddress: number;
  /** §3: "If an expected reply does not arrive within 60 seconds, the control connection is closed". */
  readonly replyTimeout: Millis;
  /** Messages of one connection: so many a second, and so many at once. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
}

export const DEFAULT_LIMITS: Limits = {
  connections: 32768,
  connectionsPerAddress: 256,
  halfOpenConnections: 1000,
  halfOpenPerAddress: 32,
  halfOpenTimeout: 15_000,
  callsPerConnection: 256,
  callsPerAddress: 2048,
  replyTimeout: 60_000,
  messagesPerSecond: 100,
  messageBurst: 1024,
};

export class Outlet {
  readonly entropy: Entropy;
  readonly limits: Limits;
  /** By reason. */
  readonly drops = new Map<string, number>();
  traced = true;
  now: Millis = 0;
  #effects: EndpointEffect[] = [];

  constructor(entropy: Entropy, limits: Limits) {
    this.entropy = entropy;
    this.limits = limits;
  }

  emit(effect: EndpointEffect): void {
    this.#effects.push(effect);
  }

  drop(reason: string, path: Path): void {
    this.count(reason);
    this.#effects.push({ do: 'drop', reason, path });
  }

  count(reason: string): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1);
  }

  take(): EndpointEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
