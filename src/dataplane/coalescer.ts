// Packets on their way into TUN devices. Those of one TCP stream that follow each other become one super-packet again, as
// the kernel's own GRO would have it, so Linux handles sixty segments at the price of one. All else is written alone.

import * as libc from '../sys/libc.ts';
import { IOVEC_SIZE, writeIovec } from '../sys/message-header.ts';
import { VIRTIO_HEADER_LENGTH } from '../sys/tun.ts';
import { foldSum } from '../wire/checksum.ts';
import type { Arena } from './arena.ts';
import { countDrops } from './drops.ts';
import { DONT_FRAGMENT, FRAGMENTED, Ip, i32, PROTOCOL_TCP, setU16, Tcp, TcpFlag, u16 } from './packet.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class Coalescer {
  readonly #arena: Arena;
  readonly #table: SessionTable;
  /** FLOWS records of numbers, and beside each its virtio header and iovecs. */
  readonly #flows = new Int32Array(FLOWS * FLOW_WORDS);
  readonly #virtio: number;
  readonly #iovecs: number;
  readonly #plainIovecs: number;
  #next = 0;

  constructor(arena: Arena, table: SessionTable) {
    this.#arena = arena;
    this.#table = table;
    this.#virtio = arena.take((FLOWS + 1) * VIRTIO_SLOT);
    this.#iovecs = arena.take(FLOWS * FLOW_IOVECS * IOVEC_SIZE);
    this.#plainIovecs = arena.take(2 * IOVEC_SIZE);
    for (let index = 0; index < FLOWS * FLOW_IOVECS; index++) {
      arena.prepareIovec(this.#iovecs + index * IOVEC_SIZE);
    }
    for (let flow = 0; flow < FLOWS; flow++) {
      arena.pointIovec(this.#iovecs + flow * FLOW_IOVECS * IOVEC_SIZE, this.#virtio + flow * VIRTIO_SLOT, 10);
    }
    writeIovec(arena.view, this.#plainIovecs, arena.address + this.#virtio + FLOWS * VIRTIO_SLOT, VIRTIO_HEADER_LENGTH);
    arena.prepareIovec(this.#plainIovecs + IOVEC_SIZE);
  }

  /** A sound IPv4 packet for the device behind `fd`: it stays where it is until `flush`. */
  write(fd: number, row: number, at: number, length: number): void {
    const { octets } = this.#arena;
    // A TCP packet that is whole, without IP options: everything else is no business of a flow.
    const isTcp = octets[at] === 0x45 && octets[at + Ip.Protocol] === PROTOCOL_TCP && length >= 40;
    if (!isTcp || (u16(octets, at + Ip.Fragment) & FRAGMENTED) !== 0) {
      this.writeAlone(fd, row, at, length);
      return;
    }
    const headers = 20 + ((octets[at + 20 + Tcp.Offset]! >>> 4) << 2);
    const payload = length - headers;
    const flow = this.#find(fd, at);
    const flags = octets[at + 20 + Tcp.Flags]!;
    // RFC 9293 §3.10.7: every other flag has to be seen with exactly its own octets.
    const plain = (flags & ~TcpFlag.Psh) === TcpFlag.Ack && headers >= 40 && payload > 0;
    if (plain && flow >= 0 && this.#continues(flow, at, length, headers) && this.#isIntact(at, length)) {
      this.#append(flow, at, headers, payload);
      if ((flags & TcpFlag.Psh) !== 0) this.#flushFlow(flow);
      return;
    }
    // Out of step with its flow: what came before goes first.
    if (flow >= 0) this.#flushFlow(flow);
    if (plain && (flags & TcpFlag.Psh) === 0 && this.#isIntact(at, length)) this.#start(fd, row, at, headers, payload);
    else this.writeAlone(fd, row, at, length);
  }

  flush(): void {
    for (let flow = 0; flow < FLOWS; flow++) {
      if (this.#flows[flow * FLOW_WORDS + F.Pieces] !== 0) this.#flushFlow(flow);
    }
  }

  #find(fd: number, at: number): number {
    const { octets } = this.#arena;
    const source = i32(octets, at + Ip.Source);
    const target = i32(octets, at + Ip.Target);
    const ports = i32(octets, at + 20);
    const flows = this.#flows;
    for (let flow = 0; flow < FLOWS; flow++) {
      const base = flow * FLOW_WORDS;
      if (flows[base + F.Pieces] === 0 || flows[base + F.Ports] !== ports) continue;
      if (flows[base + F.Source] === source && flows[base + F.Target] === target && flows[base + F.Fd] === fd)
        return flow;
    }
    return -1;
  }

  /** Is this the packet that the segmenting of a larger one would give next? */
  #continues(flow: number, at: number, length: number, headers: number): boolean {
    const { octets } = this.#arena;
    const flows = this.#flows;
    const base = flow * FLOW_WORDS;
    const head = flows[base + F.At]!;
    if (i32(octets, at + 20 + Tcp.Sequence) !== flows[base + F.NextSequence]) return false;
    if (headers !== flows[base + F.Headers] || length - headers > flows[base + F.Size]!) return false;
    if (flows[base + F.Pieces]! >= MAX_PIECES || flows[base + F.Length]! + length - headers > MAX_LENGTH) return false;
    if (octets[at + Ip.Tos] !== octets[head + Ip.Tos] || octets[at + Ip.Ttl] !== octets[head + Ip.Ttl]) return false;
    const fragment = u16(octets, at + Ip.Fragment);
    if (fragment !== u16(octets, head + Ip.Fragment)) return false;
    // Without DF the ids must count up, for cutting will make them so again (RFC 6864 leaves them free with DF).
    const id = (u16(octets, head + Ip.Id) + flows[base + F.Pieces]!) & 0xffff;
    if ((fragment & DONT_FRAGMENT) === 0 && u16(octets, at + Ip.Id) !== id) return false;
    // An acknowledgement or a window of its own is news that must not wait or get lost.
    if (i32(octets, at + 20 + Tcp.Acknowledged) !== i32(octets, head + 20 + Tcp.Acknowledged)) return false;
    if (u16(octets, at + 20 + Tcp.Window) !== u16(octets, head + 20 + Tcp.Window)) return false;
    for (let offset = 20 + Tcp.Options; offset < headers; offset++) {
      if (octets[at + offset] !== octets[head + offset]) return false;
    }
    return true;
  }

  /** Both checksums right: Linux will not look at them any more. */
  #isIntact(at: number, length: number): boolean {
    const { octets, sum } = this.#arena;
    if (sum(at, 20) !== 0xffff) return false;
    const tcp = foldSum(sum(at + 20, length - 20) + sum(at + Ip.Source, 8) + PROTOCOL_TCP + length - 20);
    return tcp === 0xffff && octets[at + 20 + Tcp.Urgent] === 0 && octets[at + 20 + Tcp.Urgent + 1] === 0;
  }

  /** The first packet of a flow stays as it is: if none follows it is written untouched. */
  #start(fd: number, row: number, at: number, headers: number, payload: number): void {
    const { octets } = this.#arena;
    const flow = this.#freeFlow();
    const base = flow * FLOW_WORDS;
    const flows = this.#flows;
    flows[base + F.Fd] = fd;
    flows[base + F.Row] = row;
    flows[base + F.At] = at;
    flows[base + F.Headers] = headers;
    flows[base + F.Size] = payload;
    flows[base + F.Length] = headers + payload;
    flows[base + F.Pieces] = 1;
    flows[base + F.NextSequence] = i32(octets, at + 20 + Tcp.Sequence) + payload;
    flows[base + F.Source] = i32(octets, at + Ip.Source);
    flows[base + F.Target] = i32(octets, at + Ip.Target);
    flows[base + F.Ports] = i32(octets, at + 20);
    this.#arena.pointIovec(this.#iovecs + (flow * FLOW_IOVECS + 1) * IOVEC_SIZE, at, headers + payload);
  }

  #append(flow: number, at: number, headers: number, payload: number): void {
    const { octets } = this.#arena;
    const flows = this.#flows;
    const base = flow * FLOW_WORDS;
    const pieces = flows[base + F.Pieces]! + 1;
    flows[base + F.Pieces] = pieces;
    flows[base + F.Length]! += payload;
    flows[base + F.NextSequence]! += payload;
    octets[flows[base + F.At]! + 20 + Tcp.Flags]! |= octets[at + 20 + Tcp.Flags]! & TcpFlag.Psh;
    this.#arena.pointIovec(this.#iovecs + (flow * FLOW_IOVECS + pieces) * IOVEC_SIZE, at + headers, payload);
    // A shorter one ends a super-packet.
    if (payload < flows[base + F.Size]!) this.#flushFlow(flow);
  }

  /** A place, made free in turn if there is none. */
  #freeFlow(): number {
    for (let flow = 0; flow < FLOWS; flow++) if (this.#flows[flow * FLOW_WORDS + F.Pieces] === 0) return flow;
    this.#next = (this.#next + 1) % FLOWS;
    this.#flushFlow(this.#next);
    return this.#next;
  }

  #flushFlow(flow: number): void {
    const flows = this.#flows;
    const base = flow * FLOW_WORDS;
    const pieces = flows[base + F.Pieces]!;
    // An append may have flushed already.
    if (pieces === 0) return;
    flows[base + F.Pieces] = 0;
    const fd = flows[base + F.Fd]!;
    const at = flows[base + F.At]!;
    const length = flows[base + F.Length]!;
    if (pieces === 1) {
      this.writeAlone(fd, flows[base + F.Row]!, at, length);
      return;
    }
    this.#writeSuperHeaders(flow, at, length);
    // Virtio header, first packet whole, then the payloads of the others.
    const iovecs = this.#arena.address + this.#iovecs + flow * FLOW_IOVECS * IOVEC_SIZE;
    if (libc.writev(fd, iovecs, pieces + 1) < 0) {
      countDrops(this.#table, flows[base + F.Row]!, Verdict.DeviceRefused, pieces);
    }
  }

  /** IP length and checksum anew; the TCP checksum becomes the pseudo-header's sum, which the virtio header says is unfinished. */
  #writeSuperHeaders(flow: number, at: number, length: number): void {
    const { octets, view, sum } = this.#arena;
    setU16(octets, at + Ip.Length, length);
    setU16(octets, at + Ip.Checksum, 0);
    setU16(octets, at + Ip.Checksum, ~sum(at, 20) & 0xffff);
    setU16(octets, at + 20 + Tcp.Checksum, foldSum(sum(at + Ip.Source, 8) + PROTOCOL_TCP + length - 20));
    const virtio = this.#virtio + flow * VIRTIO_SLOT;
    octets[virtio] = NEEDS_CHECKSUM;
    octets[virtio + 1] = GSO_TCP4;
    view.setUint16(virtio + 2, this.#flows[flow * FLOW_WORDS + F.Headers]!, true);
    view.setUint16(virtio + 4, this.#flows[flow * FLOW_WORDS + F.Size]!, true);
    view.setUint16(virtio + 6, 20, true);
    view.setUint16(virtio + 8, Tcp.Checksum, true);
  }

  /** What is no business of a flow: at once, as it is. */
  writeAlone(fd: number, row: number, at: number, length: number): void {
    this.#arena.pointIovec(this.#plainIovecs + IOVEC_SIZE, at, length);
    if (libc.writev(fd, this.#arena.address + this.#plainIovecs, 2) < 0) {
      countDrops(this.#table, row, Verdict.DeviceRefused, 1);
    }
  }
}

/** More than a few streams in one burst of a socket are rare; what finds no place sends the oldest off. */
const FLOWS = 8;
const FLOW_WORDS = 16;
// biome-ignore format: one record
const F = { Fd: 0, Row: 1, At: 2, Headers: 3, Size: 4, Length: 5, Pieces: 6, NextSequence: 7, Source: 8, Target: 9, Ports: 10 } as const;
const MAX_PIECES = 64;
const FLOW_IOVECS = MAX_PIECES + 1;
const MAX_LENGTH = 65535;
/** The 10 octets of a virtio header, on a boundary. */
const VIRTIO_SLOT = 16;
const NEEDS_CHECKSUM = 1;
const GSO_TCP4 = 1;
