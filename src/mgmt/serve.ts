// What a connection of the control socket gets: a command carried out, a console, or the trace of every negotiation.

import { once } from 'node:events';
import { expandAlias } from '../cli/alias.ts';
import { PRIVILEGED } from '../cli/grammar/exec/definition.ts';
import { parseExec } from '../cli/parse-exec.ts';
import { stringify } from '../host/json-octets.ts';
import type { Author } from '../host/running-configuration.ts';
import { ConfigError } from '../wire/errors.ts';
import { printable } from '../wire/values.ts';
import { serveConsole } from './console.ts';
import { type ControlRequest, type ExecAnswer, STATUS_COMMAND_FAILED, STATUS_OK } from './control-protocol.ts';
import type { ControlConnection } from './control-socket.ts';
import { privilegeOf } from './privilege.ts';
import type { Services } from './services.ts';

export function serveRequest(request: ControlRequest, connection: ControlConnection, services: Services): void {
  const { owner, member, user } = connection.caller;
  if (!owner && !member) return refuse(request, connection, user, services);
  switch (request.mode) {
    case 'exec':
      void serveExec(request.command, connection, services);
      return;
    case 'console':
      serveConsole(request, connection, services);
      return;
    case 'trace':
      // Every step of every negotiation: as much as `debug` shows, and for the same people.
      if (privilegeOf(connection.caller, services.router.configuration) < PRIVILEGED) connection.socket.destroy();
      else serveTrace(connection, services);
      return;
    default:
      request satisfies never;
  }
}

/** The mode of the socket keeps them out; where somebody has loosened it, this does. */
function refuse({ mode }: ControlRequest, { socket }: ControlConnection, user: string, { router }: Services): void {
  const who = `[user: ${printable(user)}] [Source: control socket]`;
  router.log.add({
    name: 'SEC_LOGIN-FAILED',
    text: `Login failed ${who} [Reason: not in the group of --socket-group]`,
  });
  const text = `% ${printable(user)} may not come in here: not in the group of --socket-group\n`;
  const answers: readonly ExecAnswer[] = [{ out: text }, { status: STATUS_COMMAND_FAILED }];
  const told = mode === 'console' ? text : answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
  socket.end(told, () => socket.destroy());
}

async function serveExec(text: string, connection: ControlConnection, services: Services): Promise<void> {
  const { socket, caller } = connection;
  const gone = new AbortController();
  socket.on('close', () => gone.abort());
  socket.on('end', () => socket.destroy());
  // Nothing more is expected of the client but its end, which is only heard while somebody reads.
  socket.resume();
  const answer = async (piece: ExecAnswer) => {
    if (socket.destroyed) return;
    if (!socket.write(`${JSON.stringify(piece)}\n`)) await once(socket, 'drain', { signal: gone.signal });
  };
  try {
    const privilege = privilegeOf(caller, services.router.configuration);
    const as = { privilege, author: { ...SCRIPT, user: caller.owner ? '' : caller.user } };
    const done = await carryOut(text, as, services, gone.signal, (out) => answer({ out }));
    await answer({ status: done ? STATUS_OK : STATUS_COMMAND_FAILED });
  } catch (error) {
    if (gone.signal.aborted) return;
    await answer({ out: `% ${(error as Error).message}\n` });
    await answer({ status: STATUS_COMMAND_FAILED });
  } finally {
    socket.end();
  }
}

/** True: done. The caret goes under the line as it was typed, as it would on a terminal (1.3). */
export async function carryOut(
  text: string,
  { privilege, author }: { readonly privilege: number; readonly author: Author },
  { router, exec, lines }: Services,
  signal: AbortSignal,
  write: (text: string) => Promise<void>,
): Promise<boolean> {
  const parsed = parseExec(expandAlias(text, router.configuration.aliases), privilege);
  if (parsed === undefined) return true;
  if (parsed instanceof ConfigError) {
    await write(`${text}\n${' '.repeat(parsed.column)}^\n${parsed.message}\n`);
    return false;
  }
  const running = exec.run(parsed, {
    signal,
    users: () => lines.views(router.clock.now(), undefined),
    author,
  });
  try {
    for (;;) {
      const { value, done } = await running.next();
      if (done) return value;
      await write(value);
      if (signal.aborted) return false;
    }
  } finally {
    // Whatever it has open is given back.
    await running.return(false);
  }
}

function serveTrace({ socket }: ControlConnection, { router }: Services): void {
  const stop = router.watchTraces((trace, at) => {
    // A watcher that does not keep up loses steps: it must not hold memory of the router.
    if (socket.writableLength < TRACE_BACKLOG) socket.write(`${stringify({ at, trace })}\n`);
  });
  socket.on('close', stop);
  socket.on('end', () => socket.destroy());
  socket.resume();
}

/** Who `vpdn exec` is. */
const SCRIPT = { user: '', line: 'vpdn exec' };
/** Octets a watcher may be behind. */
const TRACE_BACKLOG = 1 << 20;
