// RC4 in WebAssembly, the stream cipher of MPPE (RFC 3078 §7): known to be broken, and here because peers speak nothing
// else. What takes time in it is waiting: an entry of the table cannot be loaded before it is known that the steps before do
// not store to it, so that each step waits for the one before. Two things against it:
//
// - The entries of the next steps are loaded before this step stores. If it stores to one of them, which it seldom does, that
//   is mended behind a branch, and processors guess branches: a single stream takes three quarters of the time.
// - The steps of several streams, or key schedules, take turns in one loop, wherever several are needed.
//
// Tables lie at addresses that are known here; as parameters they would cost an addition at each of five accesses a step.

import {
  ADD,
  AND,
  BLOCK,
  BR,
  BR_IF,
  CONST,
  type Code,
  END,
  EQ,
  EQZ,
  GE_U,
  GET,
  I32,
  IF,
  LOAD8_U,
  LOOP,
  LT_U,
  OR,
  SET,
  STORE8,
  SUB,
  TEE,
  V128_CONST,
  V128_LOAD,
  V128_STORE,
  V128_XOR,
  type WasmFunction,
  XOR,
} from '../wire/instructions.ts';

/** A table of 256 octets, and behind it the two indices. */
export const RC4_STATE = 258;
export const [I, J] = [256, 257];

/** The key schedules of several tables, each of a key of 16 octets. It takes `scheduleLocals` locals from `first` on. */
export function scheduleCode(tables: readonly { readonly table: number; readonly key: number }[], first: number): Code {
  const [i, a, b] = [first, first + 1, first + 2];
  const streams = tables.map(({ table, key }, n) => {
    const j = first + 3 + n * (1 + AHEAD);
    return { table, key, j, a, b, ahead: Array.from({ length: AHEAD }, (_, index) => j + 1 + index) };
  });
  const code: number[] = [...CONST(0), ...SET(i)];
  for (const { table, j, ahead } of streams) {
    code.push(...CONST(0), ...SET(j));
    for (let at = 0; at < 256; at += 16) {
      const identity = Array.from({ length: 16 }, (_, index) => at + index);
      code.push(...CONST(table + at), ...V128_CONST(identity), ...V128_STORE(0));
    }
    for (const [index, local] of ahead.entries()) code.push(...CONST(index), ...SET(local));
  }
  code.push(...LOOP);
  for (let k = 0; k < 16; k++) {
    for (const stream of streams) {
      const keyed = [...CONST(stream.key + k), ...LOAD8_U(0), ADD];
      code.push(...swapCode(stream, (later) => ({ local: i, offset: k + later }), keyed));
    }
  }
  code.push(...[...GET(i), ...CONST(16), ADD, ...TEE(i), ...CONST(256), LT_U, ...BR_IF(0), END]);
  return code;
}

export const scheduleLocals = (tables: number): number => 3 + tables * (1 + AHEAD);

/** Encrypts the 16 octets at `text` with the first of the stream of `table`, of which nothing more is wanted. */
export function firstSixteenCode(table: number, text: number, first: number): Code {
  const stream = { table, j: first + 1, a: first + 2, b: first + 3, ahead: [] };
  const code = [...CONST(0), ...SET(first), ...CONST(0), ...SET(first + 1)];
  for (let k = 0; k < 16; k++) {
    code.push(...CONST(text + k), ...CONST(text + k), ...LOAD8_U(0));
    code.push(...stepCode(stream, () => ({ local: first, offset: k + 1 })), XOR, ...STORE8(0));
  }
  return code;
}

/** `name(to, octets)`: so many octets of the stream of `table` go to `to`, and the stream moves on. */
export function streamFunction(name: string, table: number): WasmFunction {
  const [to, octets, i, after, j, a, b] = [0, 1, 2, 3, 4, 5, 6];
  const ahead = Array.from({ length: AHEAD }, (_, index) => 7 + index);
  const next = [...GET(i), ...CONST(16), ADD, ...CONST(255), AND];
  const sixteen = Array.from({ length: 16 }, (_, k) => {
    // The index begins anew between two sixteens, if at all.
    const place = (later: number) =>
      k + later < 15 ? { local: i, offset: k + 1 + later } : { local: after, offset: k + later - 15 };
    return [...GET(to), ...stepCode({ table, j, a, b, ahead }, place), ...STORE8(k)];
  }).flat();
  const one = stepCode({ table, j, a, b, ahead: [] }, () => ({ local: i, offset: 0 }));
  const code = [
    ...[...CONST(table), ...LOAD8_U(I), ...SET(i), ...CONST(table), ...LOAD8_U(J), ...SET(j)],
    ...[...BLOCK, ...LOOP, ...GET(octets), EQZ, ...BR_IF(1)],
    ...[...GET(i), ...CONST(15), AND, ...GET(octets), ...CONST(16), LT_U, OR, ...IF],
    ...[...GET(i), ...CONST(1), ADD, ...CONST(255), AND, ...SET(i), ...GET(to), ...one, ...STORE8(0)],
    ...[...moved(to, 1), ...moved(octets, -1), ...BR(1), END],
    ...ahead.flatMap((local, index) => [...GET(i), ...LOAD8_U(table + 1 + index), ...SET(local)]),
    ...[...LOOP, ...next, ...SET(after), ...sixteen, ...GET(after), ...SET(i), ...moved(to, 16), ...moved(octets, -16)],
    ...[...GET(octets), ...CONST(16), GE_U, ...BR_IF(0), END, ...BR(0), END, END],
    ...[...CONST(table), ...GET(i), ...STORE8(I), ...CONST(table), ...GET(j), ...STORE8(J)],
  ];
  return { name, parameters: 2, answers: false, locals: [[5 + AHEAD, I32]], code };
}

