// One terminal session: prompts, modes, what a typed line does, and where its output goes. A machine without a clock:
// the terminal's octets and the answers of the router go in, screen text and requests come out; its deadline is that of its line.

import type { User } from '../vpdn/configuration-system.ts';
import type { ClearTarget } from '../vpdn/events.ts';
import { ConfigError } from '../wire/errors.ts';
import type { Machine, Millis } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import { Access, type AccessOptions } from './access.ts';
import { expandAlias } from './alias.ts';
import { withConcern } from './concern.ts';
import { ConfigSession } from './config-session.ts';
import { type Answered, Dialogue } from './dialogue.ts';
import type { ExecCommand, ParsedExec } from './exec-command.ts';
import { EnableGate, type Gate, type GateStep } from './gate.ts';
import { execBeginnings } from './grammar/exec.ts';
import { HELP_TEXT } from './help.ts';
import { type Key, KeyDecoder } from './keys.ts';
import type { Request } from './line-editor.ts';
import type { Expected } from './match.ts';
import { parseExec } from './parse-exec.ts';
import { SessionTimers } from './session-timers.ts';
import type { ShellEffect, ShellInput } from './shell-events.ts';
import { ShellScreen } from './shell-screen.ts';
import { type ShellState, waitsFor } from './shell-state.ts';
import { TerminalSettings } from './terminal-settings.ts';
import { TypeAhead } from './type-ahead.ts';

export interface ShellOptions extends AccessOptions {
  /** How many sessions a `clear` would end: it is asked about first. */
  readonly countCleared?: (what: ClearTarget) => number;
  /** Whether the configuration in force differs from the one that was saved. */
  readonly modified?: () => boolean;
}

