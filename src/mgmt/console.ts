// A console on a connection: the terminal's octets drive the shell, and the shell's requests drive the router.

import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { ExecCommand, OutputFilter } from '../cli/exec-command.ts';
import { Shell, type ShellOptions } from '../cli/shell.ts';
import type { ShellEffect, ShellInput } from '../cli/shell-events.ts';
import { ALREADY_PENDING, type Author } from '../host/running-configuration.ts';
import { checkSecret } from '../host/secret-check.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import { type ControlRequest, LEFT } from './control-protocol.ts';
import type { ControlConnection } from './control-socket.ts';
import type { Line } from './lines.ts';
import { privilegeOf } from './privilege.ts';
import type { Services } from './services.ts';
import { SizeReports } from './size-report.ts';

/** A console on the Unix socket. Root and who runs the router are trusted as at the console of a locked room. */
export function serveConsole(
  { columns, rows }: Extract<ControlRequest, { mode: 'console' }>,
  { socket, early, caller }: ControlConnection,
  services: Services,
): void {
  const line = services.lines.openConsole(services.router.clock.now(), () => hangUp(socket));
  const known = caller.owner
    ? {}
    : { user: caller.user, privilege: privilegeOf(caller, services.router.configuration) };
  const console = new Console(socket, line, services, { place: 'console', ...known });
  const reports = new SizeReports();
  const receive = (chunk: Uint8Array) => {
    const { octets, size } = reports.push(chunk);
    if (size !== undefined) console.resize(size.columns, size.rows);
    if (octets.length > 0) console.typed(octets);
  };
  socket.on('data', receive);
  console.write(BANNER);
  // On the console messages are seen from the start; a vty asks for them with `terminal monitor`.
  console.monitor(true);
  console.open(columns === undefined || rows === undefined ? undefined : { columns, rows });
  if (early.length > 0) receive(early);
}

/** Joins a stream that a terminal stands behind to a shell. Whoever made the stream hands on what is typed. */
export class Console {
  readonly #stream: Duplex;
  readonly #services: Services;
  readonly #line: Line;
  readonly #shell: Shell;
  /** Inputs whose turn has not come. */
  readonly #waiting: ShellInput[] = [];
  #busy = false;
  /** Ends the command in hand: Ctrl-C, `q` at --More--, or the end of the connection. */
  #running: AbortController | undefined;
  #stopWatching: (() => void) | undefined;
  /** Lets the output of the command in hand go on. */
  #resume: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Typed, and not read yet. */
  #keys: Uint8Array[] = [];
  #reading = false;
  /** The other end types nothing more. */
  #ended = false;
  #closed = false;
  /** Characters written that the terminal has not taken, and who waits for it. */
  #backlog = 0;
  #waitingForRoom: (() => void)[] = [];

