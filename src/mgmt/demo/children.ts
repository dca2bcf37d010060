// The processes of the demo: started in a namespace, their output kept, none of them outliving the demo.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { HostName, Topology } from './topology.ts';

export class ChildProcesses {
  readonly #topology: Topology;
  /** Those that have not ended: what an exit has to end. */
  readonly #running = new Set<Child>();
  #closed = false;

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  start(host: HostName, command: string, args: readonly string[], env: Record<string, string> = {}): Child {
    if (this.#closed) throw new Error(`${command} comes too late: the demo is over`);
    // Born where the thread is: the namespace of the host.
    const process_ = this.#topology.run(host, () => {
      const [program = command, ...words] = [...GUARD, command, ...args];
      return spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    });
    const child: Child = new Child(`${host}: ${args[1] ?? command}`, process_, () => this.#running.delete(child));
    this.#running.add(child);
    return child;
  }

  /** Asks all of them to end, and insists after `patience` milliseconds; no other starts from then on. */
  async stopAll(patience: number): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map((child) => child.stop(patience)));
  }

  /** For an exit that waits for nothing. */
  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

export class Child {
  /** Standard output and error, the last of it. */
  output = '';
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #over: Promise<void>;
  #status: string | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(name: string, child: ChildProcess, ended: () => void) {
    this.name = name;
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-KEPT);
        this.#wake();
      });
    }
    this.#over = new Promise((resolve) => {
      const finish = (status: string) => {
        this.#status = status;
        ended();
        this.#wake();
        resolve();
      };
      child.on('error', (error) => finish(error.message));
      child.on('close', (code, signal) => finish(signal ?? `status ${code}`));
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** How it ended; undefined while it runs. */
  get status(): string | undefined {
    return this.#status;
  }

  /** Waits for words in the output; fails when the process ends without them, or time is up. */
  async said(words: string, limit: number): Promise<void> {
    const end = performance.now() + limit;
    while (!this.output.includes(words)) {
      const rest = end - performance.now();
      if (this.#status !== undefined) throw new Error(`${this.name} ended (${this.#status}): ${this.#tail()}`);
      if (rest <= 0) throw new Error(`${this.name} did not say "${words}" within ${limit / 1000} s: ${this.#tail()}`);
      await this.#change(rest);
    }
  }

  async ended(limit: number): Promise<void> {
    const end = performance.now() + limit;
    while (this.#status === undefined) {
      const rest = end - performance.now();
      if (rest <= 0) throw new Error(`${this.name} did not end within ${limit / 1000} s: ${this.#tail()}`);
      await this.#change(rest);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async stop(patience: number): Promise<void> {
    if (this.#status !== undefined) return;
    this.kill('SIGTERM');
    const insist = setTimeout(() => this.kill('SIGKILL'), patience);
    await this.#over;
    clearTimeout(insist);
  }

  /** Until there is more output, or the end, or the time is up. */
  #change(limit: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, limit);
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #tail(): string {
    return this.output.trim().split('\n').slice(-5).join('\n') || 'it said nothing';
  }
}

/** Ends a child with us even where we are killed and can end nothing; part of util-linux, and done without where it is missing. */
const GUARD = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM'] : [];
/** Octets of output worth keeping. */
const KEPT = 1 << 16;
