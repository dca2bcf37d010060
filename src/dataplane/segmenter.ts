// What a network card does with a TCP super-packet, done here: cut it into packets of the session's size, each with its own
// headers and checksums. Packets that are no super-packets get their checksum finished and go as they are. The same for the
// frames of an Ethernet device, whose packets begin behind the Ethernet header.

import { SEAL_ROOM } from '../ppp/mppe-header.ts';
import { VIRTIO_HEADER_LENGTH } from '../sys/tun.ts';
import { foldSum } from '../wire/checksum.ts';
import type { Arena } from './arena.ts';
import type { Downlink } from './downlink.ts';
import { countDrops } from './drops.ts';
import { Ip, i32, ipHeaderLength, PROTOCOL_TCP, setI32, setU16, Tcp, TcpFlag, u16 } from './packet.ts';
import { PPP_IPV4 } from './ppp-frame.ts';
import { Sealer } from './sealer.ts';
import type { Sender } from './sender.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class Segmenter {
  readonly #arena: Arena;
  readonly #table: SessionTable;
  readonly #downlink: Downlink;
  readonly #sender: Sender;
  readonly #template: number;
  readonly #headers: number;
  #headersUsed = 0;
  readonly #sealer: Sealer;
  /** Sealed packets: what is sealed has to be in one piece. */
  readonly #sealed: number;
  #sealedUsed = 0;

  constructor(arena: Arena, table: SessionTable, downlink: Downlink, sender: Sender) {
    this.#arena = arena;
    this.#table = table;
    this.#downlink = downlink;
    this.#sender = sender;
    this.#template = arena.take(HEADER_SLOT);
    this.#headers = arena.take(MAX_HEADERS * HEADER_SLOT);
    this.#sealer = new Sealer(table, arena.memory);
    this.#sealed = arena.take(SEALED_AREA);
  }

  /** What was read from `device`: a virtio header at `at` and a packet or frame behind it, `length` together. */
  handle(device: number, at: number, length: number): Verdict {
    const packet = at + VIRTIO_HEADER_LENGTH;
    const size = length - VIRTIO_HEADER_LENGTH;
    const { octets } = this.#arena;
    const isFrame = this.#table.circuit(device) >= 0;
    const front = isFrame ? frontOf(octets, packet) : 0;
    if (size < front + (isFrame ? 0 : 20)) return this.#drop(Verdict.NotIpv4, 1);
    const partial = (octets[at]! & NEEDS_CHECKSUM) !== 0;
    // The bit for ECN changes nothing for us: CWR is handled for all.
    const gsoType = octets[at + 1]! & ~GSO_ECN;
    if (gsoType === GSO_NONE) return this.#handleWhole(device, at, packet, size, partial, isFrame);
    const piece = octets[at + 4]! | (octets[at + 5]! << 8);
    const ip = packet + front;
    // IPv6 comes in frames only; on a TUN there is no session for it to go to.
    const version = gsoType === GSO_TCP4 ? 4 : gsoType === GSO_TCP6 && isFrame ? 6 : 0;
    if (size < front + 40 || piece === 0 || octets[ip]! >>> 4 !== version) return this.#drop(Verdict.NotIpv4, 1);
    // Linux makes no super-packets with extension headers (RFC 8200 §4) between IPv6 and TCP; we would cut through them.
    if (octets[ip + (version === 4 ? Ip.Protocol : Ip6.NextHeader)] !== PROTOCOL_TCP)
      return this.#drop(Verdict.NotIpv4, 1);
    const ipLength = version === 4 ? ipHeaderLength(octets, ip) : IPV6_HEADER;
    if (ipLength < 20 || front + ipLength + 20 > size) return this.#drop(Verdict.NotIpv4, 1);
    const headers = front + ipLength + ((octets[ip + ipLength + Tcp.Offset]! >>> 4) << 2);
    if (headers > size || headers < front + ipLength + 20) return this.#drop(Verdict.NotIpv4, 1);
    const largest = Math.min(size, headers + piece);
    const verdict = isFrame
      ? this.#downlink.handleFrame(device, packet, size, largest)
      : this.#downlink.handle(device, packet, size, largest, true);
    if (verdict === Verdict.Forward) this.#cut(packet, size, front, ipLength, headers, piece);
    return verdict;
  }

  /** A frame of the control thread's own, whole from its first octet on; there is room for a header before it. */
  sendFrame(row: number, at: number, length: number): void {
    const header = this.#downlink.aimFrame(row);
    const message = at - header.length;
    header.write(at);
    header.finish(message, length);
    this.#sender.append(row, message, header.length + length, 0, 0, 0);
  }

  /** All that was handed on has been sent: memory may be used again. */
  reset(): void {
    this.#headersUsed = 0;
    this.#sealedUsed = 0;
    this.#sealer.sweep();
  }

  #handleWhole(device: number, at: number, packet: number, size: number, partial: boolean, isFrame: boolean): Verdict {
    const verdict = isFrame
      ? this.#downlink.handleFrame(device, packet, size, size)
      : this.#downlink.handle(device, packet, size, size, partial);
    if (verdict !== Verdict.Forward) return verdict;
    const { octets } = this.#arena;
    if (partial) {
      const start = octets[at + 6]! | (octets[at + 7]! << 8);
      const field = start + (octets[at + 8]! | (octets[at + 9]! << 8));
      if (field + 2 > size) return this.#drop(Verdict.NotIpv4, 1);
      // The field holds the pseudo-header's sum, so that one sum over everything from `start` completes it.
      const checksum = ~this.#arena.sum(packet + start, size - start) & 0xffff;
      setU16(octets, packet + field, checksum === 0 ? 0xffff : checksum);
    }
    const { header, row, tos } = this.#downlink;
    if (header.seals) return this.#sendSealed(packet, size);
    // The tunnel header goes where the virtio header was: one piece of memory, one iovec.
    const message = packet - header.length;
    const frame = header.framingLength + size;
    header.write(packet);
    header.finish(message, frame);
    this.#sender.append(row, message, header.length + size, 0, 0, tos);
    this.#downlink.countOutput(row, 1, frame);
    return verdict;
  }

  /** `front`: octets before the IP header. `headers`: those and the IP and TCP headers. */
  #cut(packet: number, size: number, front: number, ipLength: number, headers: number, piece: number): void {
    const { octets, words } = this.#arena;
    const { header, row, tos } = this.#downlink;
    // What is sealed gets its header afterwards.
    const seals = header.seals;
    const tunnelHeader = seals ? 0 : header.length;
    const framing = header.framingLength;
    const total = tunnelHeader + headers;
    // The template: tunnel header and the packet's own headers with every field that varies at zero.
    const template = this.#template;
    const ip = template + tunnelHeader + front;
    const tcp = ip + ipLength;
    octets.copyWithin(template + tunnelHeader, packet, packet + headers);
    if (!seals) header.write(template + tunnelHeader);
    const isIpv6 = octets[ip]! >>> 4 === 6;
    const id = isIpv6 ? 0 : u16(octets, ip + Ip.Id);
    const sequence = i32(octets, tcp + Tcp.Sequence);
    const flags = octets[tcp + Tcp.Flags]!;
    if (!isIpv6) {
      setU16(octets, ip + Ip.Length, 0);
      setU16(octets, ip + Ip.Id, 0);
      setU16(octets, ip + Ip.Checksum, 0);
    }
    setI32(octets, tcp + Tcp.Sequence, 0);
    octets[tcp + Tcp.Flags] = 0;
    setU16(octets, tcp + Tcp.Checksum, 0);
    // RFC 1071 §2 (A): sums may be taken in parts. What all pieces share is summed once.
    const ipSum = this.#arena.sum(ip, ipLength);
    const tcpLength = headers - front - ipLength;
    const addresses = isIpv6 ? this.#arena.sum(ip + Ip6.Source, 32) : this.#arena.sum(ip + Ip.Source, 8);
    const tcpSum = this.#arena.sum(tcp, tcpLength) + addresses + PROTOCOL_TCP;
    const lastFlags = flags & ~TcpFlag.Cwr;
    const innerFlags = lastFlags & ~(TcpFlag.Fin | TcpFlag.Psh);
    let pieces = 0;
    for (let offset = headers; offset < size; offset += piece) {
      const payload = Math.min(piece, size - offset);
      const slot = seals ? this.#takeSealed(total + payload) : this.#takeHeader();
      // By words: both lie on a boundary, and what comes along behind the headers is overwritten by none.
      for (let word = 0; word < (total + 3) >>> 2; word++) words[(slot >>> 2) + word] = words[(template >>> 2) + word]!;
      const ipAt = slot + tunnelHeader + front;
      const tcpAt = ipAt + ipLength;
      // RFC 2661 §5.4, RFC 2637 §4.2: each datagram has its own number.
      if (!seals) header.finish(slot, framing + headers + payload);
      if (isIpv6) {
        setU16(octets, ipAt + Ip6.PayloadLength, tcpLength + payload);
      } else {
        const pieceId = (id + pieces) & 0xffff;
        const ipTotal = headers - front + payload;
        setU16(octets, ipAt + Ip.Length, ipTotal);
        setU16(octets, ipAt + Ip.Id, pieceId);
        setU16(octets, ipAt + Ip.Checksum, ~foldSum(ipSum + ipTotal + pieceId) & 0xffff);
      }
      const pieceSequence = (sequence + offset - headers) | 0;
      let pieceFlags = offset + piece >= size ? lastFlags : innerFlags;
      // RFC 3168 §6.1.2: CWR is said once, in the first.
      if (pieces === 0) pieceFlags |= flags & TcpFlag.Cwr;
      setI32(octets, tcpAt + Tcp.Sequence, pieceSequence);
      octets[tcpAt + Tcp.Flags] = pieceFlags;
      const payloadSum = this.#arena.sum(packet + offset, payload);
      const sum =
        tcpSum + tcpLength + payload + (pieceSequence >>> 16) + (pieceSequence & 0xffff) + pieceFlags + payloadSum;
      setU16(octets, tcpAt + Tcp.Checksum, ~foldSum(sum) & 0xffff);
      pieces++;
      if (seals) {
        octets.copyWithin(slot + total, packet + offset, packet + offset + payload);
        this.#sendSealed(slot, total + payload);
      } else {
        this.#sender.append(row, slot, total, packet + offset, payload, tos);
      }
    }
    if (seals) return;
    this.#downlink.countOutput(row, pieces, size + (pieces - 1) * headers + pieces * framing);
  }

  /** RFC 3078 §3: the packet at `at` and its protocol go sealed, or not at all. There is room before it. */
  #sendSealed(at: number, length: number): Verdict {
    const { header, row, tos } = this.#downlink;
    const frame = at - PROTOCOL;
    setU16(this.#arena.octets, frame, PPP_IPV4);
    const sealed = this.#sealer.seal(row, frame, length + PROTOCOL);
    if (sealed < 0) {
      countDrops(this.#table, row, Verdict.EncryptionDown, 1);
      return Verdict.EncryptionDown;
    }
    const start = frame - SEAL_ROOM;
    const message = start - header.length;
    header.write(start);
    header.finish(message, header.framingLength + sealed);
    this.#sender.append(row, message, header.length + sealed, 0, 0, tos);
    this.#downlink.countOutput(row, 1, header.framingLength + sealed);
    return Verdict.Forward;
  }

  #takeSealed(length: number): number {
    if (this.#sealedUsed + HEADROOM + length + 63 > SEALED_AREA) {
      this.#sender.flush();
      this.#sealedUsed = 0;
    }
    const at = this.#sealed + this.#sealedUsed + HEADROOM;
    this.#sealedUsed = (this.#sealedUsed + HEADROOM + length + 63) & ~63;
    return at;
  }

  #takeHeader(): number {
    if (this.#headersUsed === MAX_HEADERS) {
      // Only peers with a tiny MSS come here: what is pending goes out first.
      this.#sender.flush();
      this.#headersUsed = 0;
    }
    return this.#headers + this.#headersUsed++ * HEADER_SLOT;
  }

  #drop(verdict: Verdict, packets: number): Verdict {
    countDrops(this.#table, -1, verdict, packets);
    return verdict;
  }
}

