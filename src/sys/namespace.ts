// Network namespaces, network_namespaces(7): made without a name and held by a descriptor, so that one is gone with the last
// process in it and nothing is ever left behind. Only the calling thread moves; a child it starts while there is born there.

import { closeSync, openSync } from 'node:fs';
import { check } from './errno.ts';
import * as libc from './libc.ts';
import { SOCK_CLOEXEC, SOCK_DGRAM } from './socket.ts';

export class NetworkNamespace {
  readonly fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** The one the calling thread is in. */
  static current(): NetworkNamespace {
    return new NetworkNamespace(openSync('/proc/thread-self/ns/net', 'r'));
  }

  /** A new one, empty but for a loopback device that is down. */
  static create(): NetworkNamespace {
    const home = NetworkNamespace.current();
    check(libc.unshare(CLONE_NEWNET), 'unshare', 'CLONE_NEWNET');
    try {
      return NetworkNamespace.current();
    } finally {
      home.#enter();
      home.close();
    }
  }

  /** Runs `body`, which must not wait for anything, with the calling thread inside. */
  run<T>(body: () => T): T {
    const home = NetworkNamespace.current();
    this.#enter();
    try {
      return body();
    } finally {
      home.#enter();
      home.close();
    }
  }

  close(): void {
    closeSync(this.fd);
  }

  #enter(): void {
    check(libc.setns(this.fd, CLONE_NEWNET), 'setns', 'CLONE_NEWNET');
  }
}

/** Makes a device carry what a wire would: frames of one MTU, their checksums filled in. ethtool's tx, tso and gso off. */
export function disableOffloads(device: string): void {
  const fd = check(libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), 'socket');
  try {
    for (const command of [ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO]) {
      const value = new Uint8Array(Uint32Array.of(command, 0).buffer);
      const request = new Uint8Array(IFREQ_SIZE);
      request.set(new TextEncoder().encode(device).subarray(0, IFNAMSIZ - 1));
      new DataView(request.buffer).setBigUint64(IFNAMSIZ, BigInt(libc.addressOf(value)), true);
      check(libc.ioctl(fd, SIOCETHTOOL, libc.addressOf(request)), 'SIOCETHTOOL', device);
    }
  } finally {
    libc.close(fd);
  }
}

const CLONE_NEWNET = 0x40000000;
const AF_INET = 2;
const IFNAMSIZ = 16;
const IFREQ_SIZE = 40;
const SIOCETHTOOL = 0x8946;
const ETHTOOL_STXCSUM = 0x17;
const ETHTOOL_STSO = 0x1f;
const ETHTOOL_SGSO = 0x24;
