// Interfaces, their addresses, and the pools that callers get theirs from.

import type { Configuration, PoolRange } from '../../vpdn/configuration.ts';
import type { Interface } from '../../vpdn/configuration-interface.ts';
import { maskOfLength, parseIpv4 } from '../../wire/ip.ts';
import { type Findings, named, quantity } from './finding.ts';

export function checkAddresses(configuration: Configuration, findings: Findings): void {
  for (const each of configuration.interfaces.values()) checkInterface(configuration, each, findings);
  checkTemplates(configuration, findings);
  checkPools(configuration, findings);
}

/** A physical interface without one may still have it from Linux, if it has a device. */
export function hasAddress({ interfaces, devices }: Configuration, name: string): boolean {
  const subject = interfaces.get(name);
  return subject?.address !== undefined || (subject?.ipv6Addresses.length ?? 0) > 0 || devices.has(name);
}

/** The pools that a template or a Virtual-PPP gives addresses from. */
function poolsOf({ peerDefaultAddress }: Interface): readonly string[] {
  if (peerDefaultAddress?.kind !== 'pool') return [];
  return peerDefaultAddress.pools.length === 0 ? ['default'] : peerDefaultAddress.pools;
}

function checkInterface(configuration: Configuration, subject: Interface, findings: Findings): void {
  const { name, kind, address } = subject;
  if (kind === 'physical' && !configuration.devices.has(name)) {
    const remedy = `add \`platform interfaces ${name} DEVICE\``;
    if (address?.kind === 'static') {
      // On the machine it is meant for, it finds its device by the address.
      findings.add(
        'CFG-136',
        `${name} is mapped to no Linux device: only one that has its address already can be it`,
        remedy,
      );
    } else findings.add('CFG-131', `${name} is mapped to no Linux device, and has no address to find one by`, remedy);
  }
  if (address?.kind === 'unnumbered' && !hasAddress(configuration, address.from)) {
    const sentence = `${name} borrows the address of ${address.from}, which has none here`;
    findings.add('CFG-132', sentence, `add \`ip address\` under interface ${address.from}`);
  }
  for (const pool of poolsOf(subject)) {
    if ((configuration.pools.get(pool)?.length ?? 0) > 0) continue;
    const sentence = `${name} gives addresses from pool ${pool}, which has none`;
    findings.add('CFG-133', sentence, `add \`ip local pool ${pool} LOW HIGH\``);
  }
}

function checkTemplates(configuration: Configuration, findings: Findings): void {
  const used = new Set<string>();
  for (const { acceptDialin } of configuration.vpdnGroups.values()) {
    if (acceptDialin?.virtualTemplate !== undefined) used.add(`Virtual-Template${acceptDialin.virtualTemplate}`);
  }
  for (const { kind, name, address } of configuration.interfaces.values()) {
    if (kind !== 'Virtual-Template') continue;
    if (!used.has(name)) {
      findings.add('CFG-134', `${name} is used by no vpdn-group`, 'add `virtual-template` to a group, or remove it');
    }
    if (address?.kind === 'static') {
      const sentence = `${name} has an address of its own: every call's interface would have ${address.address}`;
      findings.add('CFG-139', sentence, 'use `ip unnumbered Loopback1`');
    }
  }
}

function checkPools(configuration: Configuration, findings: Findings): void {
  const users = new Map<string, Interface[]>();
  for (const subject of configuration.interfaces.values()) {
    for (const pool of poolsOf(subject)) users.set(pool, [...(users.get(pool) ?? []), subject]);
  }
  for (const [name, ranges] of configuration.pools) {
    if (!users.has(name)) findings.add('CFG-138', `pool ${name} is used by no template`, 'remove it if that is meant');
    checkOverlap(configuration, name, ranges, findings);
    checkSize(configuration, name, ranges, findings);
  }
}

/** A caller with an address of a LAN would not be reached through it, nor the LAN's own host of that address. */
function checkOverlap(
  { interfaces }: Configuration,
  name: string,
  ranges: readonly PoolRange[],
  findings: Findings,
): void {
  const hit: string[] = [];
  for (const subject of interfaces.values()) {
    const statics = [...(subject.address?.kind === 'static' ? [subject.address] : []), ...subject.secondaryAddresses];
    for (const { address, prefixLength } of statics) {
      const mask = maskOfLength(prefixLength);
      const first = (parseIpv4(address) & mask) >>> 0;
      const last = (first | ~mask) >>> 0;
      const overlaps = ranges.some(({ low, high }) => parseIpv4(low) <= last && parseIpv4(high) >= first);
      if (overlaps && !hit.includes(subject.name)) hit.push(subject.name);
    }
  }
  if (hit.length === 0) return;
  const sentence = `pool ${name} overlaps the subnet of ${named(hit)}`;
  findings.add('CFG-135', sentence, 'give callers addresses that are on no interface, or the interface a /32');
}

/** Calls beyond the last address would be refused one by one, though the limit lets them in. */
function checkSize(configuration: Configuration, name: string, ranges: readonly PoolRange[], findings: Findings): void {
  const size = ranges.reduce((sum, { low, high }) => sum + parseIpv4(high) - parseIpv4(low) + 1, 0);
  for (const group of configuration.vpdnGroups.values()) {
    const template = configuration.interfaces.get(`Virtual-Template${group.acceptDialin?.virtualTemplate}`);
    if (template === undefined || group.sessionLimit === undefined) continue;
    const pools = poolsOf(template);
    if (pools.length !== 1 || pools[0] !== name || group.sessionLimit <= size) continue;
    const sentence = `vpdn-group ${group.name} allows ${quantity(group.sessionLimit, 'session')}, pool ${name} has ${quantity(size, 'address').replace('addresss', 'addresses')}`;
    findings.add('CFG-137', sentence, 'add a range to the pool, or lower the limit');
  }
}
