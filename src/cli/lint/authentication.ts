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
    if (subject.kind !== 'Virtual-Template' && !isClient(subject)) continue;
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
  const users = [...configuration.users.values()];
  if (users.length === 0 && !(wanted.callin && isClient(subject))) {
    const remedy = 'add `username NAME password …` for the name the peer gives';
    findings.add('CFG-142', `${subject.name} authenticates its peer, but there is no username`, remedy);
  }
  // Who has a privilege level is there to log in on a line.
  const oneWay = users
    .filter(({ secret, privilege }) => secret !== undefined && privilege === undefined)
    .map(({ name }) => name);
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

/** the keys of MPPE come out of MS-CHAP, which EAP carries as well, and out of nothing else. */
function checkMppe(subject: Interface, findings: Findings): void {
  const { name, ppp } = subject;
  const { mppe } = ppp;
  if (mppe === undefined) return;
  if (!canHaveKeys(subject)) {
    const without = `${name} %s MPPE, but no protocol of its authentication yields keys: `;
    const remedy = isClient(subject) ? 'take `ppp ms-chap-v2 refuse` away' : 'add `ms-chap-v2` to `ppp authentication`';
    if (mppe.demand === 'required') {
      findings.add('CFG-145', `${without.replace('%s', 'requires')}every call would end`, remedy);
    } else findings.add('CFG-148', `${without.replace('%s', 'asks for')}nothing is encrypted`, remedy);
  } else if (mppe.demand !== 'required') {
    const sentence = `${name} does not require MPPE: whoever stands between can have all of it sent in the clear`;
    findings.add('CFG-170', sentence, 'use `ppp encrypt mppe 128 required`');
  }
  if (mppe.strength === '40') {
    findings.add('CFG-175', `${name} encrypts with 40 bits`, 'use `ppp encrypt mppe 128`');
  } else if (mppe.strength === 'auto') {
    const sentence = `${name} lets its peer bring MPPE down to 40 bits`;
    findings.add('CFG-180', sentence, 'use `ppp encrypt mppe 128`');
  }
}

/** A client answers whatever it does not refuse; a server has what it asks for. */
function canHaveKeys(subject: Interface): boolean {
  const { authentication, msChapRefuse, msChapV2Refuse, eapRefuse } = subject.ppp;
  if (authentication?.methods.some((method) => YIELDS_KEYS.includes(method)) === true) return true;
  if (!isClient(subject)) return false;
  return msChapRefuse !== 'always' || msChapV2Refuse !== 'always' || eapRefuse !== 'always';
}

function isClient({ kind }: Interface): boolean {
  return kind === 'Virtual-PPP' || kind === 'Dialer';
}

const YIELDS_KEYS: readonly AuthenticationMethod[] = ['ms-chap', 'ms-chap-v2', 'eap'];
const NEEDS_CLEAR_TEXT: readonly AuthenticationMethod[] = ['chap', 'ms-chap', 'ms-chap-v2', 'eap'];
