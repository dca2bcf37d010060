// Network namespaces for tests and benchmarks: made with names of this process, gone with `close`.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Why this machine cannot host such a test; undefined: it can. */
export function missingForNamespaces(...programs: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync('/dev/net/tun')) return 'needs /dev/net/tun';
  for (const program of ['ip', ...programs]) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `needs ${program}`;
  }
  const trial = `vt${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', trial]).status !== 0) return 'needs network namespaces';
  spawnSync('ip', ['netns', 'del', trial]);
  return undefined;
}

export class Namespace {
  readonly name: string;
  readonly #children: ChildProcess[] = [];

  constructor(label: string) {
    this.name = `vt${process.pid}${label}`;
    execFileSync('ip', ['netns', 'add', this.name]);
    this.run('ip', 'link', 'set', 'lo', 'up');
  }

  /** Runs to the end and returns its output; throws if it fails. */
  run(program: string, ...words: readonly string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.name, program, ...words], {
      encoding: 'utf8',
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  start(program: string, ...words: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.name, program, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#children.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timeout = setTimeout(() => child.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(timeout);
    }
    spawnSync('ip', ['netns', 'del', this.name]);
  }
}

/**
 * Joins two namespaces by a veth pair that behaves like a wire: packets of MTU size cross it with their checksums in place,
 * no super-packets. `coalescing`: the receiving side puts runs together (GRO), as the driver of a network card does.
 */
export function joinByWire(
  left: Namespace,
  leftAddress: string,
  right: Namespace,
  rightAddress: string,
  coalescing = false,
): void {
  execFileSync('ip', ['link', 'add', 'wire', 'netns', left.name, 'type', 'veth', 'peer', 'wire', 'netns', right.name]);
  for (const [namespace, address] of [
    [left, leftAddress],
    [right, rightAddress],
  ] as const) {
    namespace.run('ip', 'address', 'add', `${address}/24`, 'dev', 'wire');
    // The same host in IPv6, without the wait for whoever else may have it.
    const ipv6 = `2001:db8::${address.split('.').at(-1)}/64`;
    namespace.run('ip', 'address', 'add', ipv6, 'dev', 'wire', 'nodad');
    namespace.run('ip', 'link', 'set', 'wire', 'up');
    const gro = coalescing ? 'on' : 'off';
    namespace.run('ethtool', '-K', 'wire', 'tso', 'off', 'gso', 'off', 'tx', 'off', 'gro', gro);
  }
}
