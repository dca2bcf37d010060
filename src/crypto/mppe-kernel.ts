// The inner loops of MPPE (RFC 3078 §7, RFC 3079 §2.4, §3.4) on the packets of one memory: hashes, key schedules, streams.
// There is one for each thread that seals or opens. In a memory of its own it has room for one key at a time to be at work,
// and beside that a few slots, in which sessions keep streams that were made ahead of their packets.

import {
  CALL,
  CONST,
  EQ,
  GET,
  I32,
  instantiate,
  LOAD,
  SELECT,
  STORE,
  STORE16,
  V128_LOAD,
  V128_STORE,
  type WasmFunction,
} from '../wire/instructions.ts';
import { PAGE, type WasmMemory, WebAssembly } from '../wire/webassembly.ts';
import {
  firstSixteenCode,
  I,
  RC4_STATE,
  scheduleCode,
  scheduleLocals,
  streamFunction,
  streamsFunction,
  xorFunction,
} from './rc4-code.ts';
import { hashFunction } from './sha1-code.ts';

/** How many streams are made in one go. */
export const STREAMS = 4;
/** Octets of them: a packet of the common MTU. */
export const LONGEST_STREAM = 1536;

export class MppeKernel {
  readonly packets: Uint8Array;
  /** Counts the batches of packets: a session that comes twice within one has much to send. */
  batch = 0;
  readonly #octets: Uint8Array;
  readonly #words: Int32Array;
  readonly #table: Uint8Array;
  readonly #functions: Functions;
  /** By slot: the session that has it, 0 for none, and the batch in which it made streams last. */
  readonly #owners = new Int32Array(SLOTS);
  readonly #usedIn = new Int32Array(SLOTS);
  #sessions = 0;

  constructor(packets: WasmMemory) {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    this.packets = new Uint8Array(packets.buffer);
    this.#octets = new Uint8Array(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.#table = this.#octets.subarray(TABLE, TABLE + RC4_STATE);
    this.#functions = instantiate(FUNCTIONS, [memory, packets]) as unknown as Functions;
    this.wipe();
  }

  /**
   * GetNewKeyFromSHA (RFC 3079 §2.4, §3.4) of two keys of so many octets, given as big-endian words in `words`; to
   * `words` at `result`.
   */
  hash(words: Int32Array, start: number, session: number, result: number, length: 8 | 16): void {
    const message = this.#load(words, start, session, length);
    this.#functions.hash(message);
    this.#readKey(words, result, length);
  }

  /**
   * The key schedule of a session key, to the table that `apply` uses, or with `stream` to that of one of several streams;
   * and the key after it (RFC 3078 §7.3), not weakened. One takes as long as both.
   */
  turn(words: Int32Array, start: number, session: number, result: number, length: 8 | 16, stream = -1): void {
    const message = this.#load(words, start, session, length);
    for (let i = 0; i < 4; i++) {
      this.#words[(SESSION_KEY >> 2) + i] = swapped(words[session + (i & ((length >> 2) - 1))]!);
    }
    this.#functions.turn(stream < 0 ? TABLE : TABLES + stream * TABLE_STRIDE, message);
    this.#readKey(words, result, length);
  }

  /** Takes up the stream that `state` has kept. */
  resume(state: Uint8Array): void {
    this.#table.set(state);
  }

