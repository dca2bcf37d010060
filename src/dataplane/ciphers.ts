// The states of MPPE and MPPC of one direction, by session, in the one thread that seals or opens: each is made when a packet
// needs it first, from what the control thread has put into the row, and forgotten once the row has another or none.

import { MppeKernel } from '../crypto/mppe-kernel.ts';
import type { MppeOptions } from '../ppp/mppe-header.ts';
import type { WasmMemory } from '../wire/webassembly.ts';
import { CIPHER_KEY_WORDS, Cipher, CipherBit, Header } from './layout.ts';
import type { SessionTable } from './session-table.ts';

interface Kept<State> {
  readonly serial: number;
  readonly state: State;
}

export class Ciphers<State extends { close(): void }> {
  readonly #table: SessionTable;
  readonly #place: number;
  readonly #memory: WasmMemory;
  readonly #make: (options: MppeOptions, kernel: MppeKernel, word: number) => State;
  readonly #kept = new Map<number, Kept<State>>();
  #version = 0;
  /** Of no use, and none, until there is a cipher. */
  #kernel: MppeKernel | undefined;

  /**
   * `place`: where in the row, `Row.SendCipher` or `Row.ReceiveCipher`. `memory`: where the packets are. `make` is told the
   * row's first word.
   */
  constructor(
    table: SessionTable,
    place: number,
    memory: WasmMemory,
    make: (options: MppeOptions, kernel: MppeKernel, word: number) => State,
  ) {
    this.#table = table;
    this.#place = place;
    this.#memory = memory;
    this.#make = make;
  }

  /** That of the session at `row`; undefined: it has none just now. */
  of(row: number, word: number): State | undefined {
    const serial = Atomics.load(this.#table.words, word + this.#place + Cipher.Serial);
    if (serial === 0) return undefined;
    const kept = this.#kept.get(row);
    return kept !== undefined && kept.serial === serial ? kept.state : this.#begin(row, word, serial);
  }

  /** Forgets the keys of those that are no more. To be called between batches. */
  sweep(): void {
    if (this.#kernel !== undefined) this.#kernel.batch++;
    const version = Atomics.load(this.#table.words, Header.CipherVersion);
    if (version === this.#version) return;
    this.#version = version;
    for (const [row, { serial, state }] of this.#kept) {
      const word = this.#table.rowWord(row) + this.#place + Cipher.Serial;
      if (Atomics.load(this.#table.words, word) === serial) continue;
      state.close();
      this.#kept.delete(row);
    }
  }

  #begin(row: number, word: number, serial: number): State | undefined {
    const words = this.#table.words;
    const at = word + this.#place;
    const options = Atomics.load(words, at + Cipher.Options);
    const startKey = new Uint8Array(4 * CIPHER_KEY_WORDS);
    const view = new DataView(startKey.buffer);
    for (let index = 0; index < CIPHER_KEY_WORDS; index++) {
      view.setInt32(4 * index, Atomics.load(words, at + Cipher.Key + index));
    }
    // Written anew meanwhile: what was read may be of two.
    if (Atomics.load(words, at + Cipher.Serial) !== serial) return undefined;
    const bits = (options & 0xff) as MppeOptions['bits'];
    const stateful = (options & CipherBit.Stateful) !== 0;
    this.#kernel ??= new MppeKernel(this.#memory);
    const mppc = (options & CipherBit.Mppc) !== 0;
    const state = this.#make({ bits, stateful, startKey, mppc }, this.#kernel, word);
    startKey.fill(0);
    this.#kept.get(row)?.state.close();
    this.#kept.set(row, { serial, state });
    return state;
  }
}
