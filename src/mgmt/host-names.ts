// Names of hosts to addresses: `ip host` first, then the resolver of Linux. IPv4 alone: there is no IPv6 to reach through a tunnel.

import { getServers } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { RouterView } from '../vpdn/view.ts';
import { readIpv4 } from '../wire/ip.ts';
import { printable } from '../wire/values.ts';
import { hostFacts } from './machine-facts.ts';

export interface Resolved {
  /** What a terminal sees of the search (C026); empty where nobody was asked. */
  readonly said: string;
  readonly address: string | undefined;
}

export async function resolveHost(host: string, view: () => RouterView): Promise<Resolved> {
  if (readIpv4(host) !== undefined) return { said: '', address: host };
  const { hosts, lookup: asks } = hostFacts(view());
  const known = hosts.find(({ name }) => name.toLowerCase() === host.toLowerCase())?.addresses[0];
  if (known !== undefined) return { said: '', address: known };
  const question = `Translating "${printable(host)}"`;
  if (!asks) return { said: `${question}\n`, address: undefined };
  const server = `${question}...domain server (${getServers()[0] ?? '255.255.255.255'})`;
  try {
    const { address } = await lookup(host, { family: 4 });
    return { said: `${server} [OK]\n`, address };
  } catch {
    return { said: `${server}\n`, address: undefined };
  }
}

/** An address as it is, or that of an interface. */
export function sourceAddress(source: string, view: RouterView): string | undefined {
  if (readIpv4(source) !== undefined) return source;
  return view.interfaces.find(({ name }) => name === source)?.address;
}

export const UNRECOGNIZED = '% Unrecognized host or address, or protocol not running.\n';
