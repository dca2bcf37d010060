// The Internet checksum's inner loop (RFC 1071) as a WebAssembly function with 128-bit vectors: about six times the speed
// of the same loop in JavaScript.
//
//   sum(at: i32, length: i32) -> i32    one's complement sum of the big-endian words of memory, folded to 16 bits

import {
  ADD,
  AND,
  BLOCK,
  BR,
  BR_IF,
  CONST,
  type Code,
  END,
  EQZ,
  GET,
  I32,
  I32X4_ADD,
  I32X4_EXTADD_PAIRWISE_U,
  I32X4_EXTRACT_LANE,
  instantiate,
  LOAD8_U,
  LOAD16_U,
  LOOP,
  LT_U,
  OR,
  SET,
  SHL,
  SHR_U,
  SUB,
  V128,
  V128_LOAD,
} from '../wire/instructions.ts';
import type { WasmMemory } from '../wire/webassembly.ts';

/** Folded to 16 bits, not complemented; an odd last octet counts as padded with zero (RFC 1071 §4.1). */
export type ChecksumKernel = (at: number, length: number) => number;

export function instantiateChecksumKernel(memory: WasmMemory): ChecksumKernel {
  return instantiate([SUM_FUNCTION], [memory])[SUM_FUNCTION.name] as ChecksumKernel;
}

const [AT, LENGTH, SUM, LANES] = [0, 1, 2, 3];

/** While LENGTH >= step: body, which takes the step's octets at AT; then both move on. */
function whileAtLeast(step: number, body: Code): Code {
  return [
    ...BLOCK,
    ...LOOP,
    ...[...GET(LENGTH), ...CONST(step), LT_U, ...BR_IF(1)],
    ...body,
    ...[...GET(AT), ...CONST(step), ADD, ...SET(AT)],
    ...[...GET(LENGTH), ...CONST(step), SUB, ...SET(LENGTH)],
    ...BR(0),
    END,
    END,
  ];
}

/** Adds 16 octets as eight 16-bit words into four 32-bit lanes: no lane overflows below 500 KB. */
const addVector = (offset: number): Code => [
  ...GET(LANES),
  ...GET(AT),
  ...V128_LOAD(offset),
  ...I32X4_EXTADD_PAIRWISE_U,
  ...I32X4_ADD,
  ...SET(LANES),
];

const fold = [...GET(SUM), ...CONST(0xffff), AND, ...GET(SUM), ...CONST(16), SHR_U, ADD, ...SET(SUM)];
/** Folded first: four lanes of a long buffer would not fit 32 bits together. */
const addLane = (lane: number): Code => [
  ...[...GET(LANES), ...I32X4_EXTRACT_LANE(lane), ...CONST(0xffff), AND, ...GET(SUM), ADD, ...SET(SUM)],
  ...[...GET(LANES), ...I32X4_EXTRACT_LANE(lane), ...CONST(16), SHR_U, ...GET(SUM), ADD, ...SET(SUM)],
];

const BODY = [
  ...whileAtLeast(64, [...addVector(0), ...addVector(16), ...addVector(32), ...addVector(48)]),
  ...whileAtLeast(16, addVector(0)),
  ...[0, 1, 2, 3].flatMap(addLane),
  ...whileAtLeast(2, [...GET(SUM), ...GET(AT), ...LOAD16_U(0), ADD, ...SET(SUM)]),
  ...[...BLOCK, ...GET(LENGTH), EQZ, ...BR_IF(0), ...GET(SUM), ...GET(AT), ...LOAD8_U(0), ADD, ...SET(SUM), END],
  ...[...fold, ...fold],
  // WebAssembly is little-endian; the sum of swapped words is the swapped sum (RFC 1071 §2 (B)).
  ...[...GET(SUM), ...CONST(255), AND, ...CONST(8), SHL, ...GET(SUM), ...CONST(8), SHR_U, OR],
];

const SUM_FUNCTION = {
  name: 'sum',
  parameters: 2,
  answers: true,
  locals: [
    [1, I32],
    [1, V128],
  ],
  code: BODY,
} as const;
