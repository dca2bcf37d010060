// Netlink messages and their attributes, netlink(7) and rtnetlink(7): the frame that link, address and route share.
// Numbers are in host order, which is little-endian on every machine we run on; addresses inside are in network order.
//
//    0               4       6       8               12              16
//   |    Length     | Type  | Flags |   Sequence    |    Port ID    | family header, then attributes
//   attribute: | Length(2) | Type(2) | value | padding to 4 |

import { DecodeError } from '../wire/errors.ts';

export const MessageType = {
  Error: 2,
  Done: 3,
  NewLink: 16,
  DelLink: 17,
  GetLink: 18,
  NewAddress: 20,
  DelAddress: 21,
  GetAddress: 22,
  NewRoute: 24,
  DelRoute: 25,
  GetRoute: 26,
} as const;

export const MessageFlag = {
  Request: 0x1,
  Multi: 0x2,
  Acknowledge: 0x4,
  Replace: 0x100,
  Exclusive: 0x200,
  Dump: 0x300,
  Create: 0x400,
} as const;

/** Multicast groups, for notifications. */
export const Group = { Link: 1, Ipv4Address: 5, Ipv4Route: 7, Ipv6Address: 9 } as const;

export const AF_INET = 2;
export const AF_INET6 = 10;
export const HEADER_LENGTH = 16;

export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Family header and attributes, not copied. */
  readonly payload: Uint8Array;
}

/** What one receive brought: usually many messages in a dump. */
export function decodeMessages(octets: Uint8Array): NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  const view = viewOf(octets);
  for (let at = 0; at < octets.length; ) {
    if (octets.length - at < HEADER_LENGTH) throw new DecodeError('truncated', at, 'a netlink header of 16 octets');
    const length = view.getUint32(at, true);
    if (length < HEADER_LENGTH || length > octets.length - at) {
      throw new DecodeError('netlink-length', at, `length ${length}, ${octets.length - at} octets left`);
    }
    messages.push({
      type: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      sequence: view.getUint32(at + 8, true),
      payload: octets.subarray(at + HEADER_LENGTH, at + length),
    });
    at += aligned(length);
  }
  return messages;
}

/** The error number of an acknowledgement, positive; 0 is a yes. Undefined: the message is none. */
export function decodeAcknowledgement(message: NetlinkMessage): number | undefined {
  if (message.type !== MessageType.Error) return undefined;
  if (message.payload.length < 4) throw new DecodeError('truncated', 0, 'an error number of 4 octets');
  return 0 - viewOf(message.payload).getInt32(0, true);
}

/** Attributes by type, from `start` of a payload. The last of two equal ones stands, as in the kernel. */
export function decodeAttributes(payload: Uint8Array, start: number): Map<number, Uint8Array> {
  const attributes = new Map<number, Uint8Array>();
  const view = viewOf(payload);
  for (let at = start; payload.length - at >= ATTRIBUTE_HEADER; ) {
    const length = view.getUint16(at, true);
    if (length < ATTRIBUTE_HEADER || length > payload.length - at) {
      throw new DecodeError('attribute-length', at, `length ${length}, ${payload.length - at} octets left`);
    }
    const type = view.getUint16(at + 2, true) & ATTRIBUTE_TYPE;
    attributes.set(type, payload.subarray(at + ATTRIBUTE_HEADER, at + length));
    at += aligned(length);
  }
  return attributes;
}

/** A request being written: family header first, then attributes; `finish` sets the length. */
export class RequestWriter {
  #octets = new Uint8Array(256);
  #view = viewOf(this.#octets);
  #length = HEADER_LENGTH;

  constructor(type: number, flags: number) {
    this.#view.setUint16(4, type, true);
    this.#view.setUint16(6, flags | MessageFlag.Request, true);
  }

  u8(value: number): this {
    this.#view.setUint8(this.#grow(1), value);
    return this;
  }

  u16(value: number): this {
    this.#view.setUint16(this.#grow(2), value, true);
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#grow(4), value, true);
    return this;
  }

  attribute(type: number, value: Uint8Array): this {
    this.u16(ATTRIBUTE_HEADER + value.length).u16(type);
    this.#octets.set(value, this.#grow(aligned(value.length)));
    return this;
  }

  u32Attribute(type: number, value: number): this {
    return this.attribute(type, u32Octets(value));
  }

  /** With sequence number 0: whoever sends it puts in its own. */
  finish(): Uint8Array {
    this.#view.setUint32(0, this.#length, true);
    return this.#octets.slice(0, this.#length);
  }

  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#octets.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#octets.length * 2));
      larger.set(this.#octets);
      this.#octets = larger;
      this.#view = viewOf(larger);
    }
    return start;
  }
}

/** An attribute whose value is a number of attributes. */
export function nested(attributes: readonly (readonly [type: number, value: number])[]): Uint8Array {
  const octets = new Uint8Array(attributes.length * 8);
  const view = viewOf(octets);
  for (const [index, [type, value]] of attributes.entries()) {
    view.setUint16(index * 8, 8, true);
    view.setUint16(index * 8 + 2, type, true);
    view.setUint32(index * 8 + 4, value, true);
  }
  return octets;
}

export function setSequence(message: Uint8Array, sequence: number): void {
  viewOf(message).setUint32(8, sequence, true);
}

export function readU32(value: Uint8Array | undefined): number | undefined {
  return value === undefined || value.length < 4 ? undefined : viewOf(value).getUint32(0, true);
}

function u32Octets(value: number): Uint8Array {
  const octets = new Uint8Array(4);
  viewOf(octets).setUint32(0, value, true);
  return octets;
}

export function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.length);
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}

const ATTRIBUTE_HEADER = 4;
/** The two highest bits say "nested" and "network order". */
const ATTRIBUTE_TYPE = 0x3fff;
