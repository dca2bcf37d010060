// A TUN device: Linux routes IP packets into it, we read and write them, whole super-packets at a time. Or a TAP device: a port
// of Ethernet frames, each of its own. Each packet has a 10-octet virtio header in front, which carries what a network card would otherwise do for the kernel.

import { SystemError } from '../wire/errors.ts';
import { check } from './errno.ts';
import * as libc from './libc.ts';

/** Octets of the virtio header in front of each packet read or written. */
export const VIRTIO_HEADER_LENGTH = 10;

export class Tun {
  readonly fd: number;
  readonly name: string;

  private constructor(fd: number, name: string) {
    this.fd = fd;
    this.name = name;
  }

  /** Makes the device `name`, or takes a persistent one. It is gone when closed, unless it is persistent. */
  static open(name: string, kind: 'tun' | 'tap' = 'tun'): Tun {
    const encoded = new TextEncoder().encode(name);
    if (encoded.length === 0 || encoded.length >= IFNAMSIZ) throw new SystemError('TUNSETIFF', 'EINVAL', name);
    const fd = check(libc.open('/dev/net/tun', O_RDWR | O_NONBLOCK | O_CLOEXEC), 'open', '/dev/net/tun');
    try {
      const request = new Uint8Array(IFREQ_SIZE);
      request.set(encoded);
      new DataView(request.buffer).setUint16(IFNAMSIZ, FLAGS[kind] | IFF_NO_PI | IFF_VNET_HDR, true);
      check(libc.ioctl(fd, TUNSETIFF, libc.addressOf(request)), 'TUNSETIFF', name);
      const size = new Uint8Array(Int32Array.of(VIRTIO_HEADER_LENGTH).buffer);
      check(libc.ioctl(fd, TUNSETVNETHDRSZ, libc.addressOf(size)), 'TUNSETVNETHDRSZ', name);
      // Unfinished checksums and whole TCP super-packets of either IP version: we finish and cut them ourselves. Frames may
      // carry anything: there Linux does it.
      const offload = kind === 'tun' ? TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 : 0;
      check(libc.ioctl(fd, TUNSETOFFLOAD, offload), 'TUNSETOFFLOAD', name);
      return new Tun(fd, name);
    } catch (error) {
      libc.close(fd);
      throw error;
    }
  }

  close(): void {
    libc.close(this.fd);
  }
}

const O_RDWR = 2;
const O_NONBLOCK = 0x800;
const O_CLOEXEC = 0x80000;
const IFNAMSIZ = 16;
const IFREQ_SIZE = 40;
const TUNSETIFF = 0x400454ca;
const TUNSETOFFLOAD = 0x400454d0;
const TUNSETVNETHDRSZ = 0x400454d8;
const FLAGS = { tun: 0x0001, tap: 0x0002 } as const;
const IFF_NO_PI = 0x1000;
const IFF_VNET_HDR = 0x4000;
const TUN_F_CSUM = 1;
const TUN_F_TSO4 = 2;
const TUN_F_TSO6 = 4;
