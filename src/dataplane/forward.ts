// A packet's way through a session, both directions: L2TP data header (RFC 2661 §3.1), PPP (RFC 1661 §2), IPv4.
// Pure: octets and the session table in, a verdict number out, what was found left in fields. Nothing here allocates.
//
//    0                   1                   2                   3
//   |T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |          Length (opt)         |
//   |           Tunnel ID           |           Session ID          |
//   |             Ns (opt)          |             Nr (opt)          |
//   |      Offset Size (opt)        |    Offset pad... (opt)        | [FF 03] [00] 21, IPv4 packet

import { Count, DROPS_FLOAT, Flag, Row } from './layout.ts';
import { clampMss, Ip, i32, ipHeaderLength, PROTOCOL_UDP, setU16, soundIpv4, u16 } from './packet.ts';
import type { SessionTable } from './session-table.ts';
import { FIRST_DROP, Verdict } from './verdict.ts';

/** From the tunnel into Linux. */
export class Uplink {
  /** Of the datagram handled last: its session, or -1. */
  row = -1;
  /** Where its IPv4 packet lies, if the verdict was to forward it. */
  packetAt = 0;
  packetLength = 0;
  device = 0;
  /** The peer began or ceased to sequence against our expectation: the control thread wants to see it (§5.4). */
  sequencingChanged = false;
  /** The time to note, set once a batch. */
  now = 0;
  readonly #table: SessionTable;
  readonly #octets: Uint8Array;

  constructor(table: SessionTable, octets: Uint8Array) {
    this.#table = table;
    this.#octets = octets;
  }

  handle(at: number, length: number, peerAddress: number, peerPort: number): Verdict {
    const octets = this.#octets;
    this.row = -1;
    this.sequencingChanged = false;
    if (length < 6) return this.#drop(Verdict.Malformed);
    const bits = u16(octets, at);
    if ((bits & VERSION) !== 2) return this.#drop(Verdict.Version);
    if ((bits & T) !== 0) return Verdict.PassUp;
    let end = at + length;
    let cursor = at + 2;
    if ((bits & L) !== 0) {
      const total = u16(octets, cursor);
      cursor += 2;
      // Octets after Length are padding; Length past the datagram is a lie.
      if (total > length) return this.#drop(Verdict.Malformed);
      end = at + total;
    }
    const sequenced = (bits & S) !== 0;
    const ids = cursor;
    const ns = cursor + 4;
    cursor += sequenced ? 8 : 4;
    if ((bits & O) !== 0) {
      if (cursor + 2 > end) return this.#drop(Verdict.Malformed);
      cursor += 2 + u16(octets, cursor);
    }
    if (cursor > end) return this.#drop(Verdict.Malformed);
    const row = this.#table.lookup(u16(octets, ids), u16(octets, ids + 2));
    if (row < 0) return this.#drop(Verdict.NoSession);
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    // Ids alone are guessed in seconds: only the tunnel's own peer may use them.
    if (words[word + Row.PeerAddress] !== peerAddress || (words[word + Row.Ports]! & 0xffff) !== peerPort) {
      return this.#drop(Verdict.WrongPeer);
    }
    this.row = row;
    if (sequenced && this.#isLate(word, u16(octets, ns))) return this.#drop(Verdict.Late);
    return this.#handleFrame(row, word, cursor, end, sequenced);
  }

  #handleFrame(row: number, word: number, start: number, end: number, sequenced: boolean): Verdict {
    const octets = this.#octets;
    const table = this.#table;
    const flags = table.words[word + Row.Flags]!;
    if (start >= end) return this.#drop(Verdict.BadPacket);
    let cursor = start;
    // RFC 1661 §6.6 and §6.5: address and control, and the protocol's high octet, may be there whatever was negotiated.
    if (cursor + 1 < end && octets[cursor] === 0xff && octets[cursor + 1] === 0x03) cursor += 2;
    const compressed = cursor < end && (octets[cursor]! & 1) !== 0;
    const protocol = compressed ? octets[cursor]! : cursor + 1 < end ? u16(octets, cursor) : 0;
    cursor += compressed ? 1 : 2;
    if (protocol !== PPP_IPV4 || (flags & Flag.NetworkUp) === 0) {
      this.#countInput(row, end - start);
      return Verdict.PassUp;
    }
    const length = soundIpv4(octets, cursor, end - cursor);
    if (length === 0) return this.#drop(Verdict.BadPacket);
    const device = table.words[word + Row.Device]!;
    if ((flags & Flag.StrictSource) !== 0 && table.prefixes.lookup(device, i32(octets, cursor + Ip.Source)) !== row) {
      return this.#drop(Verdict.Spoofed);
    }
    const mss = table.words[word + Row.MssClamp]!;
    if (mss !== 0) clampMss(octets, cursor, length, mss, false);
    this.#countInput(row, end - start);
    const seen = sequenced ? SEEN_SET : SEEN_CLEAR;
    if (table.words[word + Row.SequencingSeen] !== seen) {
      table.words[word + Row.SequencingSeen] = seen;
      this.sequencingChanged = sequenced !== ((flags & Flag.Sequencing) !== 0);
    }
    this.packetAt = cursor;
    this.packetLength = length;
    this.device = device;
    return Verdict.Forward;
  }

