// A real router with thousands of sessions and traffic in them, and an operator who changes its configuration a hundred times:
// nobody is lost whom the impact plan did not name, and a bad file changes nothing.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execCommand } from '../../src/mgmt/client.ts';
import { seeded } from '../sim/world.ts';
import { atExit } from '../support/cleanup.ts';
import { Namespace } from '../support/namespace.ts';
import type { Background } from '../support/process.ts';
import { hosted, NAMESPACES } from '../support/requirement.ts';
import { pause, waitFor } from '../support/wait.ts';
import type { EchoReport } from './load-client.ts';
import { change, ECHO_ADDRESS, firstPlan, spoilt, textOf } from './reload-changes.ts';

const [GROUPS, CALLS_EACH, SAMPLE] = [30, 67, 60];
const SESSIONS = GROUPS * CALLS_EACH;
const [VALID, INVALID] = [100, 25];
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const CLIENT = fileURLToPath(new URL('./load-client.ts', import.meta.url));

interface Sessions {
  readonly sessions: { readonly tunnelId: number; readonly localId: number; readonly interfaceName: string }[];
}

interface Interfaces {
  readonly interfaces: { readonly name: string; readonly lineProtocol: string }[];
}

class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'vpdn-reload-'));
  readonly config = join(this.folder, 'server.conf');
  readonly socket = join(this.folder, 'server.sock');
  readonly #namespace = Namespace.create();
  readonly #release = atExit(() => this.#clear());
  #router: Background | undefined;
  #client: ChildProcess | undefined;
  #answers: AsyncIterator<string> | undefined;

  async start(text: string): Promise<void> {
    writeFileSync(this.config, text, { mode: 0o600 });
    const argv = [process.execPath, MAIN, 'run', '--config', this.config, '--socket', this.socket];
    this.#router = this.#namespace.start(argv);
    await this.#router.said(/vpdn: running/, 30_000);
    const counts = [GROUPS, CALLS_EACH, SAMPLE].map(String);
    const words = ['netns', 'exec', this.#namespace.name, process.execPath, CLIENT, ...counts, ECHO_ADDRESS];
    this.#client = spawn('ip', words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#client.stdout! })[Symbol.asyncIterator]();
  }

  async exec(command: string): Promise<{ status: number; text: string }> {
    let text = '';
    const status = await execCommand(this.socket, command, (piece) => {
      text += piece;
    });
    return { status, text };
  }

  async ask<T>(question: string): Promise<T> {
    this.#client!.stdin!.write(`${question}\n`);
    const { value } = await this.#answers!.next();
    return JSON.parse(value as string) as T;
  }

  /** The sessions of the server that carry IP, by their ids. */
  async sessions(): Promise<Set<string>> {
    const { sessions } = JSON.parse((await this.exec('show vpdn session | json')).text) as Sessions;
    const { interfaces } = JSON.parse((await this.exec('show ip interface brief | json')).text) as Interfaces;
    const up = new Set(interfaces.filter(({ lineProtocol }) => lineProtocol === 'up').map(({ name }) => name));
    const open = sessions.filter(({ interfaceName }) => up.has(interfaceName));
    return new Set(open.map(({ tunnelId, localId }) => `${tunnelId}/${localId}`));
  }

  /** Whom a file would cost their sessions. */
  async named(file: string): Promise<Set<string>> {
    const { status, text } = await this.exec(`show configuration impact ${file} | json`);
    assert.equal(status, 0, text);
    const { items } = JSON.parse(text) as { items: { sessions: { tunnel: number; session: number }[] }[] };
    return new Set(items.flatMap(({ sessions }) => sessions.map(({ tunnel, session }) => `${tunnel}/${session}`)));
  }

  /** Without the lines that say when: they are not of the configuration. */
  async configuration(): Promise<string> {
    const { text } = await this.exec('show running-config');
    return text
      .replace(/^! (Last configuration change|NVRAM config).*\n/gm, '')
      .replace(/^Current configuration.*\n/m, '');
  }

  async close(): Promise<void> {
    this.#client?.stdin?.end();
    await this.#router?.stop();
    this.#release();
  }

  #clear(): void {
    this.#client?.kill('SIGKILL');
    this.#namespace.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function without(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...some].filter((each) => !others.has(each));
}

const seed = Number(process.env.VPDN_TEST_SEED ?? Date.now() % 1_000_000);

