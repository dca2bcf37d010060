// `show ip local pool [NAME]` (C160).

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { PoolView, RouterView } from '../../vpdn/view.ts';
import { formatIpv4, parseIpv4 } from '../../wire/ip.ts';
import { printable } from '../../wire/values.ts';
import { nameCell, tableRow } from './table.ts';

export function* showIpLocalPool(view: Pick<RouterView, 'pools'>, name?: string): Generator<string> {
  const pools = name === undefined ? view.pools : view.pools.filter((pool) => pool.name === name);
  if (pools.length === 0 && name !== undefined) return yield `%No such pool: ${printable(name)}`;
  yield ' Pool                     Begin           End             Free  In use';
  let previous = '';
  for (const pool of pools) {
    // The further ranges of one pool stand under the first without its name.
    yield poolRow(pool, pool.name === previous ? '' : nameCell(pool.name, 24));
    previous = pool.name;
  }
  if (name === undefined) return;
  yield* availableLines(pools);
  yield* inUseLines(pools);
  yield* heldLines(pools);
}

function poolRow({ low, high, free, inUse }: PoolView, name: string): string {
  return `${tableRow([1, 25, 16, 16], ['', name, low, high]).padEnd(57)}${String(free).padStart(5)}${String(inUse).padStart(8)}`;
}

/** Which addresses are free, as ranges: a pool of a million has no million lines. */
function* availableLines(pools: readonly PoolView[]): Generator<string> {
  yield 'Available addresses:';
  const taken = pools.flatMap(({ leases = [], held = [] }) =>
    [...leases, ...held].map(({ address }) => parseIpv4(address)),
  );
  let some = false;
  for (const { low, high } of pools) {
    for (const range of gaps(parseIpv4(low), parseIpv4(high), taken)) {
      some = true;
      yield `   ${range}`;
    }
  }
  if (!some) yield '   None';
}

function* gaps(low: number, high: number, taken: readonly number[]): Generator<string> {
  const inside = [...new Set(taken.filter((address) => address >= low && address <= high))].sort((a, b) => a - b);
  let from = low;
  for (const address of [...inside, high + 1]) {
    const last = address - 1;
    if (last >= from) yield last === from ? formatIpv4(from) : `${formatIpv4(from)} - ${formatIpv4(last)}`;
    from = address + 1;
  }
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

/** Free, and kept for who had them last as long as there are others. */
function* heldLines(pools: readonly PoolView[]): Generator<string> {
  yield 'Held addresses:';
  const held = pools.flatMap((pool) => pool.held ?? []);
  for (const { address, username } of held) yield tableRow([3, 28], ['', address, nameCell(username, 60)]);
  if (held.length === 0) yield '   None';
}
