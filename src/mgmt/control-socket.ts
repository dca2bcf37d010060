// The Unix socket that `vpdn console`, `vpdn exec` and the demo come in by. Only its owner and root can connect, and the members
// of a group where one was named: the socket has mode 0600 or 0660, and the folder, where we made it, 0700 or 0750. Who it is that
// came says the kernel (SO_PEERCRED).

import { chmodSync, chownSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { peerCredential, peerGroups } from '../sys/peer-credential.ts';
import { type ControlRequest, parseRequest, REQUEST_LIMIT } from './control-protocol.ts';
import { reasonOf } from './file-error.ts';
import { OperatorError } from './operator-error.ts';
import { socketPath } from './socket-path.ts';
import { groupId, userName } from './unix-accounts.ts';

/** Who is at the other end. */
export interface Caller {
  readonly uid: number;
  readonly user: string;
  /** Root, or who runs the router. */
  readonly owner: boolean;
  /** Of the group that may come in. Whoever is neither came by a file mode that somebody has loosened. */
  readonly member: boolean;
}

export interface ControlConnection {
  readonly caller: Caller;
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
  static async listen(path: string, handler: RequestHandler, group?: string): Promise<ControlSocket> {
    const gid = group === undefined ? undefined : groupId(group);
    if (group !== undefined && gid === undefined)
      throw new OperatorError(`--socket-group ${group}: there is no such group`);
    if (Buffer.byteLength(path) > LONGEST_PATH)
      throw new OperatorError(`--socket ${path}: a path of a socket has at most ${LONGEST_PATH} octets`);
    await clearStaleSocket(path);
    makeFolder(dirname(path), gid);
    // Who has typed all he will, as a script does, still wants to read what comes of it.
    const server = createServer({ allowHalfOpen: true });
    server.maxConnections = MOST_CONNECTIONS;
    const control = new ControlSocket(server, path);
    server.on('connection', (socket) => control.#serve(socket, callerOf(socket, gid), handler));
    // Between bind and chmod anyone could connect: the mask makes the socket private from its birth.
    const mask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
    } catch (error) {
      throw new OperatorError(`cannot listen on ${path}: ${reasonOf(error)}`);
    } finally {
      process.umask(mask);
    }
    if (gid !== undefined) openToGroup(path, gid);
    return control;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroySoon();
    rmSync(this.#path, { force: true });
  }

  /** Reads up to the first line; whatever it is that does not send one is cut off at the limit. */
  #serve(socket: Socket, caller: Caller | undefined, handler: RequestHandler): void {
    if (caller === undefined) return void socket.destroy();
    this.#sockets.add(socket);
    const waiting = setTimeout(() => socket.destroy(), REQUEST_TIMEOUT).unref();
    socket.on('close', () => {
      clearTimeout(waiting);
      this.#sockets.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    const onEnd = () => socket.destroy();
    socket.on('end', onEnd);
    let received: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf(NEWLINE);
      if (end < 0 && received.length <= REQUEST_LIMIT) return;
      clearTimeout(waiting);
      socket.off('data', onData).off('end', onEnd);
      const request = end < 0 ? undefined : parseRequest(received.toString('utf8', 0, end));
      if (request === undefined) socket.destroy();
      else handler(request, { socket, early: received.subarray(end + 1), caller });
    };
    socket.on('data', onData);
  }
}

/** The number the kernel knows a socket by; Node tells it of its handles, though not by type. */
export function descriptorOf(socket: Socket): number | undefined {
  const { fd } = (socket as unknown as { readonly _handle?: { readonly fd?: number } })._handle ?? {};
  return fd === undefined || fd < 0 ? undefined : fd;
}

/** Undefined where the kernel does not say: then nobody is let in. */
function callerOf(socket: Socket, group: number | undefined): Caller | undefined {
  const fd = descriptorOf(socket);
  if (fd === undefined) return undefined;
  try {
    const { uid, gid } = peerCredential(fd);
    const member = group !== undefined && (gid === group || peerGroups(fd).includes(group));
    return { uid, user: userName(uid), owner: uid === 0 || uid === process.getuid?.(), member };
  } catch {
    return undefined;
  }
}

function processBehind(probe: Socket): string {
  const fd = descriptorOf(probe);
  return fd === undefined ? '' : ` (process ${peerCredential(fd).pid})`;
}

/** A folder that was there keeps its mode, for it may be anybody's: all but the one that is only for this. */
function makeFolder(path: string, gid: number | undefined): void {
  try {
    const made = mkdirSync(path, { recursive: true, mode: 0o700 });
    if (gid === undefined || (made === undefined && path !== dirname(socketPath()))) return;
    chownSync(path, -1, gid);
    chmodSync(path, 0o750);
  } catch (error) {
    throw new OperatorError(`cannot make the folder of the control socket ${path}: ${reasonOf(error)}`);
  }
}

function openToGroup(path: string, gid: number): void {
  chownSync(path, -1, gid);
  chmodSync(path, 0o660);
}

/** Removes what a killed run left; refuses where somebody answers. */
async function clearStaleSocket(path: string): Promise<void> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new OperatorError(`${path} exists and is no socket`);
  // A socket file says nothing of its owner: only knocking tells a router from what one left.
  const holder = await new Promise<string | undefined>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => resolve(processBehind(probe)));
    probe.once('error', () => resolve(undefined));
    probe.unref();
  });
  if (holder !== undefined) throw new OperatorError(`another vpdn is running${holder}: its control socket is ${path}`);
  rmSync(path, { force: true });
}

const NEWLINE = 0x0a;
/** Milliseconds for the first line. A client of ours sends it at once. */
const REQUEST_TIMEOUT = 10_000;
/** unix(7): sun_path, with its last zero. */
const LONGEST_PATH = 107;
/** Consoles, commands and those who have not said yet what they want. */
const MOST_CONNECTIONS = 256;
