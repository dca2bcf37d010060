// What the packet path does not forward itself goes up to the control thread here: a ring of datagrams in shared memory,
// one worker writes, the control thread reads. Bounded: a flood costs the flooder's messages, not our memory.
//
//   record: | octets taken(4) | peer address(4) | local address(4) | ports(2+2) | length(4) | datagram, padded to 4 |

import { formatIpv4, type Path } from '../wire/ip.ts';

export interface Datagram {
  readonly path: Path;
  readonly octets: Uint8Array;
}

export class Ring {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #octets: Uint8Array;
  readonly #size: number;

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#size = buffer.byteLength - HEADER;
    this.#words = new Int32Array(buffer);
    this.#octets = new Uint8Array(buffer, HEADER);
  }

  /** `size`: octets, a power of two. */
  static create(size: number): Ring {
    return new Ring(new SharedArrayBuffer(HEADER + size));
  }

  static attach(buffer: SharedArrayBuffer): Ring {
    return new Ring(buffer);
  }

  /**
   * False: no room. What is not `urgent` may take half of the ring only, so that PPP frames of one noisy session never
   * keep out the control messages of the rest.
   */
  push(
    source: Uint8Array,
    at: number,
    length: number,
    peerAddress: number,
    localAddress: number,
    ports: number,
    urgent: boolean,
  ): boolean {
    const words = this.#words;
    let head = words[HEAD]!;
    const room = this.#size - ((head - Atomics.load(words, TAIL)) | 0);
    const taken = (RECORD + length + 3) & ~3;
    const toEnd = this.#size - (head & (this.#size - 1));
    const skipped = toEnd < taken ? toEnd : 0;
    if (taken + skipped > (urgent ? room : room - this.#size / 2)) return false;
    if (skipped !== 0) {
      words[(HEADER + this.#size - toEnd) >>> 2] = SKIP;
      head = (head + skipped) | 0;
    }
    const offset = head & (this.#size - 1);
    const word = (HEADER + offset) >>> 2;
    words[word] = taken;
    words[word + 1] = peerAddress;
    words[word + 2] = localAddress;
    words[word + 3] = ports;
    words[word + 4] = length;
    const target = this.#octets;
    const start = offset + RECORD;
    for (let index = 0; index < length; index++) target[start + index] = source[at + index]!;
    Atomics.store(words, HEAD, (head + taken) | 0);
    return true;
  }

  /** True once for each time the reader has to be woken: it clears this before it reads. */
  claimWakeUp(): boolean {
    return Atomics.exchange(this.#words, WOKEN, 1) === 0;
  }

  /** What has come, copied, at most `limit`; whoever got that many asks again, for nobody will wake it. */
  drain(limit: number): Datagram[] {
    const words = this.#words;
    const datagrams: Datagram[] = [];
    Atomics.store(words, WOKEN, 0);
    let tail = words[TAIL]!;
    while (datagrams.length < limit && tail !== Atomics.load(words, HEAD)) {
      const offset = tail & (this.#size - 1);
      const word = (HEADER + offset) >>> 2;
      const taken = words[word]!;
      if (taken === SKIP) {
        tail = (tail + this.#size - offset) | 0;
      } else {
        datagrams.push(this.#read(word, offset));
        tail = (tail + taken) | 0;
      }
      Atomics.store(words, TAIL, tail);
    }
    return datagrams;
  }

  #read(word: number, offset: number): Datagram {
    const words = this.#words;
    const ports = words[word + 3]!;
    const length = words[word + 4]!;
    const path = {
      peerAddress: formatIpv4(words[word + 1]! >>> 0),
      localAddress: formatIpv4(words[word + 2]! >>> 0),
      localPort: ports >>> 16,
      peerPort: ports & 0xffff,
    };
    return { path, octets: this.#octets.slice(offset + RECORD, offset + RECORD + length) };
  }
}

const HEADER = 64;
const RECORD = 20;
/** In place of a record's length: the rest up to the ring's end is unused. */
const SKIP = -1;
const [HEAD, TAIL, WOKEN] = [0, 1, 2];
