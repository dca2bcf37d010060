// Waiting for a descriptor in a test that has no event loop to wait in.

import { Epoll } from '../../../src/sys/epoll.ts';
import { addressOf, epollWait } from '../../../src/sys/libc.ts';

/** True once there is something to read; false after `timeout` milliseconds without. */
export function waitReadable(fd: number, timeout: number): boolean {
  const epoll = new Epoll();
  epoll.add(fd, 0);
  const events = new Uint8Array(16);
  const count = epollWait(epoll.fd, addressOf(events), 1, timeout);
  epoll.close();
  return count > 0;
}
