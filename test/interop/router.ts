// Our own router as one end of a tunnel: the daemon as a user starts it, seen through its commands and its log only.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execCommand } from '../../src/mgmt/client.ts';
import { atExit } from '../support/cleanup.ts';
import type { Namespace } from '../support/namespace.ts';
import type { Background } from '../support/process.ts';
import { waitFor } from '../support/wait.ts';
import type { Addresses, Dialer } from './endpoint.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const CONFIGURATIONS = new URL('configuration/', import.meta.url);

const START_MILLIS = 15_000;
const UP_MILLIS = 30_000;
const END_MILLIS = 15_000;
/** What SIGTERM has to be enough for. */
const SHUTDOWN_MILLIS = 2000;
const DEBUGGING = 7;

/** `C     198.51.100.1/32 is directly connected, Virtual-PPP1`: the route to the PPP peer. */
const PEER_ROUTE = /^C\s+([\d.]+)(?:\/32)? is directly connected, ((?:Virtual-PPP|Virtual-Access|Dialer)\d+)$/m;
const LINE_DOWN = /%LINEPROTO-5-UPDOWN: Line protocol on Interface (?:Virtual-|Dialer)\S+, changed state to down/g;
/** `  Software encryption, 128 bit encryption, Stateless mode` */
const ENCRYPTION = /(\d+) bit encryption, (Stateful|Stateless) mode/;

export interface RouterOptions {
  protocol?: 'l2tp' | 'pptp';
  /** What this run has different in its configuration. */
  change?: (text: string) => string;
}

export class Router implements Dialer {
  readonly name: string;
  readonly machine: Namespace;
  readonly inside = undefined;
  readonly #protocol: 'l2tp' | 'pptp';
  readonly #socket: string;
  readonly #daemon: Background;
  #downsSeen = 0;

  /** Returns once it answers commands. `file` is one of `configuration/`. */
  static async start(namespace: Namespace, file: string, options: RouterOptions = {}): Promise<Router> {
    const router = new Router(namespace, file, options);
    await waitFor(
      'our router to answer',
      START_MILLIS,
      async () => {
        assert.ok(router.#daemon.running, router.explain());
        return (await router.exec('show version')).status === 0;
      },
      () => router.explain(),
    );
    return router;
  }

  private constructor(
    namespace: Namespace,
    file: string,
    { protocol = 'l2tp', change = (text) => text }: RouterOptions,
  ) {
    this.name = `vpdn (${file})`;
    this.machine = namespace;
    this.#protocol = protocol;
    const folder = mkdtempSync(join(tmpdir(), 'vpdntest-router-'));
    atExit(() => rmSync(folder, { recursive: true, force: true }));
    this.#socket = join(folder, 'socket');
    const config = join(folder, basename(file));
    writeFileSync(config, change(readFileSync(new URL(file, CONFIGURATIONS), 'utf8')));
    const options = ['--config', config, '--socket', this.#socket, '--log', String(DEBUGGING)];
    this.#daemon = namespace.start([process.execPath, MAIN, 'run', ...options]);
  }

  /** An EXEC command, by the control socket, as `vpdn exec` does it. No status: nobody answered. */
  async exec(command: string): Promise<{ status: number | undefined; stdout: string }> {
    let stdout = '';
    const status = await execCommand(this.#socket, command, (text) => {
      stdout += text;
    }).catch(() => undefined);
    return { status, stdout };
  }

  /** It dials by itself, and again after every end. */
  async dial(): Promise<void> {}

  async established(): Promise<Addresses> {
    const addresses = await waitFor(
      `IPCP to open on ${this.name}`,
      UP_MILLIS,
      () => this.#addresses(),
      () => this.explain(),
    );
    this.#downsSeen = this.#downs;
    return addresses;
  }

  async peerEnded(): Promise<void> {
    await waitFor(
      `${this.name} to see the end of the tunnel`,
      END_MILLIS,
      () => this.#downs > this.#downsSeen,
      () => this.explain(),
    );
  }

  async hangUp(): Promise<void> {
    const outcome = await this.exec(`clear vpdn tunnel ${this.#protocol} all`);
    assert.equal(outcome.status, 0, outcome.stdout);
  }

  async shutDown(): Promise<void> {
    const start = performance.now();
    await this.#daemon.stop('SIGTERM', SHUTDOWN_MILLIS * 2);
    const millis = performance.now() - start;
    assert.equal(
      this.#daemon.status,
      0,
      `it ended with ${this.#daemon.signal ?? this.#daemon.status}\n${this.explain()}`,
    );
    assert.ok(millis < SHUTDOWN_MILLIS, `it took ${Math.round(millis)} ms to end`);
  }

  /** Waits for a line of its log. */
  async said(pattern: RegExp): Promise<void> {
    await this.#daemon.said(pattern, END_MILLIS);
  }

  explain(): string {
    return [`${this.name} says:`, this.#daemon.stdout.split('\n').slice(-80).join('\n')].join('\n');
  }

  /** Of the one PPP link there is: `128-bit stateless`; undefined: it is in clear. */
  async encryption(): Promise<string | undefined> {
    const { name } = await this.#peer();
    const [, bits, mode] = ENCRYPTION.exec((await this.exec(`show ppp mppe ${name}`)).stdout) ?? [];
    return bits && `${bits}-bit ${mode!.toLowerCase()}`;
  }

  async #peer(): Promise<{ name?: string | undefined; remote?: string | undefined }> {
    const [, remote, name] = PEER_ROUTE.exec((await this.exec('show ip route')).stdout) ?? [];
    return { name, remote };
  }

  async #addresses(): Promise<Addresses | undefined> {
    const { name, remote } = await this.#peer();
    if (name === undefined) return undefined;
    const brief = (await this.exec('show ip interface brief')).stdout;
    const line = brief.split('\n').find((row) => row.startsWith(`${name} `));
    const local = line?.split(/\s+/)[1];
    return local?.includes('.') ? { local, remote: remote! } : undefined;
  }

  get #downs(): number {
    return this.#daemon.stdout.match(LINE_DOWN)?.length ?? 0;
  }
}
