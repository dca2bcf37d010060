// Lines that mean something on a router of metal and nothing here. They are kept and printed again, each with the reason why
// it does nothing, so that a pasted configuration loads and nobody is led to believe that it took effect.

import type { Configuration, InertLine } from '../../vpdn/configuration.ts';
import { line, type Node, optional, sequence, words, wordsInFull } from '../syntax.ts';
import { type Command, definer, type Entry, entered, type Mode, type Outcome, type Scope } from '../tree.ts';
import { isUnder, modeLines } from './mode-lines.ts';
import { exitCommand } from './setting.ts';

export interface InertRow {
  readonly text: string;
  readonly help: string;
  /** What follows the words; nothing if absent. */
  readonly takes?: 'line' | 'optional-line';
  /** Several lines that begin alike stand beside each other. */
  readonly several?: boolean;
  /** `no …` is a line of its own, because the feature is on where nothing is said. */
  readonly printsNo?: boolean;
  /** Where it differs from that of the rows around it. */
  readonly standing?: InertLine['standing'];
  readonly entries?: readonly Entry[];
}

export function inertCommands<S>(
  standing: InertLine['standing'],
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
  readonly standing: InertLine['standing'];
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
      drop(scope, row, text);
      keep(scope, text, row.standing);
      return row.warning === undefined ? undefined : { outcome: 'warned', message: row.warning };
    },
    unset: (scope, captured) => {
      const text = textOf(captured);
      drop(scope, row, text);
      if (row.printsNo === true) keep(scope, `no ${text}`, row.standing);
    },
    reset: (scope, captured) => drop(scope, row, textOf(captured)),
    lines: ({ inert }) => inert.filter(({ text }) => isOf(row, text)).map(({ text }) => text),
    ...(row.when === undefined ? {} : { when: row.when }),
    standing: row.standing,
    entries: row.entries ?? [],
    about: aboutOf(row.standing),
  });
}

export interface InertBlock {
  readonly text: string;
  readonly help: string;
  readonly takes?: 'line' | 'optional-line';
  readonly standing: InertLine['standing'];
  readonly entries?: readonly Entry[];
  readonly mode: string;
  readonly prompt: string;
  readonly heading: string;
  readonly rows: readonly InertRow[];
}

/** A line that opens a mode in which every line is inert. */
export function inertBlock<S>(block: InertBlock): Command<S> {
  const mode: Mode<Configuration> = {
    name: block.mode,
    prompt: block.prompt,
    heading: block.heading,
    find: (configuration) => configuration,
    commands: [exitCommand(`${block.mode} configuration`), ...inertCommands<Configuration>(block.standing, block.rows)],
  };
  const tail: Node[] = block.takes === undefined ? [] : [block.takes === 'line' ? REST : optional(REST)];
  const row: InertRow = { text: block.text, help: block.help, several: true };
  return definer<S>()({
    path: [words(block.text, block.help), sequence(...tail)],
    set: (scope, captured): Outcome => {
      const text = withRest(block.text, captured);
      if (!scope.configuration.inert.some((each) => each.text === text && isUnder(each.under, scope.under))) {
        keep(scope, text, block.standing);
      }
      return entered(mode, text, text);
    },
    unset: ({ configuration, under }, captured) => {
      const text = withRest(block.text, captured);
      configuration.inert = configuration.inert.filter((each) => {
        const opened = isUnder(each.under, under) && startsWith(each.text, text);
        const inside = each.under.length > under.length && startsWith(each.under[under.length]!, text);
        return !opened && !(inside && isUnder(each.under.slice(0, under.length), under));
      });
    },
    lines: (scope) => {
      const { inert, configuration } = scope;
      const opened = inert.filter(({ text }) => isOf(row, text));
      return opened.flatMap(({ text }) => [text, ...modeLines(mode, configuration, scope, text), '!']);
    },
    standing: block.standing,
    entries: block.entries ?? [],
    about: aboutOf(block.standing),
  });
}

function aboutOf({ class: kind, why }: InertLine['standing']): string {
  return `${kind === 'without-effect' ? 'No effect here' : 'Not supported'}: ${why}.`;
}

function keep({ configuration, under }: Scope<unknown>, text: string, standing: InertLine['standing']): void {
  configuration.inert.push({ under: [...under], text, standing });
}

/** Takes away what a new line of the same kind replaces, `no` forms too. */
function drop({ configuration, under }: Scope<unknown>, row: InertRow, text: string): void {
  configuration.inert = configuration.inert.filter((each) => {
    if (!isUnder(each.under, under) || !isOf(row, each.text)) return true;
    return row.several === true && withoutNo(each.text) !== text;
  });
}

function isOf(row: InertRow, text: string): boolean {
  return startsWith(withoutNo(text), row.text);
}

function startsWith(text: string, words: string): boolean {
  return text === words || text.startsWith(`${words} `);
}

function withoutNo(text: string): string {
  return text.startsWith('no ') ? text.slice(3) : text;
}

function withRest(text: string, captured: unknown): string {
  const { rest } = captured as { rest?: string };
  return rest === undefined ? text : `${text} ${rest}`;
}

const REST = line('rest', 'The rest of the line');
