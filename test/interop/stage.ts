// Where a scenario is played: a capture of all that crosses the wire, steps that say what both ends logged when one fails, and
// what two ends of any tunnel can be asked.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Capture } from '../support/capture.ts';
import { atExit } from '../support/cleanup.ts';
import type { Namespace } from '../support/namespace.ts';
import { transfer } from '../support/transfer.ts';
import type { Endpoint } from './endpoint.ts';

/** A device that all of the tunnel's packets cross. */
export interface Wire {
  namespace: Namespace;
  device: string;
}

/** IPv4's and ICMP's, which ping does not count. */
const ICMP_HEADERS = 28;

export class Stage {
  readonly file: string;
  /** What was captured after a pause. */
  readonly rest: string;
  readonly #context: TestContext;
  readonly #wire: Wire;
  #capture: Capture;
  readonly #discard: () => void;
  #keep = false;
  #ends: readonly Endpoint[] = [];

  /** Captures from now on. */
  static async set(context: TestContext, wire: Wire): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'vpdntest-'));
    // No filter: the second fragment of a datagram has no port to go by.
    const capture = await Capture.start(wire.namespace, wire.device, join(folder, 'run.pcap'));
    return new Stage(context, wire, capture, folder);
  }

  private constructor(context: TestContext, wire: Wire, capture: Capture, folder: string) {
    this.file = capture.file;
    this.rest = join(folder, 'rest.pcap');
    this.#context = context;
    this.#wire = wire;
    this.#capture = capture;
    this.#discard = atExit(() => this.#keep || rmSync(folder, { recursive: true, force: true }));
  }

  /** Who explains a step that fails. */
  enter(...ends: readonly Endpoint[]): void {
    this.#ends = ends;
  }

  /** One that fails ends the scenario, for the next ones could only fail because of it. */
  async step(name: string, body: () => Promise<void>): Promise<void> {
    let failure: unknown;
    await this.#context.test(name, async () => {
      try {
        await body();
      } catch (error) {
        failure = error;
        this.say(`${name}:\n${this.#ends.map((end) => end.explain()).join('\n')}`);
        throw error;
      }
    });
    if (failure === undefined) return;
    this.#keep = true;
    throw new Error(`stopped after the step "${name}"; the capture is ${this.file}`);
  }

  say(text: string): void {
    this.#context.diagnostic(text);
  }

  /** The capture is complete after this; there may be steps that look at it. */
  async stopCapture(): Promise<void> {
    this.say(`${await this.#capture.stop()} packets captured`);
  }

  /** `body` has more packets than anybody can look at: what follows goes into `rest`. */
  async withoutCapture(body: () => Promise<void>): Promise<void> {
    await this.stopCapture();
    await body();
    this.#capture = await Capture.start(this.#wire.namespace, this.#wire.device, this.rest);
  }

  /** The capture goes, unless a step has failed. */
  clear(): void {
    this.#discard();
  }
}

/** Where each end can be reached through the tunnel. */
export interface Targets {
  towardsClient: string;
  towardsServer: string;
}

/** Both ends have agreed to the same two addresses. */
export async function agree(client: Endpoint, server: Endpoint): Promise<Targets> {
  const [near, far] = await Promise.all([client.established(), server.established()]);
  assert.deepEqual(near, { local: far.remote, remote: far.local }, 'the addresses of the two ends');
  return { towardsClient: client.inside ?? near.local, towardsServer: server.inside ?? near.remote };
}

export async function pingBothWays(client: Endpoint, server: Endpoint, targets: Targets): Promise<void> {
  await ping(client, targets.towardsServer);
  await ping(server, targets.towardsClient);
}

/** An IP packet of this size, with DF set. */
export async function pingUnfragmented(
  client: Endpoint,
  server: Endpoint,
  { towardsClient, towardsServer }: Targets,
  size: number,
): Promise<void> {
  const options = ['-M', 'do', '-s', String(size - ICMP_HEADERS)];
  await ping(client, towardsServer, options);
  await ping(server, towardsClient, options);
}

export async function ping(from: Endpoint, address: string, options: readonly string[] = []): Promise<void> {
  const outcome = await from.machine.run(['ping', '-n', '-c', '3', '-i', '0.2', '-W', '2', ...options, address]);
  assert.match(outcome.stdout, / 0% packet loss/, `${from.name} to ${address}: ${outcome.stdout}${outcome.stderr}`);
}

/** TCP from one end to the other; returns how fast that was. */
export async function send(from: Endpoint, to: Endpoint, address: string, octets: number): Promise<string> {
  const { millis } = await transfer({ from: from.machine, to: to.machine, address, octets });
  return `${((octets * 8) / 1000 / millis).toFixed(0)} Mbit/s`;
}
