// How many accepted connections each address has, and how many of them are half-open.

export interface SourceCount {
  readonly connections: number;
  readonly halfOpen: number;
}

export class Sources {
  readonly #counts = new Map<string, { connections: number; halfOpen: number }>();

  /** Addresses that have any. */
  get size(): number {
    return this.#counts.size;
  }

  of(address: string): SourceCount {
    return this.#counts.get(address) ?? NONE;
  }

  /** A new one, half-open. */
  add(address: string): void {
    const count = this.#counts.get(address);
    if (count === undefined) {
      this.#counts.set(address, { connections: 1, halfOpen: 1 });
      return;
    }
    count.connections++;
    count.halfOpen++;
  }

  /** One is half-open no more. */
  started(address: string): void {
    const count = this.#counts.get(address);
    if (count !== undefined) count.halfOpen--;
  }

  delete(address: string, halfOpen: boolean): void {
    const count = this.#counts.get(address);
    if (count === undefined) return;
    count.connections--;
    if (halfOpen) count.halfOpen--;
    if (count.connections === 0) this.#counts.delete(address);
  }
}

const NONE: SourceCount = { connections: 0, halfOpen: 0 };