  /** RFC 2661 §5.4: what is behind is dropped, a gap is loss. A long unbroken run of "late" packets is a peer that began anew. */
  #isLate(word: number, ns: number): boolean {
    const words = this.#table.words;
    const ahead = (ns - words[word + Row.Nr]!) & 0xffff;
    if (ahead < 0x8000) {
      words[word + Row.Nr] = (ns + 1) & 0xffff;
      return false;
    }
    const run = words[word + Row.LateNext] === ns ? words[word + Row.LateRun]! + 1 : 1;
    words[word + Row.LateNext] = (ns + 1) & 0xffff;
    words[word + Row.LateRun] = run;
    if (run < RESTART_RUN) return true;
    words[word + Row.LateRun] = 0;
    words[word + Row.Nr] = (ns + 1) & 0xffff;
    return false;
  }

  #countInput(row: number, octets: number): void {
    const floats = this.#table.floats;
    const at = this.#table.rowFloat(row);
    floats[at + Count.PacketsIn]! += 1;
    floats[at + Count.OctetsIn]! += octets;
    floats[at + Count.LastInput] = this.now;
  }

  #drop(verdict: Verdict): Verdict {
    countDrops(this.#table, this.row, verdict, 1);
    return verdict;
  }
}

/** From Linux into the tunnel. */
export class Downlink {
  row = -1;
  now = 0;
  readonly #table: SessionTable;
  readonly #octets: Uint8Array;

  constructor(table: SessionTable, octets: Uint8Array) {
    this.#table = table;
    this.#octets = octets;
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
    if ((words[word + Row.Flags]! & Flag.NetworkUp) === 0) return this.#drop(Verdict.NetworkDown);
    if (largest > words[word + Row.Mtu]!) return this.#drop(Verdict.TooBig);
    if (this.#isOwnTunnel(word, at)) return this.#drop(Verdict.Recursion);
    const mss = words[word + Row.MssClamp]!;
    if (mss !== 0) clampMss(octets, at, length, mss, partial);
    return Verdict.Forward;
  }

  /** Octets of L2TP and PPP header in front of each packet of `row`. */
  headerLength(row: number): number {
    const flags = this.#table.words[this.#table.rowWord(row) + Row.Flags]!;
    const l2tp = (flags & Flag.Sequencing) !== 0 ? 10 : 6;
    return l2tp + ((flags & Flag.SendAcfc) !== 0 ? 0 : 2) + ((flags & Flag.SendPfc) !== 0 ? 1 : 2);
  }

  /** Writes that header so that it ends before `end`. No Length field: all datagrams of a run have one size without it. */
  writeHeader(row: number, end: number, length: number): void {
    const octets = this.#octets;
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const flags = words[word + Row.Flags]!;
    let at = end - length;
    const sequenced = (flags & Flag.Sequencing) !== 0;
    setU16(octets, at, sequenced ? DATA_SEQUENCED : DATA);
    setU16(octets, at + 2, words[word + Row.PeerIds]! >>> 16);
    setU16(octets, at + 4, words[word + Row.PeerIds]! & 0xffff);
    at += 6;
    if (sequenced) {
      this.writeNs(row, at);
      // §3.1: "In data messages, Nr is reserved and, if present (as indicated by the S-bit), MUST be ignored".
      setU16(octets, at + 2, 0);
      at += 4;
    }
    if ((flags & Flag.SendAcfc) === 0) {
      setU16(octets, at, 0xff03);
      at += 2;
    }
    if ((flags & Flag.SendPfc) === 0) octets[at++] = 0;
    octets[at] = PPP_IPV4;
  }

  writeNs(row: number, at: number): void {
    setU16(this.#octets, at, this.#table.nextNs(row));
  }

  countOutput(row: number, packets: number, octets: number): void {
    const floats = this.#table.floats;
    const at = this.#table.rowFloat(row);
    floats[at + Count.PacketsOut]! += packets;
    floats[at + Count.OctetsOut]! += octets;
    floats[at + Count.LastOutput] = this.now;
  }

  /** Would the tunnel's own packets go through the tunnel? Linux routes them in when the peer's address lies behind it. */
  #isOwnTunnel(word: number, at: number): boolean {
    const octets = this.#octets;
    const words = this.#table.words;
    if (words[word + Row.PeerAddress] !== i32(octets, at + Ip.Target)) return false;
    if (words[word + Row.LocalAddress] !== i32(octets, at + Ip.Source)) return false;
    if (octets[at + Ip.Protocol] !== PROTOCOL_UDP) return false;
    return words[word + Row.Ports] === i32(octets, at + ipHeaderLength(octets, at));
  }

  #drop(verdict: Verdict): Verdict {
    countDrops(this.#table, this.row, verdict, 1);
    return verdict;
  }
}

/** Counts `packets` drops in all, and at the session if it is known. */
export function countDrops(table: SessionTable, row: number, verdict: Verdict, packets: number): void {
  const floats = table.floats;
  const reason = verdict - FIRST_DROP;
  floats[DROPS_FLOAT + reason]! += packets;
  if (row >= 0) floats[table.rowFloat(row) + Count.Drops + reason]! += packets;
}

const [T, L, S, O, VERSION] = [0x8000, 0x4000, 0x0800, 0x0200, 0x000f];
const [DATA, DATA_SEQUENCED] = [0x0002, 0x0802];
const PPP_IPV4 = 0x21;
const [SEEN_CLEAR, SEEN_SET] = [1, 2];
const RESTART_RUN = 16;
