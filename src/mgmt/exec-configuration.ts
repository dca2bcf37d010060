// The EXEC commands about configurations as a whole (C003, C028, C156, C161): what each says, and what it asks of the running one.

import { configurationDifference } from '../cli/configuration-difference.ts';
import { formatDerived } from '../cli/derived-config.ts';
import type { ExecCommand } from '../cli/exec-command.ts';
import { formatReport, type LineReport } from '../cli/load.ts';
import { formatInterface, formatRunningConfig, withHeader } from '../cli/running-config.ts';
import { formatWhen, showArchive, showRevertTimer } from '../cli/show/archive.ts';
import { showDirectory } from '../cli/show/files.ts';
import { impactJson, plural, showImpact } from '../cli/show/impact.ts';
import { showReload } from '../cli/show/reload.ts';
import {
  ALREADY_PENDING,
  type Author,
  type Changed,
  type RunningConfiguration,
  type Stamp,
  who,
} from '../host/running-configuration.ts';
import { MOST_REVISIONS } from '../store/archive.ts';
import type { Interface } from '../vpdn/configuration-interface.ts';
import { spelledOut } from '../vpdn/spelled-out.ts';
import type { Millis } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import { ConfigurationFiles } from './configuration-files.ts';
import { OperatorError } from './operator-error.ts';
import type { ReloadSchedule } from './reload-schedule.ts';
import type { Shown } from './shown.ts';

export interface ExecConfigurationOptions {
  readonly configuration: RunningConfiguration;
  readonly now: () => Millis;
  /** The interface whose lines a call runs by: the template of a Virtual-Access. */
  readonly subjectOf: (interfaceName: string) => Interface | undefined;
  /** Ends the router and starts it again, once the answer is out. */
  readonly reload: () => void;
  readonly schedule: Pick<ReloadSchedule, 'plan' | 'cancel' | 'view'>;
}

export class ExecConfiguration {
  readonly #options: ExecConfigurationOptions;
  readonly files: ConfigurationFiles;

  constructor(options: ExecConfigurationOptions) {
    this.#options = options;
    this.files = new ConfigurationFiles(options.configuration);
  }

  /** What only shows, and can be filtered; undefined: another command. */
  show(command: ExecCommand, json = false): Shown | undefined {
    try {
      return this.#show(command, json);
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      return { lines: [error.message], done: false };
    }
  }

  /** The data behind what is shown; undefined where there is none. */
  json(command: ExecCommand): Shown | undefined {
    return command.exec === 'show-configuration-impact' ? this.show(command, true) : undefined;
  }

  /** What changes something; undefined: another command. */
  act(command: ExecCommand, author: Author): Shown | undefined {
    try {
      return this.#act(command, author);
    } catch (error) {
      return { lines: [error instanceof OperatorError ? error.message : `% ${(error as Error).message}`], done: false };
    }
  }

  #show(command: ExecCommand, json: boolean): Shown | undefined {
    const { configuration, now, schedule } = this.#options;
    switch (command.exec) {
      case 'show-running-config':
        return this.#running(command);
      case 'show-startup-config':
        return { lines: this.#startup(), done: true };
      case 'show-derived-config':
        return this.#derived(command);
      case 'show-configuration-impact': {
        const source = this.files.read(command.file);
        const impact = configuration.impact(source);
        if (!impact.done) return { lines: refusal(source.name, impact.errors, impact.reason), done: false };
        return { lines: (json ? impactJson : showImpact)(source.name, impact.plan), done: true };
      }
      case 'dir':
        return { lines: showDirectory(this.files.list(command.of)), done: true };
      case 'more':
        return { lines: textLines(this.files.text(command.file)), done: true };
      case 'pwd':
        return { lines: ['flash:/'], done: true };
      case 'show-reload':
        return { lines: showReload(schedule.view), done: true };
      case 'show-archive':
        return { lines: showArchive(configuration.archive.revisions, MOST_REVISIONS), done: true };
      case 'show-archive-differences':
        return this.#differences(command);
      case 'show-archive-timer': {
        const { pending } = configuration;
        const left = pending && { who: who(pending.author), after: pending.after, left: pending.revertAt - now() };
        return { lines: showRevertTimer(left), done: true };
      }
      default:
        return undefined;
    }
  }

