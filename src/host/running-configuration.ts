// The configuration as a thing that lives: typed line by line, replaced as a whole, kept in revisions, saved, taken back. Whatever
// changes it comes through here, so that each change is in force whole or not at all, has a number, and has somebody's name on it.

import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { configurationDifference } from '../cli/configuration-difference.ts';
import { lint } from '../cli/lint.ts';
import { type LineReport, loadConfiguration } from '../cli/load.ts';
import { formatRunningConfig } from '../cli/running-config.ts';
import { sealSecrets } from '../cli/seal.ts';
import type { Archive, Revision } from '../store/archive.ts';
import { PRIVATE_FILE, writeWhole } from '../store/atomic-file.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import type { ImpactPlan } from '../vpdn/impact.ts';
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
  impact(configuration: Configuration): ImpactPlan;
}

export interface RunningConfigurationOptions {
  readonly router: ConfiguredRouter;
  readonly timers: Pick<Timers, 'set' | 'clear'>;
  readonly archive: Archive;
  /** The file that the router was started from: its NVRAM. */
  readonly startupPath: string;
}

/** A text to be taken for a configuration. */
export interface Source {
  /** As the log names it: `nvram:startup-config`. */
  readonly name: string;
  readonly text: string | Uint8Array;
}

/** When and by whom. */
export interface Stamp {
  /** Milliseconds since 1970. */
  readonly time: Millis;
  readonly author: Author;
}

/** What the whole of a change comes to. */
export type Changed =
  | {
      readonly done: true;
      /** Nothing differed: nothing was done. */
      readonly unchanged: boolean;
      readonly plan: ImpactPlan;
      /** Lines with `+` and `-`. */
      readonly difference: readonly string[];
      /** Undefined where it could not be kept, or nothing changed. */
      readonly revision: Revision | undefined;
      readonly warnings: readonly LineReport[];
      /** What the new configuration will not do although its lines are right, and the old one did not have. */
      readonly findings: readonly string[];
      /** How long the router was at it, and nothing else. */
      readonly took: Millis;
    }
  /** Nothing has changed. */
  | { readonly done: false; readonly errors: readonly LineReport[]; readonly reason: string };

export interface ChangeOptions {
  /** The command, for the archive. */
  readonly command: string;
  /** Taken back after this long, unless somebody confirms. */
  readonly revertAfter?: Millis | undefined;
  /** The text is added to the running configuration instead of taking its place. */
  readonly merge?: boolean;
}

/** A change that waits to be confirmed. */
export interface Pending {
  readonly author: Author;
  readonly command: string;
  readonly before: Configuration;
  /** On the router's clock. */
  readonly revertAt: Millis;
  readonly after: Millis;
}

export class RunningConfiguration {
  /** Called when another configuration is in force. */
  onChange: () => void = () => {};
  lastChange: Stamp | undefined;
  lastSave: Stamp | undefined;
  readonly #options: RunningConfigurationOptions;
  /** Whose typed lines are in force and in no revision yet. */
  readonly #editing = new Set<string>();
  /** The text of the newest revision. */
  #recorded = '';
  /** The text that the startup-config comes to. */
  #saved: string;
  #pending: Pending | undefined;

  /** The router runs its startup-config. */
  constructor(options: RunningConfigurationOptions) {
    this.#options = options;
    this.#saved = this.text;
    const { revisions } = this.archive;
    this.#recorded = this.archive.read(revisions.at(-1)?.number ?? 0) ?? '';
    this.#record({ user: '', line: 'startup-config' }, 'restart');
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
    return textOf(this.current);
  }

  /** A restart would bring another configuration than the one in force. */
  get modified(): boolean {
    return this.text !== this.#saved;
  }

  get pending(): Pending | undefined {
    return this.#pending;
  }

