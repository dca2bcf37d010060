// A packet's way through a session, both directions: L2TP data header (RFC 2661 §3.1, RFC 3931 §4.1), PPP (RFC 1661 §2) and
// IPv4, or an Ethernet frame.
// Pure: octets and the session table in, a verdict number out, what was found left in fields. Nothing here allocates.
//
//    0                   1                   2                   3
//   |T|L|x|x|S|x|O|P|x|x|x|x|  Ver  |          Length (opt)         |
//   |           Tunnel ID           |           Session ID          |
//   |             Ns (opt)          |             Nr (opt)          |
//   |      Offset Size (opt)        |    Offset pad... (opt)        | [FF 03] [00] 21, IPv4 packet
//
// L2TPv3, over UDP behind a word with Ver 3:
//   |                           Session ID                          |
//   |        Cookie (0, 32 or 64 bits), Sublayer (opt) ...          | frame

import { DataHeader } from './data-header.ts';
import { Count, DROPS_FLOAT, Flag, LOCAL_COOKIE_SHIFT, Row, TRANSPORT } from './layout.ts';
import { clampMss, Ip, i32, ipHeaderLength, PROTOCOL_L2TP, PROTOCOL_UDP, soundIpv4, u16 } from './packet.ts';
import { ipv4Start } from './ppp-frame.ts';
import { isLate, V2_SEQUENCE, V3_SEQUENCE } from './sequence.ts';
import type { SessionTable } from './session-table.ts';
import { FIRST_DROP, Verdict } from './verdict.ts';

/** From the tunnel into Linux. */
export class Uplink {
  /** Of the datagram handled last: its session, or -1. */
  row = -1;
  /** Where its IPv4 packet or Ethernet frame lies, if the verdict was to forward it. */
  packetAt = 0;
  packetLength = 0;
  device = 0;
  isEthernet = false;
  /** What goes up is a control message. */
  isControl = false;
  /** What it came by: bits of `TRANSPORT`. Set with the socket. */
  transport = 0;
  /** Where its source lies if that is of IPv6; `peerAddress` is its last word then. */
  peerIpv6At = 0;
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

