// The keys of one direction of MPPE: the initial session key and its changes (RFC 3078 §7.1, §7.3; RFC 3079 §2.4, §3.4).
// Keys are kept as big-endian words, which is how SHA-1 wants them. Nothing here allocates after the constructor.

import { applyRc4, scheduleRc4, wipeRc4 } from '../crypto/rc4.ts';
import { SHA1_INITIAL, SHA1_SCHEDULE, sha1Block } from '../crypto/sha1.ts';

export type MppeBits = 40 | 56 | 128;

/** How many octets a start key has: RFC 3079 §2.1, §2.2, §2.3. */
export function startKeyLength(bits: MppeBits): 8 | 16 {
  return bits === 128 ? 16 : 8;
}

export class MppeKey {
  /** Of every session key since the first, whether a packet was sent with it or it was only passed over. */
  changes = 0;
  #savedChanges = 0;
  readonly #words = new Int32Array(12);
  readonly #bits: MppeBits;
  readonly #length: 8 | 16;
  readonly #blocks: Int32Array;

  constructor(bits: MppeBits, startKey: Uint8Array) {
    this.#bits = bits;
    this.#length = startKeyLength(bits);
    this.#blocks = this.#length === 8 ? BLOCKS_OF_8 : BLOCKS_OF_16;
    KEY.set(startKey.subarray(0, this.#length));
    for (let i = 0; i < this.#length >> 2; i++) this.#words[START + i] = wordOf(KEY, 4 * i);
    this.#words.copyWithin(SESSION, START, START + 4);
    this.#hash();
    this.#keep();
    wipeScratch();
  }

  /** RFC 3078 §7.3: hash, encrypt the hash with itself, weaken. */
  change(times: number): void {
    for (let n = 0; n < times; n++) {
      this.#hash();
      scheduleRc4(KEY, this.#length);
      applyRc4(KEY, 0, this.#length);
      this.#keep();
    }
    this.changes += times;
  }

  /** Begins the RC4 stream of the session key in force. */
  schedule(): void {
    for (let i = 0; i < this.#length; i++) KEY[i] = this.#words[SESSION + (i >> 2)]! >>> (24 - 8 * (i & 3));
    scheduleRc4(KEY, this.#length);
  }

  /** Remembers the session key, for `restore` after a packet that turned out not to be the peer's. */
  save(): void {
    this.#words.copyWithin(SAVED, SESSION, SESSION + 4);
    this.#savedChanges = this.changes;
  }

  restore(): void {
    this.#words.copyWithin(SESSION, SAVED, SAVED + 4);
    this.changes = this.#savedChanges;
  }

  wipe(): void {
    this.#words.fill(0);
    wipeScratch();
  }

  /** GetNewKeyFromSHA (RFC 3079 §2.4, §3.4): start key, 40 octets 00, session key, 40 octets F2, into KEY. */
  #hash(): void {
    const blocks = this.#blocks;
    const length = this.#length >> 2;
    for (let i = 0; i < length; i++) {
      blocks[i] = this.#words[START + i]!;
      blocks[length + 10 + i] = this.#words[SESSION + i]!;
    }
    for (let i = 0; i < 5; i++) DIGEST[i] = SHA1_INITIAL[i]!;
    for (let block = 0; block < 32; block += 16) {
      for (let i = 0; i < 16; i++) SCHEDULE[i] = blocks[block + i]!;
      sha1Block(DIGEST, SCHEDULE);
    }
    for (let i = 0; i < this.#length; i++) KEY[i] = DIGEST[i >> 2]! >>> (24 - 8 * (i & 3));
  }

  /** Takes KEY for the session key, with the octets by which 40 and 56 bits are what they are: RFC 3078 §7.3. */
  #keep(): void {
    if (this.#bits !== 128) KEY[0] = 0xd1;
    if (this.#bits === 40) {
      KEY[1] = 0x26;
      KEY[2] = 0x9e;
    }
    for (let i = 0; i < this.#length >> 2; i++) this.#words[SESSION + i] = wordOf(KEY, 4 * i);
  }
}

function wordOf(octets: Uint8Array, at: number): number {
  return (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!;
}

/** What GetNewKeyFromSHA hashes, padded as RFC 3174 §4 has it, with room for keys of so many words. */
function blocksFor(words: number): Int32Array {
  const session = words + 10;
  const end = 2 * session;
  const blocks = new Int32Array(32);
  blocks.fill(0xf2f2f2f2, session + words, end);
  blocks[end] = 0x80000000;
  blocks[31] = 32 * end;
  return blocks;
}

function wipeScratch(): void {
  for (const scratch of [KEY, SCHEDULE, DIGEST]) scratch.fill(0);
  wipeRc4();
  for (const [blocks, words] of [
    [BLOCKS_OF_8, 2],
    [BLOCKS_OF_16, 4],
  ] as const) {
    blocks.fill(0, 0, words);
    blocks.fill(0, words + 10, 2 * words + 10);
  }
}

const [START, SESSION, SAVED] = [0, 4, 8];
// One key changes at a time, so all share the room for it.
const KEY = new Uint8Array(16);
const BLOCKS_OF_8 = blocksFor(2);
const BLOCKS_OF_16 = blocksFor(4);
const SCHEDULE = new Int32Array(SHA1_SCHEDULE);
const DIGEST = new Int32Array(5);
