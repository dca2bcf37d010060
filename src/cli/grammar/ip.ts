// Global lines about IP: pools, static routes, and which Linux device stands behind a physical interface.

import type { Configuration, PoolRange, StaticRoute } from '../../vpdn/configuration.ts';
import { emptyInterface } from '../../vpdn/configuration-interface.ts';
import { parseInterfaceName } from '../../vpdn/interface-name.ts';
import { lengthOfMask, maskOfLength, parseIpv4 } from '../../wire/ip.ts';
import {
  address,
  anyOrder,
  choice,
  flag,
  interfaceName,
  name,
  number,
  optional,
  repeat,
  sequence,
  word,
  words,
} from '../syntax.ts';
import { definer, entered, type Outcome, refused, warned } from '../tree.ts';
import { INTERFACE_MODE } from './interface.ts';
import { formatMask } from './interface-ip.ts';
import { modeLines } from './mode-lines.ts';
import { dropInert } from './vpdn.ts';

const define = definer<Configuration>();

// Naming an interface makes it. A Virtual-Access cannot be named: calls make and free it.
export const INTERFACE = define({
  path: [
    word('interface', 'Select an interface to configure'),
    interfaceName('key', ['Loopback', 'Virtual-Template', 'Virtual-PPP', 'physical']),
  ],
  keep: 2,
  set: ({ configuration }, { key }) => {
    const { kind } = parseInterfaceName(key)!;
    if (kind === 'Virtual-Access') return refused('% Virtual-Access interfaces are made by calls');
    if (!configuration.interfaces.has(key)) configuration.interfaces.set(key, emptyInterface(key, kind));
    return entered(INTERFACE_MODE, key, `interface ${key}`);
  },
  unset: ({ configuration }, { key }): Outcome => {
    if (configuration.devices.has(key!)) return refused('% Removal of physical interfaces is not permitted');
    configuration.interfaces.delete(key!);
    dropInert(configuration, `interface ${key}`);
  },
  lines: (scope) => {
    const sorted = [...scope.subject.interfaces.values()].sort((a, b) => compareInterfaces(a.name, b.name));
    return sorted.flatMap((each) => {
      const head = `interface ${each.name}`;
      return [head, ...modeLines(INTERFACE_MODE, each, scope, head), '!'];
    });
  },
  about:
    'Loopback, Virtual-Template and Virtual-PPP are made by naming them; a physical one needs `platform interfaces`.',
});

export const PLATFORM_INTERFACES = define({
  path: [
    words('platform interfaces', 'Linux devices behind physical interfaces (ext)'),
    repeat(sequence(interfaceName('names', ['physical']), name('devices', 'Linux device'))),
  ],
  set: ({ configuration: { devices } }, typed) => {
    const wanted = new Map(devices);
    for (const [index, key] of typed.names.entries()) {
      const device = typed.devices[index]!;
      // The kernel's own rule for device names: IFNAMSIZ, no slash, no blank, not a directory.
      if (!/^[^/\s:]{1,15}$/.test(device) || device === '.' || device === '..') {
        return refused(`% ${device} cannot be the name of a Linux device`);
      }
      for (const [other, taken] of wanted) {
        if (taken === device && other !== key) return refused(`% ${device} already stands behind ${other}`);
      }
      wanted.set(key, device);
    }
    for (const [key, device] of wanted) devices.set(key, device);
  },
  unset: ({ configuration: { devices } }, { names }) => {
    if (names === undefined) devices.clear();
    for (const key of names ?? []) devices.delete(key);
  },
  lines: ({ subject }) => [...subject.devices].map(([key, device]) => `platform interfaces ${key} ${device}`),
  about:
    'An extension, and the one line a pasted configuration needs: `platform interfaces Ethernet0/0 eth0`. Lines add up.',
});

// Ranges of all pools are kept apart: two callers must never be given one address.
export const LOCAL_POOL = define({
  path: [
    words('ip local pool', 'Create or extend a local pool of addresses'),
    name('pool', 'Name of the pool; `default` is the one used where none is named'),
    optional(
      sequence(
        address('low', 'First IP address of the range'),
        optional(address('high', 'Last IP address of the range')),
      ),
    ),
  ],
  keep: 2,
  set: ({ configuration: { pools } }, { pool, low, high = low }) => {
    const ranges = pools.get(pool) ?? [];
    if (low !== undefined) {
      const range: PoolRange = { low, high: high! };
      if (parseIpv4(low) > parseIpv4(range.high)) return refused('%Bad IP address range');
      for (const [other, theirs] of pools) {
        if (theirs.some((each) => overlap(each, range)))
          return refused(`%IP address range overlaps with pool: ${other}`);
      }
      ranges.push(range);
    }
    pools.set(pool, ranges);
  },
  unset: ({ configuration: { pools } }, { pool, low, high = low }) => {
    if (low === undefined) {
      pools.delete(pool!);
      return;
    }
    const left = pools.get(pool!)?.filter((range) => range.low !== low || range.high !== high);
    if (left === undefined || left.length === 0) pools.delete(pool!);
    else pools.set(pool!, left);
  },
  lines: ({ subject }) => {
    return [...subject.pools].flatMap(([pool, ranges]) => {
      if (ranges.length === 0) return [`ip local pool ${pool}`];
      return ranges.map(({ low, high }) => `ip local pool ${pool} ${low}${high === low ? '' : ` ${high}`}`);
    });
  },
  about: 'Several lines with one name add up; ranges must not overlap.',
});

