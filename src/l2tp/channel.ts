// The reliable transport of a control connection, RFC 2661 §5.8 and Appendix A: Ns and Nr, acknowledgement,
// retransmission, the two windows. It numbers messages and says when they leave; what they mean it does not know.

import type { Millis } from '../wire/machine.ts';
import type { RetransmitSettings } from './events.ts';
import { writeSequence } from './header.ts';

/** What became of a received message. Only 'next' is to be acted upon. */
export type Verdict =
  | 'next'
  | 'zlb'
  | 'duplicate' // acknowledged again: the first acknowledgement may be lost
  | 'early' // kept until what is missing comes
  | 'outside-window'
  | 'nr-invalid'; // acknowledges what was never sent: forged, or of another connection

/** A message that leaves now. `sends` counts this time. */
export interface Departure {
  readonly octets: Uint8Array;
  /** What `enqueue` was told: whose message it is. */
  readonly session: number;
  readonly ns: number;
  readonly sends: number;
}

export interface ChannelStatus {
  readonly ns: number;
  readonly nr: number;
  readonly localWindow: number;
  readonly remoteWindow: number;
  readonly congestionWindow: number;
  readonly retransmissionTime: Millis;
  readonly retransmissionTimeMax: Millis;
  readonly unsentQueue: number;
  readonly unsentQueueMax: number;
  readonly resendQueue: number;
  readonly resendQueueMax: number;
  readonly resends: number;
  readonly zlbSent: number;
  readonly outOfOrderDropped: number;
  readonly outOfOrderReordered: number;
  /** Messages acknowledged after 0, 1, 2 … 8 and more retransmissions. */
  readonly retransmitDistribution: readonly number[];
}

interface Outgoing {
  readonly octets: Uint8Array;
  readonly session: number;
  sends: number;
}

export class Channel {
  /** The oldest message not acknowledged; the queue begins with it. */
  #unacknowledged = 0;
  #queue: Outgoing[] = [];
  /** How many of the queue count as under way, and how many ever left: a loss sends us back to the first. */
  #inFlight = 0;
  #left = 0;
  /** Of all that was ever acknowledged: how old an Nr can honestly be. */
  #acknowledgedTotal = 0;
  #nr = 0;
  readonly #early = new Map<number, Uint8Array>();
  #earlyOctets = 0;
  #localWindow: number;
  #remoteWindow = DEFAULT_WINDOW;
  #congestionWindow = 1;
  #slowStartThreshold = DEFAULT_WINDOW;
  #retransmit: RetransmitSettings;
  #first: boolean;
  #resendsOfFirst = 0;
  #retransmitAt = Number.POSITIVE_INFINITY;
  #interval: Millis;
  readonly #counters = { unsentMax: 0, resendMax: 0, resends: 0, zlbSent: 0, dropped: 0, reordered: 0 };
  readonly #distribution: number[] = new Array(9).fill(0);
  /** Something arrived that no message of ours has acknowledged yet. */
  acknowledgementDue = false;

  /** `opening`: the first message is an SCCRQ, which has retries and times of its own. */
  constructor(localWindow: number, retransmit: RetransmitSettings, opening: boolean) {
    this.#localWindow = localWindow;
    this.#retransmit = retransmit;
    this.#first = opening;
    this.#interval = this.#timeoutMin;
  }

  /** When the oldest message is to be sent again. */
  get deadline(): Millis {
    return this.#retransmitAt;
  }

  get nr(): number {
    return this.#nr;
  }

