// A command that ends more than one session says how many before it is carried out, and asks. Only the router knows the number.

import type { ClearTarget } from '../vpdn/events.ts';
import type { ParsedExec } from './exec-command.ts';

/** The same command, with the question before it where there is one to ask. */
export function withConcern(parsed: ParsedExec, countCleared: ((what: ClearTarget) => number) | undefined): ParsedExec {
  const { command } = parsed;
  if (command.exec !== 'clear' || parsed.dialogue !== undefined || countCleared === undefined) return parsed;
  const sessions = countCleared(command.what);
  if (sessions < 2) return parsed;
  const prompt = `This drops ${sessions} sessions. [confirm]`;
  return { ...parsed, dialogue: { questions: [{ prompt, kind: 'confirm' }], answered: () => command } };
}
