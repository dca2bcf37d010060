// What a configuration will not do although each of its lines is right: the findings of `vpdn check`, and of the log at start.

import type { Configuration } from '../vpdn/configuration.ts';
import { checkAddresses } from './lint/addresses.ts';
import { checkAuthentication } from './lint/authentication.ts';
import { type Finding, Findings } from './lint/finding.ts';
import { checkGuards } from './lint/guards.ts';
import { checkPptp } from './lint/pptp.ts';
import { checkPseudowires } from './lint/pseudowires.ts';
import { checkRoutes } from './lint/routes.ts';
import { checkSecrets } from './lint/secrets.ts';
import { checkVpdn } from './lint/vpdn-groups.ts';
import { checkWaysIn } from './lint/ways-in.ts';

/** The worst first; within a severity, in the order of running-config. */
export function lint(configuration: Configuration): Finding[] {
  const findings = new Findings();
  checkVpdn(configuration, findings);
  checkPptp(configuration, findings);
  checkPseudowires(configuration, findings);
  checkAddresses(configuration, findings);
  checkAuthentication(configuration, findings);
  checkRoutes(configuration, findings);
  checkSecrets(configuration, findings);
  checkWaysIn(configuration, findings);
  checkGuards(configuration, findings);
  return findings.list.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

const ORDER: readonly Finding['severity'][] = ['error', 'warning', 'weak', 'note'];
