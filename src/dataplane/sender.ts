// Datagrams on their way to the sockets. Those of one session and one size that follow each other over UDP become one message
// that the kernel cuts up again (UDP_SEGMENT); messages that follow each other by one socket go out with one `sendmmsg`.

import { waitWritable } from '../sys/epoll.ts';
import { Errno } from '../sys/errno.ts';
import * as libc from '../sys/libc.ts';
import * as header from '../sys/message-header.ts';
import { IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, PMTUDISC_DO, PMTUDISC_DONT } from '../sys/socket.ts';
import type { Arena } from './arena.ts';
import { countDrops } from './drops.ts';
import { Flag, Row, SOCKETS, TRANSPORT_SHIFT } from './layout.ts';
import { CONTROL_SIZE, Outer } from './outer.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class Sender {
  readonly #table: SessionTable;
  readonly #arena: Arena;
  readonly #outer: Outer;
  // Offsets in the arena: one of each a message, and a pool of iovecs they share.
  readonly #messages: number;
  readonly #names: number;
  readonly #controls: number;
  readonly #iovecs: number;
  readonly #option: number;
  // By message: session, ToS, ways, size and number of its datagrams, where its iovecs begin.
  readonly #rows = new Int32Array(MAX_MESSAGES);
  readonly #tos = new Int32Array(MAX_MESSAGES);
  readonly #ways = new Int32Array(MAX_MESSAGES);
  readonly #sizes = new Int32Array(MAX_MESSAGES);
  readonly #segments = new Int32Array(MAX_MESSAGES);
  readonly #starts = new Int32Array(MAX_MESSAGES + 1);
  #count = 0;
  #iovecCount = 0;
  /** Octets and datagrams the last message may still take. */
  #room = 0;
  #segmentsLeft = 0;
  /** Iovecs of each of its datagrams: the same for all, so that `#recover` can take them apart. */
  #pieces = 1;
  /** Something was longer than Linux knows the way to take. Whoever reads it clears it. */
  sawTooLong = false;

  constructor(table: SessionTable, arena: Arena) {
    this.#table = table;
    this.#arena = arena;
    this.#outer = new Outer(table, arena);
    this.#messages = arena.take(MAX_MESSAGES * header.MMSGHDR_SIZE);
    this.#names = arena.take(MAX_MESSAGES * header.SOCKADDR_SPACE);
    this.#controls = arena.take(MAX_MESSAGES * CONTROL_SIZE);
    this.#iovecs = arena.take(MAX_IOVECS * header.IOVEC_SIZE);
    this.#option = arena.take(4);
    // The upper half of every address is the same: written once, `pointIovec` sets the rest.
    for (let index = 0; index < MAX_IOVECS; index++) {
      arena.prepareIovec(this.#iovecs + index * header.IOVEC_SIZE);
    }
  }

  /**
   * One datagram of `row`, in one piece or two: they stay where they are until `flush`. `tos`: of the outer header, for
   * L2TPv3.
   */
  append(row: number, at: number, length: number, payloadAt: number, payloadLength: number, tos: number): void {
    const size = length + payloadLength;
    const last = this.#count - 1;
    const pieces = payloadLength > 0 ? 2 : 1;
    const joins = last >= 0 && this.#rows[last] === row && this.#segmentsLeft > 0 && size <= this.#sizes[last]!;
    const alike = joins && pieces === this.#pieces && tos === this.#tos[last];
    if (alike && size <= this.#room && this.#iovecCount + 2 <= MAX_IOVECS) {
      this.#segments[last]! += 1;
      // The kernel cuts at every multiple of the size: only the last datagram of a run may be shorter.
      this.#segmentsLeft = size < this.#sizes[last]! ? 0 : this.#segmentsLeft - 1;
      this.#room -= size;
    } else {
      this.#begin(row, size, pieces, tos);
    }
    this.#addIovec(at, length);
    if (payloadLength > 0) this.#addIovec(payloadAt, payloadLength);
  }

  flush(): void {
    const count = this.#count;
    if (count === 0) return;
    this.#starts[count] = this.#iovecCount;
    for (let index = 0; index < count; index++) {
      this.#writeMessage(index, this.#starts[index]!, this.#starts[index + 1]!, this.#segments[index]!);
    }
    let first = 0;
    while (first < count) {
      let end = first + 1;
      while (end < count && this.#ways[end] === this.#ways[first]) end++;
      this.#sendBy(this.#ways[first]!, first, end);
      first = end;
    }
    this.#count = 0;
    this.#iovecCount = 0;
    this.#segmentsLeft = 0;
  }

  /** Messages `first` to `end`, all by one socket and with the same DF. */
  #sendBy(way: number, first: number, end: number): void {
    const socket = way & (SOCKETS - 1);
    const fd = this.#table.socketFd(socket);
    const dontFragment = (way & DONT_FRAGMENT) !== 0;
    // The one field that is no matter of the message but of the socket. The control thread's own messages go without.
    if (dontFragment) this.#discoverMtu(fd, socket, PMTUDISC_DO);
    let sent = first;
    let waits = 0;
    while (sent < end) {
      const at = this.#arena.address + this.#messages + sent * header.MMSGHDR_SIZE;
      const result = libc.sendmmsg(fd, at, end - sent, header.MSG_DONTWAIT);
      // It stops at the first message it refuses, and says why only when that is the first of a call.
      if (result > 0) {
        sent += result;
        continue;
      }
      const errno = libc.lastErrno();
      const passing = errno === Errno.EAGAIN || errno === Errno.EINTR || errno === Errno.ECONNREFUSED;
      if (passing && waits++ < MAX_WAITS) {
        // Let a full queue drain: packets waiting in the TUN are better off than packets thrown away here.
        if (errno === Errno.EAGAIN) waitWritable(fd, WAIT);
        continue;
      }
      this.#recover(fd, sent, errno);
      sent++;
    }
    if (dontFragment) this.#discoverMtu(fd, socket, PMTUDISC_DONT);
  }

  /** RFC 8200 §5: IPv6 has no DF bit, for routers never fragment; there it means that we do not either. */
  #discoverMtu(fd: number, socket: number, value: number): void {
    const { words, address } = this.#arena;
    const isIpv6 = (socket & (Flag.Ipv6 >>> TRANSPORT_SHIFT)) !== 0;
    words[this.#option >>> 2] = value;
    const [level, option] = isIpv6 ? IPV6_OPTION : IPV4_OPTION;
    libc.setsockopt(fd, level, option, address + this.#option, 4);
  }

  #begin(row: number, size: number, pieces: number, tos: number): void {
    if (this.#count === MAX_MESSAGES || this.#iovecCount + 2 > MAX_IOVECS) this.flush();
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const flags = words[word + Row.Flags]!;
    const index = this.#count++;
    this.#rows[index] = row;
    this.#tos[index] = tos;
    this.#ways[index] = wayOf(flags);
    this.#sizes[index] = size;
    this.#segments[index] = 1;
    this.#starts[index] = this.#iovecCount;
    // IP protocol 115 has no segmented sends.
    const plain = words[word + Row.PlainSends] !== 0 || (flags & Flag.OverIp) !== 0;
    this.#segmentsLeft = plain ? 0 : MAX_SEGMENTS - 1;
    this.#room = MAX_OCTETS - size;
    this.#pieces = pieces;
  }

  #addIovec(at: number, length: number): void {
    this.#arena.pointIovec(this.#iovecs + this.#iovecCount * header.IOVEC_SIZE, at, length);
    this.#iovecCount++;
  }

  #writeMessage(index: number, start: number, end: number, segments: number): void {
    const { view, address } = this.#arena;
    const row = this.#rows[index]!;
    const name = this.#names + index * header.SOCKADDR_SPACE;
    const control = this.#controls + index * CONTROL_SIZE;
    const nameLength = this.#outer.writeName(row, name);
    let controlLength = this.#outer.writeControl(row, control, this.#tos[index]!);
    if (segments > 1) {
      header.writeSegmentSize(view, control + controlLength, this.#sizes[index]!);
      controlLength += header.CMSG_SEGMENT_SPACE;
    }
    const iovecs = address + this.#iovecs + start * header.IOVEC_SIZE;
    const at = this.#messages + index * header.MMSGHDR_SIZE;
    const count = end - start;
    header.writeMessageHeader(view, at, address + name, iovecs, count, address + control, controlLength, nameLength);
  }

  /** A message Linux refused. Segmentation itself may be what a path does not take: then one by one, from now on. */
  #recover(fd: number, index: number, errno: number): void {
    const row = this.#rows[index]!;
    const segments = this.#segments[index]!;
    const unsegmentable = errno === Errno.EMSGSIZE || errno === Errno.EIO || errno === Errno.EINVAL;
    if (errno === Errno.EMSGSIZE) this.sawTooLong = true;
    if (segments === 1 || !unsegmentable) {
      countDrops(this.#table, row, Verdict.NotSent, segments);
      return;
    }
    let lost = 0;
    const end = this.#starts[index + 1]!;
    const perSegment = (end - this.#starts[index]!) / segments;
    for (let start = this.#starts[index]!; start < end; start += perSegment) {
      this.#writeMessage(index, start, start + perSegment, 1);
      const at = this.#arena.address + this.#messages + index * header.MMSGHDR_SIZE;
      if (libc.sendmsg(fd, at, header.MSG_DONTWAIT) >= 0) continue;
      if (libc.lastErrno() === Errno.EMSGSIZE) this.sawTooLong = true;
      lost++;
    }
    if (lost > 0) countDrops(this.#table, row, Verdict.NotSent, lost);
    // Where each alone is too long as well, it is not the segmentation that was refused.
    if (lost < segments) this.#table.words[this.#table.rowWord(row) + Row.PlainSends] = 1;
  }
}

/** The number of the socket, and whether DF is to be set there. */
function wayOf(flags: number): number {
  const socket = (flags >>> TRANSPORT_SHIFT) & (SOCKETS - 1);
  return socket | ((flags & Flag.DontFragment) !== 0 ? DONT_FRAGMENT : 0);
}

const IPV4_OPTION = [header.SOL_IP, IP_MTU_DISCOVER] as const;
const IPV6_OPTION = [header.SOL_IPV6, IPV6_MTU_DISCOVER] as const;

const DONT_FRAGMENT = SOCKETS;
/** Of one message: what all kernels with UDP_SEGMENT take, and what fits an IPv4 packet. */
const MAX_SEGMENTS = 64;
const MAX_OCTETS = 65000;
const MAX_MESSAGES = 64;
const MAX_IOVECS = 2048;
/** Of the arena. */
export const SENDER_OCTETS =
  MAX_MESSAGES * (header.MMSGHDR_SIZE + header.SOCKADDR_SPACE + CONTROL_SIZE) + MAX_IOVECS * header.IOVEC_SIZE + 1024;
/** Together at most 100 ms for one round. */
const MAX_WAITS = 20;
const WAIT = 5;
