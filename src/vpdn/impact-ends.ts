// Which tunnels and calls a new configuration ends, and why. Asked before a change for its impact plan, and by the change itself:
// what the plan names is what ends, and nothing else does. A session ends only where what it stands on is gone (operations: hot
// otherwise): changed templates, classes, secrets, timers, limits, users and pools are for the calls to come.

import type { Call } from './call.ts';
import type { Circuit } from './circuit.ts';
import type { Configuration } from './configuration.ts';
import type { LinkFacts } from './events.ts';
import type { Prospect } from './interfaces.ts';
import type { RouterParts } from './router-parts.ts';
import { allTunnels, tunnelOf } from './tunnel-of.ts';
import type { Tunnel } from './tunnels.ts';
import { accepts, type DialinProtocol } from './vpdn-group.ts';

/** `subject` is the line that is to blame: `vpdn-group callers`. */
export interface Reason {
  readonly subject: string;
  readonly why: string;
}

export interface Ends {
  readonly tunnels: ReadonlyMap<Tunnel, Reason>;
  /** Those of the tunnels among them. */
  readonly calls: ReadonlyMap<Call | Circuit, Reason>;
  /** Addresses that leave Linux, with the interface of each. */
  readonly leaving: ReadonlyMap<string, string>;
}

type Parts = Pick<RouterParts, 'interfaces' | 'tunnels' | 'connections' | 'pptpConnections' | 'calls' | 'dialers'>;

/** `links` undefined: as they are. */
export function prospectOf(
  { interfaces }: Parts,
  configuration: Configuration,
  links: ReadonlyMap<string, LinkFacts> | undefined,
): Prospect {
  return { configuration, links: links ?? interfaces.inForce.links, gone: new Set() };
}

export function endsUnder(prospect: Prospect, parts: Parts): Ends {
  const leaving = parts.interfaces.leaving(prospect);
  let ends = endsOnce(prospect, parts, leaving);
  // A session that ends takes the address its peer gave it along, and what started or borrowed there ends as well.
  for (let gone = broughtBy(ends); !within(gone, leaving); gone = broughtBy(ends)) {
    for (const [address, interfaceName] of gone) leaving.set(address, interfaceName);
    ends = endsOnce({ ...prospect, gone: new Set(leaving.keys()) }, parts, leaving);
  }
  return ends;
}

function endsOnce(prospect: Prospect, parts: Parts, leaving: Map<string, string>): Ends {
  const tunnels = new Map<Tunnel, Reason>();
  for (const tunnel of allTunnels(parts)) {
    const reason = tunnelEnd(tunnel, prospect.configuration, leaving, protocolOf(tunnel, parts));
    if (reason !== undefined) tunnels.set(tunnel, reason);
  }
  const calls = new Map<Call | Circuit, Reason>();
  for (const call of parts.calls.all()) {
    const tunnel = tunnelOf(call.place, parts);
    const reason = (tunnel && tunnels.get(tunnel)) ?? callEnd(call, prospect, parts, leaving);
    if (reason !== undefined) calls.set(call, reason);
  }
  return { tunnels, calls, leaving };
}

/** An accepted tunnel stands on its group, and so does one that the group opened; all stand on their local address. */
function tunnelEnd(
  { group: name, path, accepted = false }: Tunnel,
  { vpdn, vpdnGroups }: Configuration,
  leaving: ReadonlyMap<string, string>,
  protocol: DialinProtocol,
): Reason | undefined {
  if (name !== undefined) {
    const group = vpdnGroups.get(name);
    if (group === undefined) return { subject: `vpdn-group ${name}`, why: 'removed' };
    const serves =
      protocol === 'pptp' && !accepted ? group.requestDialin?.protocol === 'pptp' : accepts(group, protocol);
    if (!serves) return { subject: `vpdn-group ${name}`, why: `is no longer one of ${protocol.toUpperCase()}` };
    if (!vpdn.enabled) return { subject: 'vpdn enable', why: 'removed' };
  }
  return addressEnd(path.localAddress, leaving);
}

function protocolOf(tunnel: Tunnel, { pptpConnections }: Parts): DialinProtocol {
  return pptpConnections.get(tunnel.id) === tunnel ? 'pptp' : 'l2tp';
}

function callEnd(
  { place, neighbor, speaksFrom }: Call | Circuit,
  prospect: Prospect,
  { dialers }: Parts,
  leaving: ReadonlyMap<string, string>,
): Reason | undefined {
  const why = place.role === 'lac' ? dialers.endOf(place.interfaceName, prospect) : undefined;
  if (why !== undefined) return { subject: `interface ${place.interfaceName}`, why };
  return addressEnd(neighbor?.source ?? speaksFrom, leaving);
}

function addressEnd(address: string | undefined, leaving: ReadonlyMap<string, string>): Reason | undefined {
  const from = leaving.get(address ?? '');
  return from === undefined ? undefined : { subject: `interface ${from}`, why: `address ${address} goes away` };
}

/** The negotiated addresses of clients whose calls end. */
function broughtBy({ calls }: Ends): [string, string][] {
  return [...calls.keys()].flatMap(({ place, neighbor }) => {
    const negotiated = place.role === 'lac' && place.subject.address?.kind === 'negotiated';
    return negotiated && neighbor !== undefined ? [[neighbor.source, place.interfaceName]] : [];
  });
}

function within(addresses: readonly [string, string][], known: ReadonlyMap<string, string>): boolean {
  return addresses.every(([address]) => known.has(address));
}