hosted(
  `${SESSIONS} sessions, ${VALID} valid changes and ${INVALID} invalid ones: nobody is lost who was not named (VPDN_TEST_SEED=${seed})`,
  [NAMESPACES],
  240_000,
  async (context) => {
    const random = seeded(seed);
    let plan = firstPlan(GROUPS);
    const bench = new Bench();
    try {
      await bench.start(textOf(plan));
      const open = async () => (await bench.ask<{ open: number }>('open')).open;
      await waitFor(`${SESSIONS} sessions`, 60_000, async () => (await open()) === SESSIONS);
      assert.deepEqual((await bench.ask<EchoReport>('echo')).silent, []);

      const [times, answers]: [number[], number[]] = [[], []];
      let [before, lostInAll, smallest] = [await bench.sessions(), 0, SESSIONS];
      /** Named, and still saying goodbye when they were last counted. */
      let leaving = new Set<string>();
      const order = shuffled([...Array(VALID).fill(true), ...Array(INVALID).fill(false)] as boolean[], random);
      for (const [index, valid] of order.entries()) {
        const file = join(bench.folder, 'next.cfg');
        if (!valid) {
          const text = await bench.configuration();
          const bytes = readFileSync(bench.config);
          writeFileSync(file, spoilt(textOf(plan), random));
          const refused = await bench.exec(`configure replace ${file} force`);
          assert.equal(refused.status, 1, `change ${index}: ${refused.text}`);
          assert.equal(await bench.configuration(), text);
          assert.deepEqual(readFileSync(bench.config), bytes);
          continue;
        }
        // Each is a few changes away from the same configuration, so that callers find their way back.
        plan = firstPlan(GROUPS);
        for (let count = 1 + Math.floor(random() * 4); count > 0; count--) change(plan, random);
        writeFileSync(file, textOf(plan));
        const named = await bench.named(file);
        const asked = performance.now();
        const { status, text } = await bench.exec(`configure replace ${file} force list`);
        answers.push(performance.now() - asked);
        assert.equal(status, 0, `change ${index}: ${text}`);
        times.push(Number(/in ([\d.]+) ms/.exec(text)?.[1] ?? 0));
        const after = await bench.sessions();
        const lost = without(before, after);
        const unnamed = lost.filter((id) => !named.has(id) && !leaving.has(id));
        assert.deepEqual(unnamed, [], `change ${index} lost ${unnamed.length} sessions that nobody named\n${text}`);
        const echo = await bench.ask<EchoReport>('echo');
        assert.deepEqual(echo.silent, [], `change ${index}: sessions that carry nothing any more\n${text}`);
        leaving = new Set([...named, ...leaving].filter((id) => after.has(id)));
        lostInAll += lost.length;
        smallest = Math.min(smallest, after.size);
        before = after;
      }
      context.diagnostic(`applied in ${distribution(times)}`);
      context.diagnostic(`answered in ${distribution(answers)}`);
      context.diagnostic(`sessions: ${lostInAll} lost and all of them named, never fewer than ${smallest} up`);
      assert.ok(Math.max(...times) <= 500, `the slowest change took ${Math.max(...times)} ms`);

      await waitFor('the end of all that were named', 15_000, async () => {
        return [...(await bench.sessions())].every((id) => !leaving.has(id));
      });
      await revertTimer(bench, plan, random);
    } finally {
      await bench.close();
    }
  },
);

/** A change that nobody confirms: the configuration before comes back by itself, and costs nobody but those named. */
async function revertTimer(bench: Bench, plan: ReturnType<typeof firstPlan>, random: () => number): Promise<void> {
  const [text, before] = [await bench.configuration(), await bench.sessions()];
  const changed = structuredClone(plan);
  changed.hostname = 'wrong';
  const victim = changed.groups.findIndex(({ there, protocol }) => there && protocol !== 'pptp');
  changed.groups[victim]!.there = false;
  change(changed, random);
  const file = join(bench.folder, 'wrong.cfg');
  writeFileSync(file, textOf(changed));
  const named = await bench.named(file);
  const { status, text: said } = await bench.exec(`configure replace ${file} force revert timer seconds 3`);
  assert.equal(status, 0, said);
  assert.notEqual(await bench.configuration(), text);
  const second = await bench.exec(`configure replace ${file} force revert timer seconds 3`);
  assert.match(second.text, /^%Rollback Confirmed Change is already pending/);
  await waitFor('the configuration before', 10_000, async () => (await bench.configuration()) === text);
  await pause(500);
  const unnamed = without(before, await bench.sessions()).filter((id) => !named.has(id));
  assert.deepEqual(unnamed, []);
  const { text: archive } = await bench.exec('show archive');
  assert.match(archive, /revert timer \(configure revert\) <- Most Recent/);
}

function distribution(millis: readonly number[]): string {
  const sorted = [...millis].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1);
  return `${at(0)} to ${at(1)} ms, median ${at(0.5)}, 95 % within ${at(0.95)}`;
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}
