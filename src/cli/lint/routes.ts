// Static routes that cannot lead where they are meant to.

import type { Configuration, StaticRoute } from '../../vpdn/configuration.ts';
import type { Interface } from '../../vpdn/configuration-interface.ts';
import { dialledBy } from '../../vpdn/vpdn-group.ts';
import { maskOfLength, parseIpv4, readIpv4 } from '../../wire/ip.ts';
import type { Findings } from './finding.ts';

export function checkRoutes(configuration: Configuration, findings: Findings): void {
  for (const route of configuration.routes) checkInterface(configuration, route, findings);
  for (const subject of configuration.interfaces.values()) {
    for (const peer of peersOf(configuration, subject)) {
      // What goes into a tunnel is IPv4: a peer of IPv6 is never behind its own.
      if (readIpv4(peer) === undefined) continue;
      checkRecursion(configuration, subject.name, peer, subject.ppp.routeDefault, findings);
    }
  }
}

function peersOf(configuration: Configuration, subject: Interface): readonly string[] {
  if (subject.pseudowire !== undefined) return [subject.pseudowire.peer];
  if (subject.kind !== 'Dialer') return [];
  return dialledBy(configuration, subject)?.initiateTo.map(({ address }) => address) ?? [];
}

/** The guide's own L2TPv3 server has such a route. */
function checkInterface({ interfaces }: Configuration, route: StaticRoute, findings: Findings): void {
  if (route.interface === undefined || route.interface === 'Null0' || interfaces.has(route.interface)) return;
  const sentence = `the route to ${route.prefix}/${route.prefixLength} leads into ${route.interface}, which is not configured`;
  findings.add('CFG-161', sentence, `add \`interface ${route.interface}\`, or name the interface that is meant`);
}

/**
 * The longest prefix that holds the tunnel's far end must not lead into the tunnel: its packets would go round for ever. What Linux
 * has of its own to the peer is kept beside such a route (`host/routes.ts`), so that it works where Linux knows another way.
 */
function checkRecursion(
  configuration: Configuration,
  name: string,
  peer: string,
  routeDefault: boolean,
  findings: Findings,
): void {
  const candidates = [
    ...configuration.routes.map(({ prefix, prefixLength, interface: into, nextHop }) => {
      return { prefix, prefixLength, inside: into === name, what: `${prefix}/${prefixLength} via ${into ?? nextHop}` };
    }),
    ...[...configuration.interfaces.values()].flatMap(({ address, name: own }) => {
      if (address?.kind !== 'static' || own === name) return [];
      return [{ prefix: address.address, prefixLength: address.prefixLength, inside: false, what: own }];
    }),
    ...(routeDefault ? [{ prefix: '0.0.0.0', prefixLength: 0, inside: true, what: '`ppp ipcp route default`' }] : []),
  ];
  const holding = candidates.filter((each) => holds(each, peer));
  const longest = Math.max(...holding.map(({ prefixLength }) => prefixLength));
  const best = holding.filter(({ prefixLength }) => prefixLength === longest);
  if (best.length === 0 || best.some(({ inside }) => !inside)) return;
  const sentence = `the only route here to ${name}'s peer ${peer} is ${best[0]!.what}, into the tunnel itself: Linux has to know another`;
  findings.add('CFG-162', sentence, `add \`ip route ${peer} 255.255.255.255 GATEWAY\` by way of the interface outside`);
}

function holds({ prefix, prefixLength }: { prefix: string; prefixLength: number }, address: string): boolean {
  const mask = maskOfLength(prefixLength);
  return (parseIpv4(prefix) & mask) === (parseIpv4(address) & mask);
}
