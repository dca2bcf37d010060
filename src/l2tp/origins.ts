// Which tunnels came of which SCCRQ. A retransmitted SCCRQ has Tunnel ID 0 in its header like the first, and is known
// by (peer address, port, the peer's Tunnel ID) and its octets: two clients behind one address may share the former.

import type { Path } from '../wire/ip.ts';
import { CONTROL_HEADER_LENGTH } from './header.ts';

interface Origin<Item> {
  readonly item: Item;
  readonly sum: number;
}

export class Origins<Item> {
  readonly #origins = new Map<string, Origin<Item>[]>();
  readonly #keys = new Map<Item, string>();

  add(item: Item, path: Path, peerId: number, octets: Uint8Array): void {
    const key = keyOf(path, peerId);
    const known = this.#origins.get(key);
    const origin = { item, sum: sumOf(octets) };
    this.#keys.set(item, key);
    if (known === undefined) this.#origins.set(key, [origin]);
    else known.push(origin);
  }

  delete(item: Item): void {
    const key = this.#keys.get(item);
    if (key === undefined) return;
    this.#keys.delete(item);
    const rest = this.#origins.get(key)!.filter((origin) => origin.item !== item);
    if (rest.length === 0) this.#origins.delete(key);
    else this.#origins.set(key, rest);
  }

  /** The last one that this very SCCRQ made. */
  find(path: Path, peerId: number, octets: Uint8Array): Item | undefined {
    const sum = sumOf(octets);
    return this.#origins.get(keyOf(path, peerId))?.findLast((origin) => origin.sum === sum)?.item;
  }

  /** The last one of this peer and its Tunnel ID. */
  latest(path: Path, peerId: number): Item | undefined {
    return this.#origins.get(keyOf(path, peerId))?.at(-1)?.item;
  }
}

function keyOf(path: Path, peerId: number): string {
  return `${path.peerAddress} ${path.peerPort} ${peerId}`;
}

/** FNV-1a over the body: the header's Nr may differ from one time to the next. */
function sumOf(octets: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (let at = CONTROL_HEADER_LENGTH; at < octets.length; at++) sum = Math.imul(sum ^ octets[at]!, 0x01000193);
  return sum >>> 0;
}
