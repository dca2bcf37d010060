// MD4, RFC 1320: broken for everything but being what MS-CHAP hashes passwords with. OpenSSL 3 gives it no more by default.

/** RFC 1320 §3: 16 octets. */
export function md4(message: Uint8Array): Uint8Array {
  // §3.1, §3.2: a one bit, zeros, and the length in bits.
  const padded = new Uint8Array(64 * Math.ceil((message.length + 9) / 64));
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, message.length << 3, true);
  view.setUint32(padded.length - 4, Math.floor(message.length / 0x20000000), true);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const words = new Int32Array(16);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i, true);
    block(state, words);
  }
  const digest = new Uint8Array(16);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 4; i++) out.setInt32(4 * i, state[i]!, true);
  return digest;
}

/** §3.4: three rounds of sixteen operations, each upon a, then d, c, b. */
function block(state: Int32Array, words: Int32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (let step = 0; step < 48; step++) {
    const round = step >> 4;
    const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    const sum = (a + mixed + words[ORDER[step]!]! + CONSTANTS[round]!) | 0;
    const shift = SHIFTS[round]![step & 3]!;
    [a, d, c, b] = [d, c, b, (sum << shift) | (sum >>> (32 - shift))];
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
}

const CONSTANTS = [0, 0x5a827999, 0x6ed9eba1];
const SHIFTS = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
];
// biome-ignore format: one line a round
const ORDER = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
  0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15,
];
