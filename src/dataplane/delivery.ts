// What becomes of a message on the way in once it has its verdict: its packet goes to a device, or all of it to the control
// thread. With it goes the memory that both need until then.

import type { Arena } from './arena.ts';
import { Coalescer } from './coalescer.ts';
import { countDrops } from './drops.ts';
import { Uplink } from './forward.ts';
import type { Handover } from './handover.ts';
import type { Origin } from './held-packets.ts';
import { Flag } from './layout.ts';
import type { News } from './news.ts';
import { OPENER_OCTETS, Opener } from './opener.ts';
import type { Ring } from './ring.ts';
import type { SessionTable } from './session-table.ts';
import { Verdict } from './verdict.ts';

export class Delivery {
  readonly uplink: Uplink;
  readonly #table: SessionTable;
  readonly #ring: Ring;
  readonly #localPort: number;
  readonly #octets: Uint8Array;
  readonly #opener: Opener;
  readonly #coalescer: Coalescer;
  #passedUp = false;

  /** `handover`: where sealed frames go that another thread opens. */
  constructor(table: SessionTable, ring: Ring, localPort: number, arena: Arena, news: News, handover?: Handover) {
    this.#table = table;
    this.#ring = ring;
    this.#localPort = localPort;
    this.#octets = arena.octets;
    this.#opener = new Opener(table, arena.memory, arena.take(OPENER_OCTETS), news);
    this.uplink = new Uplink(table, arena.octets, this.#opener, news, handover);
    this.#coalescer = new Coalescer(arena, table);
  }

  /** Of the message that `uplink` handled last, and that came by `origin`. */
  follow(verdict: Verdict, origin: Origin): void {
    const uplink = this.uplink;
    if (verdict === Verdict.PassUp) {
      this.#passUp(origin, uplink.upAt, uplink.upLength);
    } else if (verdict === Verdict.Forward) {
      // Before the packet is written, for coalescing changes its headers.
      if (uplink.sequencingChanged) this.#passUp(origin, uplink.upAt, uplink.upLength);
      const fd = this.#table.deviceFd(uplink.device);
      if (fd < 0) countDrops(this.#table, uplink.row, Verdict.DeviceRefused, 1);
      else if (uplink.isEthernet) this.#coalescer.writeAlone(fd, uplink.row, uplink.packetAt, uplink.packetLength);
      else this.#coalescer.write(fd, uplink.row, uplink.packetAt, uplink.packetLength);
    } else if (verdict === Verdict.Taken && uplink.sequencingChanged) {
      this.#passUp(origin, uplink.upAt, uplink.upLength);
    }
    if (!this.#opener.isFull) return;
    this.#coalescer.flush();
    this.#opener.recycle();
  }

  /** Nothing points into anybody's buffers any more. */
  flush(): void {
    this.#coalescer.flush();
    this.#opener.recycle();
    this.#opener.sweep();
  }

  /** `wake` is called when the control thread has something to read. */
  finish(wake: () => void): void {
    if (!this.#passedUp) return;
    this.#passedUp = false;
    if (this.#ring.claimWakeUp()) wake();
  }

  #passUp(origin: Origin, at: number, length: number): void {
    const { transport, peerPort, peerAddress, localAddress, peerIpv6At, localIpv6At } = origin;
    const octets = this.#octets;
    const ring = this.#ring;
    const ports = (transport & Flag.OverIp) !== 0 ? 0 : (this.#localPort << 16) | peerPort;
    // RFC 2661 §3.1: the T bit. Losing a PPP frame costs a retry, losing control messages costs the tunnel.
    const urgent = this.uplink.isControl;
    if (ring.push(octets, at, length, peerAddress, localAddress, ports, urgent, transport, peerIpv6At, localIpv6At)) {
      this.#passedUp = true;
    } else {
      countDrops(this.#table, this.uplink.row, Verdict.RingFull, 1);
    }
  }
}

/** Of the arena. */
export const DELIVERY_OCTETS = OPENER_OCTETS + 65536;
