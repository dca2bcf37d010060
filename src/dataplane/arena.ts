// All memory of a worker in one piece: buffers, message headers, iovecs, control messages. It is a WebAssembly memory, so
// that the checksum kernel reaches it, and it never moves or grows, so that addresses given to Linux stay good.

import { addressOf } from '../sys/libc.ts';
import { writeIovec } from '../sys/message-header.ts';
import { Bug } from '../wire/errors.ts';
import { PAGE, type WasmMemory, WebAssembly } from '../wire/webassembly.ts';
import { type ChecksumKernel, instantiateChecksumKernel } from './checksum-kernel.ts';

/** Memory, its address, and which offsets of it may be taken: those between lie within one range of 4 GB. */
export interface Place {
  readonly memory: WasmMemory;
  readonly address: number;
  readonly begin: number;
  readonly end: number;
}

export class Arena {
  readonly memory: WasmMemory;
  readonly octets: Uint8Array;
  readonly view: DataView;
  readonly words: Int32Array;
  /** Where the arena begins in memory. */
  readonly address: number;
  /** Sum of 16-bit words, see `checksum-kernel.ts`. */
  readonly sum: ChecksumKernel;
  readonly #lowAddress: number;
  readonly #begin: number;
  readonly #end: number;
  #used: number;

  constructor(size: number, { memory, address, begin, end }: Place = allocate(Math.ceil(size / PAGE))) {
    this.#begin = begin;
    this.#used = begin + 64;
    this.#end = end;
    this.memory = memory;
    this.octets = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    this.address = address;
    this.#lowAddress = this.address % 0x1_0000_0000;
    this.sum = instantiateChecksumKernel(memory);
  }

  /** The next `size` octets, from a cache line on. Offsets, not addresses: 0 is never one. */
  take(size: number): number {
    const at = this.#used;
    this.#used = (at + size + 63) & ~63;
    if (this.#used > this.#end) throw new Bug(`the arena has no room for ${size} octets more`);
    return at;
  }

  /** Makes an iovec for `pointIovec`: the upper half of its address is that of all places taken, if not of the first octet. */
  prepareIovec(iovec: number): void {
    writeIovec(this.view, iovec, this.address + this.#begin, 0);
  }

  /** Sets an iovec that has been prepared, to a place taken: two stores. */
  pointIovec(iovec: number, at: number, length: number): void {
    this.words[iovec >>> 2] = (this.#lowAddress + at) | 0;
    this.words[(iovec + 8) >>> 2] = length;
  }
}

/**
 * The part of `[start, start + length)` in which `size` octets cross no 4 GB line, from where it begins, as offsets; `length`
 * is `size`, or twice that, where there always is one. Undefined: there is none.
 */
export function withinOneRange(
  start: number,
  length: number,
  size: number,
): { begin: number; end: number } | undefined {
  const line = RANGE - (start % RANGE);
  if (line >= size) return { begin: 0, end: size };
  return length - line >= size ? { begin: line, end: line + size } : undefined;
}

/** Memory of which a part crosses no 4 GB line, for the upper half of addresses to be the same all over it. */
function allocate(pages: number): Place {
  // Asking anew may give the same place within 4 GB for ever: V8 spaces its memories evenly. Twice the size always has room,
  // and what is never touched of it costs nothing.
  for (const count of [pages, 2 * pages]) {
    const memory = new WebAssembly.Memory({ initial: count, maximum: count });
    const address = addressOf(new Uint8Array(memory.buffer));
    const part = withinOneRange(address, count * PAGE, pages * PAGE);
    if (part !== undefined) return { memory, address, ...part };
  }
  throw new Bug(`no ${pages * PAGE} octets within one range of 4 GB`);
}

const RANGE = 0x1_0000_0000;
