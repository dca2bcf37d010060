// The packet path as the control thread sees it: two workers, the session table they share, and the datagrams they pass up.

import { Worker } from 'node:worker_threads';
import { FRAMES } from '../dataplane/downlink-loop.ts';
import { FrameQueue } from '../dataplane/frame-queue.ts';
import type { Trouble } from '../dataplane/news.ts';
import { type Datagram, Ring } from '../dataplane/ring.ts';
import { SessionTable } from '../dataplane/session-table.ts';
import { clockOffset, type WorkerData, type WorkerMessage } from '../dataplane/worker.ts';
import { Epoll, EventFd } from '../sys/epoll.ts';
import { LocalError } from '../wire/errors.ts';

export interface DataplaneOptions {
  readonly udpSocket: { readonly fd: number; readonly localPort: number };
  /** Sessions at most. */
  readonly capacity: number;
  /** What is not forwarded: control messages, PPP frames that are no IPv4, all frames of a session whose network is down. */
  onDatagrams(batch: readonly Datagram[]): void;
  /** A worker met a bug, or ended: packets may not flow any more. */
  onWorkerFailure(message: string): void;
  /** A device cannot be read any more: somebody took it away. */
  onDeviceLost?(device: number): void;
  /** The way to some peer takes less than was thought. */
  onPathMtu?(): void;
  /** What has become of the session at `row`. */
  onTrouble?(trouble: Trouble, row: number): void;
}

export class DataplanePool {
  readonly table: SessionTable;
  readonly #options: DataplaneOptions;
  readonly #ring = Ring.create(RING_SIZE);
  readonly #frames = FrameQueue.create();
  readonly #framesSignal = new EventFd();
  readonly #stopSignal = new EventFd();
  readonly #uplinkEpoll = new Epoll();
  readonly #downlinkEpoll = new Epoll();
  readonly #ended: Promise<unknown>[] = [];
  // A process that ends without `stop` must not wait for threads that wait in the kernel.
  readonly #onExit = (): void => this.#signalStop();

  private constructor(options: DataplaneOptions) {
    this.#options = options;
    this.table = SessionTable.create(options.capacity);
    this.addSocket(0, options.udpSocket.fd);
    this.#uplinkEpoll.add(this.#stopSignal.fd, STOP);
    this.#downlinkEpoll.add(this.#stopSignal.fd, STOP);
    this.#downlinkEpoll.add(this.#framesSignal.fd, FRAMES);
    process.on('exit', this.#onExit);
    this.#startWorker('uplink', this.#uplinkEpoll);
    this.#startWorker('downlink', this.#downlinkEpoll);
  }

  static start(options: DataplaneOptions): DataplanePool {
    return new DataplanePool(options);
  }

  /**
   * What comes by this socket goes through the workers from now on, and sessions of its kind send by it. `socket`: its number,
   * see `layout.SOCKETS`. It is closed after `stop` only.
   */
  addSocket(socket: number, fd: number): void {
    this.table.setSocketFd(socket, fd);
    this.#uplinkEpoll.add(fd, socket);
  }

  /**
   * Packets of this TUN or TAP, or frames of this packet socket (`attached`), go through the workers from now on. `device`: a
   * free index below `MAX_DEVICES`.
   */
  addDevice(device: number, fd: number, attached = false): void {
    if (this.table.deviceFd(device) >= 0) throw new LocalError('device-exists', `device ${device}`);
    this.table.setDeviceFd(device, fd, attached);
    this.#downlinkEpoll.add(fd, device);
  }

  /** A PPP frame for the call of PPTP in `row`, to be sent with its next number. False: there is no room. */
  sendFrame(row: number, call: number, frame: Uint8Array): boolean {
    if (!this.#frames.push(row, call, frame)) return false;
    this.#framesSignal.signal();
    return true;
  }

  /** Resolves when no worker uses the descriptor any more: it may be closed then. */
  async removeDevice(device: number): Promise<void> {
    const fd = this.table.deviceFd(device);
    if (fd < 0) return;
    this.table.setDeviceFd(device, -1);
    this.#downlinkEpoll.remove(fd);
    const then = this.table.epochs();
    while (!this.table.stopping && !this.table.haveAllPassed(then)) await pause();
  }

  /** Ends the workers: at most a second, by their own doing within milliseconds. */
  async stop(): Promise<void> {
    if (this.table.stopping) return;
    this.#signalStop();
    const timeLimit = new Promise((resolve) => setTimeout(resolve, STOP_LIMIT).unref());
    await Promise.race([Promise.all(this.#ended), timeLimit]);
    process.off('exit', this.#onExit);
    this.#uplinkEpoll.close();
    this.#downlinkEpoll.close();
    this.#stopSignal.close();
    this.#framesSignal.close();
  }

  #startWorker(role: WorkerData['role'], epoll: Epoll): void {
    const data: WorkerData = {
      role,
      table: this.table.buffer,
      ring: this.#ring.buffer,
      frames: this.#frames.buffer,
      framesFd: this.#framesSignal.fd,
      localPort: this.#options.udpSocket.localPort,
      epollFd: epoll.fd,
      clockOffset: clockOffset(),
    };
    const worker = new Worker(WORKER, { workerData: data, name: `vpdn-${role}` });
    worker.on('message', (message: WorkerMessage) => this.#handleMessage(message));
    worker.on('error', (error) => this.#options.onWorkerFailure(`${role}: ${String(error)}`));
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.once('exit', () => {
      if (!this.table.stopping) this.#options.onWorkerFailure(`${role}: the thread ended`);
    });
    this.#ended.push(ended);
  }

  #handleMessage(message: WorkerMessage): void {
    switch (message.say) {
      case 'datagrams':
        this.#deliver();
        break;
      case 'device-lost':
        this.#options.onDeviceLost?.(message.device);
        break;
      case 'path-mtu':
        this.#options.onPathMtu?.();
        break;
      case 'compression-lost':
      case 'flow-alarm':
        // By now the row may be another's.
        if (this.table.keyOf(message.row) === message.key) this.#options.onTrouble?.(message.say, message.row);
        break;
      case 'failure':
        this.#options.onWorkerFailure(message.message);
        break;
      default:
        message satisfies never;
    }
  }

  #deliver(): void {
    if (this.table.stopping) return;
    const batch = this.#ring.drain(BATCH);
    if (batch.length === 0) return;
    // Others are waiting for this thread too: a flood is read piece by piece.
    if (batch.length === BATCH) setImmediate(() => this.#deliver());
    this.#options.onDatagrams(batch);
  }

  #signalStop(): void {
    this.table.setStopping();
    this.#stopSignal.signal();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

const WORKER = new URL('../dataplane/worker.ts', import.meta.url);
const RING_SIZE = 1 << 20;
const BATCH = 256;
/** In an epoll event: no device. */
const STOP = -1;
const STOP_LIMIT = 900;
