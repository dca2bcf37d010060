// What a configuration will not do although each of its lines is right: the checks of `vpdn check`, each with a code that never
// changes meaning, a sentence, and the line that puts it right.

import type { Configuration } from '../vpdn/configuration.ts';
import type { Interface } from '../vpdn/configuration-interface.ts';
import type { PseudowireClass, VpdnGroup } from '../vpdn/configuration-vpdn.ts';
import { DEFAULT_L2TP_CLASS } from '../vpdn/defaults.ts';
import { acceptsL2tp } from '../vpdn/vpdn-group.ts';

export interface Finding {
  readonly code: string;
  /** `error`: calls will fail. `warning`: it may be meant. `note`: kept without effect. */
  readonly severity: 'error' | 'warning' | 'note';
  readonly sentence: string;
  readonly remedy: string;
}

export function lint(configuration: Configuration): Finding[] {
  const findings = new Findings();
  checkServer(configuration, findings);
  for (const group of configuration.vpdnGroups.values()) checkGroup(configuration, group, findings);
  for (const each of configuration.pseudowireClasses.values()) checkClass(configuration, each, findings);
  for (const each of configuration.interfaces.values()) checkInterface(configuration, each, findings);
  checkRoutes(configuration, findings);
  return findings.list;
}

class Findings {
  readonly list: Finding[] = [];

  add(severity: Finding['severity'], code: string, sentence: string, remedy: string): void {
    this.list.push({ severity, code, sentence, remedy });
  }
}

/** `vpdn enable`, and one fallback at most. */
function checkServer(configuration: Configuration, findings: Findings): void {
  const groups = [...configuration.vpdnGroups.values()].filter(({ acceptDialin }) => acceptDialin !== undefined);
  if (groups.length > 0 && !configuration.vpdn.enabled) {
    findings.add('error', 'CFG-101', 'vpdn-groups accept calls, but VPDN is not enabled', 'add `vpdn enable`');
  }
  const fallbacks = groups.filter((group) => acceptsL2tp(group) && group.terminateFrom === undefined);
  if (fallbacks.length > 1) {
    const names = fallbacks.map(({ name }) => name).join(', ');
    const sentence = `more than one default L2TP group (${names}): only ${fallbacks[0]!.name} is used`;
    findings.add('warning', 'CFG-102', sentence, 'give the others `terminate-from hostname NAME`');
  }
}

/** A group that would take no call, or refuse every one. */
function checkGroup(configuration: Configuration, group: VpdnGroup, findings: Findings): void {
  const { acceptDialin, l2tp, name } = group;
  if (acceptDialin === undefined) return;
  if (acceptDialin.protocol === undefined) {
    findings.add(
      'error',
      'CFG-103',
      `vpdn-group ${name} has no protocol: it takes no calls`,
      'add `protocol l2tp` under accept-dialin',
    );
    return;
  }
  if (!acceptsL2tp(group)) {
    findings.add('warning', 'CFG-104', `vpdn-group ${name} is for PPTP, which is not built yet`, 'use `protocol l2tp`');
    return;
  }
  checkTemplate(configuration, name, acceptDialin.virtualTemplate, findings);
  const withUser = [...configuration.users.values()].some(({ password }) => password !== undefined);
  if (l2tp.authentication && l2tp.password === undefined && !withUser) {
    const sentence = `vpdn-group ${name} authenticates tunnels, but there is no secret to do it with: all are refused`;
    const remedy = 'add `l2tp tunnel password …` on both ends, or `no l2tp tunnel authentication`';
    findings.add('error', 'CFG-106', sentence, remedy);
  }
  if (l2tp.hidden && l2tp.password === undefined && !withUser) {
    findings.add(
      'warning',
      'CFG-107',
      `vpdn-group ${name} hides AVPs, but has no secret: nothing is hidden`,
      'add `l2tp tunnel password …`',
    );
  }
}

function checkTemplate(
  configuration: Configuration,
  group: string,
  number: number | undefined,
  findings: Findings,
): void {
  if (number === undefined) {
    findings.add(
      'error',
      'CFG-105',
      `vpdn-group ${group} names no virtual-template`,
      'add `virtual-template N` under accept-dialin',
    );
    return;
  }
  if (configuration.interfaces.has(`Virtual-Template${number}`)) return;
  const sentence = `vpdn-group ${group} uses Virtual-Template${number}, which is not configured`;
  findings.add('error', 'CFG-105', sentence, `add \`interface Virtual-Template${number}\``);
}

/** A class from which no session can be made, or not the one meant. */
function checkClass(configuration: Configuration, each: PseudowireClass, findings: Findings): void {
  const { name, encapsulation, l2tpClass, localInterface } = each;
  if (encapsulation === undefined) {
    findings.add('error', 'CFG-121', `pseudowire-class ${name} has no encapsulation`, 'add `encapsulation l2tpv2`');
  }
  if (encapsulation === 'l2tpv3') {
    findings.add(
      'warning',
      'CFG-122',
      `pseudowire-class ${name} is for L2TPv3, which is not built yet`,
      'use `encapsulation l2tpv2`',
    );
  }
  if (l2tpClass !== undefined && l2tpClass !== DEFAULT_L2TP_CLASS && !configuration.l2tpClasses.has(l2tpClass)) {
    const sentence = `pseudowire-class ${name} names l2tp-class ${l2tpClass}, which is not configured: defaults apply`;
    findings.add('warning', 'CFG-123', sentence, `add \`l2tp-class ${l2tpClass}\``);
  }
  if (localInterface === undefined) {
    const sentence = `pseudowire-class ${name} names no local interface: the address may change with the routes`;
    findings.add('warning', 'CFG-124', sentence, 'add `ip local interface Loopback1`');
  } else if (!hasAddress(configuration, localInterface)) {
    const sentence = `pseudowire-class ${name} dials from ${localInterface}, which has no address here`;
    findings.add(
      'warning',
      'CFG-125',
      sentence,
      `give interface ${localInterface} an address, or map it with \`platform interfaces\``,
    );
  }
}

