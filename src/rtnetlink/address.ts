// Addresses of devices, IPv4 and IPv6: RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR, rtnetlink(7).
//
//   | family(1) | prefix length(1) | flags(1) | scope(1) | device index(4) | attributes

import { DecodeError } from '../wire/errors.ts';
import { formatIpv4, maskOfLength, parseIpv4 } from '../wire/ip.ts';
import { formatIpv6, type Ipv6Words, readIpv6 } from '../wire/ipv6.ts';
import { ipv4 } from '../wire/values.ts';
import {
  AF_INET,
  AF_INET6,
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

export function encodeAddressDump(family: 'ipv4' | 'ipv6' = 'ipv4'): Uint8Array {
  const w = new RequestWriter(MessageType.GetAddress, MessageFlag.Dump);
  return w
    .u8(family === 'ipv4' ? AF_INET : AF_INET6)
    .u8(0)
    .u8(0)
    .u8(0)
    .u32(0)
    .finish();
}

/** Undefined if the message is about something else. Of IPv6 those of the whole world alone: a tunnel has no link-local ends. */
export function decodeAddress(message: NetlinkMessage): AddressNotice | undefined {
  if (message.type !== MessageType.NewAddress && message.type !== MessageType.DelAddress) return undefined;
  if (message.payload.length < HEADER) throw new DecodeError('truncated', 0, 'an address header of 8 octets');
  const view = viewOf(message.payload);
  const attributes = decodeAttributes(message.payload, HEADER);
  const near = attributes.get(IFA_LOCAL);
  const far = attributes.get(IFA_ADDRESS);
  const own = near ?? far;
  const decode = view.getUint8(0) === AF_INET ? ipv4.decode : decodeIpv6;
  const isWide = view.getUint8(0) === AF_INET || view.getUint8(3) === RT_SCOPE_UNIVERSE;
  if (![AF_INET, AF_INET6].includes(view.getUint8(0)) || !isWide || own === undefined) return undefined;
  const address = decode(own);
  const peer = far === undefined ? address : decode(far);
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
  const words = readIpv6(address);
  if (words !== undefined) {
    // Ours from the first moment: a pseudowire is not to wait for Linux to ask around for another owner (RFC 4862 §5.4).
    w.u8(AF_INET6).u8(prefixLength).u8(IFA_F_NODAD).u8(RT_SCOPE_UNIVERSE).u32(index);
    const octets = encodeIpv6(words);
    return w.attribute(IFA_LOCAL, octets).attribute(IFA_ADDRESS, octets).finish();
  }
  w.u8(AF_INET).u8(prefixLength).u8(0).u8(RT_SCOPE_UNIVERSE).u32(index);
  w.attribute(IFA_LOCAL, ipv4.encode(address)).attribute(IFA_ADDRESS, ipv4.encode(peer ?? address));
  // Without a peer the directed broadcast address comes along, as `ip address add … brd +` has it.
  if (peer === undefined && prefixLength < 31) {
    const hosts = ~maskOfLength(prefixLength) >>> 0;
    w.attribute(IFA_BROADCAST, ipv4.encode(formatIpv4((parseIpv4(address) | hosts) >>> 0)));
  }
  return w.finish();
}

function encodeIpv6(words: Ipv6Words): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  for (const [at, word] of words.entries()) view.setUint32(at * 4, word);
  return new Uint8Array(view.buffer);
}

function decodeIpv6(octets: Uint8Array): string {
  if (octets.length !== 16) throw new DecodeError('truncated', 0, 'an IPv6 address of 16 octets');
  const view = viewOf(octets);
  return formatIpv6([view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)]);
}

const HEADER = 8;
const RT_SCOPE_UNIVERSE = 0;
const IFA_F_NODAD = 2;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
