// Two routers as an operator runs them, in the network of the demo: for tests that need the whole thing.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execCommand } from '../../src/mgmt/client.ts';
import { type Child, ChildProcesses } from '../../src/mgmt/demo/children.ts';
import { ADDRESSES, type HostName, Topology } from '../../src/mgmt/demo/topology.ts';
import { decodeAddress, encodeAddressDump } from '../../src/rtnetlink/address.ts';
import { decodeLink, encodeLinkDump } from '../../src/rtnetlink/link.ts';
import { decodeRoute, encodeRouteDump, ROUTE_PROTOCOL } from '../../src/rtnetlink/route.ts';
import { ping } from '../../src/sys/icmp.ts';
import { NetlinkSocket } from '../../src/sys/netlink-socket.ts';
import { atExit } from '../support/cleanup.ts';
import type { Needs } from '../support/requirement.ts';
import { pause, waitFor } from '../support/wait.ts';

export type Side = 'client' | 'server';

/** What two routers in namespaces take: no program but Node. */
export const PAIR: Needs = { root: true, files: ['/dev/net/tun'] };

export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Recording {
  /** Fails if the kernel had to leave something out. */
  stop(): Promise<void>;
}

export class Pair {
  readonly folder = mkdtempSync(join(tmpdir(), 'vpdn-pair-'));
  readonly #topology = Topology.build();
  readonly #children = new ChildProcesses(this.#topology);
  #sequence = 0;
  readonly #release = atExit(() => {
    this.#children.killAll();
    rmSync(this.folder, { recursive: true, force: true });
  });

  socket(side: Side): string {
    return join(this.folder, `${side}.sock`);
  }

  configPath(side: Side): string {
    return join(this.folder, `${side}.conf`);
  }

  /** The guide's example, with `edit` made to its text. */
  configure(side: Side, edit: (text: string) => string = (text) => text): void {
    const example = new URL(`../../examples/guide-l2tp/${side}.conf`, import.meta.url);
    writeFileSync(this.configPath(side), edit(readFileSync(example, 'utf8')));
  }

  /** Runs `vpdn` with these words on the side's host. */
  vpdn(side: Side, ...words: string[]): Child {
    return this.#children.start(side, process.execPath, [MAIN, ...words]);
  }

  /** Runs any program on any host of the figure. */
  program(host: HostName, command: string, ...words: string[]): Child {
    return this.#children.start(host, command, words);
  }

  async start(side: Side): Promise<Child> {
    const child = this.vpdn(side, 'run', '--config', this.configPath(side), '--socket', this.socket(side));
    await child.said('vpdn: running', 15_000);
    return child;
  }

  async startBoth(): Promise<Record<Side, Child>> {
    this.configure('server');
    this.configure('client');
    return { server: await this.start('server'), client: await this.start('client') };
  }

  async exec(side: Side, command: string): Promise<{ status: number; text: string }> {
    let text = '';
    const status = await execCommand(this.socket(side), command, (piece) => {
      text += piece;
    });
    return { status, text };
  }

  async untilCallIsUp(limit = 30_000): Promise<void> {
    try {
      await waitFor('the call to come up', limit, async () => {
        // Each end opens when it has heard the other's last word: one is always a little later.
        const { text: dialled } = await this.exec('client', 'show ip interface brief | include Virtual-PPP');
        const { text: accepted } = await this.exec('server', 'show ip interface brief | include Virtual-Access');
        return /up\s+up/.test(dialled) && /up\s+up/.test(accepted);
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await this.#account()}`);
    }
  }

  /** One echo from the client's LAN to the private host. */
  async pingThrough(): Promise<boolean> {
    const request = { destination: ADDRESSES.privateHost, size: 100, timeout: 1000, identifier: process.pid & 0xffff };
    const sequence = this.#sequence++ & 0xffff;
    const { outcome } = await this.#topology.run('client-host', () => ping({ ...request, sequence }));
    return outcome === 'reply';
  }

  /** Records all that passes between the provider and a side, for an outside judge; needs tcpdump. */
  async record(side: Side, file: string): Promise<Recording> {
    const device = side === 'client' ? 'east0' : 'west0';
    const options = ['-Z', 'root', '-n', '-U', '--immediate-mode', '-s', '2048', '-B', '65536'];
    const tcpdump = this.program('provider', 'tcpdump', ...options, '-i', device, '-w', file);
    await tcpdump.said('listening on', 5000);
    return {
      stop: async () => {
        // For the last packet to be read and written.
        await pause(200);
        tcpdump.kill('SIGINT');
        await tcpdump.ended(5000);
        assert.match(tcpdump.output, /^0 packets dropped by kernel$/m);
      },
    };
  }

  /** What Linux has of ours on a side: addresses but loopback's own, TUNs, routes with our mark. */
  traces(side: Side): string[] {
    const netlink = this.#topology.run(side, () => NetlinkSocket.open());
    try {
      const addresses = netlink.request(encodeAddressDump()).flatMap((message) => decodeAddress(message) ?? []);
      const links = netlink.request(encodeLinkDump()).flatMap((message) => decodeLink(message) ?? []);
      const routes = netlink.request(encodeRouteDump()).flatMap((message) => decodeRoute(message) ?? []);
      return [
        ...addresses.map(({ address }) => address).filter((address) => !/^127\.|\.254$/.test(address)),
        ...links.map(({ name }) => name).filter((name) => /^(vpdn|vppp)/.test(name)),
        ...routes.filter(({ protocol }) => protocol === ROUTE_PROTOCOL).map(({ prefix }) => prefix),
      ];
    } finally {
      netlink.close();
    }
  }

  /** What both ends have to say, for a test that waited in vain. */
  async #account(): Promise<string> {
    const told: string[] = [];
    for (const side of ['client', 'server'] as const) {
      for (const command of ['show logging', 'show vpdn | json', 'show vpdn history failure', 'show ip route']) {
        told.push(`--- ${side}: ${command}`, (await this.exec(side, command)).text);
      }
    }
    return told.join('\n');
  }

  async close(): Promise<void> {
    await this.#children.stopAll(2500);
    this.#topology.close();
    this.#release();
  }
}
