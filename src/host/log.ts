// The log: a ring that `show logging` prints, the console, and whoever watches with `terminal monitor`.
// A message that repeats too fast is counted instead of printed, so that a storm of refused calls cannot fill a disk.

import { formatTimestamp } from '../cli/show/clock.ts';
import { DEFAULT_BUFFER, INFORMATIONAL, type LoggingView } from '../cli/show/logging.ts';
import type { LogDestination, Logging, Services, Severity } from '../vpdn/configuration-system.ts';
import { formatLogMessage, type LogMessage, type LogName, MESSAGES } from '../vpdn/log.ts';
import type { Millis } from '../wire/machine.ts';
import type { Clock } from './clock.ts';
import type { Syslog } from './syslog.ts';
import type { Timers } from './timers.ts';

export type LogWatcher = (line: string, severity: number) => void;

export interface LogOptions {
  readonly clock: Clock;
  readonly timers: Pick<Timers, 'set'>;
  /** Gets the lines of `logging console`. */
  readonly console: (line: string) => void;
  /** The servers of `logging host`. */
  readonly syslog?: Pick<Syslog, 'send' | 'messages' | 'views'>;
}

export class Log {
  readonly #options: LogOptions;
  readonly #bootedAt: Millis;
  readonly #lines: string[] = [];
  readonly #monitors = new Set<LogWatcher>();
  /** The second that each kind of message is in; gone when it was quiet. */
  readonly #windows = new Map<LogName, Window>();
  readonly #counts = { console: 0, monitor: 0, buffered: 0, limited: 0 };
  #octets = 0;
  #sequence = 0;
  #logging: Logging = { on: true };
  #services: Services | undefined;
  #consoleLevel: Severity | undefined;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#bootedAt = options.clock.now();
  }

  /** `consoleLevel` of the command line stands above `logging console`. */
  configure(logging: Logging, services: Services, consoleLevel: Severity | undefined): void {
    this.#logging = logging;
    this.#services = services;
    this.#consoleLevel = consoleLevel;
    this.#trim();
  }

  /** Within the limit of its kind: whoever repeats a refused call must not fill the disk of the server he calls. */
  add(message: LogMessage): void {
    if (!this.#admit(message.name)) return;
    this.#emit(message);
  }

  /** A line of `debug` output: never kept, for the eyes of those who watch. */
  debug(text: string): void {
    const style = this.#services?.timestampsDebug ?? DEFAULT_TIMESTAMPS;
    const line = this.#number() + this.#stamp(style) + text;
    if (this.#level('console') >= DEBUGGING) this.#options.console(line);
    this.#trap(DEBUGGING, line);
    if (this.#level('monitor') < DEBUGGING) return;
    for (const monitor of this.#monitors) monitor(line, DEBUGGING);
  }

  /** Until the function returned is called. */
  watch(watcher: LogWatcher): () => void {
    this.#monitors.add(watcher);
    return () => this.#monitors.delete(watcher);
  }

  clear(): void {
    this.#lines.length = 0;
    this.#octets = 0;
  }

  view(): LoggingView {
    return {
      configuration: this.#logging,
      dropped: 0,
      rateLimited: this.#counts.limited,
      consoleLogged: this.#counts.console,
      monitorLogged: this.#counts.monitor,
      bufferLogged: this.#counts.buffered,
      trapLogged: this.#options.syslog?.messages ?? 0,
      servers: this.#options.syslog?.views() ?? [],
      buffer: this.#lines,
    };
  }

  #emit(message: LogMessage): void {
    const { severity } = MESSAGES[message.name];
    const stamp = this.#stamp(this.#services?.timestampsLog ?? DEFAULT_TIMESTAMPS);
    const line = this.#number() + stamp + formatLogMessage(message);
    if (severity <= this.#level('console')) {
      this.#counts.console++;
      this.#options.console(line);
    }
    if (severity <= this.#level('monitor')) {
      for (const monitor of this.#monitors) {
        this.#counts.monitor++;
        monitor(line, severity);
      }
    }
    this.#trap(severity, line);
    if (severity > this.#level('buffered')) return;
    this.#counts.buffered++;
    this.#lines.push(line);
    this.#octets += line.length + 1;
    this.#trim();
  }

  #trap(severity: number, line: string): void {
    const { on, trap = INFORMATIONAL } = this.#logging;
    if (on && trap !== 'off' && severity <= trap) this.#options.syslog?.send(severity, line);
  }

  /** The least severe that a destination takes; -1: nothing. `no logging on` leaves the console alone. */
  #level(destination: LogDestination): number {
    const { on, silent } = this.#logging;
    if (destination === 'console' && this.#consoleLevel !== undefined) return this.#consoleLevel;
    if ((!on && destination !== 'console') || silent?.includes(destination)) return -1;
    return this.#logging[destination] ?? DEBUGGING;
  }

  /** `service sequence-numbers`: every message has one, shown or not, so that a gap tells of what was lost. */
  #number(): string {
    this.#sequence++;
    return this.#services?.sequenceNumbers === true ? `${String(this.#sequence).padStart(6, '0')}: ` : '';
  }

  #stamp(style: Services['timestampsLog']): string {
    const { clock } = this.#options;
    return formatTimestamp(style, { wallClock: clock.wallClock(), uptime: clock.now() - this.#bootedAt });
  }

  #bufferSize(): number {
    return this.#logging.bufferSize ?? DEFAULT_BUFFER;
  }

  /** The ring is measured in octets, as `logging buffered` gives it. */
  #trim(): void {
    while (this.#octets > this.#bufferSize()) {
      const oldest = this.#lines.shift();
      if (oldest === undefined) return;
      this.#octets -= oldest.length + 1;
    }
  }

  /** At most `BURST` of one message in each `SPAN`; when the span is over, one line tells how many were left out. */
  #admit(name: LogName): boolean {
    const now = this.#options.clock.now();
    let window = this.#windows.get(name);
    if (window === undefined) {
      window = { start: now, admitted: 0, suppressed: 0, close: () => this.#closeWindow(name) };
      this.#windows.set(name, window);
    }
    if (now >= window.start + SPAN && window.suppressed === 0) {
      window.start = now;
      window.admitted = 0;
    }
    if (window.admitted < BURST) {
      window.admitted++;
      return true;
    }
    window.suppressed++;
    this.#counts.limited++;
    if (window.suppressed === 1) this.#options.timers.set(window.close, window.start + SPAN);
    return false;
  }

  #closeWindow(name: LogName): void {
    const window = this.#windows.get(name);
    if (window === undefined) return;
    const { facility, severity, mnemonic } = MESSAGES[name];
    const count = window.suppressed;
    this.#windows.delete(name);
    const text = `${count} more of %${facility}-${severity}-${mnemonic} within ${SPAN / 1000} s left out`;
    this.#emit({ name: 'VPDN-SUPPRESSED', text });
  }
}

interface Window {
  start: Millis;
  admitted: number;
  suppressed: number;
  readonly close: () => void;
}

const BURST = 20;
const SPAN: Millis = 1000;
const DEBUGGING = 7;
const DEFAULT_TIMESTAMPS = { kind: 'none' } as const;
