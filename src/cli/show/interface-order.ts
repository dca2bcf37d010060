// The order of interfaces in every list: physical ones first, then by type, then by number as a number.

import { orderKey } from '../../vpdn/interface-name.ts';
import type { InterfaceView } from '../../vpdn/view.ts';

export function sortInterfaces<View extends InterfaceView>(interfaces: readonly View[]): View[] {
  const keyed = interfaces.map((subject) => ({ subject, key: orderKey(subject.name, subject.kind === 'physical') }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ subject }) => subject);
}
