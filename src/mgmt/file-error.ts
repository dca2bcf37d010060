// Files that a command line names: what Linux says of one that cannot be had, in words.

import { readFileSync } from 'node:fs';
import { OperatorError } from './operator-error.ts';

/** `what` is what the file was to be: `the configuration`. */
export function readNamedFile(path: string, what: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new OperatorError(`cannot read ${what} ${path}: ${reasonOf(error)}`);
  }
}

export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'what should be a folder on the way to it is a file',
  EEXIST: 'there is a file of that name',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'permission denied; who may, say its owner and mode (ls -l)',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};
