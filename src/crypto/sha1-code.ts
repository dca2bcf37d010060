// SHA-1 of a message of two blocks (RFC 3174) as a WebAssembly function: what MPPE hashes at each change of a key, which may
// be each packet. All 160 rounds are written out, and the schedule is the sixteen words of §6.2. Whole messages are for
// node:crypto.

import {
  ADD,
  AND,
  CONST,
  type Code,
  GET,
  I8X16_SHUFFLE,
  I32,
  LOAD,
  ROTL,
  SET,
  STORE,
  V128_LOAD,
  V128_STORE,
  type WasmFunction,
  XOR,
} from '../wire/instructions.ts';

/**
 * `name(blocks)`: of the 32 words there, padded as §4 has it and each a number in memory, the first 16 octets of the digest
 * go to `digest`.
 */
export function hashFunction(name: string, digest: number): WasmFunction {
  const code = [
    ...INITIAL.flatMap((word, index) => [...CONST(word), ...SET(STATE + index)]),
    ...block(0),
    ...block(64),
    ...[0, 1, 2, 3].flatMap((index) => [...CONST(digest + 4 * index), ...GET(STATE + index), ...STORE(0)]),
    ...[...CONST(digest), ...CONST(digest), ...V128_LOAD(0), ...CONST(digest), ...V128_LOAD(0)],
    ...[...I8X16_SHUFFLE(BIG_ENDIAN), ...V128_STORE(0)],
  ];
  return { name, parameters: 1, answers: false, locals: [[STATE + 5 - WORDS, I32]], code };
}

/** §6.2 with the block at `offset`. */
function block(offset: number): Code {
  const code: number[] = [];
  for (let word = 0; word < 16; word++) code.push(...GET(BLOCKS), ...LOAD(offset + 4 * word), ...SET(WORDS + word));
  for (let index = 0; index < 5; index++) code.push(...GET(STATE + index), ...SET(ROUND + index));
  // Rather than each value moving on to the next variable, the variables change their names.
  let [a, b, c, d, e] = [ROUND, ROUND + 1, ROUND + 2, ROUND + 3, ROUND + 4];
  for (let t = 0; t < 80; t++) {
    if (t >= 16) code.push(...scheduled(t));
    const sum = [...GET(e), ...GET(word(t)), ADD, ...CONST(K[quarter(t)]!), ADD, ...f(t, b, c, d), ADD];
    code.push(...sum, ...[...GET(a), ...CONST(5), ROTL, ADD, ...SET(e)], ...[...GET(b), ...CONST(30), ROTL, ...SET(b)]);
    [a, b, c, d, e] = [e, a, b, c, d];
  }
  for (const [index, local] of [a, b, c, d, e].entries()) {
    code.push(...GET(STATE + index), ...GET(local), ADD, ...SET(STATE + index));
  }
  return code;
}

/** §6.2: W[s] = S^1(W[s+13] XOR W[s+8] XOR W[s+2] XOR W[s]). */
function scheduled(t: number): Code {
  const sum = [...GET(word(t + 13)), ...GET(word(t + 8)), XOR, ...GET(word(t + 2)), XOR, ...GET(word(t)), XOR];
  return [...sum, ...CONST(1), ROTL, ...SET(word(t))];
}

/** §5. The third is (B AND C) + (D AND (B XOR C)), whose halves have no bit in common: one addition less to wait for. */
function f(t: number, b: number, c: number, d: number): Code {
  switch (quarter(t)) {
    case 0:
      return [...GET(d), ...GET(b), ...GET(c), ...GET(d), XOR, AND, XOR];
    case 2:
      return [...GET(b), ...GET(c), AND, ...GET(d), ...GET(b), ...GET(c), XOR, AND, ADD];
    default:
      return [...GET(b), ...GET(c), XOR, ...GET(d), XOR];
  }
}

function quarter(t: number): number {
  return Math.floor(t / 20);
}

function word(t: number): number {
  return WORDS + (t & 15);
}

// Locals.
const BLOCKS = 0;
const WORDS = 1;
const ROUND = 17;
const STATE = 22;
/** §6.1: H0 to H4. */
const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
/** §5. */
const K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];
/** Each word's octets the other way round. */
const BIG_ENDIAN = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];
