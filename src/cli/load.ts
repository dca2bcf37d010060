// A whole configuration text into a model, with every error and warning it gives rise to, each with its line and caret.

import { type Configuration, emptyConfiguration } from '../vpdn/configuration.ts';
import type { Standing } from '../vpdn/standing.ts';
import { ConfigError } from '../wire/errors.ts';
import { type Applied, applyLine, GLOBAL_MODES, type Modes } from './configure.ts';
import { expectedAt } from './help.ts';
import { badCharacter, MAX_FILE_LINE } from './line-check.ts';
import { match } from './match.ts';
import { redactError, redactLine } from './secret-line.ts';
import { beginnings, type PendingText } from './tree.ts';

/** Something wrong with, or worth saying of, one line. */
export interface LineReport {
  /** From 1. */
  readonly line: number;
  /** Of the caret, from 0. */
  readonly column: number;
  readonly code: string;
  readonly message: string;
  /** The line itself without its secrets, made safe to print. */
  readonly text: string;
  /** What could have stood at the caret; empty where nothing short can be said. */
  readonly expected: readonly string[];
}

/** What became of one line: of each that is a command, in the order of the file. */
export interface LineStanding {
  readonly line: number;
  readonly text: string;
  /** `error` where the reports say what is wrong. */
  readonly standing: Standing | { readonly class: 'error' };
}

export interface Loaded {
  readonly configuration: Configuration;
  readonly errors: readonly LineReport[];
  readonly warnings: readonly LineReport[];
  readonly lines: readonly LineStanding[];
}

/** Reads on after an error, so that one look shows them all; with errors the model is not fit for use. It is `base`, changed. */
export function loadConfiguration(source: string | Uint8Array, base: Configuration = emptyConfiguration()): Loaded {
  const loader = new Loader(base);
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  for (const line of text.split(/\r\n|\n|\r/)) loader.line(line);
  return loader.finish();
}

/** The line, the caret under it, and what is wrong: as a terminal or `vpdn check` prints a report. */
export function formatReport(report: LineReport): string[] {
  const place = `line ${report.line}: `;
  const shown = `${place}${report.text.replaceAll('\t', ' ')}`;
  const expected = report.expected.length === 0 ? [] : [`expected: ${report.expected.join(', ')}`];
  return [
    shown,
    `${' '.repeat(place.length + Math.min(report.column, report.text.length))}^`,
    report.message,
    ...expected,
    '',
  ];
}

class Loader {
  readonly #configuration: Configuration;
  readonly #errors: LineReport[] = [];
  readonly #warnings: LineReport[] = [];
  /** Each judged at the end: a later line may change what it comes to. */
  readonly #lines: (() => LineStanding)[] = [];
  #modes: Modes = GLOBAL_MODES;
  #number = 0;
  #full = false;
  /** Of the line that opened the block. */
  #opened = 0;
  #text: { readonly command: PendingText; body: string; readonly since: number; readonly opened: string } | undefined;

  constructor(base: Configuration) {
    this.#configuration = base;
  }

