// What the keys of a terminal go to.

import type { Dialogue } from './dialogue.ts';
import type { ParsedExec } from './exec-command.ts';
import type { Gate } from './gate.ts';
import type { SessionWaits } from './session-timers.ts';

export type ShellState =
  | { readonly kind: 'prompt' }
  /** A name or a password is asked for; `checking`: it has been typed. */
  | { readonly kind: 'gate' | 'checking'; readonly gate: Gate }
  | { readonly kind: 'asking'; readonly dialogue: Dialogue; readonly parsed: ParsedExec }
  /** Output of a command is still coming; `paging`: all of it has come, and some waits behind --More--. */
  | { readonly kind: 'executing' | 'paging' }
  | { readonly kind: 'configuring' }
  | { readonly kind: 'closed' };

export function waitsFor({ kind }: ShellState, takesKeys: boolean): SessionWaits {
  if (kind === 'closed') return 'closed';
  if (kind === 'gate') return 'login';
  return takesKeys ? 'typing' : 'busy';
}
