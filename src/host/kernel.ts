// Addresses and devices in the Linux kernel, rtnetlink(7), and the kernel's routes with them. Remembers what it added, so that
// all of it can be taken back; what a killed run left behind is found again by a list kept in a file.

import { readFileSync, writeFileSync } from 'node:fs';
import {
  type Address,
  decodeAddress,
  encodeAddressAddition,
  encodeAddressDump,
  encodeAddressRemoval,
} from '../rtnetlink/address.ts';
import { decodeLink, encodeLinkChange, encodeLinkQuery } from '../rtnetlink/link.ts';
import type { NetlinkSocket } from '../sys/netlink-socket.ts';
import { SystemError } from '../wire/errors.ts';
import { type DeviceAddress, readLeftovers, writeLeftovers } from './leftovers.ts';
import { Routes } from './routes.ts';

export interface KernelOptions {
  readonly netlink: NetlinkSocket;
  /** The Linux device behind an interface; undefined if there is none now. */
  readonly deviceOf: (interfaceName: string) => string | undefined;
  /** Where the list of addresses is kept for the run after a crash. */
  readonly leftoversPath: string;
}

export class Kernel {
  readonly routes: Routes;
  readonly #options: KernelOptions;
  readonly #addresses = new Map<string, DeviceAddress>();
  /** Of devices that stay while they are in use: our own TUNs. */
  readonly #indexes = new Map<string, number>();

  constructor(options: KernelOptions) {
    this.#options = options;
    this.routes = new Routes(options.netlink, (name) => this.#index(this.#deviceOf(name)));
  }

  /** What an earlier run could not take back. To be called before anything is added; returns how much there was. */
  removeLeftovers(): number {
    let removed = this.routes.removeLeftovers();
    for (const address of readLeftovers(this.#options.leftoversPath)) {
      const index = this.#indexOf(address.device);
      if (index !== undefined && this.#removeQuietly(encodeAddressRemoval({ ...address, index }))) removed++;
    }
    this.#saveLeftovers();
    return removed;
  }

  addAddress(interfaceName: string, address: string, prefixLength: number, peer: string | undefined): void {
    const device = this.#deviceOf(interfaceName);
    const length = lengthOn(device, address, prefixLength);
    const entry: DeviceAddress = { device, address, prefixLength: length, ...(peer === undefined ? {} : { peer }) };
    // Somebody else's address stays when we go; a TUN of ours has none.
    const present = !this.#indexes.has(device) && this.#isPresent(entry);
    this.#options.netlink.request(encodeAddressAddition({ ...entry, index: this.#index(device) }));
    if (!present) this.#addresses.set(`${device} ${address}/${length}`, entry);
    if (!this.#indexes.has(device)) this.#saveLeftovers();
  }

  removeAddress(interfaceName: string, address: string, prefixLength: number): void {
    const device = this.#options.deviceOf(interfaceName);
    const key = `${device} ${address}/${lengthOn(device, address, prefixLength)}`;
    const entry = this.#addresses.get(key);
    if (entry === undefined) return;
    this.#addresses.delete(key);
    const index = this.#indexOf(entry.device);
    if (index !== undefined) this.#removeQuietly(encodeAddressRemoval({ ...entry, index }));
    this.#saveLeftovers();
  }

  /** Brings an open TUN up. `gsoMaxSize` bounds the super-packets it hands over. */
  deviceOpened(device: string, mtu: number, gsoMaxSize: number | undefined): void {
    const index = this.#lookUp(device);
    this.#indexes.set(device, index);
    const limit = gsoMaxSize === undefined ? {} : { gsoMaxSize };
    this.#options.netlink.request(encodeLinkChange({ index, up: true, mtu, ...limit }));
    relaxReversePathFilter(device);
    // No IPv6 inside yet: its router solicitations would only be dropped.
    if (readSetting('ipv6', `conf/${device}/disable_ipv6`) === '0')
      writeSetting('ipv6', `conf/${device}/disable_ipv6`, '1');
  }

  /** Takes everything off a TUN that is about to be closed, since it may be wanted again before it is. */
  deviceClosed(device: string): void {
    const index = this.#indexes.get(device);
    if (index === undefined) return;
    for (const [key, address] of this.#addresses) {
      if (address.device !== device) continue;
      this.#addresses.delete(key);
      this.#removeQuietly(encodeAddressRemoval({ ...address, index }));
    }
    // Linux drops the routes of a device that is down.
    this.#removeQuietly(encodeLinkChange({ index, up: false }));
    this.routes.forgetDevice(index);
    this.#indexes.delete(device);
    this.#saveLeftovers();
  }

  /** Takes back all that is left, the last thing of a run. */
  removeAll(): void {
    this.routes.removeAll();
    for (const address of this.#addresses.values()) {
      const index = this.#indexOf(address.device);
      if (index !== undefined) this.#removeQuietly(encodeAddressRemoval({ ...address, index }));
    }
    this.#addresses.clear();
    this.#saveLeftovers();
  }

  /** A router passes packets on. Stays on when we go: others may count on it by then. */
  enableForwarding(): void {
    if (readSetting('ipv4', 'ip_forward') !== '1') writeSetting('ipv4', 'ip_forward', '1');
  }

  /** Whether the device had the address before us: the administrator's, or what DHCP gave. */
  #isPresent({ device, address, prefixLength }: DeviceAddress): boolean {
    const index = this.#index(device);
    if (this.#addresses.has(`${device} ${address}/${prefixLength}`)) return false;
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    return this.#options.netlink.request(encodeAddressDump(family)).some((message) => {
      const found: Address | undefined = decodeAddress(message);
      return found?.index === index && found.address === address && found.prefixLength === prefixLength;
    });
  }

  #deviceOf(interfaceName: string): string {
    const device = this.#options.deviceOf(interfaceName);
    if (device === undefined) throw new SystemError('device', 'ENODEV', `no Linux device behind ${interfaceName}`);
    return device;
  }

  #index(device: string): number {
    return this.#indexes.get(device) ?? this.#lookUp(device);
  }

