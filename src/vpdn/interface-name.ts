// Interface names as IOS writes them: type and number apart or joined, the type cut or in any case, one canonical form.

import type { InterfaceKind } from './configuration-interface.ts';

/** `elsewhere`: interfaces of other routers, taken and printed again, of which none is made here. */
export type NamedKind = InterfaceKind | 'Virtual-Access' | 'Null' | 'elsewhere';

export interface InterfaceName {
  /** `FastEthernet0/0`. */
  readonly name: string;
  readonly kind: NamedKind;
  readonly type: string;
  readonly number: string;
}

export interface InterfaceType {
  readonly type: string;
  /** As tables print it. */
  readonly short: string;
  readonly kind: NamedKind;
  readonly help: string;
  /** One plain number within this range; a type without has slots and ports. */
  readonly range?: readonly [number, number];
  /** `.N` may follow the number. */
  readonly subinterfaces?: true;
}

export const INTERFACE_TYPES: readonly InterfaceType[] = [
  { type: 'Loopback', short: 'Lo', kind: 'Loopback', help: 'Loopback interface', range: [0, 2147483647] },
  {
    type: 'Virtual-Template',
    short: 'Vt',
    kind: 'Virtual-Template',
    help: 'Virtual Template interface',
    range: [1, 4095],
  },
  { type: 'Virtual-PPP', short: 'Vp', kind: 'Virtual-PPP', help: 'Virtual PPP interface', range: [1, 4294967295] },
  { type: 'Dialer', short: 'Di', kind: 'Dialer', help: 'Dialer interface', range: [0, 255] },
  {
    type: 'Virtual-Access',
    short: 'Vi',
    kind: 'Virtual-Access',
    help: 'Virtual Access interface',
    range: [1, 2147483647],
  },
  { type: 'Ethernet', short: 'Et', kind: 'physical', help: 'IEEE 802.3', subinterfaces: true },
  { type: 'FastEthernet', short: 'Fa', kind: 'physical', help: 'FastEthernet IEEE 802.3', subinterfaces: true },
  { type: 'GigabitEthernet', short: 'Gi', kind: 'physical', help: 'GigabitEthernet IEEE 802.3z', subinterfaces: true },
  { type: 'TenGigabitEthernet', short: 'Te', kind: 'physical', help: 'Ten Gigabit Ethernet', subinterfaces: true },
  { type: 'Null', short: 'Nu', kind: 'Null', help: 'Null interface', range: [0, 0] },
  { type: 'Async', short: 'As', kind: 'elsewhere', help: 'Async interface' },
  { type: 'ATM', short: 'AT', kind: 'elsewhere', help: 'ATM interface', subinterfaces: true },
  { type: 'BRI', short: 'BR', kind: 'elsewhere', help: 'ISDN Basic Rate Interface', subinterfaces: true },
  { type: 'BVI', short: 'BV', kind: 'elsewhere', help: 'Bridge-Group Virtual Interface', range: [1, 255] },
  { type: 'Cellular', short: 'Ce', kind: 'elsewhere', help: 'Cellular WAN Async interface' },
  { type: 'Dot11Radio', short: 'Do', kind: 'elsewhere', help: 'Dot11 interface', subinterfaces: true },
  {
    type: 'Group-Async',
    short: 'Gr',
    kind: 'elsewhere',
    help: 'Async Group interface',
    range: [0, 2147483647],
  },
  { type: 'Hssi', short: 'Hs', kind: 'elsewhere', help: 'High Speed Serial Interface', subinterfaces: true },
  { type: 'Multilink', short: 'Mu', kind: 'elsewhere', help: 'Multilink-group interface', range: [1, 2147483647] },
  { type: 'Port-channel', short: 'Po', kind: 'elsewhere', help: 'Ethernet Channel of interfaces', subinterfaces: true },
  { type: 'pseudowire', short: 'pw', kind: 'elsewhere', help: 'Pseudowire interface', range: [1, 2147483647] },
  { type: 'Serial', short: 'Se', kind: 'elsewhere', help: 'Serial', subinterfaces: true },
  { type: 'Tunnel', short: 'Tu', kind: 'elsewhere', help: 'Tunnel interface', range: [0, 2147483647] },
  { type: 'Vlan', short: 'Vl', kind: 'elsewhere', help: 'Catalyst Vlans', range: [1, 4094] },
];

/** Reads `loopback1`, `lo 1`, `Virtual-PPP 1`, `fa0/0`; undefined if it is no interface, or its type is ambiguous. */
export function parseInterfaceName(text: string): InterfaceName | undefined {
  const split = /^(dot11radio|[a-z-]+)\s*(\d[\d/.:]*)$/i.exec(text.trim());
  if (split === null) return undefined;
  const number = split[2]!;
  const row = findType(split[1]!, number);
  if (row === undefined || !fits(row, number)) return undefined;
  return { name: `${row.type}${number}`, kind: row.kind, type: row.type, number };
}

/** `Vi3` for `Virtual-Access3`; a name of no known type stays as it is. */
export function shortInterfaceName(name: string): string {
  const row = INTERFACE_TYPES.find(({ type }) => name.startsWith(type) && /^\d/.test(name.slice(type.length)));
  return row === undefined ? name : row.short + name.slice(row.type.length);
}

/** `FastEthernet0/0.10`: a part of another interface, with a mode of its own. */
export function isSubinterface(name: string): boolean {
  return name.includes('.');
}

/** `FastEthernet0/0` of `FastEthernet0/0.10`; undefined of what is no subinterface. */
export function portOf(name: string): string | undefined {
  return isSubinterface(name) ? name.slice(0, name.indexOf('.')) : undefined;
}

/**
 * A text that sorts as the names of interfaces should, physical ones first: numbers are padded, since `Virtual-Access10` comes
 * after `Virtual-Access9`.
 */
export function orderKey(name: string, physical: boolean): string {
  const parsed = parseInterfaceName(name);
  const number = (parsed?.number ?? '').replace(/\d+/g, (digits) => digits.padStart(10, '0'));
  return `${physical ? 0 : 1} ${parsed?.type ?? name} ${number}`;
}

/** Whether the number has the form of its type; the ends of its range are `withinRange`. */
function fits({ range, subinterfaces }: InterfaceType, number: string): boolean {
  if (range !== undefined) return /^\d{1,10}$/.test(number);
  // ISDN channels stand behind a colon: `Serial0/0:15`.
  const form = subinterfaces === true ? /^\d+(?:\/\d+){0,3}(?::\d+)?(?:\.\d{1,10})?$/ : /^\d+(?:\/\d+){0,3}$/;
  return number.length <= MAX_NUMBER && form.test(number);
}

export function withinRange({ range }: InterfaceType, number: string): boolean {
  return range === undefined || (Number(number) >= range[0] && Number(number) <= range[1]);
}

export function typeOf({ type }: InterfaceName): InterfaceType {
  return INTERFACE_TYPES.find((row) => row.type === type)!;
}

/** `g0/1` can only be a GigabitEthernet: the form of the number decides where the letters do not. */
function findType(text: string, number: string): InterfaceType | undefined {
  const wanted = text.toLowerCase();
  const matches = INTERFACE_TYPES.filter(({ type, short }) => {
    return type.toLowerCase().startsWith(wanted) || short.toLowerCase() === wanted;
  });
  const exact = matches.find(({ type, short }) => type.toLowerCase() === wanted || short.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  const fitting = matches.length > 1 ? matches.filter((row) => fits(row, number)) : matches;
  return fitting.length === 1 ? fitting[0] : undefined;
}

const MAX_NUMBER = 20;
