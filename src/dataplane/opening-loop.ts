// The worker that opens what MPPE has sealed, where that has threads of its own: it gets messages from the worker of the way
// in, which has found their sessions and put them in order, and delivers what is in them.

import { Arena } from './arena.ts';
import { DELIVERY_OCTETS, Delivery } from './delivery.ts';
import { Handover, type HandoverEnds } from './handover.ts';
import type { Origin } from './held-packets.ts';
import { Count, Flag, OPENING, Row, TRANSPORT } from './layout.ts';
import { News, type Trouble } from './news.ts';
import type { Ring } from './ring.ts';
import type { SessionTable } from './session-table.ts';

export class OpeningLoop {
  readonly #table: SessionTable;
  readonly #arena = new Arena(AREA + DELIVERY_OCTETS + 65536);
  readonly #news = new News();
  readonly #handover: Handover;
  readonly #delivery: Delivery;
  readonly #area: number;
  readonly #origin: MutableOrigin;

  constructor(table: SessionTable, ring: Ring, localPort: number, takes: HandoverEnds) {
    this.#table = table;
    this.#handover = new Handover(this.#arena, takes);
    this.#delivery = new Delivery(table, ring, localPort, this.#arena, this.#news);
    this.#delivery.uplink.countsAt = Count.OpenedPacketsIn;
    this.#area = this.#arena.take(AREA);
    const at = this.#arena.take(32);
    const none = { transport: 0, peerPort: 0, peerAddress: 0, localAddress: 0 };
    this.#origin = { ...none, peerIpv6At: at, localIpv6At: at + 16 };
  }

  /** Takes what there is, once woken. `wake` is called when the control thread has something to read. */
  round(now: number, wake: () => void): void {
    this.#handover.acknowledge();
    while (this.#batch(now, wake));
  }

  drainNews(tell: (trouble: Trouble, row: number) => void): void {
    this.#news.drain(tell);
  }

  /** True: perhaps there is more. */
  #batch(now: number, wake: () => void): boolean {
    const { uplink } = this.#delivery;
    const handover = this.#handover;
    let used = 0;
    this.#table.enter(OPENING);
    uplink.now = now;
    while (used + LONGEST <= AREA && handover.take(this.#area + used)) {
      const { row, key, at, start, length } = handover;
      const verdict = uplink.resume(row, key, at, start, length);
      if (uplink.row >= 0) this.#findOrigin(row);
      this.#delivery.follow(verdict, this.#origin);
      used = (used + length + 67) & ~63;
    }
    this.#delivery.flush();
    this.#table.leave(OPENING);
    this.#delivery.finish(wake);
    return used > 0;
  }

  /** It came from the peer of its session, or it would not have come to us. */
  #findOrigin(row: number): void {
    const words = this.#table.words;
    const word = this.#table.rowWord(row);
    const origin = this.#origin;
    origin.transport = words[word + Row.Flags]! & TRANSPORT;
    origin.peerPort = words[word + Row.Ports]! & 0xffff;
    origin.peerAddress = words[word + Row.PeerAddress]!;
    origin.localAddress = words[word + Row.LocalAddress]!;
    if ((origin.transport & Flag.Ipv6) === 0) return;
    for (let index = 0; index < 4; index++) {
      this.#arena.view.setInt32(origin.peerIpv6At + 4 * index, words[word + Row.PeerIpv6 + index]!);
      this.#arena.view.setInt32(origin.localIpv6At + 4 * index, words[word + Row.LocalIpv6 + index]!);
    }
  }
}

type MutableOrigin = { -readonly [Key in keyof Origin]: Origin[Key] };

const AREA = 512 * 1024;
/** A message has less than 64 KB. */
const LONGEST = 65536 + 64;