  #running(command: Extract<ExecCommand, { exec: 'show-running-config' }>): Shown {
    const { configuration } = this.#options;
    const { interfaceName, form } = command;
    if (interfaceName !== undefined) {
      const lines = formatInterface(configuration.current, interfaceName);
      if (lines === undefined) return { lines: ['% Interface is not configured'], done: false };
      return { lines: withHeader(lines), done: true };
    }
    const shown = form === 'all' ? spelledOut(configuration.current) : configuration.current;
    const lines = formatRunningConfig(shown);
    return { lines: withHeader(form === 'linenum' ? numbered(lines) : lines, this.#notes()), done: true };
  }

  /** `! Last configuration change at …`, where there is something to say (1.9). */
  #notes(): string[] {
    const { lastChange, lastSave } = this.#options.configuration;
    const said = (what: string, stamp: Stamp | undefined) =>
      stamp === undefined ? [] : [`${what} at ${formatWhen(stamp.time)} by ${nameOf(stamp.author)}`];
    return [...said('Last configuration change', lastChange), ...said('NVRAM config last updated', lastSave)];
  }

  /** As IOS heads it; the size of the device is the size of the file (1.9). */
  #startup(): string[] {
    let text: string;
    try {
      text = asText(this.files.read('startup-config').text);
    } catch {
      return [NOT_PRESENT];
    }
    if (text.trim() === '') return [NOT_PRESENT];
    const octets = Buffer.byteLength(text);
    return [`Using ${octets} out of ${octets} bytes`, ...text.trimEnd().split('\n')];
  }

  #derived({ interfaceName, heading }: Extract<ExecCommand, { exec: 'show-derived-config' }>): Shown {
    const { configuration, subjectOf } = this.#options;
    const subject = subjectOf(interfaceName) ?? configuration.current.interfaces.get(interfaceName);
    if (subject === undefined) return { lines: ['% Interface is not configured'], done: false };
    const lines = formatDerived(configuration.current, subject, interfaceName);
    return {
      lines: heading ? [`${interfaceName} is an L2TP link (sub)interface`, '', ...lines.slice(2)] : lines,
      done: true,
    };
  }

  /** Without names, the startup-config and the running one; with one, that and the running one. */
  #differences({
    file = 'startup-config',
    other = 'running-config',
  }: Extract<ExecCommand, { exec: 'show-archive-differences' }>): Shown {
    const [before, after] = [file, other].map((name) => asText(this.files.read(name).text).split(/\r?\n/));
    const difference = configurationDifference(before!, after!);
    const lines = difference.length === 0 ? ['!No changes were found'] : difference;
    return { lines: ['!Contextual Config Diffs:', ...lines], done: true };
  }

  #act(command: ExecCommand, author: Author): Shown | undefined {
    const { configuration, reload, schedule } = this.#options;
    switch (command.exec) {
      case 'write-memory':
        configuration.save(author);
        return { lines: SAVED, done: true };
      case 'delete':
        this.files.remove(command.file);
        return DONE;
      case 'erase-startup-config':
        configuration.erase();
        return { lines: ['[OK]', 'Erase of nvram: complete'], done: true };
      case 'copy-configuration':
        return this.#copy(command.from, command.to, author);
      case 'configure-elsewhere':
        if (!isStart(command.source, 'memory')) return { lines: ['?Must be "terminal" or "memory"'], done: false };
        return this.#copy('startup-config', 'running-config', author);
      case 'configure-replace':
        return this.#replace(command, author);
      case 'configure-confirm':
        return configuration.confirm(author) ? DONE : NONE_PENDING;
      case 'configure-revert':
        if (command.after !== 'now') return configuration.postpone(author, command.after) ? DONE : NONE_PENDING;
        return answerTo(configuration.revert(author), 'the configuration before') ?? NONE_PENDING;
      case 'reload':
        return this.#reload(command.save, author, reload);
      case 'reload-later': {
        const prepared = this.#prepared(command.save, author);
        if (!prepared.done) return prepared;
        const { lines, done } = schedule.plan(command.when, command.reason, describe(author));
        return { lines: [...prepared.lines, ...lines], done };
      }
      case 'reload-cancel':
        return schedule.cancel();
      default:
        return undefined;
    }
  }

  #copy(from: string, to: string, author: Author): Shown {
    const { configuration } = this.#options;
    const [source, destination] = [this.files.parse(from), this.files.parse(to)];
    if (destination.kind === 'running-config') {
      const text = this.files.read(from);
      const changed = configuration.replace(text, author, { command: `copy ${from} running-config`, merge: true });
      const octets = Buffer.byteLength(asText(text.text));
      return answerTo(changed, text.name, [`${octets} bytes copied`])!;
    }
    if (destination.kind === 'startup-config' && source.kind === 'running-config') {
      configuration.save(author);
      return { lines: SAVED, done: true };
    }
    if (destination.kind === 'startup-config')
      throw new OperatorError(
        '% A startup-config is made from the running-config: configure replace, then write memory',
      );
    const octets = this.files.write(to, asText(this.files.read(from).text));
    return { lines: [`${octets} bytes copied`], done: true };
  }

  #replace(command: Extract<ExecCommand, { exec: 'configure-replace' }>, author: Author): Shown {
    const { configuration } = this.#options;
    if (!command.agreed) return { lines: ['% Not replaced: nobody agreed, and `force` was not said'], done: false };
    if (command.revertAfter !== undefined && configuration.pending !== undefined)
      return { lines: [ALREADY_PENDING], done: false };
    const source = this.files.read(command.file);
    const { revertAfter } = command;
    const changed = configuration.replace(source, author, {
      command: `configure replace ${command.file}`,
      revertAfter,
    });
    const list = changed.done && command.list ? ['!List of Rollback Commands:', ...changed.difference, 'end', ''] : [];
    return answerTo(changed, source.name, [...list, 'Total number of passes: 1', 'Rollback Done'])!;
  }

  /** A router that would not come back is not sent away. */
  #reload(save: boolean, author: Author, reload: () => void): Shown {
    const prepared = this.#prepared(save, author);
    if (prepared.done) reload();
    return prepared;
  }

  #prepared(save: boolean, author: Author): Shown {
    const { configuration } = this.#options;
    if (save) configuration.save(author);
    const source = this.files.read('startup-config');
    const check = configuration.impact(source);
    if (!check.done) return { lines: refusal(source.name, check.errors, 'nothing is reloaded'), done: false };
    return { lines: save ? SAVED : [], done: true };
  }
}

