// `ip route`: static routes (C015).

import type { Configuration, StaticRoute } from '../../vpdn/configuration.ts';
import type { NamedKind } from '../../vpdn/interface-name.ts';
import { HONOURED } from '../../vpdn/standing.ts';
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
  sequence,
  word,
  words,
} from '../syntax.ts';
import { type Command, definer, notSupported, refused, warned } from '../tree.ts';
import { inertCommands } from './inert.ts';
import { formatMask } from './interface-address.ts';
import { ADDRESSED } from './interface-kind.ts';

const define = definer<Configuration>();

const LEADS: readonly NamedKind[] = [...ADDRESSED, 'Null'];

// Routes are kept sorted, so that running-config and the kernel see one order however they were typed. What stands behind
// the next hop comes in any order here; IOS is as lenient.
const route = define({
  path: [
    words('ip route', 'Establish static routes'),
    address('prefix', 'Destination prefix'),
    address('mask', 'Destination prefix mask'),
    choice(
      address('nextHop', "Forwarding router's address"),
      flag('dhcp', 'Default gateway obtained from DHCP'),
      sequence(interfaceName('through', LEADS), optional(address('nextHop', "Forwarding router's address"))),
    ),
    anyOrder(
      number('distance', 1, 255, 'Distance metric for this route'),
      sequence(word('name', 'Specify name of the next hop'), name('label', 'Name of the next hop')),
      choice(
        flag('permanent', 'Permanent route'),
        sequence(
          word('track', 'Install route depending on tracked item'),
          number('track', 1, 1000, 'Tracked object number'),
        ),
      ),
      sequence(word('tag', 'Set tag for this route'), number('tag', 1, 4294967295, 'Tag value')),
    ),
  ],
  keep: 3,
  set: ({ configuration }, typed) => {
    const prefixLength = consistent(typed.prefix, typed.mask);
    if (prefixLength === undefined) return refused('%Inconsistent address and mask');
    const wanted: StaticRoute = { prefix: typed.prefix, prefixLength, permanent: typed.permanent ?? false };
    if (typed.nextHop !== undefined) wanted.nextHop = typed.nextHop;
    if (typed.through !== undefined) wanted.interface = typed.through;
    if (typed.dhcp !== undefined) wanted.dhcp = typed.dhcp;
    if (typed.distance !== undefined) wanted.distance = typed.distance;
    if (typed.label !== undefined) wanted.name = typed.label;
    if (typed.tag !== undefined) wanted.tag = typed.tag;
    if (typed.track !== undefined) wanted.track = typed.track;
    insert(configuration.routes, wanted);
    const { interface: through } = wanted;
    if (through === undefined || through === 'Null0' || configuration.interfaces.has(through)) return;
    // The guide itself routes through an interface it never configures.
    return warned(`% Interface ${through} is not configured: the route stays inactive until it is`);
  },
  unset: ({ configuration }, typed) => {
    const prefixLength = consistent(typed.prefix!, typed.mask!);
    if (prefixLength === undefined) return refused('%Inconsistent address and mask');
    configuration.routes = configuration.routes.filter((each) => {
      const same = each.prefix === typed.prefix && each.prefixLength === prefixLength;
      const way = typed.nextHop === undefined || each.nextHop === typed.nextHop;
      const through = typed.through === undefined || each.interface === typed.through;
      return !(same && way && through && (typed.dhcp === undefined || each.dhcp === true));
    });
  },
  lines: ({ subject }) => subject.routes.map(formatRoute),
  standing: ({ dhcp, track }) => {
    if (dhcp === true) return notSupported('no DHCP is spoken here: the route is never installed');
    return track === undefined
      ? HONOURED
      : notSupported('nothing is tracked here: the route stands as if the object were up');
  },
  entries: ['C015'],
  about:
    'Installed while its interface is up, or its next hop can be reached. Into Null0: packets are dropped. `no ip route PREFIX MASK` removes all of a prefix.',
});

export const IP_ROUTE: Command<Configuration>[] = [
  ...inertCommands<Configuration>(notSupported('there is one routing table here: the route is not installed'), [
    {
      text: 'ip route vrf',
      help: 'Configure static route for a VPN Routing/Forwarding instance',
      takes: 'line',
      several: true,
      entries: ['C015'],
    },
  ]),
  route,
];

/** Into the sorted list, behind others to its prefix; the one it replaces is among those. */
function insert(routes: StaticRoute[], wanted: StaticRoute): void {
  let at = 0;
  for (let high = routes.length; at < high; ) {
    const middle = (at + high) >> 1;
    if (compareRoutes(routes[middle]!, wanted) < 0) at = middle + 1;
    else high = middle;
  }
  for (let each = routes[at]; each !== undefined && compareRoutes(each, wanted) === 0; each = routes[at]) {
    if (sameWay(each, wanted)) routes.splice(at, 1);
    else at++;
  }
  routes.splice(at, 0, wanted);
}

function compareRoutes(a: StaticRoute, b: StaticRoute): number {
  return parseIpv4(a.prefix) - parseIpv4(b.prefix) || a.prefixLength - b.prefixLength;
}

function sameWay(a: StaticRoute, b: StaticRoute): boolean {
  const samePrefix = a.prefix === b.prefix && a.prefixLength === b.prefixLength;
  return samePrefix && a.nextHop === b.nextHop && a.interface === b.interface && a.dhcp === b.dhcp;
}

/** The length of the mask, if the prefix has no bits outside it. */
function consistent(prefix: string, mask: string): number | undefined {
  const length = lengthOfMask(parseIpv4(mask));
  if (length === undefined) return undefined;
  return (parseIpv4(prefix) & ~maskOfLength(length)) === 0 ? length : undefined;
}

function formatRoute(each: StaticRoute): string {
  const parts = ['ip route', each.prefix, formatMask(each.prefixLength)];
  if (each.interface !== undefined) parts.push(each.interface);
  if (each.nextHop !== undefined) parts.push(each.nextHop);
  if (each.dhcp === true) parts.push('dhcp');
  if (each.distance !== undefined) parts.push(String(each.distance));
  if (each.tag !== undefined) parts.push(`tag ${each.tag}`);
  if (each.name !== undefined) parts.push(`name ${each.name}`);
  if (each.permanent) parts.push('permanent');
  if (each.track !== undefined) parts.push(`track ${each.track}`);
  return parts.join(' ');
}
