// Lines that mean something on a router of metal and nothing here. They are kept and printed again, each with the reason why
// it does nothing, so that a pasted configuration loads and nobody is led to believe that it took effect.

import type { Configuration } from '../../vpdn/configuration.ts';
import { dropInertBlock, type InertLine, inertAt, keepInert } from '../../vpdn/configuration-inert.ts';
import { encryptLine } from '../secret-line.ts';
import { line, type Node, optional, type Part, sequence, words, wordsInFull } from '../syntax.ts';
import {
  type Command,
  definer,
  type Entry,
  entered,
  type Mode,
  type Outcome,
  type Scope,
  withoutEffect,
} from '../tree.ts';
import { modeLines } from './mode-lines.ts';
import { exitCommand } from './setting.ts';

export type InertStanding = InertLine['standing'];

export interface InertRow {
  readonly text: string;
  readonly help: string;
  /** What follows the words; nothing if absent. */
  readonly takes?: 'line' | 'optional-line';
  /** Several lines that begin alike stand beside each other. */
  readonly several?: boolean;
  /** `no …` is a line of its own, because the feature is on where nothing is said. */
  readonly printsNo?: boolean;
  /** The list it is printed with, where the order among several commands matters: `permit` and `deny`. */
  readonly among?: string;
  /** Where it differs from that of the rows around it. */
  readonly standing?: InertStanding;
  /** What its `no` comes to, if that is a loss as well: `no ip routing`. */
  readonly negated?: InertStanding;
  readonly entries?: readonly Entry[];
}

export function inertCommands<S>(
  standing: InertStanding,
  rows: readonly InertRow[],
  when?: (key: string) => boolean,
): Command<S>[] {
  return rows.map((row) => {
    const tail: Node[] = row.takes === undefined ? [] : [row.takes === 'line' ? REST : optional(REST)];
    return inertCommand<S>({ standing, ...row, tail, say: ({ rest }) => rest as string | undefined, when });
  });
}

/** An inert line whose arguments are checked and completed like those of any other. */
export interface InertCommand extends InertRow {
  readonly standing: InertStanding;
  readonly tail: readonly Node[];
  /** The arguments as running-config writes them. */
  readonly say: (captured: Readonly<Record<string, unknown>>) => string | undefined;
  readonly when?: ((key: string) => boolean) | undefined;
  /** Said when it is typed: for what somebody could rely on. */
  readonly warning?: string;
}

export function inertCommand<S>(row: InertCommand): Command<S> {
  const textOf = (captured: unknown) => {
    const rest = row.say(captured as Readonly<Record<string, unknown>>);
    return rest === undefined ? row.text : `${row.text} ${rest}`;
  };
  return definer<S>()({
    path: [
      row.takes === undefined ? words(row.text, row.help) : wordsInFull(row.text, row.help),
      sequence(...row.tail),
    ],
    set: (scope, captured) => {
      const text = textOf(captured);
      if (row.several !== true) drop(scope, row, text);
      else inertAt(scope.configuration.inert, scope.under)?.rows.get(listOf(row))?.delete(`no ${text}`);
      keep(scope, row, text);
      return row.warning === undefined ? undefined : { outcome: 'warned', message: row.warning };
    },
    unset: (scope, captured) => {
      const text = textOf(captured);
      // Of lines that stand beside each other the one is taken away, or, where there is none, denied.
      const gone = drop(scope, row, text);
      if (row.printsNo === true && !(row.several === true && gone)) keep(scope, row, `no ${text}`);
    },
    reset: (scope, captured) => {
      drop(scope, row, textOf(captured));
    },
    lines: ({ inert }) => [...(inert.rows.get(listOf(row))?.values() ?? [])].flatMap(({ text }) => text.split('\n')),
    ...(row.when === undefined ? {} : { when: row.when }),
    standing: row.standing,
    negated: negatedOf(row),
    entries: row.entries ?? [],
    about: aboutOf(row.standing),
  });
}

export interface InertBlock {
  readonly text: string;
  readonly help: string;
  readonly takes?: 'line' | 'optional-line';
  /** Instead, arguments that are checked, captured under `said`. */
  readonly tail?: readonly Node[];
  readonly standing: InertStanding;
  readonly entries?: readonly Entry[];
  /** Which of its lines open the mode, where others are whole: `ip sla 1`, but not `ip sla schedule 1 …`. */
  readonly opens?: RegExp;
  readonly among?: string;
  readonly mode: string;
  readonly prompt: string;
  readonly heading: string;
  readonly rows: readonly InertRow[];
  /** What the mode has besides rows: blocks of its own, texts. */
  readonly commands?: readonly Command<Configuration>[];
  /** The line that IOS closes it with: `exit-address-family`. */
  readonly closing?: string;
}

