// The command catalogue: every command of the IOS language that has to do with what this router does, C001 to C177, each with
// forms as a person would type them. What becomes of a form is not claimed here: it is found out by parsing it.

import { emptyConfiguration } from '../../vpdn/configuration.ts';
import type { Standing } from '../../vpdn/standing.ts';
import { ConfigError } from '../../wire/errors.ts';
import { applyLine, GLOBAL_MODES } from '../configure.ts';
import { PRIVILEGED } from '../grammar/exec/definition.ts';
import { execBeginnings } from '../grammar/exec.ts';
import { match } from '../match.ts';
import type { Entry } from '../tree.ts';
import { AAA_ENTRIES } from './aaa.ts';
import { CLASS_ENTRIES } from './classes.ts';
import { type CatalogueEntry, type CatalogueMode, MODES } from './entry.ts';
import { GENERAL_ENTRIES } from './general.ts';
import { INTERFACE_ENTRIES } from './interface.ts';
import { OPERATE_ENTRIES } from './operate.ts';
import { SHOW_ENTRIES } from './show.ts';
import { VPDN_ENTRIES } from './vpdn.ts';

export const CATALOGUE: readonly CatalogueEntry[] = [
  ...GENERAL_ENTRIES,
  ...CLASS_ENTRIES,
  ...VPDN_ENTRIES,
  ...INTERFACE_ENTRIES,
  ...AAA_ENTRIES,
  ...SHOW_ENTRIES,
  ...OPERATE_ENTRIES,
];

/** What came of typing a form. */
export type FormStanding = Standing | { readonly class: 'error'; readonly message: string };

export interface TriedForm {
  readonly mode: CatalogueMode;
  readonly form: string;
  readonly standing: FormStanding;
  /** The entries that the command it was taken for says it belongs to. */
  readonly entries: readonly Entry[];
}

export function tryForms({ mode, forms }: CatalogueEntry): TriedForm[] {
  return forms.map((text) => {
    const [, other, form] = /^([\w-]+): (.*)$/.exec(text) ?? ['', undefined, text];
    const where = (other ?? mode) as CatalogueMode;
    return { mode: where, form, ...(MODES[where] === undefined ? tryExec(form) : tryLine(MODES[where], form)) };
  });
}

function tryExec(form: string): Pick<TriedForm, 'standing' | 'entries'> {
  const found = match(execBeginnings(PRIVILEGED), form);
  if (found.result !== 'match') return { standing: { class: 'error', message: found.result }, entries: [] };
  return { standing: found.owner.standing ?? { class: 'honoured' }, entries: found.owner.entries };
}

function tryLine(context: readonly string[], form: string): Pick<TriedForm, 'standing' | 'entries'> {
  const configuration = emptyConfiguration();
  let modes = GLOBAL_MODES;
  for (const line of [...context, form]) {
    const applied = applyLine(configuration, modes, line);
    if (applied instanceof ConfigError) {
      return { standing: { class: 'error', message: `${line}: ${applied.message}` }, entries: [] };
    }
    modes = applied.modes;
    if (line !== form) continue;
    return { standing: applied.standing?.() ?? { class: 'honoured' }, entries: applied.entries ?? [] };
  }
  throw new Error('a form is always tried');
}
