// The keys of one direction of MPPE: the initial session key and its changes (RFC 3078 §7.1, §7.3; RFC 3079 §2.4, §3.4).
// Keys are kept as big-endian words, which is how SHA-1 wants them. A packet's key is only looked at until the packet turns
// out to be the peer's. Nothing here allocates after the constructor.

import type { MppeKernel } from '../crypto/mppe-kernel.ts';

export type MppeBits = 40 | 56 | 128;

/** How many octets a start key has: RFC 3079 §2.1, §2.2, §2.3. */
export function startKeyLength(bits: MppeBits): 8 | 16 {
  return bits === 128 ? 16 : 8;
}

export class MppeKey {
  readonly #kernel: MppeKernel;
  readonly #words = new Int32Array(20);
  readonly #bits: MppeBits;
  readonly #length: 8 | 16;

  constructor(bits: MppeBits, startKey: Uint8Array, kernel: MppeKernel) {
    this.#kernel = kernel;
    this.#bits = bits;
    this.#length = startKeyLength(bits);
    for (let i = 0; i < this.#length; i++) this.#words[START + (i >> 2)]! |= startKey[i]! << (24 - 8 * (i & 3));
    kernel.hash(this.#words, START, START, SESSION, this.#length);
    this.#weaken(SESSION);
    kernel.wipe();
  }

  /** From now on `turn` and `advance` work on the session key, or on the one that `keepAhead` has kept. */
  begin(ahead = false): void {
    this.#copy(PENDING, ahead ? AHEAD : SESSION);
  }

  /** The key schedule of that key, for the kernel's `apply` or for one of its streams, and what `advance` needs. */
  turn(stream = -1): void {
    this.#kernel.turn(this.#words, START, PENDING, NEXT, this.#length, stream);
    this.#weaken(NEXT);
  }

  /** RFC 3078 §7.3: the key changes. */
  advance(): void {
    this.#copy(PENDING, NEXT);
  }

  /** The session key is what has come of it. */
  accept(): void {
    this.#copy(SESSION, PENDING);
  }

  keepAhead(): void {
    this.#copy(AHEAD, PENDING);
  }

  wipe(): void {
    this.#words.fill(0);
    this.#kernel.wipe();
  }

  /** The octets by which 40 and 56 bits are what they are: RFC 3078 §7.3. */
  #weaken(key: number): void {
    const words = this.#words;
    if (this.#bits === 56) words[key] = (words[key]! & 0xffffff) | 0xd1000000;
    if (this.#bits === 40) words[key] = (words[key]! & 0xff) | 0xd1269e00;
  }

  #copy(to: number, from: number): void {
    const words = this.#words;
    for (let i = 0; i < 4; i++) words[to + i] = words[from + i]!;
  }
}

const [START, SESSION, PENDING, NEXT, AHEAD] = [0, 4, 8, 12, 16];
