// PPTP: the groups that speak it, the interfaces that dial by it, and how little it protects.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface } from '../../vpdn/configuration-interface.ts';
import type { VpdnGroup } from '../../vpdn/configuration-vpdn.ts';
import { type Findings, named } from './finding.ts';

export function checkPptp(configuration: Configuration, findings: Findings): void {
  const groups = [...configuration.vpdnGroups.values()];
  const dialling = groups.filter(({ requestDialin }) => requestDialin?.protocol === 'pptp');
  if (dialling.length > 0 && !configuration.vpdn.enabled) {
    findings.add('CFG-119', `vpdn-group ${dialling[0]!.name} dials, but VPDN is not enabled`, 'add `vpdn enable`');
  }
  for (const { name, acceptDialin, requestDialin } of groups) {
    if (acceptDialin?.protocol !== 'pptp' && requestDialin?.protocol !== 'pptp') continue;
    const sentence = `vpdn-group ${name} speaks PPTP: whoever records a call has the hash of its password within hours, and all that MPPE encrypted`;
    const remedy =
      'use L2TP inside IPsec or WireGuard wherever the other end can; carry by PPTP only what everybody may read';
    findings.add('CFG-176', sentence, remedy);
    const template = configuration.interfaces.get(`Virtual-Template${acceptDialin?.virtualTemplate}`);
    if (template !== undefined) checkEncryption(template, findings);
  }
  for (const group of dialling) checkDialling(configuration, group, findings);
  for (const each of configuration.interfaces.values()) {
    if (each.kind === 'Dialer') checkDialer(each, dialling, findings);
  }
}

function checkDialling({ interfaces }: Configuration, group: VpdnGroup, findings: Findings): void {
  const { name, initiateTo } = group;
  if (initiateTo.length === 0) {
    findings.add('CFG-115', `vpdn-group ${name} dials by PPTP, but not whom`, 'add `initiate-to ip A.B.C.D`');
  }
  if ([...interfaces.values()].some((each) => each.kind === 'Dialer' && isOf(group, each))) return;
  const { rotaryGroup, poolMember } = group.requestDialin!;
  if (rotaryGroup !== undefined) {
    const sentence = `vpdn-group ${name} is in rotary group ${rotaryGroup}, and there is no interface Dialer${rotaryGroup}`;
    findings.add('CFG-116', sentence, `add \`interface Dialer${rotaryGroup}\` and its lines`);
  } else if (poolMember !== undefined) {
    const sentence = `vpdn-group ${name} is a member of dialer pool ${poolMember}, which no interface Dialer names`;
    findings.add('CFG-116', sentence, `add \`dialer pool ${poolMember}\` under an interface Dialer`);
  } else {
    const sentence = `vpdn-group ${name} dials by PPTP, but for no interface`;
    findings.add('CFG-116', sentence, 'add `rotary-group N` under request-dialin, and `interface DialerN`');
  }
}

function checkDialer(subject: Interface, dialling: readonly VpdnGroup[], findings: Findings): void {
  const { name, address, ppp } = subject;
  const serving = dialling.filter((group) => isOf(group, subject));
  if (serving.length === 0) {
    const sentence = `${name} is served by nothing: no vpdn-group dials for it, and PPPoE is not built`;
    const remedy =
      'add a vpdn-group with `request-dialin`, `protocol pptp` and `rotary-group` for PPTP; leave PPPoE to Linux';
    return findings.add('CFG-156', sentence, remedy);
  }
  if (serving.length > 1) {
    const names = serving.map((group) => group.name);
    const sentence = `vpdn-groups ${named(names)} all dial for ${name}: only ${names[0]} is used`;
    findings.add('CFG-117', sentence, 'give each an interface Dialer of its own');
  }
  if (address === undefined) {
    findings.add('CFG-158', `${name} has no IP address`, 'add `ip address negotiated`');
  }
  checkEncryption(subject, findings);
  if (ppp.chapPassword === undefined && ppp.papSentUsername === undefined) {
    const sentence = `${name} has no password to prove itself with: a server that asks for one ends the call`;
    findings.add('CFG-157', sentence, 'add `ppp chap hostname NAME` and `ppp chap password …`');
  }
  if (ppp.chapPassword !== undefined && ppp.msChapRefuse !== 'always') {
    const sentence = `${name} answers MS-CHAP version 1, which is broken, to whoever asks for it`;
    findings.add('CFG-174', sentence, 'add `ppp ms-chap refuse`');
  }
}

function checkEncryption({ name, ppp }: Interface, findings: Findings): void {
  if (ppp.mppe !== undefined) return;
  const sentence = `${name} encrypts nothing: calls by PPTP can be read by whoever sees them pass`;
  findings.add('CFG-184', sentence, 'add `ppp encrypt mppe 128 required`');
}

function isOf({ requestDialin }: VpdnGroup, { name, dialerPool }: Interface): boolean {
  const { rotaryGroup, poolMember } = requestDialin!;
  if (rotaryGroup !== undefined) return name === `Dialer${rotaryGroup}`;
  return poolMember !== undefined && poolMember === dialerPool;
}
