// The SSH server: off until a vty line takes SSH, and then the same shell as on the console. The package ssh2 speaks the protocol;
// who may come in, and to what, is decided here.

import { createServer, type Server as NetServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type Handshake, type ServerChannel } from 'ssh2';
import { bannerLines } from '../cli/banner.ts';
import { civilTime } from '../cli/show/clock.ts';
import type { SshConnectionView } from '../cli/show/ssh.ts';
import type { LogName } from '../vpdn/log.ts';
import { printable } from '../wire/values.ts';
import type { Line } from './lines.ts';
import type { Services } from './services.ts';
import { SshChannel } from './ssh-channel.ts';
import { lineFor, sourceOf, sshPort, Threshold } from './ssh-door.ts';
import { SshHostKey } from './ssh-host-key.ts';
import { type Offer, SshLogin, type Verdict } from './ssh-login.ts';
import { Penalties } from './ssh-penalties.ts';
import { SshSession } from './ssh-session.ts';

/** A connection on its way in. */
interface Guest {
  readonly socket: Socket;
  readonly address: string;
  /** The vty line it would get now: another may be faster. */
  readonly tty: number;
  cipher: string;
  mac: string;
  /** The offer that is being judged: for so long it stands at the door, even if it hangs up. */
  judged: Promise<unknown>;
}

/** What is known of a connection that has a line. */
interface Open {
  readonly line: Line;
  readonly guest: Guest;
  readonly end: () => void;
}

export class SshServer {
  readonly hostKey: SshHostKey;
  readonly #services: Services;
  readonly #threshold = new Threshold();
  readonly #penalties = new Penalties();
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
    open?.end();
    return open !== undefined;
  }

  views(): SshConnectionView[] {
    return [...this.#open.values()]
      .sort((a, b) => a.line.index - b.line.index)
      .map(({ line, guest: { cipher, mac } }) => ({ line: line.index, cipher, mac, user: line.user }));
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
    const source = sourceOf(address);
    const { router, lines } = this.#services;
    socket.on('error', () => socket.destroy());
    const tty = lineFor(router.configuration, address, (index) => lines.isVtyFree(index));
    if (tty === undefined || !this.#threshold.enter(source)) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    const guest: Guest = { socket, address, tty, cipher: '', mac: '', judged: Promise.resolve() };
    const limit = (router.configuration.ssh.timeOut ?? DEFAULT_TIME_OUT) * 1000;
    const timer = setTimeout(() => socket.destroy(), limit).unref();
    let atDoor = true;
    const leaveDoor = () => {
      if (atDoor) this.#threshold.leave(source);
      atDoor = false;
    };
    socket.on('close', () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
      // Who hangs up to escape the wait after a wrong guess waits all the same.
      void guest.judged.finally(leaveDoor);
    });
    void this.#greet(guest, () => {
      clearTimeout(timer);
      leaveDoor();
    });
  }

  async #greet(guest: Guest, loggedIn: () => void): Promise<void> {
    const { socket } = guest;
    try {
      const key = await this.hostKey.get();
      const banner = bannerLines(this.#services.router.configuration, 'login').join('\r\n');
      const options = { hostKeys: [key], ident: 'vpdn', algorithms: ALGORITHMS };
      const server = new ssh2.Server({ ...options, ...(banner !== '' && { banner: `${banner}\r\n` }) }, (connection) =>
        this.#serve(connection, guest, loggedIn),
      );
      server.on('error', () => socket.destroy());
      if (socket.destroyed) return;
      server.injectSocket(socket);
      // ssh2 answers whatever is asked: who asks and asks and reads no answer is sent away.
      socket.on('data', () => socket.writableLength > MOST_UNREAD && socket.destroy());
    } catch (error) {
      socket.destroy();
      this.#services.router.log.add({ name: 'SSH-LISTEN', text: `SSH server: ${printable((error as Error).message)}` });
    }
  }

  #serve(connection: Connection, guest: Guest, loggedIn: () => void): void {
    const { router } = this.#services;
    const source = sourceOf(guest.address);
    const penalty = () => this.#penalties.failed(source, router.clock.now());
    const login = new SshLogin(() => router.configuration, penalty);
    let user = '';
    let greeted = false;
    connection.on('error', () => connection.end());
    connection.on('handshake', ({ cs }: Handshake) => {
      guest.cipher = cs.cipher;
      guest.mac = cs.mac;
      if (!greeted) this.#tell('SSH-SESSION', `SSH2 Session request from ${this.#described(guest)} Succeeded`);
      greeted = true;
    });
    const judge = (context: AuthContext, offer: Offer, givenUp = () => false) => {
      const final = offer.method === 'password' || (offer.method === 'publickey' && offer.proven);
      // One after the other: who gives up an offer (RFC 4256 §3.1) has to wait for its answer all the same.
      guest.judged = guest.judged.then(async () => {
        if (guest.socket.destroyed) return;
        const verdict = await login.judge(offer);
        if (verdict === 'accepted' && givenUp()) return;
        if (final) this.#tellLogin(verdict, context.username, guest);
        // It may have hung up meanwhile.
        if (guest.socket.destroyed) return;
        if (verdict === 'accepted') {
          user = context.username;
          context.accept();
        } else if (verdict === 'too-many') connection.end();
        else context.reject(METHODS);
      });
    };
    connection.on('authentication', (context: AuthContext) => {
      if (!login.begin()) return connection.end();
      if (context.method !== 'keyboard-interactive') return judge(context, offerOf(context));
      let givenUp = false;
      context.on('abort', () => {
        givenUp = true;
      });
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
        if (answers instanceof Error) return;
        const password = answers.length === 1 ? answers[0]! : '';
        judge(context, { method: 'password', user: context.username, password }, () => givenUp);
      });
    });
    connection.on('ready', () => {
      this.#penalties.succeeded(source);
      loggedIn();
      this.#enter(connection, user, guest);
    });
  }

  /** The line is taken now, not before: who only knocks keeps nobody out. */
  #enter(connection: Connection, user: string, guest: Guest): void {
    const { router, lines } = this.#services;
    const { socket, address: location } = guest;
    const end = () => {
      connection.end();
      setTimeout(() => socket.destroy(), GRACE).unref();
    };
    const index = lineFor(router.configuration, location, (each) => lines.isVtyFree(each));
    if (index === undefined) return end();
    const line = lines.openVty(index, router.clock.now(), { user, location }, end);
    const session = new SshSession(line, this.#services);
    this.#open.set(line.number, { line, guest, end });
    // Who logs in and asks for nothing keeps no line.
    const idle = setTimeout(() => session.free && end(), IDLE).unref();
    socket.on('close', () => {
      clearTimeout(idle);
      // Its terminal may have ended before, and the line be another's by now.
      if (this.#open.get(line.number)?.line === line) this.#open.delete(line.number);
      lines.close(line);
      const who = `SSH2 Session from ${location} (tty = ${index}) for user '${printable(user)}'`;
      this.#tell('SSH-CLOSE', `${who} using ${ciphers(guest)} closed`);
    });
    let asked = false;
    connection.on('session', (accept: () => NodeJS.EventEmitter, reject: () => void) => {
      if (asked) return reject();
      asked = true;
      offer(accept(), session, socket);
    });
  }

  #tell(name: LogName, text: string): void {
    this.#services.router.log.add({ name, text });
  }

  #tellLogin(verdict: Verdict, user: string, guest: Guest): void {
    const success = verdict === 'accepted';
    const told = `User '${printable(user)}' authentication for SSH2 Session from ${this.#described(guest)}`;
    this.#tell('SSH-USERAUTH', `${told} ${success ? 'Succeeded' : 'Failed'}`);
    const { weekday, month, day, year, time } = civilTime(this.#services.router.clock.wallClock());
    const who = `[user: ${printable(user)}] [Source: ${guest.address}] [localport: ${guest.socket.localPort ?? this.#port}]`;
    const at = `at ${time} UTC ${weekday} ${month} ${day} ${year}`;
    if (success) this.#tell('SEC_LOGIN-SUCCESS', `Login Success ${who} ${at}`);
    else this.#tell('SEC_LOGIN-FAILED', `Login failed ${who} [Reason: Login Authentication Failed] ${at}`);
  }

  #described(guest: Guest): string {
    return `${guest.address} (tty = ${guest.tty}) using ${ciphers(guest)}`;
  }
}

