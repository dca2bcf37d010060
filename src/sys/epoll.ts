// Readiness: one epoll instance, shared by the control thread that adds and removes descriptors and the worker that waits,
// and the eventfd by which the one wakes the other.

import { check } from './errno.ts';
import * as libc from './libc.ts';

/** `struct epoll_event` is packed on x86-64 alone. */
export const EPOLL_EVENT_SIZE = process.arch === 'x64' ? 12 : 16;
/** Where the number given to `add` lies in an event. */
export const EPOLL_EVENT_DATA = process.arch === 'x64' ? 4 : 8;

export class Epoll {
  readonly fd = check(libc.epollCreate(EPOLL_CLOEXEC), 'epoll_create1');

  /** Readable `fd` is reported as `data`. */
  add(fd: number, data: number): void {
    check(libc.epollCtl(this.fd, EPOLL_CTL_ADD, fd, libc.addressOf(readableEvent(data))), 'epoll_ctl', 'add');
  }

  /** Waits for `fd` no longer, whether it did or not. */
  remove(fd: number): void {
    libc.epollCtl(this.fd, EPOLL_CTL_DEL, fd, 0);
  }

  close(): void {
    libc.close(this.fd);
  }
}

export class EventFd {
  readonly fd = check(libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), 'eventfd');
  readonly #count = new Uint8Array(8);
  readonly #address = libc.addressOf(this.#count);

  /** Wakes whoever waits for it, now or later. */
  signal(): void {
    this.#count.fill(0);
    this.#count[0] = 1;
    libc.write(this.fd, this.#address, 8);
  }

  clear(): void {
    libc.read(this.fd, this.#address, 8);
  }

  close(): void {
    libc.close(this.fd);
  }
}

/** Waits at most `timeout` milliseconds for room in the send queue of `fd`. */
export function waitWritable(fd: number, timeout: number): void {
  POLL_VIEW.setInt32(0, fd, true);
  POLL_VIEW.setUint32(4, POLLOUT, true);
  libc.poll(POLL_ADDRESS, 1, timeout);
}

function readableEvent(data: number): Uint8Array {
  const event = new Uint8Array(EPOLL_EVENT_SIZE);
  const view = new DataView(event.buffer);
  view.setUint32(0, EPOLLIN, true);
  view.setInt32(EPOLL_EVENT_DATA, data, true);
  return event;
}

const EPOLL_CLOEXEC = 0x80000;
const EFD_NONBLOCK = 0x800;
const EFD_CLOEXEC = 0x80000;
const EPOLL_CTL_ADD = 1;
export const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const POLLOUT = 4;
/** `struct pollfd`: descriptor (4), events (2), returned events (2). */
const POLL_SCRATCH = new Uint8Array(8);
const POLL_VIEW = new DataView(POLL_SCRATCH.buffer);
const POLL_ADDRESS = libc.addressOf(POLL_SCRATCH);
