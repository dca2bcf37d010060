// Packets of PPTP calls that came before one they follow: kept for a moment, for networks change the order of packets, and
// what comes too late is as good as lost (RFC 2637 §4.3; RFC 3078 §7.3 loses the keys over it). Bounded in packets of one call,
// in all, in their length and in time. Memory of one handed out stays as it is until `recycle`.

import type { Arena } from './arena.ts';
import { Row } from './layout.ts';
import type { SessionTable } from './session-table.ts';

export class HeldPackets {
  /** How many wait now. */
  count = 0;
  // Of the packet handed out last; addresses of IPv6 lie in the arena.
  at = 0;
  length = 0;
  transport = 0;
  peerAddress = 0;
  localAddress = 0;
  peerIpv6At = 0;
  localIpv6At = 0;
  readonly peerPort = 0;
  readonly #arena: Arena;
  readonly #table: SessionTable;
  readonly #area: number;
  /** By row, the slot of its first packet, or -1; by slot, the one behind it. */
  readonly #first: Int32Array;
  readonly #next = new Int32Array(SLOTS);
  readonly #slots = new Int32Array(SLOTS * SLOT_WORDS);
  readonly #since = new Float64Array(SLOTS);
  /** Numbers of slots: `#free` unused ones in front. */
  readonly #pool = Int32Array.from({ length: SLOTS }, (_, slot) => slot);
  readonly #released = new Int32Array(SLOTS);
  #free = SLOTS;
  #releasedCount = 0;
  /** No packet has waited since before this. */
  #oldest = 0;

  constructor(arena: Arena, table: SessionTable) {
    this.#arena = arena;
    this.#table = table;
    this.#area = arena.take(SLOTS * SLOT_SIZE);
    this.#first = new Int32Array(table.capacity).fill(-1);
  }

  has(row: number): boolean {
    return this.count > 0 && this.#first[row]! >= 0;
  }

