// HMAC, RFC 2104, with the hashes that RFC 3931 names.

import { createHmac } from 'node:crypto';

export type HmacHash = 'md5' | 'sha1';

/** Of the parts in order: 16 octets with MD5, 20 with SHA-1. */
export function hmac(hash: HmacHash, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const sum = createHmac(hash, key);
  for (const part of parts) sum.update(part);
  const digest = sum.digest();
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
}
