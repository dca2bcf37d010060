// What is said over the control socket. The client opens with one line of JSON; what follows depends on its mode:
//   exec     answers are lines of JSON, the last one has the status;
//   console  octets of a terminal, both ways, with sizes of its window among the keys (size-report.ts);
//   trace    lines of JSON, one a step of a negotiation, until the client hangs up.

export type ControlRequest =
  | { readonly mode: 'exec'; readonly command: string; readonly columns?: number }
  | { readonly mode: 'console'; readonly columns?: number; readonly rows?: number }
  | { readonly mode: 'trace' };

/** The last octet of a console that was left in order, by `exit` or for want of keys: one that no text has. */
export const LEFT = 0xff;

/** Exit statuses of an EXEC command. */
export const STATUS_OK = 0;
export const STATUS_COMMAND_FAILED = 1;

export type ExecAnswer = { readonly out: string } | { readonly status: number };

/** Undefined for anything that is no request. */
export function parseRequest(line: string): ControlRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { mode, command, columns, rows } = value as Record<string, unknown>;
  const width = isSize(columns) ? { columns } : {};
  const height = isSize(rows) ? { rows } : {};
  if (mode === 'exec' && typeof command === 'string') return { mode, command, ...width };
  if (mode === 'console') return { mode, ...width, ...height };
  return mode === 'trace' ? { mode } : undefined;
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 1000;
}

/** Splits a stream into lines; a line longer than `limit` ends it with an error. */
export class LineSplitter {
  #rest = '';
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The whole lines that are complete now, without their ends. Throws `RangeError` past the limit. */
  push(text: string): string[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > this.#limit) throw new RangeError(`a line of more than ${this.#limit} characters`);
    return lines;
  }

  /** What came after the last whole line. */
  get rest(): string {
    return this.#rest;
  }
}

/** Of a request, in characters: a command line is far shorter. */
export const REQUEST_LIMIT = 4096;
