// MPPC (RFC 2118 §4): octets to a bit stream of literals and copies out of the last 8192 octets, and back. Nothing here
// allocates after the constructor. The header that goes before it is the business of `mppe.ts`.
//
//   literal 00-7F  0 + 7 bits          offset 1-63      1111 + 6 bits
//   literal 80-FF  10 + 7 bits         offset 64-319    1110 + 8 bits of offset - 64
//                                      offset 320-8191  110 + 13 bits of offset - 320
//   length 3: 0; length 2^k to 2^(k+1)-1, k of 2 to 12: k - 1 ones, a zero, the low k bits
//
// A copy is its offset, then its length. The last octet is filled with zeros.

import { MppeRefusal } from './mppe-header.ts';

export const HISTORY = 8192;

export class MppcCompressor {
  /** The last packet began at the front of the history (bit B). */
  atFront = true;
  readonly #history = new Uint8Array(HISTORY);
  /** Where three octets with this hash last began, as a position since the beginning of time. */
  readonly #last = new Int32Array(HASHES).fill(-1);
  /** The position since the beginning of time of the front of the history: what was before is out of reach. */
  #epoch = 0;
  #pointer = 0;
  #out = 0;
  #end = 0;
  #bits = 0;
  #held = 0;

  /** Begins an empty history. */
  flush(): void {
    this.#epoch += this.#pointer;
    this.#pointer = 0;
    if (this.#epoch > LAST_EPOCH) {
      this.#last.fill(-1);
      this.#epoch = 0;
    }
  }

