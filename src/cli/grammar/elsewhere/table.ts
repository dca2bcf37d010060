// Inert lines written as a table: one row a line, the words, what follows them, and behind two blanks or more the help.
//
//   neighbor ...              arguments must follow; several such lines stand beside each other
//   authentication [...]      arguments may follow
//   auto-summary              none; `no auto-summary` is kept, because IOS prints it

import type { Configuration } from '../../../vpdn/configuration.ts';
import type { Command } from '../../tree.ts';
import {
  type InertBlock,
  type InertRow,
  type InertStanding,
  inertBlock,
  inertCommands,
  printedOnce,
} from '../inert.ts';

export function table(text: string, common: Partial<InertRow> = {}): InertRow[] {
  return text
    .split('\n')
    .filter((each) => each.trim() !== '')
    .map((each) => {
      const read = /^\s*(\S+(?: \S+)*?)(?: (\.\.\.|\[\.\.\.\])\s+|\s{2,})(.+)$/.exec(each);
      if (read === null) throw new Error(`not a row: ${each}`);
      const [, words, follow, help] = read;
      const row = { text: words!, help: help!, printsNo: true, ...common };
      if (follow === undefined) return row;
      return { ...row, takes: follow === '...' ? 'line' : 'optional-line', several: true };
    });
}

/** Global lines of one standing. */
export function lines(standing: InertStanding, text: string, common: Partial<InertRow> = {}): Command<Configuration>[] {
  const rows = table(text, common);
  return printedOnce(inertCommands<Configuration>(standing, rows), rows);
}

/** A block: its first words and their help, the mode it opens, and what stands in it. */
export interface BlockTable extends Partial<InertBlock> {
  readonly prompt: string;
}

export function block(
  standing: InertStanding,
  head: string,
  { prompt, ...more }: BlockTable,
  text: string,
  common: Partial<InertRow> = {},
): Command<Configuration> {
  const [{ text: words, help, takes }] = table(head) as [InertRow];
  return inertBlock<Configuration>({
    text: words,
    help,
    ...(takes === undefined ? {} : { takes }),
    standing,
    mode: words,
    prompt,
    heading: `${words} configuration commands:`,
    rows: table(text, common),
    ...more,
  });
}
