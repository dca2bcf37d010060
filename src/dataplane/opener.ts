// MPPE and MPPC on the way in (RFC 3078, RFC 2118), in the one thread that receives the datagrams of all sessions.

import { MppeReceiver } from '../ppp/mppe.ts';
import { MppeRefusal } from '../ppp/mppe-header.ts';
import type { WasmMemory } from '../wire/webassembly.ts';
import { Ciphers } from './ciphers.ts';
import { Count, Row } from './layout.ts';
import type { News } from './news.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class Opener {
  /** Where the frame lies whose length `open` gave. There are `FRONT` octets before it that may be written to. */
  frameAt = 0;
  /** Why `open` gave none. */
  refusal: Verdict = Verdict.Unopened;
  readonly #table: SessionTable;
  readonly #news: News;
  readonly #ciphers: Ciphers<MppeReceiver>;
  readonly #rooms: number;
  #used = 0;

  /** `memory`: where the packets are, and at `rooms` `OPENER_OCTETS` for what is decompressed. */
  constructor(table: SessionTable, memory: WasmMemory, rooms: number, news: News) {
    this.#table = table;
    this.#rooms = rooms;
    this.#news = news;
    this.#ciphers = new Ciphers(
      table,
      Row.ReceiveCipher,
      memory,
      (options, kernel) => new MppeReceiver(options, MRU, kernel),
    );
  }

  /** `recycle` is due before the next packet. */
  get isFull(): boolean {
    return this.#used === ROOMS;
  }

  /** Nobody needs what was opened any more. */
  recycle(): void {
    this.#used = 0;
  }

  /** What came behind the protocol 00FD; the length of the frame in it, or -1. */
  open(row: number, word: number, at: number, length: number, now: number): number {
    const receiver = this.#ciphers.of(row, word);
    this.refusal = Verdict.Unopened;
    if (receiver === undefined) return -1;
    const room = this.#rooms + this.#used * ROOM + FRONT;
    const opened = receiver.open(at, length, room);
    const { floats, words } = this.#table;
    const float = this.#table.rowFloat(row);
    floats[float + Count.Opened] = receiver.packets;
    floats[float + Count.ReceivedKeyChanges] = receiver.keyChanges;
    floats[float + Count.Unopened] = receiver.dropped;
    floats[float + Count.OpenedLate] = receiver.outOfOrder;
    floats[float + Count.OpenedMissed] = receiver.missed;
    words[word + Row.ReceivedCoherency] = receiver.nextCoherency;
    if (opened < 0) {
      this.refusal = verdictOf(opened as MppeRefusal);
      if (receiver.needsReset) this.#tell(row, float, now);
      return -1;
    }
    // What is lost after this is a loss of its own, to be told at once.
    if (floats[float + Count.LossToldAt] !== 0) floats[float + Count.LossToldAt] = 0;
    this.frameAt = receiver.frameAt;
    if (this.frameAt === room) this.#used++;
    return opened;
  }

  /** To be called between batches. */
  sweep(): void {
    this.#ciphers.sweep();
  }

  /** RFC 3078 §8.2: a Reset-Request, and again while it is not answered. */
  #tell(row: number, float: number, now: number): void {
    const { floats } = this.#table;
    const told = floats[float + Count.LossToldAt]!;
    if (told > 0 && now - told < REPEAT) return;
    if (!this.#news.add('compression-lost', row)) return;
    floats[float + Count.LossToldAt] = now;
    floats[float + Count.LossesTold]! += 1;
  }
}

function verdictOf(refusal: MppeRefusal): Verdict {
  switch (refusal) {
    case MppeRefusal.OldCount:
      return Verdict.SealedLate;
    case MppeRefusal.LostSynchronism:
      return Verdict.Unsynchronized;
    case MppeRefusal.NotEncrypted:
      return Verdict.ClearText;
    default:
      return Verdict.Unopened;
  }
}

/** What a decompressed packet may have, octets: no MRU of ours is larger, and MPPC itself knows no more than 8192. */
const MRU = 4096;
/** Room for the header of whatever tunnel, before a frame that goes up to the control thread. */
export const FRONT = 64;
const ROOM = FRONT + MRU + 64;
const ROOMS = 64;
export const OPENER_OCTETS = ROOMS * ROOM;
/** Milliseconds. */
const REPEAT = 1000;
