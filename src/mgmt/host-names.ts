// Names of hosts to addresses, by the resolver of Linux. IPv4 alone: there is no IPv6 to reach through a tunnel.

import { getServers } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { interfaceRow } from '../cli/show/rows.ts';
import type { RouterView } from '../vpdn/view.ts';
import { readIpv4 } from '../wire/ip.ts';
import { printable } from '../wire/values.ts';

export interface Resolved {
  /** What a terminal sees of the search (C026); empty where nobody was asked. */
  readonly said: string;
  readonly address: string | undefined;
}

export async function resolveHost(host: string): Promise<Resolved> {
  if (readIpv4(host) !== undefined) return { said: '', address: host };
  const server = `Translating "${printable(host)}"...domain server (${getServers()[0] ?? '255.255.255.255'})`;
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
  return interfaceRow(view, source)?.address;
}

export const UNRECOGNIZED = '% Unrecognized host or address, or protocol not running.\n';
