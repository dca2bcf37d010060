// A file that is there whole or not at all: written beside its place, brought to disk, then renamed over what was there.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Of files that may hold secrets: nobody but their owner reads them. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

export function writeWhole(path: string, text: string, mode: number = PRIVATE_FILE): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    // A leftover of the same name would keep its own mode.
    rmSync(beside, { force: true });
    const file = openSync(beside, 'wx', mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** A rename is only on disk once its folder is. Some file systems cannot be asked for that: then it is as safe as it gets. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // The new file itself is written: what is missing is the promise that a power cut does not bring the old one back.
  }
}
