// The guide's figure in network namespaces: a host on the client's LAN, the client router, the provider, the tunnel server,
// a host on the private LAN. The routers bring their own addresses and routes; hosts and provider get theirs here.

import { writeFileSync } from 'node:fs';
import { encodeAddressAddition } from '../../rtnetlink/address.ts';
import { decodeLink, encodeLinkChange, encodeLinkQuery } from '../../rtnetlink/link.ts';
import { encodeRouteAddition } from '../../rtnetlink/route.ts';
import { encodeVethAddition } from '../../rtnetlink/veth.ts';
import { disableOffloads, NetworkNamespace } from '../../sys/namespace.ts';
import { NetlinkSocket } from '../../sys/netlink-socket.ts';
import { Bug } from '../../wire/errors.ts';

const HOSTS = ['client-host', 'client', 'provider', 'server', 'private-host'] as const;
export type HostName = (typeof HOSTS)[number];

/** Where to reach what, from the other side. */
export const ADDRESSES = {
  clientHost: '10.20.20.2',
  privateHost: '10.10.10.2',
  clientOuter: '172.16.32.24',
  serverOuter: '172.24.13.196',
} as const;

export class Topology {
  readonly #namespaces: ReadonlyMap<HostName, NetworkNamespace>;

  private constructor() {
    this.#namespaces = new Map(HOSTS.map((name) => [name, NetworkNamespace.create()]));
  }

  static build(): Topology {
    const topology = new Topology();
    for (const cable of CABLES) topology.#lay(cable);
    for (const [host, device, address, length] of LAN_ADDRESSES) topology.#address(host, device, address, length);
    topology.#route('client-host', '10.20.20.254');
    topology.#route('private-host', '10.10.10.254');
    // All it does is to pass on packets between the two outer addresses: it knows nothing of tunnels.
    topology.run('provider', () => writeFileSync('/proc/sys/net/ipv4/ip_forward', '1'));
    return topology;
  }

  /** Runs `body` on a host: a process it starts there stays there. */
  run<T>(host: HostName, body: () => T): T {
    const namespace = this.#namespaces.get(host);
    if (namespace === undefined) throw new Bug(`no such host: ${host}`);
    return namespace.run(body);
  }

  /** Nothing has a name or a place on disk: with the last process gone, so is all of it. */
  close(): void {
    for (const namespace of this.#namespaces.values()) namespace.close();
  }

  #lay({ from, to, wire }: Cable): void {
    const peer = this.#namespaces.get(to[0])!;
    this.#ask(from[0], (netlink) => {
      netlink.request(encodeVethAddition({ name: from[1], peerName: to[1], peerNamespace: peer.fd }));
    });
    for (const [host, device] of [from, to]) {
      if (wire) this.run(host, () => disableOffloads(device));
      this.#up(host, 'lo');
      this.#up(host, device);
    }
  }

  #up(host: HostName, device: string): void {
    this.#ask(host, (netlink) => netlink.request(encodeLinkChange({ index: indexOf(netlink, device), up: true })));
  }

  #address(host: HostName, device: string, address: string, prefixLength: number): void {
    this.#ask(host, (netlink) => {
      netlink.request(encodeAddressAddition({ index: indexOf(netlink, device), address, prefixLength }));
    });
  }

  /** The default route of a host. */
  #route(host: HostName, nextHop: string): void {
    this.#ask(host, (netlink) => {
      netlink.request(encodeRouteAddition({ prefix: '0.0.0.0', prefixLength: 0, nextHop }));
    });
  }

  /** A netlink socket belongs to the namespace it was made in, wherever its owner is later. */
  #ask(host: HostName, body: (netlink: NetlinkSocket) => void): void {
    const netlink = this.run(host, () => NetlinkSocket.open());
    try {
      body(netlink);
    } finally {
      netlink.close();
    }
  }
}

interface Cable {
  readonly from: readonly [HostName, string];
  readonly to: readonly [HostName, string];
  /** Frames of one MTU, as on a real wire: no super-packets pass. */
  readonly wire: boolean;
}

function indexOf(netlink: NetlinkSocket, device: string): number {
  const [link] = netlink.request(encodeLinkQuery(device)).flatMap((message) => decodeLink(message) ?? []);
  if (link === undefined) throw new Bug(`no such device: ${device}`);
  return link.index;
}

const CABLES: readonly Cable[] = [
  { from: ['client-host', 'eth0'], to: ['client', 'lan0'], wire: false },
  { from: ['client', 'wan0'], to: ['provider', 'east0'], wire: true },
  { from: ['provider', 'west0'], to: ['server', 'wan0'], wire: true },
  { from: ['server', 'lan0'], to: ['private-host', 'eth0'], wire: false },
];

const LAN_ADDRESSES: readonly (readonly [HostName, string, string, number])[] = [
  ['client-host', 'eth0', ADDRESSES.clientHost, 24],
  ['client', 'lan0', '10.20.20.254', 24],
  ['provider', 'east0', '172.16.32.1', 24],
  ['provider', 'west0', '172.24.13.1', 24],
  ['server', 'lan0', '10.10.10.254', 24],
  ['private-host', 'eth0', ADDRESSES.privateHost, 24],
];
