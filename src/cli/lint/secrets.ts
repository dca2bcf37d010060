// Secrets that protect little.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Secret } from '../../vpdn/configuration-system.ts';
import { revealSecret } from '../../vpdn/secret.ts';
import { type Findings, named } from './finding.ts';

export function checkSecrets(configuration: Configuration, findings: Findings): void {
  const shared = [...tunnelSecrets(configuration)];
  const short = shared.filter(({ secret }) => (revealSecret(secret)?.length ?? LEAST) < LEAST).map(({ of }) => of);
  if (short.length > 0) {
    const sentence = `the tunnel secret of ${named(short)} is shorter than ${LEAST} characters: one recorded set-up is enough to guess it`;
    findings.add('CFG-171', sentence, 'use a long random one');
  }
  const users = [...configuration.users.values()].flatMap(({ name, password }) => {
    return password === undefined ? [] : [{ of: `username ${name}`, secret: password }];
  });
  const reversible = [...shared, ...users].filter(({ secret }) => secret.type === 7).map(({ of }) => of);
  if (reversible.length > 0) {
    const sentence = `type 7 hides nothing: ${named(reversible)}`;
    findings.add(
      'CFG-177',
      sentence,
      'keep the file to its owner (mode 0600); where a login is all it is for, use `secret`',
    );
  }
  if (configuration.enablePassword !== undefined && configuration.enableSecret === undefined) {
    findings.add('CFG-178', '`enable password` can be read back', 'use `enable secret`');
  }
}

function* tunnelSecrets({ l2tpClasses, vpdnGroups }: Configuration): Generator<{ of: string; secret: Secret }> {
  for (const { name, password, digests } of l2tpClasses.values()) {
    if (password !== undefined) yield { of: `l2tp-class ${name}`, secret: password };
    for (const { secret } of digests) if (secret !== undefined) yield { of: `l2tp-class ${name}`, secret };
  }
  for (const { name, l2tp } of vpdnGroups.values()) {
    if (l2tp.password !== undefined) yield { of: `vpdn-group ${name}`, secret: l2tp.password };
  }
}

/** Characters. */
const LEAST = 16;
