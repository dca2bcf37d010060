// The body of a block of running-config: every command of a mode says its lines, one blank further in than the line that opens it.

import type { InertLine } from '../../vpdn/configuration.ts';
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
    inert: inertUnder(configuration.inert, inside),
  };
  return mode.commands.flatMap((command) => command.lines?.(scope) ?? []).map((text) => ` ${text}`);
}

export function inertUnder(inert: readonly InertLine[], under: readonly string[]): InertLine[] {
  return inert.filter((each) => isUnder(each.under, under));
}

/** The two name the same place in the configuration. */
export function isUnder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
