// The keys of MPPE with OpenSSL's SHA-1, sentence by sentence of RFC 3078 §7.1 and §7.3 and RFC 3079 §2 and §3: what those of
// the packet path are compared with.

import { createHash } from 'node:crypto';
import type { MppeBits } from '../../src/ppp/mppe-key.ts';
import { Rc4 } from '../crypto/rc4-reference.ts';

export function firstKey(bits: MppeBits, startKey: Uint8Array): Uint8Array {
  return weakened(bits, newKeyFromSha(startKey, startKey));
}

export function changedKey(bits: MppeBits, startKey: Uint8Array, sessionKey: Uint8Array): Uint8Array {
  const interim = newKeyFromSha(startKey, sessionKey);
  return weakened(bits, new Rc4(interim).apply(interim));
}

function newKeyFromSha(startKey: Uint8Array, sessionKey: Uint8Array): Uint8Array {
  const pads = [Buffer.alloc(40, 0x00), Buffer.alloc(40, 0xf2)] as const;
  const digest = createHash('sha1').update(startKey).update(pads[0]).update(sessionKey).update(pads[1]).digest();
  return Uint8Array.from(digest.subarray(0, startKey.length));
}

function weakened(bits: MppeBits, key: Uint8Array): Uint8Array {
  const salt = { 40: [0xd1, 0x26, 0x9e], 56: [0xd1], 128: [] }[bits];
  return Uint8Array.of(...salt, ...key.subarray(salt.length));
}
