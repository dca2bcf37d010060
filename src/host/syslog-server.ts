// One syslog server: messages wait in a short queue until the way to it is open, and are counted when they are lost (RFC 5426 for
// UDP; over TCP each ends with a line feed, RFC 6587 §3.4.2).

import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import type { SyslogHost } from '../vpdn/configuration-system.ts';

export interface SyslogServerOptions {
  readonly host: SyslogHost;
  /** The address to send from, now; undefined: Linux chooses. Null: the interface that should give it has none. */
  readonly source: () => string | undefined | null;
  /** It cannot be reached; said once until it can. */
  readonly failed: (reason: string) => void;
}

/** An open way. Undefined from `address`: not known. */
interface Way {
  readonly address: string | undefined;
  send(octets: Buffer, lost: (error: Error) => void): void;
  /** Octets or datagrams on their way are so many that more should wait. */
  readonly full: boolean;
  close(): void;
}

export class SyslogServer {
  readonly host: SyslogHost;
  logged = 0;
  dropped = 0;
  readonly #options: SyslogServerOptions;
  readonly #queue: ((address: string | undefined) => string)[] = [];
  #way: Way | undefined;
  #opening = false;
  #failing = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: SyslogServerOptions) {
    this.#options = options;
    this.host = options.host;
    // Not before whoever made it is complete: then the source interface may have its address.
    setImmediate(() => void this.#open());
  }

  get port(): number {
    return this.host.port ?? DEFAULT_PORT[this.host.transport];
  }

  get up(): boolean {
    return this.#way !== undefined;
  }

  /** `message` is made when it leaves: it may name the address it leaves from. */
  send(message: (address: string | undefined) => string): void {
    if (this.#closed) return;
    if (this.#queue.length >= MOST_WAITING) {
      this.dropped++;
      return;
    }
    this.#queue.push(message);
    this.#flush();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#way?.close();
    this.#way = undefined;
  }

  #flush(): void {
    const way = this.#way;
    while (way !== undefined && !way.full && this.#queue.length > 0) {
      const octets = Buffer.from(this.#queue.shift()!(way.address));
      this.logged++;
      way.send(octets.subarray(0, LONGEST), (error) => {
        this.logged--;
        this.dropped++;
        this.#lost(way, error.message);
      });
    }
  }

  async #open(): Promise<void> {
    if (this.#opening || this.#closed) return;
    this.#opening = true;
    try {
      const source = this.#options.source();
      if (source === null) throw new Error('the source interface has no address');
      const { host, transport } = this.host;
      const address = isIP(host) === 0 ? (await lookup(host)).address : host;
      const open = transport === 'tcp' ? openTcp : openUdp;
      const to = { address, port: this.port, source: isIP(source ?? '') === isIP(address) ? source : undefined };
      const way = await open(to, { lost: (reason) => this.#lost(way, reason), room: () => this.#flush() });
      if (this.#closed) return way.close();
      this.#way = way;
      this.#failing = false;
    } catch (error) {
      this.#lost(undefined, (error as Error).message);
    } finally {
      this.#opening = false;
    }
    this.#flush();
  }

  /** Tries again after a while. */
  #lost(way: Way | undefined, reason: string): void {
    if (this.#closed || (way !== undefined && way !== this.#way)) return;
    this.#way?.close();
    this.#way = undefined;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#open(), RETRY).unref();
    if (!this.#failing) this.#options.failed(reason);
    this.#failing = true;
  }
}

interface To {
  readonly address: string;
  readonly port: number;
  readonly source: string | undefined;
}

interface Hears {
  readonly lost: (reason: string) => void;
  readonly room: () => void;
}

/** Not connected while it sends: a server that is down for a moment must not close the socket with its ICMP. */
async function openUdp({ address, port, source }: To, { lost, room }: Hears): Promise<Way> {
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  socket.unref();
  try {
    await settled(socket, () => socket.bind(source === undefined ? {} : { address: source }), 'listening');
    await settled(socket, () => socket.connect(port, address), 'connect');
  } catch (error) {
    socket.close();
    throw error;
  }
  const { address: own } = socket.address();
  socket.disconnect();
  socket.on('error', (error) => lost(error.message));
  return {
    address: own,
    get full() {
      return socket.getSendQueueCount() >= MOST_SENDING;
    },
    send: (octets, failed) => {
      socket.send(octets, port, address, (error) => (error === null || error === undefined ? room() : failed(error)));
    },
    close: () => socket.close(),
  };
}

function settled(socket: DatagramSocket, begin: () => void, event: 'listening' | 'connect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once(event, () => {
      socket.off('error', reject);
      resolve();
    });
    begin();
  });
}

async function openTcp({ address, port, source }: To, { lost, room }: Hears): Promise<Way> {
  const socket: Socket = connect({ host: address, port, ...(source !== undefined && { localAddress: source }) });
  socket.unref();
  socket.setTimeout(CONNECT_TIMEOUT, () => socket.destroy(new Error('no answer')));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', resolve);
  });
  socket.setTimeout(0);
  socket.on('error', () => undefined);
  socket.on('close', () => lost('the server closed the connection'));
  socket.on('drain', room);
  // A server says nothing; its end is heard only while somebody reads.
  socket.resume();
  return {
    address: socket.localAddress,
    get full() {
      return socket.writableLength > MOST_UNSENT;
    },
    send: (octets) => void socket.write(Buffer.concat([octets, LINE_FEED])),
    close: () => socket.destroy(),
  };
}

const DEFAULT_PORT = { udp: 514, tcp: 601 } as const;
const LINE_FEED = Buffer.from('\n');
/** Octets of a message: what every server takes (RFC 3164 §4.1). */
const LONGEST = 1024;
/** Messages, as IOS's `logging queue-limit trap`. */
const MOST_WAITING = 100;
const MOST_SENDING = 100;
const MOST_UNSENT = 1 << 16;
/** Milliseconds. */
const RETRY = 5000;
const CONNECT_TIMEOUT = 10_000;