  /** Compresses in place; 0, and all is as it was, if that would make it no shorter. Then `flush` before the next one. */
  compress(buffer: Uint8Array, at: number, length: number): number {
    if (length >= HISTORY) return 0;
    if (this.#pointer + length >= HISTORY) this.flush();
    this.atFront = this.#pointer === 0;
    const history = this.#history;
    const start = this.#pointer;
    const end = start + length;
    for (let i = 0; i < length; i++) history[start + i] = buffer[at + i]!;
    this.#pointer = end;
    this.#out = at;
    this.#end = at + length - 1;
    this.#held = 0;
    let i = start;
    while (i < end && this.#out < this.#end) {
      const from = i + 2 < end ? this.#find(i) : -1;
      if (from < 0) {
        const octet = history[i++]!;
        if (octet < 0x80) this.#put(buffer, octet, 8);
        else this.#put(buffer, 0x80 + octet, 9);
        continue;
      }
      const offset = i - from;
      let copied = 3;
      while (i + copied < end && history[from + copied] === history[i + copied]) copied++;
      this.#putCopy(buffer, offset, copied);
      i += copied;
    }
    if (this.#held > 0 && this.#out < this.#end) this.#put(buffer, 0, 8 - this.#held);
    if (i === end && this.#held === 0) return this.#out - at;
    for (let k = 0; k < length; k++) buffer[at + k] = history[start + k]!;
    return 0;
  }

  wipe(): void {
    this.#history.fill(0);
    this.#last.fill(-1);
    this.#pointer = 0;
  }

  /** Where in the history the three octets at `i` are already, or -1. */
  #find(i: number): number {
    const history = this.#history;
    const three = (history[i]! << 16) | (history[i + 1]! << 8) | history[i + 2]!;
    const slot = Math.imul(three, GOLDEN) >>> HASH_SHIFT;
    const from = this.#last[slot]! - this.#epoch;
    this.#last[slot] = this.#epoch + i;
    if (from < 0) return -1;
    return three === ((history[from]! << 16) | (history[from + 1]! << 8) | history[from + 2]!) ? from : -1;
  }

  #putCopy(buffer: Uint8Array, offset: number, length: number): void {
    if (offset < 64) this.#put(buffer, 0b1111_000000 + offset, 10);
    else if (offset < 320) this.#put(buffer, 0b1110_00000000 + offset - 64, 12);
    else this.#put(buffer, 0b110_0000000000000 + offset - 320, 16);
    if (length === 3) {
      this.#put(buffer, 0, 1);
      return;
    }
    const k = 31 - Math.clz32(length);
    const ones = (1 << (k - 1)) - 1;
    this.#put(buffer, (ones << (k + 1)) | (length - (1 << k)), 2 * k);
  }

  /** Up to 24 bits, as long as there is room. */
  #put(buffer: Uint8Array, value: number, bits: number): void {
    let held = this.#held + bits;
    const all = (this.#bits << bits) | value;
    while (held >= 8 && this.#out < this.#end) {
      held -= 8;
      buffer[this.#out++] = all >>> held;
    }
    this.#bits = all & ((1 << held) - 1);
    this.#held = held;
  }
}

export class MppcDecompressor {
  readonly #history = new Uint8Array(HISTORY);
  #pointer = 0;
  /** What was written since the last flush: all before it, and no more, may be referred to. */
  #written = 0;
  #in = 0;
  #bits = 0;
  #held = 0;
  #left = 0;

  /** Begins an empty history (bit A). */
  flush(): void {
    this.#pointer = 0;
    this.#written = 0;
  }

  /** Goes to the front of the history and keeps what is in it (bit B). */
  moveToFront(): void {
    this.#pointer = 0;
  }

  /**
   * From `buffer` to `room` of the same buffer, where there are `limit` octets. A `MppeRefusal` leaves the history in no
   * state to go on with: `flush` comes next.
   */
  decompress(buffer: Uint8Array, at: number, length: number, room: number, limit: number): number {
    const start = this.#pointer;
    const end = Math.min(start + limit, HISTORY);
    this.#in = at;
    this.#held = 0;
    this.#bits = 0;
    this.#left = 8 * length;
    // No token has fewer than 8 bits: what is left is the filling.
    while (this.#left >= 8) {
      if (this.#pointer >= end) return MppeRefusal.TooLong;
      const high = this.#take(buffer, 1) === 1;
      if (high && this.#take(buffer, 1) === 1) {
        const refusal = this.#copy(buffer, end);
        if (refusal < 0) return refusal;
      } else {
        if (high && this.#left < 7) return MppeRefusal.Malformed;
        this.#write((high ? 0x80 : 0) + this.#take(buffer, 7));
      }
    }
    const decompressed = this.#pointer - start;
    const history = this.#history;
    for (let i = 0; i < decompressed; i++) buffer[room + i] = history[start + i]!;
    return decompressed;
  }

  wipe(): void {
    this.#history.fill(0);
    this.flush();
  }

  /** The rest of a copy behind its first two bits. */
  #copy(buffer: Uint8Array, end: number): number {
    const offset = this.#takeOffset(buffer);
    const length = this.#takeLength(buffer);
    if (offset <= 0 || offset >= HISTORY || length < 0) return MppeRefusal.Malformed;
    if (this.#pointer + length > end) return MppeRefusal.TooLong;
    let from = this.#pointer - offset;
    if (from < 0) from += HISTORY;
    for (let i = 0; i < length; i++) {
      // RFC 2118 §3.1: "Initialized history that has not been used for compressing data must not be referred to".
      if (from >= this.#written) return MppeRefusal.Malformed;
      this.#write(this.#history[from]!);
      from = (from + 1) & (HISTORY - 1);
    }
    return length;
  }

  #takeOffset(buffer: Uint8Array): number {
    if (this.#left < 8) return -1;
    if (this.#take(buffer, 1) === 0) return this.#left < 13 ? -1 : 320 + this.#take(buffer, 13);
    if (this.#take(buffer, 1) === 1) return this.#take(buffer, 6);
    return this.#left < 8 ? -1 : 64 + this.#take(buffer, 8);
  }

  #takeLength(buffer: Uint8Array): number {
    if (this.#left === 0) return -1;
    let k = 1;
    while (this.#left > 0 && this.#take(buffer, 1) === 1) k++;
    if (k === 1) return 3;
    return k > 12 || this.#left < k ? -1 : (1 << k) + this.#take(buffer, k);
  }

  /** Up to 13 bits, which the caller knows to be there. */
  #take(buffer: Uint8Array, bits: number): number {
    while (this.#held < bits) {
      this.#bits = ((this.#bits << 8) | buffer[this.#in++]!) & 0xffffff;
      this.#held += 8;
    }
    this.#held -= bits;
    this.#left -= bits;
    return (this.#bits >>> this.#held) & ((1 << bits) - 1);
  }

  #write(octet: number): void {
    this.#history[this.#pointer++] = octet;
    if (this.#pointer > this.#written) this.#written = this.#pointer;
  }
}

const HASHES = 4096;
const HASH_SHIFT = 32 - 12;
/** 2^32 by the golden ratio: Knuth, volume 3, §6.4. */
const GOLDEN = 0x9e3779b1;
const LAST_EPOCH = 0x7fff_ffff - 2 * HISTORY;
