// `vpdn console` and `vpdn exec`: the other end of the control socket.

import { connect, type Socket } from 'node:net';
import { type ControlRequest, type ExecAnswer, LineSplitter } from './control-protocol.ts';
import { OperatorError } from './operator-error.ts';
import { encodeSizeReport, withoutMarks } from './size-report.ts';

/** Exit status where no router answers; those of a command come from the router. */
const STATUS_UNREACHABLE = 3;

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

/** Joins this terminal to the router's console until either side ends it; `hungUp` tells whether Ctrl-D did. */
export async function openConsole(path: string): Promise<{ readonly hungUp: boolean }> {
  const { stdin, stdout } = process;
  const size = { ...(stdout.columns && { columns: stdout.columns }), ...(stdout.rows && { rows: stdout.rows }) };
  const socket = await open(path, { mode: 'console', ...size });
  // Every key goes to the router's line editor, Ctrl-C included.
  if (stdin.isTTY) stdin.setRawMode(true);
  const restore = () => {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
  };
  process.on('exit', restore);
  let last: number | undefined;
  const remember = (octets: Buffer) => {
    last = octets.at(-1);
  };
  stdin.on('data', remember);
  const resized = () => {
    if (stdout.columns && stdout.rows) socket.write(encodeSizeReport(stdout.columns, stdout.rows));
  };
  stdout.on('resize', resized);
  const typed = (octets: Buffer) => {
    if (!socket.write(withoutMarks(octets))) stdin.pause();
  };
  stdin.on('data', typed);
  stdin.on('end', () => socket.end());
  socket.on('drain', () => stdin.resume());
  socket.pipe(stdout, { end: false });
  await new Promise<void>((resolve) => {
    socket.once('close', resolve);
    socket.once('error', () => resolve());
  });
  stdout.off('resize', resized);
  stdin.off('data', remember);
  stdin.off('data', typed);
  restore();
  process.off('exit', restore);
  stdout.write('\n');
  return { hungUp: last === CTRL_D };
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
    const why = WHY[code ?? ''] ?? (error as Error).message;
    throw new OperatorError(`no router answers at ${path}: ${why}`, STATUS_UNREACHABLE);
  }
  socket.write(`${JSON.stringify(request)}\n`);
  return socket;
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket; is `vpdn run` running, with this --socket?',
  ECONNREFUSED: 'it was left by a run that is over',
  EACCES: 'permission denied; only its owner and root may',
};
/** Characters of one line of an answer. */
const ANSWER_LIMIT = 1 << 20;
const CTRL_D = 4;
