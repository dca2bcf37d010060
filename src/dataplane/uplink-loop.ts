// The worker of the way in: sockets to devices. Takes datagrams until there are none, then waits.

import { Errno, systemError } from '../sys/errno.ts';
import * as libc from '../sys/libc.ts';
import { Arena } from './arena.ts';
import { Coalescer } from './coalescer.ts';
import { countDrops, Uplink } from './forward.ts';
import { Flag, SOCKETS, TRANSPORT_SHIFT, UPLINK } from './layout.ts';
import { RECEIVER_OCTETS, Receiver } from './receiver.ts';
import type { Ring } from './ring.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class UplinkLoop {
  readonly #table: SessionTable;
  readonly #ring: Ring;
  readonly #localPort: number;
  // Untouched memory costs nothing: there is room for all sockets from the beginning.
  readonly #arena = new Arena(SOCKETS * (RECEIVER_OCTETS + 4096) + 65536);
  /** By the number of their socket, made when the socket has something for the first time. */
  readonly #receivers: (Receiver | undefined)[] = new Array(SOCKETS).fill(undefined);
  readonly #uplink: Uplink;
  readonly #coalescer: Coalescer;
  #passedUp = false;

  constructor(table: SessionTable, ring: Ring, localPort: number) {
    this.#table = table;
    this.#ring = ring;
    this.#localPort = localPort;
    this.#uplink = new Uplink(table, this.#arena.octets);
    this.#coalescer = new Coalescer(this.#arena, table);
  }

  /**
   * Takes what there is at socket number `socket`. True: perhaps there is more. `wake` is called when the control thread has
   * something to read.
   */
  round(socket: number, now: number, wake: () => void): boolean {
    const receiver = this.#receivers[socket] ?? this.#attach(socket);
    this.#table.enter(UPLINK);
    this.#uplink.now = now;
    this.#uplink.transport = receiver.transport;
    const count = receiver.receive();
    const errno = count < 0 ? libc.lastErrno() : 0;
    for (let index = 0; index < count; index++) this.#handleMessage(receiver, index);
    // Nothing may point into the buffers any more when they are filled again.
    this.#coalescer.flush();
    this.#table.leave(UPLINK);
    if (this.#passedUp) {
      this.#passedUp = false;
      if (this.#ring.claimWakeUp()) wake();
    }
    // An ICMP error of somebody's shows here once and means nothing to the others.
    if (errno === Errno.EBADF || errno === Errno.ENOTSOCK) throw systemError('recvmmsg');
    return errno !== Errno.EAGAIN;
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
    if ((receiver.transport & Flag.OverIp) !== 0) {
      this.#follow(this.#uplink.handleIp(at, length, receiver.peerAddress), receiver, at, length);
      return;
    }
    const { peerAddress, peerPort } = receiver;
    // All datagrams of a run have one sender and one size, but for the last.
    const size = receiver.segmentSize > 0 ? receiver.segmentSize : length;
    let offset = 0;
    do {
      const datagram = Math.min(size, length - offset);
      const verdict = this.#uplink.handle(at + offset, datagram, peerAddress, peerPort);
      this.#follow(verdict, receiver, at + offset, datagram);
      offset += size;
    } while (offset < length);
  }

  #follow(verdict: Verdict, receiver: Receiver, at: number, length: number): void {
    const uplink = this.#uplink;
    if (verdict === Verdict.PassUp) {
      this.#passUp(receiver, at, length);
    } else if (verdict === Verdict.Forward) {
      // Before the packet is written, for coalescing changes its headers.
      if (uplink.sequencingChanged) this.#passUp(receiver, at, length);
      const fd = this.#table.deviceFd(uplink.device);
      if (fd < 0) countDrops(this.#table, uplink.row, Verdict.DeviceRefused, 1);
      else if (uplink.isEthernet) this.#coalescer.writeAlone(fd, uplink.row, uplink.packetAt, uplink.packetLength);
      else this.#coalescer.write(fd, uplink.row, uplink.packetAt, uplink.packetLength);
    }
  }

  #passUp(receiver: Receiver, at: number, length: number): void {
    const { transport, peerPort, peerAddress, localAddress, peerIpv6At, localIpv6At } = receiver;
    const octets = this.#arena.octets;
    const ring = this.#ring;
    const ports = (transport & Flag.OverIp) !== 0 ? 0 : (this.#localPort << 16) | peerPort;
    // RFC 2661 §3.1: the T bit. Losing a PPP frame costs a retry, losing control messages costs the tunnel.
    const urgent = this.#uplink.isControl;
    if (ring.push(octets, at, length, peerAddress, localAddress, ports, urgent, transport, peerIpv6At, localIpv6At)) {
      this.#passedUp = true;
    } else {
      countDrops(this.#table, this.#uplink.row, Verdict.RingFull, 1);
    }
  }
}
