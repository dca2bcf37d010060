// Addresses and devices of the interfaces that the configuration names: which stand, which are borrowed, what Linux is to be told.

import type { Configuration } from './configuration.ts';
import type { Interface, StaticAddress } from './configuration-interface.ts';
import type { Context } from './context.ts';
import { attachmentOf, isCircuit, isCircuitUp } from './cross-connects.ts';
import { type LinkFacts, type PortVlan, SHARED_DEVICE } from './events.ts';
import { ETHERNET_MTU } from './mtu.ts';
import { type ConnectedSubnet, covers } from './routing.ts';
import type { Octets } from './units.ts';
import { accepts } from './vpdn-group.ts';

interface Address {
  readonly device: string;
  readonly address: string;
  readonly prefixLength: number;
}

/** A state of affairs to ask about: the one in force, or the one that a new configuration would bring. */
export interface Prospect {
  readonly configuration: Configuration;
  readonly links: ReadonlyMap<string, LinkFacts>;
  /** Addresses that would be lost with the sessions that brought them. */
  readonly gone: ReadonlySet<string>;
}

export class Interfaces {
  readonly #context: Context;
  #links = new Map<string, LinkFacts>();
  /** What we put on devices, by device and address. */
  readonly #addresses = new Map<string, Address>();
  /** What is open, and what it is attached to. */
  readonly #devices = new Map<string, WantedDevice>();
  readonly #failed = new Map<string, string>();
  /** Addresses that peers gave to our Virtual-PPP interfaces. */
  readonly #negotiated = new Map<string, string>();

  constructor(context: Context) {
    this.#context = context;
  }

