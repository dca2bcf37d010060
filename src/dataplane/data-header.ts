// The header of the data messages we send: RFC 2661 §3.1, and RFC 3931 §4.1 with its cookie and sublayer (§4.6). Without a
// Length field and with its number always at one place: all datagrams of a run have one size and one form.
//
//   L2TPv2            |     bits      |  Tunnel ID    |   Session ID  |  [ Ns, Nr ]
//   L2TPv3 over UDP   |     bits      |       0       |          Session ID           |  [ cookie, 4 or 8 ] [ sublayer ]
//   L2TPv3 over IP                                    |          Session ID           |  [ cookie, 4 or 8 ] [ sublayer ]

import { Flag, PEER_COOKIE_SHIFT, Row } from './layout.ts';
import { setI32, setU16 } from './packet.ts';
import { pppHeaderLength, writePppHeader } from './ppp-frame.ts';
import type { SessionTable } from './session-table.ts';

export class DataHeader {
  readonly #table: SessionTable;
  readonly #octets: Uint8Array;

  constructor(table: SessionTable, octets: Uint8Array) {
    this.#table = table;
    this.#octets = octets;
  }

  /** Octets in front of each packet of `row`, those of PPP included. At most 24. */
  length(row: number): number {
    const flags = this.#flags(row);
    return tunnelLength(flags) + framingLength(flags);
  }

  /** Of those, the ones that are the frame's own and count as its octets. */
  framingLength(row: number): number {
    return framingLength(this.#flags(row));
  }

  /** Where in the header the number stands, or -1: none. */
  numberOffset(row: number): number {
    const flags = this.#flags(row);
    if ((flags & Flag.Sequencing) === 0) return -1;
    return (flags & Flag.V3) === 0 ? V2_NS : tunnelLength(flags) - SUBLAYER;
  }

  /** Writes it so that it ends before `end`. */
  write(row: number, end: number, length: number): void {
    const flags = this.#flags(row);
    if ((flags & Flag.V3) !== 0) this.#writeV3(row, flags, end - length);
    else this.#writeV2(row, flags, end - length);
    if ((flags & Flag.Ethernet) === 0) writePppHeader(this.#octets, end - framingLength(flags), flags);
  }

  /** The next number, at its place. */
  writeNumber(row: number, at: number): void {
    const next = this.#table.nextNs(row);
    if ((this.#flags(row) & Flag.V3) === 0) setU16(this.#octets, at, next & 0xffff);
    else setI32(this.#octets, at, SUBLAYER_S | next);
  }

  #writeV2(row: number, flags: number, at: number): void {
    const octets = this.#octets;
    const ids = this.#table.words[this.#table.rowWord(row) + Row.PeerIds]!;
    const sequenced = (flags & Flag.Sequencing) !== 0;
    setU16(octets, at, sequenced ? V2_SEQUENCED : V2);
    setU16(octets, at + 2, ids >>> 16);
    setU16(octets, at + 4, ids & 0xffff);
    if (!sequenced) return;
    this.writeNumber(row, at + V2_NS);
    // §3.1: "In data messages, Nr is reserved and, if present (as indicated by the S-bit), MUST be ignored".
    setU16(octets, at + V2_NS + 2, 0);
  }

  #writeV3(row: number, flags: number, start: number): void {
    const octets = this.#octets;
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    let at = start;
    if ((flags & Flag.OverIp) === 0) {
      setI32(octets, at, V3 << 16);
      at += 4;
    }
    setI32(octets, at, words[word + Row.PeerIds]!);
    at += 4;
    const cookie = (flags >>> PEER_COOKIE_SHIFT) & 15;
    if (cookie >= 4) setI32(octets, at, words[word + Row.PeerCookie]!);
    if (cookie === 8) setI32(octets, at + 4, words[word + Row.PeerCookie + 1]!);
    at += cookie;
    if ((flags & Flag.SendSublayer) === 0) return;
    if ((flags & Flag.Sequencing) !== 0) this.writeNumber(row, at);
    else setI32(octets, at, 0);
  }

  #flags(row: number): number {
    return this.#table.words[this.#table.rowWord(row) + Row.Flags]!;
  }
}

function tunnelLength(flags: number): number {
  if ((flags & Flag.V3) === 0) return (flags & Flag.Sequencing) !== 0 ? 10 : 6;
  const cookie = (flags >>> PEER_COOKIE_SHIFT) & 15;
  return ((flags & Flag.OverIp) !== 0 ? 4 : 8) + cookie + ((flags & Flag.SendSublayer) !== 0 ? SUBLAYER : 0);
}

function framingLength(flags: number): number {
  return (flags & Flag.Ethernet) !== 0 ? 0 : pppHeaderLength(flags);
}

const [V2, V2_SEQUENCED, V3] = [0x0002, 0x0802, 0x0003];
const V2_NS = 6;
const SUBLAYER = 4;
const SUBLAYER_S = 0x40000000;