/** What became of a change; undefined if there was none to make. */
function answerTo(changed: Changed | undefined, name: string, said: readonly string[] = []): Shown | undefined {
  if (changed === undefined) return undefined;
  if (!changed.done) return { lines: refusal(name, changed.errors, changed.reason), done: false };
  const { plan, revision, took, unchanged, warnings, findings } = changed;
  const number = revision === undefined ? '' : ` as revision ${revision.number}`;
  const count = plural(plan.items.length, 'change');
  const applied = unchanged
    ? 'Nothing differs from the configuration in force'
    : `Applied${number} in ${took.toFixed(1)} ms: ${count}, ${plan.dropped} of ${plural(plan.sessions, 'session')} dropped`;
  const warned = [...warnings.flatMap(formatReport), ...findings.map((finding) => `% Warning: ${finding}`)];
  return { lines: [...warned, ...said, applied], done: true };
}

function refusal(name: string, errors: readonly LineReport[], reason: string): string[] {
  if (errors.length === 0) return [reason.startsWith('%') ? reason : `% ${reason}: nothing was changed`];
  const count = `${errors.length} error${errors.length === 1 ? '' : 's'}`;
  return [...errors.flatMap(formatReport), `% ${count} in ${name}: nothing was changed`];
}

/** Whatever a file holds, a terminal obeys none of it. */
function textLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => printable(line.replaceAll('\t', '        ')));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** `show running-config linenum`. */
function numbered(lines: readonly string[]): string[] {
  const width = String(lines.length).length;
  return lines.map((line, index) => `${String(index + 1).padStart(width)} : ${line}`);
}

/** `admin on vty0 (192.0.2.9)`; of the console its name alone. */
function describe({ user, line }: Author): string {
  return user === '' ? line : `${user} on ${line}`;
}

function nameOf({ user, line }: Author): string {
  return user === '' ? line : user;
}

function asText(text: string | Uint8Array): string {
  return typeof text === 'string' ? text : new TextDecoder().decode(text);
}

function isStart(typed: string, whole: string): boolean {
  return typed !== '' && whole.startsWith(typed.toLowerCase());
}

const SAVED: readonly string[] = ['Building configuration...', '[OK]'];
const DONE: Shown = { lines: [], done: true };
const NONE_PENDING: Shown = { lines: ['%No Rollback Confirmed Change pending'], done: false };
const NOT_PRESENT = 'startup-config is not present';
