// RC4, the stream cipher of MPPE (RFC 3078 §7): known to be broken, and here because peers speak nothing else. Without
// allocation. A state is the table of 256 octets and behind it the two indices.

export const RC4_STATE = 258;

/** Makes the state of a key of 4, 8 or 16 octets. By fours, which takes two thirds of the time of one by one. */
export function scheduleRc4(state: Uint8Array, key: Uint8Array, keyLength: number): void {
  state.set(IDENTITY);
  let j = 0;
  for (let i = 0; i < 256; i += 4) {
    const k = i & (keyLength - 1);
    const a = state[i]!;
    j = (j + a + key[k]!) & 255;
    state[i] = state[j]!;
    state[j] = a;
    const b = state[i + 1]!;
    j = (j + b + key[k + 1]!) & 255;
    state[i + 1] = state[j]!;
    state[j] = b;
    const c = state[i + 2]!;
    j = (j + c + key[k + 2]!) & 255;
    state[i + 2] = state[j]!;
    state[j] = c;
    const d = state[i + 3]!;
    j = (j + d + key[k + 3]!) & 255;
    state[i + 3] = state[j]!;
    state[j] = d;
  }
}

/** Encrypts or decrypts in place, and moves the state on by `length` octets. */
export function applyRc4(state: Uint8Array, buffer: Uint8Array, at: number, length: number): void {
  let i = state[I]!;
  let j = state[J]!;
  const end = at + length;
  for (let k = at; k < end; k++) {
    i = (i + 1) & 255;
    const x = state[i]!;
    j = (j + x) & 255;
    const y = state[j]!;
    state[i] = y;
    state[j] = x;
    buffer[k] = buffer[k]! ^ state[(x + y) & 255]!;
  }
  state[I] = i;
  state[J] = j;
}

const [I, J] = [256, 257];
/** The table before a key has touched it, and both indices at zero. */
const IDENTITY = Uint8Array.from({ length: RC4_STATE }, (_, index) => (index < 256 ? index : 0));
