// Hiding of AVP values, RFC 2661 §4.3: the value with its length in front, XORed with a chain of MD5 sums that begins
// with the attribute type, the secret and the Random Vector. It keeps values from an onlooker, it protects nothing else.
//
//   |   Length of Original Value    |   Original Attribute Value ...
//   |                               |             Padding ...

import { md5 } from '../crypto/md5.ts';
import { concatOctets } from '../wire/bytes.ts';

export function hideValue(
  type: number,
  value: Uint8Array,
  secret: Uint8Array,
  randomVector: Uint8Array,
  padding: Uint8Array = EMPTY,
): Uint8Array {
  const plain = concatOctets(Uint8Array.of(value.length >>> 8, value.length), value, padding);
  const hidden = new Uint8Array(plain.length);
  let pad = md5(Uint8Array.of(type >>> 8, type), secret, randomVector);
  for (let block = 0; block < plain.length; block += BLOCK) {
    if (block > 0) pad = md5(secret, hidden.subarray(block - BLOCK, block));
    xorBlock(hidden, plain, block, pad);
  }
  return hidden;
}

/** Undefined when the secret is evidently not the peer's: until then the inner length is anybody's number. */
export function revealValue(
  type: number,
  hidden: Uint8Array,
  secret: Uint8Array,
  randomVector: Uint8Array,
): Uint8Array | undefined {
  if (hidden.length < LENGTH_FIELD) return undefined;
  const plain = new Uint8Array(hidden.length);
  let pad = md5(Uint8Array.of(type >>> 8, type), secret, randomVector);
  for (let block = 0; block < hidden.length; block += BLOCK) {
    if (block > 0) pad = md5(secret, hidden.subarray(block - BLOCK, block));
    xorBlock(plain, hidden, block, pad);
  }
  const end = LENGTH_FIELD + ((plain[0]! << 8) | plain[1]!);
  return end <= plain.length ? plain.slice(LENGTH_FIELD, end) : undefined;
}

/** The last block may be short: the pad's tail is then unused, and no length changes. */
function xorBlock(into: Uint8Array, from: Uint8Array, block: number, pad: Uint8Array): void {
  const end = Math.min(block + BLOCK, from.length);
  for (let at = block; at < end; at++) into[at] = from[at]! ^ pad[at - block]!;
}

const BLOCK = 16;
const LENGTH_FIELD = 2;
const EMPTY = new Uint8Array(0);
