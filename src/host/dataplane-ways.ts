// What connects a worker of the packet path with the others: what it waits for, and what it gets and gives in shared memory.

import { FRAMES, HANDOVER } from '../dataplane/downlink-loop.ts';
import { FrameQueue } from '../dataplane/frame-queue.ts';
import { Handover, type HandoverEnds } from '../dataplane/handover.ts';
import { Ring } from '../dataplane/ring.ts';
import { Epoll, EventFd } from '../sys/epoll.ts';

/** From sockets to devices. */
export class WayIn {
  readonly epoll = new Epoll();
  /** Datagrams for the control thread. */
  readonly ring = Ring.create(RING_SIZE);
  readonly #given = new EventFd();

  /** Its messages come from another worker. */
  takeOver(): HandoverEnds {
    this.epoll.add(this.#given.fd, HANDOVER);
    return { buffer: Handover.allocate(), fd: this.#given.fd };
  }

  close(): void {
    this.epoll.close();
    this.#given.close();
  }
}

/** From devices to sockets. */
export class WayOut {
  readonly epoll = new Epoll();
  /** Frames of the control thread. */
  readonly frames = FrameQueue.create();
  readonly #signal = new EventFd();
  readonly #given = new EventFd();

  constructor() {
    this.epoll.add(this.#signal.fd, FRAMES);
  }

  get framesFd(): number {
    return this.#signal.fd;
  }

  sendFrame(row: number, call: number, frame: Uint8Array): boolean {
    if (!this.frames.push(row, call, frame)) return false;
    this.#signal.signal();
    return true;
  }

  /** Its packets come from another worker. */
  takeOver(): HandoverEnds {
    this.epoll.add(this.#given.fd, HANDOVER);
    return { buffer: Handover.allocate(), fd: this.#given.fd };
  }

  close(): void {
    this.epoll.close();
    this.#signal.close();
    this.#given.close();
  }
}

const RING_SIZE = 1 << 20;
