// One terminal session: prompts, modes, what a typed line does, and where its output goes. A machine without a clock:
// the terminal's octets and the answers of the router go in, screen text and requests come out.

import type { Configuration } from '../vpdn/configuration.ts';
import { revealSecret } from '../vpdn/secret.ts';
import { ConfigError } from '../wire/errors.ts';
import type { Machine } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import { applyLine, GLOBAL_MODES, type Modes } from './configure.ts';
import type { ExecCommand, ParsedExec } from './exec-command.ts';
import { execBeginnings } from './grammar/exec.ts';
import { complete, helpLines } from './help.ts';
import { type Key, KeyDecoder } from './keys.ts';
import { badCharacter, MAX_TERMINAL_LINE } from './line-check.ts';
import { type Edited, History, LineEditor, type Request } from './line-editor.ts';
import type { Expected } from './match.ts';
import { LineFilter } from './output-filter.ts';
import { Pager } from './pager.ts';
import { parseExec } from './parse-exec.ts';
import type { ShellEffect, ShellInput } from './shell-events.ts';
import { beginnings, type PendingText } from './tree.ts';

export interface ShellOptions {
  /** The configuration in force, to be read at the moment a line is typed. It is copied before it is edited. */
  readonly configuration: () => Configuration;
  /** 15 unless said otherwise: a local console. */
  readonly privilege?: number;
}

/** What the keys of the terminal go to. */
type State =
  | { readonly kind: 'prompt' }
  | { readonly kind: 'password'; readonly level: number; readonly tries: number }
  /** Output of a command is still coming. */
  | { readonly kind: 'executing' }
  /** All of it has come; some still waits behind --More--. */
  | { readonly kind: 'paging' }
  | { readonly kind: 'configuring' }
  | { readonly kind: 'closed' };

export class Shell implements Machine<ShellInput, ShellEffect> {
  readonly deadline = Number.POSITIVE_INFINITY;
  readonly #configuration: () => Configuration;
  readonly #keys = new KeyDecoder();
  readonly #history = new History();
  readonly #editor = new LineEditor(this.#history);
  readonly #pager = new Pager(24);
  #state: State = { kind: 'prompt' };
  #privilege: number;
  /** Undefined at the EXEC prompt. */
  #modes: Modes | undefined;
  /** The modes to be in once the router has taken the line. */
  #nextModes: Modes | undefined;
  /** The begin of a text that goes on over several lines: a banner. */
  #text: { readonly command: PendingText; body: string; readonly line: string } | undefined;
  #filter = new LineFilter(undefined);
  /** `terminal length` was given: the size of the window no longer says it. */
  #lengthSet = false;
  /** Ctrl-Z: back to EXEC as soon as the line typed with it is done. */
  #leaving = false;
  /** Keys that wait for the terminal to be theirs. */
  #ahead: Key[] = [];
  #effects: ShellEffect[] = [];

  constructor(options: ShellOptions) {
    this.#configuration = options.configuration;
    this.#privilege = options.privilege ?? 15;
  }

