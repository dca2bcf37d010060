// Datagrams on their way to the socket. Those of one session and one size that follow each other become one message that
// the kernel cuts up again (UDP_SEGMENT); all messages of a round go out with one `sendmmsg`.

import { waitWritable } from '../sys/epoll.ts';
import { Errno } from '../sys/errno.ts';
import * as libc from '../sys/libc.ts';
import * as header from '../sys/message-header.ts';
import type { Arena } from './arena.ts';
import { countDrops } from './forward.ts';
import { Row } from './layout.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class Sender {
  readonly #table: SessionTable;
  readonly #arena: Arena;
  readonly #fd: number;
  // Offsets in the arena: one of each a message, and a pool of iovecs they share.
  readonly #messages: number;
  readonly #names: number;
  readonly #controls: number;
  readonly #iovecs: number;
  // By message: session, size and number of its datagrams, where its iovecs begin.
  readonly #rows = new Int32Array(MAX_MESSAGES);
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

  constructor(table: SessionTable, arena: Arena, fd: number) {
    this.#table = table;
    this.#arena = arena;
    this.#fd = fd;
    this.#messages = arena.take(MAX_MESSAGES * header.MMSGHDR_SIZE);
    this.#names = arena.take(MAX_MESSAGES * header.SOCKADDR_IN_SIZE);
    this.#controls = arena.take(MAX_MESSAGES * CONTROL_SIZE);
    this.#iovecs = arena.take(MAX_IOVECS * header.IOVEC_SIZE);
    // The upper half of every address is the same: written once, `pointIovec` sets the rest.
    for (let index = 0; index < MAX_IOVECS; index++) {
      header.writeIovec(arena.view, this.#iovecs + index * header.IOVEC_SIZE, arena.address, 0);
    }
  }

  /** One datagram of `row`, in one piece or two: they stay where they are until `flush`. */
  append(row: number, at: number, length: number, payloadAt: number, payloadLength: number): void {
    const size = length + payloadLength;
    const last = this.#count - 1;
    const pieces = payloadLength > 0 ? 2 : 1;
    const joins = last >= 0 && this.#rows[last] === row && this.#segmentsLeft > 0 && size <= this.#sizes[last]!;
    if (joins && pieces === this.#pieces && size <= this.#room && this.#iovecCount + 2 <= MAX_IOVECS) {
      this.#segments[last]! += 1;
      // The kernel cuts at every multiple of the size: only the last datagram of a run may be shorter.
      this.#segmentsLeft = size < this.#sizes[last]! ? 0 : this.#segmentsLeft - 1;
      this.#room -= size;
    } else {
      this.#begin(row, size, pieces);
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
    let sent = 0;
    let waits = 0;
    while (sent < count) {
      const at = this.#arena.address + this.#messages + sent * header.MMSGHDR_SIZE;
      const result = libc.sendmmsg(this.#fd, at, count - sent, header.MSG_DONTWAIT);
      // It stops at the first message it refuses, and says why only when that is the first of a call.
      if (result > 0) {
        sent += result;
        continue;
      }
      const errno = libc.lastErrno();
      const passing = errno === Errno.EAGAIN || errno === Errno.EINTR || errno === Errno.ECONNREFUSED;
      if (passing && waits++ < MAX_WAITS) {
        // Let a full queue drain: packets waiting in the TUN are better off than packets thrown away here.
        if (errno === Errno.EAGAIN) waitWritable(this.#fd, WAIT);
        continue;
      }
      this.#recover(sent, errno);
      sent++;
    }
    this.#count = 0;
    this.#iovecCount = 0;
    this.#segmentsLeft = 0;
  }

  #begin(row: number, size: number, pieces: number): void {
    if (this.#count === MAX_MESSAGES || this.#iovecCount + 2 > MAX_IOVECS) this.flush();
    const index = this.#count++;
    this.#rows[index] = row;
    this.#sizes[index] = size;
    this.#segments[index] = 1;
    this.#starts[index] = this.#iovecCount;
    const plain = this.#table.words[this.#table.rowWord(row) + Row.PlainSends] !== 0;
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
    const words = this.#table.words;
    const word = this.#table.rowWord(this.#rows[index]!);
    const name = this.#names + index * header.SOCKADDR_IN_SIZE;
    const control = this.#controls + index * CONTROL_SIZE;
    header.writeSocketAddress(view, name, words[word + Row.PeerAddress]!, words[word + Row.Ports]! & 0xffff);
    // From the address the peer knows us by, whatever the routing table would choose.
    header.writePacketInfo(view, control, words[word + Row.LocalAddress]!);
    let controlLength = header.CMSG_PKTINFO_SPACE;
    if (segments > 1) {
      header.writeSegmentSize(view, control + controlLength, this.#sizes[index]!);
      controlLength += header.CMSG_SEGMENT_SPACE;
    }
    const iovecs = address + this.#iovecs + start * header.IOVEC_SIZE;
    const message = this.#messages + index * header.MMSGHDR_SIZE;
    header.writeMessageHeader(view, message, address + name, iovecs, end - start, address + control, controlLength);
  }

  /** A message Linux refused. Segmentation itself may be what a path does not take: then one by one, from now on. */
  #recover(index: number, errno: number): void {
    const row = this.#rows[index]!;
    const segments = this.#segments[index]!;
    const unsegmentable = errno === Errno.EMSGSIZE || errno === Errno.EIO || errno === Errno.EINVAL;
    if (segments === 1 || !unsegmentable) {
      countDrops(this.#table, row, Verdict.NotSent, segments);
      return;
    }
    this.#table.words[this.#table.rowWord(row) + Row.PlainSends] = 1;
    const end = this.#starts[index + 1]!;
    const perSegment = (end - this.#starts[index]!) / segments;
    for (let start = this.#starts[index]!; start < end; start += perSegment) {
      this.#writeMessage(index, start, start + perSegment, 1);
      const at = this.#arena.address + this.#messages + index * header.MMSGHDR_SIZE;
      if (libc.sendmsg(this.#fd, at, header.MSG_DONTWAIT) < 0) countDrops(this.#table, row, Verdict.NotSent, 1);
    }
  }
}

/** Of one message: what all kernels with UDP_SEGMENT take, and what fits an IPv4 packet. */
const MAX_SEGMENTS = 64;
const MAX_OCTETS = 65000;
const MAX_MESSAGES = 64;
const MAX_IOVECS = 2048;
/** Together at most 100 ms for one round. */
const MAX_WAITS = 20;
const WAIT = 5;
const CONTROL_SIZE = 64;
