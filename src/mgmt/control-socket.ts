// The Unix socket that `vpdn console`, `vpdn exec` and the demo come in by. Only its owner and root can connect:
// the socket has mode 0600, and so has the folder, where we made it, 0700.

import { mkdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { type ControlRequest, parseRequest, REQUEST_LIMIT } from './control-protocol.ts';
import { OperatorError } from './operator-error.ts';

export interface ControlConnection {
  readonly socket: Socket;
  /** What the client sent right behind its request. */
  readonly early: Buffer;
}

export type RequestHandler = (request: ControlRequest, connection: ControlConnection) => void;

export class ControlSocket {
  readonly #server: Server;
  readonly #path: string;
  /** Open connections: a console would otherwise keep the process alive after `close`. */
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  /** Fails in one clear line when another instance holds the path. */
  static async listen(path: string, handler: RequestHandler): Promise<ControlSocket> {
    await clearStaleSocket(path);
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new OperatorError(`cannot make the folder of the control socket: ${(error as Error).message}`);
    }
    const server = createServer();
    const control = new ControlSocket(server, path);
    server.on('connection', (socket) => control.#serve(socket, handler));
    // Between bind and chmod anyone could connect: the mask makes the socket private from its birth.
    const mask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
    } catch (error) {
      throw new OperatorError(`cannot listen on ${path}: ${(error as Error).message}`);
    } finally {
      process.umask(mask);
    }
    return control;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroySoon();
    rmSync(this.#path, { force: true });
  }

  /** Reads up to the first line; whatever it is that does not send one is cut off at the limit. */
  #serve(socket: Socket, handler: RequestHandler): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let received: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf(NEWLINE);
      if (end < 0 && received.length <= REQUEST_LIMIT) return;
      socket.off('data', onData);
      const request = end < 0 ? undefined : parseRequest(received.toString('utf8', 0, end));
      if (request === undefined) socket.destroy();
      else handler(request, { socket, early: received.subarray(end + 1) });
    };
    socket.on('data', onData);
  }
}

/** Removes what a killed run left; refuses where somebody answers. */
async function clearStaleSocket(path: string): Promise<void> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new OperatorError(`${path} exists and is no socket`);
  // A socket file says nothing of its owner: only knocking tells a router from what one left.
  const answered = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => resolve(true));
    probe.once('error', () => resolve(false));
    probe.unref();
  });
  if (answered) throw new OperatorError(`another vpdn is running: its control socket is ${path}`);
  rmSync(path, { force: true });
}

const NEWLINE = 0x0a;
