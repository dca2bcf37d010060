// `vpdn console` and `vpdn exec`: the other end of the control socket.

import { statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { type ControlRequest, type ExecAnswer, LEFT, LineSplitter } from './control-protocol.ts';
import { OperatorError } from './operator-error.ts';
import { encodeSizeReport, withoutMarks } from './size-report.ts';

/** Exit status where no router answers; those of a command come from the router. */
export const STATUS_UNREACHABLE = 3;

/** Runs one EXEC command; its output goes to `write` as it comes. Resolves to the exit status. */
export async function execCommand(path: string, command: string, write: (text: string) => void): Promise<number> {
  const columns = process.stdout.columns === undefined ? {} : { columns: process.stdout.columns };
  const socket = await open(path, { mode: 'exec', command, ...columns });
  socket.setEncoding('utf8');
  const splitter = new LineSplitter(ANSWER_LIMIT);
  let status: number | undefined;
  for await (const chunk of socket as AsyncIterable<string>) {
    for (const line of splitter.push(chunk)) {
      const answer = JSON.parse(line) as ExecAnswer;
      if ('out' in answer) write(answer.out);
      else status = answer.status;
    }
  }
  if (status === undefined) throw new OperatorError('the router hung up before it was done', STATUS_UNREACHABLE);
  return status;
}

export const SESSION_LOST =
  'the router has ended this session: it was stopped or started again, or the line was cleared';

/** How a sitting at a console ended. `hungUp`: by Ctrl-D; `lost`: not by whoever sat there. */
export interface Sitting {
  readonly hungUp: boolean;
  readonly lost: boolean;
}

/** Joins this terminal to the router's console until either side ends it, and leaves the terminal as it was. */
export async function openConsole(path: string): Promise<Sitting> {
  const { stdin, stdout } = process;
  // A terminal behind a serial line or an expect script has no size that anybody set.
  const { columns, rows } = stdout.isTTY ? { columns: stdout.columns || PIPE.columns, rows: stdout.rows } : PIPE;
  const socket = await open(path, { mode: 'console', columns, rows });
  // Every key goes to the router's line editor, Ctrl-C included.
  if (stdin.isTTY) stdin.setRawMode(true);
  const release = whateverHappens(() => {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
  });
  let key: number | undefined;
  let octet: number | undefined;
  const typed = (octets: Buffer) => {
    key = octets.at(-1);
    if (!socket.write(withoutMarks(octets))) stdin.pause();
  };
  const ended = () => socket.end();
  const resized = () => {
    if (stdout.columns && stdout.rows) socket.write(encodeSizeReport(stdout.columns, stdout.rows));
  };
  stdin.on('data', typed).on('end', ended);
  stdout.on('resize', resized);
  socket.on('drain', () => stdin.resume());
  socket.on('data', (octets: Buffer) => {
    octet = octets.at(-1);
    const shown = octet === LEFT ? octets.subarray(0, -1) : octets;
    if (shown.length > 0 && !stdout.write(shown)) {
      socket.pause();
      stdout.once('drain', () => socket.resume());
    }
  });
  await new Promise<void>((resolve) => {
    socket.once('close', resolve);
    socket.once('error', () => resolve());
  });
  stdout.off('resize', resized);
  stdin.off('data', typed).off('end', ended);
  release();
  stdout.write('\n');
  return { hungUp: key === CTRL_D, lost: octet !== LEFT };
}

/** Undoes what was done to the terminal when called, and when the process ends or is ended before. */
function whateverHappens(undo: () => void): () => void {
  const signalled = (signal: NodeJS.Signals) => {
    release();
    // It still has its effect: whoever else listens does what he does, and else it ends the process.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const release = () => {
    undo();
    process.off('exit', undo);
    for (const signal of ENDING) process.off(signal, signalled);
  };
  process.on('exit', undo);
  for (const signal of ENDING) process.on(signal, signalled);
  return release;
}

/** The lines of a trace, one JSON text each, until the signal or the router ends it. */
export async function* followTrace(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const socket = await open(path, { mode: 'trace' });
  socket.setEncoding('utf8');
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  const splitter = new LineSplitter(ANSWER_LIMIT);
  try {
    for await (const chunk of socket as AsyncIterable<string>) yield* splitter.push(chunk);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function open(path: string, request: ControlRequest): Promise<Socket> {
  const socket = connect(path);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = isSocket(path) === false ? 'it is no socket' : (WHY[code ?? ''] ?? (error as Error).message);
    throw new OperatorError(`no router answers at ${path}: ${why}`, STATUS_UNREACHABLE);
  }
  socket.write(`${JSON.stringify(request)}\n`);
  return socket;
}

/** Undefined where there is nothing, or nothing that may be looked at. */
function isSocket(path: string): boolean | undefined {
  try {
    return statSync(path).isSocket();
  } catch {
    return undefined;
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket; is `vpdn run` running, with this --socket?',
  ECONNREFUSED: 'it was left by a run that is over',
  EACCES: 'permission denied; only its owner and root may',
};
/** Characters of one line of an answer. */
const ANSWER_LIMIT = 1 << 20;
const CTRL_D = 4;
const ENDING = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;
/** What is written to a file or a program comes without pages. */
const PIPE = { columns: 80, rows: 0 };
