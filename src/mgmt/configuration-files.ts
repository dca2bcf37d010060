// The files that commands about configurations name: IOS's own names, revisions of the archive, and files of this machine. A bare
// name lies in the folder of the startup-config, which is our flash:.

import { lstatSync, readdirSync, readFileSync, realpathSync, statfsSync, statSync, unlinkSync } from 'node:fs';

import { basename, dirname, join, resolve } from 'node:path';
import type { FolderView } from '../cli/show/files.ts';
import { type RunningConfiguration, type Source, STARTUP_CONFIG } from '../host/running-configuration.ts';
import { PRIVATE_FILE, writeWhole } from '../store/atomic-file.ts';
import { OperatorError } from './operator-error.ts';

export type FileName =
  | { readonly kind: 'running-config' | 'startup-config' }
  | { readonly kind: 'revision'; readonly number: number }
  | { readonly kind: 'file'; readonly path: string };

export class ConfigurationFiles {
  readonly #configuration: RunningConfiguration;

  constructor(configuration: RunningConfiguration) {
    this.#configuration = configuration;
  }

  parse(name: string): FileName {
    const [, device, rest = ''] = /^([a-z]+\d*):\/*(.*)$/.exec(name) ?? [];
    if (name === 'running-config' || (device === 'system' && rest === 'running-config')) {
      return { kind: 'running-config' };
    }
    if (name === 'startup-config' || (device === 'nvram' && rest === 'startup-config')) {
      return { kind: 'startup-config' };
    }
    const number = /^\d{1,9}$/.exec(device === 'archive' ? rest : name)?.[0];
    if (number !== undefined) return { kind: 'revision', number: Number(number) };
    const folder = dirname(resolve(this.#configuration.startupPath));
    if (device === undefined) return { kind: 'file', path: resolve(folder, name) };
    if (!LOCAL.includes(device)) throw new OperatorError(`%Error opening ${name} (Protocol not supported)`);
    // A device holds its own files only.
    if (rest === '' || rest.split('/').includes('..'))
      throw new OperatorError(`%Error opening ${name} (Invalid argument)`);
    return { kind: 'file', path: join(folder, rest) };
  }

  /** Throws what IOS says of a file it cannot open. */
  read(name: string): Source {
    const file = this.parse(name);
    switch (file.kind) {
      case 'running-config':
        return { name: 'system:running-config', text: this.#configuration.text };
      case 'startup-config':
        return { name: STARTUP_CONFIG, text: contents(STARTUP_CONFIG, this.#configuration.startupPath) };
      case 'revision': {
        const text = this.#configuration.archive.read(file.number);
        if (text === undefined)
          throw new OperatorError(`%Error opening archive:${file.number} (No such file or directory)`);
        return { name: `archive:${file.number}`, text };
      }
      case 'file':
        return { name, text: contents(name, file.path) };
      default:
        return file satisfies never;
    }
  }

  /** Where a command may put something: a file of flash:, and none of those that the router keeps beside the startup-config. */
  output(name: string): string {
    const file = this.parse(name);
    if (file.kind !== 'file') throw new OperatorError(`%Error opening ${name} (Read-only file system)`);
    const { path } = file;
    const startup = resolve(this.#configuration.startupPath);
    try {
      const elsewhere = realpathSync(dirname(path)) !== realpathSync(dirname(startup));
      // The startup-config, its archive and its host key.
      const own = `${basename(path)}.`.startsWith(`${basename(startup)}.`);
      if (elsewhere || own) throw new OperatorError(`%Error opening ${name} (Permission denied)`);
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found !== undefined && !found.isFile()) throw new OperatorError(`%Error opening ${name} (Is not a file)`);
    } catch (error) {
      throw openingFailed(name, error);
    }
    return path;
  }

  /** What lies in flash:. */
  list(name: string): FolderView {
    const folder = dirname(resolve(this.#configuration.startupPath));
    const [, device, rest = ''] = /^([a-z]+\d*):\/*(.*)$/.exec(name) ?? [undefined, '', name];
    if (device !== '' && !LOCAL.includes(device))
      throw new OperatorError(`%Error opening ${name} (Protocol not supported)`);
    try {
      const all = rest === '' ? readdirSync(folder).sort() : [basename(this.#inFlash(rest, name))];
      const files = all.slice(0, MOST_LISTED).flatMap((each) => {
        const found = lstatSync(join(folder, each), { throwIfNoEntry: rest !== '' });
        if (found === undefined) return [];
        return [
          { name: each, folder: found.isDirectory(), octets: Number(found.size), changed: Number(found.mtimeMs) },
        ];
      });
      const { blocks, bavail, bsize } = statfsSync(folder);
      return { files, more: all.length > MOST_LISTED, total: blocks * bsize, free: bavail * bsize };
    } catch (error) {
      throw openingFailed(name, error);
    }
  }

  /** The text of a file of flash:, but for the secrets of others that lie there. */
  text(name: string): string {
    const file = this.parse(name);
    const own = file.kind === 'file' && file.path !== resolve(this.#configuration.startupPath);
    const { text } = own ? { text: contents(name, this.output(name)) } : this.read(name);
    return typeof text === 'string' ? text : new TextDecoder().decode(text);
  }

  remove(name: string): void {
    const path = this.output(name);
    try {
      unlinkSync(path);
    } catch (error) {
      throw new OperatorError(`%Error deleting ${name} (${reasonOf(error)})`);
    }
  }

  #inFlash(rest: string, name: string): string {
    if (rest.includes('/')) throw new OperatorError(`%Error opening ${name} (Permission denied)`);
    return rest;
  }

  /** Returns how many octets there are. Readable by nobody else. */
  write(name: string, text: string): number {
    const path = this.output(name);
    try {
      writeWhole(path, text, PRIVATE_FILE);
    } catch (error) {
      throw openingFailed(name, error);
    }
    return Buffer.byteLength(text);
  }
}

/** A pipe or a device would hold up the whole router, and a huge file its memory. */
function contents(name: string, path: string): Uint8Array {
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new OperatorError(`%Error opening ${name} (Is not a file)`);
    if (found.size > LARGEST) throw new OperatorError(`%Error opening ${name} (File too large)`);
    return readFileSync(path);
  } catch (error) {
    throw openingFailed(name, error);
  }
}

/** In IOS's words. */
export function openingFailed(name: string, error: unknown): OperatorError {
  return error instanceof OperatorError ? error : new OperatorError(`%Error opening ${name} (${reasonOf(error)})`);
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is not a file',
  ENOTDIR: 'No such file or directory',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  EFBIG: 'File too large',
};

/** Devices of real routers: their files are here where a bare name's are. */
const LOCAL: readonly string[] = ['flash', 'nvram', 'disk0', 'disk1', 'slot0', 'slot1', 'bootflash', 'unix'];
/** Octets: twenty thousand users. Reading takes a second a megabyte, and the control path waits for it. */
const LARGEST = 4 << 20;
/** Files in a listing. */
const MOST_LISTED = 1000;
