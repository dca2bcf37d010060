// The revisions of the configuration: the last so many whole texts, numbered, each with who made it and when. A revision is an
// IOS text with a head of comments, so that it can be read, compared and loaded without this program.

import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_FOLDER, writeWhole } from './atomic-file.ts';

/** What is known of a revision besides its text. */
export interface Revision {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly user: string;
  /** From where: `console`, `vty0 (192.0.2.9)`, `SIGHUP`. */
  readonly line: string;
  /** The command that made it. */
  readonly command: string;
}

export class Archive {
  readonly folder: string;
  readonly #revisions: Revision[];
  readonly #maximum: number;

  /** Whatever else lies in the folder, or was cut off there, is left alone and not listed. */
  constructor(folder: string, maximum: number = MOST_REVISIONS) {
    this.folder = folder;
    this.#maximum = maximum;
    this.#revisions = foundIn(folder);
  }

  /** The oldest first. */
  get revisions(): readonly Revision[] {
    return this.#revisions;
  }

  /** Numbers go up for ever: the next one is free even where the newest file was spoilt. */
  add(made: Omit<Revision, 'number'>, text: string): Revision {
    mkdirSync(this.folder, { recursive: true, mode: PRIVATE_FOLDER });
    chmodSync(this.folder, PRIVATE_FOLDER);
    const revision: Revision = { number: highestIn(this.folder) + 1, ...made };
    writeWhole(this.#path(revision.number), `${headOf(revision)}${text}`);
    this.#revisions.push(revision);
    this.#trim();
    return revision;
  }

  /** The text without its head; undefined where there is no such revision (any more). */
  read(number: number): string | undefined {
    if (!this.#revisions.some((revision) => revision.number === number)) return undefined;
    const text = readSmall(this.#path(number));
    return text === undefined || parseHead(number, text) === undefined ? undefined : withoutHead(text);
  }

  #trim(): void {
    while (this.#revisions.length > this.#maximum) {
      const oldest = this.#revisions.shift()!;
      rmSync(this.#path(oldest.number), { force: true });
    }
  }

  #path(number: number): string {
    return join(this.folder, nameOf(number));
  }
}

function foundIn(folder: string): Revision[] {
  return numbersIn(folder)
    .sort((a, b) => a - b)
    .flatMap((number) => {
      const text = readSmall(join(folder, nameOf(number)));
      return (text === undefined ? undefined : parseHead(number, text)) ?? [];
    });
}

function highestIn(folder: string): number {
  return Math.max(0, ...numbersIn(folder));
}

function numbersIn(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return []; // made with the first revision
  }
  return names.flatMap((name) => {
    const number = Number(/^revision-(\d{1,9})\.cfg$/.exec(name)?.[1]);
    return Number.isNaN(number) || name !== nameOf(number) ? [] : number;
  });
}

/** Undefined for what cannot be a revision: a folder, a pipe, something huge. */
function readSmall(path: string): string | undefined {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= LARGEST_REVISION ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function headOf({ number, time, user, line, command }: Revision): string {
  const fields = { revision: String(number), time: new Date(time).toISOString(), user, line, command };
  return `${Object.entries(fields)
    .map(([name, value]) => `! ${name}: ${oneLine(value)}`.trimEnd())
    .join('\n')}\n`;
}

/** Undefined where the head is not one of ours, or says another number than the name of the file. */
function parseHead(number: number, text: string): Revision | undefined {
  const lines = text.split('\n', HEAD.length);
  const values = HEAD.map((name, index) => {
    const start = `! ${name}:`;
    return lines[index]?.startsWith(start) ? lines[index].slice(start.length).trim() : undefined;
  });
  const [said, stamp, user, line, command] = values;
  const time = Date.parse(stamp ?? '');
  if (said !== String(number) || Number.isNaN(time)) return undefined;
  if (user === undefined || line === undefined || command === undefined) return undefined;
  return { number, time, user, line, command };
}

function withoutHead(text: string): string {
  let at = 0;
  for (let skipped = 0; skipped < HEAD.length; skipped++) at = text.indexOf('\n', at) + 1;
  return text.slice(at);
}

/** A name with a line break in it must not write lines of its own into the text. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
}

const nameOf = (number: number) => `revision-${String(number).padStart(6, '0')}.cfg`;

const HEAD = ['revision', 'time', 'user', 'line', 'command'] as const;
export const MOST_REVISIONS = 50;
/** Octets. */
const LARGEST_REVISION = 16 << 20;
