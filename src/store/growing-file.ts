// A file that is written piece by piece and is there whole or not at all: it grows beside its place, and takes it when it is
// complete. Nobody waits for the disk meanwhile.

import { copyFile, type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { PRIVATE_FILE } from './atomic-file.ts';

export class GrowingFile {
  readonly #path: string;
  readonly #beside: string;
  readonly #file: FileHandle;
  readonly #most: number;
  #octets: number;

  private constructor(path: string, beside: string, file: FileHandle, octets: number, most: number) {
    this.#path = path;
    this.#beside = beside;
    this.#file = file;
    this.#octets = octets;
    this.#most = most;
  }

  /** `append`: behind what is there. `most`: octets in all. */
  static async open(path: string, { append, most }: { append: boolean; most: number }): Promise<GrowingFile> {
    const beside = `${path}.${process.pid}-${++opened}.new`;
    // A leftover of the same name would keep its own mode.
    await rm(beside, { force: true });
    const found = append ? await stat(path).catch(none) : undefined;
    if (found !== undefined) await copyFile(path, beside);
    try {
      const file = await open(beside, 'a', PRIVATE_FILE);
      await file.chmod(PRIVATE_FILE);
      return new GrowingFile(path, beside, file, found?.size ?? 0, most);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  }

  async write(text: string): Promise<void> {
    const octets = Buffer.from(text);
    this.#octets += octets.length;
    if (this.#octets > this.#most) throw Object.assign(new Error('file too large'), { code: 'EFBIG' });
    await this.#file.appendFile(octets);
  }

  /** Complete, and on the disk. */
  async keep(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#beside, this.#path);
  }

  /** What was there before stays; nothing happens to a file that was kept. */
  async drop(): Promise<void> {
    await this.#file.close();
    await rm(this.#beside, { force: true });
  }
}

/** Of this process: two who write the same file do not meet. */
let opened = 0;

function none(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
