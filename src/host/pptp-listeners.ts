// TCP port 1723 at the addresses that vpdn-groups of PPTP have. One that cannot be had now (another program has the port, the
// address is not there yet) is said once and tried again, until it is there or no longer wanted.

import type { Millis } from '../wire/machine.ts';
import type { Clock } from './clock.ts';
import type { StreamSockets } from './stream-sockets.ts';
import type { Timers } from './timers.ts';

export interface PptpListenersOptions {
  readonly sockets: Pick<StreamSockets, 'listen' | 'stopListening'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly report: (text: string) => void;
}

export class PptpListeners {
  readonly #options: PptpListenersOptions;
  #wanted: readonly string[] = [];
  /** Told of as missing. */
  readonly #missing = new Set<string>();

  constructor(options: PptpListenersOptions) {
    this.#options = options;
  }

  set(addresses: readonly string[]): void {
    const before = this.#wanted;
    this.#wanted = addresses;
    // First out, then in: an address of its own and all addresses cannot be listened to at once.
    for (const address of before) {
      if (addresses.includes(address)) continue;
      this.#missing.delete(address);
      this.#options.sockets.stopListening(address);
    }
    this.#try();
  }

  readonly #try = (): void => {
    for (const address of this.#wanted) void this.#listen(address);
  };

  async #listen(address: string): Promise<void> {
    const { sockets, clock, timers, report } = this.#options;
    const error = await sockets.listen(address);
    if (!this.#wanted.includes(address)) return;
    if (error === undefined) {
      if (this.#missing.delete(address)) report(`PPTP clients are heard at ${address} now`);
      return;
    }
    if (!this.#missing.has(address))
      report(`PPTP clients are not heard at ${address}: TCP port 1723: ${WHY[error] ?? error}`);
    this.#missing.add(address);
    timers.set(this.#try, clock.now() + RETRY);
  }
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has it (EADDRINUSE)',
  EADDRNOTAVAIL: 'no interface has this address (EADDRNOTAVAIL)',
  EACCES: 'Linux does not allow it (EACCES)',
};
const RETRY: Millis = 5000;
