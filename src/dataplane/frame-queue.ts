// PPP frames of the control thread on their way into the numbered packets of PPTP calls. One thread alone numbers and sends
// those of a call, so that they leave in the order of their numbers: peers drop what is late. Shared memory, one writer, one
// reader, and bounded: slots of one size.
//
//   slot: | row(4) | Call ID(4) | length(4) | frame |

export class FrameQueue {
  readonly buffer: SharedArrayBuffer;
  /** Of the frame that `take` gave last. */
  row = -1;
  call = 0;
  length = 0;
  readonly #words: Int32Array;
  readonly #octets: Uint8Array;

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
    this.#octets = new Uint8Array(buffer);
  }

  static create(): FrameQueue {
    return new FrameQueue(new SharedArrayBuffer(HEADER + SLOTS * SLOT_SIZE));
  }

  static attach(buffer: SharedArrayBuffer): FrameQueue {
    return new FrameQueue(buffer);
  }

  /** False: no room, or longer than any frame. `call`: of whom the row is now. */
  push(row: number, call: number, frame: Uint8Array): boolean {
    const words = this.#words;
    const head = words[HEAD]!;
    if (frame.length > MAX_FRAME || ((head - Atomics.load(words, TAIL)) | 0) >= SLOTS) return false;
    const at = HEADER + (head & (SLOTS - 1)) * SLOT_SIZE;
    words[at >>> 2] = row;
    words[(at >>> 2) + 1] = call;
    words[(at >>> 2) + 2] = frame.length;
    this.#octets.set(frame, at + FRAME);
    Atomics.store(words, HEAD, (head + 1) | 0);
    return true;
  }

  /** Copies the next frame to `target`; false: there is none. */
  take(target: Uint8Array, targetAt: number): boolean {
    const words = this.#words;
    const tail = words[TAIL]!;
    if (tail === Atomics.load(words, HEAD)) return false;
    const at = HEADER + (tail & (SLOTS - 1)) * SLOT_SIZE;
    this.row = words[at >>> 2]!;
    this.call = words[(at >>> 2) + 1]!;
    this.length = words[(at >>> 2) + 2]!;
    for (let index = 0; index < this.length; index++) target[targetAt + index] = this.#octets[at + FRAME + index]!;
    Atomics.store(words, TAIL, (tail + 1) | 0);
    return true;
  }
}

const HEADER = 64;
const [HEAD, TAIL] = [0, 1];
const FRAME = 12;
/** RFC 2637 §4.1: "the maximum length of the payload" is 1532 octets. */
export const MAX_FRAME = 1600;
const SLOT_SIZE = 1664;
const SLOTS = 1024;
