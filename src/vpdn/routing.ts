// Which routes stand: neighbors of PPP sessions, and the static routes whose next hop or interface is up (C015, C102).
// The kernel carries packets to a device; where many sessions share one, a prefix names the session as well.

import { formatIpv4, maskOfLength, parseIpv4 } from '../wire/ip.ts';
import type { Configuration, StaticRoute } from './configuration.ts';
import type { Context } from './context.ts';
import { type KernelRoute, SHARED_DEVICE } from './events.ts';
import type { RouteView } from './view.ts';

/** The far end of an open session. */
export interface Neighbor {
  readonly address: string;
  readonly device: string;
  readonly interfaceName: string;
  readonly localTunnel: number;
  readonly localSession: number;
  /** Our own address on the link. */
  readonly source: string;
  readonly mtu: number;
  /** `no peer neighbor-route`: reachable as a next hop only. */
  readonly hidden: boolean;
}

/** A subnet that an interface stands in. */
export interface ConnectedSubnet {
  readonly interfaceName: string;
  readonly address: string;
  readonly prefixLength: number;
}

interface Installed {
  readonly route: StaticRoute;
  readonly kernel: KernelRoute;
  readonly session: { readonly localTunnel: number; readonly localSession: number } | undefined;
}

export class Routing {
  readonly #context: Context;
  /** By address; where several sessions lead to one, the oldest stands first and is the one used. */
  readonly #neighbors = new Map<string, readonly Neighbor[]>();
  /** By interface: where a route that names it leads. */
  readonly #openInterfaces = new Map<string, Neighbor>();
  #connected: ConnectedSubnet[] = [];
  #routes: readonly StaticRoute[] = [];
  #nextHops = new Set<string>();
  readonly #installed = new Map<string, Installed>();

  constructor(context: Context) {
    this.#context = context;
  }

  configure(routes: readonly StaticRoute[], connected: ConnectedSubnet[] = this.#connected): void {
    this.#routes = routes;
    this.#connected = connected;
    this.#nextHops = new Set(routes.flatMap(({ nextHop }) => nextHop ?? []));
    this.#settle();
  }

