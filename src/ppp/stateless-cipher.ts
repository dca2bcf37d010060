// MPPE without state (RFC 3078 §8.1): each packet has a key of its own, made from the one before. So the streams of the next
// packets do not wait for these, and are made ahead, several in one loop, where a session sends many long packets. What is
// not used within a batch is there for the next one; what others took the room of is made again.

import { LONGEST_STREAM, type MppeKernel, STREAMS } from '../crypto/mppe-kernel.ts';
import { type MppeBits, MppeKey } from './mppe-key.ts';

export class StatelessCipher {
  /** Changes of the key, whether a packet came with it or it was only passed over. */
  changes = 0;
  readonly #kernel: MppeKernel;
  /** Its session key is that of the next packet; while there are streams ahead, that of the first of them. */
  readonly #key: MppeKey;
  readonly #session: number;
  #slot = -1;
  /** The first stream of the slot that is not used, and how many octets there are of each. */
  #next = STREAMS;
  #made = 0;
  /** Of the packet before this one in the same batch. */
  #recentLength = 0;
  #batch = -1;
  /** What `accept` is to pass over, and whether it lies in the slot. */
  #taken = 0;
  #fromSlot = false;

  constructor(bits: MppeBits, startKey: Uint8Array, kernel: MppeKernel) {
    this.#kernel = kernel;
    this.#session = kernel.newSession();
    this.#key = new MppeKey(bits, startKey, kernel);
    // The first packet has a changed key already.
    this.#key.begin();
    this.#step();
    this.#key.accept();
    kernel.wipe();
  }

  /** Encrypts or decrypts with the key after so many changes. Nothing has happened yet if `accept` is not called. */
  apply(at: number, length: number, changes: number): void {
    const kernel = this.#kernel;
    const ahead = this.#batch === kernel.batch ? Math.min(length, this.#recentLength, LONGEST_STREAM) : 0;
    this.#batch = kernel.batch;
    this.#recentLength = length;
    if (this.#next < STREAMS && !kernel.owns(this.#slot, this.#session)) this.#makeUpForLoss();
    if (this.#next === STREAMS && changes === 1 && ahead >= LEAST_AHEAD) this.#makeAhead((ahead + 7) & ~7);
    const left = STREAMS - this.#next;
    const skipped = changes - 1;
    this.#taken = changes;
    this.#fromSlot = skipped < left;
    if (this.#fromSlot) {
      kernel.applyKept(at, length, this.#slot, this.#next + skipped, this.#made);
      return;
    }
    this.#key.begin(left > 0);
    for (let n = left; n < skipped; n++) this.#step();
    this.#step();
    kernel.apply(at, length);
  }

  /** It was the peer's: the keys move on. */
  accept(): void {
    this.changes += this.#taken;
    if (this.#fromSlot) {
      this.#next += this.#taken;
      if (this.#next < STREAMS) return;
      this.#key.begin(true);
    }
    this.#next = STREAMS;
    this.#key.accept();
  }

  close(): void {
    if (this.#kernel.owns(this.#slot, this.#session)) this.#kernel.release(this.#slot);
    this.#next = STREAMS;
    this.#key.wipe();
  }

  #makeAhead(octets: number): void {
    const kernel = this.#kernel;
    if (!kernel.owns(this.#slot, this.#session)) this.#slot = kernel.claim(this.#session);
    if (this.#slot < 0) return;
    this.#key.begin();
    for (let stream = 0; stream < STREAMS; stream++) this.#step(stream);
    this.#key.keepAhead();
    kernel.fill(this.#slot, octets);
    this.#made = octets;
    this.#next = 0;
  }

  /** Another session has the slot now: the keys are made again up to the first stream that was not used. */
  #makeUpForLoss(): void {
    this.#key.begin();
    for (let stream = 0; stream < this.#next; stream++) this.#step();
    this.#key.accept();
    this.#next = STREAMS;
  }

  /** One more key schedule and change of the key. */
  #step(stream = -1): void {
    this.#key.turn(stream);
    this.#key.advance();
  }
}

/** Octets of a packet from which on it pays to make streams ahead. */
const LEAST_AHEAD = 256;
