// The tunnels whose peer has not proven itself: no more than a limit, with chance deciding who makes room.
// Under a flood of forged SCCRQs a peer that answers within a few milliseconds gets through; refusing when full would
// lock everybody out.

import { type Entropy, randomU32 } from '../wire/machine.ts';

export class HalfOpen<Item> {
  readonly #items: Item[] = [];
  readonly #index = new Map<Item, number>();

  get size(): number {
    return this.#items.length;
  }

  add(item: Item): void {
    this.#index.set(item, this.#items.length);
    this.#items.push(item);
  }

  delete(item: Item): void {
    const at = this.#index.get(item);
    if (at === undefined) return;
    this.#index.delete(item);
    const last = this.#items.pop()!;
    if (last === item) return;
    this.#items[at] = last;
    this.#index.set(last, at);
  }

  pick(entropy: Entropy): Item | undefined {
    return this.#items[randomU32(entropy) % Math.max(this.#items.length, 1)];
  }
}
