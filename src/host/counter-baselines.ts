// What counters stood at when an operator cleared them. Nothing that counts is set back: workers write their counters without
// locks, and the metrics want them whole; what `show` prints is the difference.

import type { Millis } from '../wire/machine.ts';

type Counted<Name extends string> = Readonly<Record<Name, number>>;

interface Baseline<Name extends string> {
  readonly at: Millis;
  readonly values: Counted<Name>;
}

/** `Name`: which counters there are of each key. */
export class CounterBaselines<Name extends string> {
  readonly #baselines = new Map<string, Baseline<Name>>();

  clear(key: string, values: Counted<Name>, at: Millis): void {
    this.#baselines.set(key, { at, values });
  }

  /** Nobody has cleared anything, as on most routers: no key need be looked up. */
  get empty(): boolean {
    return this.#baselines.size === 0;
  }

  clearedAt(key: string): Millis | undefined {
    return this.#baselines.get(key)?.at;
  }

  /** Since the clear. What counted less than before has begun anew since, and all of it counts. */
  since<Values extends Counted<Name>>(key: string, values: Values): Values {
    const baseline = this.#baselines.get(key)?.values;
    if (baseline === undefined) return values;
    const entries = Object.entries<number>(values).map(([name, value]) => {
      const before = baseline[name as Name];
      return [name, value < before ? value : value - before];
    });
    return Object.fromEntries(entries) as Values;
  }

  /** Its bearer is gone: whoever gets the name next begins with nothing. */
  forget(key: string): void {
    this.#baselines.delete(key);
  }

  /** Its bearer stays, and counts from nothing again. */
  restart(key: string): void {
    const known = this.#baselines.get(key);
    if (known === undefined) return;
    const zeros = Object.fromEntries(Object.keys(known.values).map((name) => [name, 0])) as Counted<Name>;
    this.#baselines.set(key, { at: known.at, values: zeros });
  }

  keys(): IterableIterator<string> {
    return this.#baselines.keys();
  }
}