function checkInterface(configuration: Configuration, subject: Interface, findings: Findings): void {
  const { name, kind, address, peerDefaultAddress } = subject;
  if (kind === 'physical' && !configuration.devices.has(name)) {
    // One with an address finds its device by it, on the machine it is meant for.
    const severity = address?.kind === 'static' ? 'warning' : 'error';
    const sentence = `${name} is mapped to no Linux device: only one that has its address already can be it`;
    findings.add(severity, 'CFG-131', sentence, `add \`platform interfaces ${name} DEVICE\``);
  }
  if (address?.kind === 'unnumbered' && !hasAddress(configuration, address.from)) {
    const sentence = `${name} borrows the address of ${address.from}, which has none here`;
    findings.add('error', 'CFG-132', sentence, `add \`ip address\` under interface ${address.from}`);
  }
  if (peerDefaultAddress?.kind === 'pool') {
    for (const pool of peerDefaultAddress.pools.length === 0 ? ['default'] : peerDefaultAddress.pools) {
      if ((configuration.pools.get(pool)?.length ?? 0) > 0) continue;
      findings.add(
        'error',
        'CFG-133',
        `${name} gives addresses from pool ${pool}, which has none`,
        `add \`ip local pool ${pool} LOW HIGH\``,
      );
    }
  }
  checkAuthentication(configuration, subject, findings);
  checkPseudowire(configuration, subject, findings);
}

/** Who is to prove what to whom, and whether there is anything to check it with. */
function checkAuthentication(configuration: Configuration, subject: Interface, findings: Findings): void {
  const wanted = subject.ppp.authentication;
  if (wanted === undefined) return;
  const spoken = wanted.methods.filter((method) => method === 'chap' || method === 'pap');
  if (spoken.length === 0) {
    const sentence = `${subject.name} wants ${wanted.methods.join(' or ')}, and neither is built yet: nobody is let in`;
    findings.add(
      'error',
      'CFG-141',
      sentence.replace('neither', wanted.methods.length === 1 ? 'it' : 'neither'),
      'use `ppp authentication chap`',
    );
  }
  for (const [option, given] of [
    ['if-needed', wanted.ifNeeded],
    ['one-time', wanted.oneTime],
  ] as const) {
    if (!given) continue;
    findings.add(
      'note',
      'CFG-144',
      `\`${option}\` of ${subject.name} has no effect: it is about logins by AAA`,
      'remove it',
    );
  }
  const users = [...configuration.users.values()];
  if (users.length === 0 && !(wanted.callin && subject.kind === 'Virtual-PPP')) {
    findings.add(
      'error',
      'CFG-142',
      `${subject.name} authenticates its peer, but there is no username`,
      'add `username NAME password …` for the name the peer gives',
    );
  }
  const oneWay = users.filter(({ secret }) => secret !== undefined).map(({ name }) => name);
  if (oneWay.length > 0 && spoken.includes('chap')) {
    const sentence = `CHAP cannot check a one-way secret: ${oneWay.join(', ')}`;
    findings.add('warning', 'CFG-143', sentence, 'use `username NAME password …` instead of `secret`');
  }
}

function checkPseudowire(
  configuration: Configuration,
  { name, kind, pseudowire, address }: Interface,
  findings: Findings,
): void {
  if (kind !== 'Virtual-PPP') return;
  if (address === undefined) {
    findings.add(
      'error',
      'CFG-151',
      `${name} has no IP address`,
      'add `ip unnumbered Loopback1` or `ip address negotiated`',
    );
  }
  if (pseudowire === undefined) {
    findings.add(
      'warning',
      'CFG-152',
      `${name} has no pseudowire: it dials nobody`,
      'add `pseudowire ADDRESS VCID pw-class NAME`',
    );
    return;
  }
  const { pseudowireClass } = pseudowire;
  if (pseudowireClass === undefined || configuration.pseudowireClasses.has(pseudowireClass)) return;
  const sentence = `${name} uses pseudowire-class ${pseudowireClass}, which is not configured`;
  findings.add('error', 'CFG-153', sentence, `add \`pseudowire-class ${pseudowireClass}\``);
}

/** The guide's own L2TPv3 server has such a route. */
function checkRoutes(configuration: Configuration, findings: Findings): void {
  for (const route of configuration.routes) {
    if (route.interface === undefined || configuration.interfaces.has(route.interface)) continue;
    const sentence = `the route to ${route.prefix}/${route.prefixLength} leads into ${route.interface}, which is not configured`;
    findings.add(
      'warning',
      'CFG-161',
      sentence,
      `add \`interface ${route.interface}\`, or name the interface that is meant`,
    );
  }
}

/** A physical interface without one may still have it from Linux, if it has a device. */
function hasAddress(configuration: Configuration, name: string): boolean {
  return configuration.interfaces.get(name)?.address !== undefined || configuration.devices.has(name);
}
