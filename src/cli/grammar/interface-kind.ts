// Which commands an interface takes, by what kind of interface it is.

import type { InterfaceKind } from '../../vpdn/configuration-interface.ts';
import { isSubinterface, type NamedKind, parseInterfaceName } from '../../vpdn/interface-name.ts';

/** True of interface modes whose key names an interface of one of these kinds. */
export function only(...kinds: readonly InterfaceKind[]): (key: string) => boolean {
  return (key) => {
    const kind = parseInterfaceName(key)?.kind;
    return kind !== undefined && (kinds as readonly string[]).includes(kind);
  };
}

/** PPP runs on it. */
export const onPpp = only('Virtual-Template', 'Virtual-PPP', 'Dialer');
/** It calls the peer, by L2TP or by PPTP. */
export const onClient = only('Virtual-PPP', 'Dialer');
/** It has no peer of its own. */
export const onLan = only('Loopback', 'physical');
export const onPhysical = only('physical');
export const onSubinterface = (key: string): boolean => onPhysical(key) && isSubinterface(key);

/** What may be named as the owner of an address, or as where a route leads; whether it is there is another question. */
export const ADDRESSED: readonly NamedKind[] = ['Loopback', 'physical', 'Virtual-PPP', 'Dialer', 'elsewhere'];
