// NETLINK_ROUTE sockets, netlink(7): questions answered at once, and notices of what changed on its own.

import {
  decodeAcknowledgement,
  decodeMessages,
  MessageFlag,
  MessageType,
  type NetlinkMessage,
  setSequence,
} from '../rtnetlink/message.ts';
import { SystemError } from '../wire/errors.ts';
import { check, Errno, errnoName, systemError } from './errno.ts';
import * as libc from './libc.ts';
import { SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_RAW, setOption } from './socket.ts';

/** How often notices are looked for. */
const POLL_INTERVAL = 200;

/** Asks and waits for the answer: the kernel gives it within the call, so nothing else is kept waiting. */
export class NetlinkSocket {
  readonly #fd: number;
  readonly #buffer = new Uint8Array(RECEIVE_SIZE);
  readonly #address = libc.addressOf(this.#buffer);
  #sequence = 0;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  static open(): NetlinkSocket {
    return new NetlinkSocket(openBound(0, 0));
  }

  /** All messages that answer one request, dumps whole. Throws what the kernel refused. */
  request(message: Uint8Array): NetlinkMessage[] {
    this.#sequence = (this.#sequence + 1) >>> 0;
    setSequence(message, this.#sequence);
    check(libc.sendto(this.#fd, libc.addressOf(message), message.length, 0, 0, 0), 'netlink send');
    const acknowledged = (message[6]! & MessageFlag.Acknowledge) !== 0;
    const answers: NetlinkMessage[] = [];
    for (;;) {
      for (const answer of this.#receive()) {
        // An answer to an earlier request, given up because its memory ran out, is none of ours.
        if (answer.sequence !== this.#sequence) continue;
        if (answer.type === MessageType.Done) return answers;
        const error = decodeAcknowledgement(answer);
        if (error === 0) return answers;
        if (error !== undefined) throw new SystemError('rtnetlink', errnoName(error), '');
        answers.push(answer);
        // Without an acknowledgement asked for, an answer that is no part of a dump is the last.
        if (!acknowledged && (answer.flags & MessageFlag.Multi) === 0) return answers;
      }
    }
  }

  close(): void {
    libc.close(this.#fd);
  }

  #receive(): NetlinkMessage[] {
    const length = check(libc.recv(this.#fd, this.#address, RECEIVE_SIZE, 0), 'netlink receive');
    return decodeMessages(this.#buffer.slice(0, length));
  }
}

export interface MonitorListener {
  onMessage(message: NetlinkMessage): void;
  /** More happened than the socket could hold: what is known has to be read anew. */
  onOverrun(): void;
}

/** Notices of changes to links, addresses or routes. A timer looks for them, so nothing blocks and nothing keeps the process alive. */
export class NetlinkMonitor {
  readonly #fd: number;
  readonly #listener: MonitorListener;
  readonly #buffer = new Uint8Array(RECEIVE_SIZE);
  readonly #address = libc.addressOf(this.#buffer);
  readonly #timer: NodeJS.Timeout;

  private constructor(fd: number, listener: MonitorListener) {
    this.#fd = fd;
    this.#listener = listener;
    this.#timer = setInterval(() => this.poll(), POLL_INTERVAL);
    this.#timer.unref();
  }

  /** `groups`: numbers of `Group`. */
  static open(groups: readonly number[], listener: MonitorListener): NetlinkMonitor {
    const mask = groups.reduce((bits, group) => bits | (1 << (group - 1)), 0);
    return new NetlinkMonitor(openBound(mask, SOCK_NONBLOCK), listener);
  }

  /** Takes what has come; called by the timer, and by whoever cannot wait for it. */
  poll(): void {
    // A storm of notices is taken in portions, one each time the timer comes.
    for (let round = 0; round < MAX_RECEIVES; round++) {
      const length = libc.recv(this.#fd, this.#address, RECEIVE_SIZE, 0);
      if (length < 0) {
        const errno = libc.lastErrno();
        if (errno === Errno.ENOBUFS) this.#listener.onOverrun();
        else if (errno !== Errno.EAGAIN && errno !== Errno.EINTR) throw systemError('netlink receive');
        return;
      }
      for (const message of decodeMessages(this.#buffer.slice(0, length))) this.#listener.onMessage(message);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    libc.close(this.#fd);
  }
}

function openBound(groups: number, flags: number): number {
  const fd = check(libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE), 'socket', 'netlink');
  try {
    if (flags === 0) setReceiveTimeout(fd);
    const name = new Uint8Array(SOCKADDR_NL_SIZE);
    const view = new DataView(name.buffer);
    view.setUint16(0, AF_NETLINK, true);
    view.setUint32(8, groups, true);
    check(libc.bindSocket(fd, libc.addressOf(name), name.length), 'bind', 'netlink');
    // Refusals need not carry the request back to us.
    setOption(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/** The kernel always answers; should it not, an error is better than a daemon that stands still. */
function setReceiveTimeout(fd: number): void {
  const timeval = new Uint8Array(16);
  new DataView(timeval.buffer).setUint32(0, 2, true);
  check(libc.setsockopt(fd, 1, SO_RCVTIMEO, libc.addressOf(timeval), timeval.length), 'setsockopt', 'SO_RCVTIMEO');
}

const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const SO_RCVTIMEO = 20;
const SOCKADDR_NL_SIZE = 12;
/** Dumps come in pieces of at most 32 KB. */
const RECEIVE_SIZE = 65536;
const MAX_RECEIVES = 64;
