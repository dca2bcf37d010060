// A network namespace of the test's own, with two cables in it, and our kernel driver at work there.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kernel } from '../../src/host/kernel.ts';
import { decodeAddress, encodeAddressAddition, encodeAddressDump } from '../../src/rtnetlink/address.ts';
import { decodeLink, encodeLinkChange, encodeLinkQuery } from '../../src/rtnetlink/link.ts';
import {
  decodeRoute,
  encodeRouteAddition,
  encodeRouteDump,
  ROUTE_PROTOCOL,
  type Route,
} from '../../src/rtnetlink/route.ts';
import { encodeVethAddition } from '../../src/rtnetlink/veth.ts';
import { NetworkNamespace } from '../../src/sys/namespace.ts';
import { NetlinkSocket } from '../../src/sys/netlink-socket.ts';
import { hosted } from '../support/requirement.ts';

const DEVICES: Readonly<Record<string, string>> = { Loopback1: 'lo', 'Ethernet0/0': 'wan0', 'Virtual-PPP1': 'tun0' };
/** Behind the netlink header, the sixth octet of the route header. */
const ROUTE_PROTOCOL_OFFSET = 16 + 5;
const RTPROT_STATIC = 4;

export class Bench {
  readonly #namespace = NetworkNamespace.create();
  readonly #far = NetworkNamespace.create();
  readonly #folder = mkdtempSync(join(tmpdir(), 'vpdn-kernel-'));
  readonly leftoversPath = join(this.#folder, 'left');
  readonly netlink = this.#namespace.run(() => NetlinkSocket.open());
  kernel = this.start();

  constructor() {
    for (const name of ['wan0', 'tun0']) {
      this.netlink.request(encodeVethAddition({ name, peerName: name, peerNamespace: this.#far.fd }));
    }
    for (const device of ['lo', 'wan0', 'tun0']) {
      this.netlink.request(encodeLinkChange({ index: this.index(device), up: true }));
    }
  }

  /** As a new process would: knowing nothing of what another added. */
  start(): Kernel {
    return new Kernel({
      netlink: this.netlink,
      deviceOf: (name) => DEVICES[name],
      leftoversPath: this.leftoversPath,
    });
  }

  /** For what opens sockets of its own. */
  inside<T>(body: () => T): T {
    return this.#namespace.run(body);
  }

  administratorAddsAddress(device: string, address: string): void {
    this.netlink.request(encodeAddressAddition({ index: this.index(device), address, prefixLength: 24 }));
  }

  /** As `ip route add` does: not marked as ours. */
  administratorAddsRoute(route: Route): void {
    const message = encodeRouteAddition(route);
    message[ROUTE_PROTOCOL_OFFSET] = RTPROT_STATIC;
    this.netlink.request(message);
  }

  index(device: string): number {
    return this.netlink.request(encodeLinkQuery(device)).flatMap((message) => decodeLink(message) ?? [])[0]!.index;
  }

  addresses(device: string): string[] {
    const index = this.index(device);
    const all = this.netlink.request(encodeAddressDump()).flatMap((message) => decodeAddress(message) ?? []);
    return all.filter((found) => found.index === index).map((found) => `${found.address}/${found.prefixLength}`);
  }

  /** Ours: `10.10.10.0/24`. */
  routes(): string[] {
    return this.#allRoutes()
      .filter(({ protocol }) => protocol === ROUTE_PROTOCOL)
      .map(({ prefix, prefixLength }) => `${prefix}/${prefixLength}`);
  }

  others(): string[] {
    return this.#allRoutes()
      .filter(({ protocol }) => protocol === RTPROT_STATIC)
      .map(({ prefix, prefixLength }) => `${prefix}/${prefixLength}`);
  }

  #allRoutes() {
    return this.netlink.request(encodeRouteDump()).flatMap((message) => decodeRoute(message) ?? []);
  }

  close(): void {
    this.netlink.close();
    this.#namespace.close();
    this.#far.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function kernelTest(name: string, body: (bench: Bench) => void | Promise<void>): void {
  hosted(name, [{ root: true }], 10_000, async () => {
    const bench = new Bench();
    try {
      await body(bench);
    } finally {
      bench.close();
    }
  });
}
