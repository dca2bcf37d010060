// Packets put together from what a test says of them; everything not said is sound.

import { internetChecksum, sumWords } from '../../../src/wire/checksum.ts';
import { parseIpv4 } from '../../../src/wire/ip.ts';

export interface MessageParts {
  readonly length?: boolean | number;
  readonly ns?: number;
  readonly offset?: number;
  readonly priority?: boolean;
  readonly reserved?: number;
  readonly version?: number;
  readonly tunnel?: number;
  readonly session?: number;
  readonly payload: Uint8Array;
  /** Octets after the message, within the datagram. */
  readonly padding?: number;
}

/** An L2TPv2 data message with any of its optional fields (RFC 2661 §3.1). */
export function dataMessage(parts: MessageParts): Uint8Array {
  const { length = false, ns, offset, priority = false, reserved = 0, version = 2, padding = 0 } = parts;
  const bits =
    (length === false ? 0 : 0x4000) |
    (ns === undefined ? 0 : 0x0800) |
    (offset === undefined ? 0 : 0x0200) |
    (priority ? 0x0100 : 0) |
    reserved |
    version;
  const words: number[] = [bits];
  if (length !== false) words.push(0);
  words.push(parts.tunnel ?? 7, parts.session ?? 9);
  if (ns !== undefined) words.push(ns, 0xdead);
  const octets = words.flatMap((word) => [word >>> 8, word & 255]);
  if (offset !== undefined) octets.push(offset >>> 8, offset & 255, ...new Array<number>(offset).fill(0xee));
  octets.push(...parts.payload);
  if (length !== false) {
    const said = length === true ? octets.length : length;
    octets[2] = said >>> 8;
    octets[3] = said & 255;
  }
  return Uint8Array.from([...octets, ...new Array<number>(padding).fill(0xcc)]);
}

export const PPP_IPV4 = Uint8Array.of(0xff, 0x03, 0x00, 0x21);

export function framed(packet: Uint8Array, header = PPP_IPV4): Uint8Array {
  return Uint8Array.from([...header, ...packet]);
}

export interface PacketParts {
  readonly source?: string;
  readonly target?: string;
  readonly protocol?: number;
  readonly options?: number;
  readonly fragment?: number;
  readonly id?: number;
  readonly ttl?: number;
  readonly tos?: number;
  readonly payload: Uint8Array;
}

export function ipv4Packet(parts: PacketParts): Uint8Array {
  const header = 20 + (parts.options ?? 0);
  const packet = new Uint8Array(header + parts.payload.length);
  const view = new DataView(packet.buffer);
  packet[0] = 0x40 | (header / 4);
  packet[1] = parts.tos ?? 0;
  view.setUint16(2, packet.length);
  view.setUint16(4, parts.id ?? 1);
  view.setUint16(6, parts.fragment ?? 0x4000);
  packet[8] = parts.ttl ?? 64;
  packet[9] = parts.protocol ?? 17;
  view.setUint32(12, parseIpv4(parts.source ?? '10.66.0.2'));
  view.setUint32(16, parseIpv4(parts.target ?? '10.66.0.1'));
  packet.fill(1, 20, header);
  view.setUint16(10, internetChecksum(packet, 0, header));
  packet.set(parts.payload, header);
  return packet;
}

export interface TcpParts extends Omit<PacketParts, 'payload' | 'protocol'> {
  readonly sequence?: number;
  readonly acknowledged?: number;
  readonly flags?: number;
  readonly window?: number;
  readonly tcpOptions?: readonly number[];
  readonly sourcePort?: number;
  readonly data?: Uint8Array;
}

/** A TCP packet whose checksum is right. `tcpOptions`: a multiple of four octets. */
export function tcpPacket(parts: TcpParts): Uint8Array {
  const options = parts.tcpOptions ?? [];
  const data = parts.data ?? new Uint8Array();
  const segment = new Uint8Array(20 + options.length + data.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, parts.sourcePort ?? 4000);
  view.setUint16(2, 5000);
  view.setUint32(4, parts.sequence ?? 1000);
  view.setUint32(8, parts.acknowledged ?? 77);
  segment[12] = ((20 + options.length) / 4) << 4;
  segment[13] = parts.flags ?? 0x10;
  view.setUint16(14, parts.window ?? 512);
  segment.set(options, 20);
  segment.set(data, 20 + options.length);
  const packet = ipv4Packet({ ...parts, protocol: 6, payload: segment });
  const at = 20 + (parts.options ?? 0);
  new DataView(packet.buffer).setUint16(at + 16, tcpChecksum(packet));
  return packet;
}

/** What the checksum field would have to be; 0 if the one in place is right. */
export function tcpChecksum(packet: Uint8Array): number {
  const at = (packet[0]! & 15) * 4;
  const pseudo = sumWords(packet, 12, 20) + 6 + packet.length - at;
  return internetChecksum(packet, at, packet.length, pseudo);
}