export class Shell implements Machine<ShellInput, ShellEffect> {
  readonly #options: ShellOptions;
  readonly #access: Access;
  readonly #keys = new KeyDecoder();
  readonly #ahead = new TypeAhead();
  readonly #screen = new ShellScreen();
  readonly #terminal: TerminalSettings;
  #state: ShellState = { kind: 'executing' };
  /** Undefined at the EXEC prompt. */
  #config: ConfigSession | undefined;
  /** Ctrl-Z: back to EXEC as soon as the line typed with it is done. */
  #leaving = false;
  /** An `autocommand` runs, and the session ends with it; nothing more will be typed. */
  #hangsUp = false;
  #ended = false;
  readonly #timers = new SessionTimers();

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#access = new Access(options);
    const { editor, pager } = this.#screen;
    this.#terminal = new TerminalSettings(this.#access.line, editor, pager);
  }

  get deadline(): Millis {
    return this.#nextEvent.at;
  }

  get #nextEvent() {
    return this.#timers.next(this.#access.lineSettings, waitsFor(this.#state, this.#takesKeys()));
  }

  /** It stands at --More--: output that comes now is only kept. */
  get paused(): boolean {
    return this.#screen.pager.stopped;
  }

  handle(input: ShellInput, now: Millis): ShellEffect[] {
    if (input.on !== 'message') this.#timers.typed(now);
    if (input.on === 'open') this.#timers.begin(now);
    if (input.on === 'end') this.#ended = true;
    else if (this.#state.kind !== 'closed') this.#input(input);
    while (this.#takesKeys() && !this.#ahead.isEmpty) this.#key(this.#ahead.shift()!);
    if (this.#ended && this.#takesKeys()) this.#hangUp();
    return this.#screen.take();
  }

  handleTimeout(now: Millis): ShellEffect[] {
    const { at, event } = this.#nextEvent;
    if (now < at) return [];
    if (event !== 'warning') this.#timers.typed(now);
    if (event === 'warning') {
      this.#timers.warned();
      this.#screen.message(this.#access.warning(), this.#types, this.#access.synchronous);
    } else if (event === 'login' && this.#state.kind === 'gate') {
      this.#screen.print('', this.#state.gate.timedOut);
      this.#gate(this.#state.gate, { step: 'failed', lines: [], closes: this.#state.gate.kind === 'login' });
    } else {
      if (this.#state.kind === 'executing') this.#screen.emit({ do: 'interrupt' });
      const { lines, told } = this.#access.expired(event === 'absolute' ? 'absolute' : 'exec');
      this.#screen.print('', ...lines);
      this.#screen.emit(told);
      this.#hangUp();
    }
    return this.#screen.take();
  }

  #input(input: Exclude<ShellInput, { on: 'end' }>): void {
    switch (input.on) {
      case 'open':
        return this.#open();
      case 'octets':
        for (const key of this.#keys.push(input.octets)) this.#typed(key);
        return;
      case 'size':
        return this.#terminal.window(input.columns, input.rows);
      case 'output':
        return this.#output(input.lines, input.done);
      case 'text':
        if (this.#state.kind === 'executing') this.#screen.write(input.text.replaceAll('\n', '\r\n'));
        return;
      case 'message':
        return this.#screen.message(input.text, this.#types, this.#access.synchronous);
      case 'configured':
        return this.#configured(input.error);
      case 'secret-checked':
        if (this.#state.kind === 'checking') this.#gate(this.#state.gate, this.#state.gate.checked(input.matches));
        return;
    }
  }

  // Keys

  #typed(key: Key): void {
    const interrupt = key.key === 'control' && 'C^'.includes(key.letter);
    if (this.#takesKeys() && this.#ahead.isEmpty) {
      if (!this.#ahead.swallows(key)) this.#key(key);
    } else if (interrupt && this.#state.kind === 'executing') {
      this.#ahead.clear();
      this.#screen.emit({ do: 'interrupt' });
    } else if (!this.#ahead.push(key)) this.#screen.print('', '% Too much was typed ahead: none of it is read');
  }

  #takesKeys(): boolean {
    return this.#types || (this.#state.kind !== 'closed' && this.paused);
  }

  /** Every key is for the line being typed. */
  get #types(): boolean {
    return ['prompt', 'gate', 'asking'].includes(this.#state.kind);
  }

  #key(key: Key): void {
    if (this.paused) return this.#page(key);
    if (this.#state.kind === 'asking' && this.#state.dialogue.question.kind === 'confirm') {
      this.#screen.write(key.key === 'character' ? `${printable(key.text)}\r\n` : '\r\n');
      return this.#answered(this.#state, this.#state.dialogue.key(key));
    }
    const { write, request } = this.#screen.editor.handle(key);
    this.#screen.write(write);
    if (request !== undefined) this.#request(request);
  }

  #request(request: Request): void {
    const state = this.#state;
    if (state.kind === 'gate' || state.kind === 'asking') {
      if (request.kind === 'help' || request.kind === 'complete') return this.#screen.bell();
      const text = request.kind === 'line' ? request.text : undefined;
      if (state.kind === 'asking') return this.#answered(state, text === undefined ? ABORT : state.dialogue.line(text));
      if (request.kind === 'hang-up' && state.gate.kind === 'login') return this.#close();
      return this.#gate(state.gate, state.gate.typed(text));
    }
    switch (request.kind) {
      case 'line':
        return this.#typedLine(request.text);
      case 'help':
        return this.#screen.help(this.#chain, request.text, this.#config?.mode.heading ?? 'Exec commands:');
      case 'complete':
        return this.#screen.complete(this.#chain, request.text);
      case 'abandon':
        this.#config?.abandon();
        return this.#prompt();
      case 'leave':
        return this.#leave(request.text);
      case 'hang-up':
        return this.#hangUp();
    }
  }

  #typedLine(text: string): void {
    if (this.#config?.inText !== true) this.#history.add(text);
    if (this.#config === undefined) this.#exec(text);
    else this.#configure(this.#config, text);
  }

  // The way in

  #open(): void {
    this.#terminal.open(this.#access.lineSettings);
    this.#screen.print(...this.#access.banner('motd'));
    const gate = this.#access.login();
    if (gate === undefined) return this.#welcome(this.#access.enter(undefined));
    this.#screen.print(...this.#access.banner('login'));
    this.#gate(gate, gate.begin());
  }

  #welcome(user: User | undefined): void {
    this.#screen.print(...this.#access.banner('exec'));
    if (user?.autocommand === undefined) return this.#prompt();
    this.#hangsUp = user.nohangup !== true;
    this.#exec(user.autocommand);
  }

  #gate(gate: Gate, step: GateStep): void {
    switch (step.step) {
      case 'ask':
        this.#screen.print(...(step.before ?? []));
        this.#state = { kind: 'gate', gate };
        return this.#screen.ask(step.prompt, step.hidden);
      case 'check':
        this.#state = { kind: 'checking', gate };
        return this.#screen.emit({ do: 'check-secret', secret: step.secret, typed: step.typed });
      case 'passed':
        if (gate instanceof EnableGate) return this.#entered(gate, true);
        if (step.user !== undefined) this.#screen.emit({ do: 'logged-in', user: step.user });
        return this.#welcome(this.#access.enter(step.user));
      case 'failed':
        this.#screen.print(...step.lines);
        if (gate instanceof EnableGate) return this.#entered(gate, false);
        return step.closes ? this.#close() : this.#prompt();
    }
  }

  #entered(gate: EnableGate, passed: boolean): void {
    const told = this.#access.told(gate, passed);
    if (told !== undefined) this.#screen.emit(told);
    this.#prompt();
  }

  /** Typed at an EXEC prompt, or behind `do` in configuration mode. */
  #exec(typed: string): void {
    const text = expandAlias(typed, this.#options.configuration().aliases);
    const parsed = parseExec(text, this.#access.privilege, { modified: this.#options.modified ?? (() => false) });
    const behindDo = this.#config !== undefined;
    this.#screen.begin(undefined);
    if (parsed === undefined) this.#prompt();
    else if (parsed instanceof ConfigError) {
      // The caret would stand under another line.
      if (behindDo || text !== typed) this.#output([parsed.message, ''], true);
      else this.#refuse(parsed, text);
    } else if (behindDo && parsed.command.exec === 'configure-terminal') {
      this.#output(['% Already in configuration mode'], true);
    } else this.#run(withConcern(parsed, this.#options.countCleared));
  }

  #run(parsed: ParsedExec): void {
    const { command, filter, dialogue } = parsed;
    if (dialogue !== undefined)
      return this.#ask({ kind: 'asking', dialogue: new Dialogue(dialogue.questions), parsed });
    this.#screen.begin(filter);
    // What the shell answers itself goes to no file.
    if (filter?.kind !== 'file' && this.#own(command)) return;
    this.#state = { kind: 'executing' };
    this.#screen.emit(filter === undefined ? { do: 'execute', command } : { do: 'execute', command, filter });
  }

  #ask(state: Extract<ShellState, { kind: 'asking' }>): void {
    this.#state = state;
    this.#screen.ask(state.dialogue.question.prompt);
  }

  #answered(state: Extract<ShellState, { kind: 'asking' }>, answered: Answered): void {
    if (answered.next === 'abort') this.#prompt();
    else if (answered.next === 'run') {
      const { filter, dialogue } = state.parsed;
      const command = dialogue!.answered(answered.answers);
      this.#run(filter === undefined ? { command } : { command, filter });
    } else {
      if (answered.complaint !== undefined) this.#screen.print(answered.complaint);
      this.#ask(state);
    }
  }

  /** The commands that concern the session alone. */
  #own(command: ExecCommand): boolean {
    const lines = this.#terminal.run(command, this.#access.lineSettings) ?? this.#access.run(command);
    if (lines !== undefined) this.#output(lines, true);
    else if (command.exec === 'help') this.#output(HELP_TEXT, true);
    else if (command.exec === 'exit') this.#close();
    else if (command.exec === 'enable') this.#enable(command.level);
    else if (command.exec === 'configure-terminal') {
      if (command.revertAfter !== undefined) this.#screen.emit({ do: 'guard', revertAfter: command.revertAfter });
      this.#screen.print('Enter configuration commands, one per line.  End with CNTL/Z.');
      this.#config = new ConfigSession(this.#options.configuration);
      this.#prompt();
    } else return false;
    return true;
  }

  #enable(level: number): void {
    const gate = this.#access.enable(level);
    if (gate === undefined) this.#prompt();
    else this.#gate(gate, gate.begin());
  }

  #output(lines: readonly string[], done: boolean): void {
    if (done) this.#state = { kind: 'paging' };
    this.#screen.output(lines, done);
    this.#afterOutput();
  }

  #page(key: Key): void {
    // Nothing more of it is wanted, but its end is.
    if (this.#screen.page(key) && this.#state.kind === 'executing') this.#screen.emit({ do: 'interrupt' });
    this.#afterOutput();
  }

  #afterOutput(): void {
    if (this.#state.kind === 'paging' && !this.paused) this.#prompt();
  }

  #configure(config: ConfigSession, text: string): void {
    const step = config.line(text);
    switch (step.step) {
      case 'done':
        return this.#prompt();
      case 'error':
        return this.#refuse(step.error, text);
      case 'exec':
        return this.#exec(step.line);
      case 'more':
        if (step.ask !== undefined) this.#screen.print(step.ask);
        return this.#screen.ask('');
      case 'submit': {
        const { configuration, line, mode, warning } = step;
        if (warning !== undefined) this.#screen.print(...warning.split('\n'));
        this.#state = { kind: 'configuring' };
        this.#screen.emit({ do: 'configure', configuration, line, mode });
        return;
      }
    }
  }

  #configured(error: string | undefined): void {
    if (this.#state.kind !== 'configuring') return;
    if (error === undefined) this.#config?.applied();
    else this.#screen.print(...error.split('\n'));
    this.#prompt();
  }

  #leave(text: string): void {
    this.#leaving = this.#config !== undefined;
    if (this.#leaving && text.trim() !== '') this.#typedLine(text);
    else this.#prompt();
  }

  // The screen

  get #chain(): Expected<unknown>[] {
    return this.#config?.chain ?? [execBeginnings(this.#access.privilege)];
  }

  #refuse(error: ConfigError, text: string): void {
    this.#screen.refuse(error, this.#promptText(), text);
    this.#prompt();
  }

  #prompt(): void {
    if (this.#hangsUp) return this.#close();
    this.#state = { kind: 'prompt' };
    if (this.#leaving || this.#config?.ended === true) this.#leaveConfiguration();
    this.#leaving = false;
    this.#screen.editor.history = this.#history;
    this.#screen.ask(this.#promptText());
  }

  #promptText(): string {
    const { hostname } = this.#options.configuration();
    if (this.#config === undefined) return `${hostname}${this.#access.privilege >= 2 ? '#' : '>'}`;
    return `${hostname.slice(0, 20)}(${this.#config.mode.prompt})#`;
  }

  get #history() {
    return this.#config === undefined ? this.#terminal.exec : this.#terminal.configuration;
  }

  #leaveConfiguration(): void {
    if (this.#config !== undefined) this.#screen.emit({ do: 'configuration-left' });
    this.#config = undefined;
  }

  #hangUp(): void {
    this.#leaveConfiguration();
    this.#close();
  }

  #close(): void {
    this.#state = { kind: 'closed' };
    this.#ahead.clear();
    this.#screen.emit({ do: 'close' });
  }
}

const ABORT: Answered = { next: 'abort' };
