// What pptp-linux and pptpd have in common: pppd and its MPPE in a guest, over a pseudo-terminal and the GRE of a program.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../support/wait.ts';
import type { Addresses } from './endpoint.ts';
import type { Guest } from './guest.ts';
import type { Mppe, PptpEnd } from './pptp-scenario.ts';

const START = fileURLToPath(new URL('guest/pptp.sh', import.meta.url));
const UP_MILLIS = 30_000;
const END_MILLIS = 15_000;
const SYSLOG = 'syslog.log';

/** For `Guest.boot`: PPP over a terminal, MPPE, and what spoils a wire. */
export const PPTP_MODULES = ['ppp_async', 'ppp_mppe', 'sch_netem', 'ifb', 'sch_ingress', 'cls_matchall', 'act_mirred'];

const PPP = `
debug
nodefaultroute
noproxyarp
nobsdcomp
nodeflate
novj
lcp-restart 1
refuse-pap
refuse-eap
refuse-chap
refuse-mschap
`;

/** The lines of a pppd options file. */
export function pppOptions(mppe: Mppe | undefined, more: readonly string[]): string {
  const bits = { 40: ['require-mppe-40', 'nomppe-128'], 128: ['require-mppe-128', 'nomppe-40'] } as const;
  const lines = mppe === undefined ? ['nomppe'] : [...bits[mppe.bits]];
  if (mppe?.mode === 'stateful') lines.push('mppe-stateful');
  return `${PPP}${[...lines, ...more].join('\n')}\n`;
}

export abstract class PptpPeer implements PptpEnd {
  /** Also the name of its files in the guest. */
  readonly name: string;
  readonly machine: Guest;
  readonly inside = undefined;

  constructor(name: string, guest: Guest) {
    this.name = name;
    this.machine = guest;
    for (const kind of ['log', 'up']) guest.remove(`${name}.${kind}`);
  }

  async established(): Promise<Addresses> {
    const up = await waitFor(
      `IPCP to open on ${this.name}`,
      UP_MILLIS,
      () => this.#up,
      () => this.explain(),
    );
    const [, local, remote] = up.trim().split(' ');
    return { local: local!, remote: remote! };
  }

  async peerEnded(): Promise<void> {
    await waitFor(
      `${this.name} to see the end of the tunnel`,
      END_MILLIS,
      () => this.#up === undefined && /LCP terminated by peer|Modem hangup/.test(this.log),
      () => this.explain(),
    );
  }

  abstract hangUp(): Promise<void>;

  abstract shutDown(): Promise<void>;

  async encryption(): Promise<string | undefined> {
    return /MPPE (\d+-bit \w+) compression enabled/.exec(this.log)?.[1];
  }

  /** The PPP interface in the guest. */
  get device(): string {
    const device = this.#up?.split(' ')[0];
    assert.ok(device !== undefined, this.explain());
    return device;
  }

  /** Waits for a line of its log. */
  async said(pattern: RegExp): Promise<void> {
    await waitFor(
      `${this.name} to say ${pattern}`,
      END_MILLIS,
      () => pattern.test(this.log),
      () => this.explain(),
    );
  }

  explain(): string {
    const syslog = (this.machine.read(SYSLOG) ?? '').split('\n').slice(-30).join('\n');
    return [`${this.name} says:`, this.log.split('\n').slice(-80).join('\n'), 'its system log says:', syslog].join(
      '\n',
    );
  }

  protected get log(): string {
    return this.machine.read(`${this.name}.log`) ?? '';
  }

  /** Begins to run it; it ends by itself, by `end`, or with the guest. */
  protected begin(role: 'client' | 'server', ...words: string[]): void {
    void this.machine.run([START, role, this.name, ...words], Number.POSITIVE_INFINITY).catch(() => undefined);
  }

  /** Ends the process, and waits until it and the call are gone. */
  protected async end(): Promise<void> {
    const pid = `$(cat /run/${this.name}.pid)`;
    const outcome = await this.machine.shell(
      `[ ! -e /run/${this.name}.pid ] || { kill ${pid}; while [ -e /proc/${pid} ]; do sleep 0.05; done; }`,
    );
    assert.equal(outcome.status, 0, outcome.stderr);
    await waitFor(
      `${this.name} to close`,
      END_MILLIS,
      () => this.#up === undefined,
      () => this.explain(),
    );
  }

  get #up(): string | undefined {
    return this.machine.read(`${this.name}.up`);
  }
}
