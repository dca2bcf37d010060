// l2tp-classes, pseudowire-classes and the interfaces that dial with them.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface } from '../../vpdn/configuration-interface.ts';
import type { PseudowireClass } from '../../vpdn/configuration-vpdn.ts';
import { DEFAULT_L2TP_CLASS } from '../../vpdn/defaults.ts';
import { hasAddress } from './addresses.ts';
import { type Findings, named } from './finding.ts';

export function checkPseudowires(configuration: Configuration, findings: Findings): void {
  for (const each of configuration.pseudowireClasses.values()) checkClass(configuration, each, findings);
  checkL2tpClasses(configuration, findings);
  for (const each of configuration.interfaces.values()) checkVirtualPpp(configuration, each, findings);
  checkPairs(configuration, findings);
}

/** A class from which no session can be made, or not the one meant. */
function checkClass(configuration: Configuration, each: PseudowireClass, findings: Findings): void {
  const { name, encapsulation, l2tpClass, localInterface } = each;
  if (encapsulation === undefined) {
    findings.add('CFG-121', `pseudowire-class ${name} has no encapsulation`, 'add `encapsulation l2tpv2`');
  }
  const { tosValue, tosReflect, dontFragment, ttl } = each;
  if (encapsulation === 'l2tpv2' && (tosValue !== undefined || tosReflect || dontFragment || ttl !== undefined)) {
    const sentence = `pseudowire-class ${name} is of L2TPv2, whose outer IP header is made as Linux makes it`;
    findings.add(
      'CFG-128',
      sentence,
      'take the `ip tos`, `ip dfbit` and `ip ttl` lines out, or use `encapsulation l2tpv3`',
    );
  }
  if (l2tpClass !== undefined && l2tpClass !== DEFAULT_L2TP_CLASS && !configuration.l2tpClasses.has(l2tpClass)) {
    const sentence = `pseudowire-class ${name} names l2tp-class ${l2tpClass}, which is not configured: defaults apply`;
    findings.add('CFG-123', sentence, `add \`l2tp-class ${l2tpClass}\``);
  }
  if (localInterface === undefined) {
    const sentence = `pseudowire-class ${name} names no local interface: the address may change with the routes`;
    findings.add('CFG-124', sentence, 'add `ip local interface Loopback1`');
  } else if (!hasAddress(configuration, localInterface)) {
    const sentence = `pseudowire-class ${name} dials from ${localInterface}, which has no address here`;
    const remedy = `give interface ${localInterface} an address, or map it with \`platform interfaces\``;
    findings.add('CFG-125', sentence, remedy);
  }
  if (!usesClass(configuration, name)) {
    findings.add('CFG-127', `pseudowire-class ${name} is used by no pseudowire`, 'remove it if that is meant');
  }
}

function checkL2tpClasses(configuration: Configuration, findings: Findings): void {
  const withUser = [...configuration.users.values()].some(({ password }) => password !== undefined);
  const used = new Set([...configuration.pseudowireClasses.values()].map(({ l2tpClass }) => l2tpClass));
  for (const { name, authentication, password, digests } of configuration.l2tpClasses.values()) {
    if (authentication && password === undefined && !withUser) {
      const sentence = `l2tp-class ${name} authenticates tunnels, but there is no secret to do it with`;
      findings.add('CFG-126', sentence, 'add `password …`, the same on both ends');
    }
    if (digests.some(({ hash, secret }) => hash === 'md5' && secret !== undefined)) {
      findings.add('CFG-179', `l2tp-class ${name} makes its message digests with MD5`, 'use `hash sha`');
    }
    if (!used.has(name) && name !== DEFAULT_L2TP_CLASS) {
      findings.add('CFG-127', `l2tp-class ${name} is used by no pseudowire-class`, 'remove it if that is meant');
    }
  }
}

function checkVirtualPpp(configuration: Configuration, subject: Interface, findings: Findings): void {
  const { name, kind, pseudowire, address } = subject;
  if (kind !== 'Virtual-PPP') return;
  if (address === undefined) {
    const remedy = 'add `ip unnumbered Loopback1` or `ip address negotiated`';
    findings.add('CFG-151', `${name} has no IP address`, remedy);
  }
  if (pseudowire === undefined) {
    const remedy = 'add `pseudowire ADDRESS VCID pw-class NAME`';
    return findings.add('CFG-152', `${name} has no pseudowire: it dials nobody`, remedy);
  }
  const { pseudowireClass } = pseudowire;
  if (pseudowireClass === undefined || configuration.pseudowireClasses.has(pseudowireClass)) return;
  const sentence = `${name} uses pseudowire-class ${pseudowireClass}, which is not configured`;
  findings.add('CFG-153', sentence, `add \`pseudowire-class ${pseudowireClass}\``);
}

/** a peer and VCID once. R-050: between two addresses, the parameters of one l2tp-class. */
function checkPairs({ interfaces, pseudowireClasses }: Configuration, findings: Findings): void {
  const circuits = [...interfaces.values()].flatMap(({ name, pseudowire }) => {
    if (pseudowire === undefined) return [];
    const used = pseudowireClasses.get(pseudowire.pseudowireClass ?? '');
    return [
      { name, ...pseudowire, l2tpClass: used?.l2tpClass ?? DEFAULT_L2TP_CLASS, from: used?.localInterface ?? '' },
    ];
  });
  for (const [, same] of Map.groupBy(circuits, ({ peer, vcid }) => `${peer} ${vcid}`)) {
    if (same.length < 2) continue;
    const { peer, vcid } = same[0]!;
    const sentence = `${named(same.map(({ name }) => name))} have the same peer ${peer} and VCID ${vcid}`;
    findings.add('CFG-154', sentence, 'give each a VCID of its own');
  }
  for (const [, same] of Map.groupBy(circuits, ({ peer, from }) => `${peer} ${from}`)) {
    const classes = [...new Set(same.map(({ l2tpClass }) => l2tpClass))];
    if (classes.length < 2) continue;
    const sentence = `pseudowires to ${same[0]!.peer} are to use l2tp-classes ${named(classes)}: only the first to dial is served`;
    findings.add('CFG-155', sentence, 'use one l2tp-class for all pseudowires between two addresses');
  }
}

function usesClass({ interfaces }: Configuration, name: string): boolean {
  return [...interfaces.values()].some(({ pseudowire, xconnect }) => {
    return pseudowire?.pseudowireClass === name || xconnect?.pseudowireClass === name;
  });
}