  /** Undefined where the device is gone: then so is all that was on it. */
  #indexOf(device: string): number | undefined {
    try {
      return this.#index(device);
    } catch {
      return undefined;
    }
  }

  /** Asked each time but for our own TUNs: a device of the administrator's may be made anew under the same name. */
  #lookUp(device: string): number {
    for (const message of this.#options.netlink.request(encodeLinkQuery(device))) {
      const link = decodeLink(message);
      if (link !== undefined) return link.index;
    }
    throw new SystemError('rtnetlink', 'ENODEV', device);
  }

  /** What is to be removed may have gone with its device, or by another's hand: then there is nothing to do. */
  #removeQuietly(request: Uint8Array): boolean {
    try {
      this.#options.netlink.request(request);
      return true;
    } catch (error) {
      if (error instanceof SystemError && GONE.includes(error.errno)) return false;
      throw error;
    }
  }

  #saveLeftovers(): void {
    // Addresses of a TUN go with it.
    const lasting = [...this.#addresses.values()].filter(({ device }) => !this.#indexes.has(device));
    writeLeftovers(this.#options.leftoversPath, lasting);
  }
}

/** A loopback interface is a host on `lo`: with its real mask Linux would claim the whole subnet for itself. */
function lengthOn(device: string | undefined, address: string, prefixLength: number): number {
  if (device !== 'lo') return prefixLength;
  return address.includes(':') ? 128 : 32;
}

/** A packet of a peer may come in by a TUN that Linux would not answer by: loose where the system demands a check at all. */
function relaxReversePathFilter(device: string): void {
  const everywhere = readSetting('ipv4', 'conf/all/rp_filter');
  writeSetting('ipv4', `conf/${device}/rp_filter`, everywhere === '0' ? '0' : '2');
}

function readSetting(family: Family, name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/net/${family}/${name}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function writeSetting(family: Family, name: string, value: string): void {
  try {
    writeFileSync(`/proc/sys/net/${family}/${name}`, value);
  } catch (error) {
    // A container may have /proc/sys read-only with the right value set from outside.
    if (readSetting(family, name) !== value)
      throw new SystemError('sysctl', (error as NodeJS.ErrnoException).code ?? '', name);
  }
}

type Family = 'ipv4' | 'ipv6';

const GONE: readonly string[] = ['ESRCH', 'ENODEV', 'EADDRNOTAVAIL', 'ENOENT'];
