// Run in a network namespace of its own by `netlink.test.ts`: prints, for each thing asked of the kernel, what we say of it
// and what `ip -j` says.

import { execFileSync } from 'node:child_process';
import {
  type AddressNotice,
  decodeAddress,
  encodeAddressAddition,
  encodeAddressDump,
  encodeAddressRemoval,
} from '../../src/rtnetlink/address.ts';
import { decodeLink, encodeLinkChange, encodeLinkDump, encodeLinkQuery, type Link } from '../../src/rtnetlink/link.ts';
import { Group, type NetlinkMessage } from '../../src/rtnetlink/message.ts';
import {
  decodeRoute,
  encodeRouteAddition,
  encodeRouteDump,
  encodeRouteQuery,
  encodeRouteRemoval,
  type RouteNotice,
} from '../../src/rtnetlink/route.ts';
import { NetlinkMonitor, NetlinkSocket } from '../../src/sys/netlink-socket.ts';
import { sourceAddressTowards } from '../../src/sys/socket.ts';
import { Tun } from '../../src/sys/tun.ts';

type Row = Record<string, never>;
const ip = (...words: string[]): Row[] =>
  JSON.parse(execFileSync('ip', ['-j', ...words], { encoding: 'utf8' }) || '[]');
const said: Record<string, { ours: unknown; theirs: unknown }> = {};
const compare = (name: string, ours: unknown, theirs: unknown): void => {
  said[name] = { ours, theirs };
};

const socket = NetlinkSocket.open();
const notices: NetlinkMessage[] = [];
const monitor = NetlinkMonitor.open([Group.Link, Group.Ipv4Address, Group.Ipv4Route], {
  onMessage: (message) => notices.push(message),
  onOverrun: () => {},
});
const tun = Tun.open('vp0');
const link = (): Link => decodeLink(socket.request(encodeLinkQuery('vp0'))[0]!)!;
const { index } = link();

socket.request(encodeLinkChange({ index: 1, up: true }));
socket.request(encodeLinkChange({ index, up: true, mtu: 1460, gsoMaxSize: 61440 }));
const [shown] = ip('-d', 'link', 'show', 'dev', 'vp0') as unknown as {
  mtu: number;
  gso_max_size: number;
  flags: string[];
}[];
compare(
  'link up with mtu and gso_max_size',
  { mtu: 1460, gsoMaxSize: 61440, up: true, running: true },
  {
    mtu: shown!.mtu,
    gsoMaxSize: shown!.gso_max_size,
    up: shown!.flags.includes('UP'),
    running: shown!.flags.includes('LOWER_UP'),
  },
);

const addresses = (): Record<string, unknown>[] =>
  (ip('-4', 'address', 'show', 'dev', 'vp0')[0] as unknown as { addr_info: Record<string, unknown>[] }).addr_info.map(
    ({ local, address, prefixlen, broadcast }) => ({ local, address, prefixlen, broadcast }),
  );
const pointToPoint = { index, address: '192.0.2.1', prefixLength: 32, peer: '192.0.2.9' };
const subnet = { index, address: '198.51.100.1', prefixLength: 24 };
socket.request(encodeAddressAddition(pointToPoint));
// Twice: what is there already is no error.
socket.request(encodeAddressAddition(pointToPoint));
compare('address with a peer', addresses(), [
  { local: '192.0.2.1', address: '192.0.2.9', prefixlen: 32, broadcast: undefined },
]);
socket.request(encodeAddressAddition(subnet));
compare('address with a prefix and its broadcast', addresses()[1], {
  ...{ local: '198.51.100.1', address: undefined, prefixlen: 24, broadcast: '198.51.100.255' },
});

const routesOfOurs = (): Record<string, unknown>[] =>
  ip('route', 'show', 'proto', '171').map((row) => {
    const { dst, gateway, dev, prefsrc, metric, metrics } = row as Record<string, unknown>;
    return { dst, gateway, dev, prefsrc, metric, metrics };
  });
