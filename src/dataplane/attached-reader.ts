// Frames of a Linux device that an xconnect is attached to, as its packet socket gives them (packet(7)): Linux has taken the
// VLAN tag (IEEE 802.1Q) out of the frame and says it beside it. Here it goes back in.

import * as libc from '../sys/libc.ts';
import * as header from '../sys/message-header.ts';
import { AuxData, PACKET_AUXDATA, SOL_PACKET } from '../sys/packet-socket.ts';
import { VIRTIO_HEADER_LENGTH } from '../sys/tun.ts';
import type { Arena } from './arena.ts';
import { ADDRESSES, insertTag, TAG_LENGTH, VLAN } from './vlan-tag.ts';

export class AttachedReader {
  /** Of the frame read last: octets it has got in front, for its tag. */
  addedOctets = 0;
  readonly #arena: Arena;
  readonly #message: number;
  readonly #iovec: number;
  readonly #control: number;

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#message = arena.take(header.MMSGHDR_SIZE);
    this.#iovec = arena.take(header.IOVEC_SIZE);
    this.#control = arena.take(CONTROL_SIZE);
  }

  /** A virtio header and a frame, at `at` or `addedOctets` before it; the octets read, or -1 with errno. */
  read(fd: number, at: number, size: number): number {
    const { view, address } = this.#arena;
    this.addedOctets = 0;
    header.writeIovec(view, this.#iovec, address + at, size);
    const control = address + this.#control;
    header.writeMessageHeader(view, this.#message, 0, address + this.#iovec, 1, control, CONTROL_SIZE, 0);
    const length = libc.recvmsg(fd, address + this.#message, header.MSG_DONTWAIT);
    if (length >= VIRTIO_HEADER_LENGTH + ADDRESSES) this.#restoreTag(at);
    return length;
  }

  #restoreTag(at: number): void {
    const { view, words } = this.#arena;
    // The socket was asked for this one control message only.
    if (words[(this.#message + header.MSGHDR_CONTROL_LENGTH) >>> 2]! < header.CMSG_DATA + AuxData.Size) return;
    const level = words[(this.#control + header.CMSG_LEVEL) >>> 2];
    if (level !== SOL_PACKET || words[(this.#control + header.CMSG_TYPE) >>> 2] !== PACKET_AUXDATA) return;
    const data = this.#control + header.CMSG_DATA;
    const status = words[(data + AuxData.Status) >>> 2]!;
    if ((status & AuxData.VlanValid) === 0) return;
    const type = (status & AuxData.TypeValid) !== 0 ? view.getUint16(data + AuxData.VlanType, true) : VLAN;
    insertTag(this.#arena, at, type, view.getUint16(data + AuxData.VlanTag, true));
    this.addedOctets = TAG_LENGTH;
  }
}

const CONTROL_SIZE = 64;
