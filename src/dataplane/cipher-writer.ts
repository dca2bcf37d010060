// The keys of MPPE as the control thread puts them into a session's row and takes them out again. A worker that reads while
// they are written sees none. Each state has a serial number of its own, whatever session had the row before.

import type { CompressionState, LinkCompression } from '../ppp/events.ts';
import { CIPHER_KEY_WORDS, Cipher, CipherBit, Header, Row } from './layout.ts';

export class CipherWriter {
  readonly #words: Int32Array;
  /** By row, what is in force. */
  readonly #known = new Map<number, LinkCompression>();
  #serial = 0;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** `at`: the row's first word. */
  write(row: number, at: number, compression: LinkCompression | undefined): void {
    const before = this.#known.get(row);
    if (compression === undefined) this.#known.delete(row);
    else this.#known.set(row, compression);
    this.#replace(at + Row.SendCipher, before?.transmit, compression?.transmit);
    this.#replace(at + Row.ReceiveCipher, before?.receive, compression?.receive);
    const isNew = before?.transmit?.generation !== compression?.transmit?.generation;
    // Other keys, another flow: the alarm is about those in force.
    if (isNew) this.#words[at + Row.Alarm] = 0;
  }

  #replace(at: number, before: CompressionState | undefined, state: CompressionState | undefined): void {
    if (before?.generation === state?.generation) return;
    const words = this.#words;
    Atomics.store(words, at + Cipher.Serial, 0);
    for (let word = 0; word < CIPHER_KEY_WORDS; word++) Atomics.store(words, at + Cipher.Key + word, 0);
    if (state !== undefined) {
      const { mppe, mppc } = state;
      // RFC 2118 §3.1: without encryption, MPPC keeps its history.
      const stateful = mppe === undefined || mppe.stateful;
      const options = (mppe?.bits ?? 0) | (stateful ? CipherBit.Stateful : 0) | (mppc ? CipherBit.Mppc : 0);
      Atomics.store(words, at + Cipher.Options, options);
      if (mppe !== undefined) this.#writeKey(at + Cipher.Key, mppe.startKey);
      this.#serial = (this.#serial + 1) | 0 || 1;
      Atomics.store(words, at + Cipher.Serial, this.#serial);
    }
    Atomics.add(words, Header.CipherVersion, 1);
  }

  #writeKey(at: number, key: Uint8Array): void {
    const view = new DataView(key.buffer, key.byteOffset, key.length);
    for (let word = 0; word < key.length >> 2; word++) Atomics.store(this.#words, at + word, view.getInt32(4 * word));
  }
}
