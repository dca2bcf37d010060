// The worker of the way in: socket to TUN devices. Takes datagrams until there are none, then waits.

import { Errno, systemError } from '../sys/errno.ts';
import * as libc from '../sys/libc.ts';
import { Arena } from './arena.ts';
import { Coalescer } from './coalescer.ts';
import { countDrops, Uplink } from './forward.ts';
import { UPLINK } from './layout.ts';
import { RECEIVER_OCTETS, Receiver } from './receiver.ts';
import type { Ring } from './ring.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class UplinkLoop {
  readonly #table: SessionTable;
  readonly #ring: Ring;
  readonly #localPort: number;
  readonly #arena = new Arena(RECEIVER_OCTETS + 65536);
  readonly #receiver: Receiver;
  readonly #uplink: Uplink;
  readonly #coalescer: Coalescer;
  #passedUp = false;

  constructor(table: SessionTable, ring: Ring, fd: number, localPort: number) {
    this.#table = table;
    this.#ring = ring;
    this.#localPort = localPort;
    this.#receiver = new Receiver(this.#arena, fd);
    this.#uplink = new Uplink(table, this.#arena.octets);
    this.#coalescer = new Coalescer(this.#arena, table);
  }

  /** Takes what there is. True: perhaps there is more. `wake` is called when the control thread has something to read. */
  round(now: number, wake: () => void): boolean {
    this.#table.enter(UPLINK);
    this.#uplink.now = now;
    const count = this.#receiver.receive();
    const errno = count < 0 ? libc.lastErrno() : 0;
    for (let index = 0; index < count; index++) this.#handleMessage(index);
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

  #handleMessage(index: number): void {
    const receiver = this.#receiver;
    const length = receiver.open(index);
    const at = receiver.at(index);
    const peerAddress = receiver.peerAddress(index);
    const peerPort = receiver.peerPort(index);
    // All datagrams of a run have one sender and one size, but for the last.
    const size = receiver.segmentSize > 0 ? receiver.segmentSize : length;
    let offset = 0;
    do {
      this.#handleDatagram(at + offset, Math.min(size, length - offset), peerAddress, peerPort);
      offset += size;
    } while (offset < length);
  }

  #handleDatagram(at: number, length: number, peerAddress: number, peerPort: number): void {
    const uplink = this.#uplink;
    const verdict = uplink.handle(at, length, peerAddress, peerPort);
    if (verdict === Verdict.PassUp) {
      this.#passUp(at, length, peerAddress, peerPort);
    } else if (verdict === Verdict.Forward) {
      // Before the packet is written, for coalescing changes its headers.
      if (uplink.sequencingChanged) this.#passUp(at, length, peerAddress, peerPort);
      const fd = this.#table.deviceFd(uplink.device);
      if (fd < 0) countDrops(this.#table, uplink.row, Verdict.DeviceRefused, 1);
      else this.#coalescer.write(fd, uplink.row, uplink.packetAt, uplink.packetLength);
    }
  }

  #passUp(at: number, length: number, peerAddress: number, peerPort: number): void {
    const ports = (this.#localPort << 16) | peerPort;
    const octets = this.#arena.octets;
    // RFC 2661 §3.1: the T bit. Losing a PPP frame costs a retry, losing control messages costs the tunnel.
    const isControl = (octets[at]! & 0x80) !== 0;
    if (this.#ring.push(octets, at, length, peerAddress, this.#receiver.localAddress, ports, isControl)) {
      this.#passedUp = true;
    } else {
      countDrops(this.#table, this.#uplink.row, Verdict.RingFull, 1);
    }
  }
}
