// The TCP connections of PPTP: listeners, and connections of our own, as inputs and effects of its endpoint, by number.
// A stream is bounded both ways: what comes is handed on at once, and a peer that takes nothing is cut off.

import { connect, createServer, type Server, type Socket } from 'node:net';
import { PPTP_PORT } from '../pptp/message.ts';
import type { StreamEffect, StreamInput } from '../vpdn/events.ts';
import type { Path } from '../wire/ip.ts';

export interface StreamSocketsOptions {
  /** Never called while `apply` runs. The octets of an input are good until it returns. */
  readonly onInput: (input: StreamInput) => void;
  /** A listener broke after it had begun. */
  readonly onFailure: (message: string) => void;
}

export class StreamSockets {
  readonly #options: StreamSocketsOptions;
  readonly #servers = new Map<string, Server>();
  readonly #sockets = new Map<number, Socket>();
  /** Let go of, with something still to go out. */
  readonly #closing = new Set<Socket>();
  #nextNumber = 1;

  constructor(options: StreamSocketsOptions) {
    this.#options = options;
  }

  /** Connections that there are, ours and theirs, without those let go of. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Those that are listened to, as `address:port`. */
  get listeners(): readonly string[] {
    return [...this.#servers.keys()];
  }

  /** Undefined, or the errno name of why not. Listening already is no error. */
  listen(address: string, port = PPTP_PORT): Promise<string | undefined> {
    const key = `${address}:${port}`;
    if (this.#servers.has(key)) return Promise.resolve(undefined);
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE }, (socket) => {
      this.#accept(socket);
    });
    this.#servers.set(key, server);
    return new Promise((resolve) => {
      server.on('error', (error) => {
        if (this.#servers.get(key) === server) this.#servers.delete(key);
        if (server.listening) this.#options.onFailure(`TCP ${key}: ${errnoOf(error)}`);
        server.close();
        resolve(errnoOf(error));
      });
      server.listen({ host: address, port, backlog: BACKLOG }, () => resolve(undefined));
    });
  }

  /** The port that a listener has, where it asked for any. */
  portOf(address: string, port: number): number | undefined {
    const at = this.#servers.get(`${address}:${port}`)?.address();
    return typeof at === 'object' ? at?.port : undefined;
  }

  /** No new connections there; those that are stay. */
  stopListening(address: string, port = PPTP_PORT): void {
    const key = `${address}:${port}`;
    this.#servers.get(key)?.close();
    this.#servers.delete(key);
  }

  apply(effect: StreamEffect): void {
    switch (effect.do) {
      case 'connect':
        return this.#connect(effect.connection, effect.path);
      case 'send':
        return this.#send(effect.connection, effect.octets);
      case 'disconnect':
        return this.#disconnect(effect.connection, effect.how);
    }
  }

  /** All at once: no input comes any more. */
  close(): void {
    for (const server of this.#servers.values()) server.close();
    this.#servers.clear();
    for (const socket of [...this.#sockets.values(), ...this.#closing]) socket.destroy();
    this.#sockets.clear();
    this.#closing.clear();
  }

  #accept(socket: Socket): void {
    const path = pathOf(socket);
    // It may have been reset before we got to it.
    if (path === undefined) return void socket.on('error', () => {}).destroy();
    const number = this.#nextNumber;
    this.#nextNumber += 2;
    this.#watch(number, socket);
    this.#options.onInput({ on: 'accepted', connection: number, path });
  }

  #connect(connection: number, path: Path): void {
    const { localAddress, peerAddress: host, peerPort: port } = path;
    const from = localAddress === ANY_ADDRESS ? {} : { localAddress };
    const socket = connect({ host, port, ...from, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE });
    this.#watch(connection, socket);
    socket.once('connect', () => {
      const opened = pathOf(socket);
      if (opened !== undefined) this.#say(socket, { on: 'opened', connection, path: opened });
    });
  }

  #watch(connection: number, socket: Socket): void {
    this.#sockets.set(connection, socket);
    let error: string | undefined;
    let opened = !socket.connecting;
    socket.once('connect', () => {
      opened = true;
    });
    socket.on('data', (octets: Buffer) => this.#say(socket, { on: 'octets', connection, octets }));
    socket.on('error', (reason) => {
      error = errnoOf(reason);
    });
    const over = () => {
      if (this.#sockets.get(connection) !== socket) return;
      this.#sockets.delete(connection);
      this.#letGo(socket);
      const { onInput } = this.#options;
      if (!opened) onInput({ on: 'refused', connection, error: error ?? 'ECONNABORTED' });
      else onInput(error === undefined ? { on: 'closed', connection } : { on: 'closed', connection, error });
    };
    // The peer has no more to say. What we have still goes out, but nobody waits for it.
    socket.on('end', over);
    socket.on('close', over);
  }

  #say(socket: Socket, input: StreamInput): void {
    if (this.#sockets.get(input.connection) === socket) this.#options.onInput(input);
  }

  #send(connection: number, octets: Uint8Array): void {
    const socket = this.#sockets.get(connection);
    if (socket === undefined || socket.destroyed) return;
    socket.write(octets);
    // A peer that asks and does not read the answers: `closed` follows.
    if (socket.writableLength > MOST_UNSENT)
      socket.destroy(Object.assign(new Error('too much unsent'), { code: 'ENOBUFS' }));
  }

  #disconnect(connection: number, how: 'flush' | 'abort'): void {
    const socket = this.#sockets.get(connection);
    if (socket === undefined) return;
    this.#sockets.delete(connection);
    if (how === 'flush') this.#letGo(socket);
    else if (socket.connecting) socket.destroy();
    else socket.resetAndDestroy();
  }

  /** Ends it once everything has gone out, or after a while. */
  #letGo(socket: Socket): void {
    if (socket.destroyed) return;
    if (this.#closing.size >= MOST_CLOSING) return void socket.destroy();
    this.#closing.add(socket);
    const timer = setTimeout(() => socket.destroy(), FLUSH_TIMEOUT);
    socket.once('close', () => {
      clearTimeout(timer);
      this.#closing.delete(socket);
    });
    socket.removeAllListeners('data');
    socket.resume();
    socket.end();
  }
}

function pathOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): Path | undefined {
  if (localAddress === undefined || localPort === undefined) return undefined;
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return { localAddress: plain(localAddress), localPort, peerAddress: plain(remoteAddress), peerPort: remotePort };
}

/** A listener on `::` has IPv4 peers too, in the clothes of IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}

function errnoOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
}

const ANY_ADDRESS = '0.0.0.0';
const BACKLOG = 511;
/** Some hundred messages, which no peer leaves unread that means it. */
const MOST_UNSENT = 65_536;
const MOST_CLOSING = 1024;
const FLUSH_TIMEOUT = 5000;
/** Dead peers are noticed by TCP as well, for those that have no Echo. */
const KEEP_ALIVE = 60_000;