  line(raw: string): void {
    if (this.#full) return;
    this.#number++;
    // A byte order mark, and the Ctrl-C octet that IOS delimits banners with.
    const text = (this.#number === 1 ? raw.replace(/^\uFEFF/, '') : raw).replaceAll('\x03', '^C').trimEnd();
    const bad = badCharacter(text, MAX_FILE_LINE);
    if (bad !== undefined) {
      // What follows it is not shown: a word broken by it may be the one that says that a secret comes next.
      this.#report(this.#errors, text.slice(0, bad.column + 1), bad.column, bad.code, bad.message);
      return;
    }
    if (this.#text !== undefined) this.#continueText(text);
    else if (this.#lines.length > 0 || !HEADING.test(text)) this.#command(text);
  }

  /** A text left open swallowed the rest of the file: the line that opened it is to blame. */
  finish(): Loaded {
    const open = this.#text;
    if (open !== undefined) {
      const message = `% The text has no closing ${open.command.delimiter}`;
      this.#errors.push(reportOf(open.since, open.opened, 0, 'incomplete', message));
    }
    const lines = this.#lines.map((judge) => judge());
    return { configuration: this.#configuration, errors: this.#errors, warnings: this.#warnings, lines };
  }

  #command(text: string): void {
    const before = this.#modes;
    const applied = applyLine(this.#configuration, before, text, this.#number, 'furthest');
    if (applied instanceof ConfigError) {
      const { column, code, message } = applied;
      const syntax = code === 'invalid' || code === 'incomplete';
      const chain = before.map(beginnings).reverse();
      this.#report(this.#errors, text, column, code, message, syntax ? expectedAt(chain, text, column) : []);
      return;
    }
    if (applied.exec !== undefined) {
      this.#report(this.#errors, text, 0, 'exec', '% EXEC commands cannot stand in a configuration file');
      return;
    }
    const { standing } = applied;
    if (standing !== undefined) {
      const said = { line: this.#number, text: redactLine(shown(text), under(before)) };
      this.#lines.push(() => ({ ...said, standing: standing() }));
    }
    if (applied.warning !== undefined) this.#report(this.#warnings, text, 0, 'warning', applied.warning);
    this.#warnOfIndentation(text, before, applied.fellThrough);
    this.#warnOfLeaving(text, before, applied);
    this.#modes = applied.modes.length === 0 ? GLOBAL_MODES : applied.modes;
    if (this.#modes.length === 2 && before[1] !== this.#modes[1]) this.#opened = indentation(text);
    if (applied.pending !== undefined) {
      this.#text = { command: applied.pending, body: '', since: this.#number, opened: text };
      this.#continueText(applied.pending.begun);
    }
  }

  #continueText(text: string): void {
    const open = this.#text!;
    const end = text.indexOf(open.command.delimiter);
    if (end === -1 && text !== '' && open.command.body?.test(text) === false) {
      this.#text = undefined;
      const message = `% The text has no closing ${open.command.delimiter}: line ${this.#number} is not of it`;
      this.#errors.push(reportOf(open.since, open.opened, 0, 'incomplete', message));
      this.#command(text);
      return;
    }
    if (end === -1) {
      open.body += `${text}\n`;
      return;
    }
    open.command.store(
      { configuration: this.#configuration, subject: this.#configuration, under: [] },
      open.body + text.slice(0, end),
    );
    this.#text = undefined;
  }

  /** A line at the margin that looks global but was taken by the block above it: `hostname` after an l2tp-class. */
  #warnOfIndentation(text: string, modes: Modes, fellThrough: number): void {
    const depth = modes.length - 1 - fellThrough;
    if (depth === 0 || /^[ \t]/.test(text)) return;
    const taken = match(beginnings(modes[depth]!), text);
    if (
      taken.result !== 'match' ||
      taken.owner.command.about === '' ||
      match(beginnings(GLOBAL_MODES[0]!), text).result !== 'match'
    )
      return;
    const message = `% Taken as a line of "${modes[depth]!.line}": put "exit" before it if the global command is meant`;
    this.#report(this.#warnings, text, 0, 'inside-block', message);
  }

  /** A line indented like those of its block that only global configuration mode knows: it ended the block unseen. */
  #warnOfLeaving(text: string, before: Modes, { fellThrough, edits }: Applied): void {
    const block = before[1];
    if (block === undefined || fellThrough !== before.length - 1 || !edits) return;
    if (indentation(text) <= this.#opened) return;
    const message = `% Not a line of "${block.line}", which ends here: taken as a global command`;
    this.#report(this.#warnings, text, indentation(text), 'outside-block', message);
  }

  #report(
    list: LineReport[],
    text: string,
    column: number,
    code: string,
    message: string,
    expected: readonly string[] = [],
  ): void {
    const wrong = list === this.#errors;
    if (wrong && list.length === MOST_REPORTS) {
      this.#full = true;
      list.push(reportOf(this.#number, '', 0, 'too-many', '% Too many errors: the file is not read beyond this line'));
      return;
    }
    if (list.length >= MOST_REPORTS) return;
    const report = reportOf(this.#number, text, column, code, message, expected, under(this.#modes));
    list.push(report);
    const judged = { line: this.#number, text: report.text, standing: { class: 'error' } } as const;
    if (wrong) this.#lines.push(() => judged);
  }
}

function reportOf(
  line: number,
  text: string,
  column: number,
  code: string,
  message: string,
  expected: readonly string[] = [],
  around: readonly string[] = [],
): LineReport {
  return { line, code, expected, ...redactError(shown(text), column, message, around) };
}

function indentation(text: string): number {
  return text.search(/[^ \t]|$/);
}

/** The lines that opened the modes. */
function under(modes: Modes): string[] {
  return modes.slice(1).map(({ line }) => line);
}

/** As much of a line as a report repeats; a control octet in it would speak to the terminal that it is shown on. */
function shown(text: string): string {
  return text.slice(0, 254).replaceAll(CONTROL, '.');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;

/** What stands above the first line where the output of `show running-config` was saved as it was. */
const HEADING =
  /^(?:Building configuration\.\.\.|(?:Current|Startup) configuration ?: \d+ bytes|Using \d+ out of \d+ bytes.*)$/;
/** A file with more errors is no configuration: whoever reads reports has seen enough. */
const MOST_REPORTS = 1000;
