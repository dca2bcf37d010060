// Keys typed while a command runs: they wait for the terminal to be theirs. Bounded, and what is lost is lost to the end of its line.

import type { Key } from './keys.ts';

export class TypeAhead {
  #keys: Key[] = [];
  #at = 0;
  #overrun = false;

  get isEmpty(): boolean {
    return this.#at === this.#keys.length;
  }

  /** False when it is one too many: then all of it is dropped, because half a paste must not be run. */
  push(key: Key): boolean {
    if (this.#overrun) return true;
    if (this.#keys.length < MOST_KEYS) {
      this.#keys.push(key);
      return true;
    }
    this.clear();
    this.#overrun = true;
    return false;
  }

  /** Whether a key that could be taken now belongs to a line whose begin was lost. */
  swallows(key: Key): boolean {
    if (!this.#overrun) return false;
    if (key.key === 'enter') this.#overrun = false;
    return true;
  }

  shift(): Key | undefined {
    const key = this.#keys[this.#at];
    if (key === undefined) return undefined;
    this.#at++;
    if (this.isEmpty) this.clear();
    return key;
  }

  clear(): void {
    this.#keys = [];
    this.#at = 0;
  }
}

const MOST_KEYS = 100_000;
