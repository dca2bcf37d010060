// `dir` (C028): the files of flash:, in the columns of IOS.

import { printable } from '../../wire/values.ts';
import { civilTime } from './clock.ts';

export interface FileView {
  readonly name: string;
  readonly folder: boolean;
  readonly octets: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

export interface FolderView {
  readonly files: readonly FileView[];
  /** There are more than are listed. */
  readonly more: boolean;
  readonly total: number;
  readonly free: number;
}

export function* showDirectory({ files, more, total, free }: FolderView): Generator<string> {
  yield 'Directory of flash:/';
  yield '';
  if (files.length === 0) yield 'No files in directory';
  for (const [index, { name, folder, octets, changed }] of files.entries()) {
    const { month, day, year, time } = civilTime(changed);
    const date = `${month} ${String(day).padStart(2)} ${year} ${time} +00:00`;
    const size = String(octets).padStart(12);
    yield `${String(index + 1).padStart(5)}  ${folder ? 'drw-' : '-rw-'}${size}  ${date}  ${printable(name)}`;
  }
  if (more) yield '% There are more files than are listed';
  yield '';
  yield `${total} bytes total (${free} bytes free)`;
}
