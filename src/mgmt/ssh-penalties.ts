// What a wrong password costs at the SSH server: a wait, twice as long each time, for all connections of one source together.

import type { Millis } from '../wire/machine.ts';

interface Record {
  failures: number;
  last: Millis;
}

export class Penalties {
  /** The one that failed longest ago comes first. */
  readonly #records = new Map<string, Record>();

  /** How long it has to wait for the answer. */
  failed(source: string, now: Millis): Millis {
    const known = this.#records.get(source);
    const failures = known === undefined || now - known.last > FORGOTTEN ? 1 : known.failures + 1;
    this.#records.delete(source);
    this.#records.set(source, { failures, last: now });
    if (this.#records.size > MOST_SOURCES) this.#records.delete(this.#records.keys().next().value!);
    return Math.min(FIRST * 2 ** (failures - 1), LONGEST);
  }

  succeeded(source: string): void {
    this.#records.delete(source);
  }
}

const FIRST: Millis = 500;
const LONGEST: Millis = 8000;
const FORGOTTEN: Millis = 600_000;
/** Who has more of them to send from is held up by the number of those who may knock at once. */
const MOST_SOURCES = 1000;
