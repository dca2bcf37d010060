// The header of the data messages we send: RFC 2661 §3.1, RFC 3931 §4.1 with its cookie and sublayer (§4.6), RFC 2637 §4.1.
// Without a Length field of L2TP and with its number always at one place: all datagrams of a run have one form.
//
//   L2TPv2            |     bits      |  Tunnel ID    |   Session ID  |  [ Ns, Nr ]
//   L2TPv3 over UDP   |     bits      |       0       |          Session ID           |  [ cookie, 4 or 8 ] [ sublayer ]
//   L2TPv3 over IP                                    |          Session ID           |  [ cookie, 4 or 8 ] [ sublayer ]
//   PPTP              |     bits      |     880B      | Payload Length|    Call ID    |  sequence [ acknowledgment ]

import { GRE_FIELD, GRE_HEADER, GRE_PPP, GRE_VERSION, GreBit, GreOffset } from '../pptp/gre-header.ts';
import { raiseAlarm } from './flow-alarm.ts';
import { noteSending } from './gre-transmit.ts';
import { Flag, PEER_COOKIE_SHIFT, Row } from './layout.ts';
import type { News } from './news.ts';
import { setI32, setU16 } from './packet.ts';
import { pppHeaderLength, writePppHeader } from './ppp-frame.ts';
import type { SessionTable } from './session-table.ts';

export class DataHeader {
  /** Octets in front of each packet, those of PPP included. At most 24. */
  length = 0;
  /** Of those, the ones that are the frame's own and count as its octets. */
  framingLength = 0;
  /** The frames are to be sealed, protocol and all. */
  seals = false;
  /** The time to note, set once a batch. */
  now = 0;
  readonly #table: SessionTable;
  readonly #octets: Uint8Array;
  readonly #news: News;
  #row = -1;
  #word = 0;
  #flags = 0;

  constructor(table: SessionTable, octets: Uint8Array, news: News) {
    this.#table = table;
    this.#octets = octets;
    this.#news = news;
  }

  /**
   * The next packets are of `row`: the control thread may change it meanwhile, their form stays what it is now. `framed`:
   * they have their own PPP header.
   */
  aim(row: number, framed = false): void {
    const words = this.#table.words;
    this.#row = row;
    this.#word = this.#table.rowWord(row);
    this.#flags = words[this.#word + Row.Flags]!;
    const tunnel = (this.#flags & Flag.Gre) === 0 ? tunnelLength(this.#flags) : this.#greLength();
    this.seals = !framed && (this.#flags & Flag.Seals) !== 0;
    this.framingLength = framed ? 0 : framingLength(this.#flags);
    this.length = tunnel + this.framingLength;
  }

  /** Writes what all packets have alike so that it ends before `end`. `finish` adds the rest. */
  write(end: number): void {
    const at = end - this.length;
    if ((this.#flags & Flag.Gre) !== 0) this.#writeGre(at);
    else if ((this.#flags & Flag.V3) !== 0) this.#writeV3(at);
    else this.#writeV2(at);
    if (this.framingLength > 0) writePppHeader(this.#octets, end - this.framingLength, this.#flags);
  }

  /** What each packet has of its own, in the header at `at`: its number. `frame`: octets of its frame. */
  finish(at: number, frame: number): void {
    const flags = this.#flags;
    if ((flags & Flag.Gre) !== 0) {
      setU16(this.#octets, at + GreOffset.payloadLength, frame);
      setI32(this.#octets, at + GreOffset.sequence, this.#table.nextNs(this.#row));
    } else if ((flags & Flag.Sequencing) === 0) {
      return;
    } else if ((flags & Flag.V3) === 0) {
      setU16(this.#octets, at + V2_NS, this.#table.nextNs(this.#row) & 0xffff);
    } else {
      const number = this.#table.nextNs(this.#row) & V3_NUMBER;
      setI32(this.#octets, at + this.length - this.framingLength - SUBLAYER, SUBLAYER_S | number);
    }
  }

  #writeV2(at: number): void {
    const octets = this.#octets;
    const ids = this.#table.words[this.#word + Row.PeerIds]!;
    const sequenced = (this.#flags & Flag.Sequencing) !== 0;
    setU16(octets, at, sequenced ? V2_SEQUENCED : V2);
    setU16(octets, at + 2, ids >>> 16);
    setU16(octets, at + 4, ids & 0xffff);
    // §3.1: "In data messages, Nr is reserved and, if present (as indicated by the S-bit), MUST be ignored".
    if (sequenced) setI32(octets, at + V2_NS, 0);
  }

  #writeV3(start: number): void {
    const octets = this.#octets;
    const words = this.#table.words;
    const word = this.#word;
    let at = start;
    if ((this.#flags & Flag.OverIp) === 0) {
      setI32(octets, at, V3 << 16);
      at += 4;
    }
    setI32(octets, at, words[word + Row.PeerIds]!);
    at += 4;
    const cookie = (this.#flags >>> PEER_COOKIE_SHIFT) & 15;
    if (cookie >= 4) setI32(octets, at, words[word + Row.PeerCookie]!);
    if (cookie === 8) setI32(octets, at + 4, words[word + Row.PeerCookie + 1]!);
    at += cookie;
    if ((this.#flags & Flag.SendSublayer) !== 0) setI32(octets, at, 0);
  }

  /** RFC 2637 §4.2: an acknowledgment goes with the data if one is owed. */
  #greLength(): number {
    const words = this.#table.words;
    const word = this.#word;
    const float = this.#table.rowFloat(this.#row);
    if (noteSending(words, word, this.#table.floats, float, words[word + Row.Ns]!, this.now)) {
      raiseAlarm(this.#table, this.#row, this.#news);
    }
    const received = (Atomics.load(words, word + Row.Nr) - 1) | 0;
    const isOwed = words[word + Row.Heard] !== 0 && received !== words[word + Row.AcknowledgedByUs];
    return GRE_HEADER + (isOwed ? 2 : 1) * GRE_FIELD;
  }

  #writeGre(at: number): void {
    const octets = this.#octets;
    const words = this.#table.words;
    const acknowledges = this.length - this.framingLength > GRE_HEADER + GRE_FIELD;
    setU16(octets, at, GreBit.K | GreBit.S | GRE_VERSION | (acknowledges ? GreBit.A : 0));
    setU16(octets, at + GreOffset.protocol, GRE_PPP);
    setU16(octets, at + GreOffset.call, words[this.#word + Row.PeerIds]!);
    if (!acknowledges) return;
    const received = (Atomics.load(words, this.#word + Row.Nr) - 1) | 0;
    setI32(octets, at + GRE_HEADER + GRE_FIELD, received);
    Atomics.store(words, this.#word + Row.AcknowledgedByUs, received);
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
const V3_NUMBER = 0xffffff;
