// Datagrams as they come from the socket: up to 32 buffers a call, each holding one datagram or a run of them that the
// kernel has put together (UDP_GRO), with the address it came to.

import * as libc from '../sys/libc.ts';
import * as header from '../sys/message-header.ts';
import type { Arena } from './arena.ts';

export class Receiver {
  readonly #arena: Arena;
  readonly #fd: number;
  // Offsets in the arena.
  readonly #messages: number;
  readonly #names: number;
  readonly #controls: number;
  readonly #buffers: number;
  #received = BUFFERS;
  // Of the message looked at last.
  localAddress = 0;
  segmentSize = 0;

  constructor(arena: Arena, fd: number) {
    this.#arena = arena;
    this.#fd = fd;
    this.#messages = arena.take(BUFFERS * header.MMSGHDR_SIZE);
    this.#names = arena.take(BUFFERS * header.SOCKADDR_IN_SIZE);
    this.#controls = arena.take(BUFFERS * CONTROL_SIZE);
    const iovecs = arena.take(BUFFERS * header.IOVEC_SIZE);
    this.#buffers = arena.take(BUFFERS * BUFFER_SIZE);
    const { view, address } = arena;
    for (let index = 0; index < BUFFERS; index++) {
      const iovec = iovecs + index * header.IOVEC_SIZE;
      const message = this.#messages + index * header.MMSGHDR_SIZE;
      const name = address + this.#names + index * header.SOCKADDR_IN_SIZE;
      header.writeIovec(view, iovec, address + this.#buffers + index * BUFFER_SIZE, BUFFER_SIZE);
      const control = address + this.#controls + index * CONTROL_SIZE;
      header.writeMessageHeader(view, message, name, address + iovec, 1, control, CONTROL_SIZE);
    }
  }

  /** How many messages came; -1 with errno if none. The octets of the ones before are gone. */
  receive(): number {
    const words = this.#arena.words;
    // The kernel shortened the lengths of those it filled.
    for (let index = 0; index < this.#received; index++) {
      const message = (this.#messages + index * header.MMSGHDR_SIZE) >>> 2;
      words[message + (header.MSGHDR_NAME_LENGTH >>> 2)] = header.SOCKADDR_IN_SIZE;
      words[message + (header.MSGHDR_CONTROL_LENGTH >>> 2)] = CONTROL_SIZE;
    }
    const at = this.#arena.address + this.#messages;
    const count = libc.recvmmsg(this.#fd, at, BUFFERS, header.MSG_DONTWAIT, 0);
    this.#received = Math.max(count, 0);
    return count;
  }

  /** Octets in message `index`; sets the fields of its control messages. */
  open(index: number): number {
    const { view, words } = this.#arena;
    const message = this.#messages + index * header.MMSGHDR_SIZE;
    const length = words[(message + header.MMSGHDR_LENGTH) >>> 2]!;
    this.localAddress = 0;
    this.segmentSize = length;
    // No run, no segment size: then the whole message is one datagram.
    let control = this.#controls + index * CONTROL_SIZE;
    const end = control + words[(message + header.MSGHDR_CONTROL_LENGTH) >>> 2]!;
    while (control + header.CMSG_DATA <= end) {
      const size = words[control >>> 2]!;
      const level = words[(control + header.CMSG_LEVEL) >>> 2]!;
      const type = words[(control + header.CMSG_TYPE) >>> 2]!;
      const data = control + header.CMSG_DATA;
      // The kernel writes none so short; a loop that depends on it would not end.
      if (size < header.CMSG_DATA) break;
      if (level === header.SOL_UDP && type === header.UDP_GRO) this.segmentSize = words[data >>> 2]!;
      if (level === header.SOL_IP && type === header.IP_PKTINFO) {
        this.localAddress = view.getInt32(data + header.PKTINFO_LOCAL);
      }
      control += (size + 7) & ~7;
    }
    return length;
  }

  /** Where the octets of message `index` begin. */
  at(index: number): number {
    return this.#buffers + index * BUFFER_SIZE;
  }

  peerAddress(index: number): number {
    return this.#arena.view.getInt32(this.#names + index * header.SOCKADDR_IN_SIZE + header.SOCKADDR_IN_ADDRESS);
  }

  peerPort(index: number): number {
    return this.#arena.view.getUint16(this.#names + index * header.SOCKADDR_IN_SIZE + header.SOCKADDR_IN_PORT);
  }
}

/** What a wire without GRO brings in one call makes one super-packet of 45 KB. */
const BUFFERS = 32;
/** A run of the kernel's is at most 64 KB. The rest keeps the headers of 32 datagrams out of one and the same cache set. */
const BUFFER_SIZE = 65536 + 26 * 64;
const CONTROL_SIZE = 128;
/** Of the arena. */
export const RECEIVER_OCTETS = BUFFERS * (BUFFER_SIZE + 512);