  /** One typed line, in force at once, as on any IOS router. */
  edit(configuration: Configuration, author: Author): void {
    this.#seal(configuration);
    this.#options.router.configure(configuration);
    this.onChange();
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

  /** What `replace` would do with it, if it can be taken at all. */
  impact(source: Source): Extract<Changed, { done: false }> | { readonly done: true; readonly plan: ImpactPlan } {
    const loaded = loadConfiguration(source.text);
    if (loaded.errors.length > 0) return { done: false, errors: loaded.errors, reason: 'errors in the file' };
    this.#seal(loaded.configuration);
    return { done: true, plan: this.#options.router.impact(loaded.configuration) };
  }

  /** All of the text is read first: with one error in it, or where the router refuses, nothing changes. */
  replace(source: Source, author: Author, options: ChangeOptions): Changed {
    if (options.revertAfter !== undefined && this.#pending !== undefined) {
      return { done: false, errors: [], reason: ALREADY_PENDING };
    }
    const loaded = loadConfiguration(source.text, options.merge === true ? structuredClone(this.current) : undefined);
    if (loaded.errors.length > 0) {
      const [{ line, message }] = loaded.errors as [LineReport];
      const others = loaded.errors.length === 1 ? '' : ` (the first of ${loaded.errors.length} errors)`;
      this.#log(
        'PARSER-CFG_REJECTED',
        `${source.name} line ${line}: ${firstLine(message)}${others}: nothing was changed`,
      );
      return { done: false, errors: loaded.errors, reason: 'errors in the file' };
    }
    const before = this.current;
    const changed = this.#apply(loaded.configuration, loaded.warnings);
    if (!changed.done) {
      this.#log('PARSER-CFG_REJECTED', `${source.name}: ${changed.reason}: nothing was changed`);
      return changed;
    }
    this.#log('SYS-CONFIG_I', `Configured from ${source.name} by ${who(author)}`);
    for (const finding of changed.findings) this.#log('VPDN-CONFIG_WARN', finding);
    if (options.revertAfter !== undefined) this.#arm(before, options.revertAfter, author, options.command);
    if (source.name === STARTUP_CONFIG && options.merge !== true) this.#saved = this.text;
    if (changed.unchanged) return changed;
    this.lastChange = this.#stamp(author);
    return { ...changed, revision: this.#record(author, options.command) };
  }

  /** `configure terminal revert timer`: what is typed from now on is taken back, unless somebody confirms. False: one waits already. */
  guard(author: Author, after: Millis): boolean {
    if (this.#pending !== undefined) return false;
    this.#arm(this.current, after, author, 'configure terminal');
    return true;
  }

  /** False: there is nothing to confirm. */
  confirm(author: Author): boolean {
    if (this.#pending === undefined) return false;
    this.#disarm();
    this.#log('ARCHIVE-REVERT_CONFIRM', `User: ${who(author)}: Confirm the configuration change`);
    return true;
  }

  /** Another time to wait, from now on. */
  postpone(author: Author, after: Millis): boolean {
    const { command, before } = this.#pending ?? {};
    if (command === undefined || before === undefined) return false;
    this.#arm(before, after, author, command);
    return true;
  }

  /** `configure revert now`; undefined: there is nothing to take back. */
  revert(author: Author): Changed | undefined {
    if (this.#pending === undefined) return undefined;
    const { before } = this.#pending;
    this.#disarm();
    this.#log('ARCHIVE-REVERTED', `Start rolling to the configuration before, by ${who(author)}`);
    const changed = this.#apply(structuredClone(before), []);
    if (!changed.done) {
      this.#log('SYS-FAULT', `the configuration before could not be brought back: ${changed.reason}`);
      return changed;
    }
    this.#log('SYS-CONFIG_I', `Configured from the configuration before by ${who(author)}`);
    this.lastChange = this.#stamp(author);
    return { ...changed, revision: this.#record(author, 'configure revert') };
  }

  /** `write memory`. Throws what the disk says; the file is then the one it was. */
  save(author: Author): void {
    const { text } = this;
    this.#writeStartup(text);
    this.#saved = text;
    this.lastSave = this.#stamp(author);
  }

  /** `write erase`: a restart begins with nothing. */
  erase(): void {
    this.#writeStartup('');
    this.#saved = '';
  }

  /** No timer outlives the router. */
  stop(): void {
    this.#disarm();
  }

  #apply(configuration: Configuration, warnings: readonly LineReport[]): Changed {
    const { router } = this.#options;
    this.#seal(configuration);
    const before = this.current;
    const difference = configurationDifference(formatRunningConfig(before), formatRunningConfig(configuration));
    const plan = router.impact(configuration);
    const unchanged = difference.length === 0 && plan.items.length === 0;
    const findings = unchanged ? [] : newFindings(before, configuration);
    const start = router.clock.now();
    try {
      if (!unchanged) {
        router.configure(configuration);
        this.onChange();
      }
    } catch (error) {
      return { done: false, errors: [], reason: (error as Error).message };
    }
    const took = router.clock.now() - start;
    return { done: true, unchanged, plan, difference, revision: undefined, warnings, findings, took };
  }

  readonly #expire = (): void => {
    this.revert({ user: '', line: 'revert timer' });
  };

  #arm(before: Configuration, after: Millis, author: Author, command: string): void {
    const { router, timers } = this.#options;
    const revertAt = router.clock.now() + after;
    this.#pending = { author, command, before, revertAt, after };
    timers.set(this.#expire, revertAt);
    const when = after % 60_000 === 0 ? `${after / 60_000} minutes` : `${after / 1000} seconds`;
    this.#log('ARCHIVE-REVERT_START', `User: ${who(author)}: Scheduled to rollback in ${when}`);
  }

  #disarm(): void {
    this.#options.timers.clear(this.#expire);
    this.#pending = undefined;
  }

  /** Nothing keeps a one-way secret in clear. */
  #seal(configuration: Configuration): void {
    sealSecrets(configuration, randomBytes, this.current);
  }

  /** No easier to read than it was, and by nobody outside its group: there are secrets in it. */
  #writeStartup(text: string): void {
    const mode = statSync(this.startupPath, { throwIfNoEntry: false })?.mode ?? PRIVATE_FILE;
    writeWhole(this.startupPath, text, mode & 0o770);
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

export function textOf(configuration: Configuration): string {
  return `${formatRunningConfig(configuration).join('\n')}\n`;
}

/** The lint of the old configuration was said when it came. */
function newFindings(before: Configuration, after: Configuration): string[] {
  const old = new Set(lint(before).map(({ code, sentence }) => `${code} ${sentence}`));
  return lint(after)
    .filter(({ severity, code, sentence }) => severity !== 'note' && !old.has(`${code} ${sentence}`))
    .map(({ code, sentence, remedy }) => `${code} ${sentence}; ${remedy}`);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!;
}

/** The startup-config, as the name of a source. */
export const STARTUP_CONFIG = 'nvram:startup-config';
export const ALREADY_PENDING = '%Rollback Confirmed Change is already pending: confirm it, or revert it, first';