  keep(state: Uint8Array): void {
    state.set(this.#table);
  }

  /** Encrypts or decrypts packets, and moves the stream on. */
  apply(at: number, length: number): void {
    for (let done = 0; done < length; done += LONGEST_STREAM) {
      const octets = Math.min(length - done, LONGEST_STREAM);
      this.draw(octets);
      this.mix(at + done, octets);
    }
  }

  /** The next octets of the stream, `LONGEST_STREAM` at most, are made and stay what `mix` uses. */
  draw(octets: number): void {
    this.#functions.stream(STREAM, octets);
  }

  /** Twice is not at all. */
  mix(at: number, octets: number): void {
    this.#functions.xor(at, STREAM, octets);
  }

  /** A number for a session that is to have slots. */
  newSession(): number {
    return ++this.#sessions;
  }

  owns(slot: number, session: number): boolean {
    return slot >= 0 && this.#owners[slot] === session;
  }

  /**
   * The slot that nobody used for longest; the session that had it has lost it. -1: all were used in this batch, and taking
   * one would waste the work that is in it.
   */
  claim(session: number): number {
    let slot = 0;
    let age = -1;
    for (let i = 0; i < SLOTS; i++) {
      const since = this.#owners[i] === 0 ? Number.MAX_SAFE_INTEGER : (this.batch - this.#usedIn[i]!) >>> 0;
      if (since > age) [slot, age] = [i, since];
    }
    if (age === 0) return -1;
    if (this.#owners[slot] !== 0) this.release(slot);
    this.#owners[slot] = session;
    return slot;
  }

  release(slot: number): void {
    const at = SLOTS_AT + slot * SLOT;
    this.#octets.fill(0, at, at + SLOT);
    this.#owners[slot] = 0;
  }

  /** All `STREAMS` streams, scheduled by `turn`, go into the slot. `octets`: of each, a multiple of 8. */
  fill(slot: number, octets: number): void {
    const at = SLOTS_AT + slot * SLOT;
    this.#usedIn[slot] = this.batch;
    this.#functions.streams(at + STREAM, octets);
    this.#octets.copyWithin(at, TABLES, TABLES + STREAMS * TABLE_STRIDE);
  }

  /** Encrypts or decrypts with one of the streams of a slot, of which so many octets are made, and more if need be. */
  applyKept(at: number, length: number, slot: number, stream: number, made: number): void {
    const kept = SLOTS_AT + slot * SLOT;
    this.#functions.xor(at, kept + stream * STREAM_STRIDE + STREAM, Math.min(length, made));
    if (length <= made) return;
    const table = kept + stream * TABLE_STRIDE;
    this.#octets.copyWithin(TABLE, table, table + RC4_STATE);
    this.apply(at + made, length - made);
  }

  /** Forgets the key that was at work last. */
  wipe(): void {
    this.#octets.fill(0, 0, SLOTS_AT);
    for (const [message, words] of MESSAGES) {
      const session = words + 10;
      const end = 2 * session;
      const at = message >> 2;
      this.#words.fill(0xf2f2f2f2, at + session + words, at + end);
      // RFC 3174 §4: a one bit, zeros, the length in bits.
      this.#words[at + end] = 0x80000000;
      this.#words[at + 31] = 32 * end;
    }
  }

  /** What GetNewKeyFromSHA hashes: start key, 40 octets 00, session key, 40 octets F2. */
  #load(words: Int32Array, start: number, session: number, length: 8 | 16): number {
    const message = length === 16 ? MESSAGE_OF_16 : MESSAGE_OF_8;
    const at = message >> 2;
    const count = length >> 2;
    for (let i = 0; i < count; i++) {
      this.#words[at + i] = words[start + i]!;
      this.#words[at + count + 10 + i] = words[session + i]!;
    }
    return message;
  }

  #readKey(words: Int32Array, at: number, length: 8 | 16): void {
    for (let i = 0; i < length >> 2; i++) words[at + i] = swapped(this.#words[(KEY >> 2) + i]!);
  }
}

/** Octets of a word the other way round. */
function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** `turn(table, message)`: see above. The session key is at SESSION_KEY, twice if it has 8 octets; the next comes to KEY. */
function turnFunction(name: string, hash: number): WasmFunction {
  const [table, message, first] = [0, 1, 2];
  const schedules = [
    { table: TABLE, key: KEY },
    { table: OTHER_TABLE, key: SESSION_KEY },
  ];
  const repeated = [0, 4].flatMap((word) => [
    ...[...CONST(KEY + 8 + word), ...CONST(KEY + word), ...LOAD(0), ...CONST(KEY + 8 + word), ...LOAD(0)],
    ...[...GET(message), ...CONST(MESSAGE_OF_8), EQ, SELECT, ...STORE(0)],
  ]);
  const copied = Array.from({ length: 16 }, (_, part) => [
    ...[...GET(table), ...CONST(OTHER_TABLE), ...V128_LOAD(16 * part), ...V128_STORE(16 * part)],
  ]).flat();
  const code = [
    ...[...GET(message), ...CALL(hash), ...repeated, ...scheduleCode(schedules, first)],
    ...firstSixteenCode(TABLE, KEY, first),
    ...[...copied, ...GET(table), ...CONST(0), ...STORE16(I)],
  ];
  return { name, parameters: 2, answers: false, locals: [[scheduleLocals(2), I32]], code };
}

interface Functions {
  hash(message: number): void;
  turn(table: number, message: number): void;
  stream(to: number, octets: number): void;
  streams(to: number, octets: number): void;
  xor(at: number, stream: number, octets: number): void;
}

// Where things are in the memory of the kernel. What a loop writes to and what it reads must differ in the lower 12 bits of
// their addresses, by which processors guess whether a load has to wait for a store: so streams begin at 2560 in a page of
// 4096 octets, and tables end before.
const [KEY, SESSION_KEY] = [0, 16];
const [MESSAGE_OF_16, MESSAGE_OF_8] = [64, 192];
/** With how many words their keys have. */
const MESSAGES = [
  [MESSAGE_OF_16, 4],
  [MESSAGE_OF_8, 2],
] as const;
const [TABLE, OTHER_TABLE] = [384, 656];
const [TABLES, TABLE_STRIDE] = [1024, 272];
const [STREAM, STREAM_STRIDE] = [2560, 4096];
const SLOTS_AT = 4096;
const SLOT = STREAMS * STREAM_STRIDE;
/** Of sessions that are busy at the same time. */
const SLOTS = 32;
const PAGES = Math.ceil((SLOTS_AT + SLOTS * SLOT) / PAGE);

const FUNCTIONS: readonly WasmFunction[] = [
  hashFunction('hash', KEY),
  turnFunction('turn', 0),
  streamFunction('stream', TABLE),
  streamsFunction(
    'streams',
    Array.from({ length: STREAMS }, (_, stream) => TABLES + stream * TABLE_STRIDE),
    STREAM_STRIDE,
  ),
  xorFunction('xor'),
];
