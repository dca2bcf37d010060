// When a tunnel has been silent long enough for a HELLO, RFC 2661 §5.5. Silence is of control and data messages alike,
// and data may go another way than through here: so the question is asked outside first.

import type { Millis } from '../wire/machine.ts';

export class Hello {
  /** Asked, and to be asked again then should nobody answer. */
  #askAgainAt = Number.POSITIVE_INFINITY;

  get asked(): boolean {
    return this.#askAgainAt < Number.POSITIVE_INFINITY;
  }

  /** When to ask whether the peer was heard elsewhere; `interval` 0: never. */
  dueAt(heardAt: Millis, interval: Millis): Millis {
    if (this.asked) return this.#askAgainAt;
    return interval === 0 ? Number.POSITIVE_INFINITY : heardAt + interval;
  }

  ask(now: Millis): void {
    this.#askAgainAt = now + ASK_AGAIN;
  }

  answered(): void {
    this.#askAgainAt = Number.POSITIVE_INFINITY;
  }
}

const ASK_AGAIN: Millis = 1000;
