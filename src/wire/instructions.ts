// WebAssembly written by hand: instructions by the names of the text format (core specification 3.0 §5.4), and the module
// around functions of them (§5.5). So the inner loops that need it have no binary to trust and no compiler to install.

import { type WasmMemory, WebAssembly } from './webassembly.ts';

/** Octets of instructions. */
export type Code = readonly number[];

export interface WasmFunction {
  readonly name: string;
  /** All of them i32: the first locals. */
  readonly parameters: number;
  readonly answers: boolean;
  /** Locals behind the parameters, of each type so many. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly code: Code;
}

/** The functions by their names, which `call` each other by their places. `memories` are numbered from 0 on. */
export function instantiate(functions: readonly WasmFunction[], memories: readonly WasmMemory[]) {
  const module = new WebAssembly.Module(assemble(functions, memories.length));
  const imports = Object.fromEntries(memories.map((memory, index) => [String(index), memory]));
  return new WebAssembly.Instance(module, { m: imports }).exports;
}

function assemble(functions: readonly WasmFunction[], memories: number): Uint8Array {
  const types = functions.map(({ parameters, answers }) => [
    ...[0x60, parameters, ...new Array<number>(parameters).fill(I32)],
    ...(answers ? [1, I32] : [0]),
  ]);
  const imported = Array.from({ length: memories }, (_, index) => [...name('m'), ...name(String(index)), 2, 0, 0]);
  const exported = functions.map((each, index) => [...name(each.name), 0, index]);
  const bodies = functions.map(({ locals, code }) => {
    const runs = locals.map(([count, type]) => [...unsignedLeb(count), type]);
    const body = [...vector(runs), ...code, END];
    return [...unsignedLeb(body.length), ...body];
  });
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, imported),
    ...section(
      3,
      functions.map((_, index) => [index]),
    ),
    ...section(7, exported),
    ...section(10, bodies),
  ]);
}

function section(id: number, entries: readonly Code[]): Code {
  const content = vector(entries);
  return [id, ...unsignedLeb(content.length), ...content];
}

function vector(entries: readonly Code[]): Code {
  return unsignedLeb(entries.length).concat(...entries);
}

function name(text: string): Code {
  return [text.length, ...Array.from(text, (letter) => letter.charCodeAt(0))];
}

function unsignedLeb(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedLeb(value >>> 7)];
}

function signedLeb(value: number): Code {
  const last = value >= -64 && value < 64;
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signedLeb(value >> 7)];
}

export const I32 = 0x7f;
export const V128 = 0x7b;

export const BLOCK: Code = [0x02, 0x40];
export const LOOP: Code = [0x03, 0x40];
export const IF: Code = [0x04, 0x40];
export const END = 0x0b;
export const BR = (depth: number): Code => [0x0c, depth];
export const BR_IF = (depth: number): Code => [0x0d, depth];
export const CALL = (index: number): Code => [0x10, index];
export const SELECT = 0x1b;

export const GET = (local: number): Code => [0x20, local];
export const SET = (local: number): Code => [0x21, local];
export const TEE = (local: number): Code => [0x22, local];
export const CONST = (value: number): Code => [0x41, ...signedLeb(value | 0)];

export const [EQZ, EQ, LT_U, GE_U] = [0x45, 0x46, 0x49, 0x4f];
export const [ADD, SUB, AND, OR, XOR, SHL, SHR_U, ROTL] = [0x6a, 0x6b, 0x71, 0x72, 0x73, 0x74, 0x76, 0x77];

/** What an access adds to its address, and in which memory it is; nothing is promised about boundaries. */
const access = (offset: number, memory: number): Code =>
  memory === 0 ? [0, ...unsignedLeb(offset)] : [0x40, memory, ...unsignedLeb(offset)];

export const LOAD = (offset: number): Code => [0x28, ...access(offset, 0)];
export const LOAD8_U = (offset: number, memory = 0): Code => [0x2d, ...access(offset, memory)];
export const LOAD16_U = (offset: number): Code => [0x2f, ...access(offset, 0)];
export const STORE = (offset: number): Code => [0x36, ...access(offset, 0)];
export const STORE8 = (offset: number, memory = 0): Code => [0x3a, ...access(offset, memory)];
export const STORE16 = (offset: number): Code => [0x3b, ...access(offset, 0)];

export const V128_LOAD = (offset: number, memory = 0): Code => [0xfd, 0x00, ...access(offset, memory)];
export const V128_STORE = (offset: number, memory = 0): Code => [0xfd, 0x0b, ...access(offset, memory)];
export const V128_CONST = (octets: Code): Code => [0xfd, 0x0c, ...octets];
export const I8X16_SHUFFLE = (lanes: Code): Code => [0xfd, 0x0d, ...lanes];
export const I32X4_EXTRACT_LANE = (lane: number): Code => [0xfd, 0x1b, lane];
export const V128_XOR: Code = [0xfd, 0x51];
export const I32X4_EXTADD_PAIRWISE_U: Code = [0xfd, 0x7f];
export const I32X4_ADD: Code = [0xfd, 0xae, 0x01];
