// The Call IDs of an endpoint, and which connection each belongs to. One space for all of them: the key of a GRE packet then names a
// call whatever address it came to, and whoever guesses has one chance in 65,535 (RFC 2637 §3.2.2).

import { Identifiers } from '../wire/identifiers.ts';
import type { Entropy, Millis } from '../wire/machine.ts';

export class CallRegistry {
  readonly #identifiers: Identifiers;
  readonly #connections = new Map<number, number>();

  constructor(entropy: Entropy) {
    this.#identifiers = new Identifiers(entropy);
  }

  get size(): number {
    return this.#connections.size;
  }

  connectionOf(call: number): number | undefined {
    return this.#connections.get(call);
  }

  /** Undefined: all are taken. */
  allocate(connection: number, now: Millis): number | undefined {
    const call = this.#identifiers.allocate(SCOPE, this.#connections, now);
    if (call !== undefined) this.#connections.set(call, connection);
    return call;
  }

  release(call: number, now: Millis): void {
    this.#connections.delete(call);
    this.#identifiers.release(SCOPE, call, now);
  }
}

const SCOPE = 0;
