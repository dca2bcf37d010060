// Who is at the other end of a Unix socket: the kernel says it, the peer cannot (SO_PEERCRED, unix(7)).

import { check } from './errno.ts';
import * as libc from './libc.ts';

export interface PeerCredential {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

export function peerCredential(fd: number): PeerCredential {
  const credential = new Uint8Array(UCRED_SIZE);
  const length = new Uint8Array(Int32Array.of(UCRED_SIZE).buffer);
  const result = libc.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, libc.addressOf(credential), libc.addressOf(length));
  check(result, 'getsockopt', 'SO_PEERCRED');
  const view = new DataView(credential.buffer);
  return { pid: view.getInt32(0, true), uid: view.getUint32(4, true), gid: view.getUint32(8, true) };
}

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** `struct ucred`: pid, uid, gid, of 32 bits each. */
const UCRED_SIZE = 12;
