// Where PPTP clients may knock: the addresses of the vpdn-groups that accept them (C060, C072). None is open without such a group.

import type { Configuration } from './configuration.ts';
import type { Context } from './context.ts';
import { accepts, servedAddress } from './vpdn-group.ts';

export class PptpListening {
  readonly #context: Context;
  #addresses: readonly string[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  /** Connections that stand stay: this is about the next. */
  configure(configuration: Configuration): void {
    const addresses = listeningAddresses(configuration);
    const before = this.#addresses;
    this.#addresses = addresses;
    if (addresses.join() === before.join()) return;
    for (const localAddress of addresses) {
      if (!before.includes(localAddress))
        this.#context.emit({ do: 'listen', path: { transport: 'gre', localAddress } });
    }
    this.#context.emit({ do: 'listen-streams', addresses });
  }
}

/** A group without an address of its own takes them at all. */
function listeningAddresses(configuration: Configuration): string[] {
  const { vpdn, vpdnGroups } = configuration;
  if (!vpdn.enabled) return [];
  const addresses = new Set<string>();
  for (const group of vpdnGroups.values()) {
    if (accepts(group, 'pptp')) addresses.add(servedAddress(configuration, group) ?? ANY_ADDRESS);
  }
  return addresses.has(ANY_ADDRESS) ? [ANY_ADDRESS] : [...addresses].sort();
}

const ANY_ADDRESS = '0.0.0.0';
