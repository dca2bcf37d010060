// The flow-control alarm of a PPTP call: packets are lost, or acknowledgments do not come, again and again
// within a short time. It means something to stateful encryption only, which has to be dropped for the stateless kind then.
// Either thread keeps a score of its own in the call's row: each trouble adds one, time takes off.

import { Flag, Row } from './layout.ts';
import type { News } from './news.ts';
import type { SessionTable } from './session-table.ts';

/** Tells it, once for the keys in force. Stateless sessions have no alarm. */
export function raiseAlarm(table: SessionTable, row: number, news: News): void {
  const { words } = table;
  const word = table.rowWord(row);
  if ((words[word + Row.Flags]! & Flag.Stateful) === 0) return;
  if (Atomics.compareExchange(words, word + Row.Alarm, 0, 1) !== 0) return;
  // Told another time, then.
  if (!news.add('flow-alarm', row)) Atomics.store(words, word + Row.Alarm, 0);
}

/** Another trouble at `now`. True: that is too many. `score`: where the score stands in `floats`, its time behind it. */
export function addTrouble(floats: Float64Array, score: number, now: number): boolean {
  const left = Math.max(0, floats[score]! - (now - floats[score + 1]!) / FORGIVEN_AFTER);
  floats[score] = left + 1;
  floats[score + 1] = now;
  return left + 1 >= TOO_MANY;
}

const TOO_MANY = 4;
/** Milliseconds. */
const FORGIVEN_AFTER = 10_000;
