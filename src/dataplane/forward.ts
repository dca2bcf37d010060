// A packet's way in, from the tunnel into Linux: L2TP data header (RFC 2661 §3.1, RFC 3931 §4.1) or that of enhanced GRE
// (RFC 2637 §4.1), PPP (RFC 1661 §2) and IPv4, or an Ethernet frame.
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
//
// PPTP:
//   |C|R|K|S|s|Recur|A| Flags | Ver |              880B             |
//   |         Payload Length        |            Call ID            |
//   |                     Sequence Number (opt)                     |
//   |                  Acknowledgment Number (opt)                  | frame

import {
  GRE_FIELD,
  GRE_HEADER,
  GRE_PPP,
  GRE_VERSION,
  GRE_VERSION_MASK,
  GreBit,
  GreOffset,
} from '../pptp/gre-header.ts';
import { countDrops } from './drops.ts';
import { addTrouble, raiseAlarm } from './flow-alarm.ts';
import { Arrival, accept, judge } from './gre-receive.ts';
import { noteAcknowledgment } from './gre-transmit.ts';
import type { Handover } from './handover.ts';
import { Count, Flag, LOCAL_COOKIE_SHIFT, Row, TRANSPORT } from './layout.ts';
import type { News } from './news.ts';
import { FRONT, type Opener } from './opener.ts';
import { clampMss, Ip, i32, isSame, setU16, soundIpv4, u16 } from './packet.ts';
import { FIRST_CARRIED, LAST_CARRIED, PPP_COMPRESSED, PPP_IPV4, pppInformation, pppProtocol } from './ppp-frame.ts';
import { isLate, V2_SEQUENCE, V3_SEQUENCE } from './sequence.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';
import { fitToDevice } from './vlan-tag.ts';

export class Uplink {
  /** Of the datagram handled last: its session, or -1. */
  row = -1;
  /** Where its IPv4 packet or Ethernet frame lies, if the verdict was to forward it. */
  packetAt = 0;
  packetLength = 0;
  device = 0;
  isEthernet = false;
  /** Where what goes up lies: as it came, or behind its old header what was sealed in it. */
  upAt = 0;
  upLength = 0;
  /** What goes up is a control message. */
  isControl = false;
  /** What it came by: bits of `TRANSPORT`. Set with the socket. */
  transport = 0;
  /** Where its source lies if that is of IPv6; `peerAddress` is its last word then. */
  peerIpv6At = 0;
  /** The peer began or ceased to sequence against our expectation: the control thread wants to see it (§5.4). */
  sequencingChanged = false;
  /** The number of a packet of PPTP, and whether it is to be acknowledged: whatever becomes of what is in it. */
  sequence = 0;
  isAccepted = false;
  /** The time to note, set once a batch. */
  now = 0;
  /** Where packets and octets are counted: a thread that only opens has counters of its own. */
  countsAt: number = Count.PacketsIn;
  readonly #table: SessionTable;
  readonly #octets: Uint8Array;
  readonly #opener: Opener;
  readonly #news: News;
  /** What is sealed is another thread's. */
  readonly #handover: Handover | undefined;
  /** Of what was sealed in the message: octets of the frame; 0: nothing was. */
  #openedLength = 0;

  constructor(table: SessionTable, octets: Uint8Array, opener: Opener, news: News, handover?: Handover) {
    this.#table = table;
    this.#octets = octets;
    this.#opener = opener;
    this.#news = news;
    this.#handover = handover;
  }

  /** A datagram of UDP. */
  handle(at: number, length: number, peerAddress: number, peerPort: number): Verdict {
    const octets = this.#octets;
    this.#begin(at, length);
    if (length < 6) return this.#drop(Verdict.Malformed);
    const bits = u16(octets, at);
    const version = bits & VERSION;
    if (version !== 2 && version !== 3) return this.#drop(Verdict.Version);
    if ((bits & T) !== 0) {
      this.isControl = true;
      return Verdict.PassUp;
    }
    if (version === 3) return this.#handleV3(at, at + V3_UDP_HEADER, at + length, peerAddress, peerPort);
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
    const verdict = this.#handlePpp(row, word, flags, at, cursor, end);
    if (verdict === Verdict.Forward || verdict === Verdict.Taken) this.#noteSequencing(word, flags, sequenced);
    if (this.sequencingChanged) this.#aimUp(at, cursor);
    return verdict;
  }