/** A line that opens a mode in which every line is inert. */
export function inertBlock<S>(block: InertBlock): Command<S> {
  const mode: Mode<Configuration> = {
    name: block.mode,
    prompt: block.prompt,
    heading: block.heading,
    find: (configuration) => configuration,
    commands: [
      exitCommand(`${block.mode} configuration`),
      ...(block.closing === undefined ? [] : [closing(block.closing, block.mode)]),
      ...printedOnce(inertCommands<Configuration>(block.standing, block.rows), block.rows),
      ...(block.commands ?? []),
    ],
  };
  const rest: Node[] = block.takes === undefined ? [] : [block.takes === 'line' ? REST : optional(REST)];
  const tail = block.tail ?? rest;
  const list = block.among ?? block.text;
  return definer<S>()({
    path: [words(block.text, block.help), sequence(...tail)],
    set: (scope, captured): Outcome => {
      const text = withRest(block.text, captured);
      const { configuration, under } = scope;
      if (inertAt(configuration.inert, under)?.rows.get(list)?.has(text) !== true)
        keep(scope, { ...block, text }, text, list);
      return block.opens?.test(text) === false ? undefined : entered(mode, text, text);
    },
    unset: (scope, captured) => {
      const { configuration, under } = scope;
      const text = withRest(block.text, captured);
      const opened = inertAt(configuration.inert, under)?.rows.get(list);
      for (const each of beginningWith(opened, text)) {
        opened?.delete(each);
        dropInertBlock(configuration.inert, under, each);
      }
    },
    lines: (scope) => {
      const opened = [...(scope.inert.rows.get(list)?.values() ?? [])];
      return opened.flatMap(({ text }) => {
        if (block.opens?.test(text) === false) return [text];
        const inside = modeLines(mode, scope.configuration, scope, text);
        return [text, ...inside, ...(block.closing === undefined ? ['!'] : [` ${block.closing}`])];
      });
    },
    standing: block.standing,
    negated: negatedOf(block),
    entries: block.entries ?? [],
    about: aboutOf(block.standing),
  });
}

/** A line that begins with an argument: the sequence number of a rule, an address of a group. */
export function inertEntry<S>(
  first: Part<{ first: string | number }>,
  row: InertRow & { standing: InertStanding },
): Command<S> {
  return definer<S>()({
    path: [first, optional(REST)],
    keep: 1,
    set: (scope, captured) => keep(scope, row, entryText(captured)),
    unset: ({ configuration, under }, captured) => {
      const there = inertAt(configuration.inert, under)?.rows.get(listOf(row));
      for (const each of beginningWith(there, entryText(captured))) there!.delete(each);
    },
    lines: ({ inert }) => [...(inert.rows.get(listOf(row))?.values() ?? [])].map(({ text }) => text),
    standing: row.standing,
    negated: negatedOf(row),
    about: aboutOf(row.standing),
  });
}

/** Lines of their own up to one with `delimiter`: a certificate. */
export interface InertText extends InertRow {
  readonly standing: InertStanding;
  readonly delimiter: string;
  /** What its lines look like: any other ends it, with an error. */
  readonly body: RegExp;
}

export function inertText<S>(row: InertText): Command<S> {
  const all = { ...row, several: true };
  return definer<S>()({
    path: [
      words(row.text, row.help),
      ...(row.takes === undefined ? [] : [row.takes === 'line' ? REST : optional(REST)]),
    ],
    set: ({ under }, captured) => ({
      outcome: 'text',
      delimiter: row.delimiter,
      body: row.body,
      begun: '',
      store: ({ configuration }, body) => {
        const inside = body.split('\n').map((each) => ` ${each.trim()}`);
        const text = [withRest(row.text, captured), ...inside.slice(1, -1), ` ${row.delimiter}`].join('\n');
        keep({ configuration, subject: undefined, under }, all, text);
      },
    }),
    unset: ({ configuration, under }, captured) => {
      const texts = inertAt(configuration.inert, under)?.rows.get(listOf(row));
      for (const each of beginningWith(texts, withRest(row.text, captured))) texts?.delete(each);
    },
    lines: ({ inert }) => [...(inert.rows.get(listOf(row))?.values() ?? [])].flatMap(({ text }) => text.split('\n')),
    standing: row.standing,
    negated: negatedOf(row),
    entries: row.entries ?? [],
    about: aboutOf(row.standing),
  });
}

