// Many deadlines, one least: an indexed binary heap. Setting, moving and clearing cost O(log n), the least O(1),
// so a parent machine of ten thousand children can state its own deadline at every call.

import type { Millis } from './machine.ts';

export class Deadlines<Key> {
  readonly #keys: Key[] = [];
  readonly #times: Millis[] = [];
  readonly #index = new Map<Key, number>();

  get earliest(): Millis {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  /** `Infinity` clears. */
  set(key: Key, time: Millis): void {
    const at = this.#index.get(key);
    if (time === Number.POSITIVE_INFINITY) {
      if (at !== undefined) this.#remove(at);
    } else if (at === undefined) {
      this.#place(this.#keys.length, key, time);
      this.#up(this.#keys.length - 1);
    } else if (this.#times[at] !== time) {
      this.#times[at] = time;
      this.#up(at);
      this.#down(this.#index.get(key)!);
    }
  }

  clear(key: Key): void {
    this.set(key, Number.POSITIVE_INFINITY);
  }

  /** Takes out the key whose time has come, the oldest first; undefined when none has. */
  takeDue(now: Millis): Key | undefined {
    if (this.earliest > now) return undefined;
    const key = this.#keys[0]!;
    this.#remove(0);
    return key;
  }

  #remove(at: number): void {
    this.#index.delete(this.#keys[at]!);
    const key = this.#keys.pop()!;
    const time = this.#times.pop()!;
    if (at === this.#keys.length) return;
    this.#place(at, key, time);
    this.#up(at);
    this.#down(this.#index.get(key)!);
  }

  #up(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#times[parent]! <= this.#times[at]!) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(start: number): void {
    let at = start;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < this.#keys.length && this.#times[left]! < this.#times[least]!) least = left;
      if (right < this.#keys.length && this.#times[right]! < this.#times[least]!) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const key = this.#keys[a]!;
    const time = this.#times[a]!;
    this.#place(a, this.#keys[b]!, this.#times[b]!);
    this.#place(b, key, time);
  }

  #place(at: number, key: Key, time: Millis): void {
    this.#keys[at] = key;
    this.#times[at] = time;
    this.#index.set(key, at);
  }
}
