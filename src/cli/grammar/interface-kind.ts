// Which commands an interface takes, by what kind of interface it is.

import { parseInterfaceName } from '../../vpdn/interface-name.ts';

export type Kind = 'Loopback' | 'Virtual-Template' | 'Virtual-PPP' | 'physical';

/** True of interface modes whose key names an interface of one of these kinds. */
export function only(...kinds: readonly Kind[]): (key: string) => boolean {
  return (key) => {
    const kind = parseInterfaceName(key)?.kind;
    return kind !== undefined && (kinds as readonly string[]).includes(kind);
  };
}

/** PPP runs on it. */
export const onPpp = only('Virtual-Template', 'Virtual-PPP');
