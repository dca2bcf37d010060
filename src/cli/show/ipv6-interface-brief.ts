// `show ipv6 interface brief [X]`: the addresses that the configuration gives; inside of calls there is no IPv6.

import type { RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { interfaceRow, interfaceRows } from './rows.ts';

export function* showIpv6InterfaceBrief(view: RouterView, name?: string): Generator<string> {
  if (name !== undefined && interfaceRow(view, name) === undefined) {
    return yield `% Interface ${printable(name)} does not exist`;
  }
  for (const { name: each, status, lineProtocol } of interfaceRows(view, { name })) {
    yield `${each.padEnd(26)} [${status}/${lineProtocol}]`;
    const addresses = view.configuration.interfaces.get(each)?.ipv6Addresses ?? [];
    if (addresses.length === 0) yield '    unassigned';
    for (const { address } of addresses) yield `    ${address.toUpperCase()}`;
  }
}
