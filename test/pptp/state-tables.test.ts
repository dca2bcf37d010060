// RFC 2637 §3: every state and event of the six tables against the arrows that the RFC draws.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CALL_TABLES } from '../../src/pptp/call-tables.ts';
import { ORIGINATOR, RECEIVER } from '../../src/pptp/control-connection-table.ts';
import * as drawn from './drawings.ts';

interface Table {
  lookup(state: string, event: string): { readonly actions: readonly string[]; readonly next: string } | undefined;
}

const { CONNECTION_WORDS, CALL_WORDS } = drawn;
const TABLES: readonly [section: string, ours: Table, drawing: string, words: drawn.Words, arrows: number][] = [
  ['3.1.1 originator', ORIGINATOR as Table, drawn.ORIGINATOR, CONNECTION_WORDS, 7],
  ['3.1.2 receiver', RECEIVER as Table, drawn.RECEIVER, CONNECTION_WORDS, 5],
  ['3.2.3.1 PAC incoming', CALL_TABLES['PAC-incoming'] as Table, drawn.PAC_INCOMING, CALL_WORDS, 5],
  ['3.2.3.2 PNS incoming', CALL_TABLES['PNS-incoming'] as Table, drawn.PNS_INCOMING, CALL_WORDS, 7],
  ['3.2.4.1 PAC outgoing', CALL_TABLES['PAC-outgoing'] as Table, drawn.PAC_OUTGOING, CALL_WORDS, 6],
  ['3.2.4.2 PNS outgoing', CALL_TABLES['PNS-outgoing'] as Table, drawn.PNS_OUTGOING, CALL_WORDS, 7],
];

for (const [section, ours, drawing, words, count] of TABLES) {
  describe(`RFC 2637 §${section}`, () => {
    const arrows = drawn.readArrows(drawing, words);
    test('as many arrows as the drawing has', () => assert.equal(arrows.length, count));

    for (const state of new Set(arrows.flatMap(({ from, to }) => [from, to]))) {
      for (const event of new Set(Object.values(words.events))) {
        const arrow = arrows.find(({ from, events }) => from === state && events.includes(event));
        const what = arrow === undefined ? 'no arrow' : `${arrow.actions.join(', ')} -> ${arrow.to}`;
        test(`${state}, ${event}: ${what}`, () => {
          const cell = ours.lookup(state, event);
          assert.deepEqual(
            cell && { actions: [...cell.actions], next: cell.next },
            arrow && { actions: [...arrow.actions], next: arrow.to },
          );
        });
      }
    }
  });
}
