// The body of a block of running-config: every command of a mode says its lines, one blank further in than the line that opens it.

import { emptyInert, inertAt } from '../../vpdn/configuration-inert.ts';
import type { Mode, PrintScope, Scope } from '../tree.ts';

export function modeLines<Subject>(
  mode: Mode<Subject>,
  subject: Subject,
  { configuration, under }: Scope<unknown>,
  opened: string,
): string[] {
  const inside = [...under, opened];
  const scope: PrintScope<Subject> = {
    configuration,
    subject,
    under: inside,
    inert: inertAt(configuration.inert, inside) ?? emptyInert(),
  };
  return mode.commands.flatMap((command) => command.lines?.(scope) ?? []).map((text) => ` ${text}`);
}
