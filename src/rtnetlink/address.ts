// IPv4 addresses of devices: RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR, rtnetlink(7).
//
//   | family(1) | prefix length(1) | flags(1) | scope(1) | device index(4) | attributes

import { DecodeError } from '../wire/errors.ts';
import { formatIpv4, maskOfLength, parseIpv4 } from '../wire/ip.ts';
import { ipv4 } from '../wire/values.ts';
import {
  AF_INET,
  decodeAttributes,
  MessageFlag,
  MessageType,
  type NetlinkMessage,
  RequestWriter,
  viewOf,
} from './message.ts';

export interface Address {
  readonly index: number;
  readonly address: string;
  /** With `peer`, that of the peer's prefix. */
  readonly prefixLength: number;
  /** The other end of a point-to-point link. */
  readonly peer?: string;
}

export interface AddressNotice extends Address {
  /** The message said the address is gone. */
  readonly removed: boolean;
}

/** An address that is there already is no error. */
export function encodeAddressAddition(address: Address): Uint8Array {
  return encodeAddress(MessageType.NewAddress, MessageFlag.Create | MessageFlag.Replace, address);
}

export function encodeAddressRemoval(address: Address): Uint8Array {
  return encodeAddress(MessageType.DelAddress, 0, address);
}

export function encodeAddressDump(): Uint8Array {
  const w = new RequestWriter(MessageType.GetAddress, MessageFlag.Dump);
  return w.u8(AF_INET).u8(0).u8(0).u8(0).u32(0).finish();
}

/** Undefined if the message is about something else, IPv6 included. */
export function decodeAddress(message: NetlinkMessage): AddressNotice | undefined {
  if (message.type !== MessageType.NewAddress && message.type !== MessageType.DelAddress) return undefined;
  if (message.payload.length < HEADER) throw new DecodeError('truncated', 0, 'an address header of 8 octets');
  const view = viewOf(message.payload);
  const attributes = decodeAttributes(message.payload, HEADER);
  const near = attributes.get(IFA_LOCAL);
  const far = attributes.get(IFA_ADDRESS);
  const own = near ?? far;
  if (view.getUint8(0) !== AF_INET || own === undefined) return undefined;
  const address = ipv4.decode(own);
  const peer = far === undefined ? address : ipv4.decode(far);
  return {
    index: view.getUint32(4, true),
    address,
    prefixLength: view.getUint8(1),
    ...(peer === address ? {} : { peer }),
    removed: message.type === MessageType.DelAddress,
  };
}

function encodeAddress(type: number, flags: number, { index, address, prefixLength, peer }: Address): Uint8Array {
  const w = new RequestWriter(type, flags | MessageFlag.Acknowledge);
  w.u8(AF_INET).u8(prefixLength).u8(0).u8(RT_SCOPE_UNIVERSE).u32(index);
  w.attribute(IFA_LOCAL, ipv4.encode(address)).attribute(IFA_ADDRESS, ipv4.encode(peer ?? address));
  // Without a peer the directed broadcast address comes along, as `ip address add … brd +` has it.
  if (peer === undefined && prefixLength < 31) {
    const hosts = ~maskOfLength(prefixLength) >>> 0;
    w.attribute(IFA_BROADCAST, ipv4.encode(formatIpv4((parseIpv4(address) | hosts) >>> 0)));
  }
  return w.finish();
}

const HEADER = 8;
const RT_SCOPE_UNIVERSE = 0;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
