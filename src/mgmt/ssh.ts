// The SSH server: off until a vty line takes SSH, and then the same shell as on the console. The package ssh2 speaks the protocol;
// who may come in, and to what, is decided here.

import { createServer, type Server as NetServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type Handshake, type ServerChannel } from 'ssh2';
import { bannerLines } from '../cli/banner.ts';
import type { SshConnectionView } from '../cli/show/ssh.ts';
import { printable } from '../wire/values.ts';
import type { Line } from './lines.ts';
import type { Services } from './services.ts';
import { lineFor, sshPort, Threshold } from './ssh-door.ts';
import { SshHostKey } from './ssh-host-key.ts';
import { type Offer, SshLogin } from './ssh-login.ts';
import { SshSession } from './ssh-session.ts';

/** What is known of a connection that has a line. */
interface Open {
  readonly line: Line;
  readonly connection: Connection;
  readonly cipher: string;
  readonly mac: string;
}

export class SshServer {
  readonly hostKey: SshHostKey;
  readonly #services: Services;
  readonly #threshold = new Threshold();
  readonly #sockets = new Set<Socket>();
  readonly #open = new Map<number, Open>();
  #server: NetServer | undefined;
  /** The port it listens on, or is about to. */
  #port: number | undefined;

  constructor(services: Services, startupPath: string) {
    this.#services = services;
    this.hostKey = new SshHostKey(startupPath, makeKey);
  }

  get enabled(): boolean {
    return this.#server?.listening === true;
  }

  /** After every change of the configuration: listens where it should. Sessions that are open stay open. */
  configure(): void {
    const wanted = sshPort(this.#services.router.configuration);
    if (wanted === this.#port) return;
    this.#server?.close();
    this.#server = undefined;
    this.#port = wanted;
    if (wanted === undefined) return;
    this.#listen(wanted);
  }

  /** The next client sees a key made since. */
  close(): void {
    this.#port = undefined;
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** False: nobody is connected on that vty line. */
  disconnect(index: number): boolean {
    const open = [...this.#open.values()].find(({ line }) => line.index === index);
    open?.connection.end();
    return open !== undefined;
  }

  views(): SshConnectionView[] {
    return [...this.#open.values()]
      .sort((a, b) => a.line.index - b.line.index)
      .map(({ line, cipher, mac }) => ({ line: line.index, cipher, mac, user: line.user }));
  }

  #listen(port: number): void {
    const server = createServer((socket) => this.#knock(socket));
    this.#server = server;
    server.on('error', (error) => {
      // Another program may have the port: the router goes on without this way in, and says so.
      this.#services.router.log.add({ name: 'SSH-LISTEN', text: `SSH server: ${printable(error.message)}` });
      if (this.#server === server) this.#port = undefined;
    });
    server.listen(port);
  }

  #knock(socket: Socket): void {
    const address = addressOf(socket);
    const { router, lines } = this.#services;
    socket.on('error', () => socket.destroy());
    const permitted = lineFor(router.configuration, address, (index) => lines.isVtyFree(index)) !== undefined;
    if (!permitted || !this.#threshold.enter(address)) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    let knocking = true;
    const entered = () => {
      if (knocking) this.#threshold.leave(address);
      knocking = false;
    };
    socket.on('close', () => {
      entered();
      this.#sockets.delete(socket);
    });
    const limit = (router.configuration.ssh.timeOut ?? DEFAULT_TIME_OUT) * 1000;
    const timer = setTimeout(() => knocking && socket.destroy(), limit).unref();
    void this.#greet(socket, address, () => {
      clearTimeout(timer);
      entered();
    });
  }

  async #greet(socket: Socket, address: string, loggedIn: () => void): Promise<void> {
    const { configuration } = this.#services.router;
    try {
      const key = await this.hostKey.get();
      const banner = bannerLines(configuration, 'login').join('\r\n');
      const options = { hostKeys: [key], ident: 'vpdn', ...(banner !== '' && { banner: `${banner}\r\n` }) };
      const server = new ssh2.Server(options, (connection) => this.#serve(connection, address, loggedIn));
      server.on('error', () => socket.destroy());
      if (!socket.destroyed) server.injectSocket(socket);
    } catch (error) {
      socket.destroy();
      this.#services.router.log.add({ name: 'SSH-LISTEN', text: `SSH server: ${printable((error as Error).message)}` });
    }
  }

  #serve(connection: Connection, address: string, loggedIn: () => void): void {
    const login = new SshLogin(() => this.#services.router.configuration);
    let user = '';
    let algorithms = { cipher: '', mac: '' };
    connection.on('error', () => connection.end());
    connection.on('handshake', ({ cs }: Handshake) => {
      algorithms = { cipher: cs.cipher, mac: cs.mac };
    });
    connection.on('authentication', (context: AuthContext) => {
      void this.#authenticate(context, login, address).then((verdict) => {
        if (verdict === 'accepted') {
          user = context.username;
          context.accept();
        } else if (verdict === 'too-many') connection.end();
        else context.reject(['publickey', 'password']);
      });
    });
    connection.on('ready', () => {
      loggedIn();
      this.#enter(connection, user, address, algorithms);
    });
  }

  async #authenticate(context: AuthContext, login: SshLogin, address: string) {
    const offer = offerOf(context);
    const verdict = await login.judge(offer);
    const final = offer.method === 'password' || (offer.method === 'publickey' && offer.proven);
    if (final) this.#tell(verdict === 'accepted', context.username, address);
    return verdict;
  }

  #tell(success: boolean, user: string, address: string): void {
    const who = `User '${printable(user)}' authentication for SSH2 Session from ${address}`;
    this.#services.router.log.add({ name: 'SSH-USERAUTH', text: `${who} ${success ? 'Succeeded' : 'Failed'}` });
    const text = `Login ${success ? 'Success' : 'failed'} [user: ${printable(user)}] [Source: ${address}] [localport: ${this.#port}]`;
    this.#services.router.log.add({ name: success ? 'SEC_LOGIN-SUCCESS' : 'SEC_LOGIN-FAILED', text });
  }

