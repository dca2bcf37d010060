// Which address a caller gets, and that no address ever has two owners (C103, C017).

import { readIpv4 } from '../wire/ip.ts';
import type { AddressVerdict } from './address-assignment.ts';
import { AddressPool } from './address-pool.ts';
import type { Call } from './call.ts';
import type { PeerDefaultAddress } from './configuration-interface.ts';
import type { Context } from './context.ts';
import type { Interfaces } from './interfaces.ts';
import type { PoolView } from './view.ts';

export class Addresses {
  readonly #context: Context;
  readonly #interfaces: Interfaces;
  readonly #pools = new Map<string, AddressPool>();
  readonly #owners = new Map<string, Call>();
  readonly #leases = new Map<Call, { readonly pool: AddressPool; readonly address: string }>();

  constructor(context: Context, interfaces: Interfaces) {
    this.#context = context;
    this.#interfaces = interfaces;
  }

  reconcile(): void {
    const { pools, poolOptions } = this.#context.configuration;
    for (const [name, ranges] of pools) {
      const pool = this.#pools.get(name) ?? new AddressPool(name);
      this.#pools.set(name, pool);
      const { cacheSize, recycleDelay } = poolOptions.get(name) ?? {};
      pool.configure(ranges, { cacheSize, recycleDelay: (recycleDelay ?? 0) * 1000 });
    }
    for (const [name, pool] of this.#pools) {
      if (pools.has(name)) continue;
      // Callers keep what they have: a pool of that name that comes back must know of it.
      pool.configure([]);
      if (![...this.#leases.values()].some((lease) => lease.pool === pool)) this.#pools.delete(name);
    }
  }

  assign(call: Call, username: string): AddressVerdict {
    const configured = call.place.subject.peerDefaultAddress ?? this.#byDefault();
    if (call.place.role === 'lac' || configured.kind === 'none') {
      return { kind: 'any', accepts: (address) => this.#acceptable(call, address) };
    }
    if (configured.kind === 'address') return { kind: 'fixed', address: configured.address };
    if (configured.kind !== 'pool') {
      return { kind: 'none', cause: 'no-address', message: 'peer default ip address dhcp: DHCP is not built yet' };
    }
    const names = configured.pools.length === 0 ? ['default'] : configured.pools;
    this.release(call); // PPP negotiates anew: the lease it had is the one it gets
    const taken = (address: string) => this.#owners.has(address) || this.#interfaces.isOwn(address);
    for (const name of names) {
      const pool = this.#pools.get(name);
      const address = pool?.lease(holderOf(call), username, taken, this.#context.now);
      if (pool === undefined || address === undefined) continue;
      this.#leases.set(call, { pool, address });
      return { kind: 'fixed', address };
    }
    const message = `ip local pool ${names.join(', ')}: no free address`;
    return { kind: 'none', cause: 'pool-empty', message };
  }

  /** `ip address-pool` for interfaces that say nothing themselves (C018). */
  #byDefault(): PeerDefaultAddress {
    const { addressPool } = this.#context.configuration;
    if (addressPool === undefined) return { kind: 'none' };
    return addressPool === 'local' ? { kind: 'pool', pools: [] } : { kind: 'dhcp' };
  }

  /** The call now owns `address`. Whom it replaces, a dead session of the same caller, is returned. */
  claim(call: Call, address: string): { granted: boolean; replaced: Call | undefined } {
    const owner = this.#owners.get(address);
    if (owner !== undefined && owner !== call) {
      if (call.place.subject.ppp.addressUnique || !sameCaller(owner, call))
        return { granted: false, replaced: undefined };
    }
    this.#owners.set(address, call);
    return { granted: true, replaced: owner === call ? undefined : owner };
  }

  disown(call: Call, address: string): void {
    if (this.#owners.get(address) === call) this.#owners.delete(address);
  }

  release(call: Call): void {
    const lease = this.#leases.get(call);
    if (lease === undefined) return;
    this.#leases.delete(call);
    lease.pool.release(lease.address, holderOf(call), this.#context.now);
  }

  views(): PoolView[] {
    return [...this.#pools.values()].flatMap((pool) => pool.usage().map((usage) => ({ name: pool.name, ...usage })));
  }

  /** The ranges of one pool, with who has what: the first of them carries the lists. */
  poolView(name: string): PoolView[] {
    const pool = this.#pools.get(name);
    if (pool === undefined) return [];
    const { held } = pool.holdings();
    const leases = [...this.#leases]
      .filter(([, lease]) => lease.pool === pool)
      .map(([{ place, username }, { address }]) => ({ address, interfaceName: place.interfaceName, username }));
    return pool.usage().map((usage, index) => ({ name, ...usage, ...(index === 0 && { leases, held }) }));
  }

  /** An address that a peer may bring: a host's, nobody else's, not one of ours, and on a server none of its LANs. */
  #acceptable(call: Call, address: string): boolean {
    const number = readIpv4(address);
    if (number === undefined || !isHostAddress(number) || this.#interfaces.isOwn(address)) return false;
    if (call.place.role === 'lns' && this.#interfaces.isOnLan(address)) return false;
    const owner = this.#owners.get(address);
    const unique = call.place.subject.ppp.addressUnique;
    return owner === undefined || owner === call || (!unique && sameCaller(owner, call));
  }
}

/** A caller that dials again after a crash brings the user, and from the address, it had. */
function sameCaller(a: Call, b: Call): boolean {
  if (a.place.role !== b.place.role) return false;
  if (a.username !== '' || b.username !== '') return a.username === b.username;
  return a.data?.path.peerAddress === b.data?.path.peerAddress;
}

function holderOf(call: Call): string {
  return `${call.place.tunnel}/${call.place.session}`;
}

function isHostAddress(address: number): boolean {
  const first = address >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}
