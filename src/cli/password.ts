// Secrets as a line says them: `[0 | 7] TEXT`, to the end of the line, and `service password-encryption`.

import { decodeType7, encodeType7, LARGEST_WRITTEN_SEED } from '../crypto/type7.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import type { Secret } from '../vpdn/configuration-system.ts';
import { line, oneOf, optional, type Part, sequence } from './syntax.ts';

export interface TypedSecret {
  readonly encryption?: '0' | '7';
  readonly secret: string;
}

export function secretPart(help: string): Part<TypedSecret> {
  return sequence(optional(oneOf('encryption', REVERSIBLE)), line('secret', help)) as Part<TypedSecret>;
}

/** The secret as it is to be kept, or what is wrong with it. */
export function readSecret(configuration: Configuration, typed: TypedSecret): Secret | string {
  if (typed.encryption === '7') {
    if (decodeType7(typed.secret) === undefined) return `% Invalid encrypted password: ${typed.secret}`;
    return { type: 7, text: typed.secret };
  }
  const secret: Secret = { type: 0, text: typed.secret };
  return configuration.services.passwordEncryption ? encrypted(secret) : secret;
}

export function formatSecret(secret: Secret): string {
  return `${secret.type} ${secret.text}`;
}

/** Turns every clear text into type 7; there is no way back but `password 0`. */
export function encryptSecrets(configuration: Configuration): void {
  const { users, l2tpClasses, vpdn, vpdnGroups, vpdnTemplates, interfaces } = configuration;
  configuration.enablePassword = encrypted(configuration.enablePassword);
  for (const user of users.values()) user.password = encrypted(user.password);
  for (const each of l2tpClasses.values()) {
    each.password = encrypted(each.password);
    for (const digest of each.digests) digest.secret = encrypted(digest.secret);
  }
  for (const { l2tp } of [...vpdnGroups.values(), ...vpdnTemplates.values()]) l2tp.password = encrypted(l2tp.password);
  vpdn.radius.tunnelAuthorizationPassword = encrypted(vpdn.radius.tunnelAuthorizationPassword);
  for (const { ppp } of interfaces.values()) {
    ppp.chapPassword = encrypted(ppp.chapPassword);
    if (ppp.papSentUsername !== undefined) ppp.papSentUsername.password = encrypted(ppp.papSentUsername.password);
  }
}

function encrypted<S extends Secret | undefined>(secret: S): S {
  if (secret?.type !== 0) return secret;
  return { type: 7, text: encodeType7(secret.text, seedFor(secret.text)) } as S;
}

/** IOS draws it; type 7 hides nothing either way, and a fixed one keeps running-config the same from one reading to the next. */
function seedFor(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum = (sum * 31 + text.charCodeAt(index)) % 65521;
  return sum % (LARGEST_WRITTEN_SEED + 1);
}

const REVERSIBLE = {
  '0': 'Specifies an UNENCRYPTED password will follow',
  '7': 'Specifies a HIDDEN password will follow',
} as const;
