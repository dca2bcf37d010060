// `show ip cef`, `show hosts`, `show controllers isa` (C161, C162): where packets go, names, and the hardware that is not there.

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

/** There is no ISA card in a Linux machine: what was configured of one is all there is to tell. */
export function* showControllersIsa(view: RouterView): Generator<string> {
  const slots = [...view.configuration.controllers.keys()];
  if (slots.length === 0) return yield '% No ISA controller: encryption is done in software';
  for (const slot of slots) {
    yield `Interface ISA${slot}`;
    yield '  Hardware is not present: encryption is done in software';
  }
}

const WIDTHS = [20, 21];
const HOST_WIDTHS = [26, 6, 12, 4, 6];