  /** A datagram of UDP. */
  handle(at: number, length: number, peerAddress: number, peerPort: number): Verdict {
    const octets = this.#octets;
    this.row = -1;
    this.sequencingChanged = false;
    this.isControl = false;
    if (length < 6) return this.#drop(Verdict.Malformed);
    const bits = u16(octets, at);
    const version = bits & VERSION;
    if (version !== 2 && version !== 3) return this.#drop(Verdict.Version);
    if ((bits & T) !== 0) {
      this.isControl = true;
      return Verdict.PassUp;
    }
    if (version === 3) return this.#handleV3(at + V3_UDP_HEADER, at + length, peerAddress, peerPort);
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
    const row = this.#table.lookupV2(u16(octets, ids), u16(octets, ids + 2));
    if (row < 0) return this.#drop(Verdict.NoSession);
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const flags = words[word + Row.Flags]!;
    if (!this.#isPeer(word, flags, peerAddress, peerPort)) return this.#drop(Verdict.WrongPeer);
    this.row = row;
    if (sequenced && isLate(words, word, u16(octets, ns), V2_SEQUENCE)) return this.#drop(Verdict.Late);
    const verdict = this.#handlePpp(row, word, flags, cursor, end);
    if (verdict === Verdict.Forward) this.#noteSequencing(word, flags, sequenced);
    return verdict;
  }

  /** A packet of IP protocol 115, from behind its IP header (RFC 3931 §4.1.1). */
  handleIp(at: number, length: number, peerAddress: number): Verdict {
    this.row = -1;
    this.sequencingChanged = false;
    this.isControl = length >= 4 && i32(this.#octets, at) === 0;
    return this.isControl ? Verdict.PassUp : this.#handleV3(at, at + length, peerAddress, 0);
  }

  /** From the Session ID on. §4.1: it is looked up, then the cookie is compared, before anything else is looked at. */
  #handleV3(at: number, end: number, peerAddress: number, peerPort: number): Verdict {
    const octets = this.#octets;
    const words = this.#table.words;
    if (at + 4 > end) return this.#drop(Verdict.Malformed);
    const row = this.#table.lookupV3(i32(octets, at));
    if (row < 0) return this.#drop(Verdict.UnknownSession);
    const word = this.#table.rowWord(row);
    const flags = words[word + Row.Flags]!;
    if (!this.#isPeer(word, flags, peerAddress, peerPort)) return this.#drop(Verdict.WrongPeer);
    this.row = row;
    const cookie = (flags >>> LOCAL_COOKIE_SHIFT) & 15;
    let cursor = at + 4 + cookie;
    if (cursor > end) return this.#drop(Verdict.CookieMismatch);
    // Both words, whatever the first one says: how long it takes tells nothing.
    let difference = cookie >= 4 ? i32(octets, at + 4) ^ words[word + Row.LocalCookie]! : 0;
    if (cookie === 8) difference |= i32(octets, at + 8) ^ words[word + Row.LocalCookie + 1]!;
    if (difference !== 0) return this.#drop(Verdict.CookieMismatch);
    const isEthernet = (flags & Flag.Ethernet) !== 0;
    if ((flags & Flag.ReceiveSublayer) !== 0) {
      if (cursor + 4 > end) return this.#drop(Verdict.SublayerMismatch);
      // A PPP frame's address and control: the peer sends no sublayer. A sublayer's reserved bits would be ignored.
      if (!isEthernet && u16(octets, cursor) === 0xff03) return this.#drop(Verdict.SublayerMismatch);
      const sublayer = i32(octets, cursor);
      if ((flags & Flag.ReceiveSequencing) !== 0 && (sublayer & SUBLAYER_S) !== 0) {
        if (isLate(words, word, sublayer & V3_SEQUENCE, V3_SEQUENCE)) return this.#drop(Verdict.Late);
        // Whoever gets the message after us sees only some of the numbers, and has nothing to make of them.
        octets[cursor]! &= ~(SUBLAYER_S >>> 24);
      }
      cursor += 4;
    } else if (!isEthernet && cursor + 1 < end && (octets[cursor]! & ~(SUBLAYER_S >>> 24)) === 0) {
      // RFC 1661 §2: no protocol has a number that is even. This one is the head of a sublayer we did not ask for.
      if ((octets[cursor + 1]! & 1) === 0) return this.#drop(Verdict.SublayerMismatch);
    }
    return isEthernet
      ? this.#handleEthernet(row, word, flags, cursor, end)
      : this.#handlePpp(row, word, flags, cursor, end);
  }

  /** Ids alone are guessed in seconds: only the session's own peer may use them. */
  #isPeer(word: number, flags: number, peerAddress: number, peerPort: number): boolean {
    const words = this.#table.words;
    if (words[word + Row.PeerAddress] !== peerAddress || (words[word + Row.Ports]! & 0xffff) !== peerPort) return false;
    if ((flags & TRANSPORT) !== this.transport) return false;
    if ((flags & Flag.Ipv6) === 0) return true;
    const at = this.peerIpv6At;
    const octets = this.#octets;
    return (
      words[word + Row.PeerIpv6] === i32(octets, at) &&
      words[word + Row.PeerIpv6 + 1] === i32(octets, at + 4) &&
      words[word + Row.PeerIpv6 + 2] === i32(octets, at + 8)
    );
  }

  #handlePpp(row: number, word: number, flags: number, start: number, end: number): Verdict {
    const octets = this.#octets;
    const table = this.#table;
    if (start >= end) return this.#drop(Verdict.BadPacket);
    const at = ipv4Start(octets, start, end);
    if (at < 0 || (flags & Flag.NetworkUp) === 0) {
      this.#countInput(row, end - start);
      return Verdict.PassUp;
    }
    const length = soundIpv4(octets, at, end - at);
    if (length === 0) return this.#drop(Verdict.BadPacket);
    const device = table.words[word + Row.Device]!;
    if ((flags & Flag.StrictSource) !== 0 && table.prefixes.lookup(device, i32(octets, at + Ip.Source)) !== row) {
      return this.#drop(Verdict.Spoofed);
    }
    const mss = table.words[word + Row.MssClamp]!;
    if (mss !== 0) clampMss(octets, at, length, mss, false);
    this.#countInput(row, end - start);
    this.packetAt = at;
    this.packetLength = length;
    this.device = device;
    this.isEthernet = false;
    return Verdict.Forward;
  }

