// A thread of the packet path. It ends only by itself, when the table says so and its event descriptor wakes it: a thread
// that is terminated while it waits in the kernel would keep the process from ever ending.

import { parentPort, workerData } from 'node:worker_threads';
import { EPOLL_CTL_DEL, EPOLL_EVENT_DATA, EPOLL_EVENT_SIZE } from '../sys/epoll.ts';
import * as libc from '../sys/libc.ts';
import { SystemError } from '../wire/errors.ts';
import { DownlinkLoop } from './downlink-loop.ts';
import { FrameQueue } from './frame-queue.ts';
import type { HandoverEnds } from './handover.ts';
import { Row, SOCKETS } from './layout.ts';
import type { Trouble } from './news.ts';
import { OpeningLoop } from './opening-loop.ts';
import { Ring } from './ring.ts';
import { SessionTable } from './session-table.ts';
import { UplinkLoop } from './uplink-loop.ts';

export interface WorkerData {
  /** The last two are there where MPPE has threads of its own: they get from the others what they open and seal. */
  readonly role: 'uplink' | 'downlink' | 'opening' | 'sealing';
  readonly table: SharedArrayBuffer;
  readonly ring: SharedArrayBuffer;
  readonly frames: SharedArrayBuffer;
  /** Readable when there are frames. */
  readonly framesFd: number;
  readonly gives?: HandoverEnds | undefined;
  readonly takes?: HandoverEnds | undefined;
  readonly localPort: number;
  /** Readable: the sockets or the devices, each by its number, and the descriptor that ends the wait. */
  readonly epollFd: number;
  /** `process.hrtime` in milliseconds minus `performance.now()`, in the control thread. */
  readonly clockOffset: number;
}

/** What a worker says to the control thread. */
export type WorkerMessage =
  | { readonly say: 'datagrams' }
  | { readonly say: 'device-lost'; readonly device: number }
  /** The way to some peer takes less than was thought. */
  | { readonly say: 'path-mtu' }
  /** Of the session that has this row and this key. */
  | { readonly say: Trouble; readonly row: number; readonly key: number }
  | { readonly say: 'failure'; readonly message: string };

/** Milliseconds between the clock that all threads share and this thread's own `performance.now()`. */
export function clockOffset(): number {
  return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}

function runUplink(data: WorkerData, table: SessionTable, toMillis: number): void {
  const loop = new UplinkLoop(table, Ring.attach(data.ring), data.localPort, data.gives);
  const events = new Uint8Array((SOCKETS + 1) * EPOLL_EVENT_SIZE);
  const view = new DataView(events.buffer);
  const address = libc.addressOf(events);
  const wake = (): void => say({ say: 'datagrams' });
  const tell = tellerOf(table);
  const drain = (socket: number, limit: number): void => {
    for (let rounds = 0; rounds < limit; rounds++) {
      if (!loop.round(socket, performance.now() + toMillis, wake)) break;
    }
  };
  let started = false;
  guard(table, () => {
    // The one socket that is always there shows at once whether this thread can work at all.
    if (!started) drain(0, 1);
    started = true;
    const left = loop.timeLeft(performance.now() + toMillis);
    const count = libc.epollWait(data.epollFd, address, SOCKETS + 1, Math.ceil(left));
    for (let index = 0; index < count && !table.stopping; index++) {
      const socket = view.getInt32(index * EPOLL_EVENT_SIZE + EPOLL_EVENT_DATA, true);
      // A busy one does not keep the others waiting for long.
      if (socket >= 0) drain(socket, count > 1 ? MAX_SHARED_ROUNDS : MAX_ROUNDS);
    }
    const now = performance.now() + toMillis;
    if (!table.stopping && loop.timeLeft(now) === 0) loop.tick(now, wake);
    loop.drainNews(tell);
  });
}

function runDownlink(data: WorkerData, table: SessionTable, toMillis: number): void {
  const { epollFd: epoll, framesFd, gives, takes } = data;
  const loop = new DownlinkLoop(table, { epoll, frames: FrameQueue.attach(data.frames), framesFd, gives, takes });
  const lost = (device: number): void => {
    // Its descriptor stays readable for ever: without this the loop would spin.
    libc.epollCtl(data.epollFd, EPOLL_CTL_DEL, table.deviceFd(device), 0);
    say({ say: 'device-lost', device });
  };
  const tell = tellerOf(table);
  let quietUntil = 0;
  guard(table, () => {
    const count = loop.wait();
    if (table.stopping) return;
    const now = performance.now();
    loop.round(count, now + toMillis, lost);
    loop.drainNews(tell);
    if (!loop.takeTooLong() || now < quietUntil) return;
    quietUntil = now + PATH_MTU_INTERVAL;
    say({ say: 'path-mtu' });
  });
}

function runOpening(data: WorkerData, table: SessionTable, toMillis: number): void {
  const loop = new OpeningLoop(table, Ring.attach(data.ring), data.localPort, data.takes!);
  const event = libc.addressOf(EVENT);
  const wake = (): void => say({ say: 'datagrams' });
  const tell = tellerOf(table);
  guard(table, () => {
    libc.epollWait(data.epollFd, event, 1, -1);
    if (table.stopping) return;
    loop.round(performance.now() + toMillis, wake);
    loop.drainNews(tell);
  });
}

/** Runs `step` until the table says stop. Whatever it throws is told, and ends the worker only if it does not cease. */
function guard(table: SessionTable, step: () => void): void {
  let failures = 0;
  while (!table.stopping) {
    try {
      step();
    } catch (error) {
      failures++;
      say({ say: 'failure', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      if (error instanceof SystemError || failures >= MAX_FAILURES) return;
    }
  }
}

function tellerOf(table: SessionTable): (trouble: Trouble, row: number) => void {
  return (trouble, row) => say({ say: trouble, row, key: table.words[table.rowWord(row) + Row.Key]! });
}

function say(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** Between two looks at whether to stop, and at who else is waiting. */
const MAX_ROUNDS = 64;
const MAX_SHARED_ROUNDS = 4;
const MAX_FAILURES = 100;
/** A stream of packets that are too long is one piece of news. */
const PATH_MTU_INTERVAL = 50;

const EVENT = new Uint8Array(EPOLL_EVENT_SIZE);

const RUN = { uplink: runUplink, downlink: runDownlink, opening: runOpening, sealing: runDownlink } as const;

if (parentPort !== null && workerData !== undefined) {
  const data = workerData as WorkerData;
  const table = SessionTable.attach(data.table);
  RUN[data.role](data, table, clockOffset() - data.clockOffset);
}
