// Acknowledgments of PPTP that go alone (RFC 2637 §4.2): after half the window, or when no data has taken one along for a
// while. Those that go with data are the business of `data-header.ts`; both mark in the row what has been acknowledged.

import { GRE_FIELD, GRE_HEADER, GRE_PPP, GRE_VERSION, GreBit, GreOffset } from '../pptp/gre-header.ts';
import type { Arena } from './arena.ts';
import { Count, Flag, Row } from './layout.ts';
import { setI32, setU16 } from './packet.ts';
import type { Sender } from './sender.ts';
import type { SessionTable } from './session-table.ts';

export class Acknowledger {
  readonly #arena: Arena;
  readonly #table: SessionTable;
  readonly #sender: Sender;
  readonly #area: number;
  #used = 0;
  /** Rows that owe one: which they are, and whether a row is among them. */
  readonly #owing: Int32Array;
  readonly #isOwing: Uint8Array;
  #count = 0;
  #nextDue = 0;

  constructor(arena: Arena, table: SessionTable, sender: Sender) {
    this.#arena = arena;
    this.#table = table;
    this.#sender = sender;
    this.#area = arena.take(MAX_PACKETS * SLOT);
    this.#owing = new Int32Array(table.capacity);
    this.#isOwing = new Uint8Array(table.capacity);
  }

  /** A packet of `row` has been accepted. */
  owe(row: number, now: number): void {
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const owed = (words[word + Row.Nr]! - 1 - Atomics.load(words, word + Row.AcknowledgedByUs)) | 0;
    if (owed >= Math.max(1, (words[word + Row.LocalWindow]! || DEFAULT_WINDOW) >> 1)) this.#append(row, word);
    if (this.#isOwing[row] !== 0) return;
    this.#isOwing[row] = 1;
    this.#owing[this.#count++] = row;
    this.#table.floats[this.#table.rowFloat(row) + Count.OwedSince] = now;
    if (this.#count === 1) this.#nextDue = now + DELAY;
  }

  /** Milliseconds until an acknowledgment may have to go; -1: none is owed. */
  timeLeft(now: number): number {
    return this.#count === 0 ? -1 : Math.max(0, this.#nextDue - now);
  }

  /** Sends what is due at `now`. */
  round(now: number): void {
    if (this.#count > 0 && now >= this.#nextDue) this.#sweep(now);
    this.#flush();
  }

  #sweep(now: number): void {
    let next = now + DELAY;
    let kept = 0;
    for (let index = 0; index < this.#count; index++) {
      const row = this.#owing[index]!;
      const since = this.#table.floats[this.#table.rowFloat(row) + Count.OwedSince]!;
      if (now - since < DELAY) {
        next = Math.min(next, since + DELAY);
        this.#owing[kept++] = row;
        continue;
      }
      this.#isOwing[row] = 0;
      this.#settle(row);
    }
    this.#count = kept;
    this.#nextDue = next;
  }

  /** The row may be another session's by now, or none's. */
  #settle(row: number): void {
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const isCall = (words[word + Row.Flags]! & Flag.Gre) !== 0 && words[word + Row.Heard] !== 0;
    const received = (words[word + Row.Nr]! - 1) | 0;
    if (!isCall || received === Atomics.load(words, word + Row.AcknowledgedByUs)) return;
    if (this.#table.lookupCall(words[word + Row.Key]!) === row) this.#append(row, word);
  }

  #append(row: number, word: number): void {
    if (this.#used === MAX_PACKETS) this.#flush();
    const words = this.#table.words;
    const { octets } = this.#arena;
    const received = (words[word + Row.Nr]! - 1) | 0;
    const at = this.#area + this.#used++ * SLOT;
    setU16(octets, at + GreOffset.bits, GreBit.K | GreBit.A | GRE_VERSION);
    setU16(octets, at + GreOffset.protocol, GRE_PPP);
    setU16(octets, at + GreOffset.payloadLength, 0);
    setU16(octets, at + GreOffset.call, words[word + Row.PeerIds]!);
    setI32(octets, at + GRE_HEADER, received);
    Atomics.store(words, word + Row.AcknowledgedByUs, received);
    this.#sender.append(row, at, GRE_HEADER + GRE_FIELD, 0, 0, 0);
  }

  #flush(): void {
    if (this.#used === 0) return;
    this.#sender.flush();
    this.#used = 0;
  }
}

/** Milliseconds: some peers take half a second without an acknowledgment for a loss. */
const DELAY = 200;
/** Of a peer whose call said nothing of a window. */
const DEFAULT_WINDOW = 16;
const SLOT = 16;
const MAX_PACKETS = 64;
/** Of the arena. */
export const ACKNOWLEDGER_OCTETS = MAX_PACKETS * SLOT + 64;
