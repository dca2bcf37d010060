// The worker of the way in: sockets to devices. Takes datagrams until there are none, then waits.

import { Errno, systemError } from '../sys/errno.ts';
import * as libc from '../sys/libc.ts';
import { ACKNOWLEDGER_OCTETS, Acknowledger } from './acknowledger.ts';
import { Arena } from './arena.ts';
import { DELIVERY_OCTETS, Delivery } from './delivery.ts';
import type { Uplink } from './forward.ts';
import { Handover, type HandoverEnds } from './handover.ts';
import { HELD_OCTETS, Held, HeldPackets, type Origin } from './held-packets.ts';
import { Count, Flag, SOCKETS, TRANSPORT_SHIFT, UPLINK } from './layout.ts';
import { News, type Trouble } from './news.ts';
import { RECEIVER_OCTETS, Receiver } from './receiver.ts';
import type { Ring } from './ring.ts';
import { SENDER_OCTETS, Sender } from './sender.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class UplinkLoop {
  readonly #table: SessionTable;
  // Untouched memory costs nothing: there is room for all sockets from the beginning.
  readonly #arena = new Arena(SOCKETS * (RECEIVER_OCTETS + 4096) + OTHER_OCTETS);
  /** By the number of their socket, made when the socket has something for the first time. */
  readonly #receivers: (Receiver | undefined)[] = new Array(SOCKETS).fill(undefined);
  readonly #news = new News();
  readonly #delivery: Delivery;
  readonly #uplink: Uplink;
  readonly #gives: Handover | undefined;
  readonly #held: HeldPackets;
  readonly #acknowledger: Acknowledger;

  /** `gives`: to whom sealed frames go, if another thread opens them. */
  constructor(table: SessionTable, ring: Ring, localPort: number, gives?: HandoverEnds) {
    this.#table = table;
    this.#gives = gives && new Handover(this.#arena, gives);
    this.#delivery = new Delivery(table, ring, localPort, this.#arena, this.#news, this.#gives);
    this.#uplink = this.#delivery.uplink;
    this.#held = new HeldPackets(this.#arena, table);
    this.#acknowledger = new Acknowledger(this.#arena, table, new Sender(table, this.#arena));
  }

  /** Milliseconds until `tick` has something to do; -1: nothing. */
  timeLeft(now: number): number {
    const held = this.#held.timeLeft(now);
    const owed = this.#acknowledger.timeLeft(now);
    if (held < 0 || owed < 0) return Math.max(held, owed);
    return Math.min(held, owed);
  }

  /** What does not wait for packets: those that are given up, and acknowledgments that no data took along. */
  tick(now: number, wake: () => void): void {
    this.#begin(now);
    this.#finish(now, wake);
  }

  /** What has happened to sessions since this was asked last. */
  drainNews(tell: (trouble: Trouble, row: number) => void): void {
    this.#news.drain(tell);
  }

  /**
   * Takes what there is at socket number `socket`. True: perhaps there is more. `wake` is called when the control thread has
   * something to read.
   */
  round(socket: number, now: number, wake: () => void): boolean {
    const receiver = this.#receivers[socket] ?? this.#attach(socket);
    this.#begin(now);
    this.#uplink.transport = receiver.transport;
    const count = receiver.receive();
    const errno = count < 0 ? libc.lastErrno() : 0;
    for (let index = 0; index < count; index++) this.#handleMessage(receiver, index);
    this.#finish(now, wake);
    // An ICMP error of somebody's shows here once and means nothing to the others.
    if (errno === Errno.EBADF || errno === Errno.ENOTSOCK) throw systemError('recvmmsg');
    return errno !== Errno.EAGAIN;
  }

  #begin(now: number): void {
    this.#table.enter(UPLINK);
    this.#uplink.now = now;
  }

  #finish(now: number, wake: () => void): void {
    for (let row = this.#held.expired(now); row >= 0; row = this.#held.expired(now)) this.#giveUp(row);
    // Nothing may point into the buffers any more when they are filled again.
    this.#delivery.flush();
    this.#held.recycle();
    this.#acknowledger.round(now);
    this.#gives?.signal();
    this.#table.leave(UPLINK);
    this.#delivery.finish(wake);
  }

  #attach(socket: number): Receiver {
    const receiver = new Receiver(this.#arena, this.#table.socketFd(socket), socket << TRANSPORT_SHIFT);
    this.#receivers[socket] = receiver;
    return receiver;
  }

  #handleMessage(receiver: Receiver, index: number): void {
    const length = receiver.open(index);
    const { at } = receiver;
    this.#uplink.peerIpv6At = receiver.peerIpv6At;
    if ((receiver.transport & Flag.Gre) !== 0) {
      this.#handleGre(receiver, at, length);
      return;
    }
    if ((receiver.transport & Flag.OverIp) !== 0) {
      this.#delivery.follow(this.#uplink.handleIp(at, length, receiver.peerAddress), receiver);
      return;
    }
    const { peerAddress, peerPort } = receiver;
    // All datagrams of a run have one sender and one size, but for the last.
    const size = receiver.segmentSize > 0 ? receiver.segmentSize : length;
    let offset = 0;
    do {
      const datagram = Math.min(size, length - offset);
      const verdict = this.#uplink.handle(at + offset, datagram, peerAddress, peerPort);
      this.#delivery.follow(verdict, receiver);
      offset += size;
    } while (offset < length);
  }

  #handleGre(receiver: Receiver, at: number, length: number): void {
    const verdict = this.#uplink.handleGre(at, length, receiver.peerAddress);
    if (verdict !== Verdict.Early) {
      this.#acceptGre(verdict, receiver);
      return;
    }
    const { row, sequence } = this.#uplink;
    const held = this.#held.hold(row, sequence, at, length, receiver, this.#uplink.now);
    if (held === Held.Kept) {
      this.#table.floats[this.#table.rowFloat(row) + Count.Reordered]! += 1;
    } else if (held === Held.Already) {
      this.#uplink.dropDuplicate();
    } else {
      // No more room to wait in: what is missing is given up, from here up to this one.
      while (this.#held.takeBefore(row, sequence)) this.#handleHeld();
      this.#uplink.peerIpv6At = receiver.peerIpv6At;
      this.#acceptGre(this.#uplink.handleGre(at, length, receiver.peerAddress, true), receiver);
    }
  }

  /** And those that have waited for it. */
  #acceptGre(verdict: Verdict, origin: Origin): void {
    const { row, isAccepted } = this.#uplink;
    this.#delivery.follow(verdict, origin);
    if (!isAccepted) return;
    this.#acknowledger.owe(row, this.#uplink.now);
    if (!this.#held.has(row)) return;
    while (this.#held.takeNext(row)) this.#handleHeld();
  }

  #giveUp(row: number): void {
    if (this.#held.takeFirst(row)) this.#handleHeld();
    while (this.#held.takeNext(row)) this.#handleHeld();
  }

  /** The packet that has just been handed out. */
  #handleHeld(): void {
    const held = this.#held;
    const { at, length } = held;
    this.#uplink.transport = held.transport;
    this.#uplink.peerIpv6At = held.peerIpv6At;
    const verdict = this.#uplink.handleGre(at, length, held.peerAddress, true);
    const { row, isAccepted } = this.#uplink;
    this.#delivery.follow(verdict, held);
    if (isAccepted) this.#acknowledger.owe(row, this.#uplink.now);
  }
}

const OTHER_OCTETS = DELIVERY_OCTETS + HELD_OCTETS + ACKNOWLEDGER_OCTETS + SENDER_OCTETS + 65536;
