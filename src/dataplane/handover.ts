// Packets on their way from one worker to another, for the threads that do nothing but MPPE: a ring in shared memory, one
// writer, one reader, bounded. Octets are moved by words, since they lie alike on their boundaries everywhere.
//
//   record: | octets taken(4) | row or device(4) | key(4) | start(4) | length(4) | shift(4) | as many octets, then the packet |

import * as libc from '../sys/libc.ts';
import type { Arena } from './arena.ts';

export interface HandoverEnds {
  readonly buffer: SharedArrayBuffer;
  /** Readable when there is something, and nobody has looked yet. */
  readonly fd: number;
}

export class Handover {
  // Of the packet that `take` gave last: what the writer said.
  row = 0;
  key = 0;
  start = 0;
  length = 0;
  /** Where it lies. */
  at = 0;
  readonly #arena: Arena;
  readonly #words: Int32Array;
  readonly #fd: number;
  readonly #size: number;
  /** An eight-octet number for the descriptor. */
  readonly #count: number;

  constructor(arena: Arena, { buffer, fd }: HandoverEnds) {
    this.#arena = arena;
    this.#words = new Int32Array(buffer);
    this.#fd = fd;
    this.#size = buffer.byteLength - HEADER;
    this.#count = arena.take(8);
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(HEADER + SIZE);
  }

  /** Gives `length` octets at `at` away; false: no room. `start`: where in them something begins. */
  push(row: number, key: number, at: number, start: number, length: number): boolean {
    const words = this.#words;
    let head = words[HEAD]!;
    const shift = at & 3;
    const taken = RECORD + ((shift + length + 3) & ~3);
    const room = this.#size - ((head - Atomics.load(words, TAIL)) | 0);
    const toEnd = this.#size - (head & (this.#size - 1));
    const skipped = toEnd < taken ? toEnd : 0;
    if (taken + skipped > room) return false;
    if (skipped !== 0) {
      words[(HEADER + this.#size - toEnd) >>> 2] = SKIP;
      head = (head + skipped) | 0;
    }
    const word = (HEADER + (head & (this.#size - 1))) >>> 2;
    words[word] = taken;
    words[word + 1] = row;
    words[word + 2] = key;
    words[word + 3] = start;
    words[word + 4] = length;
    words[word + 5] = shift;
    const source = this.#arena.words;
    const from = (at - shift) >>> 2;
    const count = (shift + length + 3) >>> 2;
    for (let index = 0; index < count; index++) words[word + RECORD_WORDS + index] = source[from + index]!;
    Atomics.store(words, HEAD, (head + taken) | 0);
    return true;
  }

  /** Wakes the reader, if it has to be. To be called when a batch is through. */
  signal(): void {
    const words = this.#words;
    if (words[HEAD] === Atomics.load(words, TAIL) || Atomics.exchange(words, WOKEN, 1) !== 0) return;
    this.#arena.view.setBigUint64(this.#count, 1n, true);
    libc.write(this.#fd, this.#arena.address + this.#count, 8);
  }

  /** The reader has been woken: it is to take all there is now. */
  acknowledge(): void {
    libc.read(this.#fd, this.#arena.address + this.#count, 8);
    Atomics.store(this.#words, WOKEN, 0);
  }

  /** Copies the next packet to `room`, a boundary of 4, or up to 3 octets behind it; false: there is none. */
  take(room: number): boolean {
    const words = this.#words;
    let tail = words[TAIL]!;
    if (tail === Atomics.load(words, HEAD)) return false;
    let word = (HEADER + (tail & (this.#size - 1))) >>> 2;
    if (words[word] === SKIP) {
      tail = (tail + this.#size - (tail & (this.#size - 1))) | 0;
      word = HEADER >>> 2;
    }
    this.row = words[word + 1]!;
    this.key = words[word + 2]!;
    this.start = words[word + 3]!;
    this.length = words[word + 4]!;
    const target = this.#arena.words;
    const shift = words[word + 5]!;
    this.at = room + shift;
    const to = room >>> 2;
    const count = (shift + this.length + 3) >>> 2;
    for (let index = 0; index < count; index++) target[to + index] = words[word + RECORD_WORDS + index]!;
    Atomics.store(words, TAIL, (tail + words[word]!) | 0);
    return true;
  }
}

const HEADER = 64;
const [HEAD, TAIL, WOKEN] = [0, 1, 2];
const RECORD = 24;
const RECORD_WORDS = RECORD / 4;
const SIZE = 4 << 20;
/** In place of a record's length: the rest up to the ring's end is unused. */
const SKIP = -1;
