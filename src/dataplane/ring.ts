// What the packet path does not forward itself goes up to the control thread here: a ring of datagrams in shared memory,
// one worker writes, the control thread reads. Bounded: a flood costs the flooder's messages, not our memory.
//
//   record: | octets taken(4) | peer address(4) | local address(4) | ports(2+2) | transport, length(4) | datagram, padded to 4 |
//
// With IPv6 outside, both addresses whole, 16 octets each, stand before the datagram.

import { formatIpv4, type Path } from '../wire/ip.ts';
import { formatIpv6 } from '../wire/ipv6.ts';
import { Flag, TRANSPORT } from './layout.ts';

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
   * keep out the control messages of the rest. `transport`: bits of `TRANSPORT`; with IPv6, where in `source` the addresses
   * lie.
   */
  push(
    source: Uint8Array,
    at: number,
    length: number,
    peerAddress: number,
    localAddress: number,
    ports: number,
    urgent: boolean,
    transport = 0,
    peerIpv6At = 0,
    localIpv6At = 0,
  ): boolean {
    const words = this.#words;
    let head = words[HEAD]!;
    const room = this.#size - ((head - Atomics.load(words, TAIL)) | 0);
    const isIpv6 = (transport & Flag.Ipv6) !== 0;
    const record = isIpv6 ? RECORD + 2 * IPV6 : RECORD;
    const taken = (record + length + 3) & ~3;
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
    // A datagram has less than 64 KB: its length and the transport share a word.
    words[word + 4] = length | (transport << TRANSPORT_PLACE);
    const target = this.#octets;
    const start = offset + record;
    for (let index = 0; isIpv6 && index < IPV6; index++) {
      target[offset + RECORD + index] = source[peerIpv6At + index]!;
      target[offset + RECORD + IPV6 + index] = source[localIpv6At + index]!;
    }
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
    const length = words[word + 4]! & 0xffff;
    const transport = (words[word + 4]! >>> TRANSPORT_PLACE) & TRANSPORT;
    const isIpv6 = (transport & Flag.Ipv6) !== 0;
    const start = offset + RECORD;
    const path = {
      ...transportOf(transport),
      peerAddress: isIpv6 ? this.#readIpv6(start) : formatIpv4(words[word + 1]! >>> 0),
      localAddress: isIpv6 ? this.#readIpv6(start + IPV6) : formatIpv4(words[word + 2]! >>> 0),
      localPort: ports >>> 16,
      peerPort: ports & 0xffff,
    };
    const datagramAt = isIpv6 ? start + 2 * IPV6 : start;
    return { path, octets: this.#octets.slice(datagramAt, datagramAt + length) };
  }

  #readIpv6(at: number): string {
    const view = new DataView(this.buffer, HEADER + at, IPV6);
    return formatIpv6([0, 4, 8, 12].map((offset) => view.getUint32(offset)));
  }
}

function transportOf(transport: number): Pick<Path, 'transport'> {
  if ((transport & Flag.Gre) !== 0) return { transport: 'gre' };
  return (transport & Flag.OverIp) !== 0 ? { transport: 'ip' } : {};
}

const HEADER = 64;
const RECORD = 20;
const IPV6 = 16;
const TRANSPORT_PLACE = 16;
/** In place of a record's length: the rest up to the ring's end is unused. */
const SKIP = -1;
const [HEAD, TAIL, WOKEN] = [0, 1, 2];
