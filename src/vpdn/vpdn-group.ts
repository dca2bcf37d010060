// Which vpdn-group serves a tunnel: the one whose `terminate-from hostname` is the peer's Host Name, else the default group (C074).

import type { Configuration } from './configuration.ts';
import type { VpdnGroup } from './configuration-vpdn.ts';
import { templateOf } from './vpdn-template.ts';

export type GroupChoice =
  | { readonly found: true; readonly group: VpdnGroup }
  | { readonly found: false; readonly reason: 'vpdn-disabled' | 'no-group'; readonly known: readonly string[] };

/** For a tunnel that asks at `localAddress` and calls itself `hostName`. */
export function chooseGroup(configuration: Configuration, hostName: string, localAddress: string): GroupChoice {
  if (!configuration.vpdn.enabled) return { found: false, reason: 'vpdn-disabled', known: [] };
  const serving = [...configuration.vpdnGroups.values()].filter((group) => {
    const own = servedAddress(configuration, group);
    return acceptsL2tp(group) && (own === undefined || own === localAddress);
  });
  const group =
    serving.find(({ terminateFrom }) => terminateFrom === hostName) ??
    serving.find(({ terminateFrom }) => terminateFrom === undefined);
  if (group !== undefined) return { found: true, group };
  const known = serving.flatMap(({ terminateFrom }) => terminateFrom ?? []);
  return { found: false, reason: 'no-group', known };
}

export function acceptsL2tp(group: VpdnGroup): boolean {
  const protocol = group.acceptDialin?.protocol;
  return protocol === 'l2tp' || protocol === 'any';
}

/** Not by way of `groupInForce`: this is asked of every group for every tunnel that a stranger offers. */
function servedAddress(configuration: Configuration, group: VpdnGroup): string | undefined {
  return group.sourceAddress ?? templateOf(configuration, group)?.sourceAddress ?? configuration.vpdn.sourceAddress;
}