  /** The line is taken now, not before: who only knocks keeps nobody out. */
  #enter(
    connection: Connection,
    user: string,
    location: string,
    { cipher, mac }: { readonly cipher: string; readonly mac: string },
  ): void {
    const { router, lines } = this.#services;
    const index = lineFor(router.configuration, location, (each) => lines.isVtyFree(each));
    if (index === undefined) return connection.end();
    const line = lines.openVty(index, router.clock.now(), { user, location }, () => connection.end());
    this.#open.set(line.number, { line, connection, cipher, mac });
    connection.on('close', () => {
      this.#open.delete(line.number);
      lines.close(line);
    });
    const { log } = router;
    const told = `SSH2 Session from ${location} (tty = ${index}) using crypto cipher '${cipher}'`;
    log.add({ name: 'SSH-SESSION', text: `${told} Succeeded` });
    connection.on('close', () => log.add({ name: 'SSH-SESSION', text: `${told} closed` }));
    const session = new SshSession(line, this.#services);
    connection.on('session', (accept: () => NodeJS.EventEmitter, reject: () => void) => {
      if (!session.free) return reject();
      offer(accept(), session);
    });
  }
}

/** Of the requests of a session only these are listened to: ssh2 refuses what nobody listens to. */
function offer(channel: NodeJS.EventEmitter, session: SshSession): void {
  type Accept<T> = (() => T) | undefined;
  type Size = { readonly cols: number; readonly rows: number };
  const resize = (accept: Accept<void>, _reject: unknown, { cols: columns, rows }: Size) => {
    session.resize({ columns: Math.min(columns, MOST), rows: Math.min(rows, MOST) });
    accept?.();
  };
  channel.on('pty', resize);
  channel.on('window-change', resize);
  channel.on('shell', (accept: Accept<ServerChannel>, reject: (() => void) | undefined) => {
    if (accept !== undefined && session.free) session.openTerminal(accept());
    else reject?.();
  });
  channel.on(
    'exec',
    (accept: Accept<ServerChannel>, reject: (() => void) | undefined, { command }: { command: string }) => {
      if (accept !== undefined && session.free) void session.run(command, accept());
      else reject?.();
    },
  );
}

function offerOf(context: AuthContext): Offer {
  const { username: user, method } = context;
  if (method === 'password') return { method, user, password: context.password };
  if (method !== 'publickey') return { method: 'other', user };
  const { key, blob, signature, hashAlgo } = context;
  if (signature === undefined || blob === undefined) return { method, user, key: key.data, proven: false };
  const parsed = ssh2.utils.parseKey(`${key.algo} ${key.data.toString('base64')}`);
  const one = Array.isArray(parsed) ? parsed[0] : parsed;
  const verified = !(one instanceof Error) && one?.verify(blob, signature, hashAlgo) === true;
  return verified ? { method, user, key: key.data, proven: true } : { method: 'other', user };
}

function makeKey(bits: number | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, keys: { readonly private: string }) => {
      if (error === null) resolve(keys.private);
      else reject(error);
    };
    ssh2.utils.generateKeyPair(bits === undefined ? 'ed25519' : 'rsa', bits === undefined ? {} : { bits }, done);
  });
}

/** Without what an IPv6 socket puts in front of an IPv4 address. */
function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress.replace(/^::ffff:/, '');
}

/** C012: `ip ssh time-out`, seconds. */
const DEFAULT_TIME_OUT = 120;
/** Columns and rows of a screen. */
const MOST = 1000;
