// Lets others have their turn while thousands of lines are made: after so many lines the event loop goes round once, whether any
// of them was printed or a filter has taken them all; and wherever a command says that it is time.

import { setImmediate } from 'node:timers/promises';
import { TURN } from '../cli/show/turn.ts';

/** `breathe`: one round of the event loop. Stops making lines once the signal says that nobody wants them. */
export async function* paced(
  lines: Iterable<string>,
  signal: AbortSignal,
  breathe: () => Promise<unknown> = setImmediate,
): AsyncGenerator<readonly string[], void> {
  let taken: string[] = [];
  for (const line of lines) {
    if (line !== TURN) taken.push(line);
    if (line !== TURN && taken.length < LINES_A_TURN) continue;
    if (taken.length > 0) yield taken;
    taken = [];
    await breathe();
    if (signal.aborted) return;
  }
  if (taken.length > 0) yield taken;
}

/** Where each line is a row of its own, this many take 1 to 3 ms (`bench/show-rows.ts`). */
export const LINES_A_TURN = 100;
