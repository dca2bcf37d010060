// pptp-linux with pppd in a guest: the PPTP client of Linux.

import { fileURLToPath } from 'node:url';
import type { Needs } from '../support/requirement.ts';
import type { Guest } from './guest.ts';
import { PptpPeer, pppOptions } from './pptp.ts';
import type { Mppe, PptpDialer } from './pptp-scenario.ts';

export const PPTP_LINUX: Needs = { programs: ['pptp', 'pppd'] };

const MAKE_STATEFUL = fileURLToPath(new URL('guest/stateful.pl', import.meta.url));

export interface PptpClientOptions {
  /** Its own, so that several can call from one guest. */
  name?: string;
  user: string;
  password: string;
  /** What it requires; nothing: it refuses all encryption. */
  mppe?: Mppe | undefined;
  /** Naks stateless MPPE in its and its peer's name: what it takes for two pppds to agree on stateful. */
  insists?: boolean;
  /** More lines for pppd. */
  more?: readonly string[];
}

export class PptpLinux extends PptpPeer implements PptpDialer {
  readonly #server: string;
  readonly #wrapper: string[];

  constructor(guest: Guest, server: string, options: PptpClientOptions) {
    const { name = 'pptp-linux', user, password, mppe, insists = false, more = [] } = options;
    super(name, guest);
    this.#server = server;
    this.#wrapper = insists ? [MAKE_STATEFUL] : [];
    const own = ['noauth', `user ${user}`, `password ${password}`, 'noipdefault', 'ipcp-accept-remote', ...more];
    guest.put(`${name}.options`, pppOptions(mppe, own));
  }

  /** A new process for each call. */
  async dial(): Promise<void> {
    this.machine.remove(`${this.name}.log`);
    this.begin('client', this.#server, ...this.#wrapper);
  }

  async hangUp(): Promise<void> {
    await this.end();
  }

  async shutDown(): Promise<void> {
    await this.end();
  }
}
