// The Unix socket of a router in service: who is let in by the kernel's word, and what those get who send too much or read nothing.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { lacking, type Needs } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair } from './pair.ts';

const TOOLS: Needs = { programs: ['perl', 'setpriv'] };
/** Groups that every Debian has; nobody is in neither. */
const GROUP = 'tty';
const GROUP_ID = Number(/^tty:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1]);
const NOBODY = 65534;

/** Of 64 KB each. */
const PIECES = 100;
/** Kilobytes: what a garbage collector may leave lying. */
const ALLOWED = 60_000;

/** Connects, says its request, prints what comes. Perl, because nobody may be unable to read where Node lies. */
const CLIENT = `
use IO::Socket::UNIX;
my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "no socket: $!\\n";
print $socket "$ARGV[1]\\n$ARGV[2]";
$socket->flush;
shutdown $socket, 1 if length $ARGV[2];
print while <$socket>;
`;

describe('the control socket', { skip: lacking(PAIR, TOOLS) }, () => {
  let pair: Pair;
  let path: string;
  let router: number;

  before(async () => {
    pair = new Pair();
    chmodSync(pair.folder, 0o711);
    path = join(pair.folder, 'run', 'server.sock');
    pair.configure('server', (text) => text.replace(/\nend\n/, '\nenable secret an-enable-secret\nend\n'));
    const words = ['--config', pair.configPath('server'), '--socket', path, '--socket-group', GROUP];
    const child = pair.vpdn('server', 'run', ...words);
    await child.said('vpdn: running', 15_000);
    router = child.pid;
  });

  after(async () => pair.close());

  /** As nobody, in these groups. */
  const nobody = async (groups: readonly number[], request: object, typed = ''): Promise<string> => {
    const list = groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`;
    const drop = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, list];
    const child = pair.program(
      'server',
      'setpriv',
      ...drop,
      'perl',
      '-e',
      CLIENT,
      path,
      JSON.stringify(request),
      typed,
    );
    await child.ended(10_000);
    return child.output;
  };

  const owner = async (command: string): Promise<string> => {
    const socket = connect(path);
    socket.write(`${JSON.stringify({ mode: 'exec', command })}\n`);
    let text = '';
    for await (const chunk of socket.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
    return text
      .split('\n')
      .filter((line) => line.startsWith('{"out"'))
      .map((line) => (JSON.parse(line) as { out: string }).out)
      .join('');
  };

  const memory = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${router}/status`, 'utf8'))![1]);

  const descriptors = () => readdirSync(`/proc/${router}/fd`).length;

  test('a folder made for it is open to its group, and to nobody else', () => {
    const { mode, gid } = statSync(join(pair.folder, 'run'));
    assert.deepEqual([mode & 0o777, gid], [0o750, GROUP_ID]);
    assert.deepEqual([statSync(path).mode & 0o777, statSync(path).gid], [0o660, GROUP_ID]);
  });

  test('a member of the group has level 1', async () => {
    const shown = await nobody([GROUP_ID], { mode: 'exec', command: 'show running-config' });
    assert.match(shown, /% Invalid input detected/);
    assert.match(shown, /"status":1/);
    assert.match(await nobody([GROUP_ID], { mode: 'exec', command: 'show clock' }), /UTC.*"status":0/s);
    assert.equal(await nobody([GROUP_ID], { mode: 'trace' }), '');
  });

  test('a member has the level of the username line with his name, and show users names him', async () => {
    const console_ = new Typist(path);
    await console_.shows(/peer2#$/);
    console_.type('conf t\rusername nobody privilege 15\rend\r');
    await console_.shows(/CONFIG_I/);
    const shown = await nobody([GROUP_ID], { mode: 'console' }, 'show users\rshow running-config | include ^enable\r');
    assert.match(shown, /\* *\d+ con 1 +nobody +idle/);
    assert.match(shown, /\nenable secret 9 /);
    console_.type('conf t\rno username nobody\rend\r');
    await console_.shows(/CONFIG_I[\s\S]*CONFIG_I/);
    console_.close();
  });

  test('somebody else does not even reach it; by a mode that was loosened he reaches a reason, and the log', async () => {
    const request = { mode: 'exec', command: 'show clock' };
    assert.match(await nobody([], request), /no socket: Permission denied/);
    chmodSync(join(pair.folder, 'run'), 0o755);
    chmodSync(path, 0o666);
    const refused = await nobody([], request);
    assert.match(refused, /% nobody may not come in here: not in the group of --socket-group.*"status":1/s);
    assert.match(await nobody([], { mode: 'console' }), /^% nobody may not come in here/);
    assert.match(await owner('show logging'), /%SEC_LOGIN-4-LOGIN_FAILED: Login failed \[user: nobody\]/);
    chmodSync(path, 0o660);
    chmodSync(join(pair.folder, 'run'), 0o750);
  });

  test('lines from a pipe are all carried out before their console ends', async () => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.end(`${JSON.stringify({ mode: 'console' })}\nterminal length 0\nshow running-config\nshow clock\n`);
    let text = '';
    for await (const chunk of socket.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
    assert.match(text, /\nhostname peer2\r\n[\s\S]*\nend\r\n[\s\S]*peer2#show clock\r\n\*?\d\d:/);
  });

  test('a terminal that asks for pages and takes none is read no further, and costs the router nothing', async () => {
    const typist = new Typist(path);
    await typist.shows(/peer2#$/);
    const early = memory();
    typist.stopReading();
    // Each question mark is answered with some kilobytes: gigabytes in all.
    const fill = typist.fill('?', PIECES);
    const looks: number[] = [];
    await waitFor('the router to take no more', 20_000, async () => {
      await owner('show clock');
      looks.push(fill.taken);
      return looks.length > 5 && looks.at(-1) === looks.at(-5);
    });
    assert.ok(fill.taken < PIECES);
    assert.ok(memory() - early < ALLOWED, `grew by ${memory() - early} kB`);
    typist.close();
    await waitFor('the line to be free', 5000, async () => !/ con /.test(await owner('show users')));
  });

  test('floods of octets that are no request neither end the router nor make it grow', async () => {
    const flood = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        const sockets = Array.from({ length: 40 }, (_, index) => {
          const socket = connect(path);
          socket.on('error', () => undefined);
          socket.resume();
          const octets = Buffer.alloc(20_000, (index * 37) & 0xff);
          octets[(round * 997) % octets.length] = 0x0a;
          socket.write(octets);
          return socket;
        });
        await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
      }
    };
    await flood(20);
    const [early, open] = [memory(), descriptors()];
    await flood(60);
    assert.match(await owner('show clock'), /UTC/);
    await waitFor('the connections to be gone', 5000, () => descriptors() <= open);
    assert.ok(memory() - early < ALLOWED, `grew by ${memory() - early} kB`);
  });

  test('a folder that was there keeps its mode', async () => {
    const folder = join(pair.folder, 'other');
    mkdirSync(folder, { mode: 0o700 });
    const socket = join(folder, 'second.sock');
    pair.configure('client');
    const words = ['--config', pair.configPath('client'), '--socket', socket, '--socket-group', GROUP];
    const child = pair.vpdn('client', 'run', ...words);
    await child.said('vpdn: running', 15_000);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    await child.stop(5000);
  });
});

/** Sits at a console on the socket. */
class Typist {
  #screen = '';
  readonly #socket: Socket;

  constructor(path: string) {
    this.#socket = connect(path);
    this.#socket.setEncoding('utf8').on('data', (text: string) => {
      this.#screen += text.replaceAll('\x1b[K', '');
    });
    this.#socket.on('error', () => undefined);
    this.#socket.write(`${JSON.stringify({ mode: 'console', columns: 80, rows: 0 })}\n`);
  }

  type(keys: string): void {
    this.#socket.write(keys);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  /** How many of the pieces were taken. */
  fill(key: string, pieces: number): { taken: number } {
    const count = { taken: 0 };
    for (let piece = 0; piece < pieces; piece++) this.#socket.write(key.repeat(65_536), () => count.taken++);
    return count;
  }

  async shows(pattern: RegExp): Promise<void> {
    await waitFor(
      `${pattern} on the screen`,
      10_000,
      () => pattern.test(this.#screen),
      () => this.#screen,
    );
  }

  close(): void {
    this.#socket.destroy();
  }
}
