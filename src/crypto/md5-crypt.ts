// MD5-crypt, the `$1$` of FreeBSD's crypt(3) and the type 5 of IOS: a thousand rounds of MD5 over password and salt.

import { createHash } from 'node:crypto';

/** The 22 characters behind `$1$salt$`. */
export function md5Crypt(password: Uint8Array, salt: string): string {
  const salted = Buffer.from(salt, 'latin1');
  const inner = digest(password, salted, password);
  const start = createHash('md5').update(password).update('$1$').update(salted);
  for (let left = password.length; left > 0; left -= 16) start.update(inner.subarray(0, Math.min(16, left)));
  // A quirk that every implementation has to share: a zero octet, or the first of the password, for each bit of its length.
  for (let bits = password.length; bits > 0; bits >>= 1) {
    start.update((bits & 1) === 1 ? ZERO : password.subarray(0, 1));
  }
  let state: Uint8Array = start.digest();
  for (let round = 0; round < ROUNDS; round++) {
    const odd = (round & 1) === 1;
    const parts = [odd ? password : state];
    if (round % 3 !== 0) parts.push(salted);
    if (round % 7 !== 0) parts.push(password);
    parts.push(odd ? state : password);
    state = digest(...parts);
  }
  return ORDER.map(([high, middle, low]) => {
    return characters((state[high]! << 16) | (state[middle]! << 8) | state[low]!, 4);
  })
    .concat(characters(state[11]!, 2))
    .join('');
}

function digest(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Six bits a character, the lowest first. */
function characters(value: number, count: number): string {
  let text = '';
  for (let index = 0; index < count; index++) text += ALPHABET[(value >> (6 * index)) & 0x3f];
  return text;
}

const ROUNDS = 1000;
const ZERO = new Uint8Array(1);
/** The octets of the digest that make four characters each. */
const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const;
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
