// Whether the peer lives, RFC 2637 §3.1.4: after silence an Echo-Request, and after silence to that the end. Machines under load
// answer late while their data flows, so before the end our side is asked whether it does.

import type { Millis } from '../wire/machine.ts';

type Waiting = 'for-silence' | 'for-answer' | 'for-activity';

export class Echo {
  #identifier = 0;
  #waiting: Waiting = 'for-silence';
  #until = 0;

  get waiting(): Waiting {
    return this.#waiting;
  }

  /** When silence has lasted long enough for the next step; `interval` 0: never. */
  dueAt(heardAt: Millis, interval: Millis): Millis {
    if (this.#waiting !== 'for-silence') return this.#until;
    return interval === 0 ? Number.POSITIVE_INFINITY : heardAt + interval;
  }

  /** The identifier of an Echo-Request, whose answer is due `until` then. */
  ask(until: Millis): number {
    this.#waiting = 'for-answer';
    this.#until = until;
    this.#identifier = (this.#identifier + 1) >>> 0;
    return this.#identifier;
  }

  probe(now: Millis): void {
    this.#waiting = 'for-activity';
    this.#until = now + PROBE_TIMEOUT;
  }

  /** Any message is a sign of life, not the Echo-Reply alone: some peers are slow to send that one. */
  heard(): void {
    this.#waiting = 'for-silence';
  }

  /** Whether an Echo-Reply is to what was asked. */
  matches(identifier: number): boolean {
    return identifier === this.#identifier;
  }
}

/** Our own side answers at once or not at all. */
const PROBE_TIMEOUT: Millis = 1000;
