// The guide's L2TPv3 example (R-222, R-223, corrected as X01 and X02) as configuration models: two routers, each with a Virtual-PPP
// interface whose pseudowire leads to the other.

import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../src/vpdn/configuration-interface.ts';
import { emptyL2tpClass, emptyPseudowireClass } from '../../src/vpdn/configuration-vpdn.ts';
import { CLIENT, clear, SERVER } from './guide.ts';
import type { Node, World } from './world.ts';

export type Transport = 'ip' | 'udp';

export interface EndOptions {
  readonly transport?: Transport;
  readonly vcid?: number;
  /** False: no digests. */
  readonly secret?: string | false;
  readonly cookieSize?: 4 | 8;
  readonly sequencing?: 'both';
  /** The two ends are `2001:db8::1` and `::2`. */
  readonly ipv6?: boolean;
}

export const IPV6_CLIENT = '2001:db8::1';
export const IPV6_SERVER = '2001:db8::2';

/** `peer1` at CLIENT or `peer2` at SERVER. */
export function wireEnd(name: 'peer1' | 'peer2', options: EndOptions = {}): Configuration {
  const { transport = 'ip', vcid = 10, secret = 'tunn3l', cookieSize = 4, sequencing, ipv6 = false } = options;
  const isFirst = name === 'peer1';
  const configuration = emptyConfiguration();
  configuration.hostname = name;
  configuration.users.set(isFirst ? 'peer2' : 'peer1', {
    name: isFirst ? 'peer2' : 'peer1',
    password: clear('s3cret'),
  });
  configuration.devices.set('Ethernet0/0', 'eth0');
  configuration.l2tpClasses.set('l2tpclass1', {
    ...emptyL2tpClass('l2tpclass1'),
    digests: secret === false ? [] : [{ hash: 'sha', secret: clear(secret) }],
    hidden: true,
    cookieSize,
  });
  configuration.pseudowireClasses.set('pwclass1', {
    ...emptyPseudowireClass('pwclass1'),
    encapsulation: 'l2tpv3',
    protocol: 'l2tpv3',
    l2tpClass: 'l2tpclass1',
    localInterface: 'Ethernet0/0',
    ...(transport === 'udp' ? { ipProtocol: 17 } : {}),
    sequencing,
  });
  const loopback = emptyInterface('Loopback1', 'Loopback');
  loopback.address = { kind: 'static', address: isFirst ? '10.20.20.1' : '10.10.10.1', prefixLength: 32 };
  configuration.interfaces.set('Loopback1', loopback);
  const virtualPpp = emptyInterface('Virtual-PPP1', 'Virtual-PPP');
  virtualPpp.address = { kind: 'unnumbered', from: 'Loopback1' };
  virtualPpp.ppp.authentication = {
    methods: ['chap'],
    ifNeeded: false,
    callin: false,
    callout: false,
    oneTime: false,
    optional: false,
  };
  virtualPpp.ppp.chapHostname = name;
  const [first, second] = ipv6 ? [IPV6_CLIENT, IPV6_SERVER] : [CLIENT, SERVER];
  virtualPpp.pseudowire = { peer: isFirst ? second : first, vcid, pseudowireClass: 'pwclass1' };
  configuration.interfaces.set('Virtual-PPP1', virtualPpp);
  const [prefix] = isFirst ? ['10.10.10.0'] : ['10.20.20.0'];
  configuration.routes.push({ prefix, prefixLength: 24, interface: 'Virtual-PPP1', permanent: false });
  return configuration;
}

export function addEnds(world: World, first: EndOptions = {}, second: EndOptions = first): { one: Node; two: Node } {
  return {
    one: world.add('peer1', first.ipv6 ? IPV6_CLIENT : CLIENT, wireEnd('peer1', first)),
    two: world.add('peer2', second.ipv6 ? IPV6_SERVER : SERVER, wireEnd('peer2', second)),
  };
}

/** One session, and IP passes on its interface. */
export function isOpen(node: Node): boolean {
  const { sessions, interfaces } = node.router.view(0);
  const [session] = sessions;
  return (
    sessions.length === 1 &&
    session?.state === 'established' &&
    interfaces.some(({ name, lineProtocol }) => name === session.interfaceName && lineProtocol === 'up')
  );
}

/** Both ends agree on one connection and one session. */
export function areJoined(one: Node, two: Node): boolean {
  if (!isOpen(one) || !isOpen(two)) return false;
  const [first] = one.router.view(0).sessions;
  const [second] = two.router.view(0).sessions;
  const standing = (node: Node) => node.router.view(0).tunnels.filter(({ state }) => state === 'established');
  return (
    first?.remoteId === second?.localId &&
    first?.localId === second?.remoteId &&
    first?.tunnelId === second?.remoteTunnelId &&
    standing(one).length === 1 &&
    standing(two).length === 1
  );
}

export function said(...nodes: Node[]): string {
  return nodes.map(({ name, logs }) => [`${name}:`, ...logs.slice(-12)].join('\n')).join('\n');
}