  /** What a ZLB carries as Ns: the number of the next new message (§5.8: a ZLB takes no number). */
  get ns(): number {
    return (this.#unacknowledged + this.#left) & SEQUENCE_MASK;
  }

  /** Sent or not, everything the peer has not acknowledged. */
  get pending(): number {
    return this.#queue.length;
  }

  get unsent(): number {
    return this.#queue.length - this.#inFlight;
  }

  /** From when settings are known, on the side that was called. */
  configure(localWindow: number, retransmit: RetransmitSettings): void {
    this.#localWindow = localWindow;
    this.#retransmit = retransmit;
    this.#interval = this.#timeoutMin;
  }

  /** What the peer's Receive Window Size AVP said; without one it is 4 (§4.4.3). */
  openWindow(size: number): void {
    this.#remoteWindow = size;
    this.#slowStartThreshold = size;
    this.#congestionWindow = Math.min(this.#congestionWindow, size);
  }

  /** Queues a whole message, its header written but for Ns and Nr. */
  enqueue(octets: Uint8Array, session: number): void {
    this.#queue.push({ octets, session, sends: 0 });
    this.#counters.unsentMax = Math.max(this.#counters.unsentMax, this.unsent);
  }

  /** The next message that the windows let out, undefined when there is none. */
  depart(now: Millis): Departure | undefined {
    if (this.#inFlight >= this.#queue.length) return undefined;
    if (this.#inFlight >= Math.min(Math.floor(this.#congestionWindow), this.#remoteWindow)) return undefined;
    const departure = this.#send(this.#inFlight++);
    this.#counters.resendMax = Math.max(this.#counters.resendMax, this.#inFlight);
    if (this.#retransmitAt === Number.POSITIVE_INFINITY) this.#retransmitAt = now + this.#interval;
    return departure;
  }

  /** The message that was not acknowledged in time, or 'failed' when it was sent often enough. */
  handleTimeout(now: Millis): Departure | 'failed' | undefined {
    if (now < this.#retransmitAt) return undefined;
    if (this.#resendsOfFirst >= this.#retries) {
      this.#retransmitAt = Number.POSITIVE_INFINITY;
      return 'failed';
    }
    // Appendix A: half the window is kept in SSTHRESH, and CWND is one. Half of one is taken to be one.
    this.#slowStartThreshold = Math.max(this.#congestionWindow / 2, 1);
    this.#congestionWindow = 1;
    // What follows the lost message may have been dropped for coming early: it goes again as the window opens.
    this.#inFlight = 1;
    this.#resendsOfFirst++;
    this.#interval = Math.min(this.#interval * 2, this.#timeoutMax);
    this.#retransmitAt = now + this.#interval;
    return this.#send(0);
  }

  /** Something says that the peer has only now begun to listen: the oldest message goes again by then, if not sooner. */
  retransmitBy(time: Millis): void {
    if (this.#inFlight > 0) this.#retransmitAt = Math.min(this.#retransmitAt, time);
  }

  /** `octets` is the whole message: kept, as a copy, if it is early. */
  receive(ns: number, nr: number, zlb: boolean, octets: Uint8Array, now: Millis): Verdict {
    if (!this.#isHonest(nr)) return 'nr-invalid';
    this.#acknowledge(nr, now);
    if (zlb) return 'zlb'; // its Ns says nothing, and answering it could go on for ever
    const ahead = (ns - this.#nr) & SEQUENCE_MASK;
    if (ahead === 0) {
      this.#nr = (this.#nr + 1) & SEQUENCE_MASK;
      this.acknowledgementDue = true;
      return 'next';
    }
    if (ahead > HALF) {
      // §5.8: "receipt of duplicate messages MUST be acknowledged by the reliable transport."
      this.acknowledgementDue = true;
      return 'duplicate';
    }
    return this.#keepEarly(ns, ahead, octets);
  }

  /** A message that came early and is next by now. */
  takeEarly(): Uint8Array | undefined {
    const octets = this.#early.get(this.#nr);
    if (octets === undefined) return undefined;
    this.#early.delete(this.#nr);
    this.#earlyOctets -= octets.length;
    this.#counters.reordered++;
    this.#nr = (this.#nr + 1) & SEQUENCE_MASK;
    return octets;
  }

  countZlb(): void {
    this.acknowledgementDue = false;
    this.#counters.zlbSent++;
  }

  /** Nothing more is expected to leave: what has not left yet is taken back. */
  dropUnsent(): void {
    this.#queue.length = this.#left;
    this.#inFlight = Math.min(this.#inFlight, this.#left);
  }

  status(): ChannelStatus {
    return {
      ns: this.ns,
      nr: this.#nr,
      localWindow: this.#localWindow,
      remoteWindow: this.#remoteWindow,
      congestionWindow: Math.min(Math.floor(this.#congestionWindow), this.#remoteWindow),
      retransmissionTime: this.#interval,
      retransmissionTimeMax: this.#timeoutMax,
      unsentQueue: this.unsent,
      unsentQueueMax: this.#counters.unsentMax,
      resendQueue: this.#inFlight,
      resendQueueMax: this.#counters.resendMax,
      resends: this.#counters.resends,
      zlbSent: this.#counters.zlbSent,
      outOfOrderDropped: this.#counters.dropped,
      outOfOrderReordered: this.#counters.reordered,
      retransmitDistribution: this.#distribution,
    };
  }

  #send(index: number): Departure {
    const entry = this.#queue[index]!;
    const ns = (this.#unacknowledged + index) & SEQUENCE_MASK;
    const { session } = entry;
    this.#left = Math.max(this.#left, index + 1);
    entry.sends++;
    this.acknowledgementDue = false; // its Nr acknowledges
    if (entry.sends === 1) {
      writeSequence(entry.octets, ns, this.#nr);
      return { octets: entry.octets, session, ns, sends: 1 };
    }
    // §5.8: "the same Ns value, but the Nr value MUST be updated". The octets sent before may still be under way.
    this.#counters.resends++;
    const octets = entry.octets.slice();
    writeSequence(octets, ns, this.#nr);
    return { octets, session, ns, sends: entry.sends };
  }

  /** An Nr may be late, as messages overtake each other, but not ahead of what left nor older than all there was. */
  #isHonest(nr: number): boolean {
    const news = (nr - this.#unacknowledged) & SEQUENCE_MASK;
    return news <= this.#left || SEQUENCE_MASK + 1 - news <= Math.min(this.#acknowledgedTotal, HALF);
  }

  #acknowledge(nr: number, now: Millis): void {
    const count = (nr - this.#unacknowledged) & SEQUENCE_MASK;
    if (count === 0 || count > this.#left) return;
    for (const { sends } of this.#queue.splice(0, count)) this.#distribution[Math.min(sends - 1, 8)]!++;
    this.#unacknowledged = nr;
    this.#acknowledgedTotal += count;
    this.#left -= count;
    this.#inFlight = Math.max(this.#inFlight - count, 0);
    this.#first = false;
    this.#resendsOfFirst = 0;
    this.#interval = this.#timeoutMin;
    this.#retransmitAt = this.#inFlight > 0 ? now + this.#interval : Number.POSITIVE_INFINITY;
    this.#widen();
  }

  /** Appendix A: one more per acknowledgement in slow start, then one more per window; never over the peer's window. */
  #widen(): void {
    const slowStart = this.#congestionWindow < this.#slowStartThreshold;
    const step = slowStart ? 1 : 1 / this.#congestionWindow;
    this.#congestionWindow = Math.min(this.#congestionWindow + step, this.#remoteWindow);
  }

  #keepEarly(ns: number, ahead: number, octets: Uint8Array): Verdict {
    const room = ahead < this.#localWindow && this.#earlyOctets + octets.length <= EARLY_OCTETS;
    if (!room) {
      this.#counters.dropped++;
      return 'outside-window';
    }
    if (this.#early.has(ns)) return 'duplicate'; // and no acknowledgement: it would be of something else
    this.#early.set(ns, octets.slice());
    this.#earlyOctets += octets.length;
    return 'early';
  }

  get #retries(): number {
    return this.#first ? this.#retransmit.initialRetries : this.#retransmit.retries;
  }

  get #timeoutMin(): Millis {
    return this.#first ? this.#retransmit.initialTimeoutMin : this.#retransmit.timeoutMin;
  }

  get #timeoutMax(): Millis {
    return this.#first ? this.#retransmit.initialTimeoutMax : this.#retransmit.timeoutMax;
  }
}

const SEQUENCE_MASK = 0xffff;
/** §5.8: the last number received and the 32,767 before it are old; in front of it lies the rest. */
const HALF = 0x7fff;
const DEFAULT_WINDOW = 4;
/** What one peer can make us keep of messages that came early. */
const EARLY_OCTETS = 65536;
