// Carries out EXEC commands. Output comes in pieces of text, so that the rows of a busy server stream and a ping shows each
// answer as it comes; the value at the end says whether the command was done.

import { cpus, machine, release, totalmem, type } from 'node:os';
import type { ExecCommand, OutputFilter, ParsedExec } from '../cli/exec-command.ts';
import { LineFilter } from '../cli/output-filter.ts';
import { formatJson } from '../cli/show/json.ts';
import type { VersionView } from '../cli/show/version.ts';
import type { RunningConfiguration } from '../host/running-configuration.ts';
import type { RunningRouter } from '../host/running-router.ts';
import type { Debugging } from './debugging.ts';
import { ExecConfiguration } from './exec-configuration.ts';
import { hostFacts, machineFacts } from './machine-facts.ts';
import { operate } from './operate.ts';
import { operateWaysIn, showWaysIn, type WaysIn } from './operate-lines.ts';
import { intoFile } from './output-file.ts';
import { paced } from './pace.ts';
import { runPing } from './ping.ts';
import { ReloadSchedule, type ReloadScheduleOptions } from './reload-schedule.ts';
import type { ExecCaller } from './services.ts';
import { jsonLines, showLines } from './show.ts';
import type { ShowSources } from './show-sources.ts';
import type { Shown } from './shown.ts';
import { techSupport } from './tech-support.ts';
import { runTraceroute } from './traceroute.ts';
import { packageVersion } from './version.ts';

export interface ExecOptions {
  readonly router: RunningRouter;
  readonly debugging: Debugging;
  readonly configuration: RunningConfiguration;
  readonly timers: ReloadScheduleOptions['timers'];
  /** Made after the commands, which it carries out as well. */
  readonly ways: () => WaysIn;
  /** Ends the router and starts it again. */
  readonly reload: () => void;
}

export class Exec {
  readonly #options: ExecOptions;
  readonly #configurations: ExecConfiguration;

  constructor(options: ExecOptions) {
    const { router, configuration, reload, timers, ways } = options;
    this.#options = options;
    this.#configurations = new ExecConfiguration({
      configuration,
      reload,
      schedule: new ReloadSchedule({
        clock: router.clock,
        timers,
        log: (message) => router.log.add(message),
        tell: (lines) => ways().lines.tell(lines),
        reload: () => this.#configurations.act({ exec: 'reload', save: false }, SCHEDULE)!,
      }),
      now: () => router.clock.now(),
      subjectOf: (interfaceName) => router.callOf({ interfaceName })?.place.subject,
    });
  }

  async *run({ command, filter }: ParsedExec, caller: ExecCaller): AsyncGenerator<string, boolean> {
    const sources = this.#sources(caller);
    if (filter?.kind === 'json') {
      const json =
        this.#configurations.json(command) ??
        whole(jsonLines(command, sources)) ??
        linesAsJson(command, this.#shown(command, sources));
      if (json !== undefined) return yield* answered(json, undefined, caller.signal);
      yield '% This command has no JSON form\n';
      return false;
    }
    if (command.exec === 'ping') return yield* runPing(command, () => this.#options.router.view(), caller.signal);
    if (command.exec === 'traceroute') {
      return yield* runTraceroute(command, caller.signal);
    }
    const shown = this.#shown(command, sources);
    if (filter?.kind === 'file') {
      const pieces = answered(shown ?? NOTHING_FOR_A_FILE, undefined, caller.signal);
      return yield* shown === undefined ? pieces : intoFile(pieces, filter, this.#configurations.files, caller.signal);
    }
    if (shown === undefined) {
      const answer = await operateWaysIn(command, this.#options.ways());
      return answer === undefined ? yield* this.#act(command, caller) : yield* said(answer);
    }
    return yield* answered(shown, filter, caller.signal);
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

  #shown(command: ExecCommand, sources: ShowSources): Shown | undefined {
    if (command.exec === 'show-tech-support') return whole(techSupport(sources));
    const { ways, router } = this.#options;
    return (
      whole(showLines(command, sources) ?? showWaysIn(command, ways(), router)) ?? this.#configurations.show(command)
    );
  }

  *#act(command: ExecCommand, caller: ExecCaller): Generator<string, boolean> {
    const { router, debugging } = this.#options;
    const answer = operate(command, router, debugging);
    if (answer !== undefined) return yield* said(answer);
    const done = this.#configurations.act(command, caller.author);
    if (done !== undefined) {
      for (const line of done.lines) yield terminated(line);
      return done.done;
    }
    yield '% This command needs a console: vpdn console\n';
    return false;
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

/** In pieces of as many lines as are made in a turn; between them, others get theirs. */
async function* answered(
  { lines, done }: Shown,
  filter: OutputFilter | undefined,
  signal: AbortSignal,
): AsyncGenerator<string, boolean> {
  const filtering = new LineFilter(filter);
  for await (const taken of paced(lines, signal)) {
    const kept = filtering.push(taken);
    if (kept.length > 0) yield kept.map(terminated).join('');
  }
  const last = filtering.end();
  if (last.length > 0) yield last.map(terminated).join('');
  return done;
}

/** What a command has to say; a line that begins with `%` is a refusal. */
function* said(lines: readonly string[]): Generator<string, boolean> {
  yield* lines.map(terminated);
  return !lines.some((line) => line.startsWith('%'));
}

/** Who types a reload that was scheduled; whoever did that is in the log. */
const SCHEDULE = { user: '', line: 'reload schedule' };

/** What is text by its nature, such as a configuration: its lines are the data. A refusal stays one. */
function linesAsJson({ exec }: ExecCommand, shown: Shown | undefined): Shown | undefined {
  if (shown === undefined || !exec.startsWith('show-')) return undefined;
  if (!shown.done) return shown;
  return whole(formatJson({ schema: `vpdn.${exec}/1`, lines: shown.lines }));
}

const NOTHING_FOR_A_FILE: Shown = { lines: ['% What this terminal answers by itself goes to no file'], done: false };

function whole(lines: Iterable<string> | undefined): Shown | undefined {
  return lines === undefined ? undefined : { lines, done: true };
}

function terminated(line: string): string {
  return `${line}\n`;
}
