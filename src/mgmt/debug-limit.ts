// How much `debug` may say: a busy server would bury its terminals and its processor in lines nobody can read.

import type { Millis } from '../wire/machine.ts';

export class DebugLimit {
  readonly #most: number;
  #start: Millis = Number.NEGATIVE_INFINITY;
  #admitted = 0;
  #suppressed = 0;

  /** `most` lines in each second. */
  constructor(most: number = LINES_A_SECOND) {
    this.#most = most;
  }

  /** Lines that were left out since `takeSuppressed` was asked. */
  get suppressed(): number {
    return this.#suppressed;
  }

  admit(now: Millis): boolean {
    if (now >= this.#start + SECOND) {
      this.#start = now;
      this.#admitted = 0;
    }
    if (this.#admitted < this.#most) {
      this.#admitted++;
      return true;
    }
    this.#suppressed++;
    return false;
  }

  takeSuppressed(): number {
    const count = this.#suppressed;
    this.#suppressed = 0;
    return count;
  }
}

const SECOND: Millis = 1000;
const LINES_A_SECOND = 500;
