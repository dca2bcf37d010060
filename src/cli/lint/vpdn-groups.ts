// vpdn-groups and vpdn-templates: which group would take no call, refuse every one, or never be asked.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { VpdnGroup } from '../../vpdn/configuration-vpdn.ts';
import { groupInForce, UNNAMED_TEMPLATE } from '../../vpdn/vpdn-template.ts';
import { type Findings, named } from './finding.ts';

export function checkVpdn(configuration: Configuration, findings: Findings): void {
  const groups = [...configuration.vpdnGroups.values()];
  const accepting = groups.filter(({ acceptDialin }) => acceptDialin !== undefined);
  if (accepting.length > 0 && !configuration.vpdn.enabled) {
    findings.add('CFG-101', 'vpdn-groups accept calls, but VPDN is not enabled', 'add `vpdn enable`');
  }
  for (const protocol of ['l2tp', 'pptp'] as const) checkRivals(accepting, protocol, findings);
  for (const group of groups) checkGroup(configuration, group, findings);
  checkTemplates(configuration, findings);
}

/** Between groups of one protocol the first in order wins: the others are never asked. */
function checkRivals(accepting: readonly VpdnGroup[], protocol: 'l2tp' | 'pptp', findings: Findings): void {
  const serving = accepting.filter((group) => serves(group, protocol));
  const defaults = serving.filter(({ terminateFrom }) => terminateFrom === undefined);
  if (defaults.length > 1) {
    const names = defaults.map(({ name }) => name);
    const sentence = `more than one default ${protocol.toUpperCase()} group (${named(names)}): only ${names[0]} is used`;
    findings.add('CFG-102', sentence, 'give the others `terminate-from hostname NAME`');
  }
  const byHost = Map.groupBy(serving, ({ terminateFrom }) => terminateFrom);
  for (const [host, rivals] of byHost) {
    if (host === undefined || rivals.length < 2) continue;
    const names = rivals.map(({ name }) => name);
    const sentence = `vpdn-groups ${named(names)} terminate tunnels from ${host}: only ${names[0]} is used`;
    findings.add('CFG-108', sentence, 'name another host, or remove the group that is not meant');
  }
}

function checkGroup(configuration: Configuration, written: VpdnGroup, findings: Findings): void {
  const group = groupInForce(configuration, written);
  const { acceptDialin, name, terminateFrom, sessionLimit, sourceAddress } = group;
  if (acceptDialin === undefined && isIdle(group)) {
    const remedy = 'add `accept-dialin` and its lines, or remove the group';
    findings.add('CFG-114', `vpdn-group ${name} neither accepts nor requests calls`, remedy);
  }
  if (terminateFrom === configuration.hostname) {
    const sentence = `vpdn-group ${name} waits for ${terminateFrom}, which is this router's own name`;
    findings.add('CFG-109', sentence, "name the peer's L2TP host name: its `hostname`, or that of its l2tp-class");
  }
  if (sessionLimit === 0) {
    findings.add(
      'CFG-112',
      `vpdn-group ${name} has a session limit of 0: every call is refused`,
      'raise it, or remove it',
    );
  }
  if (sourceAddress !== undefined && !isOwn(configuration, sourceAddress)) {
    const sentence = `vpdn-group ${name} takes tunnels at ${sourceAddress} only, which is configured on no interface`;
    findings.add('CFG-113', sentence, 'give it to an interface, or correct `source-ip`');
  }
  if (acceptDialin !== undefined) checkAccepting(configuration, group, findings);
  if (group.requestDialin !== undefined && group.requestDialin.protocol === undefined) {
    const remedy = 'add `protocol pptp` under request-dialin';
    findings.add('CFG-103', `vpdn-group ${name} has no protocol: it dials nobody`, remedy);
  }
}

function checkAccepting(configuration: Configuration, group: VpdnGroup, findings: Findings): void {
  const { name, l2tp } = group;
  const { protocol, virtualTemplate } = group.acceptDialin!;
  if (protocol === undefined) {
    const remedy = 'add `protocol l2tp` under accept-dialin';
    return findings.add('CFG-103', `vpdn-group ${name} has no protocol: it takes no calls`, remedy);
  }
  if (virtualTemplate === undefined) {
    const remedy = 'add `virtual-template N` under accept-dialin';
    findings.add('CFG-105', `vpdn-group ${name} names no virtual-template`, remedy);
  } else if (!configuration.interfaces.has(`Virtual-Template${virtualTemplate}`)) {
    const sentence = `vpdn-group ${name} uses Virtual-Template${virtualTemplate}, which is not configured`;
    findings.add('CFG-105', sentence, `add \`interface Virtual-Template${virtualTemplate}\``);
  }
  if (protocol === 'pptp') return;
  const withUser = [...configuration.users.values()].some(({ password }) => password !== undefined);
  if (l2tp.authentication !== false && l2tp.password === undefined && !withUser) {
    const sentence = `vpdn-group ${name} authenticates tunnels, but there is no secret to do it with: all are refused`;
    const remedy = 'add `l2tp tunnel password …` on both ends, or `no l2tp tunnel authentication`';
    findings.add('CFG-106', sentence, remedy);
  }
  if (l2tp.hidden === true && l2tp.password === undefined && !withUser) {
    const sentence = `vpdn-group ${name} hides AVPs, but has no secret: nothing is hidden`;
    findings.add('CFG-107', sentence, 'add `l2tp tunnel password …`');
  }
  if (l2tp.authentication === false) {
    const sentence = `vpdn-group ${name} does not authenticate tunnels: whoever reaches it may offer calls`;
    findings.add(
      'CFG-172',
      sentence,
      'add `l2tp tunnel authentication` and `l2tp tunnel password …`, or filter who reaches UDP 1701',
    );
  }
}

function checkTemplates(configuration: Configuration, findings: Findings): void {
  const groups = [...configuration.vpdnGroups.values()];
  for (const { name, template } of groups) {
    if (template?.kind !== 'named' || configuration.vpdnTemplates.has(template.name)) continue;
    const sentence = `vpdn-group ${name} names vpdn-template ${template.name}, which is not configured`;
    findings.add('CFG-110', sentence, `add \`vpdn-template ${template.name}\``);
  }
  for (const { name } of configuration.vpdnTemplates.values()) {
    const used = groups.some(({ template }) => (template === undefined ? UNNAMED_TEMPLATE : nameOf(template)) === name);
    if (used) continue;
    const title = name === UNNAMED_TEMPLATE ? 'the unnamed vpdn-template' : `vpdn-template ${name}`;
    findings.add('CFG-111', `${title} is used by no group`, 'add `source vpdn-template` to a group, or remove it');
  }
}

function nameOf(template: NonNullable<VpdnGroup['template']>): string | undefined {
  return template.kind === 'named' ? template.name : undefined;
}

function serves({ acceptDialin }: VpdnGroup, protocol: 'l2tp' | 'pptp'): boolean {
  return acceptDialin?.protocol === protocol || (acceptDialin?.protocol === 'any' && protocol === 'l2tp');
}

function isIdle({ requestDialin, acceptDialout, requestDialout }: VpdnGroup): boolean {
  return requestDialin === undefined && acceptDialout === undefined && requestDialout === undefined;
}

/** Of a router whose physical interfaces have the addresses Linux gave them, nobody can tell. */
function isOwn({ interfaces, devices }: Configuration, address: string): boolean {
  if (devices.size > 0) return true;
  return [...interfaces.values()].some((each) => {
    const all = [...(each.address?.kind === 'static' ? [each.address] : []), ...each.secondaryAddresses];
    return all.some((own) => own.address === address);
  });
}
