// Debian's pptpd with pppd in a guest: the PPTP server of Linux.

import assert from 'node:assert/strict';
import type { Needs } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import type { Guest } from './guest.ts';
import { PptpPeer, pppOptions } from './pptp.ts';
import type { Mppe } from './pptp-scenario.ts';
import type { Pool } from './xl2tpd.ts';

export const PPTPD: Needs = { programs: ['pptpd', 'pppd'] };

const LISTEN_MILLIS = 10_000;

export interface PptpServerOptions {
  name: string;
  user: string;
  password: string;
  pool: Pool;
  mppe?: Mppe | undefined;
  more?: readonly string[];
}

export class Pptpd extends PptpPeer {
  /** Returns once it listens. */
  static async start(guest: Guest, options: PptpServerOptions): Promise<Pptpd> {
    const { name, user, password, pool, mppe, more = [] } = options;
    const server = new Pptpd('pptpd', guest);
    const lowest = pool.low.split('.').slice(0, 3).join('.');
    assert.ok(pool.high.startsWith(`${lowest}.`), 'it takes a pool of one /24');
    const range = `${pool.low}-${pool.high.split('.')[3]}`;
    guest.put('pptpd.conf', `noipparam\nlocalip ${pool.local}\nremoteip ${range}\npidfile /run/pptpd-own.pid\n`);
    const own = [`name ${name}`, 'auth', 'require-mschap-v2', 'ipparam pptpd', 'logfile /share/pptpd.log', ...more];
    guest.put('pptpd.options', pppOptions(mppe, own));
    guest.put('pptpd.secrets', `"${user}" "${name}" "${password}" *\n`);
    await server.#listen();
    return server;
  }

  /** Starts it again after `shutDown`. */
  async restart(): Promise<void> {
    await this.#listen();
  }

  async #listen(): Promise<void> {
    this.begin('server');
    await waitFor(
      'pptpd to listen',
      LISTEN_MILLIS,
      async () => (await this.machine.run(['grep', '-q', ':06BB ', '/proc/net/tcp'])).status === 0,
      () => this.explain(),
    );
  }

  /** It has no command for this: pppd ends PPP, and pptpd then the call. */
  async hangUp(): Promise<void> {
    const outcome = await this.machine.run(['pkill', '-TERM', '-x', 'pppd']);
    assert.equal(outcome.status, 0, outcome.stderr);
    await waitFor(
      'pptpd to end the call',
      LISTEN_MILLIS,
      () => this.machine.read('pptpd.up') === undefined,
      () => this.explain(),
    );
  }

  async shutDown(): Promise<void> {
    await this.end();
  }
}
