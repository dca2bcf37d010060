// A channel of an SSH connection as a stream that waits for the network. ssh2 hands on whatever the client's window permits, and a
// client may grant gigabytes and read none of them.

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A channel as ssh2 makes it. */
export interface RawChannel extends Duplex {
  exit(status: number): void;
}

export class SshChannel extends Duplex {
  readonly #raw: RawChannel;
  readonly #socket: Socket;

  constructor(raw: RawChannel, socket: Socket) {
    // It is over when the client says so: OpenSSH prints nothing of what comes right before the end of its connection.
    super({ highWaterMark: HIGH_WATER, autoDestroy: false });
    this.#raw = raw;
    this.#socket = socket;
    raw.on('data', (octets: Uint8Array) => {
      if (!this.push(octets)) raw.pause();
    });
    raw.on('end', () => this.push(null));
    raw.on('close', () => this.destroy());
    raw.on('error', () => this.destroy());
  }

  /** How the command went, before the end. */
  exit(status: number): void {
    this.#raw.exit(status);
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(octets: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#raw.write(octets, () => {
      if (this.#socket.writableLength < HIGH_WATER || this.#socket.destroyed) done();
      else this.#socket.once('drain', done);
    });
  }

  override _final(done: () => void): void {
    if (this.#raw.writableFinished) return done();
    this.#raw.once('finish', done);
    this.#raw.end();
  }

  /** Whatever waits for the network waits no longer. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.end();
    done(error);
  }
}

const HIGH_WATER = 1 << 16;
