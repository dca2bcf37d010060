// A packet capture of one device, from before the first packet to after the last.

import { rmSync } from 'node:fs';
import type { Namespace } from './namespace.ts';
import type { Background } from './process.ts';

export class Capture {
  readonly file: string;
  readonly #tcpdump: Background;

  /** Returns once tcpdump listens. `filter` is in its own language: `udp port 1701`. */
  static async start(namespace: Namespace, device: string, file: string, filter = ''): Promise<Capture> {
    // -Z root: as the unprivileged user it turns into by default it may not write where we want the file.
    const argv = ['tcpdump', '-Z', 'root', '-n', '-U', '-B', '16384', '-i', device, '-w', file, filter];
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
