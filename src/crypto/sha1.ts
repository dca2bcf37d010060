// The block function of SHA-1 (RFC 3174 §6.1) without allocation: MPPE hashes two blocks at each change of a key, which
// may be each packet. Whole messages are for node:crypto.

/** §6.1: H0 to H4. */
export const SHA1_INITIAL: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

/** Words `schedule[0]` to `schedule[15]` are the block; the 64 after them are overwritten. */
export const SHA1_SCHEDULE = 80;

export function sha1Block(digest: Int32Array, schedule: Int32Array): void {
  for (let t = 16; t < SHA1_SCHEDULE; t++) {
    const w = schedule[t - 3]! ^ schedule[t - 8]! ^ schedule[t - 14]! ^ schedule[t - 16]!;
    schedule[t] = (w << 1) | (w >>> 31);
  }
  let a = digest[0]!;
  let b = digest[1]!;
  let c = digest[2]!;
  let d = digest[3]!;
  let e = digest[4]!;
  for (let t = 0; t < 20; t++) {
    const next = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + schedule[t]! + 0x5a827999) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + schedule[t]! + 0x6ed9eba1) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t++) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + schedule[t]! + 0x8f1bbcdc) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t++) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + schedule[t]! + 0xca62c1d6) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  digest[0] = digest[0]! + a;
  digest[1] = digest[1]! + b;
  digest[2] = digest[2]! + c;
  digest[3] = digest[3]! + d;
  digest[4] = digest[4]! + e;
}
