// Who is to prove what to whom, and whether there is anything to check it with.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { AuthenticationMethod, Interface } from '../../vpdn/configuration-interface.ts';
import { type Findings, named } from './finding.ts';

export function checkAuthentication(configuration: Configuration, findings: Findings): void {
  const templates = new Set<string>();
  for (const { acceptDialin } of configuration.vpdnGroups.values()) {
    templates.add(`Virtual-Template${acceptDialin?.virtualTemplate}`);
  }
  for (const subject of configuration.interfaces.values()) {
    if (subject.kind !== 'Virtual-Template' && subject.kind !== 'Virtual-PPP') continue;
    checkMethods(configuration, subject, findings);
    checkMppe(subject, findings);
    if (subject.ppp.authentication === undefined && templates.has(subject.name)) {
      const sentence = `${subject.name} asks callers for no authentication: whoever opens a tunnel is let in`;
      findings.add('CFG-146', sentence, 'add `ppp authentication chap`');
    }
  }
}

function checkMethods(configuration: Configuration, subject: Interface, findings: Findings): void {
  const wanted = subject.ppp.authentication;
  if (wanted === undefined) return;
  const { methods } = wanted;
  const spoken = methods.filter((method) => BUILT.includes(method));
  if (spoken.length === 0) {
    const are = methods.length === 1 ? 'which is not' : 'and none of them is';
    const sentence = `${subject.name} wants ${methods.join(' or ')}, ${are} built yet: nobody is let in`;
    findings.add('CFG-141', sentence, 'use `ppp authentication chap`');
  }
  const users = [...configuration.users.values()];
  if (users.length === 0 && !(wanted.callin && subject.kind === 'Virtual-PPP')) {
    const remedy = 'add `username NAME password …` for the name the peer gives';
    findings.add('CFG-142', `${subject.name} authenticates its peer, but there is no username`, remedy);
  }
  const oneWay = users.filter(({ secret }) => secret !== undefined).map(({ name }) => name);
  if (oneWay.length > 0 && methods.some((method) => NEEDS_CLEAR_TEXT.includes(method))) {
    const sentence = `${subject.name} uses a protocol that cannot check a one-way secret, as ${named(oneWay)} ha${oneWay.length === 1 ? 's' : 've'}`;
    findings.add('CFG-143', sentence, 'use `username NAME password …` instead of `secret`');
  }
  if (methods.includes('pap')) {
    findings.add(
      'CFG-173',
      `${subject.name} takes PAP: passwords cross the tunnel in the clear`,
      'use CHAP, or protect the tunnel with IPsec',
    );
  }
  if (methods.includes('ms-chap')) {
    findings.add(
      'CFG-174',
      `${subject.name} takes MS-CHAP version 1, which is broken`,
      'use `ms-chap-v2`, inside IPsec',
    );
  }
}

/** the keys of MPPE come out of MS-CHAP and nowhere else. */
function checkMppe({ name, ppp }: Interface, findings: Findings): void {
  const { mppe, authentication } = ppp;
  if (mppe === undefined) return;
  const methods = authentication?.methods ?? [];
  const keyed = methods.some((method) => method === 'ms-chap' || method === 'ms-chap-v2');
  if (mppe.demand === 'required' && !keyed) {
    const sentence = `${name} requires MPPE, but no protocol of its authentication yields keys: every call would end`;
    findings.add('CFG-145', sentence, 'add `ms-chap-v2` to `ppp authentication`');
  }
  if (mppe.demand === 'required') {
    findings.add('CFG-147', `${name} requires MPPE, which is not built yet: every call would end`, 'remove `required`');
  }
  if (mppe.strength === '40') {
    findings.add('CFG-175', `${name} encrypts with 40 bits`, 'use `ppp encrypt mppe 128`');
  }
}

const BUILT: readonly AuthenticationMethod[] = ['chap', 'pap'];
const NEEDS_CLEAR_TEXT: readonly AuthenticationMethod[] = ['chap', 'ms-chap', 'ms-chap-v2', 'eap'];
