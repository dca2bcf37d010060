// Datagrams as they come from one socket: up to 32 buffers a call, each holding one datagram or a run of them that the kernel
// has put together (UDP_GRO), with the address it came to. A raw socket of IPv4 gives the IP header too, which is passed over.

import * as libc from '../sys/libc.ts';
import * as header from '../sys/message-header.ts';
import type { Arena } from './arena.ts';
import { Flag } from './layout.ts';
import { i32, ipHeaderLength } from './packet.ts';

export class Receiver {
  /** What comes by this socket: bits of `TRANSPORT`. */
  readonly transport: number;
  readonly #arena: Arena;
  readonly #fd: number;
  readonly #nameLength: number;
  /** An IP header stands in front. */
  readonly #headed: boolean;
  // Offsets in the arena.
  readonly #messages: number;
  readonly #names: number;
  readonly #controls: number;
  readonly #buffers: number;
  #received = BUFFERS;
  // Of the message looked at last.
  at = 0;
  segmentSize = 0;
  peerAddress = 0;
  peerPort = 0;
  localAddress = 0;
  /** Where the addresses lie if they are of IPv6; the numbers above are their last words then. */
  peerIpv6At = 0;
  localIpv6At = 0;

  constructor(arena: Arena, fd: number, transport: number) {
    this.#arena = arena;
    this.#fd = fd;
    this.transport = transport;
    const isIpv6 = (transport & Flag.Ipv6) !== 0;
    this.#nameLength = isIpv6 ? header.SOCKADDR_IN6_SIZE : header.SOCKADDR_IN_SIZE;
    this.#headed = !isIpv6 && (transport & Flag.OverIp) !== 0;
    this.#messages = arena.take(BUFFERS * header.MMSGHDR_SIZE);
    this.#names = arena.take(BUFFERS * header.SOCKADDR_SPACE);
    this.#controls = arena.take(BUFFERS * CONTROL_SIZE);
    const iovecs = arena.take(BUFFERS * header.IOVEC_SIZE);
    this.#buffers = arena.take(BUFFERS * BUFFER_SIZE);
    const { view, address } = arena;
    for (let index = 0; index < BUFFERS; index++) {
      const iovec = iovecs + index * header.IOVEC_SIZE;
      const message = this.#messages + index * header.MMSGHDR_SIZE;
      const name = address + this.#names + index * header.SOCKADDR_SPACE;
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
      words[message + (header.MSGHDR_NAME_LENGTH >>> 2)] = this.#nameLength;
      words[message + (header.MSGHDR_CONTROL_LENGTH >>> 2)] = CONTROL_SIZE;
    }
    const at = this.#arena.address + this.#messages;
    const count = libc.recvmmsg(this.#fd, at, BUFFERS, header.MSG_DONTWAIT, 0);
    this.#received = Math.max(count, 0);
    return count;
  }

  /** Octets in message `index`, from `at` on; sets the fields of its name and its control messages. */
  open(index: number): number {
    const { octets, view, words } = this.#arena;
    const message = this.#messages + index * header.MMSGHDR_SIZE;
    const name = this.#names + index * header.SOCKADDR_SPACE;
    let length = words[(message + header.MMSGHDR_LENGTH) >>> 2]!;
    this.at = this.#buffers + index * BUFFER_SIZE;
    this.localAddress = 0;
    this.segmentSize = length;
    this.peerPort = view.getUint16(name + header.SOCKADDR_IN_PORT);
    if (this.#nameLength === header.SOCKADDR_IN_SIZE) {
      this.peerAddress = view.getInt32(name + header.SOCKADDR_IN_ADDRESS);
    } else {
      this.peerIpv6At = name + header.SOCKADDR_IN6_ADDRESS;
      this.peerAddress = i32(octets, this.peerIpv6At + 12);
    }
    this.#readControl(index, message);
    if (this.#headed) {
      // What the kernel gives has passed its own checks; a length of ours must not depend on that.
      const skipped = Math.min(ipHeaderLength(octets, this.at), length);
      this.at += skipped;
      length -= skipped;
    }
    return length;
  }

  #readControl(index: number, message: number): void {
    const { octets, view, words } = this.#arena;
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
      if (level === header.SOL_IPV6 && type === header.IPV6_PKTINFO) {
        this.localIpv6At = data;
        this.localAddress = i32(octets, data + 12);
      }
      control += (size + 7) & ~7;
    }
  }
}

/** What a wire without GRO brings in one call makes one super-packet of 45 KB. */
const BUFFERS = 32;
/** A run of the kernel's is at most 64 KB. The rest keeps the headers of 32 datagrams out of one and the same cache set. */
const BUFFER_SIZE = 65536 + 26 * 64;
const CONTROL_SIZE = 128;
/** Of the arena. */
export const RECEIVER_OCTETS = BUFFERS * (BUFFER_SIZE + 512);
