// Error numbers of Linux: the few the code branches on, and names for all that a log may show (asm-generic/errno.h).

import { SystemError } from '../wire/errors.ts';
import { errnoTable, lastErrno } from './libc.ts';

/** What callers compare with. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  EBADF: 9,
  EAGAIN: 11,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ESRCH: 3,
  EMSGSIZE: 90,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENOTSOCK: 88,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ENOBUFS: 105,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
} as const;

export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`;
}

/** The error of the call just made: to be asked for before any other call. */
export function systemError(syscall: string, detail = ''): SystemError {
  return new SystemError(syscall, errnoName(lastErrno()), detail);
}

/** Passes a result on, or throws if it is the -1 of a failed call. */
export function check(result: number, syscall: string, detail = ''): number {
  if (result < 0) throw systemError(syscall, detail);
  return result;
}

// EAGAIN and EWOULDBLOCK are one number on Linux, as are EOPNOTSUPP and ENOTSUP: the first name met is kept.
const NAMES = new Map<number, string>();
for (const [name, errno] of Object.entries({ ...Errno, ...errnoTable })) {
  if (!NAMES.has(errno)) NAMES.set(errno, name);
}
