// `show ip local pool [NAME]` (C160).

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { PoolView, RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { nameCell, tableRow } from './table.ts';

export function* showIpLocalPool(view: RouterView, name?: string): Generator<string> {
  const pools = name === undefined ? view.pools : view.pools.filter((pool) => pool.name === name);
  if (pools.length === 0 && name !== undefined) return yield `%No such pool: ${printable(name)}`;
  yield ' Pool                     Begin           End             Free  In use';
  let previous = '';
  for (const pool of pools) {
    // The further ranges of one pool stand under the first without its name.
    yield poolRow(pool, pool.name === previous ? '' : nameCell(pool.name, 24));
    previous = pool.name;
  }
  if (name !== undefined) yield* inUseLines(pools);
}

function poolRow({ low, high, free, inUse }: PoolView, name: string): string {
  return `${tableRow([1, 25, 16, 16], ['', name, low, high]).padEnd(57)}${String(free).padStart(5)}${String(inUse).padStart(8)}`;
}

function* inUseLines(pools: readonly PoolView[]): Generator<string> {
  yield 'Inuse addresses:';
  let some = false;
  for (const { address, interfaceName, username } of pools.flatMap(({ leases }) => leases ?? [])) {
    some = true;
    yield tableRow([3, 17, 11], ['', address, shortInterfaceName(interfaceName), nameCell(username, 60)]);
  }
  if (!some) yield '   None';
}