  /** A packet of IP protocol 115, from behind its IP header (RFC 3931 §4.1.1). */
  handleIp(at: number, length: number, peerAddress: number): Verdict {
    this.#begin(at, length);
    this.isControl = length >= 4 && i32(this.#octets, at) === 0;
    return this.isControl ? Verdict.PassUp : this.#handleV3(at, at, at + length, peerAddress, 0);
  }

  /**
   * A packet of IP protocol 47, from behind its IP header. One that came early is handled again when its turn is, or when
   * those before it are given up (`isTurn`).
   */
  handleGre(at: number, length: number, peerAddress: number, isTurn = false): Verdict {
    const octets = this.#octets;
    this.#begin(at, length);
    this.isAccepted = false;
    if (length < GRE_HEADER) return this.#drop(Verdict.Malformed);
    const bits = u16(octets, at);
    if ((bits & GRE_VERSION_MASK) !== GRE_VERSION || u16(octets, at + GreOffset.protocol) !== GRE_PPP) {
      return this.#drop(Verdict.Version);
    }
    const numbered = (bits & GreBit.S) !== 0;
    const acknowledges = (bits & GreBit.A) !== 0;
    const frameLength = u16(octets, at + GreOffset.payloadLength);
    const start = at + GRE_HEADER + (numbered ? GRE_FIELD : 0) + (acknowledges ? GRE_FIELD : 0);
    // §4.1: a payload has a number, and nothing else does. What stands behind the payload is padding.
    const isSound = (bits & ~(GreBit.S | GreBit.A)) === (GreBit.K | GRE_VERSION) && numbered === frameLength > 0;
    if (!isSound || start + frameLength > at + length) return this.#drop(Verdict.Malformed);
    const row = this.#table.lookupCall(u16(octets, at + GreOffset.call));
    if (row < 0) return this.#drop(Verdict.NoSession);
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const flags = words[word + Row.Flags]!;
    if (!this.#isPeer(word, flags, peerAddress, 0)) return this.#drop(Verdict.WrongPeer);
    this.row = row;
    if (acknowledges) {
      const float = this.#table.rowFloat(row);
      noteAcknowledgment(words, word, this.#table.floats, float, i32(octets, start - GRE_FIELD), this.now);
    }
    if (!numbered) return Verdict.Taken;
    this.sequence = i32(octets, at + GreOffset.sequence);
    const arrival = judge(words, word, this.sequence);
    if (arrival === Arrival.Early) {
      if (!isTurn) return Verdict.Early;
    } else if (arrival !== Arrival.Next) {
      return this.#drop(REFUSED[arrival]);
    }
    this.isAccepted = true;
    const missing = accept(words, word, this.sequence);
    if (missing > 0) this.#countLoss(row, missing);
    return this.#handlePpp(row, word, flags, at, start, start + frameLength);
  }

  /** From the Session ID on. §4.1: it is looked up, then the cookie is compared, before anything else is looked at. */
  #handleV3(front: number, at: number, end: number, peerAddress: number, peerPort: number): Verdict {
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
      : this.#handlePpp(row, word, flags, front, cursor, end);
  }

  /** Ids alone are guessed in seconds: only the session's own peer may use them. */
  #isPeer(word: number, flags: number, peerAddress: number, peerPort: number): boolean {
    const words = this.#table.words;
    if (words[word + Row.PeerAddress] !== peerAddress || (words[word + Row.Ports]! & 0xffff) !== peerPort) return false;
    if ((flags & TRANSPORT) !== this.transport) return false;
    // The last word has been compared.
    return (flags & Flag.Ipv6) === 0 || isSame(words, word + Row.PeerIpv6, this.#octets, this.peerIpv6At, 3);
  }

  #begin(at: number, length: number): void {
    this.row = -1;
    this.sequencingChanged = false;
    this.isControl = false;
    this.upAt = at;
    this.upLength = length;
    this.#openedLength = 0;
  }

  /** The frame from `start` to `end`, in a message that begins at `front`. */
  #handlePpp(row: number, word: number, flags: number, front: number, start: number, end: number): Verdict {
    const octets = this.#octets;
    if (start >= end) return this.#drop(Verdict.BadPacket);
    const protocol = pppProtocol(octets, start, end);
    if (protocol === PPP_COMPRESSED && (flags & Flag.Opens) !== 0) {
      return this.#handover === undefined
        ? this.#handleSealed(row, word, flags, front, start, end)
        : this.#giveAway(this.#handover, row, front, start, end);
    }
    const isClear = protocol >= FIRST_CARRIED && protocol <= LAST_CARRIED;
    // RFC 3078 §9: who agreed on encryption takes nothing that anybody could have put there.
    if (isClear && (flags & (Flag.ReceivesEncrypted | Flag.EncryptionRequired)) !== 0) {
      return this.#drop(Verdict.ClearText);
    }
    if (protocol !== PPP_IPV4 || (flags & Flag.NetworkUp) === 0) {
      this.#countInput(row, end - start);
      return Verdict.PassUp;
    }
    return this.#handleIpv4(row, word, flags, pppInformation(octets, start, end), end, end - start);
  }

  /** A message at `at` that another thread has looked at, up to the sealed frame `start` octets on. */
  resume(row: number, key: number, at: number, start: number, length: number): Verdict {
    this.#begin(at, length);
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    // Meanwhile the row may be another session's, or none's.
    if (words[word + Row.Key] !== key) return this.#drop(Verdict.NoSession);
    this.row = row;
    const flags = words[word + Row.Flags]!;
    this.transport = flags & TRANSPORT;
    if ((flags & Flag.Opens) === 0) return this.#drop(Verdict.Unopened);
    return this.#handleSealed(row, word, flags, at, at + start, at + length);
  }

