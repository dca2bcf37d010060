// One block of DES (FIPS 46-3), as MS-CHAP uses it: a key of 7 octets, no chaining, no padding (RFC 2433 §A.6, RFC 2759 §8.6).
// OpenSSL 3 gives no DES by default, but triple DES, which is DES where its three keys are one.

import { createCipheriv } from 'node:crypto';

export function desEncrypt(key7: Uint8Array, clear: Uint8Array): Uint8Array {
  const key = withParity(key7);
  const cipher = createCipheriv('des-ede3', new Uint8Array([...key, ...key, ...key]), null);
  cipher.setAutoPadding(false);
  return new Uint8Array(cipher.update(clear));
}

/** 56 bits spread over 8 octets; the lowest bit of each, the parity, is what nobody looks at. */
function withParity(key7: Uint8Array): Uint8Array {
  const key = new Uint8Array(8);
  for (let i = 0; i < 8; i++) {
    const before = i === 0 ? 0 : key7[i - 1]! << (8 - i);
    key[i] = (before | ((key7[i] ?? 0) >> i)) & 0xfe;
  }
  return key;
}
