// Secrets as configured, made usable: types 0 and 7 can be read back, the one-way types cannot.

import { parsePasswordHash, verifyPasswordHash } from '../crypto/password-hash.ts';
import { decodeType7 } from '../crypto/type7.ts';
import type { Secret } from './configuration-system.ts';

/** The clear text, or undefined for a one-way or unreadable secret. */
export function revealSecret(secret: Secret | undefined): string | undefined {
  if (secret?.type === 0) return secret.text;
  return secret?.type === 7 ? decodeType7(secret.text) : undefined;
}

export function secretOctets(secret: Secret | undefined): Uint8Array | undefined {
  const text = revealSecret(secret);
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

/** At once, and so not for logins: a hash takes its time. */
export function matchesSecret(secret: Secret, typed: string): boolean {
  if (secret.type === 0 || secret.type === 7) return revealSecret(secret) === typed;
  const hash = parsePasswordHash(secret.type, secret.text);
  return hash !== undefined && verifyPasswordHash(hash, typed);
}
