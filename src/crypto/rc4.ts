// RC4, the stream cipher of MPPE (RFC 3078 §7): known to be broken, and here because peers speak nothing else. Without
// allocation. There is one table, on which all work is done: a constant one is a quarter faster than one that is handed in,
// because the compiler then knows where it is and how long. Who needs a stream for longer keeps it as a state.

/** The table of 256 octets, and behind it the two indices. */
export const RC4_STATE = 258;

/** Begins the stream of a key of 4, 8 or 16 octets. By fours, which takes two thirds of the time of one by one. */
export function scheduleRc4(key: Uint8Array, keyLength: number): void {
  TABLE.set(IDENTITY);
  let j = 0;
  for (let i = 0; i < 256; i += 4) {
    const k = i & (keyLength - 1);
    const a = TABLE[i]!;
    j = (j + a + key[k]!) & 255;
    TABLE[i] = TABLE[j]!;
    TABLE[j] = a;
    const b = TABLE[i + 1]!;
    j = (j + b + key[k + 1]!) & 255;
    TABLE[i + 1] = TABLE[j]!;
    TABLE[j] = b;
    const c = TABLE[i + 2]!;
    j = (j + c + key[k + 2]!) & 255;
    TABLE[i + 2] = TABLE[j]!;
    TABLE[j] = c;
    const d = TABLE[i + 3]!;
    j = (j + d + key[k + 3]!) & 255;
    TABLE[i + 3] = TABLE[j]!;
    TABLE[j] = d;
  }
}

/** Encrypts or decrypts in place, and moves the stream on by `length` octets. Two at a time, which saves a fourteenth. */
export function applyRc4(buffer: Uint8Array, at: number, length: number): void {
  let i = TABLE[I]!;
  let j = TABLE[J]!;
  let k = at;
  for (const end = at + length - 1; k < end; k += 2) {
    i = (i + 1) & 255;
    const a = TABLE[i]!;
    j = (j + a) & 255;
    const b = TABLE[j]!;
    TABLE[i] = b;
    TABLE[j] = a;
    const first = TABLE[(a + b) & 255]!;
    i = (i + 1) & 255;
    const c = TABLE[i]!;
    j = (j + c) & 255;
    const d = TABLE[j]!;
    TABLE[i] = d;
    TABLE[j] = c;
    const second = TABLE[(c + d) & 255]!;
    buffer[k] = buffer[k]! ^ first;
    buffer[k + 1] = buffer[k + 1]! ^ second;
  }
  if (k < at + length) {
    i = (i + 1) & 255;
    const a = TABLE[i]!;
    j = (j + a) & 255;
    const b = TABLE[j]!;
    TABLE[i] = b;
    TABLE[j] = a;
    buffer[k] = buffer[k]! ^ TABLE[(a + b) & 255]!;
  }
  TABLE[I] = i;
  TABLE[J] = j;
}

/** Takes up the stream that was kept. */
export function resumeRc4(state: Uint8Array): void {
  TABLE.set(state);
}

export function keepRc4(state: Uint8Array): void {
  state.set(TABLE);
}

export function wipeRc4(): void {
  TABLE.fill(0);
}

const [I, J] = [256, 257];
const TABLE = new Uint8Array(RC4_STATE);
/** The table before a key has touched it, and both indices at zero. */
const IDENTITY = Uint8Array.from({ length: RC4_STATE }, (_, index) => (index < 256 ? index : 0));
