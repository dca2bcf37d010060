// One-way secrets: what was typed in clear becomes type 9 before the configuration is in force, so that nothing keeps it.

import { hashPassword, SALT_LENGTH } from '../crypto/password-hash.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import type { Secret } from '../vpdn/configuration-system.ts';
import { matchesSecret } from '../vpdn/secret.ts';

/**
 * Hashes in place. `previous` is the configuration before: its hash of the same secret is kept, so that reading a file with
 * `secret 0` twice changes nothing.
 */
export function sealSecrets(
  configuration: Configuration,
  salt: (octets: number) => Uint8Array,
  previous?: Configuration,
): void {
  const seal = (secret: Secret | undefined, before: Secret | undefined): Secret | undefined => {
    if (secret?.type !== 0) return secret;
    if (before !== undefined && before.type !== 0 && matchesSecret(before, secret.text)) return before;
    return { type: 9, text: hashPassword(secret.text, salt(SALT_LENGTH)) };
  };
  configuration.enableSecret = seal(configuration.enableSecret, previous?.enableSecret);
  for (const [level, each] of configuration.enableLevels) {
    each.secret = seal(each.secret, previous?.enableLevels.get(level)?.secret);
  }
  for (const user of configuration.users.values()) {
    if (user.secret === undefined) continue;
    user.secret = seal(user.secret, previous?.users.get(user.name)?.secret);
  }
}

/** How many hashes sealing it will take, as long as there is nothing to keep: each costs milliseconds by design. */
export function countClearSecrets({ enableSecret, enableLevels, users }: Configuration): number {
  const levels = [...enableLevels.values()].map(({ secret }) => secret);
  const all = [enableSecret, ...levels, ...[...users.values()].map(({ secret }) => secret)];
  return all.filter((secret) => secret?.type === 0).length;
}
