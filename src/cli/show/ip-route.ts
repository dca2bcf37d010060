// `show ip route` (C159): the table of 12.4, grouped by classful network as IOS groups it, and the detail of one route.
//
//        10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks      two masks: each route prints its own
//   C       10.1.1.0/24 is directly connected, Loopback1
//        172.16.0.0/24 is subnetted, 1 subnets                     one mask: printed in the heading only
//   C       172.16.32.0 is directly connected, Ethernet0/0
//   C    192.168.1.0/24 is directly connected, Ethernet0/1         the classful network itself: no heading

import type { RouterView, RouteView } from '../../vpdn/view.ts';
import { formatIpv4, maskOfLength, parseIpv4 } from '../../wire/ip.ts';

export function* showIpRoute(view: RouterView, source?: RouteView['source']): Generator<string> {
  const routes = source === undefined ? view.routes : view.routes.filter((route) => route.source === source);
  // A filtered table shows only the lines asked for, as IOS does.
  if (source === undefined) {
    yield* CODES;
    yield '';
    yield lastResort(view.routes);
    yield '';
  }
  for (const network of classfulNetworks(routes)) yield* networkLines(network);
}

/** `show ip route A.B.C.D [MASK]`: the longest match, or the route to exactly that prefix. */
export function* showIpRouteTo(view: RouterView, address: string, prefixLength?: number): Generator<string> {
  const target = parseIpv4(address);
  const matching = view.routes.filter((route) =>
    prefixLength === undefined
      ? networkOf(target, route.prefixLength) === parseIpv4(route.prefix)
      : route.prefixLength === prefixLength && networkOf(target, prefixLength) === parseIpv4(route.prefix),
  );
  // A default route is not taken for an answer about a network, as in IOS.
  const longest = matching.reduce((most, route) => Math.max(most, route.prefixLength), -1);
  if (longest <= 0 && !(longest === 0 && target === 0)) return yield '% Network not in table';
  const best = matching.filter((route) => route.prefixLength === longest);
  const [{ prefix, source, distance }] = best as [RouteView, ...RouteView[]];
  const how = source === 'connected' ? 'metric 0 (connected, via interface)' : 'metric 0';
  yield `Routing entry for ${prefix}/${longest}`;
  yield `  Known via "${source}", distance ${distance}, ${how}`;
  yield '  Routing Descriptor Blocks:';
  for (const [index, route] of best.entries()) {
    const star = index === 0 ? '*' : ' ';
    const via = route.interfaceName === undefined ? '' : `, via ${route.interfaceName}`;
    yield `  ${star} ${route.nextHop === undefined ? `directly connected${via}` : `${route.nextHop}${via}`}`;
    yield '      Route metric is 0, traffic share count is 1';
  }
}

export function* showIpRouteSummary(view: RouterView): Generator<string> {
  yield 'IP routing table name is Default-IP-Routing-Table(0)';
  yield 'Route Source    Networks    Subnets';
  const count = (source: RouteView['source'], isSubnet: boolean) =>
    view.routes.filter((route) => route.source === source && route.prefixLength > classfulLength(route) === isSubnet)
      .length;
  for (const source of ['connected', 'static'] as const) {
    yield `${source.padEnd(16)}${String(count(source, false)).padEnd(12)}${count(source, true)}`;
  }
}

/** One classful network and its routes, or one route to a classful network or a greater one. */
interface Network {
  readonly address: number;
  readonly length: number;
  /** By prefix, in order; several routes of one prefix share the load. */
  readonly prefixes: RouteView[][];
}

function classfulNetworks(routes: readonly RouteView[]): Network[] {
  const byPrefix = Map.groupBy(routes, ({ prefix, prefixLength }) => `${prefix}/${prefixLength}`);
  const networks = new Map<string, Network>();
  for (const prefixes of byPrefix.values()) {
    const [first] = prefixes as [RouteView, ...RouteView[]];
    const address = parseIpv4(first.prefix);
    const length = Math.min(first.prefixLength, classfulLength(first));
    const network = { address: networkOf(address, length), length, prefixes: [] };
    const key = `${network.address}/${length}`;
    if (!networks.has(key)) networks.set(key, network);
    networks.get(key)!.prefixes.push(prefixes);
  }
  for (const { prefixes } of networks.values()) prefixes.sort((a, b) => comparePrefixes(a[0]!, b[0]!));
  return [...networks.values()].sort(compareNetworks);
}

/** The default route comes last. */
function compareNetworks(a: Network, b: Network): number {
  if ((a.length === 0) !== (b.length === 0)) return a.length === 0 ? 1 : -1;
  return a.address - b.address || a.length - b.length;
}

function comparePrefixes(a: RouteView, b: RouteView): number {
  return parseIpv4(a.prefix) - parseIpv4(b.prefix) || a.prefixLength - b.prefixLength;
}

function* networkLines({ address, length, prefixes }: Network): Generator<string> {
  const masks = new Set(prefixes.map(([route]) => route!.prefixLength));
  const alone = masks.size === 1 && masks.has(length);
  if (masks.size > 1) {
    yield `     ${formatIpv4(address)}/${length} is variably subnetted, ${prefixes.length} subnets, ${masks.size} masks`;
  } else if (!alone) {
    yield `     ${formatIpv4(address)}/${[...masks][0]} is subnetted, ${prefixes.length} subnets`;
  }
  for (const routes of prefixes) {
    const [route] = routes as [RouteView, ...RouteView[]];
    const shown = masks.size > 1 || alone ? `${route.prefix}/${route.prefixLength}` : route.prefix;
    yield* routeLines(`${code(route).padEnd(alone ? 5 : 8)}${shown}`, routes);
  }
}

/** The second of two equal routes stands under the first, without its prefix. */
function* routeLines(start: string, routes: readonly RouteView[]): Generator<string> {
  for (const [index, route] of routes.entries()) {
    const via = route.interfaceName === undefined ? '' : `, ${route.interfaceName}`;
    const rest =
      route.nextHop === undefined ? `is directly connected${via}` : `[${route.distance}/0] via ${route.nextHop}${via}`;
    yield `${index === 0 ? start : ' '.repeat(start.length)} ${rest}`;
  }
}

function code({ source, prefixLength }: RouteView): string {
  return `${source === 'connected' ? 'C' : 'S'}${prefixLength === 0 ? '*' : ''}`;
}

function lastResort(routes: readonly RouteView[]): string {
  const route = routes.find(({ prefixLength }) => prefixLength === 0);
  if (route === undefined) return 'Gateway of last resort is not set';
  return `Gateway of last resort is ${route.nextHop ?? '0.0.0.0'} to network 0.0.0.0`;
}

/** 8, 16 or 24 by the first octet; 32 for what has no class to speak of. */
function classfulLength({ prefix }: RouteView): number {
  const first = parseIpv4(prefix) >>> 24;
  if (first < 128) return 8;
  if (first < 192) return 16;
  return first < 224 ? 24 : 32;
}

function networkOf(address: number, length: number): number {
  return (address & maskOfLength(length)) >>> 0;
}

const CODES = [
  'Codes: C - connected, S - static, R - RIP, M - mobile, B - BGP',
  '       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area',
  '       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2',
  '       E1 - OSPF external type 1, E2 - OSPF external type 2',
  '       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2',
  '       ia - IS-IS inter area, * - candidate default, U - per-user static route',
  '       o - ODR, P - periodic downloaded static route',
];
