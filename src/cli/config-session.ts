// The configuration side of a terminal session: which modes are open, and what a line typed there comes to. Every line is an
// edit of a copy of the configuration in force, so a line that fails leaves no trace and two sessions never hold old copies.

import type { Configuration } from '../vpdn/configuration.ts';
import { ConfigError } from '../wire/errors.ts';
import { applyLine, GLOBAL_MODES, type Modes } from './configure.ts';
import { badCharacter, MAX_TERMINAL_LINE } from './line-check.ts';
import type { Expected } from './match.ts';
import { beginnings, type Mode, type Owner, type PendingText } from './tree.ts';

/** What a line comes to. */
export type Step =
  /** Nothing to be applied: a comment, or another mode. */
  | { readonly step: 'done' }
  | { readonly step: 'error'; readonly error: ConfigError }
  /** An EXEC command behind `do`. */
  | { readonly step: 'exec'; readonly line: string }
  /** Further lines belong to a text; `ask` is said before the first. */
  | { readonly step: 'more'; readonly ask?: string }
  | {
      readonly step: 'submit';
      readonly configuration: Configuration;
      readonly line: string;
      readonly mode: string;
      readonly warning?: string;
    };

export class ConfigSession {
  readonly #configuration: () => Configuration;
  #modes: Modes = GLOBAL_MODES;
  /** The modes to be in once the router has taken the line. */
  #next: Modes = GLOBAL_MODES;
  #text: { readonly command: PendingText; readonly line: string; body: string } | undefined;

  constructor(configuration: () => Configuration) {
    this.#configuration = configuration;
  }

  /** `exit` from global mode, or `end`. */
  get ended(): boolean {
    return this.#modes.length === 0;
  }

  get mode(): Mode<unknown> {
    return this.#modes.at(-1)!.mode;
  }

  /** What a line may begin with: in the current mode, then in those around it. */
  get chain(): Expected<Owner>[] {
    return [...this.#modes].reverse().map((open) => beginnings(open));
  }

  /** The lines typed now are a text: no commands, not for the history. */
  get inText(): boolean {
    return this.#text !== undefined;
  }

  line(text: string): Step {
    const bad = badCharacter(text, MAX_TERMINAL_LINE);
    if (bad !== undefined) return { step: 'error', error: new ConfigError(bad.code, bad.message, 1, bad.column) };
    return this.#text === undefined ? this.#command(text) : this.#textLine(text);
  }

  /** The router took the line last submitted. */
  applied(): void {
    this.#modes = this.#next;
  }

  abandon(): void {
    this.#text = undefined;
  }

  #command(text: string): Step {
    const configuration = structuredClone(this.#configuration());
    const applied = applyLine(configuration, this.#modes, text);
    if (applied instanceof ConfigError) return { step: 'error', error: applied };
    if (applied.exec !== undefined) return { step: 'exec', line: applied.exec };
    if (applied.pending !== undefined) {
      const { delimiter, begun } = applied.pending;
      this.#text = { command: applied.pending, line: text, body: '' };
      const step = this.#textLine(begun);
      return step.step === 'more'
        ? { ...step, ask: `Enter TEXT message.  End with the character '${delimiter}'.` }
        : step;
    }
    if (applied.edits) return this.#submit(configuration, text, applied.modes, applied.warning);
    this.#modes = applied.modes;
    return { step: 'done' };
  }

  #textLine(text: string): Step {
    const open = this.#text!;
    const end = text.indexOf(open.command.delimiter);
    if (end === -1) {
      open.body = `${open.body}${text}\n`.slice(0, LONGEST_TEXT);
      return { step: 'more' };
    }
    this.#text = undefined;
    const configuration = structuredClone(this.#configuration());
    open.command.store({ configuration, subject: configuration, under: [] }, open.body + text.slice(0, end));
    return this.#submit(configuration, open.line, this.#modes, undefined);
  }

  #submit(configuration: Configuration, line: string, next: Modes, warning: string | undefined): Step {
    this.#next = next;
    const submit = { step: 'submit', configuration, line, mode: this.mode.prompt } as const;
    return warning === undefined ? submit : { ...submit, warning };
  }
}

/** A banner longer than this is cut: its lines must not fill the memory. */
const LONGEST_TEXT = 20_000;