  constructor(
    stream: Duplex,
    line: Line,
    services: Services,
    known: Pick<ShellOptions, 'user' | 'place' | 'address' | 'privilege'>,
  ) {
    this.#stream = stream;
    this.#services = services;
    this.#line = line;
    if (known.user !== undefined) line.user = known.user;
    line.tell = (lines) => this.#input({ on: 'message', text: lines });
    this.#shell = new Shell({
      ...known,
      line: { kind: line.kind, number: line.kind === 'vty' ? line.index : 0 },
      configuration: () => services.router.configuration,
      countCleared: (what) => services.router.countCleared(what),
      modified: () => services.configuration.modified,
    });
  }

  open(size: { readonly columns: number; readonly rows: number } | undefined): void {
    this.#stream.on('close', () => this.#close());
    this.#stream.on('error', () => this.#stream.destroy());
    this.#stream.on('end', () => {
      this.#ended = true;
      void this.#read();
    });
    if (size !== undefined) this.resize(size.columns, size.rows);
    this.#input({ on: 'open' });
  }

  typed(octets: Uint8Array): void {
    this.#line.lastInput = this.#services.router.clock.now();
    this.#keys.push(octets);
    void this.#read();
  }

  /**
   * A little at a time, and nothing while the terminal takes no output: a key can bring a page, and whoever sends a thousand and
   * reads none of them must neither stop the router nor fill its memory.
   */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (let next = this.#keys.shift(); next !== undefined && !this.#closed; next = this.#keys.shift()) {
        if (next.length > KEYS_A_TURN) this.#keys.unshift(next.subarray(KEYS_A_TURN));
        this.#input({ on: 'octets', octets: next.subarray(0, KEYS_A_TURN) });
        if (this.#keys.length === 0 && this.#backlog <= BACKLOG) continue;
        this.#stream.pause();
        await setImmediate();
        await this.#room();
      }
    } finally {
      // A fault of ours costs what it was doing, not the console.
      this.#reading = false;
      if (this.#stream.isPaused()) this.#stream.resume();
    }
    if (this.#ended) this.#input({ on: 'end' });
  }

  resize(columns: number, rows: number): void {
    this.#input({ on: 'size', columns, rows });
  }

  /** As the log and the revisions of the configuration name it. */
  get #author(): Author {
    const { kind, name, location, user } = this.#line;
    return { user, line: kind === 'console' ? 'console' : `${name.replace(' ', '')} (${location})` };
  }

  /** An input that an effect gives rise to, such as a log line, waits until the effects before it are on the screen. */
  #input(input: ShellInput): void {
    this.#waiting.push(input);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        for (const effect of this.#shell.handle(next, this.#services.router.clock.now())) this.#apply(effect);
      }
    } finally {
      this.#busy = false;
    }
    if (!this.#shell.paused) this.#resume?.();
    this.#setTimer();
  }

  /** The timeouts of the line: looked at again when it should be over, because keys move it. */
  #setTimer(): void {
    const wait = this.#shell.deadline - this.#services.router.clock.now();
    clearTimeout(this.#timer);
    if (wait < LONGEST_TIMER) this.#timer = setTimeout(() => this.#expire(), Math.max(wait, 0)).unref();
  }

  #expire(): void {
    for (const effect of this.#shell.handleTimeout(this.#services.router.clock.now())) this.#apply(effect);
    this.#setTimer();
  }

  #apply(effect: ShellEffect): void {
    switch (effect.do) {
      case 'write':
        return this.write(effect.text);
      case 'execute':
        void this.#execute(effect.command, effect.filter);
        return;
      case 'interrupt':
        this.#running?.abort();
        this.#resume?.();
        return;
      case 'configure':
        return this.#configure(effect.configuration);
      case 'guard':
        if (!this.#services.configuration.guard(this.#author, effect.revertAfter)) {
          this.#input({ on: 'message', text: ALREADY_PENDING });
        }
        return;
      case 'configuration-left':
        return this.#services.configuration.left(this.#author);
      case 'check-secret':
        void checkSecret(effect.secret, effect.typed).then((matches) => this.#input({ on: 'secret-checked', matches }));
        return;
      case 'logged-in':
        this.#line.user = effect.user;
        return;
      case 'log':
        return this.#services.router.log.add(effect.message);
      case 'close':
        // The client on the Unix socket knows by it that the router is still there; an SSH client needs no telling.
        if (this.#line.kind === 'console') this.#stream.write(Uint8Array.of(LEFT));
        return hangUp(this.#stream);
      default:
        effect satisfies never;
    }
  }

  /** What Linux refuses of single steps is logged by the router: the line itself is in force then. */
  #configure(configuration: Configuration): void {
    try {
      this.#services.configuration.edit(configuration, this.#author);
      this.#input({ on: 'configured' });
    } catch (error) {
      this.#input({ on: 'configured', error: `% ${(error as Error).message}` });
    }
  }

  async #execute(command: ExecCommand, filter: OutputFilter | undefined): Promise<void> {
    if (command.exec === 'terminal-monitor') {
      const already = command.on && this.#line.kind === 'console' && this.#stopWatching !== undefined;
      this.monitor(command.on);
      return this.#input({ on: 'output', lines: already ? ['% Console already monitors'] : [], done: true });
    }
    const running = new AbortController();
    this.#running = running;
    try {
      await this.#carryOut(command, filter, running.signal);
    } catch (error) {
      if (!running.signal.aborted) this.#input({ on: 'output', lines: [`% ${(error as Error).message}`], done: false });
    }
    this.#running = undefined;
    this.#input({ on: 'output', lines: [], done: true });
  }

  async #carryOut(command: ExecCommand, filter: OutputFilter | undefined, signal: AbortSignal): Promise<void> {
    const { router, exec, lines } = this.#services;
    const users = () => lines.views(router.clock.now(), this.#line);
    // The shell filters by itself, but for what is made here.
    const made = filter?.kind === 'json' || filter?.kind === 'file';
    const parsed = made ? { command, filter } : { command };
    for await (const text of exec.run(parsed, { signal, users, author: this.#author })) {
      // Whole lines can be filtered and paged; what ends no line yet, the mark of a ping, is shown as it comes.
      const whole = text.split('\n');
      const rest = whole.pop() ?? '';
      if (whole.length > 0) this.#input({ on: 'output', lines: whole, done: false });
      if (rest !== '') this.#input({ on: 'text', text: rest });
      await this.#room();
      // At --More-- nothing more is made: who reads one page of a million lines costs one page.
      while (this.#shell.paused && !signal.aborted) await this.#unpaused();
      if (signal.aborted) return;
    }
  }

  #unpaused(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  /** Log and debug lines on this terminal. */
  monitor(on: boolean): void {
    if (!on) {
      this.#stopWatching?.();
      this.#stopWatching = undefined;
      return;
    }
    this.#stopWatching ??= this.#services.router.log.watch((text) => {
      // A terminal that does not keep up misses lines: it must not hold memory of the router.
      if (this.#backlog < MOST_MISSED) this.#input({ on: 'message', text });
    });
  }

  write(text: string): void {
    if (this.#closed || this.#stream.writableEnded) return;
    this.#backlog += text.length;
    this.#stream.write(text, () => {
      this.#backlog -= text.length;
      if (this.#backlog <= BACKLOG) this.#makeRoom();
    });
  }

  /** Once the terminal has taken most of what was written; at once when it is gone. */
  async #room(): Promise<void> {
    if (this.#backlog > BACKLOG && !this.#closed) {
      await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
    }
  }

  #makeRoom(): void {
    for (const resolve of this.#waitingForRoom.splice(0)) resolve();
  }

  #close(): void {
    this.#closed = true;
    this.#keys = [];
    this.#makeRoom();
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#resume?.();
    this.monitor(false);
    this.#services.configuration.gone(this.#author);
    this.#services.lines.close(this.#line);
  }
}

/** What was written last is to be read yet, but whoever does not hang up as well keeps no line. */
function hangUp(stream: Duplex): void {
  stream.end(() => setTimeout(() => stream.destroy(), GRACE).unref());
  setTimeout(() => stream.destroy(), LONGEST_GOODBYE).unref();
}

const BANNER = '\r\n';
/** Characters on their way to a terminal before commands and keys wait for it, and before messages pass it by. */
const BACKLOG = 1 << 16;
const MOST_MISSED = 1 << 18;
const KEYS_A_TURN = 256;
/** Milliseconds from the last word until the end, and for the last words to be read in. */
const GRACE = 1000;
const LONGEST_GOODBYE = 10_000;
/** `setTimeout` takes no more; `exec-timeout` can be longer, and an idle console is then looked after by its next key. */
const LONGEST_TIMER = 2 ** 31 - 1;