  #giveAway(handover: Handover, row: number, front: number, start: number, end: number): Verdict {
    const given = handover.push(row, this.#table.keyOf(row), front, start - front, end - front);
    return given ? Verdict.Taken : this.#drop(Verdict.RingFull);
  }

  #handleSealed(row: number, word: number, flags: number, front: number, start: number, end: number): Verdict {
    const octets = this.#octets;
    const opener = this.#opener;
    const at = pppInformation(octets, start, end);
    const length = opener.open(row, word, at, end - at, this.now);
    if (length < 0) return this.#drop(opener.refusal);
    this.#openedLength = length;
    const frame = opener.frameAt;
    if (pppProtocol(octets, frame, frame + length) !== PPP_IPV4 || (flags & Flag.NetworkUp) === 0) {
      this.#countInput(row, end - start);
      this.#aimUp(front, start);
      return Verdict.PassUp;
    }
    const packet = pppInformation(octets, frame, frame + length);
    return this.#handleIpv4(row, word, flags, packet, frame + length, end - start);
  }

  /** What was sealed goes up as a message of its own, behind a copy of the header from `front` to `start`. */
  #aimUp(front: number, start: number): void {
    if (this.#openedLength === 0) return;
    const octets = this.#octets;
    const length = this.#openedLength;
    const header = start - front;
    const at = this.#opener.frameAt - header;
    // Only that of L2TPv2 with a long offset is longer, and no peer of ours sends that.
    if (header > FRONT) return;
    octets.copyWithin(at, front, start);
    if ((this.transport & Flag.Gre) !== 0) setU16(octets, at + GreOffset.payloadLength, length);
    else if ((this.transport & Flag.OverIp) === 0 && (u16(octets, at) & L) !== 0)
      setU16(octets, at + 2, header + length);
    this.upAt = at;
    this.upLength = header + length;
  }

  /** The packet from `at` to `end`, in a frame of `frame` octets. */
  #handleIpv4(row: number, word: number, flags: number, at: number, end: number, frame: number): Verdict {
    const octets = this.#octets;
    const table = this.#table;
    const length = soundIpv4(octets, at, end - at);
    if (length === 0) return this.#drop(Verdict.BadPacket);
    const device = table.words[word + Row.Device]!;
    if ((flags & Flag.StrictSource) !== 0 && table.prefixes.lookup(device, i32(octets, at + Ip.Source)) !== row) {
      return this.#drop(Verdict.Spoofed);
    }
    const mss = table.words[word + Row.MssClamp]!;
    if (mss !== 0) clampMss(octets, at, length, mss, false);
    this.#countInput(row, frame);
    this.packetAt = at;
    this.packetLength = length;
    this.device = device;
    this.isEthernet = false;
    return Verdict.Forward;
  }

  /** RFC 4719 §3: from the destination address to the end of the payload; nothing is changed but the tag of a VLAN pseudowire. */
  #handleEthernet(row: number, word: number, flags: number, start: number, end: number): Verdict {
    if ((flags & Flag.NetworkUp) === 0) return this.#drop(Verdict.CircuitDown);
    if (end - start < ETHERNET_HEADER) return this.#drop(Verdict.BadPacket);
    const { words } = this.#table;
    const vlan = words[word + Row.Vlan]!;
    const at = vlan === 0 ? start : fitToDevice(this.#octets, start, end, vlan);
    if (at < 0) return this.#drop(Verdict.BadPacket);
    this.#countInput(row, end - start);
    this.packetAt = at;
    this.packetLength = end - at;
    this.device = words[word + Row.Device]!;
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

  /** Of a packet of PPTP that came early and twice. */
  dropDuplicate(): void {
    this.#drop(Verdict.Duplicate);
  }

  #countLoss(row: number, packets: number): void {
    const floats = this.#table.floats;
    const at = this.#table.rowFloat(row);
    floats[at + Count.Lost]! += packets;
    if (addTrouble(floats, at + Count.LossScore, this.now)) raiseAlarm(this.#table, row, this.#news);
  }

  #countInput(row: number, octets: number): void {
    const floats = this.#table.floats;
    const at = this.#table.rowFloat(row);
    floats[at + this.countsAt]! += 1;
    floats[at + this.countsAt + 1]! += octets;
    floats[at + Count.LastInput] = this.now;
  }

  #drop(verdict: Verdict): Verdict {
    countDrops(this.#table, this.row, verdict, 1);
    return verdict;
  }
}

const [T, L, S, O, VERSION] = [0x8000, 0x4000, 0x0800, 0x0200, 0x000f];
const V3_UDP_HEADER = 4;
const SUBLAYER_S = 0x40000000;
const [SEEN_CLEAR, SEEN_SET] = [1, 2];
const ETHERNET_HEADER = 14;
const REFUSED = {
  [Arrival.Late]: Verdict.Late,
  [Arrival.Duplicate]: Verdict.Duplicate,
  [Arrival.Jump]: Verdict.SequenceJump,
} as const;
