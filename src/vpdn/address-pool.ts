// `ip local pool`: addresses given to PPP peers. First free address first, but a user gets the address it had last, if free.
// Addresses are 32-bit numbers here. Every lease names its holder, so an address never has two.

import { formatIpv4, parseIpv4 } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import type { PoolRange } from './configuration.ts';

interface Range {
  readonly low: number;
  readonly high: number;
  /** Below it, every address has been looked at and was taken. */
  next: number;
}

export interface PoolTimes {
  /** Users whose last address is remembered; undefined: many. */
  readonly cacheSize: number | undefined;
  /** How long an address given back is given to nobody. */
  readonly recycleDelay: Millis;
}

export class AddressPool {
  readonly name: string;
  #ranges: Range[] = [];
  readonly #holders = new Map<number, string>();
  /** The last address of each user, oldest user first; bounded as IOS bounds its cache. */
  readonly #remembered = new Map<string, number>();

  /** Addresses given back, and until when each rests. */
  readonly #resting = new Map<number, Millis>();
  #options: PoolTimes = { cacheSize: undefined, recycleDelay: 0 };

  constructor(name: string, ranges: readonly PoolRange[] = []) {
    this.name = name;
    this.configure(ranges, this.#options);
  }

  /** Leases outside new ranges live on until released. */
  configure(ranges: readonly PoolRange[], options: PoolTimes = this.#options): void {
    this.#options = options;
    this.#forget();
    this.#ranges = ranges.map(({ low, high }) => ({
      low: parseIpv4(low),
      high: parseIpv4(high),
      next: parseIpv4(low),
    }));
  }

  /** An address for `holder`, or undefined when none is left. `taken` names addresses in use outside the pool. */
  lease(holder: string, user: string, taken: (address: string) => boolean, now: Millis): string | undefined {
    for (const [address, until] of this.#resting) {
      if (until > now) break; // they stand in the order in which they are to be had again
      this.#recycle(address);
    }
    const address = this.#pick(user, taken);
    if (address === undefined) return undefined;
    this.#holders.set(address, holder);
    if (user !== '') this.#remember(user, address);
    return formatIpv4(address);
  }

  release(address: string, holder: string, now: Millis): void {
    const number = parseIpv4(address);
    if (this.#holders.get(number) !== holder) return;
    this.#holders.delete(number);
    this.#resting.set(number, now + this.#options.recycleDelay);
    if (this.#options.recycleDelay === 0) this.#recycle(number);
  }

  /** Rested for as long as `recycle delay` wants: the next caller may have it. */
  #recycle(number: number): void {
    this.#resting.delete(number);
    for (const range of this.#ranges) {
      if (number >= range.low && number < range.next) range.next = number;
    }
  }

  usage(): { low: string; high: string; free: number; inUse: number }[] {
    return this.#ranges.map(({ low, high }) => {
      let inUse = 0;
      for (const address of this.#holders.keys()) if (address >= low && address <= high) inUse++;
      return { low: formatIpv4(low), high: formatIpv4(high), free: high - low + 1 - inUse, inUse };
    });
  }

  /** Who has which address; and which free ones are remembered for whom. */
  holdings(): { readonly leased: ReadonlyMap<string, string>; readonly held: { address: string; username: string }[] } {
    const leased = new Map([...this.#holders].map(([address, holder]) => [formatIpv4(address), holder]));
    const held = [...this.#remembered]
      .filter(([, address]) => !this.#holders.has(address) && this.#contains(address))
      .map(([username, address]) => ({ address: formatIpv4(address), username }));
    return { leased, held };
  }

  #pick(user: string, taken: (address: string) => boolean): number | undefined {
    const free = (address: number) => {
      return !this.#holders.has(address) && !this.#resting.has(address) && !taken(formatIpv4(address));
    };
    const before = this.#remembered.get(user);
    if (before !== undefined && this.#contains(before) && free(before)) return before;
    for (const range of this.#ranges) {
      while (range.next <= range.high && this.#holders.has(range.next)) range.next++;
      for (let address = range.next; address <= range.high; address++) {
        if (free(address)) return address;
      }
    }
    return undefined;
  }

  #contains(address: number): boolean {
    return this.#ranges.some(({ low, high }) => address >= low && address <= high);
  }

  #remember(user: string, address: number): void {
    this.#remembered.delete(user);
    this.#remembered.set(user, address);
    this.#forget();
  }

  #forget(): void {
    const limit = this.#options.cacheSize ?? REMEMBERED_USERS;
    for (const user of this.#remembered.keys()) {
      if (this.#remembered.size <= limit) return;
      this.#remembered.delete(user);
    }
  }
}

/** IOS's default is 20; a larger one costs nothing and serves a reconnect storm. */
const REMEMBERED_USERS = 10_000;
