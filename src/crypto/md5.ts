// MD5, RFC 1321: what CHAP, L2TP tunnel authentication, AVP hiding and RADIUS are made of.

import { createHash } from 'node:crypto';

/** MD5 of the parts in order: 16 octets. */
export function md5(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  const digest = hash.digest();
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
}
