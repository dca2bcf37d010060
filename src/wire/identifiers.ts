// Identifiers of 16 bit that strangers must not guess: Tunnel and Session IDs (RFC 2661 §9.1), Call IDs of PPTP. Never 0, and a
// number that was given back rests for two minutes, so that late messages of its last owner do not reach the next.

import { type Entropy, type Millis, randomU16 } from './machine.ts';

export class Identifiers {
  readonly #entropy: Entropy;
  /** By (scope, id), in the order they were given back. */
  readonly #resting = new Map<number, Millis>();

  constructor(entropy: Entropy) {
    this.#entropy = entropy;
  }

  /** `scope` tells one number space from another: 0 for tunnels, the tunnel's id for its sessions. */
  allocate(scope: number, taken: { has(id: number): boolean }, now: Millis): number | undefined {
    this.#wake(now);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const id = randomU16(this.#entropy);
      if (id !== 0 && !taken.has(id) && !this.#resting.has(keyOf(scope, id))) return id;
    }
    // Nearly all are in use: take the next free one, even if it has not rested.
    const start = randomU16(this.#entropy);
    for (let step = 0; step <= HIGHEST; step++) {
      const id = (start + step) & HIGHEST;
      if (id !== 0 && !taken.has(id)) return id;
    }
    return undefined;
  }

  release(scope: number, id: number, now: Millis): void {
    const key = keyOf(scope, id);
    this.#resting.delete(key);
    this.#resting.set(key, now + REST);
    if (this.#resting.size > MOST_RESTING) this.#resting.delete(this.#resting.keys().next().value!);
  }

  #wake(now: Millis): void {
    for (const [key, time] of this.#resting) {
      if (time > now) return;
      this.#resting.delete(key);
    }
  }
}

function keyOf(scope: number, id: number): number {
  return scope * 65536 + id;
}

const HIGHEST = 0xffff;
const ATTEMPTS = 64;
const REST: Millis = 120_000;
const MOST_RESTING = 65536;
