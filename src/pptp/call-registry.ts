// The Call IDs of an endpoint, and which connection each belongs to. One space for all of them: the key of a GRE packet then names a
// call whatever address it came to, and whoever guesses has one chance in 65,535 (RFC 2637 §3.2.2).

import { Identifiers } from '../wire/identifiers.ts';
import type { Entropy, Millis } from '../wire/machine.ts';

export class CallRegistry {
  readonly #identifiers: Identifiers;
  readonly #connections = new Map<number, number>();
  /** Whose each is, by the address of the peer, and how many each address has. */
  readonly #addresses = new Map<number, string>();
  readonly #counts = new Map<string, number>();

  constructor(entropy: Entropy) {
    this.#identifiers = new Identifiers(entropy);
  }

  get size(): number {
    return this.#connections.size;
  }

  connectionOf(call: number): number | undefined {
    return this.#connections.get(call);
  }

  countOf(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  /** Undefined: all are taken. */
  allocate(connection: number, address: string, now: Millis): number | undefined {
    const call = this.#identifiers.allocate(SCOPE, this.#connections, now);
    if (call === undefined) return undefined;
    this.#connections.set(call, connection);
    this.#addresses.set(call, address);
    this.#counts.set(address, this.countOf(address) + 1);
    return call;
  }

  release(call: number, now: Millis): void {
    const address = this.#addresses.get(call);
    if (address === undefined) return;
    const left = this.countOf(address) - 1;
    if (left === 0) this.#counts.delete(address);
    else this.#counts.set(address, left);
    this.#addresses.delete(call);
    this.#connections.delete(call);
    this.#identifiers.release(SCOPE, call, now);
  }
}

const SCOPE = 0;
