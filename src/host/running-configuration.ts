// The configuration as a thing that lives: typed line by line, replaced as a whole, kept in revisions, saved, taken back. Whatever
// changes it comes through here, so that each change is in force whole or not at all, has a number, and has somebody's name on it.

import { statSync } from 'node:fs';
import { formatRunningConfig } from '../cli/running-config.ts';
import type { Archive, Revision } from '../store/archive.ts';
import { PRIVATE_FILE, writeWhole } from '../store/atomic-file.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import type { LogMessage } from '../vpdn/log.ts';
import type { Millis } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import type { Clock } from './clock.ts';
import type { Timers } from './timers.ts';

/** Who changes it, and from where. */
export interface Author {
  /** Empty where nobody had to say a name. */
  readonly user: string;
  /** `console`, `vty0 (192.0.2.9)`, `SIGHUP`. */
  readonly line: string;
}

/** What it needs of a running router. */
export interface ConfiguredRouter {
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: { add(message: LogMessage): void };
  /** All of it in this turn of the event loop; throws when it was refused, and then nothing has changed. */
  configure(configuration: Configuration): void;
}

export interface RunningConfigurationOptions {
  readonly router: ConfiguredRouter;
  readonly timers: Pick<Timers, 'set' | 'clear'>;
  readonly archive: Archive;
  /** The file that the router was started from: its NVRAM. */
  readonly startupPath: string;
}

/** When and by whom. */
export interface Stamp {
  /** Milliseconds since 1970. */
  readonly time: Millis;
  readonly author: Author;
}

export class RunningConfiguration {
  lastChange: Stamp | undefined;
  lastSave: Stamp | undefined;
  readonly #options: RunningConfigurationOptions;
  /** Whose typed lines are in force and in no revision yet. */
  readonly #editing = new Set<string>();
  /** The text of the newest revision. */
  #recorded = '';
  /** The text that the startup-config comes to. */
  #saved: string;

  /** `startup`: what the startup-config holds, which is in force now. */
  constructor(options: RunningConfigurationOptions) {
    this.#options = options;
    this.#saved = this.text;
    this.#record({ user: '', line: 'console' }, 'start');
  }

  get current(): Configuration {
    return this.#options.router.configuration;
  }

  get archive(): Archive {
    return this.#options.archive;
  }

  get startupPath(): string {
    return this.#options.startupPath;
  }

  /** As running-config prints it, without the lines around it. */
  get text(): string {
    return `${formatRunningConfig(this.current).join('\n')}\n`;
  }

  /** A restart would bring another configuration than the one in force. */
  get modified(): boolean {
    return this.text !== this.#saved;
  }

  /** One typed line, in force at once, as on any IOS router. */
  edit(configuration: Configuration, author: Author): void {
    this.#options.router.configure(configuration);
    this.lastChange = this.#stamp(author);
    this.#editing.add(author.line);
  }

  /** Configuration mode was left: what was typed there is one revision. */
  left(author: Author): void {
    this.#editing.delete(author.line);
    this.#log('SYS-CONFIG_I', `Configured from console by ${who(author)}`);
    this.#record(author, 'configure terminal');
  }

  /** A terminal is gone, perhaps out of the middle of configuration mode. */
  gone(author: Author): void {
    if (this.#editing.has(author.line)) this.left(author);
  }

  /** `write memory`. Throws what the disk says; the file is then the one it was. */
  save(author: Author): void {
    const { text } = this;
    // No easier to read than it was, and by nobody outside its group: there are secrets in it.
    const mode = statSync(this.startupPath, { throwIfNoEntry: false })?.mode ?? PRIVATE_FILE;
    writeWhole(this.startupPath, text, mode & 0o770);
    this.#saved = text;
    this.lastSave = this.#stamp(author);
  }

  /** A disk that takes no revision must not keep the operator from his change: it is logged and goes on. */
  #record(author: Author, command: string): Revision | undefined {
    const { text } = this;
    if (text === this.#recorded) return undefined;
    const { user, line } = author;
    try {
      const revision = this.archive.add({ time: this.#options.router.clock.wallClock(), user, line, command }, text);
      this.#recorded = text;
      return revision;
    } catch (error) {
      this.#log('ARCHIVE-FAILED', `the revision could not be kept: ${(error as Error).message}`);
      return undefined;
    }
  }

  #stamp(author: Author): Stamp {
    return { time: this.#options.router.clock.wallClock(), author };
  }

  #log(name: LogMessage['name'], text: string): void {
    this.#options.router.log.add({ name, text });
  }
}

/** `console`, or `bob on vty0 (192.0.2.9)`. */
export function who({ user, line }: Author): string {
  return user === '' ? line : `${printable(user)} on ${line}`;
}
