// Whether a typed password is the one a secret stands for. Hashing is done by the thread pool, a few at a time, so that a storm of
// logins stalls neither the router nor the disk. Every check costs one scrypt, whatever it is checked against: the time it takes
// tells nobody whether a user exists and how his password is kept.

import { pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import {
  DIGEST_LENGTH,
  equalTexts,
  formatDigest,
  type PasswordHash,
  PBKDF2,
  parsePasswordHash,
  SCRYPT,
  verifyPasswordHash,
} from '../crypto/password-hash.ts';
import type { Secret } from '../vpdn/configuration-system.ts';
import { revealSecret } from '../vpdn/secret.ts';

/** False for a secret that is not there or is no hash, and while too many checks wait: whoever is refused can try again. */
export async function checkSecret(secret: Secret | undefined, typed: string): Promise<boolean> {
  if (waiting.length >= MOST_WAITING) return false;
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await compare(secret, typed);
  } finally {
    running--;
    waiting.shift()?.();
  }
}

let running = 0;
const waiting: (() => void)[] = [];

async function compare(secret: Secret | undefined, typed: string): Promise<boolean> {
  const clear = revealSecret(secret);
  const hash = hashOf(secret);
  if (hash?.type === 9) return equalTexts(await scrypted(typed, hash.salt), hash.digest);
  const idle = scrypted(typed, NO_SALT);
  const matches = hash === undefined ? sameText(typed, clear) : await verify(hash, typed);
  await idle;
  return matches;
}

function hashOf(secret: Secret | undefined): PasswordHash | undefined {
  const type = secret?.type;
  return type === 5 || type === 8 || type === 9 ? parsePasswordHash(type, secret!.text) : undefined;
}

async function scrypted(typed: string, salt: string): Promise<string> {
  return formatDigest(await scryptOf(typed, salt, DIGEST_LENGTH, SCRYPT));
}

/** The thread pool knows no MD5-crypt: two milliseconds, here. */
async function verify(hash: PasswordHash, typed: string): Promise<boolean> {
  if (hash.type === 5) return verifyPasswordHash(hash, typed);
  const made = await pbkdf2Of(typed, hash.salt, PBKDF2.iterations, DIGEST_LENGTH, PBKDF2.digest);
  return equalTexts(formatDigest(made), hash.digest);
}

function sameText(typed: string, clear: string | undefined): boolean {
  return equalTexts(typed, clear ?? NO_SALT) && clear !== undefined;
}

const scryptOf = promisify<string, string, number, typeof SCRYPT, Buffer>(scrypt);
const pbkdf2Of = promisify(pbkdf2);

const NO_SALT = '..............';
/** Of the four threads of the pool, which reads files as well. */
const AT_ONCE = 2;
/** Some five seconds of work: who waits longer has been given up by his peer. */
const MOST_WAITING = 512;