  handle(input: ShellInput): ShellEffect[] {
    this.#effects = [];
    if (this.#state.kind !== 'closed') this.#input(input);
    this.#typeAhead();
    return this.#effects;
  }

  handleTimeout(): ShellEffect[] {
    return [];
  }

  #input(input: ShellInput): void {
    switch (input.on) {
      case 'open':
        this.#prompt();
        return;
      case 'octets':
        this.#typed(this.#keys.push(input.octets));
        return;
      case 'size':
        this.#editor.columns = input.columns;
        if (!this.#lengthSet) this.#pager.length = input.rows;
        return;
      case 'output':
        this.#output(input.lines, input.done);
        return;
      case 'text':
        if (this.#state.kind === 'executing') this.#write(input.text.replaceAll('\n', '\r\n'));
        return;
      case 'message':
        this.#message(printable(input.text));
        return;
      case 'configured':
        this.#configured(input.error);
        return;
    }
  }

  #typed(keys: readonly Key[]): void {
    for (const key of keys) {
      const interrupt = key.key === 'control' && (key.letter === 'C' || key.letter === '^');
      if (interrupt && this.#state.kind === 'executing' && !this.#pager.stopped) {
        this.#ahead = [];
        this.#effects.push({ do: 'interrupt' });
      } else if (this.#ahead.length < MOST_TYPED_AHEAD) this.#ahead.push(key);
    }
  }

  #typeAhead(): void {
    let at = 0;
    for (; at < this.#ahead.length && this.#takesKeys(); at++) this.#key(this.#ahead[at]!);
    this.#ahead = this.#state.kind === 'closed' ? [] : this.#ahead.slice(at);
  }

  #takesKeys(): boolean {
    const { kind } = this.#state;
    return kind === 'prompt' || kind === 'password' || (kind !== 'closed' && this.#pager.stopped);
  }

  #key(key: Key): void {
    if (this.#pager.stopped) {
      this.#page(key);
      return;
    }
    const edited: Edited = this.#editor.handle(key);
    this.#write(edited.write);
    if (edited.request !== undefined) this.#request(edited.request);
  }

  #request(request: Request): void {
    if (this.#state.kind === 'password') {
      this.#password(request.kind === 'line' ? request.text : undefined);
      return;
    }
    switch (request.kind) {
      case 'line':
        this.#line(request.text);
        return;
      case 'help':
        this.#help(request.text);
        return;
      case 'complete':
        this.#complete(request.text);
        return;
      case 'abandon':
        this.#text = undefined;
        this.#prompt();
        return;
      case 'leave':
        this.#leave(request.text);
        return;
      case 'hang-up':
        if (this.#modes !== undefined) this.#leaveConfiguration();
        this.#close();
        return;
    }
  }

  #line(text: string): void {
    if (this.#text !== undefined) this.#textLine(text);
    else {
      this.#history.add(text);
      if (this.#modes === undefined) this.#exec(text);
      else this.#configure(text);
    }
  }

  // EXEC

  #exec(text: string): void {
    const parsed = parseExec(text, this.#privilege);
    if (parsed === undefined) this.#prompt();
    else if (parsed instanceof ConfigError) this.#refuse(parsed);
    else this.#run(parsed);
  }

  #run({ command, filter }: ParsedExec): void {
    this.#filter = new LineFilter(filter);
    this.#pager.reset();
    if (this.#own(command)) return;
    this.#state = { kind: 'executing' };
    this.#effects.push(filter === undefined ? { do: 'execute', command } : { do: 'execute', command, filter });
  }

  /** The commands that concern the terminal alone. */
  #own(command: ExecCommand): boolean {
    switch (command.exec) {
      case 'configure-terminal':
        this.#print('Enter configuration commands, one per line.  End with CNTL/Z.');
        this.#modes = GLOBAL_MODES;
        break;
      case 'enable':
        if (command.level > this.#privilege && this.#askPassword(command.level, 1)) return true;
        this.#privilege = command.level;
        break;
      case 'disable':
        this.#privilege = Math.min(this.#privilege, command.level);
        break;
      case 'exit':
        this.#close();
        return true;
      case 'help':
        this.#output(HELP, true);
        return true;
      case 'show-history':
        this.#output(
          this.#history.lines.map((line) => `  ${line}`),
          true,
        );
        return true;
      case 'show-privilege':
        this.#output([`Current privilege level is ${this.#privilege}`], true);
        return true;
      case 'terminal-length':
        this.#pager.length = command.lines;
        this.#lengthSet = true;
        break;
      case 'terminal-width':
        this.#editor.columns = command.columns === 0 ? 512 : command.columns;
        break;
      case 'terminal-history-size':
        this.#history.size = command.size;
        break;
      default:
        return false;
    }
    this.#prompt();
    return true;
  }

  #output(lines: readonly string[], done: boolean): void {
    if (done) this.#state = { kind: 'paging' };
    const kept = this.#filter.push(lines);
    this.#write(this.#pager.push(done ? [...kept, ...this.#filter.end()] : kept));
    this.#afterOutput();
  }