  neighborUp(neighbor: Neighbor): void {
    const there = this.#neighbors.get(neighbor.address) ?? [];
    this.#neighbors.set(neighbor.address, [...there, neighbor]);
    if (neighbor.device !== SHARED_DEVICE) this.#openInterfaces.set(neighbor.interfaceName, neighbor);
    if (there.length === 0) this.#enter(neighbor);
    if (this.#concerns(neighbor)) this.#settle();
  }

  neighborDown(neighbor: Neighbor): void {
    const there = this.#neighbors.get(neighbor.address) ?? [];
    if (!there.includes(neighbor)) return;
    const left = there.filter((other) => other !== neighbor);
    if (left.length === 0) this.#neighbors.delete(neighbor.address);
    else this.#neighbors.set(neighbor.address, left);
    if (this.#openInterfaces.get(neighbor.interfaceName) === neighbor)
      this.#openInterfaces.delete(neighbor.interfaceName);
    if (this.#concerns(neighbor)) this.#settle();
    if (there[0] !== neighbor) return;
    this.#leave(neighbor);
    if (left[0] !== undefined) this.#enter(left[0]);
  }

  /** Only its MTU is another: its routes are said again, and are never gone meanwhile. */
  neighborChanged(before: Neighbor, after: Neighbor): void {
    const there = this.#neighbors.get(before.address) ?? [];
    if (!there.includes(before)) return;
    this.#neighbors.set(
      before.address,
      there.map((each) => (each === before ? after : each)),
    );
    if (this.#openInterfaces.get(before.interfaceName) === before) {
      this.#openInterfaces.set(before.interfaceName, after);
    }
    if (there[0] === before && !after.hidden) this.#context.emit({ do: 'add-route', ...hostRoute(after) });
    if (this.#concerns(after)) this.#settle();
  }

  views(): RouteView[] {
    const connected = this.#connected.map((subnet): RouteView => {
      return {
        source: 'connected',
        prefix: networkOf(subnet.address, subnet.prefixLength),
        prefixLength: subnet.prefixLength,
        interfaceName: subnet.interfaceName,
        distance: 0,
      };
    });
    const neighbors = [...this.#neighbors.values()].map(([first]): RouteView => {
      const { address, interfaceName } = first!;
      return { source: 'connected', prefix: address, prefixLength: 32, interfaceName, distance: 0 };
    });
    const statics = [...this.#installed.values()].map(({ route }): RouteView => {
      return {
        source: 'static',
        prefix: route.prefix,
        prefixLength: route.prefixLength,
        nextHop: route.nextHop,
        interfaceName: route.interface,
        distance: route.distance ?? 1,
      };
    });
    return [...connected, ...neighbors, ...statics];
  }

  #enter(neighbor: Neighbor): void {
    if (!neighbor.hidden) this.#context.emit({ do: 'add-route', ...hostRoute(neighbor) });
    if (neighbor.device === SHARED_DEVICE) this.#context.emit({ do: 'add-prefix', ...hostPrefix(neighbor) });
  }

  #leave(neighbor: Neighbor): void {
    if (neighbor.device === SHARED_DEVICE) this.#context.emit({ do: 'remove-prefix', ...hostPrefix(neighbor) });
    if (!neighbor.hidden) this.#context.emit({ do: 'remove-route', ...hostRoute(neighbor) });
  }

  /** Whether any static route can depend on this neighbor: with thousands of sessions, most settle nothing. */
  #concerns(neighbor: Neighbor): boolean {
    if (neighbor.device !== SHARED_DEVICE) return this.#routes.length > 0;
    return this.#nextHops.has(neighbor.address);
  }

  /** Makes the installed static routes the ones that can stand now: what is no longer wanted leaves first. */
  #settle(): void {
    const wanted = new Map<string, Installed>();
    const byDistance = [...this.#routes].sort((a, b) => (a.distance ?? 1) - (b.distance ?? 1));
    for (const route of byDistance) {
      const key = `${route.prefix}/${route.prefixLength}`;
      if (wanted.has(key)) continue;
      const installed = this.#resolve(route) ?? (route.permanent ? this.#orphaned(key) : undefined);
      if (installed !== undefined) wanted.set(key, installed);
    }
    for (const [key, installed] of this.#installed) {
      const next = wanted.get(key);
      if (next !== undefined && sameTarget(next, installed)) {
        if (next.kernel.mtu === installed.kernel.mtu) continue;
        this.#installed.set(key, next);
        this.#context.emit({ do: 'add-route', ...next.kernel });
        continue;
      }
      this.#installed.delete(key);
      this.#uninstall(installed);
    }
    for (const [key, installed] of wanted) {
      if (this.#installed.has(key)) continue;
      this.#installed.set(key, installed);
      this.#install(installed);
    }
  }

  /** A permanent route whose next hop went: the kernel keeps it, but no session is to be found by it any more. */
  #orphaned(key: string): Installed | undefined {
    const before = this.#installed.get(key);
    return before && { ...before, session: undefined };
  }

  #resolve(route: StaticRoute): Installed | undefined {
    if (route.interface === NULL_INTERFACE) {
      return { route, kernel: { ...destination(route), blackhole: true }, session: undefined };
    }
    if (route.nextHop === undefined) {
      const open = this.#openInterfaces.get(route.interface ?? '');
      if (open !== undefined) return this.#through(route, open);
      const subnet = this.#connected.find(({ interfaceName }) => interfaceName === route.interface);
      if (subnet === undefined) return undefined;
      return { route, kernel: { ...destination(route), device: subnet.interfaceName }, session: undefined };
    }
    const neighbor = this.#neighborTowards(route.nextHop, RECURSION_LIMIT);
    if (neighbor !== undefined) return this.#through(route, neighbor);
    const onLink = this.#connected.some((subnet) => covers(subnet.address, subnet.prefixLength, route.nextHop!));
    return onLink
      ? { route, kernel: { ...destination(route), nextHop: route.nextHop }, session: undefined }
      : undefined;
  }

  #through(route: StaticRoute, neighbor: Neighbor): Installed {
    const { device, source, mtu, localTunnel, localSession } = neighbor;
    const session = device === SHARED_DEVICE ? { localTunnel, localSession } : undefined;
    return { route, kernel: { ...destination(route), device, source, mtu }, session };
  }

  /** The session that leads to `address`: a neighbor, or the next hop of a static route that covers it. */
  #neighborTowards(address: string, depth: number): Neighbor | undefined {
    const direct = this.#neighbors.get(address)?.[0];
    if (direct !== undefined || depth === 0) return direct;
    const covering = this.#routes
      .filter((route) => covers(route.prefix, route.prefixLength, address) && route.nextHop !== address)
      .sort((a, b) => b.prefixLength - a.prefixLength)[0];
    if (covering === undefined) return undefined;
    if (covering.nextHop !== undefined) return this.#neighborTowards(covering.nextHop, depth - 1);
    return this.#openInterfaces.get(covering.interface ?? '');
  }

  #install({ kernel, session }: Installed): void {
    this.#context.emit({ do: 'add-route', ...kernel });
    const { prefix, prefixLength } = kernel;
    if (session !== undefined) this.#context.emit({ do: 'add-prefix', prefix, prefixLength, ...session });
  }

  #uninstall({ kernel, session }: Installed): void {
    const { prefix, prefixLength } = kernel;
    if (session !== undefined) this.#context.emit({ do: 'remove-prefix', prefix, prefixLength, ...session });
    this.#context.emit({ do: 'remove-route', ...kernel });
  }
}

/** The routes a configuration wants: those of `ip route`, and the default routes of `ppp ipcp route default` (C120). */
export function wantedRoutes({ routes, interfaces }: Configuration): StaticRoute[] {
  const defaults = [...interfaces.values()].filter(({ kind, ppp }) => kind !== 'Virtual-Template' && ppp.routeDefault);
  const through = defaults.map(({ name }) => ({
    prefix: '0.0.0.0',
    prefixLength: 0,
    interface: name,
    permanent: false,
  }));
  return [...routes, ...through];
}

export function covers(prefix: string, prefixLength: number, address: string): boolean {
  const mask = maskOfLength(prefixLength);
  return ((parseIpv4(prefix) ^ parseIpv4(address)) & mask) === 0;
}

function networkOf(address: string, prefixLength: number): string {
  return formatIpv4((parseIpv4(address) & maskOfLength(prefixLength)) >>> 0);
}

function hostRoute(neighbor: Neighbor): KernelRoute {
  const { address, device, source, mtu } = neighbor;
  return { prefix: address, prefixLength: 32, device, source, mtu };
}

function hostPrefix({ address, localTunnel, localSession }: Neighbor) {
  return { prefix: address, prefixLength: 32, localTunnel, localSession };
}

function destination({ prefix, prefixLength }: StaticRoute) {
  return { prefix, prefixLength };
}

/** But for the MTU. */
function sameTarget(a: Installed, b: Installed): boolean {
  return targetOf(a) === targetOf(b);
}

function targetOf({ kernel: { mtu: _mtu, ...kernel }, session }: Installed): string {
  return JSON.stringify([kernel, session]);
}

/** It is always up (C015). */
const NULL_INTERFACE = 'Null0';
const RECURSION_LIMIT = 4;
