// The tag of a frame (IEEE 802.1Q), as a VLAN pseudowire has it on either side (RFC 4719): in the tunnel always, with whatever
// number it has at its sender; on the device with the number of this end, or not at all.
//
//   destination (6) | source (6) | 8100 | priority (3) DEI (1) VLAN (12) | EtherType ...

import { VIRTIO_HEADER_LENGTH } from '../sys/tun.ts';
import type { Arena } from './arena.ts';
import { Row, TAG_ON_DEVICE } from './layout.ts';
import { setU16, u16 } from './packet.ts';
import type { SessionTable } from './session-table.ts';

/** Puts a tag into a frame that was read, with the virtio header at `at`; both begin `TAG_LENGTH` before it then. */
export function insertTag({ octets, view }: Arena, at: number, type: number, tag: number): void {
  octets.copyWithin(at - TAG_LENGTH, at, at + VIRTIO_HEADER_LENGTH + ADDRESSES);
  const place = at - TAG_LENGTH + VIRTIO_HEADER_LENGTH + ADDRESSES;
  setU16(octets, place, type);
  setU16(octets, place + 2, tag);
  // What the virtio header says of the checksum counts from the frame's first octet.
  const start = view.getUint16(at - TAG_LENGTH + VIRTIO_START, true);
  view.setUint16(at - TAG_LENGTH + VIRTIO_START, start + TAG_LENGTH, true);
}

/** What a frame read from `device` is to be tagged with before it goes into the tunnel; 0: nothing. */
export function tagToInsert(table: SessionTable, device: number): number {
  const row = table.circuit(device);
  if (row < 0) return 0;
  const vlan = table.words[table.rowWord(row) + Row.Vlan]!;
  return (vlan & TAG_ON_DEVICE) !== 0 ? 0 : vlan;
}

/** Makes a frame of the tunnel, at `start`, one of the device: where it begins then; -1: it has no tag. `vlan`: of the row. */
export function fitToDevice(octets: Uint8Array, start: number, end: number, vlan: number): number {
  if (end - start < ADDRESSES + TAG_LENGTH + ETHERTYPE || u16(octets, start + ADDRESSES) !== VLAN) return -1;
  if ((vlan & TAG_ON_DEVICE) !== 0) {
    // Its priority stays; the number is ours to rewrite.
    const tag = start + ADDRESSES + 2;
    setU16(octets, tag, (u16(octets, tag) & ~VLAN_ID) | (vlan & VLAN_ID));
    return start;
  }
  octets.copyWithin(start + TAG_LENGTH, start, start + ADDRESSES);
  return start + TAG_LENGTH;
}

export const VLAN = 0x8100;
export const TAG_LENGTH = 4;
/** Destination and source of a frame. */
export const ADDRESSES = 12;
const ETHERTYPE = 2;
const VLAN_ID = 0x0fff;
const VIRTIO_START = 6;