// Routes are kept sorted, so that running-config and the kernel see one order however they were typed. What stands behind
// the next hop comes in any order here; IOS is as lenient.
export const IP_ROUTE = define({
  path: [
    words('ip route', 'Establish static routes'),
    address('prefix', 'Destination prefix'),
    address('mask', 'Destination prefix mask'),
    choice(
      address('nextHop', "Forwarding router's address"),
      sequence(
        interfaceName('through', ['Loopback', 'Virtual-PPP', 'physical']),
        optional(address('nextHop', "Forwarding router's address")),
      ),
    ),
    anyOrder(
      number('distance', 1, 255, 'Distance metric for this route'),
      sequence(word('name', 'Specify name of the next hop'), name('label', 'Name of the next hop')),
      flag('permanent', 'Permanent route'),
      sequence(word('tag', 'Set tag for this route'), number('tag', 1, 4294967295, 'Tag value')),
    ),
  ],
  keep: 3,
  set: ({ configuration }, typed) => {
    const prefixLength = consistent(typed.prefix, typed.mask);
    if (prefixLength === undefined) return refused('%Inconsistent address and mask');
    const route: StaticRoute = { prefix: typed.prefix, prefixLength, permanent: typed.permanent ?? false };
    if (typed.nextHop !== undefined) route.nextHop = typed.nextHop;
    if (typed.through !== undefined) route.interface = typed.through;
    if (typed.distance !== undefined) route.distance = typed.distance;
    if (typed.label !== undefined) route.name = typed.label;
    if (typed.tag !== undefined) route.tag = typed.tag;
    const others = configuration.routes.filter((each) => !sameWay(each, route));
    const after = others.findIndex((each) => compareRoutes(each, route) > 0);
    others.splice(after === -1 ? others.length : after, 0, route);
    configuration.routes = others;
    if (route.interface === undefined || configuration.interfaces.has(route.interface)) return;
    // The guide itself routes through an interface it never configures.
    return warned(`% Interface ${route.interface} is not configured: the route stays inactive until it is`);
  },
  unset: ({ configuration }, typed) => {
    const prefixLength = consistent(typed.prefix!, typed.mask!);
    if (prefixLength === undefined) return refused('%Inconsistent address and mask');
    configuration.routes = configuration.routes.filter((each) => {
      const same = each.prefix === typed.prefix && each.prefixLength === prefixLength;
      const way = typed.nextHop === undefined || each.nextHop === typed.nextHop;
      return !(same && way && (typed.through === undefined || each.interface === typed.through));
    });
  },
  lines: ({ subject }) => subject.routes.map(formatRoute),
  about:
    'Installed while its interface is up, or its next hop can be reached. `no ip route PREFIX MASK` removes all of a prefix.',
});

const KIND_ORDER = ['Loopback', 'physical', 'Virtual-Template', 'Virtual-PPP', 'Virtual-Access'];

/** Loopbacks, physical ones by slot, templates, pseudowires: the order of running-config. */
function compareInterfaces(a: string, b: string): number {
  const [first, second] = [parseInterfaceName(a)!, parseInterfaceName(b)!];
  const byKind = KIND_ORDER.indexOf(first.kind) - KIND_ORDER.indexOf(second.kind);
  if (byKind !== 0) return byKind;
  if (first.type !== second.type) return first.type < second.type ? -1 : 1;
  const [left, right] = [first.number.split(/[/.]/).map(Number), second.number.split(/[/.]/).map(Number)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareRoutes(a: StaticRoute, b: StaticRoute): number {
  return parseIpv4(a.prefix) - parseIpv4(b.prefix) || a.prefixLength - b.prefixLength;
}

function sameWay(a: StaticRoute, b: StaticRoute): boolean {
  const samePrefix = a.prefix === b.prefix && a.prefixLength === b.prefixLength;
  return samePrefix && a.nextHop === b.nextHop && a.interface === b.interface;
}

/** The length of the mask, if the prefix has no bits outside it. */
function consistent(prefix: string, mask: string): number | undefined {
  const length = lengthOfMask(parseIpv4(mask));
  if (length === undefined) return undefined;
  return (parseIpv4(prefix) & ~maskOfLength(length)) === 0 ? length : undefined;
}

function overlap(a: PoolRange, b: PoolRange): boolean {
  return parseIpv4(a.low) <= parseIpv4(b.high) && parseIpv4(b.low) <= parseIpv4(a.high);
}

function formatRoute(route: StaticRoute): string {
  const parts = ['ip route', route.prefix, formatMask(route.prefixLength)];
  if (route.interface !== undefined) parts.push(route.interface);
  if (route.nextHop !== undefined) parts.push(route.nextHop);
  if (route.distance !== undefined) parts.push(String(route.distance));
  if (route.tag !== undefined) parts.push(`tag ${route.tag}`);
  if (route.name !== undefined) parts.push(`name ${route.name}`);
  if (route.permanent) parts.push('permanent');
  return parts.join(' ');
}
