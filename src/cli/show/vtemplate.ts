// `show vtemplate` (C166): the Virtual-Templates and the Virtual-Access interfaces cloned from each.
// There are no subinterfaces and no pre-clones here: every call gets an interface of its own, made in microseconds.

import { orderKey, shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { RouterView } from '../../vpdn/view.ts';
import { callerRows } from './rows.ts';
import { tableRow } from './table.ts';

export function* showVtemplate(view: RouterView): Generator<string> {
  yield '                Active     Active     Subint   Pre-clone Pre-clone Interface';
  yield '              Interface Subinterface Capable   Available  Limit     Type';
  yield '              --------- ------------ -------   --------- --------- ---------';
  let inUse = 0;
  for (const { name, active } of templatesOf(view)) {
    inUse += active;
    const count = String(active);
    const place = shortInterfaceName(name);
    yield tableRow(WIDTHS, [`${place}${count.padStart(23 - place.length)}`, '0', 'No', '--', '--', 'Serial']);
  }
  const { created = 0, freed = 0 } = view.cloned ?? {};
  yield '';
  yield 'Usage Summary';
  yield '                                 Interface  Subinterface';
  yield '                                 ---------  ------------';
  yield usage('Current Serial   in use', inUse);
  yield usage('Current Serial   free', 0);
  yield usage('Current Ether    in use', 0);
  yield usage('Current Ether    free', 0);
  yield usage('Current Tunnel   in use', 0);
  yield usage('Current Tunnel   free', 0);
  yield usage('Total', inUse);
  yield '';
  yield usage('Cumulative created', created);
  yield usage('Cumulative freed', freed);
  yield '';
  yield 'Base virtual access interfaces: 0';
  yield 'Total create or clone requests: 0';
}

/** The templates, and how many interfaces are clones of each. */
export function templatesOf(view: RouterView): { readonly name: string; readonly active: number }[] {
  const active = new Map<string, number>();
  for (const { clonedFrom } of callerRows(view)) {
    if (clonedFrom !== undefined) active.set(clonedFrom, (active.get(clonedFrom) ?? 0) + 1);
  }
  const all = view.configuration.interfaces.values();
  const names = [...all].filter(({ kind }) => kind === 'Virtual-Template').map(({ name }) => name);
  names.sort((a, b) => (orderKey(a, false) < orderKey(b, false) ? -1 : 1));
  return names.map((name) => ({ name, active: active.get(name) ?? 0 }));
}

function usage(label: string, interfaces: number): string {
  return `${label}${String(interfaces).padStart(42 - label.length)}${'0'.padStart(14)}`;
}

const WIDTHS = [35, 3, 12, 10, 8];
