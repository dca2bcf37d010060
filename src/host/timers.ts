// All deadlines of the process in one heap, with one OS timer for the least of them.

import { Deadlines } from '../wire/deadlines.ts';
import type { Millis } from '../wire/machine.ts';
import type { Clock } from './clock.ts';

export class Timers {
  readonly #clock: Clock;
  readonly #deadlines = new Deadlines<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `fire` once at `time`, in place of what was set for the same function before; `Infinity` clears. */
  set(fire: () => void, time: Millis): void {
    this.#deadlines.set(fire, time);
    this.#arm();
  }

  clear(fire: () => void): void {
    this.set(fire, Number.POSITIVE_INFINITY);
  }

  stop(): void {
    clearTimeout(this.#timer);
    // Not a time that any deadline equals: nothing arms it again.
    this.#armedFor = Number.NaN;
  }

  #arm(): void {
    const { earliest } = this.#deadlines;
    if (earliest === this.#armedFor || Number.isNaN(this.#armedFor)) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#armedFor = earliest;
    if (earliest === Number.POSITIVE_INFINITY) return;
    // Rounded up: a timer that fires early would find nothing due and be set again at once.
    const wait = Math.min(Math.max(Math.ceil(earliest - this.#clock.now()), 0), LONGEST_WAIT);
    this.#timer = setTimeout(() => this.#expire(), wait);
  }

  #expire(): void {
    const now = this.#clock.now();
    // What a call sets for `now` or earlier waits for the next turn, so that a stuck deadline cannot hold the loop.
    const due: (() => void)[] = [];
    for (let fire = this.#deadlines.takeDue(now); fire !== undefined; fire = this.#deadlines.takeDue(now)) {
      due.push(fire);
    }
    this.#armedFor = Number.POSITIVE_INFINITY;
    for (const fire of due) fire();
    this.#arm();
  }
}

/** Node takes 31 bits of milliseconds. */
const LONGEST_WAIT = 0x7fffffff;
