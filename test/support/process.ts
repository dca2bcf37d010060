// Child processes for tests: run one to its end, or keep one in the background. Each leads its own process group, so that
// ending it ends what it started, and none outlives the test process.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { atExit } from './cleanup.ts';
import { waitFor } from './wait.ts';

export interface Outcome {
  /** Exit status; undefined when a signal ended it. */
  status: number | undefined;
  stdout: string;
  stderr: string;
}

/** Anything commands run in: a network namespace of this host, or a guest. */
export interface Machine {
  run(argv: readonly string[], timeoutMillis?: number): Promise<Outcome>;
}

const RUN_MILLIS = 30_000;
/** How much of a background process's output is kept: the end is what explains a failure. */
const KEPT_OUTPUT = 4 << 20;
/** More than this from a command that runs to its end is an error: half an answer may look like a whole one. */
const MOST_OUTPUT = 64 << 20;

/** A short command that must succeed; throws with its complaint otherwise. */
export function command(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 10_000 });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr.trim()} (status ${status})`);
  return stdout;
}

/** Runs to the end. An exit status is an outcome, not an error; taking longer than the time given is an error. */
export async function run(
  argv: readonly string[],
  timeoutMillis = RUN_MILLIS,
  options: BackgroundOptions = {},
): Promise<Outcome> {
  const child = Background.start(argv, { ...options, separate: true, kept: MOST_OUTPUT });
  try {
    await child.ended(timeoutMillis);
  } finally {
    await child.stop();
  }
  if (child.stdout.length === MOST_OUTPUT) throw new Error(`${argv.join(' ')} said more than is kept`);
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

export interface BackgroundOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Keep standard error apart instead of following standard output. */
  separate?: boolean;
  /** So many characters of output, the last ones. */
  kept?: number;
}

export class Background {
  stdout = '';
  stderr = '';
  status: number | undefined;
  signal: NodeJS.Signals | undefined;
  #over = false;
  readonly #argv: readonly string[];
  readonly #child: ChildProcess;
  readonly #release: () => void;

  static start(argv: readonly string[], options: BackgroundOptions = {}): Background {
    return new Background(argv, options);
  }

  private constructor(argv: readonly string[], { env, cwd, separate = false, kept = KEPT_OUTPUT }: BackgroundOptions) {
    this.#argv = argv;
    this.#child = spawn(argv[0]!, argv.slice(1), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd,
      env: { ...process.env, ...env },
    });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.stdout = (this.stdout + text).slice(-kept);
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      if (separate) this.stderr = (this.stderr + text).slice(-kept);
      else this.stdout = (this.stdout + text).slice(-kept);
    });
    this.#child.on('error', (error) => {
      this.stderr += String(error);
      this.#finish(127, undefined);
    });
    // 'close' comes after the last output, 'exit' may come before it.
    this.#child.on('close', (status, signal) => this.#finish(status ?? undefined, signal ?? undefined));
    this.#release = atExit(() => this.#kill('SIGKILL'));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return !this.#over;
  }

  /** Waits for its own end, whatever the status. */
  async ended(millis: number): Promise<void> {
    await waitFor(
      `the end of ${this.#argv.join(' ')}`,
      millis,
      () => this.#over,
      () => this.#tail(),
    );
  }

  /** Waits until the output has a match; fails at once when the process ends without. */
  async said(pattern: RegExp, millis: number): Promise<RegExpExecArray> {
    return await waitFor(
      `${pattern} from ${this.#argv.join(' ')}`,
      millis,
      () => {
        const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        if (match !== null) return match;
        if (this.#over) throw new Error(`${this.#argv.join(' ')} ended (${this.#how()})\n${this.#tail()}`);
        return undefined;
      },
      () => this.#tail(),
    );
  }

  send(signal: NodeJS.Signals): void {
    this.#kill(signal);
  }

  /** Asks with `signal`, insists with SIGKILL after `patienceMillis`; returns when it is over. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', patienceMillis = 3000): Promise<void> {
    if (!this.#over) {
      this.#kill(signal);
      await this.ended(patienceMillis).catch(() => undefined);
    }
    // Always: a leader that has ended may have left others of its group behind.
    this.#release();
    await this.ended(2000).catch(() => undefined);
  }

  #kill(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // The group is gone already.
    }
  }

  #finish(status: number | undefined, signal: NodeJS.Signals | undefined): void {
    this.#over = true;
    this.status ??= status;
    this.signal ??= signal;
  }

  #how(): string {
    return this.signal ?? `status ${this.status}`;
  }

  #tail(): string {
    return `${this.stdout}${this.stderr}`.split('\n').slice(-25).join('\n');
  }
}
