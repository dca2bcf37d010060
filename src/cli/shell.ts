// One terminal session: prompts, modes, what a typed line does, and where its output goes. A machine without a clock:
// the terminal's octets and the answers of the router go in, screen text and requests come out.

import type { Configuration } from '../vpdn/configuration.ts';
import { revealSecret } from '../vpdn/secret.ts';
import { ConfigError } from '../wire/errors.ts';
import type { Machine } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import { ConfigSession } from './config-session.ts';
import { formatRefusal } from './configure.ts';
import { type Answered, Dialogue } from './dialogue.ts';
import type { ExecCommand, ParsedExec } from './exec-command.ts';
import { execBeginnings } from './grammar/exec.ts';
import { complete, HELP_TEXT, helpLines } from './help.ts';
import { type Key, KeyDecoder } from './keys.ts';
import { type Edited, History, LineEditor, type Request } from './line-editor.ts';
import type { Expected } from './match.ts';
import { LineFilter } from './output-filter.ts';
import { Pager } from './pager.ts';
import { parseExec } from './parse-exec.ts';
import type { ShellEffect, ShellInput } from './shell-events.ts';

export interface ShellOptions {
  /** The configuration in force, to be read at the moment a line is typed. It is copied before it is edited. */
  readonly configuration: () => Configuration;
  /** 15 unless said otherwise: a local console. */
  readonly privilege?: number;
  /** Whether the configuration in force differs from the one that was saved. */
  readonly modified?: () => boolean;
}

/** What the keys of the terminal go to. */
type State =
  | { readonly kind: 'prompt' }
  | { readonly kind: 'password'; readonly level: number; readonly tries: number }
  /** Questions before a command. */
  | { readonly kind: 'asking'; readonly dialogue: Dialogue; readonly parsed: ParsedExec }
  /** Output of a command is still coming. */
  | { readonly kind: 'executing' }
  /** All of it has come; some still waits behind --More--. */
  | { readonly kind: 'paging' }
  | { readonly kind: 'configuring' }
  | { readonly kind: 'closed' };

export class Shell implements Machine<ShellInput, ShellEffect> {
  readonly deadline = Number.POSITIVE_INFINITY;
  readonly #configuration: () => Configuration;
  readonly #modified: () => boolean;
  readonly #keys = new KeyDecoder();
  readonly #history = new History();
  readonly #editor = new LineEditor(this.#history);
  readonly #pager = new Pager(24);
  #state: State = { kind: 'prompt' };
  #privilege: number;
  /** Undefined at the EXEC prompt. */
  #config: ConfigSession | undefined;
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
    this.#modified = options.modified ?? (() => false);
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
    return kind === 'prompt' || kind === 'password' || kind === 'asking' || (kind !== 'closed' && this.#pager.stopped);
  }

  #key(key: Key): void {
    if (this.#pager.stopped) {
      this.#page(key);
      return;
    }
    if (this.#state.kind === 'asking' && this.#state.dialogue.question.kind === 'confirm') {
      this.#write(key.key === 'character' ? `${printable(key.text)}\r\n` : '\r\n');
      this.#answered(this.#state, this.#state.dialogue.key(key));
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
    if (this.#state.kind === 'asking') {
      const state = this.#state;
      if (request.kind === 'line') this.#answered(state, state.dialogue.line(request.text));
      else if (request.kind === 'help' || request.kind === 'complete') this.#write(BELL);
      else this.#prompt();
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
        this.#config?.abandon();
        this.#prompt();
        return;
      case 'leave':
        this.#leave(request.text);
        return;
      case 'hang-up':
        if (this.#config !== undefined) this.#leaveConfiguration();
        this.#close();
        return;
    }
  }

  #line(text: string): void {
    if (this.#config?.inText !== true) this.#history.add(text);
    if (this.#config === undefined) this.#exec(text);
    else this.#configure(this.#config, text);
  }

  // EXEC

  #exec(text: string): void {
    const parsed = parseExec(text, this.#privilege, { modified: this.#modified });
    if (parsed === undefined) this.#prompt();
    else if (parsed instanceof ConfigError) this.#refuse(parsed);
    else this.#run(parsed);
  }

  #run(parsed: ParsedExec): void {
    const { command, filter, dialogue } = parsed;
    if (dialogue !== undefined) {
      this.#ask({ kind: 'asking', dialogue: new Dialogue(dialogue.questions), parsed });
      return;
    }
    this.#filter = new LineFilter(filter);
    this.#pager.reset();
    if (this.#own(command)) return;
    this.#state = { kind: 'executing' };
    this.#effects.push(filter === undefined ? { do: 'execute', command } : { do: 'execute', command, filter });
  }

  #ask(state: Extract<State, { kind: 'asking' }>): void {
    this.#state = state;
    this.#write(this.#editor.begin(state.dialogue.question.prompt));
  }

  #answered(state: Extract<State, { kind: 'asking' }>, answered: Answered): void {
    if (answered.next === 'abort') this.#prompt();
    else if (answered.next === 'run') {
      const { filter, dialogue } = state.parsed;
      const command = dialogue!.answered(answered.answers);
      this.#run(filter === undefined ? { command } : { command, filter });
    } else {
      if (answered.complaint !== undefined) this.#print(answered.complaint);
      this.#ask(state);
    }
  }

