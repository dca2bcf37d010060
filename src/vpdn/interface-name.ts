// Interface names as IOS writes them: type and number apart or joined, the type cut or in any case, one canonical form.

import type { InterfaceKind } from './configuration-interface.ts';

export interface InterfaceName {
  /** `FastEthernet0/0`. */
  readonly name: string;
  readonly kind: InterfaceKind | 'Virtual-Access';
  readonly type: string;
  readonly number: string;
}

/** The types, with the short form that tables print. A logical one has a plain number, a physical one slots and ports. */
export const INTERFACE_TYPES = [
  { type: 'Loopback', short: 'Lo', kind: 'Loopback', help: 'Loopback interface' },
  { type: 'Virtual-Template', short: 'Vt', kind: 'Virtual-Template', help: 'Virtual Template interface' },
  { type: 'Virtual-PPP', short: 'Vp', kind: 'Virtual-PPP', help: 'Virtual PPP interface' },
  { type: 'Virtual-Access', short: 'Vi', kind: 'Virtual-Access', help: 'Virtual Access interface' },
  { type: 'Ethernet', short: 'Et', kind: 'physical', help: 'IEEE 802.3' },
  { type: 'FastEthernet', short: 'Fa', kind: 'physical', help: 'FastEthernet IEEE 802.3' },
  { type: 'GigabitEthernet', short: 'Gi', kind: 'physical', help: 'GigabitEthernet IEEE 802.3z' },
  { type: 'TenGigabitEthernet', short: 'Te', kind: 'physical', help: 'Ten Gigabit Ethernet' },
  { type: 'Serial', short: 'Se', kind: 'physical', help: 'Serial' },
] as const;

/** Reads `loopback1`, `lo 1`, `Virtual-PPP 1`, `fa0/0`; undefined if it is no interface, or its type is ambiguous. */
export function parseInterfaceName(text: string): InterfaceName | undefined {
  const split = /^([a-z-]+)\s*(\d+(?:[/.]\d+)*)$/i.exec(text.trim());
  if (split === null) return undefined;
  const row = findType(split[1]!);
  if (row === undefined) return undefined;
  const number = split[2]!;
  if (row.kind !== 'physical' && !/^\d+$/.test(number)) return undefined;
  return { name: `${row.type}${number}`, kind: row.kind, type: row.type, number };
}

/** `Vi3` for `Virtual-Access3`; a name of no known type stays as it is. */
export function shortInterfaceName(name: string): string {
  const row = INTERFACE_TYPES.find(({ type }) => name.startsWith(type) && /^\d/.test(name.slice(type.length)));
  return row === undefined ? name : row.short + name.slice(row.type.length);
}

function findType(text: string): (typeof INTERFACE_TYPES)[number] | undefined {
  const wanted = text.toLowerCase();
  const matches = INTERFACE_TYPES.filter(({ type, short }) => {
    return type.toLowerCase().startsWith(wanted) || short.toLowerCase() === wanted;
  });
  const exact = matches.find(({ type, short }) => type.toLowerCase() === wanted || short.toLowerCase() === wanted);
  return exact ?? (matches.length === 1 ? matches[0] : undefined);
}
