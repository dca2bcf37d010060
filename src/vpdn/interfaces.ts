// Addresses and devices of the interfaces that the configuration names: which stand, which are borrowed, what Linux is to be told.

import type { Configuration } from './configuration.ts';
import type { Interface } from './configuration-interface.ts';
import type { Context } from './context.ts';
import { type LinkFacts, SHARED_DEVICE } from './events.ts';
import { ETHERNET_MTU } from './mtu.ts';
import { type ConnectedSubnet, covers } from './routing.ts';
import type { Octets } from './units.ts';
import { acceptsL2tp } from './vpdn-group.ts';

interface Address {
  readonly device: string;
  readonly address: string;
  readonly prefixLength: number;
}

export class Interfaces {
  readonly #context: Context;
  readonly #links = new Map<string, LinkFacts>();
  /** What we put on devices, by device and address. */
  readonly #addresses = new Map<string, Address>();
  readonly #devices = new Set<string>();
  readonly #failed = new Map<string, string>();
  /** Addresses that peers gave to our Virtual-PPP interfaces. */
  readonly #negotiated = new Map<string, string>();

  constructor(context: Context) {
    this.#context = context;
  }

  link(name: string): LinkFacts | undefined {
    return this.#links.get(name);
  }

  setLink(name: string, facts: LinkFacts | undefined): void {
    if (facts === undefined) this.#links.delete(name);
    else this.#links.set(name, facts);
  }

  deviceFailed(device: string, reason: string): void {
    this.#failed.set(device, reason);
    this.#devices.delete(device);
  }

  failureOf(device: string): string | undefined {
    return this.#failed.get(device);
  }

  /** The address of an interface by its own right: configured, negotiated, or what Linux says of a physical one. */
  addressOf(name: string): { address: string; prefixLength: number } | undefined {
    const configured = this.#context.configuration.interfaces.get(name);
    if (configured?.shutdown === true) return undefined;
    const own = configured?.address;
    if (own?.kind === 'static') {
      const usable = configured?.kind !== 'physical' || this.#links.get(name)?.up === true;
      return usable ? { address: own.address, prefixLength: own.prefixLength } : undefined;
    }
    const negotiated = this.#negotiated.get(name);
    if (own?.kind === 'negotiated')
      return negotiated === undefined ? undefined : { address: negotiated, prefixLength: 32 };
    const facts = this.#links.get(name);
    if (facts?.up !== true || facts.address === undefined) return undefined;
    return { address: facts.address, prefixLength: facts.prefixLength ?? 32 };
  }

  /** The address a point-to-point interface speaks from; `0.0.0.0` when its peer is to give one (C099, C100). */
  localAddressOf(subject: Interface): string | undefined {
    switch (subject.address?.kind) {
      case 'negotiated':
        return '0.0.0.0';
      case 'static':
        return subject.address.address;
      case 'unnumbered':
        return this.addressOf(subject.address.from)?.address;
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
    for (const facts of this.#links.values()) if (facts.address === localAddress) return facts.mtu;
    return ETHERNET_MTU;
  }

  isOwn(address: string): boolean {
    for (const name of this.#context.configuration.interfaces.keys()) {
      if (this.addressOf(name)?.address === address) return true;
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
      if (interfaceName.startsWith('Virtual-')) return [];
      const own = this.addressOf(interfaceName);
      return own === undefined ? [] : [{ interfaceName, ...own }];
    });
  }

  /** Makes devices and addresses follow the configuration: what is no longer wanted leaves first. */
  reconcile(): void {
    const { configuration } = this.#context;
    const devices = wantedDevices(configuration);
    const addresses = new Map(
      this.#wantedAddresses(configuration).map((wanted) => [`${wanted.device} ${wanted.address}`, wanted]),
    );
    for (const [key, address] of this.#addresses) {
      if (addresses.has(key)) continue;
      this.#addresses.delete(key);
      if (devices.has(address.device) || !this.#devices.has(address.device))
        this.#emitAddress('remove-address', address);
    }
    for (const device of this.#devices) {
      if (devices.has(device)) continue;
      this.#devices.delete(device);
      this.#negotiated.delete(device);
      this.#context.emit({ do: 'close-device', device });
    }
    for (const [device, mtu] of devices) {
      if (this.#devices.has(device)) continue;
      this.#devices.add(device);
      this.#failed.delete(device);
      this.#context.emit({ do: 'open-device', device, mtu });
    }
    for (const [key, address] of addresses) {
      if (this.#addresses.has(key)) continue;
      this.#addresses.set(key, address);
      this.#emitAddress('add-address', address);
    }
  }

  #wantedAddresses(configuration: Configuration): Address[] {
    return [...configuration.interfaces.values()].flatMap((subject) => {
      if (subject.address?.kind !== 'static' || subject.shutdown || subject.kind === 'Virtual-Template') return [];
      const { address, prefixLength } = subject.address;
      // A physical interface keeps the address that Linux gave it; ours is added where it is missing.
      if (subject.kind === 'physical') {
        const facts = this.#links.get(subject.name);
        const ours = this.#addresses.has(`${subject.name} ${address}`);
        if (facts === undefined || (facts.address === address && !ours)) return [];
      }
      return [{ device: subject.name, address, prefixLength }];
    });
  }

  #emitAddress(verb: 'add-address' | 'remove-address', { device, address, prefixLength }: Address): void {
    this.#context.emit({ do: verb, device, address, prefixLength });
  }
}

function wantedDevices(configuration: Configuration): Map<string, Octets> {
  const devices = new Map<string, Octets>();
  const serves = [...configuration.vpdnGroups.values()].some(acceptsL2tp);
  if (configuration.vpdn.enabled && serves) devices.set(SHARED_DEVICE, ETHERNET_MTU);
  for (const { kind, name, mtu } of configuration.interfaces.values()) {
    if (kind === 'Virtual-PPP') devices.set(name, mtu ?? ETHERNET_MTU);
  }
  return devices;
}