  /** RFC 4719 §3: from the destination address to the end of the payload; nothing is added and nothing is changed. */
  #handleEthernet(row: number, word: number, flags: number, start: number, end: number): Verdict {
    if ((flags & Flag.NetworkUp) === 0) return this.#drop(Verdict.CircuitDown);
    if (end - start < ETHERNET_HEADER) return this.#drop(Verdict.BadPacket);
    this.#countInput(row, end - start);
    this.packetAt = start;
    this.packetLength = end - start;
    this.device = this.#table.words[word + Row.Device]!;
    this.isEthernet = true;
    return Verdict.Forward;
  }

  /** RFC 2661 §5.4: the LNS may change its mind; the control thread wants to see the first message that differs. */
  #noteSequencing(word: number, flags: number, sequenced: boolean): void {
    const words = this.#table.words;
    const seen = sequenced ? SEEN_SET : SEEN_CLEAR;
    if (words[word + Row.SequencingSeen] === seen) return;
    words[word + Row.SequencingSeen] = seen;
    this.sequencingChanged = sequenced !== ((flags & Flag.Sequencing) !== 0);
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
  /** What the outer header of the packet handled last is to have as ToS, if the session is one of L2TPv3. */
  tos = 0;
  readonly header: DataHeader;
  readonly #table: SessionTable;
  readonly #octets: Uint8Array;

  constructor(table: SessionTable, octets: Uint8Array) {
    this.#table = table;
    this.#octets = octets;
    this.header = new DataHeader(table, octets);
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
    if (largest > words[word + Row.Mtu]!) return this.#drop(Verdict.TooBig);
    if (this.#isOwnTunnel(word, flags, at)) return this.#drop(Verdict.Recursion);
    const mss = words[word + Row.MssClamp]!;
    if (mss !== 0) clampMss(octets, at, length, mss, partial);
    this.tos = this.#outerTos(word, flags, octets[at + Ip.Tos]!);
    return Verdict.Forward;
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
    return Verdict.Forward;
  }

  countOutput(row: number, packets: number, octets: number): void {
    const floats = this.#table.floats;
    const at = this.#table.rowFloat(row);
    floats[at + Count.PacketsOut]! += packets;
    floats[at + Count.OctetsOut]! += octets;
    floats[at + Count.LastOutput] = this.now;
  }

  /** Would the tunnel's own packets go through the tunnel? Linux routes them in when the peer's address lies behind it. */
  #isOwnTunnel(word: number, flags: number, at: number): boolean {
    const octets = this.#octets;
    const words = this.#table.words;
    if (words[word + Row.PeerAddress] !== i32(octets, at + Ip.Target)) return false;
    if (words[word + Row.LocalAddress] !== i32(octets, at + Ip.Source) || (flags & Flag.Ipv6) !== 0) return false;
    if ((flags & Flag.OverIp) !== 0) return octets[at + Ip.Protocol] === PROTOCOL_L2TP;
    if (octets[at + Ip.Protocol] !== PROTOCOL_UDP) return false;
    return words[word + Row.Ports] === i32(octets, at + ipHeaderLength(octets, at));
  }

  /** RFC 6040 §4.1: who does not carry congestion marks back into the packet lets none be put on the tunnel's. */
  #outerTos(word: number, flags: number, innerTos: number): number {
    return (flags & Flag.TosReflect) !== 0 ? innerTos & ~ECN : this.#table.words[word + Row.Outer]! & 0xff;
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
const V3_UDP_HEADER = 4;
const SUBLAYER_S = 0x40000000;
const [SEEN_CLEAR, SEEN_SET] = [1, 2];
const [ETHERNET_HEADER, ETHERTYPE, VLAN_TAG] = [14, 12, 4];
const [VLAN, IPV4] = [0x8100, 0x0800];
const ECN = 3;
