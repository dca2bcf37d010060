// The order of interfaces in every list: physical ones first, then by type, then by number as a number.

import { parseInterfaceName } from '../../vpdn/interface-name.ts';
import type { InterfaceView } from '../../vpdn/view.ts';

export function sortInterfaces<View extends InterfaceView>(interfaces: readonly View[]): View[] {
  const keyed = interfaces.map((subject) => ({ subject, key: sortKey(subject) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ subject }) => subject);
}

/** A text that sorts as the name should: numbers padded, since `Virtual-Access10` comes after `Virtual-Access9`. */
function sortKey({ name, kind }: InterfaceView): string {
  const parsed = parseInterfaceName(name);
  const type = parsed?.type ?? name;
  const number = (parsed?.number ?? '').replace(/\d+/g, (digits) => digits.padStart(8, '0'));
  return `${kind === 'physical' ? 0 : 1} ${type} ${number}`;
}
