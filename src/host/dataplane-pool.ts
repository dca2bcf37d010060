// The packet path as the control thread sees it: two workers or four, the session table they share, and the datagrams they
// pass up.

import { Worker } from 'node:worker_threads';
import type { Trouble } from '../dataplane/news.ts';
import type { Datagram } from '../dataplane/ring.ts';
import { SessionTable } from '../dataplane/session-table.ts';
import { clockOffset, type WorkerData, type WorkerMessage } from '../dataplane/worker.ts';
import { EventFd } from '../sys/epoll.ts';
import { LocalError } from '../wire/errors.ts';
import { WayIn, WayOut } from './dataplane-ways.ts';

export interface DataplaneOptions {
  readonly udpSocket: { readonly fd: number; readonly localPort: number };
  /** Sessions at most. */
  readonly capacity: number;
  /** MPPE and MPPC have two threads of their own. */
  readonly mppeThreads?: boolean;
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
  readonly #stopSignal = new EventFd();
  readonly #in = new WayIn();
  readonly #out = new WayOut();
  /** The threads of MPPE. */
  readonly #opening: WayIn | undefined;
  readonly #sealing: WayOut | undefined;
  readonly #ended: Promise<unknown>[] = [];
  // A process that ends without `stop` must not wait for threads that wait in the kernel.
  readonly #onExit = (): void => this.#signalStop();

  private constructor(options: DataplaneOptions) {
    this.#options = options;
    this.table = SessionTable.create(options.capacity);
    this.addSocket(0, options.udpSocket.fd);
    if (options.mppeThreads === true) {
      this.#opening = new WayIn();
      this.#sealing = new WayOut();
    }
    for (const way of this.#ways()) way.epoll.add(this.#stopSignal.fd, STOP);
    process.on('exit', this.#onExit);
    const opening = this.#opening?.takeOver();
    const sealing = this.#sealing?.takeOver();
    this.#startWorker('uplink', this.#in, this.#out, { gives: opening });
    this.#startWorker('downlink', this.#in, this.#out, { gives: sealing });
    if (this.#opening === undefined || this.#sealing === undefined) return;
    this.#startWorker('opening', this.#opening, this.#sealing, { takes: opening });
    this.#startWorker('sealing', this.#opening, this.#sealing, { takes: sealing });
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
    this.#in.epoll.add(fd, socket);
  }

  /**
   * Packets of this TUN or TAP, or frames of this packet socket (`attached`), go through the workers from now on. `device`: a
   * free index below `MAX_DEVICES`.
   */
  addDevice(device: number, fd: number, attached = false): void {
    if (this.table.deviceFd(device) >= 0) throw new LocalError('device-exists', `device ${device}`);
    this.table.setDeviceFd(device, fd, attached);
    this.#out.epoll.add(fd, device);
  }

  /** A PPP frame for the call of PPTP in `row`, to be sent with its next number. False: there is no room. */
  sendFrame(row: number, call: number, frame: Uint8Array): boolean {
    const seals = this.#sealing !== undefined && this.table.seals(row);
    // Who sends the call's data sends its frames.
    return (seals ? this.#sealing! : this.#out).sendFrame(row, call, frame);
  }

  /** Resolves when no worker uses the descriptor any more: it may be closed then. */
  async removeDevice(device: number): Promise<void> {
    const fd = this.table.deviceFd(device);
    if (fd < 0) return;
    this.table.setDeviceFd(device, -1);
    this.#out.epoll.remove(fd);
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
    for (const way of this.#ways()) way.close();
    this.#stopSignal.close();
  }

  #ways(): (WayIn | WayOut)[] {
    return [this.#in, this.#out, this.#opening, this.#sealing].filter((way) => way !== undefined);
  }

  #startWorker(
    role: WorkerData['role'],
    wayIn: WayIn,
    wayOut: WayOut,
    handovers: Pick<WorkerData, 'gives' | 'takes'>,
  ): void {
    const { epoll } = role === 'uplink' || role === 'opening' ? wayIn : wayOut;
    const data: WorkerData = {
      role,
      table: this.table.buffer,
      ring: wayIn.ring.buffer,
      frames: wayOut.frames.buffer,
      framesFd: wayOut.framesFd,
      ...handovers,
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
    for (const way of [this.#in, this.#opening]) {
      const batch = way?.ring.drain(BATCH) ?? [];
      // Others are waiting for this thread too: a flood is read piece by piece.
      if (batch.length === BATCH) setImmediate(() => this.#deliver());
      if (batch.length > 0) this.#options.onDatagrams(batch);
    }
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
const BATCH = 256;
/** In an epoll event: no device. */
const STOP = -1;
const STOP_LIMIT = 900;