/**
 * `name(to, octets)`: the streams of all `tables`, which have just been scheduled, to `to` and each `stride` behind the one
 * before. `octets` is a multiple of 8. Of so many nothing is loaded before its turn: there are no registers for it.
 */
export function streamsFunction(name: string, tables: readonly number[], stride: number): WasmFunction {
  const [to, octets, i, a, b] = [0, 1, 2, 3, 4];
  const streams = tables.map((table, n) => ({ table, j: 5 + n, a, b, ahead: [] }));
  const code: number[] = [...LOOP];
  for (let k = 0; k < 8; k++) {
    // The last of eight may be where the index begins anew.
    if (k === 7) code.push(...[...GET(i), ...CONST(8), ADD, ...CONST(255), AND, ...SET(i)]);
    for (const [n, stream] of streams.entries()) {
      const step = stepCode(stream, () => ({ local: i, offset: k === 7 ? 0 : k + 1 }));
      code.push(...GET(to), ...step, ...STORE8(n * stride + k));
    }
  }
  code.push(...moved(to, 8), ...[...GET(octets), ...CONST(8), SUB, ...TEE(octets), ...BR_IF(0), END]);
  for (const { table, j } of streams) {
    code.push(...CONST(table), ...GET(i), ...STORE8(I), ...CONST(table), ...GET(j), ...STORE8(J));
  }
  return { name, parameters: 2, answers: false, locals: [[3 + tables.length, I32]], code };
}

/** `name(at, stream, octets)`: so many octets at `at`, in memory 1, become their sum with those of the stream. */
export function xorFunction(name: string): WasmFunction {
  const [at, stream, octets] = [0, 1, 2];
  const whole = [
    ...[...GET(at), ...GET(at), ...V128_LOAD(0, 1), ...GET(stream), ...V128_LOAD(0), ...V128_XOR, ...V128_STORE(0, 1)],
  ];
  const single = [...[...GET(at), ...GET(at), ...LOAD8_U(0, 1), ...GET(stream), ...LOAD8_U(0), XOR, ...STORE8(0, 1)]];
  const loop = (body: Code, step: number): Code => [
    ...[...BLOCK, ...LOOP, ...GET(octets), ...CONST(step), LT_U, ...BR_IF(1), ...body],
    ...[...moved(at, step), ...moved(stream, step), ...moved(octets, -step), ...BR(0), END, END],
  ];
  const code = [...loop(whole, 16), ...loop(single, 1)];
  return { name, parameters: 3, answers: false, locals: [], code };
}

/** Of one stream: where its table is, and its locals. */
interface Stream {
  readonly table: number;
  readonly j: number;
  readonly a: number;
  readonly b: number;
  /** What lies at the index of this step, and of those after it, if anything is loaded ahead. */
  readonly ahead: readonly number[];
}

/** The index of a step so many steps later: what is in the local, and so much more. */
type Place = (later: number) => { readonly local: number; readonly offset: number };

/** One step, with the octet of the stream left on the stack. */
function stepCode(stream: Stream, place: Place): Code {
  const { table, a, b } = stream;
  return [...swapCode(stream, place), ...[...GET(a), ...GET(b), ADD, ...CONST(255), AND, ...LOAD8_U(table)]];
}

/** j moves on, by `keyed` as well in a key schedule, and two entries swap, which are a and b. */
function swapCode({ table, j, a, b, ahead }: Stream, place: Place, keyed: Code = []): Code {
  const { local, offset } = place(0);
  const code: number[] = [];
  if (ahead.length > 0) code.push(...GET(ahead[0]!), ...TEE(a));
  else code.push(...GET(local), ...LOAD8_U(table + offset), ...TEE(a));
  code.push(...keyed, ...[...GET(j), ADD, ...CONST(255), AND, ...TEE(j), ...LOAD8_U(table), ...SET(b)]);
  for (const [index, entry] of ahead.entries()) {
    const later = place(ahead.length);
    const value = ahead[index + 1];
    const loaded = [...GET(later.local), ...LOAD8_U(table + later.offset)];
    code.push(...(value === undefined ? loaded : GET(value)), ...SET(entry));
  }
  code.push(...[...GET(local), ...GET(b), ...STORE8(table + offset), ...GET(j), ...GET(a), ...STORE8(table)]);
  for (const [index, entry] of ahead.entries()) {
    const later = place(index + 1);
    code.push(...[...GET(later.local), ...CONST(later.offset), ADD, ...GET(j), EQ, ...IF]);
    code.push(...GET(a), ...SET(entry), END);
  }
  return code;
}

function moved(local: number, by: number): Code {
  return [...GET(local), ...CONST(by), ADD, ...SET(local)];
}

/** How many entries are loaded ahead: three are slower again, for they are more than there are registers. */
const AHEAD = 2;
