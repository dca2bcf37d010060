// What MS-CHAP computes from passwords: version 1 (RFC 2433 §A) and version 2 (RFC 2759 §8). A password comes as UTF-8 and
// is hashed as UTF-16LE.

import { createHash } from 'node:crypto';
import { concatOctets } from '../wire/bytes.ts';
import { desEncrypt } from './des.ts';
import { md4 } from './md4.ts';

/** RFC 2759 §8.3: 16 octets. */
export function ntPasswordHash(password: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(password);
  const unicode = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    unicode[2 * i] = text.charCodeAt(i);
    unicode[2 * i + 1] = text.charCodeAt(i) >> 8;
  }
  return md4(unicode);
}

/** RFC 2433 §A.3: 14 octets, upper-cased, are two DES keys. Only the 40 and 56 bit keys of MPPE come from it here. */
export function lmPasswordHash(password: Uint8Array): Uint8Array {
  const key = new Uint8Array(14);
  for (let i = 0; i < Math.min(14, password.length); i++) {
    const octet = password[i]!;
    key[i] = octet >= 0x61 && octet <= 0x7a ? octet - 0x20 : octet;
  }
  return concatOctets(desEncrypt(key.subarray(0, 7), LM_TEXT), desEncrypt(key.subarray(7), LM_TEXT));
}

/** RFC 2759 §8.2. The name without its domain: `withoutDomain`. */
export function challengeHash(peer: Uint8Array, authenticator: Uint8Array, username: string): Uint8Array {
  return sha1(peer, authenticator, ascii(username)).subarray(0, 8);
}

/** RFC 2759 §8.5: three blocks of DES, their keys the hash with five octets of zero behind it. */
export function challengeResponse(challenge8: Uint8Array, passwordHash: Uint8Array): Uint8Array {
  const key = new Uint8Array(21);
  key.set(passwordHash);
  return concatOctets(...[0, 7, 14].map((at) => desEncrypt(key.subarray(at, at + 7), challenge8)));
}

/** RFC 2759 §8.7: the authenticator knows the password as well: 40 upper-case hex digits, without `S=`. */
export function authenticatorResponse(ntHash: Uint8Array, ntResponse: Uint8Array, challenge8: Uint8Array): string {
  const digest = sha1(md4(ntHash), ntResponse, MAGIC_1);
  return hexUpper(sha1(digest, challenge8, MAGIC_2));
}

/** RFC 2759 §4: the Name may be `DOMAIN\user`, of which only `user` is hashed. */
export function withoutDomain(name: string): string {
  return name.slice(name.lastIndexOf('\\') + 1);
}

export function sha1(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

function hexUpper(octets: Uint8Array): string {
  return [...octets].map((octet) => octet.toString(16).padStart(2, '0').toUpperCase()).join('');
}

/** The octets of the name as they were on the wire. */
function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const LM_TEXT = ascii('KGS!@#$%');
const MAGIC_1 = ascii('Magic server to client signing constant');
const MAGIC_2 = ascii('Pad to make it do more than one iteration');