  get inForce(): Prospect {
    return { configuration: this.#context.configuration, links: this.#links, gone: NOTHING };
  }

  link(name: string): LinkFacts | undefined {
    return this.#links.get(name);
  }

  setLink(name: string, facts: LinkFacts | undefined): void {
    if (facts === undefined) this.#links.delete(name);
    else this.#links.set(name, facts);
  }

  setLinks(links: ReadonlyMap<string, LinkFacts>): void {
    this.#links = new Map(links);
  }

  deviceFailed(device: string, reason: string): void {
    this.#failed.set(device, reason);
    this.#devices.delete(device);
  }

  failureOf(device: string): string | undefined {
    return this.#failed.get(device);
  }

  /** The attachment circuit of an xconnect. */
  circuitOf(name: string): { readonly up: boolean; readonly mtu: Octets } {
    const subject = this.#context.configuration.interfaces.get(name);
    const attachment = subject && attachmentOf(subject, this.inForce);
    const up = isCircuitUp(name, this.inForce) && this.#devices.has(name);
    return { up, mtu: attachment?.mtu ?? ETHERNET_MTU };
  }

  /** The address of an interface by its own right: configured, negotiated, or what Linux says of a physical one. */
  addressOf(name: string, at: Prospect = this.inForce): { address: string; prefixLength: number } | undefined {
    const configured = at.configuration.interfaces.get(name);
    if (configured?.shutdown === true) return undefined;
    const own = configured?.address;
    if (own?.kind === 'static') {
      const usable = configured?.kind !== 'physical' || at.links.get(name)?.up === true;
      return usable ? { address: own.address, prefixLength: own.prefixLength } : undefined;
    }
    const negotiated = this.#negotiated.get(name);
    if (own?.kind === 'negotiated')
      return negotiated === undefined || at.gone.has(negotiated)
        ? undefined
        : { address: negotiated, prefixLength: 32 };
    const facts = at.links.get(name);
    if (facts?.up !== true || facts.address === undefined) return undefined;
    return { address: facts.address, prefixLength: facts.prefixLength ?? 32 };
  }

  /** The same of IPv6: the first of the configuration, or of Linux. */
  ipv6AddressOf(name: string, at: Prospect = this.inForce): string | undefined {
    const configured = at.configuration.interfaces.get(name);
    if (configured?.shutdown === true) return undefined;
    const facts = at.links.get(name);
    const [own] = configured?.ipv6Addresses ?? [];
    if (own !== undefined) return configured?.kind !== 'physical' || facts?.up === true ? own.address : undefined;
    return facts?.up === true ? facts.ipv6Addresses?.[0] : undefined;
  }

  /** The address a point-to-point interface speaks from; `0.0.0.0` when its peer is to give one (C099, C100). */
  localAddressOf(subject: Interface, at: Prospect = this.inForce): string | undefined {
    switch (subject.address?.kind) {
      case 'negotiated':
        return '0.0.0.0';
      case 'static':
        return subject.address.address;
      case 'unnumbered':
        return this.addressOf(subject.address.from, at)?.address;
      case 'dhcp':
        return this.addressOf(subject.name, at)?.address;
      case undefined:
        return undefined;
      default:
        return subject.address satisfies never;
    }
  }

  setNegotiated(name: string, address: string | undefined): void {
    const before = this.#negotiated.get(name);
    if (before === address) return;
    if (before !== undefined) this.#emitAddress('remove-address', { device: name, address: before, prefixLength: 32 });
    if (address === undefined) this.#negotiated.delete(name);
    else {
      this.#negotiated.set(name, address);
      this.#emitAddress('add-address', { device: name, address, prefixLength: 32 });
    }
  }

  /** The MTU of the wire that a tunnel from `localAddress` leaves by. */
  outerMtuOf(localAddress: string): Octets {
    for (const [name, facts] of this.#links) {
      const isOn = facts.address === localAddress || facts.ipv6Addresses?.includes(localAddress) === true;
      if (isOn || this.ipv6AddressOf(name) === localAddress) return facts.mtu;
    }
    return ETHERNET_MTU;
  }

  isOwn(address: string): boolean {
    for (const [name, { secondaryAddresses }] of this.#context.configuration.interfaces) {
      if (this.addressOf(name)?.address === address) return true;
      if (secondaryAddresses.some((each) => each.address === address)) return true;
    }
    return [...this.#links.values()].some((facts) => facts.address === address);
  }

  /** Whether `address` belongs to a subnet of a physical interface: a caller that took it would take a neighbor's traffic. */
  isOnLan(address: string): boolean {
    return this.connected().some(({ interfaceName, ...subnet }) => {
      return !interfaceName.startsWith('Loopback') && covers(subnet.address, subnet.prefixLength, address);
    });
  }

  connected(): ConnectedSubnet[] {
    const names = new Set([...this.#context.configuration.interfaces.keys(), ...this.#links.keys()]);
    return [...names].flatMap((interfaceName) => {
      if (/^(Virtual-|Dialer)/.test(interfaceName)) return [];
      const own = this.addressOf(interfaceName);
      const all = own === undefined ? [] : [own, ...this.#secondaryOf(interfaceName)];
      return all.map((each) => ({ interfaceName, ...each }));
    });
  }

  #secondaryOf(name: string): readonly StaticAddress[] {
    return this.#context.configuration.interfaces.get(name)?.secondaryAddresses ?? [];
  }

  /** Addresses that we put on devices and that a new configuration would take away, with the interface of each. */
  leaving(at: Prospect): Map<string, string> {
    // One that only gets another mask is there again before anything can miss it.
    const staying = new Set(this.#wantedAddresses(at).map(({ device, address }) => `${device} ${address}`));
    const leaving = [...this.#addresses.values()].filter(({ device, address }) => !staying.has(`${device} ${address}`));
    return new Map(leaving.map(({ address, device }) => [address, device]));
  }

  /** Makes devices and addresses follow the configuration: what is no longer wanted leaves first. */
  reconcile(): void {
    const devices = wantedDevices(this.inForce);
    const addresses = new Map(this.#wantedAddresses(this.inForce).map((wanted) => [keyOf(wanted), wanted]));
    const changed = new Set<string>();
    // One that only gets another mask is never gone: Linux would drop the routes that name it as their source.
    for (const [key, address] of addresses) if (this.#hasOtherMask(key, address)) this.#putAddress(key, address);
    for (const [key, address] of this.#addresses) {
      if (addresses.has(key)) continue;
      this.#addresses.delete(key);
      changed.add(address.device);
      if (devices.has(address.device) || !this.#devices.has(address.device))
        this.#emitAddress('remove-address', address);
    }
    // With the first address of a subnet Linux takes away the others there: those that stay are said again.
    for (const address of this.#addresses.values()) {
      if (changed.has(address.device)) this.#emitAddress('add-address', address);
    }
    for (const [device, open] of this.#devices) {
      if (isSame(open, devices.get(device))) continue;
      this.#devices.delete(device);
      this.#negotiated.delete(device);
      this.#context.emit({ do: 'close-device', device });
    }
    for (const [device, wanted] of devices) {
      if (this.#devices.has(device)) continue;
      this.#devices.set(device, wanted);
      this.#failed.delete(device);
      const { kind, mtu, within } = wanted;
      this.#context.emit({
        do: 'open-device',
        device,
        mtu,
        ...(kind !== 'tun' && { kind }),
        ...(within && { within }),
      });
    }
    for (const [key, address] of addresses) if (!this.#addresses.has(key)) this.#putAddress(key, address);
  }

  #hasOtherMask(key: string, { device, address }: Address): boolean {
    if (this.#addresses.has(key)) return false;
    return [...this.#addresses.values()].some((there) => there.device === device && there.address === address);
  }

  #putAddress(key: string, address: Address): void {
    this.#addresses.set(key, address);
    this.#emitAddress('add-address', address);
  }

  #wantedAddresses({ configuration, links }: Prospect): Address[] {
    return [...configuration.interfaces.values()].flatMap((subject) => {
      if (subject.shutdown || subject.kind === 'Virtual-Template') return [];
      if (subject.kind === 'physical' && !links.has(subject.name)) return [];
      const device = subject.name;
      const ours = (address: string) =>
        [...this.#addresses.values()].some((each) => each.device === device && each.address === address);
      const known = links.get(device)?.ipv6Addresses ?? [];
      const ipv6 = subject.ipv6Addresses.filter(({ address }) => !known.includes(address) || ours(address));
      const secondary = [...subject.secondaryAddresses, ...ipv6].map((each) => ({ device, ...each }));
      if (subject.address?.kind !== 'static') return secondary;
      const { address, prefixLength } = subject.address;
      const primary = { device, address, prefixLength };
      // A physical interface keeps the address that Linux gave it; ours is added where it is missing.
      const present = subject.kind === 'physical' && links.get(device)?.address === address;
      return present && !ours(address) ? secondary : [primary, ...secondary];
    });
  }

  #emitAddress(verb: 'add-address' | 'remove-address', { device, address, prefixLength }: Address): void {
    this.#context.emit({ do: verb, device, address, prefixLength });
  }
}

/** A new mask is another address to Linux; on a loopback interface Linux has no mask but that of a host. */
function keyOf({ device, address, prefixLength }: Address): string {
  const host = address.includes(':') ? 128 : 32;
  return `${device} ${address}/${device.startsWith('Loopback') ? host : prefixLength}`;
}

const NOTHING: ReadonlySet<string> = new Set();

function wantedDevices(at: Prospect): Map<string, WantedDevice> {
  const { configuration } = at;
  const devices = new Map<string, WantedDevice>();
  const serves = [...configuration.vpdnGroups.values()].some(
    (group) => accepts(group, 'l2tp') || accepts(group, 'pptp'),
  );
  if (configuration.vpdn.enabled && serves) devices.set(SHARED_DEVICE, TUN);
  for (const subject of configuration.interfaces.values()) {
    const { kind, name, mtu = ETHERNET_MTU } = subject;
    if (kind === 'Virtual-PPP' || kind === 'Dialer') devices.set(name, { ...TUN, mtu });
    const attachment = isCircuit(subject) ? attachmentOf(subject, at) : undefined;
    if (attachment !== undefined) devices.set(name, attachment);
  }
  return devices;
}

interface WantedDevice {
  readonly kind: 'tun' | 'tap' | 'attached';
  readonly identity: string;
  readonly mtu: Octets;
  readonly within?: PortVlan;
}

/** A new MTU is for the next one to be opened. */
function isSame(open: WantedDevice, wanted: WantedDevice | undefined): boolean {
  return wanted?.kind === open.kind && wanted.identity === open.identity;
}

const TUN: WantedDevice = { kind: 'tun', identity: '', mtu: ETHERNET_MTU };
