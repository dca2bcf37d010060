// Longest prefix match from (device, address) to a session, in shared memory: which session a packet goes to, and whether
// a packet's source belongs to the session it came by.

import * as layout from './layout.ts';
import { SharedIndex } from './shared-index.ts';

export class PrefixTable {
  readonly #words: Int32Array;
  readonly #index: SharedIndex;
  /** How many prefixes of each length a device has; of the writer alone. */
  readonly #lengths = new Map<number, number>();

  constructor(words: Int32Array, sizes: layout.Sizes) {
    this.#words = words;
    const version = layout.Header.PrefixVersion;
    this.#index = new SharedIndex(words, layout.prefixIndexWord(sizes), sizes.prefixSlots, version);
  }

  /** The row of the longest prefix of `device` that holds `address`, or -1. */
  lookup(device: number, address: number): number {
    const words = this.#words;
    const at = layout.DEVICES_WORD + device * layout.DEVICE_WORDS;
    if (words[at + layout.Device.HostLength] !== 0) {
      const row = this.#index.find(address, tagOf(device, 32));
      if (row >= 0) return row;
    }
    // A server has host routes and one or two others, a client the default: few lengths to try.
    let lengths = words[at + layout.Device.Lengths]!;
    while (lengths !== 0) {
      const length = 31 - Math.clz32(lengths);
      const row = this.#index.find(cut(address, length), tagOf(device, length));
      if (row >= 0) return row;
      lengths &= ~(1 << length);
    }
    return -1;
  }

  /** Two sessions with one prefix: the later one is right, the earlier one is on its way out. `address` is cut to `length`. */
  add(device: number, address: number, length: number, row: number): void {
    const [key, tag] = [cut(address, length), tagOf(device, length)];
    const isNew = this.#index.find(key, tag) < 0;
    this.#index.set(key, tag, row);
    if (isNew) this.#countLength(device, length, 1);
  }

  /** Does nothing if the prefix is another row's by now. */
  remove(device: number, address: number, length: number, row: number): void {
    if (this.#index.delete(cut(address, length), tagOf(device, length), row)) this.#countLength(device, length, -1);
  }

  #countLength(device: number, length: number, change: number): void {
    const tag = tagOf(device, length);
    const count = (this.#lengths.get(tag) ?? 0) + change;
    if (count === 0) this.#lengths.delete(tag);
    else this.#lengths.set(tag, count);
    const at = layout.DEVICES_WORD + device * layout.DEVICE_WORDS;
    if (length === 32) Atomics.store(this.#words, at + layout.Device.HostLength, count === 0 ? 0 : 1);
    else if (count === 0) Atomics.and(this.#words, at + layout.Device.Lengths, ~(1 << length));
    else Atomics.or(this.#words, at + layout.Device.Lengths, 1 << length);
  }
}

/** Odd, whatever the device and the length. */
function tagOf(device: number, length: number): number {
  return (device << 8) | (length << 1) | 1;
}

function cut(address: number, length: number): number {
  return length === 0 ? 0 : address & (-1 << (32 - length));
}
