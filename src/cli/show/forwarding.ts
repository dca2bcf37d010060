// `show ip cef`, `show hosts`, `show controllers isa` (C125, C161, C162): where packets go, names, and who encrypts.

import type { RouterView } from '../../vpdn/view.ts';
import { parseIpv4 } from '../../wire/ip.ts';
import { printable } from '../../wire/values.ts';
import { tableRow } from './table.ts';

/** What Linux and the packet path forward by: the routes in force, and the addresses that are our own. */
export function* showIpCef(view: RouterView): Generator<string> {
  yield tableRow(WIDTHS, ['Prefix', 'Next Hop', 'Interface']);
  const routes = view.routes.map(({ prefix, prefixLength, nextHop, interfaceName = '' }) => {
    return { prefix, prefixLength, via: nextHop ?? 'attached', interfaceName };
  });
  const own = view.interfaces.flatMap(({ address, unnumberedFrom, name }) => {
    return address === undefined || unnumberedFrom !== undefined
      ? []
      : [{ prefix: address, prefixLength: 32, via: 'receive', interfaceName: name }];
  });
  const rows = [...routes, ...own].sort((a, b) => {
    return parseIpv4(a.prefix) - parseIpv4(b.prefix) || a.prefixLength - b.prefixLength;
  });
  for (const { prefix, prefixLength, via, interfaceName } of rows) {
    yield tableRow(WIDTHS, [`${prefix}/${prefixLength}`, via, interfaceName]);
  }
}

export interface HostsView {
  readonly domain?: string | undefined;
  readonly lookup: boolean;
  readonly servers: readonly string[];
  readonly hosts: readonly { readonly name: string; readonly addresses: readonly string[] }[];
}

export function* showHosts({ domain, lookup, servers, hosts }: HostsView): Generator<string> {
  yield `Default domain is ${domain === undefined ? 'not set' : printable(domain)}`;
  yield `Name/address lookup uses ${lookup ? 'domain service' : 'static mappings'}`;
  yield `Name servers are ${servers.length === 0 ? '255.255.255.255' : servers.join(', ')}`;
  yield '';
  yield 'Codes: UN - unknown, EX - expired, OK - OK, ?? - revalidate';
  yield '       temp - temporary, perm - permanent';
  yield '       NA - Not Applicable None - Not defined';
  yield '';
  yield tableRow(HOST_WIDTHS, ['Host', 'Port', 'Flags', 'Age', 'Type', 'Address(es)']);
  for (const { name, addresses } of hosts) {
    yield tableRow(HOST_WIDTHS, [printable(name), 'None', '(perm, OK)', '0', 'IP', addresses.join(' ')]);
  }
}

/** what stands for the card is what it was when the router started; what was typed since waits for the next start. */
export function* showControllersIsa({ configuration: { controllers }, mppeCard }: RouterView): Generator<string> {
  const cards = new Map([...controllers].map(([slot, { mppe }]) => [`ISA${slot}`, mppe]));
  if (mppeCard !== undefined && !cards.has(mppeCard)) cards.set(mppeCard, false);
  if (cards.size === 0) return yield '% No ISA controller: encryption is done in software';
  for (const [name, configured] of cards) {
    yield `Interface ${name}`;
    yield `  Encryption: ${encryptionOf(name, configured, mppeCard)}`;
  }
}

function encryptionOf(name: string, configured: boolean, mppeCard: string | undefined): string {
  if (mppeCard === name) return configured ? 'MPPE, in threads of its own' : 'MPPE, until the next start of the router';
  if (!configured) return 'none, MPPE is done in software';
  return mppeCard === undefined
    ? 'MPPE, from the next start of the router: pending reload'
    : `none, MPPE is the work of ${mppeCard}`;
}

const WIDTHS = [20, 21];
const HOST_WIDTHS = [26, 6, 12, 4, 6];
