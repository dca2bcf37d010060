// Every drop counts in two places: in all, and at its session if that is known. Any thread may drop anything, so these are the
// counters that have more than one writer: two words each, for what can be added atomically is a word.

import { Count, DROPS_FLOAT } from './layout.ts';
import type { SessionTable } from './session-table.ts';
import { FIRST_DROP, type Verdict } from './verdict.ts';

export function countDrops(table: SessionTable, row: number, verdict: Verdict, packets: number): void {
  const reason = verdict - FIRST_DROP;
  add(table.words, DROPS_FLOAT + reason, packets);
  if (row >= 0) add(table.words, table.rowFloat(row) + Count.Drops + reason, packets);
}

/** `float`: where a counter is. */
export function readDrops(words: Int32Array, float: number): number {
  const at = 2 * float;
  for (;;) {
    const high = Atomics.load(words, at + 1);
    const low = Atomics.load(words, at) >>> 0;
    // A carry between the two loads: once in four thousand million drops.
    if (Atomics.load(words, at + 1) === high) return (high >>> 0) * WORD + low;
  }
}

function add(words: Int32Array, float: number, packets: number): void {
  const low = Atomics.add(words, 2 * float, packets) >>> 0;
  if (low + packets >= WORD) Atomics.add(words, 2 * float + 1, 1);
}

const WORD = 0x1_0000_0000;
