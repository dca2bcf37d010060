// Routes in the kernel, and two ways in which a route through a tunnel must not cut the branch it sits on: it replaces no route
// of the administrator's, and the tunnel's own peer stays reachable outside it.

import {
  decodeRoute,
  encodeRouteAddition,
  encodeRouteDump,
  encodeRouteQuery,
  encodeRouteRemoval,
  ROUTE_PROTOCOL,
  type Route,
  type RouteNotice,
  TABLE_MAIN,
} from '../rtnetlink/route.ts';
import type { NetlinkSocket } from '../sys/netlink-socket.ts';
import type { KernelRoute } from '../vpdn/events.ts';
import { covers } from '../vpdn/routing.ts';
import { SystemError } from '../wire/errors.ts';
import { formatIpv4, parseIpv4 } from '../wire/ip.ts';

interface Installed {
  readonly routes: readonly Route[];
  readonly peers: readonly string[];
}

export class Routes {
  readonly #netlink: NetlinkSocket;
  /** The index of the Linux device behind an interface. */
  readonly #indexOf: (interfaceName: string) => number;
  /** By prefix and metric, as the router removes them. */
  readonly #installed = new Map<string, Installed>();
  /** Host routes to tunnel peers that a route through their own tunnel would swallow, with how many such routes there are. */
  readonly #pinned = new Map<string, { readonly route: Route; users: number }>();

  constructor(netlink: NetlinkSocket, indexOf: (interfaceName: string) => number) {
    this.#netlink = netlink;
    this.#indexOf = indexOf;
  }

  /** `peers`: whom the tunnels on the route's device lead to. */
  add(route: KernelRoute, peers: readonly string[]): void {
    const wanted = this.#routeOf(route);
    const before = this.#installed.get(keyOf(route));
    const swallowed = peers.filter((peer) => covers(route.prefix, route.prefixLength, peer));
    const pinned = swallowed.filter((peer) => this.#pin(peer, wanted.device));
    const routes = this.#besideOthers(wanted);
    for (const each of routes) this.#netlink.request(encodeRouteAddition(each));
    this.#installed.set(keyOf(route), { routes, peers: pinned });
    // It only has another MTU: one pin is enough.
    for (const peer of before?.peers ?? []) this.#unpin(peer);
  }

  remove(route: KernelRoute): void {
    const key = keyOf(route);
    const installed = this.#installed.get(key);
    if (installed === undefined) return;
    this.#installed.delete(key);
    for (const each of installed.routes) this.#removeQuietly(each);
    for (const peer of installed.peers) this.#unpin(peer);
  }

  /** Linux has dropped the routes of a device that is down. */
  forgetDevice(index: number): void {
    for (const [key, { routes, peers }] of this.#installed) {
      if (!routes.some(({ device }) => device === index)) continue;
      this.#installed.delete(key);
      for (const peer of peers) this.#unpin(peer);
    }
  }

  removeAll(): void {
    for (const { routes } of this.#installed.values()) for (const each of routes) this.#removeQuietly(each);
    for (const { route } of this.#pinned.values()) this.#removeQuietly(route);
    this.#installed.clear();
    this.#pinned.clear();
  }

  /** Routes of an earlier run, known by the protocol number they carry. Returns how many there were. */
  removeLeftovers(): number {
    return this.#all().filter((route) => route.protocol === ROUTE_PROTOCOL && this.#removeQuietly(route)).length;
  }

  /** A host route by the way that leads there now; false if there is none, or a closer one than ours would be. */
  #pin(peer: string, tunnel: number | undefined): boolean {
    const pinned = this.#pinned.get(peer);
    if (pinned !== undefined) {
      pinned.users++;
      return true;
    }
    if (this.#all().some(({ prefix, prefixLength }) => prefixLength === 32 && prefix === peer)) return false;
    const way = this.#wayTo(peer);
    if (way?.device === undefined || way.device === tunnel) return false;
    const { device, nextHop } = way;
    const route: Route = { prefix: peer, prefixLength: 32, device, ...(nextHop === undefined ? {} : { nextHop }) };
    this.#netlink.request(encodeRouteAddition(route));
    this.#pinned.set(peer, { route, users: 1 });
    return true;
  }

  #unpin(peer: string): void {
    const pinned = this.#pinned.get(peer);
    if (pinned === undefined || --pinned.users > 0) return;
    this.#pinned.delete(peer);
    this.#removeQuietly(pinned.route);
  }

  /**
   * Where somebody else's route stands in the same place, two more specific halves win without touching it: it is in force
   * again the moment ours are gone. A connected network stays, as IOS has it (administrative distance 0).
   */
  #besideOthers(wanted: Route): Route[] {
    if (wanted.prefixLength === 32) return [wanted];
    const other = this.#all().find((route) => {
      return (
        route.protocol !== ROUTE_PROTOCOL &&
        route.prefix === wanted.prefix &&
        route.prefixLength === wanted.prefixLength &&
        (route.metric ?? 0) === (wanted.metric ?? 0)
      );
    });
    if (other === undefined) return [wanted];
    const same = other.device === wanted.device && other.nextHop === wanted.nextHop;
    if (other.protocol === RTPROT_KERNEL || same) return [];
    const prefixLength = wanted.prefixLength + 1;
    const upper = formatIpv4((parseIpv4(wanted.prefix) | (1 << (32 - prefixLength))) >>> 0);
    return [
      { ...wanted, prefixLength },
      { ...wanted, prefixLength, prefix: upper },
    ];
  }

  #wayTo(peer: string): Route | undefined {
    try {
      return this.#netlink.request(encodeRouteQuery(peer)).flatMap((message) => decodeRoute(message) ?? [])[0];
    } catch (error) {
      if (error instanceof SystemError) return undefined; // no way at all
      throw error;
    }
  }

  #routeOf({ device, ...route }: KernelRoute): Route {
    return device === undefined ? route : { ...route, device: this.#indexOf(device) };
  }

  /** Unicast routes and blackholes of the main table: broadcast and local ones are no concern of a router's configuration. */
  #all(): RouteNotice[] {
    return this.#netlink.request(encodeRouteDump()).flatMap((message) => {
      const route = decodeRoute(message);
      if (route === undefined || route.table !== TABLE_MAIN) return [];
      return route.type === RTN_UNICAST || route.blackhole === true ? [route] : [];
    });
  }

  /** It may have gone with its device, or by another's hand: then there is nothing to do. */
  #removeQuietly(route: Route): boolean {
    try {
      this.#netlink.request(encodeRouteRemoval(route));
      return true;
    } catch (error) {
      if (error instanceof SystemError && ['ESRCH', 'ENODEV', 'ENETUNREACH'].includes(error.errno)) return false;
      throw error;
    }
  }
}

function keyOf({ prefix, prefixLength, metric }: KernelRoute): string {
  return `${prefix}/${prefixLength} ${metric ?? 0}`;
}

const RTN_UNICAST = 1;
/** The kernel's own: the network of an address of the device. */
const RTPROT_KERNEL = 2;
