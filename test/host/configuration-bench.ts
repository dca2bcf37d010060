// A running configuration on a real pure router, with a folder and a clock of the test's own.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import { type Changed, type ConfiguredRouter, RunningConfiguration } from '../../src/host/running-configuration.ts';
import { Archive } from '../../src/store/archive.ts';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { formatLogMessage, type LogMessage } from '../../src/vpdn/log.ts';
import { Router } from '../../src/vpdn/router.ts';
import type { Millis } from '../../src/wire/machine.ts';

const STARTUP = 'hostname one\nusername bob password 0 s3cret\n';
export const BOB = { user: 'bob', line: 'vty0 (192.0.2.9)' };

export class Bench {
  now: Millis = 0;
  /** Why the router would not take the next one. */
  refusal: string | undefined;
  readonly logs: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'vpdn-running-'));
  readonly startup = join(this.folder, 'router.conf');
  readonly running: RunningConfiguration;
  readonly #due = new Map<() => void, Millis>();

  constructor(text = STARTUP) {
    writeFileSync(this.startup, text, { mode: 0o600 });
    this.running = this.begin(text);
  }

  begin(text: string): RunningConfiguration {
    const timers = {
      set: (fire: () => void, time: Millis) => void this.#due.set(fire, time),
      clear: (fire: () => void) => void this.#due.delete(fire),
    };
    const archive = new Archive(`${this.startup}.archive`);
    return new RunningConfiguration({ router: this.#router(text), timers, archive, startupPath: this.startup });
  }

  /** Lets time pass, and calls what is due. */
  pass(span: Millis): void {
    this.now += span;
    for (const [fire, time] of [...this.#due]) {
      if (time > this.now) continue;
      this.#due.delete(fire);
      fire();
    }
  }

  replace(text: string, revertAfter?: Millis): Changed {
    return this.running.replace({ name: 'flash:new.cfg', text }, BOB, {
      command: 'configure replace new.cfg',
      revertAfter,
    });
  }

  said(mnemonic: string): string[] {
    return this.logs.filter((line) => line.includes(mnemonic));
  }

  #router(text: string): ConfiguredRouter {
    const router = new Router({ entropy: (octets) => new Uint8Array(octets), epoch: 0 });
    let configuration: Configuration = loadConfiguration(text).configuration;
    router.handle({ on: 'configure', configuration }, this.now);
    return {
      get configuration() {
        return configuration;
      },
      clock: { now: () => this.now, wallClock: () => Date.UTC(2026, 10, 22) + this.now },
      log: { add: (message: LogMessage) => void this.logs.push(formatLogMessage(message)) },
      configure: (next) => {
        if (this.refusal !== undefined) throw new Error(this.refusal);
        router.handle({ on: 'configure', configuration: next }, this.now);
        configuration = next;
      },
      impact: (next) => router.impact(next),
    };
  }
}

export function onBench(name: string, body: (bench: Bench) => void | Promise<void>, startup?: string): void {
  test(name, async () => {
    const bench = new Bench(startup);
    try {
      await body(bench);
    } finally {
      rmSync(bench.folder, { recursive: true, force: true });
    }
  });
}
