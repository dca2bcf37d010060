// The one-way secrets of IOS: type 5 (MD5-crypt), 8 (PBKDF2 with SHA-256, RFC 8018 §5.2) and 9 (scrypt, RFC 7914).
// Types 8 and 9 use the salt as the text it is, and write the hash in base64 with an alphabet of their own.

import { pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto';
import { md5Crypt } from './md5-crypt.ts';

export type HashType = 5 | 8 | 9;

export interface PasswordHash {
  readonly type: HashType;
  readonly salt: string;
  /** As written: to be compared with what `formatDigest` or MD5-crypt makes. */
  readonly digest: string;
}

/** `$9$salt$hash` in its parts; undefined for a text that is no such hash. */
export function parsePasswordHash(type: HashType, text: string): PasswordHash | undefined {
  const [, salt, digest] = FORMS[type].exec(text) ?? [];
  return salt === undefined || digest === undefined ? undefined : { type, salt, digest };
}

/** Takes some 30 ms for type 9: on the control thread only where a configuration is made, never for a login. */
export function verifyPasswordHash(hash: PasswordHash, password: string): boolean {
  return equalTexts(digestOf(hash.type, hash.salt, password), hash.digest);
}

/** `random` is fourteen octets or more of randomness. */
export function hashPassword(password: string, random: Uint8Array): string {
  let salt = '';
  for (const octet of random.subarray(0, SALT_LENGTH)) salt += CISCO[octet & 0x3f];
  return `$9$${salt}$${digestOf(9, salt, password)}`;
}

/** Constant in time for texts of one length, and every hash of one type has the same. */
export function equalTexts(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Base64 in Cisco's alphabet, without padding. */
export function formatDigest(octets: Uint8Array): string {
  const standard = Buffer.from(octets).toString('base64').replaceAll('=', '');
  return Array.from(standard, (each) => CISCO[STANDARD.indexOf(each)]).join('');
}

function digestOf(type: HashType, salt: string, password: string): string {
  const octets = new TextEncoder().encode(password);
  if (type === 5) return md5Crypt(octets, salt);
  if (type === 8) return formatDigest(pbkdf2Sync(octets, salt, PBKDF2.iterations, DIGEST_LENGTH, PBKDF2.digest));
  return formatDigest(scryptSync(octets, salt, DIGEST_LENGTH, SCRYPT));
}

export const DIGEST_LENGTH = 32;
export const PBKDF2 = { iterations: 20_000, digest: 'sha256' } as const;
export const SCRYPT = { N: 16_384, r: 1, p: 1 } as const;
export const SALT_LENGTH = 14;

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CISCO = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORMS: Readonly<Record<HashType, RegExp>> = {
  5: /^\$1\$([^$ ]{1,8})\$([./0-9A-Za-z]{22})$/,
  8: /^\$8\$([./0-9A-Za-z]{14})\$([./0-9A-Za-z]{43})$/,
  9: /^\$9\$([./0-9A-Za-z]{14})\$([./0-9A-Za-z]{43})$/,
};
