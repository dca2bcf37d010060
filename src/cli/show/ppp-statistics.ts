// `show ppp statistics` (C152): three blocks, and of each only the rows where something was counted.

import type { RouterView } from '../../vpdn/view.ts';
import { tableRow } from './table.ts';

export function* showPppStatistics({ pppStatistics }: RouterView): Generator<string> {
  const { counters = [], links = [], disconnects = [] } = pppStatistics ?? {};
  yield* block(
    'PPP Statistic',
    ['TOTAL', 'SINCE CLEARED'],
    counters.map(({ number, text, total, sinceCleared }) => {
      return [number, text, total, sinceCleared] as const;
    }),
  );
  yield* block(
    'PPP MIB Counters',
    ['PEAK', 'CURRENT'],
    links.map(({ number, text, peak, current }) => {
      return [number, text, peak, current] as const;
    }),
  );
  yield* block(
    'PPP Disconnect Reason',
    ['TOTAL', 'SINCE CLEARED'],
    disconnects.map((each) => {
      return [each.number, each.text, each.total, each.sinceCleared] as const;
    }),
  );
}

function* block(
  title: string,
  columns: readonly [string, string],
  rows: readonly (readonly [number: number, text: string, first: number, second: number])[],
): Generator<string> {
  yield tableRow(WIDTHS, ['Type', title, ...columns]);
  for (const [number, text, first, second] of rows) {
    if (first !== 0 || second !== 0) yield tableRow(WIDTHS, [String(number), text, String(first), String(second)]);
  }
  yield '';
}

const WIDTHS = [5, 44, 11];
