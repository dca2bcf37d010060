// Every drop counts in two places: in all, and at its session if that is known.

import { addDrops } from './drop-counter.ts';
import { Count, DROPS_FLOAT } from './layout.ts';
import type { SessionTable } from './session-table.ts';
import { FIRST_DROP, type Verdict } from './verdict.ts';

export function countDrops(table: SessionTable, row: number, verdict: Verdict, packets: number): void {
  const reason = verdict - FIRST_DROP;
  addDrops(table.words, DROPS_FLOAT + reason, packets);
  if (row >= 0) addDrops(table.words, table.rowFloat(row) + Count.Drops + reason, packets);
}
