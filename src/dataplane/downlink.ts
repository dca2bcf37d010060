// A packet's way out, from Linux into the tunnel: which session, and whether it may go. Pure: octets and the session table
// in, a verdict number out, what was found left in fields. Nothing here allocates.

import { DataHeader } from './data-header.ts';
import { countDrops } from './drops.ts';
import { Count, Flag, Row } from './layout.ts';
import { News } from './news.ts';
import {
  clampMss,
  Ip,
  i32,
  ipHeaderLength,
  PROTOCOL_GRE,
  PROTOCOL_L2TP,
  PROTOCOL_UDP,
  soundIpv4,
  u16,
} from './packet.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class Downlink {
  row = -1;
  now = 0;
  /** What the outer header of the packet handled last is to have as ToS, if the session is one of L2TPv3. */
  tos = 0;
  /** Of the packet handled last, if it was to be forwarded. */
  readonly header: DataHeader;
  /** What is to be sealed is another thread's: `Verdict.Taken`. */
  handsOver = false;
  /** Where what is sent counts: each thread has counters of its own. */
  countsAt: number = Count.PacketsOut;
  readonly #table: SessionTable;
  readonly #octets: Uint8Array;

  constructor(table: SessionTable, octets: Uint8Array, news = new News()) {
    this.#table = table;
    this.#octets = octets;
    this.header = new DataHeader(table, octets, news);
  }

  /**
   * Finds the session of the packet at `at`. `largest`: the longest IP packet that will go out for it, less than its
   * length if it is a super-packet. `partial`: its TCP or UDP checksum is not finished.
   */
  handle(device: number, at: number, length: number, largest: number, partial: boolean): Verdict {
    const octets = this.#octets;
    const table = this.#table;
    this.row = -1;
    if (length === 0 || soundIpv4(octets, at, length) !== length) return this.#drop(Verdict.NotIpv4);
    const row = table.prefixes.lookup(device, i32(octets, at + Ip.Target));
    if (row < 0) return this.#drop(Verdict.NoRoute);
    this.row = row;
    const words = table.words;
    const word = table.rowWord(row);
    const flags = words[word + Row.Flags]!;
    if ((flags & Flag.NetworkUp) === 0) return this.#drop(Verdict.NetworkDown);
    if ((flags & Flag.EncryptionRequired) !== 0 && (flags & Flag.Seals) === 0)
      return this.#drop(Verdict.EncryptionDown);
    if (largest > words[word + Row.Mtu]!) return this.#drop(Verdict.TooBig);
    if (this.#isOwnTunnel(word, flags, at)) return this.#drop(Verdict.Recursion);
    if (this.handsOver && (flags & Flag.Seals) !== 0) return Verdict.Taken;
    const mss = words[word + Row.MssClamp]!;
    if (mss !== 0) clampMss(octets, at, length, mss, partial);
    this.tos = this.#outerTos(word, flags, octets[at + Ip.Tos]!);
    return this.#forward(row);
  }

  /** The frame of an Ethernet device at `at`: it goes to the device's one session. `largest` as in `handle`. */
  handleFrame(device: number, at: number, length: number, largest: number): Verdict {
    const octets = this.#octets;
    const words = this.#table.words;
    const row = this.#table.circuit(device);
    this.row = row;
    if (row < 0) return this.#drop(Verdict.NoRoute);
    const word = this.#table.rowWord(row);
    const flags = words[word + Row.Flags]!;
    if ((flags & Flag.NetworkUp) === 0) return this.#drop(Verdict.NetworkDown);
    if (length < ETHERNET_HEADER) return this.#drop(Verdict.NotSent);
    const tagged = u16(octets, at + ETHERTYPE) === VLAN;
    const front = tagged ? ETHERNET_HEADER + VLAN_TAG : ETHERNET_HEADER;
    // RFC 4719 §3: nothing is fragmented; the MTU is that of the frame's payload.
    if (largest - front > words[word + Row.Mtu]!) return this.#drop(Verdict.TooBig);
    const isIpv4 = length >= front + 20 && u16(octets, at + front - 2) === IPV4;
    this.tos = isIpv4 ? this.#outerTos(word, flags, octets[at + front + Ip.Tos]!) : words[word + Row.Outer]! & 0xff;
    return this.#forward(row);
  }

  /** The header of a PPP frame that is whole already. */
  aimFrame(row: number): DataHeader {
    this.header.now = this.now;
    this.header.aim(row, true);
    return this.header;
  }

  countOutput(row: number, packets: number, octets: number): void {
    const floats = this.#table.floats;
    const at = this.#table.rowFloat(row);
    floats[at + this.countsAt]! += packets;
    floats[at + this.countsAt + 1]! += octets;
    floats[at + Count.LastOutput] = this.now;
  }

  /** Would the tunnel's own packets go through the tunnel? Linux routes them in when the peer's address lies behind it. */
  #isOwnTunnel(word: number, flags: number, at: number): boolean {
    const octets = this.#octets;
    const words = this.#table.words;
    if (words[word + Row.PeerAddress] !== i32(octets, at + Ip.Target)) return false;
    if (words[word + Row.LocalAddress] !== i32(octets, at + Ip.Source) || (flags & Flag.Ipv6) !== 0) return false;
    if ((flags & Flag.Gre) !== 0) return octets[at + Ip.Protocol] === PROTOCOL_GRE;
    if ((flags & Flag.OverIp) !== 0) return octets[at + Ip.Protocol] === PROTOCOL_L2TP;
    if (octets[at + Ip.Protocol] !== PROTOCOL_UDP) return false;
    return words[word + Row.Ports] === i32(octets, at + ipHeaderLength(octets, at));
  }

  /** RFC 6040 §4.1: who does not carry congestion marks back into the packet lets none be put on the tunnel's. */
  #outerTos(word: number, flags: number, innerTos: number): number {
    return (flags & Flag.TosReflect) !== 0 ? innerTos & ~ECN : this.#table.words[word + Row.Outer]! & 0xff;
  }

  #forward(row: number): Verdict {
    this.header.now = this.now;
    this.header.aim(row);
    return Verdict.Forward;
  }

  #drop(verdict: Verdict): Verdict {
    countDrops(this.#table, this.row, verdict, 1);
    return verdict;
  }
}

const [ETHERNET_HEADER, ETHERTYPE, VLAN_TAG] = [14, 12, 4];
const [VLAN, IPV4] = [0x8100, 0x0800];
const ECN = 3;
