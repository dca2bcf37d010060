// The system calls of Linux through koffi, the one native dependency: nothing else in the tree imports it.
// Pointers are plain numbers (addresses stay below 2^47), so a call converts nothing and allocates nothing.

import koffi from 'koffi';

type Syscall = (...values: number[]) => number;

const library = koffi.load(null);
const bind = (definition: string): Syscall => library.func(definition) as unknown as Syscall;
const bindPath = (definition: string): ((path: string, flags: number) => number) =>
  library.func(definition) as unknown as (path: string, flags: number) => number;

/** `open(path, flags)` */
export const open = bindPath('int open(const char *path, int flags)');
export const close = bind('int close(int fd)');
/** `ioctl(fd, request, argument)`: the argument is an address or a number, as the request wants it. */
export const ioctl = bind('int ioctl(int fd, int64_t request, int64_t argument)');
export const read = bind('int64_t read(int fd, int64_t buffer, int64_t length)');
export const write = bind('int64_t write(int fd, int64_t buffer, int64_t length)');
export const writev = bind('int64_t writev(int fd, int64_t iovecs, int count)');

export const socket = bind('int socket(int domain, int type, int protocol)');
/** `bindSocket(fd, address, length)`, bind(2). */
export const bindSocket = bind('int bind(int fd, int64_t address, int length)');
export const connect = bind('int connect(int fd, int64_t address, int length)');
export const getsockname = bind('int getsockname(int fd, int64_t address, int64_t length)');
/** `setsockopt(fd, level, option, value, length)` */
export const setsockopt = bind('int setsockopt(int fd, int level, int option, int64_t value, int length)');
/** `getsockopt(fd, level, option, value, length)` */
export const getsockopt = bind('int getsockopt(int fd, int level, int option, int64_t value, int64_t length)');
/** `sendmsg(fd, msghdr, flags)` */
export const sendmsg = bind('int64_t sendmsg(int fd, int64_t message, int flags)');
export const recvmsg = bind('int64_t recvmsg(int fd, int64_t message, int flags)');
/** `sendmmsg(fd, mmsghdrs, count, flags)` */
export const sendmmsg = bind('int sendmmsg(int fd, int64_t messages, unsigned int count, int flags)');
/** `recvmmsg(fd, mmsghdrs, count, flags, timeout)` */
export const recvmmsg = bind('int recvmmsg(int fd, int64_t messages, unsigned int count, int flags, int64_t timeout)');
export const sendto = bind(
  'int64_t sendto(int fd, int64_t buffer, int64_t length, int flags, int64_t address, int addressLength)',
);
export const recv = bind('int64_t recv(int fd, int64_t buffer, int64_t length, int flags)');

export const eventfd = bind('int eventfd(unsigned int initial, int flags)');
export const epollCreate = bind('int epoll_create1(int flags)');
/** `epollCtl(epoll, operation, fd, event)` */
export const epollCtl = bind('int epoll_ctl(int epoll, int operation, int fd, int64_t event)');
/** `epollWait(epoll, events, count, timeout)` */
export const epollWait = bind('int epoll_wait(int epoll, int64_t events, int count, int timeout)');

export const unshare = bind('int unshare(int flags)');
/** `setns(fd, type)` */
export const setns = bind('int setns(int fd, int type)');
/** `poll(pollfds, count, timeout)` */
export const poll = bind('int poll(int64_t fds, int64_t count, int timeout)');

/** errno of the call just made. */
export const lastErrno = koffi.errno as () => number;
export const errnoTable: Readonly<Record<string, number>> = koffi.os.errno;

/** Where `octets` lie in memory: good for as long as they are referenced. Their memory is outside the garbage-collected heap. */
export function addressOf(octets: Uint8Array): number {
  return Number(koffi.address(octets));
}