const wide = { prefix: '10.2.0.0', prefixLength: 16, device: index, source: '192.0.2.1', mtu: 1400, metric: 7 };
const host = { prefix: '10.3.0.1', prefixLength: 32, device: index };
const via = { prefix: '0.0.0.0', prefixLength: 0, nextHop: '198.51.100.9' };
for (const route of [wide, host, via]) socket.request(encodeRouteAddition(route));
const none = { gateway: undefined, prefsrc: undefined, metric: undefined, metrics: undefined };
compare('routes', routesOfOurs(), [
  { ...none, dst: 'default', gateway: '198.51.100.9', dev: 'vp0' },
  { ...none, dst: '10.2.0.0/16', dev: 'vp0', prefsrc: '192.0.2.1', metric: 7, metrics: [{ mtu: 1400 }] },
  { ...none, dst: '10.3.0.1', dev: 'vp0' },
]);
socket.request(encodeRouteAddition({ ...wide, mtu: 1300 }));
compare('a route replaced', routesOfOurs()[1]!['metrics' as never], [{ mtu: 1300 }]);

const query = decodeRoute(socket.request(encodeRouteQuery('10.2.3.4'))[0]!)!;
const [got] = ip('route', 'get', '10.2.3.4') as unknown as { dst: string; dev: string; prefsrc: string }[];
compare(
  'route query is route get',
  { dst: query.prefix, dev: query.device, prefsrc: query.source },
  { dst: got!.dst, dev: index, prefsrc: got!.prefsrc },
);
compare('the source Linux would take', sourceAddressTowards('10.2.3.4'), got!.prefsrc);

const all = <T>(request: Uint8Array, decode: (message: NetlinkMessage) => T | undefined): T[] =>
  socket.request(request).map((message) => decode(message)!);
compare(
  'our dump of links is theirs',
  all<Link>(encodeLinkDump(), decodeLink).map(({ name, mtu }) => ({ name, mtu })),
  ip('link').map((row) => ({ name: row['ifname' as never], mtu: row['mtu' as never] })),
);
compare(
  'our dump of addresses is theirs',
  all<AddressNotice>(encodeAddressDump(), decodeAddress).map(
    ({ address, prefixLength }) => `${address}/${prefixLength}`,
  ),
  (ip('-4', 'address') as unknown as { addr_info: { local: string; prefixlen: number }[] }[]).flatMap(({ addr_info }) =>
    addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  ),
);
compare(
  'our dump of routes is theirs',
  all<RouteNotice>(encodeRouteDump(), decodeRoute)
    .map(({ prefix, prefixLength }) => `${prefix}/${prefixLength}`)
    .sort(),
  (ip('-N', '-4', 'route', 'show', 'table', 'all') as unknown as { dst: string }[])
    .map(({ dst }) => (dst === 'default' ? '0.0.0.0/0' : dst.includes('/') ? dst : `${dst}/32`))
    .sort(),
);

execFileSync('ip', ['route', 'add', '10.4.0.0/16', 'dev', 'vp0']);
compare(
  'a foreign route is not ours to remove',
  refusal(encodeRouteRemoval({ prefix: '10.4.0.0', prefixLength: 16, device: index })),
  'ESRCH',
);
for (const route of [wide, host, via]) socket.request(encodeRouteRemoval(route));
for (const address of [pointToPoint, subnet]) socket.request(encodeAddressRemoval(address));
compare('removals leave nothing of ours', [routesOfOurs(), addressesLeft()], [[], 0]);
compare(
  'what the kernel refuses is an error with its name',
  [refusal(encodeLinkQuery('nosuch')), refusal(encodeRouteQuery('203.0.113.1')), refusal(encodeAddressRemoval(subnet))],
  ['ENODEV', 'ENETUNREACH', 'EADDRNOTAVAIL'],
);

tun.close();
monitor.poll();
const links = notices.map(decodeLink).filter((notice) => notice?.name === 'vp0');
compare(
  'notices of changes arrive',
  {
    cameUp: links.some((notice) => notice!.up && notice!.mtu === 1460),
    wentAway: links.at(-1)!.removed,
    address: notices.some((message) => decodeAddress(message)?.peer === '192.0.2.9'),
    route: notices.some((message) => decodeRoute(message)?.prefix === '10.3.0.1'),
  },
  { cameUp: true, wentAway: true, address: true, route: true },
);
monitor.close();
socket.close();
console.log(JSON.stringify(said));

function addressesLeft(): number {
  return (
    (ip('-4', 'address', 'show', 'dev', 'vp0')[0] as unknown as { addr_info: [] } | undefined)?.addr_info.length ?? 0
  );
}

function refusal(request: Uint8Array): string {
  try {
    socket.request(request);
    return 'accepted';
  } catch (error) {
    return (error as { errno: string }).errno;
  }
}
