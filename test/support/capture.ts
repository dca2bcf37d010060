// A packet capture of one device, from before the first packet to after the last.

import { rmSync } from 'node:fs';
import type { Namespace } from './namespace.ts';
import type { Background } from './process.ts';
import { pause } from './wait.ts';

/** For the last packet to be read and written. */
const SETTLE_MILLIS = 200;

export class Capture {
  readonly file: string;
  readonly #tcpdump: Background;

  /** Returns once tcpdump listens. `filter` is in its own language: `udp port 1701`. */
  static async start(namespace: Namespace, device: string, file: string, filter = ''): Promise<Capture> {
    // -Z root: as the unprivileged user it turns into by default it may not write where we want the file.
    // Immediate: what still waits in the kernel's buffer when tcpdump is told to end would be lost.
    // Its buffer is then cut in pieces of the snapshot length: short ones, but longer than any frame of a wire.
    const options = ['-Z', 'root', '-n', '-U', '--immediate-mode', '-s', '2048', '-B', '65536'];
    const argv = ['tcpdump', ...options, '-i', device, '-w', file, filter];
    const tcpdump = namespace.start(argv.filter((word) => word !== ''));
    await tcpdump.said(/listening on/, 5000);
    return new Capture(file, tcpdump);
  }

  private constructor(file: string, tcpdump: Background) {
    this.file = file;
    this.#tcpdump = tcpdump;
  }

  /** Ends it and returns how many packets it has; throws when the kernel had to drop some. */
  async stop(): Promise<number> {
    await pause(SETTLE_MILLIS);
    await this.#tcpdump.stop('SIGINT');
    const captured = /(\d+) packets? captured/.exec(this.#tcpdump.stdout);
    const dropped = /(\d+) packets? dropped by kernel/.exec(this.#tcpdump.stdout);
    if (captured === null || dropped === null) throw new Error(`tcpdump said: ${this.#tcpdump.stdout}`);
    if (dropped[1] !== '0') throw new Error(`the capture is incomplete: ${dropped[0]}`);
    return Number(captured[1]);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}
