// Which vpdn-group serves a tunnel: the one whose `terminate-from hostname` is the peer's Host Name, else the default group of the
// protocol (C072, C074).

import type { Configuration } from './configuration.ts';
import type { Interface } from './configuration-interface.ts';
import type { VpdnGroup } from './configuration-vpdn.ts';
import { templateOf } from './vpdn-template.ts';

export type GroupChoice =
  | { readonly found: true; readonly group: VpdnGroup }
  | { readonly found: false; readonly reason: 'vpdn-disabled' | 'no-group'; readonly known: readonly string[] };

export type DialinProtocol = 'l2tp' | 'pptp';

/** For a tunnel that asks at `localAddress` and calls itself `hostName`. */
export function chooseGroup(
  configuration: Configuration,
  hostName: string,
  localAddress: string,
  protocol: DialinProtocol = 'l2tp',
): GroupChoice {
  if (!configuration.vpdn.enabled) return { found: false, reason: 'vpdn-disabled', known: [] };
  const serving = [...configuration.vpdnGroups.values()].filter((group) => {
    const own = servedAddress(configuration, group);
    return accepts(group, protocol) && (own === undefined || own === localAddress);
  });
  const group =
    serving.find(({ terminateFrom }) => terminateFrom === hostName) ??
    serving.find(({ terminateFrom }) => terminateFrom === undefined);
  if (group !== undefined) return { found: true, group };
  const known = serving.flatMap(({ terminateFrom }) => terminateFrom ?? []);
  return { found: false, reason: 'no-group', known };
}

export function acceptsL2tp(group: VpdnGroup): boolean {
  return accepts(group, 'l2tp');
}

/** `any` is L2F or L2TP (C072). */
export function accepts({ acceptDialin }: VpdnGroup, protocol: DialinProtocol): boolean {
  return acceptDialin?.protocol === protocol || (protocol === 'l2tp' && acceptDialin?.protocol === 'any');
}

/** The group whose tunnels an interface Dialer opens by PPTP: `rotary-group` names it by number, `pool-member` by its `dialer pool`. */
export function dialledBy({ vpdnGroups }: Configuration, { name, dialerPool }: Interface): VpdnGroup | undefined {
  const number = Number(name.slice('Dialer'.length));
  return [...vpdnGroups.values()].find(({ requestDialin }) => {
    if (requestDialin?.protocol !== 'pptp') return false;
    const { rotaryGroup, poolMember } = requestDialin;
    return rotaryGroup === number || (poolMember !== undefined && poolMember === dialerPool);
  });
}

/** Where tunnels of the group are accepted; undefined: everywhere. Not by way of `groupInForce`: this is asked of every group for every tunnel that a stranger offers. */
export function servedAddress(configuration: Configuration, group: VpdnGroup): string | undefined {
  return group.sourceAddress ?? templateOf(configuration, group)?.sourceAddress ?? configuration.vpdn.sourceAddress;
}
