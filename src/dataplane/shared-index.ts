// A map from (key, tag) to a row number in shared memory: open addressing, one writer, any number of readers without locks.
// A reader that looks while the writer works sees the old answer or the new one, never another entry's.

import { LocalError } from '../wire/errors.ts';

export class SharedIndex {
  readonly #words: Int32Array;
  readonly #start: number;
  readonly #mask: number;
  /** A word that is odd while entries are being moved, and another one afterwards. */
  readonly #version: number;
  /** Entries; of the writer alone. */
  #count = 0;

  /** `slots`, a power of two, of `INDEX_SLOT_WORDS` each, from word `start` on. */
  constructor(words: Int32Array, start: number, slots: number, version: number) {
    this.#words = words;
    this.#start = start;
    this.#mask = slots - 1;
    this.#version = version;
  }

  /** The row of `key` and `tag`, or -1. Tags are odd numbers. */
  find(key: number, tag: number): number {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const version = Atomics.load(this.#words, this.#version);
      const row = this.#search(key, tag);
      // Found is found. A miss counts only if no entry was on the move meanwhile.
      if (row >= 0 || ((version & 1) === 0 && Atomics.load(this.#words, this.#version) === version)) return row;
    }
    return -1;
  }

  /** Adds the entry, or changes its row. */
  set(key: number, tag: number, row: number): void {
    const words = this.#words;
    const slot = this.#slotOf(key, tag);
    if (words[slot + TAG] === tag) {
      Atomics.store(words, slot + ROW, row + 1);
      return;
    }
    // A quarter stays empty: so every search ends, and soon.
    if (this.#count * 4 >= (this.#mask + 1) * 3) throw new LocalError('index-full', `${this.#count} entries`);
    this.#fill(slot, key, tag, row + 1);
    this.#count++;
  }

  /** Takes the entry out if it is `row`'s; true if it was. */
  delete(key: number, tag: number, row: number): boolean {
    const words = this.#words;
    const slot = this.#slotOf(key, tag);
    if (words[slot + TAG] !== tag || words[slot + ROW] !== row + 1) return false;
    Atomics.add(words, this.#version, 1);
    this.#closeGap((slot - this.#start) / INDEX_SLOT_WORDS);
    Atomics.add(words, this.#version, 1);
    this.#count--;
    return true;
  }

  #search(key: number, tag: number): number {
    const words = this.#words;
    const mask = this.#mask;
    let index = hashOf(key, tag) & mask;
    for (let probes = 0; probes <= mask; probes++) {
      const slot = this.#start + index * INDEX_SLOT_WORDS;
      const found = Atomics.load(words, slot + TAG);
      if (found === EMPTY) return -1;
      if (found === tag && Atomics.load(words, slot + KEY) === key) {
        const row = Atomics.load(words, slot + ROW);
        // The writer may have given the slot to another entry in between: it clears the tag first and sets it last.
        if (Atomics.load(words, slot + KEY) === key && Atomics.load(words, slot + TAG) === tag) return row - 1;
      }
      index = (index + 1) & mask;
    }
    return -1;
  }

  /** Of the writer: where the entry is, or the empty slot where it would go. */
  #slotOf(key: number, tag: number): number {
    const words = this.#words;
    for (let index = hashOf(key, tag); ; index++) {
      const slot = this.#slotAt(index);
      if (words[slot + TAG] === EMPTY || (words[slot + TAG] === tag && words[slot + KEY] === key)) return slot;
    }
  }

  /** Moves up what was pushed past the gap by its hash, so that no search has to step over graves (Knuth 6.4, algorithm R). */
  #closeGap(from: number): void {
    const words = this.#words;
    let gap = from;
    Atomics.store(words, this.#slotAt(gap) + TAG, MOVING);
    for (let index = gap + 1; words[this.#slotAt(index) + TAG] !== EMPTY; index++) {
      const slot = this.#slotAt(index);
      const [key, tag, row] = [words[slot + KEY]!, words[slot + TAG]!, words[slot + ROW]!];
      const home = hashOf(key, tag);
      // Its home lies between the gap and itself: it would not be found before it.
      if (((index - home) & this.#mask) < ((index - gap) & this.#mask)) continue;
      this.#fill(this.#slotAt(gap), key, tag, row);
      Atomics.store(words, slot + TAG, MOVING);
      gap = index;
    }
    Atomics.store(words, this.#slotAt(gap) + TAG, EMPTY);
  }

  /** The tag makes the slot valid, so it comes last. */
  #fill(slot: number, key: number, tag: number, row: number): void {
    Atomics.store(this.#words, slot + ROW, row);
    Atomics.store(this.#words, slot + KEY, key);
    Atomics.store(this.#words, slot + TAG, tag);
  }

  #slotAt(index: number): number {
    return this.#start + (index & this.#mask) * INDEX_SLOT_WORDS;
  }
}

/** Spreads the bits: ids and addresses are often consecutive. */
function hashOf(key: number, tag: number): number {
  let hash = key ^ Math.imul(tag, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) & 0x7fffffff;
}

/** Key, tag, row + 1, and one unused. */
export const INDEX_SLOT_WORDS = 4;
const [KEY, TAG, ROW] = [0, 1, 2];
/** Tags that no entry has. */
const [EMPTY, MOVING] = [0, 2];
const MAX_ATTEMPTS = 8;
