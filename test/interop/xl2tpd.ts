// xl2tpd with pppd and the kernel's L2TP, in a guest, as the client or as the server of a tunnel.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Needs } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import type { Addresses, Credentials, Dialer, Endpoint } from './endpoint.ts';
import type { Guest } from './guest.ts';

export const XL2TPD: Needs = { programs: ['xl2tpd', 'pppd'] };

const START = fileURLToPath(new URL('guest/xl2tpd.sh', import.meta.url));
const UP_MILLIS = 30_000;
const END_MILLIS = 15_000;
/** xl2tpd's words for a tunnel that the other end has closed. */
const PEER_ENDED = /Connection closed to /g;

const GLOBAL = `
[global]
port = 1701
access control = no
debug avp = yes
debug network = no
debug state = yes
debug tunnel = yes
`;

/** IPv6 and compression are asked for although nobody wants them: a peer that rejects them must not lose IPv4. */
const PPP = `
debug
logfile /share/pppd.log
nodefaultroute
+ipv6
deflate 15
bsdcomp 15
`;

/** Only CHAP with MD5 is left to agree on. */
const NO_OTHER = 'refuse-pap\nrefuse-eap\nrefuse-mschap\nrefuse-mschap-v2\n';

interface Files {
  configuration: string;
  pppOptions: string;
  /** `"CLIENT" "SERVER" "SECRET" ADDRESSES`, as pppd reads it. */
  secrets: string;
  tunnelPassword: string;
}

abstract class Xl2tpd implements Endpoint {
  readonly name: string;
  readonly machine: Guest;
  readonly inside = undefined;
  #endsSeen = 0;

  constructor(name: string, guest: Guest) {
    this.name = name;
    this.machine = guest;
  }

  async start(files: Files): Promise<void> {
    for (const old of ['xl2tpd.log', 'pppd.log', 'ppp-up']) this.machine.remove(old);
    this.machine.put('xl2tpd.conf', files.configuration);
    this.machine.put('l2tp-secrets', `* * ${files.tunnelPassword}\n`);
    this.machine.put('options.ppp', files.pppOptions);
    this.machine.put('secrets', files.secrets);
    // Ends with the daemon, which is not before the guest does, or `shutDown`.
    void this.machine.run([START], Number.POSITIVE_INFINITY).catch(() => undefined);
    await waitFor(
      `${this.name} to listen`,
      UP_MILLIS,
      () => this.log.includes('Listening on IP'),
      () => this.explain(),
    );
  }

  async established(): Promise<Addresses> {
    const up = await waitFor(
      `IPCP to open on ${this.name}`,
      UP_MILLIS,
      () => this.machine.read('ppp-up'),
      () => this.explain(),
    );
    this.#endsSeen = this.#ends;
    const [, local, remote] = up.trim().split(' ');
    return { local: local!, remote: remote! };
  }

  async peerEnded(): Promise<void> {
    await waitFor(
      `${this.name} to see the end of the tunnel`,
      END_MILLIS,
      () => this.#ends > this.#endsSeen && this.machine.read('ppp-up') === undefined,
      () => this.explain(),
    );
  }

  async hangUp(): Promise<void> {
    await this.shell(this.hangingUp);
    await waitFor(
      `${this.name} to close`,
      END_MILLIS,
      () => this.machine.read('ppp-up') === undefined,
      () => this.explain(),
    );
  }

  async shutDown(): Promise<void> {
    await this.shell('kill $(cat /run/xl2tpd.pid); while pidof xl2tpd; do sleep 0.1; done');
  }

  /** Waits for a line of its or its pppd's log. */
  async said(pattern: RegExp): Promise<void> {
    await waitFor(
      `${this.name} to say ${pattern}`,
      END_MILLIS,
      () => pattern.test(this.explain()),
      () => this.explain(),
    );
  }

  explain(): string {
    return [`${this.name} says:`, this.log, 'its pppd says:', this.machine.read('pppd.log') ?? ''].join('\n');
  }

  /** The line of shell that ends the call. */
  protected abstract readonly hangingUp: string;

  protected async shell(line: string): Promise<void> {
    const outcome = await this.machine.shell(line);
    assert.equal(outcome.status, 0, outcome.stderr);
  }

  protected get log(): string {
    return this.machine.read('xl2tpd.log') ?? '';
  }

  get #ends(): number {
    return this.log.match(PEER_ENDED)?.length ?? 0;
  }
}

export interface ClientOptions {
  /** A network that is reached through the tunnel. */
  behind?: string;
  /** Whether it wants the server to prove that it knows the tunnel password. */
  challenge?: boolean;
}

export class Xl2tpdClient extends Xl2tpd implements Dialer {
  protected readonly hangingUp = control('d');

  static async start(
    guest: Guest,
    server: string,
    credentials: Credentials,
    { behind, challenge = true }: ClientOptions = {},
  ): Promise<Xl2tpdClient> {
    const client = new Xl2tpdClient('xl2tpd (client)', guest);
    const { tunnelPassword, client: name, server: serverName, userPassword } = credentials;
    guest.put('routes', behind === undefined ? '' : `${behind}\n`);
    await client.start({
      tunnelPassword,
      configuration: `${GLOBAL}
[lac vpdn]
lns = ${server}
hostname = ${name}
challenge = ${challenge ? 'yes' : 'no'}
hidden bit = yes
length bit = yes
pppoptfile = /etc/ppp/options.ppp
`,
      pppOptions: `${PPP}noauth\n${NO_OTHER}user ${name}\nremotename ${serverName}\n`,
      secrets: `"${name}" "${serverName}" "${userPassword}"\n`,
    });
    return client;
  }

  async dial(): Promise<void> {
    await this.shell(control('c'));
  }
}

/** `local`: the server's end of every link. */
export type Pool = Readonly<Record<'local' | 'low' | 'high', string>>;

export class Xl2tpdServer extends Xl2tpd {
  /** It has no command for this: pppd ends PPP, and xl2tpd then the session. */
  protected readonly hangingUp = 'kill $(pidof pppd)';

  static async start(guest: Guest, pool: Pool, credentials: Credentials): Promise<Xl2tpdServer> {
    const server = new Xl2tpdServer('xl2tpd (server)', guest);
    const { tunnelPassword, client, server: name, userPassword } = credentials;
    await server.start({
      tunnelPassword,
      configuration: `${GLOBAL}
[lns default]
ip range = ${pool.low}-${pool.high}
local ip = ${pool.local}
hostname = ${name}
name = ${name}
challenge = yes
hidden bit = yes
length bit = yes
require chap = yes
refuse pap = yes
pppoptfile = /etc/ppp/options.ppp
`,
      pppOptions: `${PPP}auth\nrequire-chap\n${NO_OTHER}name ${name}\nnoproxyarp\n`,
      // Both ways: the client may ask the server to authenticate itself as well.
      secrets: `"${client}" "${name}" "${userPassword}" *\n"${name}" "${client}" "${userPassword}" *\n`,
    });
    return server;
  }
}

/** One request for the `[lac vpdn]` down xl2tpd's control pipe: `c`onnect or `d`isconnect. */
function control(request: 'c' | 'd'): string {
  return `echo '${request} vpdn' >/run/xl2tpd/l2tp-control`;
}
