// Longest prefix match from (device, destination) to a session, in shared memory. One writer, any number of readers:
// a reader that looks while the writer changes a slot sees the old answer or none, never another session's.

import { LocalError } from '../wire/errors.ts';
import * as layout from './layout.ts';

export class PrefixTable {
  readonly #words: Int32Array;
  readonly #start: number;
  readonly #mask: number;
  // Of the writer alone: how many prefixes of each length a device has, and how many slots are taken.
  readonly #lengths = new Map<number, number>();
  #live = 0;

  constructor(words: Int32Array, sizes: layout.Sizes) {
    this.#words = words;
    this.#start = layout.prefixIndexWord(sizes);
    this.#mask = sizes.prefixSlots - 1;
  }

  /** The row of the longest prefix of `device` that holds `address`, or -1. */
  lookup(device: number, address: number): number {
    const words = this.#words;
    const at = layout.DEVICES_WORD + device * layout.DEVICE_WORDS;
    if (words[at + layout.Device.HostLength] !== 0) {
      const row = this.#find(address, tagOf(device, 32));
      if (row >= 0) return row;
    }
    let lengths = words[at + layout.Device.Lengths]!;
    while (lengths !== 0) {
      const length = 31 - Math.clz32(lengths);
      const row = this.#find(length === 0 ? 0 : address & (-1 << (32 - length)), tagOf(device, length));
      if (row >= 0) return row;
      lengths &= ~(1 << length);
    }
    return -1;
  }

  /** A prefix that is there already goes over to `row`. `address` is cut to `length`. */
  add(device: number, address: number, length: number, row: number): void {
    const words = this.#words;
    const key = cut(address, length);
    const tag = tagOf(device, length);
    const old = this.#slotOf(key, tag);
    if (old >= 0) {
      Atomics.store(words, old + ROW, row + 1);
      return;
    }
    if (this.#live * 4 >= (this.#mask + 1) * 3) throw new LocalError('prefix-table-full', `${this.#live} prefixes`);
    const slot = this.#freeSlotFor(key, tag);
    // The tag makes the slot valid, so it comes last.
    Atomics.store(words, slot + ROW, row + 1);
    Atomics.store(words, slot + ADDRESS, key);
    Atomics.store(words, slot + TAG, tag);
    this.#live++;
    this.#countLength(device, length, 1);
  }

  /** Does nothing if the prefix is another row's by now. */
  remove(device: number, address: number, length: number, row: number): void {
    const words = this.#words;
    const slot = this.#slotOf(cut(address, length), tagOf(device, length));
    if (slot < 0 || words[slot + ROW] !== row + 1) return;
    Atomics.store(words, slot + TAG, GRAVE);
    this.#live--;
    this.#countLength(device, length, -1);
    this.#clearGraves(slot);
  }

  #find(address: number, tag: number): number {
    const words = this.#words;
    const mask = this.#mask;
    let index = hashOf(address, tag) & mask;
    for (let probes = 0; probes <= mask; probes++) {
      const slot = this.#start + index * layout.PREFIX_SLOT_WORDS;
      const found = Atomics.load(words, slot + TAG);
      if (found === EMPTY) return -1;
      if (found === tag && Atomics.load(words, slot + ADDRESS) === address) {
        const row = Atomics.load(words, slot + ROW);
        // The writer may have given the slot to another prefix in between: it clears the tag first and sets it last.
        if (Atomics.load(words, slot + ADDRESS) === address && Atomics.load(words, slot + TAG) === tag) return row - 1;
      }
      index = (index + 1) & mask;
    }
    return -1;
  }

  #slotOf(address: number, tag: number): number {
    const words = this.#words;
    for (let index = hashOf(address, tag); ; index++) {
      const slot = this.#start + (index & this.#mask) * layout.PREFIX_SLOT_WORDS;
      if (words[slot + TAG] === EMPTY) return -1;
      if (words[slot + TAG] === tag && words[slot + ADDRESS] === address) return slot;
    }
  }

  #freeSlotFor(address: number, tag: number): number {
    for (let index = hashOf(address, tag); ; index++) {
      const slot = this.#start + (index & this.#mask) * layout.PREFIX_SLOT_WORDS;
      const found = this.#words[slot + TAG];
      if (found === EMPTY || found === GRAVE) return slot;
    }
  }

  /** A grave before an empty slot holds no chain together: it and those before it become empty, so searches stay short. */
  #clearGraves(slot: number): void {
    const words = this.#words;
    let index = (slot - this.#start) / layout.PREFIX_SLOT_WORDS;
    const next = this.#start + ((index + 1) & this.#mask) * layout.PREFIX_SLOT_WORDS;
    if (words[next + TAG] !== EMPTY) return;
    for (;;) {
      const at = this.#start + (index & this.#mask) * layout.PREFIX_SLOT_WORDS;
      if (words[at + TAG] !== GRAVE) return;
      Atomics.store(words, at + TAG, EMPTY);
      index--;
    }
  }

  #countLength(device: number, length: number, change: number): void {
    const key = tagOf(device, length);
    const count = (this.#lengths.get(key) ?? 0) + change;
    if (count === 0) this.#lengths.delete(key);
    else this.#lengths.set(key, count);
    const at = layout.DEVICES_WORD + device * layout.DEVICE_WORDS;
    if (length === 32) {
      Atomics.store(this.#words, at + layout.Device.HostLength, count === 0 ? 0 : 1);
    } else if (count === 0) {
      Atomics.and(this.#words, at + layout.Device.Lengths, ~(1 << length));
    } else {
      Atomics.or(this.#words, at + layout.Device.Lengths, 1 << length);
    }
  }
}

/** Neither `EMPTY` nor `GRAVE` whatever the device: the low bits are always set. */
function tagOf(device: number, length: number): number {
  return (device << 8) | (length << 1) | 1;
}

function cut(address: number, length: number): number {
  return length === 0 ? 0 : address & (-1 << (32 - length));
}

function hashOf(address: number, tag: number): number {
  return layout.mix(address ^ Math.imul(tag, 0x9e3779b1)) >>> 0;
}

const [ADDRESS, TAG, ROW] = [0, 1, 2];
const EMPTY = 0;
/** Where a prefix was removed: searches go on past it. */
const GRAVE = 2;
