// All memory of a worker in one piece: buffers, message headers, iovecs, control messages. It is a WebAssembly memory, so
// that the checksum kernel reaches it, and it never moves or grows, so that addresses given to Linux stay good.

import { addressOf } from '../sys/libc.ts';
import { Bug } from '../wire/errors.ts';
import { type ChecksumKernel, instantiateChecksumKernel } from './checksum-kernel.ts';
import { type WasmMemory, WebAssembly } from './webassembly.ts';

export class Arena {
  readonly octets: Uint8Array;
  readonly view: DataView;
  readonly words: Int32Array;
  /** Where the arena begins in memory. */
  readonly address: number;
  /** Sum of 16-bit words, see `checksum-kernel.ts`. */
  readonly sum: ChecksumKernel;
  readonly #lowAddress: number;
  #used = 64;

  constructor(size: number) {
    const memory = allocate(Math.ceil(size / PAGE));
    this.octets = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    this.address = addressOf(this.octets);
    this.#lowAddress = this.address % 0x1_0000_0000;
    this.sum = instantiateChecksumKernel(memory);
  }

  /** The next `size` octets, from a cache line on. Offsets, not addresses: 0 is never one. */
  take(size: number): number {
    const at = this.#used;
    this.#used = (at + size + 63) & ~63;
    if (this.#used > this.octets.length) throw new Bug(`arena of ${this.octets.length} octets is too small`);
    return at;
  }

  /** Sets an iovec whose upper address half is in place (`writeIovec` put it there): two stores. */
  pointIovec(iovec: number, at: number, length: number): void {
    this.words[iovec >>> 2] = (this.#lowAddress + at) | 0;
    this.words[(iovec + 8) >>> 2] = length;
  }
}

/** Memory that crosses no 4 GB line, for the upper half of addresses to be the same all over. */
function allocate(pages: number): WasmMemory {
  const passedOver: WasmMemory[] = [];
  for (;;) {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const start = addressOf(new Uint8Array(memory.buffer));
    const end = start + pages * PAGE - 1;
    if (Math.floor(start / 0x1_0000_0000) === Math.floor(end / 0x1_0000_0000)) return memory;
    // Held on to until another place is found, or the same one would be given again.
    passedOver.push(memory);
    if (passedOver.length > 8) throw new Bug('no memory within one 4 GB range');
  }
}

const PAGE = 65536;
