// Real routers for measurements: each `vpdn run` in a network namespace of its own, joined by cables. Needs root, and to be run
// in a namespace that holds nothing else (`insideNamespace`).

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execCommand } from '../src/mgmt/client.ts';

const INSIDE = 'VPDN_BENCH_INSIDE';
/** As bin/vpdn.mjs starts a router. */
const MEMORY = ['--max-semi-space-size=4'];
const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
const START_MILLIS = 20_000;
const END_MILLIS = 60_000;

/** Runs this program again in a network namespace, and ends with it; returns there. */
export function insideNamespace(): void {
  if (process.env[INSIDE] !== undefined) return;
  const { status } = spawnSync('unshare', ['-n', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [INSIDE]: '1' },
  });
  process.exit(status ?? 1);
}

export class BenchRouter {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vpdn-bench-'));
  readonly #child: ChildProcess;
  readonly #socket = join(this.#folder, 'socket');

  /** Makes the namespace; the router waits for `begin`, because its cables must be there first. */
  static async create(configuration: readonly string[]): Promise<BenchRouter> {
    const router = new BenchRouter(configuration);
    const entered = async () => namespaceOf(router.pid) !== namespaceOf(process.pid);
    if (!(await until(START_MILLIS, entered))) throw new Error('a namespace is not made');
    return router;
  }

  private constructor(configuration: readonly string[]) {
    const config = join(this.#folder, 'router.conf');
    writeFileSync(config, `${configuration.join('\n')}\nend\n`, { mode: 0o600 });
    const router = [process.execPath, ...MEMORY, MAIN, 'run', '--config', config, '--socket', this.#socket];
    const log = process.env.VPDN_BENCH_LOG === undefined ? 'ignore' : 'inherit';
    const wait = 'read -r _; ip link set lo up; exec "$@"';
    this.#child = spawn('unshare', ['-n', 'sh', '-c', wait, 'sh', ...router], { stdio: ['pipe', log, log] });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Starts it, and returns when it answers. */
  async begin(): Promise<void> {
    this.#child.stdin!.end('\n');
    const answers = () => this.exec('show version').catch(() => '');
    if (!(await until(START_MILLIS, async () => (await answers()) !== ''))) throw new Error('a router does not start');
  }

  async exec(command: string): Promise<string> {
    let text = '';
    await execCommand(this.#socket, command, (piece) => {
      text += piece;
    });
    return text;
  }

  /** Runs a program where the router is, to its end; returns its output. */
  run(...words: string[]): string {
    const { status, stdout, stderr } = spawnSync('nsenter', ['-t', String(this.pid), '-n', ...words], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr || stdout}`);
    return stdout;
  }

  /** Keeps a program running there; it ends with the router. */
  start(...words: string[]): void {
    const child = spawn('nsenter', ['-t', String(this.pid), '-n', ...words], { stdio: 'ignore' });
    this.#child.on('exit', () => child.kill('SIGKILL'));
  }

  get cpuMillis(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  get residentOctets(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))![1]) * 1024;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const gone = new Promise((resolve) => this.#child.on('exit', resolve));
    if (this.#child.exitCode === null && this.#child.signalCode === null) await Promise.race([gone, pause(END_MILLIS)]);
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function namespaceOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/ns/net`);
}

/** Frames on it are as a network card would put them on a wire: of one MTU, checksums filled in. */
export function cable(near: BenchRouter, device: string, far: BenchRouter, farDevice: string): void {
  const end = (router: BenchRouter) => ['netns', String(router.pid)];
  const words = ['link', 'add', device, ...end(near), 'type', 'veth', 'peer', 'name', farDevice, ...end(far)];
  const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
  for (const [router, name] of [
    [near, device],
    [far, farDevice],
  ] as const) {
    router.run('ethtool', '-K', name, 'tx', 'off', 'sg', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off');
    router.run('ip', 'link', 'set', name, 'up');
  }
}

export async function until(millis: number, reached: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + millis;
  while (performance.now() < end) {
    if (await reached()) return true;
    await pause(100);
  }
  return false;
}

export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
