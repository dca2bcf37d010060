// Carries out EXEC commands. Output comes in pieces of text, so that the rows of a busy server stream and a ping shows each
// answer as it comes; the value at the end says whether the command was done.

import { readFileSync } from 'node:fs';
import { cpus, machine, release, totalmem, type } from 'node:os';
import type { ExecCommand, ParsedExec } from '../cli/exec-command.ts';
import { LineFilter } from '../cli/output-filter.ts';
import { formatInterface, formatRunningConfig, withHeader } from '../cli/running-config.ts';
import type { VersionView } from '../cli/show/version.ts';
import type { Author, RunningConfiguration } from '../host/running-configuration.ts';
import type { RunningRouter } from '../host/running-router.ts';
import type { UserView } from '../vpdn/view.ts';
import type { Debugging } from './debugging.ts';
import { hostFacts, machineFacts } from './machine-facts.ts';
import { operate } from './operate.ts';
import { runPing } from './ping.ts';
import { jsonLines, showLines } from './show.ts';
import type { ShowSources } from './show-sources.ts';
import { techSupport } from './tech-support.ts';
import { runTraceroute } from './traceroute.ts';
import { packageVersion } from './version.ts';

/** Who asks: a line of `show users`, and what ends a long command. */
export interface ExecCaller {
  readonly signal: AbortSignal;
  readonly users: () => readonly UserView[];
  readonly author: Author;
}

export interface ExecOptions {
  readonly router: RunningRouter;
  readonly debugging: Debugging;
  readonly configuration: RunningConfiguration;
}

export class Exec {
  readonly #options: ExecOptions;

  constructor(options: ExecOptions) {
    this.#options = options;
  }

  async *run({ command, filter }: ParsedExec, caller: ExecCaller): AsyncGenerator<string, boolean> {
    const sources = this.#sources(caller);
    if (filter?.kind === 'json') {
      const lines = jsonLines(command, sources);
      if (lines !== undefined) return yield* pieces(lines);
      yield '% This command has no JSON form\n';
      return false;
    }
    if (command.exec === 'ping') return yield* runPing(command, () => this.#options.router.view(), caller.signal);
    if (command.exec === 'traceroute') {
      return yield* runTraceroute(command, () => this.#options.router.view(), caller.signal);
    }
    const lines = this.#shown(command, sources);
    if (lines === undefined) return yield* this.#act(command, caller);
    if (filter === undefined) return yield* pieces(lines);
    const filtering = new LineFilter(filter);
    for (const line of lines) yield* filtering.push([line]).map(terminated);
    yield* filtering.end().map(terminated);
    return true;
  }

  /** Made for each command, read when a formatter asks: a view of ten thousand sessions is not built for `show clock`. */
  #sources(caller: ExecCaller): ShowSources {
    const { router, debugging } = this.#options;
    return {
      view: () => router.view(caller.users()),
      logging: () => router.logging(),
      version: () => this.#version(),
      debugging: () => debugging.view,
      pool: (name) => router.pool(name),
      machine: () => machineFacts(router.view()),
      hosts: () => hostFacts(router.view()),
    };
  }

  #shown(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
    if (command.exec === 'show-tech-support') return techSupport(sources);
    return showLines(command, sources) ?? this.#showConfiguration(command);
  }

  #showConfiguration(command: ExecCommand): string[] | undefined {
    const { router, configuration } = this.#options;
    if (command.exec === 'show-startup-config') return startupLines(configuration.startupPath);
    if (command.exec !== 'show-running-config') return undefined;
    if (command.interfaceName === undefined) return withHeader(formatRunningConfig(router.configuration));
    const lines = formatInterface(router.configuration, command.interfaceName);
    return lines === undefined ? ['% Interface is not configured'] : withHeader(lines);
  }

  *#act(command: ExecCommand, caller: ExecCaller): Generator<string, boolean> {
    const { router, debugging } = this.#options;
    const answer = operate(command, router, debugging);
    if (answer !== undefined) {
      yield* answer.map(terminated);
      return !answer.some((line) => line.startsWith('%'));
    }
    switch (command.exec) {
      case 'write-memory':
        return yield* this.#writeMemory(caller);
      default:
        yield '% This command needs a console: vpdn console\n';
        return false;
    }
  }

  /** The file the router was started from is its NVRAM (C028). */
  *#writeMemory(caller: ExecCaller): Generator<string, boolean> {
    yield 'Building configuration...\n';
    try {
      this.#options.configuration.save(caller.author);
    } catch (error) {
      yield `% ${(error as Error).message}\n`;
      return false;
    }
    yield '[OK]\n';
    return true;
  }

  #version(): VersionView {
    const { router, configuration: running } = this.#options;
    const { interfaces, now, wallClock, configuration } = router.view();
    const physical = interfaces.filter(({ kind }) => kind === 'physical').length;
    const uptime = now - router.bootedAt;
    return {
      hostname: configuration.hostname,
      version: packageVersion(),
      node: process.version,
      kernel: `${type()} ${release()}`,
      machine: machine(),
      processors: cpus().length,
      memory: totalmem(),
      interfaces: { physical, virtual: interfaces.length - physical },
      uptime,
      startedAt: wallClock - uptime,
      configurationFile: running.startupPath,
    };
  }
}

/** Lines joined into pieces worth a write each; between them, others get their turn. */
async function* pieces(lines: Iterable<string>): AsyncGenerator<string, boolean> {
  let piece = '';
  for (const line of lines) {
    piece += terminated(line);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
  return true;
}

function terminated(line: string): string {
  return `${line}\n`;
}

/** As IOS heads it; the size of the device is the size of the file (1.9). */
function startupLines(path: string): string[] {
  try {
    const text = readFileSync(path, 'utf8');
    const octets = Buffer.byteLength(text);
    return [`Using ${octets} out of ${octets} bytes`, ...text.trimEnd().split('\n')];
  } catch {
    return ['startup-config is not present'];
  }
}

/** Characters. */
const PIECE = 16_384;
