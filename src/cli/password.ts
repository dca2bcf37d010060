// Secrets as a line says them: `[0 | 7] TEXT`, to the end of the line, and `service password-encryption`.

import { parsePasswordHash } from '../crypto/password-hash.ts';
import { decodeType7, encodeType7, LARGEST_WRITTEN_SEED } from '../crypto/type7.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import { rewriteInert } from '../vpdn/configuration-inert.ts';
import type { EnableLevel, Secret } from '../vpdn/configuration-system.ts';
import { encryptLine } from './secret-line.ts';
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

/** A one-way secret as typed: clear text, which is hashed before it is in force, or a hash of the form its type has. */
export function readOneWay(hash: '0' | '5' | '8' | '9' | undefined, text: string): Secret | string {
  const type = Number(hash ?? 0) as 0 | 5 | 8 | 9;
  if (type === 0) return { type, text };
  return parsePasswordHash(type, text) === undefined ? notAHash(type) : { type, text };
}

/** What entering a privilege level takes. */
export function enableLevel(configuration: Configuration, level: number): EnableLevel {
  if (level !== 15) return configuration.enableLevels.get(level) ?? {};
  return { secret: configuration.enableSecret, password: configuration.enablePassword };
}

export function formatSecret(secret: Secret): string {
  return `${secret.type} ${secret.text}`;
}

/** Turns every clear text into type 7; there is no way back but `password 0`. */
export function encryptSecrets(configuration: Configuration): void {
  const { users, l2tpClasses, vpdn, vpdnGroups, vpdnTemplates, interfaces } = configuration;
  configuration.enablePassword = encrypted(configuration.enablePassword);
  for (const each of configuration.enableLevels.values()) each.password = encrypted(each.password);
  const { console, vty, others } = configuration.lines;
  for (const each of [console, ...vty, ...others.values()]) each.password = encrypted(each.password);
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
  rewriteInert(configuration.inert, ({ text, under }) => encryptLine(text, under));
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

/** As IOS says it. */
function notAHash(type: number): string {
  return [
    'ERROR: The secret you entered is not a valid encrypted secret.',
    `To enter an UNENCRYPTED secret, do not specify type ${type} encryption.`,
    'When you properly enter an UNENCRYPTED secret, it will be encrypted.',
  ].join('\n');
}

const REVERSIBLE = {
  '0': 'Specifies an UNENCRYPTED password will follow',
  '7': 'Specifies a HIDDEN password will follow',
} as const;