function ciphers({ cipher, mac }: Guest): string {
  return `crypto cipher '${cipher}', hmac '${mac}'`;
}

/** Of the requests of a session only these are listened to: ssh2 refuses what nobody listens to. */
function offer(channel: NodeJS.EventEmitter, session: SshSession, socket: Socket): void {
  type Accept<T> = (() => T) | undefined;
  type Size = { readonly cols: number; readonly rows: number };
  const resize = (accept: Accept<void>, _reject: unknown, { cols: columns, rows }: Size) => {
    session.resize({ columns: Math.min(columns, MOST), rows: Math.min(rows, MOST) });
    accept?.();
  };
  channel.on('pty', resize);
  channel.on('window-change', resize);
  channel.on('shell', (accept: Accept<ServerChannel>, reject: (() => void) | undefined) => {
    if (accept !== undefined && session.free) session.openTerminal(new SshChannel(accept(), socket));
    else reject?.();
  });
  channel.on(
    'exec',
    (accept: Accept<ServerChannel>, reject: (() => void) | undefined, { command }: { command: string }) => {
      if (accept !== undefined && session.free) void session.run(command, new SshChannel(accept(), socket));
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

const METHODS = ['publickey', 'keyboard-interactive', 'password'];
/** C012: `ip ssh time-out`, seconds. */
const DEFAULT_TIME_OUT = 120;
/** Milliseconds until who has logged in asks for a terminal or a command, and until who is sent away is gone. */
const IDLE = 120_000;
const GRACE = 2000;
/** Octets of answers on their way. */
const MOST_UNREAD = 1 << 22;
/**
 * What every client of the last ten years speaks, and nothing with SHA-1. No compression: a few octets could unpack to many before
 * anybody has logged in.
 */
const ALGORITHMS = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};
/** Columns and rows of a screen. */
const MOST = 1000;
