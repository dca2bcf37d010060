// The key by which clients know the SSH server again: made at first need, kept beside the startup-config, never in it.

import { readFileSync, rmSync } from 'node:fs';
import { PRIVATE_FILE, writeWhole } from '../store/atomic-file.ts';

/** Makes a private key in the format of OpenSSH; `bits` of an RSA one, Ed25519 without. */
export type KeyMaker = (bits: number | undefined) => Promise<string>;

export class SshHostKey {
  readonly #path: string;
  readonly #make: KeyMaker;
  /** One at a time, however many ask. */
  #making: Promise<string> | undefined;

  constructor(startupPath: string, make: KeyMaker) {
    this.#path = `${startupPath}.ssh-host-key`;
    this.#make = make;
  }

  async get(): Promise<string> {
    const kept = this.#read();
    if (kept !== undefined) return kept;
    this.#making ??= this.generate(undefined).finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  /** In the place of the one there is. */
  async generate(bits: number | undefined): Promise<string> {
    const key = await this.#make(bits);
    writeWhole(this.#path, key, PRIVATE_FILE);
    return key;
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #read(): string | undefined {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch {
      return undefined;
    }
  }
}