/** A text between two delimiters of its own, over several lines or on one: what a login says. */
export function inertDelimited<S>(row: InertRow & { readonly standing: InertStanding }): Command<S> {
  return definer<S>()({
    path: [words(row.text, row.help), line('text', "c text c, where 'c' is a delimiting character")],
    keep: 1,
    set: ({ under }, { text }) => {
      const delimiter = text.startsWith(CTRL_C) ? CTRL_C : text.slice(0, 1);
      return {
        outcome: 'text',
        delimiter,
        begun: text.slice(delimiter.length),
        store: ({ configuration }, body) => {
          const scope = { configuration, subject: undefined, under };
          drop(scope, row, row.text);
          keep(scope, row, `${row.text} ${CTRL_C}${body.replaceAll(CTRL_C, '')}${CTRL_C}`);
        },
      };
    },
    unset: (scope) => {
      drop(scope, row, row.text);
    },
    lines: ({ inert }) => [...(inert.rows.get(listOf(row))?.values() ?? [])].flatMap(({ text }) => text.split('\n')),
    standing: row.standing,
    negated: negatedOf(row),
    entries: row.entries ?? [],
    about: aboutOf(row.standing),
  });
}

/** Rows that share a list print it once, at the place of the first. */
export function printedOnce<S>(commands: readonly Command<S>[], rows: readonly InertRow[]): Command<S>[] {
  const seen = new Set<string>();
  return commands.map((command, index) => {
    const list = listOf(rows[index]!);
    if (!seen.has(list)) {
      seen.add(list);
      return command;
    }
    const { lines: _, ...silent } = command;
    return silent;
  });
}

function entryText(captured: unknown): string {
  const { first, rest } = captured as { first: string | number; rest?: string };
  return rest === undefined ? String(first) : `${first} ${rest}`;
}

function closing(word: string, mode: string): Command<Configuration> {
  return definer<Configuration>()({
    path: [words(word, `Exit from ${mode} configuration mode`)],
    set: () => ({ outcome: 'left' }),
  });
}

function aboutOf({ class: kind, why }: InertStanding): string {
  return `${kind === 'without-effect' ? 'No effect here' : 'Not supported'}: ${why}.`;
}

/** What is not there is off already. */
function negatedOf({ standing, negated }: Pick<InertRow, 'standing' | 'negated'>): InertStanding {
  if (negated !== undefined) return negated;
  return standing === undefined || standing.class === 'not-supported' ? NOT_THERE : standing;
}

type Kept = Pick<InertRow, 'text' | 'among' | 'standing' | 'negated'>;

function keep({ configuration, under }: Scope<unknown>, row: Kept, text: string, list = listOf(row)): void {
  const standing = text.startsWith('no ') ? negatedOf(row) : (row.standing ?? NOT_THERE);
  const kept = configuration.services.passwordEncryption ? encryptLine(text, under) : text;
  keepInert(configuration.inert, list, { under: [...under], text: kept, standing });
}

/** Takes away what a new line of the same kind replaces, `no` forms too. True if a line was there that `text` takes back. */
function drop({ configuration, under }: Scope<unknown>, row: InertRow, text: string): boolean {
  const there = inertAt(configuration.inert, under)?.rows.get(listOf(row));
  if (there === undefined) return false;
  if (row.several !== true) {
    if (row.among === undefined) there.clear();
    else for (const each of beginningWith(there, row.text)) there.delete(each);
    return true;
  }
  there.delete(`no ${text}`);
  if (there.delete(text)) return true;
  // `no access-list 10` takes the whole list away.
  // Looked for in lists of a length that people write: a file of a hundred thousand lines is not to be searched for each.
  if (there.size > MOST_SEARCHED || text.slice(row.text.length).trim().includes(' ')) return false;
  const all = beginningWith(there, text);
  for (const each of all) there.delete(each);
  return all.length > 0;
}

function beginningWith(lines: ReadonlyMap<string, InertLine> | undefined, words: string): string[] {
  return [...(lines?.keys() ?? [])].filter((text) => startsWith(text.replace(/^no /, ''), words));
}

function startsWith(text: string, words: string): boolean {
  return text === words || text.startsWith(`${words} `) || text.startsWith(`${words}\n`);
}

function listOf({ text, among }: Pick<InertRow, 'text' | 'among'>): string {
  return among ?? text;
}

function withRest(text: string, captured: unknown): string {
  const { rest, said } = captured as { rest?: string; said?: readonly string[] };
  return [text, ...(rest === undefined ? [] : [rest]), ...(said ?? [])].join(' ');
}

/** Ctrl-C as running-config writes it. */
const CTRL_C = '^C';
const MOST_SEARCHED = 2000;
const REST = line('rest', 'The rest of the line');
const NOT_THERE = withoutEffect('it is off here in any case');