  /** Keeps the packet with `sequence` that came as `origin` says. */
  hold(row: number, sequence: number, at: number, length: number, origin: Origin, now: number): Held {
    if (length > MAX_LENGTH || this.#free === 0) return Held.Refused;
    let before = -1;
    let after = this.#first[row]!;
    let waiting = 0;
    for (; after >= 0; after = this.#next[after]!) {
      const ahead = (sequence - this.#slots[after * SLOT_WORDS + S.Sequence]!) | 0;
      if (ahead === 0) return Held.Already;
      if (ahead > 0) before = after;
      waiting++;
    }
    if (waiting >= MAX_OF_A_CALL) return Held.Refused;
    const slot = this.#pool[--this.#free]!;
    this.#fill(slot, row, sequence, at, length, origin);
    this.#since[slot] = now;
    if (this.count === 0) this.#oldest = now;
    this.count++;
    this.#next[slot] = before < 0 ? this.#first[row]! : this.#next[before]!;
    if (before < 0) this.#first[row] = slot;
    else this.#next[before] = slot;
    return Held.Kept;
  }

  /** Hands out the first packet of `row` if it is the one expected by now. */
  takeNext(row: number): boolean {
    const slot = this.#first[row]!;
    if (slot < 0) return false;
    const ahead = this.#slots[slot * SLOT_WORDS + S.Sequence]! - this.#table.words[this.#table.rowWord(row) + Row.Nr]!;
    if ((ahead | 0) > 0) return false;
    this.#take(row, slot);
    return true;
  }

  /** Hands out the first packet of `row` if it comes before `sequence`, whatever is missing before it. */
  takeBefore(row: number, sequence: number): boolean {
    const slot = this.#first[row]!;
    if (slot < 0 || ((this.#slots[slot * SLOT_WORDS + S.Sequence]! - sequence) | 0) >= 0) return false;
    this.#take(row, slot);
    return true;
  }

  /** The same, whatever comes behind it; false: there is none. */
  takeFirst(row: number): boolean {
    const slot = this.#first[row]!;
    if (slot < 0) return false;
    this.#take(row, slot);
    return true;
  }

  /** A row whose first packet has waited long enough at `now`, or -1. */
  expired(now: number): number {
    if (this.count === 0 || now - this.#oldest < PATIENCE) return -1;
    let oldest = now;
    for (let slot = 0; slot < SLOTS; slot++) {
      const row = this.#slots[slot * SLOT_WORDS + S.Row]! - 1;
      if (row < 0) continue;
      if (now - this.#since[slot]! >= PATIENCE) return row;
      oldest = Math.min(oldest, this.#since[slot]!);
    }
    this.#oldest = oldest;
    return -1;
  }

  /** Milliseconds until something may expire; -1: nothing waits. */
  timeLeft(now: number): number {
    return this.count === 0 ? -1 : Math.max(0, this.#oldest + PATIENCE - now);
  }

  /** Nobody needs the memory of those handed out any more. */
  recycle(): void {
    for (let index = 0; index < this.#releasedCount; index++) this.#pool[this.#free++] = this.#released[index]!;
    this.#releasedCount = 0;
  }

  #fill(slot: number, row: number, sequence: number, at: number, length: number, origin: Origin): void {
    const { octets } = this.#arena;
    const record = slot * SLOT_WORDS;
    const target = this.#area + slot * SLOT_SIZE;
    this.#slots[record + S.Row] = row + 1;
    this.#slots[record + S.Sequence] = sequence;
    this.#slots[record + S.Length] = length;
    this.#slots[record + S.Transport] = origin.transport;
    this.#slots[record + S.PeerAddress] = origin.peerAddress;
    this.#slots[record + S.LocalAddress] = origin.localAddress;
    octets.copyWithin(target, origin.peerIpv6At, origin.peerIpv6At + IPV6);
    octets.copyWithin(target + IPV6, origin.localIpv6At, origin.localIpv6At + IPV6);
    octets.copyWithin(target + PACKET, at, at + length);
  }

  #take(row: number, slot: number): void {
    const record = slot * SLOT_WORDS;
    const from = this.#area + slot * SLOT_SIZE;
    this.#first[row] = this.#next[slot]!;
    this.count--;
    this.#released[this.#releasedCount++] = slot;
    this.at = from + PACKET;
    this.length = this.#slots[record + S.Length]!;
    this.transport = this.#slots[record + S.Transport]!;
    this.peerAddress = this.#slots[record + S.PeerAddress]!;
    this.localAddress = this.#slots[record + S.LocalAddress]!;
    this.peerIpv6At = from;
    this.localIpv6At = from + IPV6;
    this.#slots[record + S.Row] = 0;
  }
}

/** Where a packet came from and to: what `Receiver` and `HeldPackets` know of the one they gave last. */
export interface Origin {
  readonly transport: number;
  readonly peerPort: number;
  readonly peerAddress: number;
  readonly localAddress: number;
  readonly peerIpv6At: number;
  readonly localIpv6At: number;
}

export const Held = {
  Kept: 0,
  /** There is one with this number. */
  Already: 1,
  /** Too long, or too many. */
  Refused: 2,
} as const;
export type Held = (typeof Held)[keyof typeof Held];

const SLOTS = 512;
const MAX_OF_A_CALL = 16;
/** Milliseconds. What the network has overtaken comes within a few; what was lost never. */
const PATIENCE = 50;
const IPV6 = 16;
/** Of a slot: both addresses if they are of IPv6, then the packet. */
const PACKET = 2 * IPV6;
const MAX_LENGTH = 2048 - PACKET;
const SLOT_SIZE = 2048;
/** Of the arena. */
export const HELD_OCTETS = SLOTS * SLOT_SIZE + 64;
const SLOT_WORDS = 8;
// biome-ignore format: one record
const S = { Row: 0, Sequence: 1, Length: 2, Transport: 3, PeerAddress: 4, LocalAddress: 5 } as const;
