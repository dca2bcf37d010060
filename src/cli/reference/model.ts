// The command reference as data, from the definitions the parser works with: a page a mode, an entry a command. What prints it
// stands beside this file: pages in Markdown, and the manual vpdn-config(5).

import { EXEC } from '../grammar/exec.ts';
import { MODES } from '../grammar/modes.ts';
import type { Entry } from '../tree.ts';
import { describe, formatSyntax, headOf } from './syntax-text.ts';

export interface ReferencePage {
  /** `l2tp-class`: what a file of it is called. */
  readonly name: string;
  readonly title: string;
  readonly prompt: string;
  /** In alphabetical order. */
  readonly commands: readonly ReferenceCommand[];
}

export interface ReferenceCommand {
  /** The words it begins with. */
  readonly head: string;
  /** Its syntax, then that of its `no`. */
  readonly forms: readonly string[];
  /** A sentence: default, limits, what is special here; empty where there is nothing to say. */
  readonly about: string;
  /** Each word and placeholder with its help. */
  readonly words: readonly (readonly [token: string, help: string])[];
  readonly entries: readonly Entry[];
}

/** EXEC first, then the configuration modes from the outermost in. */
export function referencePages(): ReferencePage[] {
  const exec = EXEC.map(({ syntax, entries }): ReferenceCommand => {
    return { head: headOf(syntax), forms: [formatSyntax(syntax)], about: '', words: describe(syntax), entries };
  });
  const modes = MODES.map(({ name, heading, prompt, commands }): ReferencePage => {
    const all = commands.map(({ syntax, negative, unset, about, entries }): ReferenceCommand => {
      const form = formatSyntax(syntax);
      const forms = unset === undefined ? [form] : [form, `no ${formatSyntax(negative)}`];
      return { head: headOf(syntax), forms, about, words: describe(syntax), entries };
    });
    return { name, title: titleOf(heading), prompt: `HOST(${prompt})#`, commands: sorted(all) };
  });
  return [{ name: 'exec', title: 'Exec commands', prompt: 'HOST#', commands: sorted(exec) }, ...modes];
}

function titleOf(heading: string): string {
  return heading.replace(/:$/, '');
}

function sorted(commands: readonly ReferenceCommand[]): ReferenceCommand[] {
  return [...commands].sort((a, b) => {
    const [first, second] = [a.forms[0]!, b.forms[0]!];
    return first < second ? -1 : first > second ? 1 : 0;
  });
}
