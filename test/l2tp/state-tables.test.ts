// RFC 2661 §7: every cell of the five state tables against the RFC's own print.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LAC_INCOMING, LAC_OUTGOING, LNS_INCOMING, LNS_OUTGOING } from '../../src/l2tp/call-tables.ts';
import { CONTROL_CONNECTION } from '../../src/l2tp/control-connection-table.ts';
import * as printed from './printed-tables.ts';

interface Table {
  lookup(state: string, event: string): { readonly actions: readonly string[]; readonly next: string } | undefined;
}

const TABLES: readonly [section: string, ours: Table, print: string, rows: number][] = [
  ['7.2.1 control connection', CONTROL_CONNECTION as Table, printed.CONTROL_CONNECTION, 16],
  ['7.4.1 LAC incoming', LAC_INCOMING as Table, printed.LAC_INCOMING, 12],
  ['7.4.2 LNS incoming', LNS_INCOMING as Table, printed.LNS_INCOMING, 10],
  ['7.5.1 LAC outgoing', LAC_OUTGOING as Table, printed.LAC_OUTGOING, 10],
  ['7.5.2 LNS outgoing', LNS_OUTGOING as Table, printed.LNS_OUTGOING, 12],
];

for (const [section, ours, print, count] of TABLES) {
  describe(`RFC 2661 §${section}`, () => {
    const rows = printed.readTable(print);

    test('the print has as many rows as the RFC', () => assert.equal(rows.length, count));

    const states = new Set(rows.flatMap((row) => [...row.states, row.next]));
    const events = new Set(rows.flatMap((row) => row.events));
    for (const state of states) {
      for (const event of events) {
        const row = rows.find((candidate) => candidate.states.includes(state) && candidate.events.includes(event));
        test(`${state}, ${event}: ${row === undefined ? 'no row' : `${row.actions.join(', ')} -> ${row.next}`}`, () => {
          const cell = ours.lookup(state, event);
          assert.deepEqual(cell && { actions: [...cell.actions], next: cell.next }, row && expected(row));
        });
      }
    }
  });
}

function expected({ actions, next }: printed.PrintedRow) {
  return { actions: [...actions], next };
}
