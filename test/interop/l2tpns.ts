// Debian's l2tpns, a tunnel server in user space, in a namespace of this host; FreeRADIUS beside it knows its users.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atExit } from '../support/cleanup.ts';
import type { Namespace } from '../support/namespace.ts';
import type { Background } from '../support/process.ts';
import type { Needs } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import type { Addresses, Credentials, Endpoint } from './endpoint.ts';
import { startFreeradius } from './freeradius.ts';
import { BEHIND, OUTER, POOL } from './place.ts';

const CONSOLE = fileURLToPath(new URL('l2tpns-console.pl', import.meta.url));
/** Where it looks for its configuration, whatever it is told: a mount of its own puts ours there. */
const ETC = '/etc/l2tpns';
export const L2TPNS: Needs = { programs: ['l2tpns', 'unshare', 'perl'], files: [ETC] };

/** Its own PPP address. Not the outer one: the client's route to its PPP peer would then swallow the tunnel itself. */
const PPP_ADDRESS = POOL.local;
/** Outside its pool, so that it can only have come from RADIUS. */
const USER_ADDRESS = '198.51.100.77';

const RADIUS_SECRET = 'radius-secret';
const UP_MILLIS = 30_000;
const END_MILLIS = 15_000;

export class L2tpns implements Endpoint {
  readonly name = 'l2tpns';
  readonly machine: Namespace;
  /** A host behind it. */
  readonly inside = BEHIND.host;
  readonly #credentials: Credentials;
  readonly #folder: string;
  #daemon!: Background;
  #radius!: Background;
  #endsSeen = 0;

  /** The namespace must have `OUTER.server`, which it listens on. */
  static async start(namespace: Namespace, credentials: Credentials): Promise<L2tpns> {
    const server = new L2tpns(namespace, credentials);
    await server.#start();
    return server;
  }

  private constructor(namespace: Namespace, credentials: Credentials) {
    this.machine = namespace;
    this.#credentials = credentials;
    this.#folder = mkdtempSync(join(tmpdir(), 'vpdntest-l2tpns-'));
    atExit(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  async #start(): Promise<void> {
    const namespace = this.machine;
    const { client: name, userPassword: password } = this.#credentials;
    const user = { name, password, address: USER_ADDRESS };
    const folder = join(this.#folder, 'radius');
    this.#radius = await startFreeradius({ namespace, folder, secret: RADIUS_SECRET, users: [user] });
    const etc = join(this.#folder, 'etc');
    mkdirSync(etc);
    writeFileSync(join(etc, 'startup-config'), this.#configuration());
    writeFileSync(join(etc, 'ip_pool'), `${POOL.low}-${POOL.high}\n`);
    writeFileSync(join(etc, 'users'), '');
    writeFileSync(this.#logFile, '');
    // The heartbeat of its cluster of one is multicast: it stays on the loopback.
    namespace.ip('link set lo multicast on');
    namespace.ip('route add 239.192.13.13/32 dev lo');
    const mounted = 'mount --make-rprivate / && mount --bind "$1" "$2" && exec l2tpns -v';
    this.#daemon = namespace.start(['unshare', '--mount', 'sh', '-c', mounted, 'sh', etc, ETC]);
    // It takes no traffic before it has made itself its cluster's master.
    await waitFor(
      'l2tpns to become master',
      UP_MILLIS,
      () => this.#daemon.running && this.#log.includes('declaring myself the master'),
      () => this.explain(),
    );
  }

  async established(): Promise<Addresses> {
    await waitFor(
      'l2tpns to route to its user',
      UP_MILLIS,
      () => this.#sessionRouted,
      () => this.explain(),
    );
    this.#endsSeen = this.#ends;
    return { local: PPP_ADDRESS, remote: USER_ADDRESS };
  }

  async peerEnded(): Promise<void> {
    await waitFor(
      'l2tpns to see the end of the tunnel',
      END_MILLIS,
      () => this.#ends > this.#endsSeen && !this.#sessionRouted,
      () => this.explain(),
    );
  }

  /** By its telnet console, as its operator would. */
  async hangUp(): Promise<void> {
    const tunnel = /New tunnel from \S+ ID (\d+)(?![\s\S]*New tunnel from)/.exec(this.#log)?.[1];
    assert.ok(tunnel !== undefined, this.explain());
    const outcome = await this.machine.run(['perl', CONSOLE, 'enable', `drop tunnel ${tunnel}`]);
    assert.match(outcome.stdout, /Tunnel \d+ shut down/, outcome.stdout + outcome.stderr);
  }

  /** SIGTERM would leave the sessions to another member of its cluster; SIGQUIT ends them. */
  async shutDown(): Promise<void> {
    await this.#daemon.stop('SIGQUIT', END_MILLIS);
    await this.#radius.stop();
  }

  explain(): string {
    const lines = this.#log.split('\n').filter((line) => !/regular cleanup|heartbeat|Setting "/.test(line));
    const tail = lines.slice(-120).join('\n');
    return ['l2tpns says:', this.#daemon.stdout, tail, 'FreeRADIUS says:', this.#radius.stdout.slice(-2000)].join('\n');
  }

  get #sessionRouted(): boolean {
    return this.machine.ip(`route show ${USER_ADDRESS}`).includes('tun');
  }

  get #ends(): number {
    return this.#log.match(/(?:Shutting down|Kill) tunnel/g)?.length ?? 0;
  }

  get #logFile(): string {
    return join(this.#folder, 'l2tpns.log');
  }

  get #log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  #configuration(): string {
    const settings: Record<string, string> = {
      debug: '4',
      log_file: this.#logFile,
      pid_file: join(this.#folder, 'l2tpns.pid'),
      hostname: this.#credentials.server,
      l2tp_secret: this.#credentials.tunnelPassword,
      primary_radius: '127.0.0.1',
      primary_radius_port: '1812',
      radius_secret: RADIUS_SECRET,
      radius_authtypes: 'chap',
      radius_accounting: 'yes',
      bind_address: OUTER.server,
      peer_address: PPP_ADDRESS,
      // Otherwise its TUN has the outer address too, and what comes from there is answered outside the tunnel.
      iftun_address: this.inside,
      cli_bind_address: '127.0.0.1',
      cluster_interface: 'lo',
      // Tenths of a second: what the election takes, 15 s by default.
      cluster_hb_interval: '2',
      cluster_hb_timeout: '10',
      accounting_dir: this.#folder,
      ppp_restart_time: '1',
    };
    return Object.entries(settings)
      .map(([name, value]) => `set ${name} "${value}"\n`)
      .join('');
  }
}
