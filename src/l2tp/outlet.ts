// What all the connections of one endpoint share: the time of the input at hand, where effects and drops go,
// randomness and limits.

import type { Path } from '../wire/ip.ts';
import type { Entropy, Millis } from '../wire/machine.ts';
import type { EndpointEffect } from './events.ts';
import { MessageCounters } from './message-counters.ts';

/** What bounds the memory and the traffic that strangers can cause. */
export interface Limits {
  /** Tunnels whose peer has not yet proven to be where its SCCRQ came from. */
  readonly halfOpenTunnels: number;
  readonly tunnels: number;
  readonly sessionsPerTunnel: number;
  /** Calls of one tunnel that are neither up nor down. */
  readonly halfOpenSessions: number;
  /** Control messages waiting for one peer's window. */
  readonly unsentMessages: number;
  /** A call that is not up by then is given up (§7.4 has no timers). */
  readonly callSetupTimeout: Millis;
  /** A tunnel whose SCCRQ nobody decided on, or whose SCCCN does not come. */
  readonly halfOpenTimeout: Millis;
  /** Octets sent to an unproven peer for each octet it sent. */
  readonly amplification: number;
}

export const DEFAULT_LIMITS: Limits = {
  halfOpenTunnels: 1000,
  tunnels: 32768,
  sessionsPerTunnel: 32768,
  halfOpenSessions: 4096,
  unsentMessages: 8192,
  callSetupTimeout: 60_000,
  halfOpenTimeout: 60_000,
  amplification: 3,
};

/** What every endpoint says beside its own matters. */
type CommonEffect = Extract<EndpointEffect, { readonly do: 'trace' | 'drop' }>;

/** `Effect`: those of L2TPv2, or of L2TPv3. */
export class Outlet<Effect = EndpointEffect> {
  readonly entropy: Entropy;
  readonly limits: Limits;
  readonly drops = new Map<string, number>();
  readonly messages = new MessageCounters();
  traced = true;
  now: Millis = 0;
  #effects: (Effect | CommonEffect)[] = [];

  constructor(entropy: Entropy, limits: Limits) {
    this.entropy = entropy;
    this.limits = limits;
  }

  emit(effect: Effect | CommonEffect): void {
    this.#effects.push(effect);
  }

  drop(reason: string, path: Path): void {
    this.count(reason);
    this.#effects.push({ do: 'drop', reason, path });
  }

  count(reason: string): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1);
  }

  traceError(tunnel: number, session: number, text: string): void {
    if (this.traced) this.emit({ do: 'trace', event: { kind: 'error', tunnel, session, text } });
  }

  take(): (Effect | CommonEffect)[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
