// `show access-lists`, `show ip access-lists`: the standard lists, which are those that do something here (C012).

import type { AccessList, AccessListEntry } from '../../vpdn/configuration-system.ts';
import { printable } from '../../wire/values.ts';

export function* showAccessLists(lists: ReadonlyMap<string, AccessList>, only?: string): Generator<string> {
  for (const { name, lines } of lists.values()) {
    if (only !== undefined && name !== only) continue;
    yield `Standard IP access list ${printable(name)}`;
    for (const line of lines) if (!('remark' in line)) yield `    ${line.sequence} ${entry(line)}`;
  }
}

function entry({ action, address, wildcard, log }: AccessListEntry): string {
  const end = log ? ' log' : '';
  const verb = action.padEnd(6);
  if (wildcard === '255.255.255.255') return `${verb} any${end}`;
  if (wildcard === '0.0.0.0') return `${verb} ${address}${end}`;
  return `${verb} ${address}, wildcard bits ${wildcard}${end}`;
}
