// Network devices: RTM_NEWLINK, RTM_DELLINK and RTM_GETLINK, rtnetlink(7).
//
//   | family(1) | pad(1) | device type(2) | index(4) | flags(4) | change mask(4) | attributes

import { DecodeError } from '../wire/errors.ts';
import { decodeLinkStatistics, type LinkStatistics } from './link-statistics.ts';
import {
  decodeAttributes,
  MessageFlag,
  MessageType,
  type NetlinkMessage,
  RequestWriter,
  readU32,
  viewOf,
} from './message.ts';

export interface Link {
  readonly index: number;
  readonly name: string;
  /** Administratively up. */
  readonly up: boolean;
  /** Up and able to send: the cable is in. */
  readonly running: boolean;
  readonly mtu: number;
  /** The largest super-packet the kernel hands over, octets. */
  readonly gsoMaxSize: number | undefined;
  /** Absent of a notice that says less than an answer. */
  readonly statistics?: LinkStatistics | undefined;
  /** The message said the device is gone. */
  readonly removed: boolean;
}

export interface LinkChange {
  readonly index: number;
  readonly up?: boolean;
  readonly mtu?: number;
  readonly gsoMaxSize?: number;
}

export function encodeLinkChange({ index, up, mtu, gsoMaxSize }: LinkChange): Uint8Array {
  const w = new RequestWriter(MessageType.NewLink, MessageFlag.Acknowledge);
  writeHeader(w, index, up === true ? IFF_UP : 0, up === undefined ? 0 : IFF_UP);
  if (mtu !== undefined) w.u32Attribute(IFLA_MTU, mtu);
  if (gsoMaxSize !== undefined) w.u32Attribute(IFLA_GSO_MAX_SIZE, gsoMaxSize);
  return w.finish();
}

/** Asks for one device by its name. */
export function encodeLinkQuery(name: string): Uint8Array {
  const w = new RequestWriter(MessageType.GetLink, MessageFlag.Acknowledge);
  writeHeader(w, 0, 0, 0);
  return w.attribute(IFLA_IFNAME, new TextEncoder().encode(`${name}\0`)).finish();
}

export function encodeLinkDump(): Uint8Array {
  const w = new RequestWriter(MessageType.GetLink, MessageFlag.Dump);
  writeHeader(w, 0, 0, 0);
  return w.finish();
}

/** Undefined if the message is about something else. */
export function decodeLink(message: NetlinkMessage): Link | undefined {
  if (message.type !== MessageType.NewLink && message.type !== MessageType.DelLink) return undefined;
  if (message.payload.length < HEADER) throw new DecodeError('truncated', 0, 'a link header of 16 octets');
  const view = viewOf(message.payload);
  const flags = view.getUint32(8, true);
  const attributes = decodeAttributes(message.payload, HEADER);
  const name = attributes.get(IFLA_IFNAME) ?? new Uint8Array();
  return {
    index: view.getInt32(4, true),
    name: new TextDecoder().decode(name.subarray(0, Math.max(0, name.length - 1))),
    up: (flags & IFF_UP) !== 0,
    running: (flags & IFF_UP) !== 0 && (flags & IFF_LOWER_UP) !== 0,
    mtu: readU32(attributes.get(IFLA_MTU)) ?? 0,
    gsoMaxSize: readU32(attributes.get(IFLA_GSO_MAX_SIZE)),
    statistics: decodeLinkStatistics(attributes.get(IFLA_STATS64)),
    removed: message.type === MessageType.DelLink,
  };
}

function writeHeader(w: RequestWriter, index: number, flags: number, change: number): void {
  w.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
}

const HEADER = 16;
const IFF_UP = 0x1;
const IFF_LOWER_UP = 0x10000;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_STATS64 = 23;
const IFLA_GSO_MAX_SIZE = 41;