/** Octets of an Ethernet header with its tag, if it has one. */
function frontOf(octets: Uint8Array, frame: number): number {
  return u16(octets, frame + ETHERNET_HEADER - 2) === VLAN ? ETHERNET_HEADER + VLAN_TAG : ETHERNET_HEADER;
}

const NEEDS_CHECKSUM = 1;
const [GSO_NONE, GSO_TCP4, GSO_TCP6, GSO_ECN] = [0, 1, 4, 0x80];
/** RFC 8200 §3. */
const Ip6 = { PayloadLength: 4, NextHeader: 6, Source: 8 } as const;
const IPV6_HEADER = 40;
/** Tunnel header of at most 24 octets, an Ethernet header of at most 18, IPv4 and TCP headers of at most 60 each. */
const HEADER_SLOT = 168;
const MAX_HEADERS = 1024;
/** The protocol field of a frame that is sealed: MPPC wants it whole (RFC 2118 §3.1). */
const PROTOCOL = 2;
/** Before a packet that is sealed: tunnel header at most 20 octets, address and control, what `seal` needs, the protocol. */
const HEADROOM = 32;
/** A super-packet's pieces of 1400 octets three times over: larger would not be in the cache any more. */
const SEALED_AREA = 1 << 18;
const [ETHERNET_HEADER, VLAN_TAG, VLAN] = [14, 4, 0x8100];
