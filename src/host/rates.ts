// The "5 minute" rates of `show interfaces`: an average that forgets exponentially, sampled every 5 s, as IOS keeps it.

import type { SessionCounters } from '../dataplane/session-table.ts';
import type { TrafficRates } from '../vpdn/view.ts';
import type { Millis } from '../wire/machine.ts';

type Totals = Pick<SessionCounters, 'packetsIn' | 'octetsIn' | 'packetsOut' | 'octetsOut'>;

interface Sampled {
  totals: Totals;
  readonly rates: TrafficRates;
}

export class Rates {
  readonly #sessions = new Map<string, Sampled>();
  #sampledAt: Millis | undefined;

  /** What every session has counted by `now`. One that is missing has ended. */
  sample(now: Millis, sessions: Iterable<readonly [key: string, totals: Totals]>): void {
    const span = this.#sampledAt === undefined ? 0 : now - this.#sampledAt;
    this.#sampledAt = now;
    const ended = new Set(this.#sessions.keys());
    for (const [key, totals] of sessions) {
      ended.delete(key);
      const known = this.#sessions.get(key);
      if (known === undefined) this.#sessions.set(key, { totals, rates: noRates() });
      else if (span > 0) advance(known, totals, span);
    }
    for (const key of ended) this.#sessions.delete(key);
  }

  of(key: string): TrafficRates | undefined {
    const rates = this.#sessions.get(key)?.rates;
    if (rates === undefined) return undefined;
    return {
      inputBitsPerSecond: Math.round(rates.inputBitsPerSecond),
      inputPacketsPerSecond: Math.round(rates.inputPacketsPerSecond),
      outputBitsPerSecond: Math.round(rates.outputBitsPerSecond),
      outputPacketsPerSecond: Math.round(rates.outputPacketsPerSecond),
    };
  }
}

function advance(known: Sampled, totals: Totals, span: Millis): void {
  const { rates, totals: before } = known;
  const weight = 1 - Math.exp(-span / MEMORY);
  const blend = (rate: number, amount: number) => rate + weight * ((amount * 1000) / span - rate);
  rates.inputBitsPerSecond = blend(rates.inputBitsPerSecond, 8 * (totals.octetsIn - before.octetsIn));
  rates.inputPacketsPerSecond = blend(rates.inputPacketsPerSecond, totals.packetsIn - before.packetsIn);
  rates.outputBitsPerSecond = blend(rates.outputBitsPerSecond, 8 * (totals.octetsOut - before.octetsOut));
  rates.outputPacketsPerSecond = blend(rates.outputPacketsPerSecond, totals.packetsOut - before.packetsOut);
  known.totals = totals;
}

function noRates(): TrafficRates {
  return { inputBitsPerSecond: 0, inputPacketsPerSecond: 0, outputBitsPerSecond: 0, outputPacketsPerSecond: 0 };
}

export const SAMPLE_INTERVAL: Millis = 5000;
const MEMORY: Millis = 300_000;
