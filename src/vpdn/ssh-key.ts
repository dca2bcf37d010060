// Public keys that users log in with: `key-string`, and the `key-hash` that IOS prints.

import { md5 } from '../crypto/md5.ts';
import { equalSecrets } from '../wire/bytes.ts';
import type { PublicKey } from './configuration-system.ts';

/** `blob` is the key as the SSH client sends it (RFC 4253 §6.6). */
export function isPublicKey(key: PublicKey, blob: Uint8Array): boolean {
  if (key.kind === 'key-hash') return equalSecrets(hexadecimal(md5(blob)), new TextEncoder().encode(key.hash));
  const configured = Buffer.from(key.text, 'base64');
  return configured.length > 0 && equalSecrets(configured, blob);
}

function hexadecimal(octets: Uint8Array): Uint8Array {
  return new TextEncoder().encode(Buffer.from(octets).toString('hex').toUpperCase());
}
