// Who is at the other end of a Unix socket: the kernel says it, the peer cannot (SO_PEERCRED, SO_PEERGROUPS; unix(7)).

import { check } from './errno.ts';
import * as libc from './libc.ts';

export interface PeerCredential {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

export function peerCredential(fd: number): PeerCredential {
  const credential = new Uint8Array(UCRED_SIZE);
  get(fd, SO_PEERCRED, 'SO_PEERCRED', credential);
  const view = new DataView(credential.buffer);
  return { pid: view.getInt32(0, true), uid: view.getUint32(4, true), gid: view.getUint32(8, true) };
}

/** The groups it was in beside its own when it connected. */
export function peerGroups(fd: number): number[] {
  const groups = new Uint8Array(MOST_GROUPS * GID_SIZE);
  const length = get(fd, SO_PEERGROUPS, 'SO_PEERGROUPS', groups);
  return [...new Uint32Array(groups.buffer, 0, length / GID_SIZE)];
}

/** The octets the kernel has written. */
function get(fd: number, option: number, name: string, value: Uint8Array): number {
  const length = new Uint32Array([value.length]);
  const lengthAt = libc.addressOf(new Uint8Array(length.buffer));
  check(libc.getsockopt(fd, SOL_SOCKET, option, libc.addressOf(value), lengthAt), 'getsockopt', name);
  return length[0]!;
}

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const SO_PEERGROUPS = 59;
/** `struct ucred`: pid, uid, gid, of 32 bits each. */
const UCRED_SIZE = 12;
const GID_SIZE = 4;
/** NGROUPS_MAX. */
const MOST_GROUPS = 65_536;