  #page(key: Key): void {
    const { write, quit } = this.#pager.handle(key);
    this.#write(write);
    if (quit && this.#state.kind === 'executing') {
      // Nothing more of it is wanted, but its end is.
      this.#filter = new LineFilter({ kind: 'exclude', pattern: '' });
      this.#effects.push({ do: 'interrupt' });
    }
    this.#afterOutput();
  }

  #afterOutput(): void {
    if (this.#state.kind !== 'paging' || this.#pager.stopped) return;
    this.#prompt();
  }

  // Configuration

  #configure(text: string): void {
    const modes = this.#modes!;
    const bad = badCharacter(text, MAX_TERMINAL_LINE);
    if (bad !== undefined) {
      this.#refuse(new ConfigError(bad.code, bad.message, 1, bad.column));
      return;
    }
    const draft = structuredClone(this.#configuration());
    const applied = applyLine(draft, modes, text);
    if (applied instanceof ConfigError) {
      this.#refuse(applied);
      return;
    }
    if (applied.warning !== undefined) this.#print(...applied.warning.split('\n'));
    if (applied.exec !== undefined) {
      this.#do(applied.exec);
      return;
    }
    if (applied.pending !== undefined) {
      this.#print(`Enter TEXT message.  End with the character '${applied.pending.delimiter}'.`);
      this.#text = { command: applied.pending, body: '', line: text };
      this.#textLine(applied.pending.begun);
      return;
    }
    if (applied.edits) {
      this.#submit(draft, text, applied.modes);
      return;
    }
    this.#modes = applied.modes;
    this.#prompt();
  }

  #submit(configuration: Configuration, line: string, next: Modes): void {
    this.#nextModes = next;
    this.#state = { kind: 'configuring' };
    const mode = this.#modes!.at(-1)!.mode.prompt;
    this.#effects.push({ do: 'configure', configuration, line, mode });
  }

  #configured(error: string | undefined): void {
    if (this.#state.kind !== 'configuring') return;
    if (error !== undefined) this.#print(...error.split('\n'));
    else this.#modes = this.#nextModes;
    this.#prompt();
  }

  #do(line: string): void {
    const parsed = parseExec(line, this.#privilege);
    if (parsed === undefined) this.#prompt();
    else if (parsed instanceof ConfigError) {
      this.#print(parsed.message, '');
      this.#prompt();
    } else if (parsed.command.exec === 'configure-terminal') {
      this.#print('% Already in configuration mode');
      this.#prompt();
    } else this.#run(parsed);
  }

  #textLine(text: string): void {
    const open = this.#text!;
    const end = text.indexOf(open.command.delimiter);
    if (end === -1) {
      open.body = `${open.body}${text}\n`.slice(0, LONGEST_TEXT);
      this.#state = { kind: 'prompt' };
      this.#write(this.#editor.begin(''));
      return;
    }
    this.#text = undefined;
    const configuration = structuredClone(this.#configuration());
    open.command.store({ configuration, subject: configuration, under: [] }, open.body + text.slice(0, end));
    this.#submit(configuration, open.line, this.#modes!);
  }

  #leave(text: string): void {
    this.#leaving = this.#modes !== undefined;
    if (this.#leaving && text.trim() !== '') this.#line(text);
    else this.#prompt();
  }

  #leaveConfiguration(): void {
    this.#modes = undefined;
    this.#effects.push({ do: 'configuration-left' });
  }

  // Passwords

  /** Whether one has to be given first. */
  #askPassword(level: number, tries: number): boolean {
    const { enableSecret, enablePassword } = this.#configuration();
    if (enableSecret === undefined && enablePassword === undefined) return false;
    this.#state = { kind: 'password', level, tries };
    this.#write(this.#editor.begin('Password: ', true));
    return true;
  }

  #password(typed: string | undefined): void {
    if (this.#state.kind !== 'password') return;
    const { level, tries } = this.#state;
    const { enableSecret, enablePassword } = this.#configuration();
    const wanted = revealSecret(enableSecret ?? enablePassword);
    if (wanted === undefined) this.#print('% Error in authentication.', '');
    else if (typed === wanted) this.#privilege = level;
    else if (typed !== undefined && tries < 3) {
      this.#askPassword(level, tries + 1);
      return;
    } else this.#print(enableSecret === undefined ? '% Bad passwords' : '% Bad secrets', '');
    this.#prompt();
  }

  // The screen

  #help(text: string): void {
    const heading = this.#modes === undefined ? 'Exec commands:' : this.#modes.at(-1)!.mode.heading;
    this.#write('?\r\n');
    this.#print(...helpLines<unknown>(this.#chain(), text, heading), '');
    this.#write(this.#editor.redraw().slice(1));
  }

  #complete(text: string): void {
    const completed = complete<unknown>(this.#chain(), text);
    if (completed === undefined) this.#write(`\x07\r\n${this.#editor.redraw().slice(1)}`);
    else {
      this.#editor.replace(completed + this.#editor.text.slice(text.length));
      this.#write(`\r\n${this.#editor.redraw().slice(1)}`);
    }
  }

  #chain(): Expected<unknown>[] {
    if (this.#modes === undefined) return [execBeginnings(this.#privilege)];
    return [...this.#modes].reverse().map((open) => beginnings(open));
  }

  #message(text: string): void {
    const { kind } = this.#state;
    if (kind === 'prompt' || kind === 'password') {
      this.#write(`${this.#editor.erase()}${text}\r\n${this.#editor.redraw().slice(1)}`);
    } else if (this.#pager.stopped) this.#write(this.#pager.interject(text));
    else this.#print(text);
  }

  #refuse(error: ConfigError): void {
    if (CARET.includes(error.code)) this.#print(`${' '.repeat(this.#promptText().length + error.column)}^`);
    this.#print(...error.message.split('\n'));
    if (BLANK_AFTER.includes(error.code)) this.#print('');
    this.#prompt();
  }

  #prompt(): void {
    this.#state = { kind: 'prompt' };
    if (this.#modes !== undefined && (this.#leaving || this.#modes.length === 0)) this.#leaveConfiguration();
    this.#leaving = false;
    this.#write(this.#editor.begin(this.#promptText()));
  }

  #promptText(): string {
    const { hostname } = this.#configuration();
    if (this.#modes === undefined) return `${hostname}${this.#privilege >= 2 ? '#' : '>'}`;
    return `${hostname.slice(0, 20)}(${this.#modes.at(-1)!.mode.prompt})#`;
  }

  #print(...lines: readonly string[]): void {
    this.#write(lines.map((line) => `${line}\r\n`).join(''));
  }

  #write(text: string): void {
    if (text !== '') this.#effects.push({ do: 'write', text });
  }

  #close(): void {
    this.#state = { kind: 'closed' };
    this.#effects.push({ do: 'close' });
  }
}

/** Errors that point at a place of the line. */
const CARET = ['invalid', 'pattern', 'control-character', 'not-utf8', 'invisible-character'];
/** IOS leaves a line empty after these three (1.3). */
const BLANK_AFTER = ['invalid', 'ambiguous', 'incomplete'];
const MOST_TYPED_AHEAD = 100_000;
const LONGEST_TEXT = 20_000;

const HELP = [
  'Help may be requested at any point in a command by entering a question mark.',
  'If nothing matches, the help list is empty: back up until a question mark shows the available options.',
  'Two styles of help are provided:',
  '1. "show ?" lists each possible argument of a command, with what it means.',
  '2. "show vp?" lists the words that complete an abbreviated argument.',
];
