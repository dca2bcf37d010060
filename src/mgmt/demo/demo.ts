// `vpdn demo`: the guide's figure on this machine. Two real routers, a call from one to the other, drawn as it is negotiated;
// then traffic through it, and a console to look around. Everything it makes ends with it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ping } from '../../sys/icmp.ts';
import { SystemError } from '../../wire/errors.ts';
import { execCommand } from '../client.ts';
import { abortedBy, type EndingSignal, statusOf } from '../ending.ts';
import { OperatorError } from '../operator-error.ts';
import { ChildProcesses } from './children.ts';
import { chooseConsoles } from './consoles.ts';
import { Negotiation } from './negotiation.ts';
import { borrowPrivileges } from './privileges.ts';
import { measure } from './throughput.ts';
import { ADDRESSES, Topology } from './topology.ts';

export interface DemoOptions {
  /** Unattended: no console at the end. */
  readonly once: boolean;
}

export async function demo({ once }: DemoOptions): Promise<number> {
  const status = await borrowPrivileges();
  if (status !== undefined) return status;
  const ending = abortedBy('SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE');
  const stage = new Stage(ending);
  try {
    await Promise.race([play(stage, once || !process.stdin.isTTY), stage.interrupted]);
    return 0;
  } catch (error) {
    if (ending.aborted) {
      process.stderr.write(`\nEnded by ${ending.reason}; everything is taken down again.\n`);
      return statusOf(ending.reason as EndingSignal);
    }
    process.stderr.write(`\nThe demo failed: ${(error as Error).message}\n`);
    stage.printLogs();
    return error instanceof OperatorError ? error.status : 1;
  } finally {
    await stage.clear();
  }
}

/** The story, in order; each step either succeeds or throws the line that the user is to read. */
async function play(stage: Stage, unattended: boolean): Promise<void> {
  const say = (line: string) => stage.say(line);
  say(PICTURE);
  await stage.startRouter('server');
  const negotiation = new Negotiation({
    socket: stage.socket('server'),
    client: { name: 'peer1', address: ADDRESSES.clientOuter },
    server: { name: 'peer2', address: ADDRESSES.serverOuter },
    colour: COLOUR,
    width: Math.min(process.stdout.columns ?? 100, 110),
    print: say,
  });
  await stage.startRouter('client');
  const up = await stage.callIsUp();
  await negotiation.finish(up, up ? 'the tunnel is up: IP flows over PPP over L2TP' : 'the call did not come up');
  if (!up) throw new OperatorError(`no call within ${CALL_LIMIT / 1000} s`);
  await stage.pingThrough();
  await stage.compareThroughput();
  say(`\n${bold('peer2#')}show vpdn session all`);
  await execCommand(stage.socket('server'), 'show vpdn session all', (text) => stage.write(text));
  if (unattended) return;
  await chooseConsoles({ client: stage.socket('client'), server: stage.socket('server') }, stage.ending);
}

/** The network, the processes in it, and what has to go at the end. */
class Stage {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vpdn-demo-'));
  readonly #topology: Topology;
  readonly #children: ChildProcesses;
  /** For their last words. */
  readonly #routers: { readonly name: string; readonly output: string }[] = [];
  readonly ending: AbortSignal;
  /** Rejects when a signal ends the demo. */
  readonly interrupted: Promise<never>;

