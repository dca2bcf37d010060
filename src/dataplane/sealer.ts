// MPPE and MPPC on the way out (RFC 3078, RFC 2118). The thread that has it sends all datagrams of all sessions, in the order
// in which it sealed them.

import { MppeSender } from '../ppp/mppe.ts';
import type { WasmMemory } from '../wire/webassembly.ts';
import { Ciphers } from './ciphers.ts';
import { Count, Row } from './layout.ts';
import type { SessionTable } from './session-table.ts';

export class Sealer {
  readonly #table: SessionTable;
  readonly #ciphers: Ciphers<Sealing>;

  /** `memory`: where the packets are. */
  constructor(table: SessionTable, memory: WasmMemory) {
    this.#table = table;
    this.#ciphers = new Ciphers(table, Row.SendCipher, memory, (options, kernel, word) => {
      // What the peer asked for before is done with by these keys.
      return new Sealing(new MppeSender(options, kernel), table.words[word + Row.CompressionFlushes]!);
    });
  }

  /** The frame at `at` becomes a sealed one at `at - SEAL_ROOM`, of so many octets; negative: it must not be sent. */
  seal(row: number, at: number, length: number): number {
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const sealing = this.#ciphers.of(row, word);
    if (sealing === undefined) return -1;
    const { sender } = sealing;
    const flushes = words[word + Row.CompressionFlushes]!;
    if (flushes !== sealing.flushes) {
      sealing.flushes = flushes;
      sender.flushNext();
    }
    const sealed = sender.seal(at, length);
    const { floats } = this.#table;
    const float = this.#table.rowFloat(row);
    floats[float + Count.Sealed] = sender.packets;
    floats[float + Count.SentKeyChanges] = sender.keyChanges;
    floats[float + Count.FlushesSent] = sender.resets;
    words[word + Row.SentCoherency] = sender.nextCoherency;
    return sealed;
  }

  /** To be called between batches. */
  sweep(): void {
    this.#ciphers.sweep();
  }
}

class Sealing {
  readonly sender: MppeSender;
  /** `Row.CompressionFlushes` as it was seen last. */
  flushes: number;

  constructor(sender: MppeSender, flushes: number) {
    this.sender = sender;
    this.flushes = flushes;
  }

  close(): void {
    this.sender.close();
  }
}
