// What a network card does with a TCP super-packet, done here: cut it into packets of the session's size, each with its own
// headers and checksums. Packets that are no super-packets get their checksum finished and go as they are.

import { VIRTIO_HEADER_LENGTH } from '../sys/tun.ts';
import { foldSum } from '../wire/checksum.ts';
import type { Arena } from './arena.ts';
import { countDrops, type Downlink } from './forward.ts';
import { Ip, i32, ipHeaderLength, PROTOCOL_TCP, setI32, setU16, Tcp, TcpFlag, u16 } from './packet.ts';
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

  constructor(arena: Arena, table: SessionTable, downlink: Downlink, sender: Sender) {
    this.#arena = arena;
    this.#table = table;
    this.#downlink = downlink;
    this.#sender = sender;
    this.#template = arena.take(HEADER_SLOT);
    this.#headers = arena.take(MAX_HEADERS * HEADER_SLOT);
  }

  /** What was read from the TUN of `device`: a virtio header at `at` and a packet behind it, `length` together. */
  handle(device: number, at: number, length: number): Verdict {
    const packet = at + VIRTIO_HEADER_LENGTH;
    const size = length - VIRTIO_HEADER_LENGTH;
    if (size < 20) return this.#drop(Verdict.NotIpv4, 1);
    const { octets } = this.#arena;
    const partial = (octets[at]! & NEEDS_CHECKSUM) !== 0;
    // The bit for ECN changes nothing for us: CWR is handled for all.
    const gsoType = octets[at + 1]! & ~GSO_ECN;
    if (gsoType === GSO_NONE) return this.#handleWhole(device, at, packet, size, partial);
    const piece = octets[at + 4]! | (octets[at + 5]! << 8);
    const ipLength = ipHeaderLength(octets, packet);
    const tcp = packet + ipLength;
    // We asked the kernel for TCP over IPv4 and IPv6 only, and IPv6 has no session to go to.
    if (gsoType !== GSO_TCP4 || piece === 0 || octets[packet + Ip.Protocol] !== PROTOCOL_TCP || ipLength + 20 > size) {
      return this.#drop(Verdict.NotIpv4, 1);
    }
    const headers = ipLength + ((octets[tcp + Tcp.Offset]! >>> 4) << 2);
    if (headers > size || headers < ipLength + 20) return this.#drop(Verdict.NotIpv4, 1);
    const verdict = this.#downlink.handle(device, packet, size, Math.min(size, headers + piece), true);
    if (verdict === Verdict.Forward) this.#cut(packet, size, ipLength, headers, piece);
    return verdict;
  }

  /** All that was handed on has been sent: memory may be used again. */
  reset(): void {
    this.#headersUsed = 0;
  }

  #handleWhole(device: number, at: number, packet: number, size: number, partial: boolean): Verdict {
    const verdict = this.#downlink.handle(device, packet, size, size, partial);
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
    const downlink = this.#downlink;
    // The tunnel header goes where the virtio header was: one piece of memory, one iovec.
    const header = downlink.headerLength(downlink.row);
    downlink.writeHeader(downlink.row, packet, header);
    this.#sender.append(downlink.row, packet - header, header + size, 0, 0);
    downlink.countOutput(downlink.row, 1, size + header - (header >= SEQUENCED_HEADER ? 10 : 6));
    return verdict;
  }

  #cut(packet: number, size: number, ipLength: number, headers: number, piece: number): void {
    const { octets, words } = this.#arena;
    const downlink = this.#downlink;
    const row = downlink.row;
    const tunnelHeader = downlink.headerLength(row);
    const total = tunnelHeader + headers;
    const sequenced = tunnelHeader >= SEQUENCED_HEADER;
    // The template: tunnel header and the packet's own headers with every field that varies at zero.
    const template = this.#template;
    const ip = template + tunnelHeader;
    const tcp = ip + ipLength;
    octets.copyWithin(ip, packet, packet + headers);
    downlink.writeHeader(row, ip, tunnelHeader);
    const id = u16(octets, ip + Ip.Id);
    const sequence = i32(octets, tcp + Tcp.Sequence);
    const flags = octets[tcp + Tcp.Flags]!;
    setU16(octets, ip + Ip.Length, 0);
    setU16(octets, ip + Ip.Id, 0);
    setU16(octets, ip + Ip.Checksum, 0);
    setI32(octets, tcp + Tcp.Sequence, 0);
    octets[tcp + Tcp.Flags] = 0;
    setU16(octets, tcp + Tcp.Checksum, 0);
    // RFC 1071 §2 (A): sums may be taken in parts. What all pieces share is summed once.
    const ipSum = this.#arena.sum(ip, ipLength);
    const tcpSum = this.#arena.sum(tcp, headers - ipLength) + this.#arena.sum(ip + Ip.Source, 8) + PROTOCOL_TCP;

    const tcpLength = headers - ipLength;
    const lastFlags = flags & ~TcpFlag.Cwr;
    const innerFlags = lastFlags & ~(TcpFlag.Fin | TcpFlag.Psh);
    let pieces = 0;
    for (let offset = headers; offset < size; offset += piece) {
      const payload = Math.min(piece, size - offset);
      const slot = this.#takeHeader();
      // By words: both lie on a boundary, and what comes along behind the headers is overwritten by none.
      for (let word = 0; word < (total + 3) >>> 2; word++) words[(slot >>> 2) + word] = words[(template >>> 2) + word]!;
      const ipAt = slot + tunnelHeader;
      const tcpAt = ipAt + ipLength;
      // RFC 2661 §5.4: each datagram has its own Ns, the template's went with the first.
      if (sequenced && pieces > 0) downlink.writeNs(row, slot + NS_OFFSET);
      const pieceId = (id + pieces) & 0xffff;
      setU16(octets, ipAt + Ip.Length, headers + payload);
      setU16(octets, ipAt + Ip.Id, pieceId);
      setU16(octets, ipAt + Ip.Checksum, ~foldSum(ipSum + headers + payload + pieceId) & 0xffff);
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
      this.#sender.append(row, slot, total, packet + offset, payload);
      pieces++;
    }
    const ppp = tunnelHeader - (sequenced ? 10 : 6);
    downlink.countOutput(row, pieces, size + (pieces - 1) * headers + pieces * ppp);
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

const NEEDS_CHECKSUM = 1;
const [GSO_NONE, GSO_TCP4, GSO_ECN] = [0, 1, 0x80];
/** Tunnel header of at most 14 octets, IPv4 and TCP headers of at most 60 each. */
const HEADER_SLOT = 136;
const MAX_HEADERS = 1024;
/** The shortest tunnel header with Ns: 10 octets and a compressed PPP protocol field; the longest without has 10. */
const SEQUENCED_HEADER = 11;
const NS_OFFSET = 6;
