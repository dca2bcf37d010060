// MPPE with state (RFC 3078 §8.2): one stream goes on from packet to packet, and begins anew when the key changes, or with a
// FLUSHED packet.

import type { MppeKernel } from '../crypto/mppe-kernel.ts';
import { RC4_STATE } from '../crypto/rc4-code.ts';
import { isDatagram } from './mppe-header.ts';
import { type MppeBits, MppeKey } from './mppe-key.ts';

export class StatefulCipher {
  /** Changes of the key. */
  changes = 0;
  readonly #kernel: MppeKernel;
  readonly #key: MppeKey;
  readonly #state = new Uint8Array(RC4_STATE);
  /** What `accept` is to take over. */
  #changed = 0;

  constructor(bits: MppeBits, startKey: Uint8Array, kernel: MppeKernel) {
    this.#kernel = kernel;
    this.#key = new MppeKey(bits, startKey, kernel);
    this.#key.begin();
    this.#key.turn();
    kernel.keep(this.#state);
    kernel.wipe();
  }

  /**
   * Encrypts or decrypts with the key after so many changes, or with the same one from its beginning if `anew`. Nothing has
   * happened yet if `accept` is not called before the kernel has other work.
   */
  apply(at: number, length: number, changes: number, anew: boolean): void {
    this.#key.begin();
    this.#change(changes);
    if (changes > 0 || anew) this.#key.turn();
    else this.#kernel.resume(this.#state);
    this.#kernel.apply(at, length);
    this.#changed = changes;
  }

  /** It was the peer's: key and stream move on. */
  accept(): void {
    this.#kernel.keep(this.#state);
    this.#key.accept();
    this.changes += this.#changed;
  }

  /**
   * Linux changes the key once more before each packet that answers a reset, and before those of them that were lost: what
   * begins like a datagram tells how often. A sender that follows RFC 3078 §8.2 does not.
   */
  changesAtReset(at: number, length: number, changes: number): number {
    const start = Math.min(length, START);
    this.#key.begin();
    this.#change(changes);
    for (let more = 0; more <= MOST_RESETS; more++) {
      this.#key.turn();
      this.#kernel.draw(start);
      this.#kernel.mix(at, start);
      const found = isDatagram(this.#kernel.packets, at, length);
      this.#kernel.mix(at, start);
      if (found) return changes + more;
      this.#key.advance();
    }
    return changes;
  }

  close(): void {
    this.#state.fill(0);
    this.#key.wipe();
  }

  #change(times: number): void {
    for (let n = 0; n < times; n++) {
      this.#key.turn();
      this.#key.advance();
    }
  }
}

/** What `isDatagram` looks at, octets. */
const START = 48;
/** Answers to resets in a row that may be lost, and Linux still be followed. */
const MOST_RESETS = 8;
