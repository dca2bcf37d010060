// The physical interfaces: which Linux device each is, and what Linux says of it, as long as it runs.
// A device is named by `platform interfaces`, or is the one that owns the address of the interface's `ip address`.

import { decodeAddress, encodeAddressDump } from '../rtnetlink/address.ts';
import { decodeLink, encodeLinkDump, type Link } from '../rtnetlink/link.ts';
import { Group } from '../rtnetlink/message.ts';
import { NetlinkMonitor, type NetlinkSocket } from '../sys/netlink-socket.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import type { LinkFacts } from '../vpdn/events.ts';

export type LinkListener = (name: string, facts: LinkFacts | undefined) => void;

interface OwnedAddress {
  readonly index: number;
  readonly address: string;
  readonly prefixLength: number;
}

export class Links {
  readonly #netlink: NetlinkSocket;
  readonly #listener: LinkListener;
  /** Only wakes us: what it says is not trusted to be complete (netlink(7): messages may be lost). */
  readonly #monitor: NetlinkMonitor;
  /** What was last told, by interface. */
  readonly #told = new Map<string, LinkFacts>();
  #newlyUnresolved: readonly string[] = [];
  #configuration: Configuration | undefined;
  #stale = false;
  #closed = false;

  constructor(netlink: NetlinkSocket, listener: LinkListener) {
    this.#netlink = netlink;
    this.#listener = listener;
    this.#monitor = NetlinkMonitor.open([Group.Link, Group.Ipv4Address, Group.Ipv6Address], {
      onMessage: () => this.#changed(),
      onOverrun: () => this.#changed(),
    });
  }

  /** The facts of every physical interface that the configuration names: for whoever applies it, in one step with it. */
  configure(configuration: Configuration): ReadonlyMap<string, LinkFacts> {
    const facts = this.factsUnder(configuration);
    const before = this.#unresolved();
    this.#configuration = configuration;
    this.#told.clear();
    for (const [name, each] of facts) this.#told.set(name, each);
    this.#newlyUnresolved = this.#unresolved().filter((name) => !before.includes(name));
    return facts;
  }

  /** The same for a configuration that is only looked at. */
  factsUnder(configuration: Configuration): Map<string, LinkFacts> {
    const links = this.#netlink.request(encodeLinkDump()).flatMap((message) => decodeLink(message) ?? []);
    const addresses = this.#addresses('ipv4');
    const ipv6 = this.#addresses('ipv6');
    const facts = new Map<string, LinkFacts>();
    for (const name of physicalNames(configuration)) {
      const found = factsOf(name, configuration, links, addresses, ipv6);
      if (found !== undefined) facts.set(name, found);
    }
    return facts;
  }

  deviceOf(interfaceName: string): string | undefined {
    return this.#told.get(interfaceName)?.device;
  }

  /** Those behind the interfaces told of. */
  devices(): string[] {
    return [...this.#told.values()].map(({ device }) => device);
  }

  /** Names that stand for no device since the last configuration: every typed line is one, and a warning is said once. */
  get newlyUnresolved(): readonly string[] {
    return this.#newlyUnresolved;
  }

  close(): void {
    this.#monitor.close();
    this.#closed = true;
  }

  #addresses(family: 'ipv4' | 'ipv6'): OwnedAddress[] {
    return this.#netlink.request(encodeAddressDump(family)).flatMap((message) => decodeAddress(message) ?? []);
  }

  #unresolved(): string[] {
    const configuration = this.#configuration;
    return configuration === undefined ? [] : physicalNames(configuration).filter((name) => !this.#told.has(name));
  }

  /** Notices come in bursts, and a dump is cheap: one look at the whole answers all of them. */
  #changed(): void {
    if (this.#stale) return;
    this.#stale = true;
    setImmediate(() => {
      this.#stale = false;
      this.#refresh();
    });
  }

  #refresh(): void {
    const configuration = this.#configuration;
    if (configuration === undefined || this.#closed) return;
    const facts = this.factsUnder(configuration);
    for (const name of [...this.#told.keys()]) if (!facts.has(name)) this.#tell(name, undefined);
    for (const [name, each] of facts) this.#tell(name, each);
  }

  /** Nothing is told twice: an input costs the router a look at all its routes. */
  #tell(name: string, facts: LinkFacts | undefined): void {
    if (sameFacts(this.#told.get(name), facts)) return;
    if (facts === undefined) this.#told.delete(name);
    else this.#told.set(name, facts);
    this.#listener(name, facts);
  }
}

/** Those with a section of their own, and those that `platform interfaces` alone speaks of. */
function physicalNames(configuration: Configuration): string[] {
  const named = [...configuration.interfaces.values()].filter(({ kind }) => kind === 'physical');
  return [...new Set([...configuration.devices.keys(), ...named.map(({ name }) => name)])];
}

function factsOf(
  name: string,
  configuration: Configuration,
  links: readonly Link[],
  addresses: readonly OwnedAddress[],
  ipv6: readonly OwnedAddress[],
): LinkFacts | undefined {
  const own = configuration.interfaces.get(name)?.address;
  const wanted = own?.kind === 'static' ? own.address : undefined;
  const device = configuration.devices.get(name);
  const owner = device === undefined ? addresses.find(({ address }) => address === wanted)?.index : undefined;
  const link = links.find((candidate) =>
    device === undefined ? candidate.index === owner : candidate.name === device,
  );
  if (link === undefined) return undefined;
  const onDevice = addresses.filter(({ index }) => index === link.index);
  // A device may own several addresses: the configured one is shown, or else the first.
  const shown = onDevice.find(({ address }) => address === wanted) ?? onDevice[0];
  const { name: linuxName, index, running, mtu } = link;
  const shownAs = { address: shown?.address, prefixLength: shown?.prefixLength };
  const facts = { device: linuxName, index, up: running, mtu, ...shownAs };
  const wide = ipv6.filter(({ index }) => index === link.index).map(({ address }) => address);
  return wide.length === 0 ? facts : { ...facts, ipv6Addresses: wide };
}

function sameFacts(a: LinkFacts | undefined, b: LinkFacts | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