  /** The commands that concern the terminal alone. */
  #own(command: ExecCommand): boolean {
    switch (command.exec) {
      case 'configure-terminal':
        if (command.revertAfter !== undefined) this.#effects.push({ do: 'guard', revertAfter: command.revertAfter });
        this.#print('Enter configuration commands, one per line.  End with CNTL/Z.');
        this.#config = new ConfigSession(this.#configuration);
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
        this.#output(HELP_TEXT, true);
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

  #configure(config: ConfigSession, text: string): void {
    const step = config.line(text);
    switch (step.step) {
      case 'done':
        this.#prompt();
        return;
      case 'error':
        this.#refuse(step.error);
        return;
      case 'exec':
        this.#do(step.line);
        return;
      case 'more':
        if (step.ask !== undefined) this.#print(step.ask);
        this.#write(this.#editor.begin(''));
        return;
      case 'submit': {
        const { configuration, line, mode, warning } = step;
        if (warning !== undefined) this.#print(...warning.split('\n'));
        this.#state = { kind: 'configuring' };
        this.#effects.push({ do: 'configure', configuration, line, mode });
        return;
      }
    }
  }

  #configured(error: string | undefined): void {
    if (this.#state.kind !== 'configuring') return;
    if (error === undefined) this.#config?.applied();
    else this.#print(...error.split('\n'));
    this.#prompt();
  }

  #do(line: string): void {
    const parsed = parseExec(line, this.#privilege, { modified: this.#modified });
    if (parsed === undefined) this.#prompt();
    else if (parsed instanceof ConfigError) {
      this.#print(parsed.message, '');
      this.#prompt();
    } else if (parsed.command.exec === 'configure-terminal') {
      this.#print('% Already in configuration mode');
      this.#prompt();
    } else this.#run(parsed);
  }

  #leave(text: string): void {
    this.#leaving = this.#config !== undefined;
    if (this.#leaving && text.trim() !== '') this.#line(text);
    else this.#prompt();
  }

  #leaveConfiguration(): void {
    this.#config = undefined;
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
    this.#write('?\r\n');
    this.#print(...helpLines(this.#chain, text, this.#config?.mode.heading ?? 'Exec commands:'), '');
    this.#write(this.#editor.redraw().slice(1));
  }

  #complete(text: string): void {
    const completed = complete(this.#chain, text);
    if (completed !== undefined) this.#editor.replace(completed + this.#editor.text.slice(text.length));
    this.#write(`${completed === undefined ? BELL : ''}\r\n${this.#editor.redraw().slice(1)}`);
  }

  get #chain(): Expected<unknown>[] {
    return this.#config?.chain ?? [execBeginnings(this.#privilege)];
  }

  #message(text: string): void {
    const { kind } = this.#state;
    if (kind === 'prompt' || kind === 'password' || kind === 'asking') {
      this.#write(`${this.#editor.erase()}${text}\r\n${this.#editor.redraw().slice(1)}`);
    } else if (this.#pager.stopped) this.#write(this.#pager.interject(text));
    else this.#print(text);
  }

  #refuse(error: ConfigError): void {
    this.#print(...formatRefusal(error, this.#promptText().length));
    this.#prompt();
  }

  #prompt(): void {
    this.#state = { kind: 'prompt' };
    if (this.#config !== undefined && (this.#leaving || this.#config.ended)) this.#leaveConfiguration();
    this.#leaving = false;
    this.#write(this.#editor.begin(this.#promptText()));
  }

  #promptText(): string {
    const { hostname } = this.#configuration();
    if (this.#config === undefined) return `${hostname}${this.#privilege >= 2 ? '#' : '>'}`;
    return `${hostname.slice(0, 20)}(${this.#config.mode.prompt})#`;
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

const MOST_TYPED_AHEAD = 100_000;
const BELL = '\x07';