  constructor(ending: AbortSignal) {
    this.ending = ending;
    try {
      this.#topology = Topology.build();
    } catch (error) {
      rmSync(this.#folder, { recursive: true, force: true });
      if (!(error instanceof SystemError)) throw error;
      throw new OperatorError(`the demo's network cannot be built here: ${error.message}`);
    }
    this.#children = new ChildProcesses(this.#topology);
    process.on('exit', () => this.#children.killAll());
    this.interrupted = new Promise((_resolve, reject) => {
      ending.addEventListener('abort', () => reject(ending.reason), { once: true });
    });
  }

  /** The story goes on for a moment after a signal has ended the demo: nobody is told any more. */
  say(line: string): void {
    this.write(`${line}\n`);
  }

  write(text: string): void {
    if (!this.ending.aborted) process.stdout.write(text);
  }

  socket(router: 'client' | 'server'): string {
    return join(this.#folder, `${router}.sock`);
  }

  async startRouter(name: 'client' | 'server'): Promise<void> {
    const config = fileURLToPath(new URL(`${name}.conf`, EXAMPLE));
    const args = [MAIN, 'run', '--config', config, '--socket', this.socket(name)];
    const router = this.#children.start(name, process.execPath, args);
    this.#routers.push(router);
    await router.said('vpdn: running', START_LIMIT);
  }

  /** Asks both ends, as a script would, until their line protocols are up: one is always a little later. */
  async callIsUp(): Promise<boolean> {
    const end = performance.now() + CALL_LIMIT;
    while (performance.now() < end) {
      if ((await this.#isUp('client', 'Virtual-PPP1')) && (await this.#isUp('server', 'Virtual-Access1'))) return true;
      await pause(50);
    }
    return false;
  }

  async pingThrough(): Promise<void> {
    const { clientHost, privateHost } = ADDRESSES;
    this.write(`\nPing from the client's LAN (${clientHost}) to the private host ${privateHost}: `);
    const times: number[] = [];
    for (let sequence = 0; sequence < PINGS; sequence++) {
      const request = {
        destination: privateHost,
        size: 100,
        timeout: PING_LIMIT,
        identifier: process.pid & 0xffff,
        sequence,
      };
      // The socket is made before the first wait, so it belongs to the host, wherever the answer is read.
      const result = await this.#topology.run('client-host', () => ping(request));
      this.write(result.outcome === 'reply' ? '!' : '.');
      if (result.outcome === 'reply') times.push(result.roundTrip);
    }
    this.say('');
    if (times.length === 0) throw new OperatorError(`no answer from ${privateHost} through the tunnel`);
    const [least, most] = [Math.min(...times), Math.max(...times)].map((time) => time.toFixed(2));
    this.say(`${times.length} of ${PINGS} answered, round trip ${least} to ${most} ms`);
    if (times.length < PINGS)
      throw new OperatorError(`${PINGS - times.length} pings were lost on a network that loses none`);
  }

  /** Two figures of one run on one machine: only their ratio means something elsewhere. */
  async compareThroughput(): Promise<void> {
    this.say('\nTCP, one stream, two seconds each, on a wire of MTU frames without offloads:');
    const outer = { from: 'client', to: 'server', address: ADDRESSES.serverOuter } as const;
    const plain = await measure(this.#children, outer);
    this.say(`  between the routers, no tunnel          ${megabits(plain)}`);
    const inner = { from: 'client-host', to: 'private-host', address: ADDRESSES.privateHost } as const;
    const tunnel = await measure(this.#children, inner);
    this.say(
      `  between the LANs, through the tunnel    ${megabits(tunnel)}   ${(tunnel / plain).toFixed(2)} of the plain wire`,
    );
  }

  async #isUp(router: 'client' | 'server', wanted: string): Promise<boolean> {
    let text = '';
    await execCommand(this.socket(router), 'show ip interface brief | json', (piece) => {
      text += piece;
    });
    const { interfaces } = JSON.parse(text) as { interfaces: { name: string; lineProtocol: string }[] };
    return interfaces.some(({ name, lineProtocol }) => name === wanted && lineProtocol === 'up');
  }

  /** What the routers said, for somebody who has to find out why. */
  printLogs(): void {
    for (const { name, output } of this.#routers) {
      process.stderr.write(`\n--- ${name} ---\n${output.trim().split('\n').slice(-15).join('\n')}\n`);
    }
  }

  /** Processes first: the namespaces go with the last of them. */
  async clear(): Promise<void> {
    await this.#children.stopAll(STOP_LIMIT);
    this.#topology.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function megabits(rate: number): string {
  return `${Math.round(rate / 1e6)} Mbit/s`.padStart(12);
}

const COLOUR = process.env.NO_COLOR === undefined && (process.stdout.isTTY || process.env.FORCE_COLOR !== undefined);
const bold = (text: string): string => (COLOUR ? `\u001b[1m${text}\u001b[0m` : text);

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const EXAMPLE = new URL('../../../examples/guide-l2tp/', import.meta.url);

const PICTURE = `
  client's LAN          client router        provider        tunnel server          private LAN
  10.20.20.2 ---------- 172.16.32.24 ====================== 172.24.13.196 ---------- 10.10.10.2

Five network namespaces, two routers from examples/guide-l2tp. The client calls as soon as it is configured:
`;
const PINGS = 5;
/** Milliseconds. */
const PING_LIMIT = 2000;
const START_LIMIT = 10_000;
const CALL_LIMIT = 30_000;
const STOP_LIMIT = 2500;
