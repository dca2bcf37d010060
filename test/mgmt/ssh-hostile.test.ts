// The SSH server against those who mean it no good or no longer listen, and the life of its sessions when the configuration changes.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { command, run } from '../support/process.ts';
import { lacking } from '../support/requirement.ts';
import { Terminal, TMUX } from '../support/terminal.ts';
import { waitFor } from '../support/wait.ts';
import { type Login, OPENSSH, OpenSsh } from './openssh.ts';
import { PAIR, Pair } from './pair.ts';

const PORT = 2022;
/** What show clock prints, and nothing else. */
const CLOCK = /^\s*\*?\d\d:\d\d:\d\d\.\d{3} UTC .*\s*$/;
const OTHER_PORT = 2023;
/** None of these may be seen by anybody. */
const CANARY = { login: 'canary-l0gin', enable: 'canary-en4ble', guess: 'canary-gu3ss', line: 'canary-l1ne' };

describe('SSH, attacked', { skip: lacking(PAIR, TMUX, OPENSSH, { programs: ['perl', 'bash'] }) }, () => {
  let pair: Pair;
  let client: OpenSsh;
  let router: number;
  const output = { text: () => '' };
  const admin: Login = { user: 'admin', password: CANARY.login };

  before(async () => {
    pair = new Pair();
    const lines = [
      `enable secret ${CANARY.enable}`,
      `username admin privilege 15 secret ${CANARY.login}`,
      `username looker password 0 ${CANARY.login}`,
      'banner login #Authorized hands only#',
      'line vty 0 4',
      ` password 0 ${CANARY.line}`,
      ' login local',
    ];
    pair.configure('server', (text) => text.replace(/\nend\n/, `\n${lines.join('\n')}\nend\n`));
    const child = await pair.start('server');
    router = child.pid;
    output.text = () => child.output;
    client = new OpenSsh(pair.folder, router, PORT);
  });

  after(async () => pair.close());

  const configure = async (...lines: readonly string[]): Promise<void> => {
    const path = join(pair.folder, 'change.conf');
    writeFileSync(path, `${lines.join('\n')}\nend\n`);
    const { status, text: said } = await pair.exec('server', `copy ${path} running-config`);
    assert.equal(status, 0, said);
  };
  const show = async (what: string) => (await pair.exec('server', what)).text;
  const log = () => show('show logging');
  const vtyLines = async () => [...(await show('show users')).matchAll(/ vty \d/g)].length;
  /** Ports in state LISTEN, TCP over IPv4 and IPv6. */
  const listening = () =>
    ['tcp', 'tcp6'].flatMap((name) =>
      [...readFileSync(`/proc/${router}/net/${name}`, 'utf8').matchAll(/:([0-9A-F]{4}) \S+ 0A /g)].map(([, port]) =>
        Number.parseInt(port!, 16),
      ),
    );
  const memory = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${router}/status`, 'utf8'))![1]);
  const descriptors = () => readdirSync(`/proc/${router}/fd`).length;

  test('H01: nothing listens until it is configured, and then without a restart', async () => {
    assert.deepEqual(listening(), []);
    assert.match(await show('show ip ssh'), /SSH Disabled/);
    await configure(`ip ssh port ${PORT}`, 'line vty 0 4', 'transport input ssh');
    await waitFor('the server to listen', 5000, () => listening().includes(PORT));
    assert.match(await show('show ip ssh'), /SSH Enabled - version 2\.0/);
    assert.equal((await client.run(admin, 'show clock')).status, 0);
  });

  test('the login banner is shown before the password', async () => {
    const { stderr } = await client.run({ ...admin, options: ['LogLevel=INFO'] }, 'show clock');
    assert.match(stderr, /Authorized hands only/);
  });

  test('guesses are slowed down more and more, whoever they name', async () => {
    const took: number[] = [];
    for (const user of ['admin', 'nobody', 'admin']) {
      const start = performance.now();
      const { status } = await client.run({ user, password: CANARY.guess }, 'show clock');
      assert.equal(status, 255);
      took.push(performance.now() - start);
    }
    assert.ok(took[1]! > 1000 && took[2]! > 2000, String(took));
    assert.match(
      await log(),
      /LOGIN_FAILED: Login failed \[user: nobody\] \[Source: 127\.0\.0\.1\] \[localport: 2022\]/,
    );
    // The right word makes good.
    assert.equal((await client.run(admin, 'show clock')).status, 0);
  });

  test('RFC 4256: a password as the answer to a prompt, with as many guesses, and as long to wait', async () => {
    const interactive = { options: ['PreferredAuthentications=keyboard-interactive', 'NumberOfPasswordPrompts=9'] };
    const right = await client.run({ ...admin, ...interactive }, 'show running-config | include ^hostname');
    assert.deepEqual([right.status, right.stdout], [0, 'hostname peer2\r\n']);
    const failures = () => [...output.text().matchAll(/SSH2_USERAUTH: User 'admin' .* Failed/g)].length;
    const before = failures();
    const start = performance.now();
    const wrong = await client.run({ user: 'admin', password: CANARY.guess, ...interactive }, 'show clock');
    assert.equal(wrong.status, 255);
    assert.ok(performance.now() - start > 3000, 'half a second, one and two');
    assert.equal(failures() - before, 3);
    assert.equal((await client.run(admin, 'show clock')).status, 0);
  });

  test('no sftp, no forwarding of ports in either direction, no agent, no environment', async () => {
    assert.notEqual((await client.run({ ...admin, flags: ['-s'] }, 'sftp')).status, 0);
    const forwarded = await client.run({ ...admin, flags: ['-W', `127.0.0.1:${PORT}`] });
    assert.notEqual(forwarded.status, 0);
    assert.equal(forwarded.stdout, '');
    const options = ['ExitOnForwardFailure=yes'];
    const back = await client.run({ ...admin, options, flags: ['-N', '-R', '9999:127.0.0.1:1'] });
    assert.equal(back.status, 255);
    assert.ok(!listening().includes(9999));
    assert.equal((await client.run({ ...admin, flags: ['-A', '-X'] }, 'show clock')).status, 0);
    await waitFor('the lines to be free', 5000, async () => (await vtyLines()) === 0);
  });

  test('commands from a pipe are all carried out', async () => {
    const child = client.start({ ...admin, flags: ['-T'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    child.stdin.end('terminal length 0\nshow running-config\nshow clock\n');
    await new Promise((resolve) => child.once('close', resolve));
    assert.match(text, /\nhostname peer2\r\n[\s\S]*\nend\r\n[\s\S]*peer2#show clock\r\n\*?\d\d:/);
  });

  test('a client that asks for pages and takes none is read no further', async () => {
    const early = memory();
    const child = client.start({ ...admin, flags: ['-T'] });
    await waitFor('the line to be taken', 10_000, async () => (await vtyLines()) === 1);
    child.stdout.pause();
    let taken = 0;
    for (let piece = 0; piece < 200; piece++) child.stdin.write('?'.repeat(65_536), () => taken++);
    const looks: number[] = [];
    await waitFor('the router to take no more', 30_000, async () => {
      await show('show clock');
      looks.push(taken);
      return looks.length > 20 && looks.at(-1) === looks.at(-20);
    });
    assert.ok(taken < 200);
    assert.ok(memory() - early < 100_000, `grew by ${memory() - early} kB`);
    child.kill('SIGKILL');
    await waitFor('the line to be free', 10_000, async () => (await vtyLines()) === 0);
  });

  test('octets that are no SSH, or nearly, neither end the router nor make it grow', async () => {
    const knock = (script: string, times: number) =>
      run(
        [
          ...['nsenter', `--net=/proc/${router}/ns/net`, 'bash', '-c'],
          `for i in $(seq ${times}); do { ${script}; } 2>/dev/null > /dev/tcp/127.0.0.1/${PORT} || true; done`,
        ],
        60_000,
      );
    const packet = String.raw`printf '\0\0\0\014\012\300aaaaaaaaaa'`;
    const scripts = [
      'head -c 200000 /dev/urandom',
      "printf 'SSH-2.0-x\\r\\n'; head -c 200000 /dev/urandom",
      "printf 'SSH-1.5-x\\r\\n'",
      'yes | head -c 1000000',
      'true',
      `printf 'SSH-2.0-x\\r\\n'; for n in $(seq 500); do ${packet}; done`,
      "printf 'SSH-2.0-x\\r\\n\\377\\377\\377\\377'; head -c 100000 /dev/zero",
    ];
    for (const script of scripts) await knock(script, 10);
    const [early, open] = [memory(), descriptors()];
    for (const script of scripts) await knock(script, 30);
    await waitFor('the connections to be gone', 10_000, () => descriptors() <= open);
    assert.ok(memory() - early < 60_000, `grew by ${memory() - early} kB`);
    assert.equal((await client.run(admin, 'show clock')).status, 0);
    assert.doesNotMatch(output.text(), /SYS-3-FAULT/);
  });

  /** Of ten connections at once. */
  const greeted = async (): Promise<number> => {
    const script = `
use IO::Socket::INET;
my @sockets = map { IO::Socket::INET->new("127.0.0.1:${PORT}") } 1..10;
my $greeted = 0;
for my $socket (@sockets) {
  my $line = '';
  sysread $socket, $line, 8;
  $greeted++ if $line eq 'SSH-2.0-';
}
print $greeted;
`;
    const { stdout } = await run(['nsenter', `--net=/proc/${router}/ns/net`, 'perl', '-e', script], 20_000);
    return Number(stdout);
  };

  test('few may stand at the door, and they let others in when they leave', async () => {
    assert.equal(await greeted(), 4);
    await waitFor('the door to be free', 10_000, async () => (await client.run(admin, 'show clock')).status === 0);
  });

  test('who hangs up to escape the wait after a guess keeps his place at the door until it is over', async () => {
    for (let count = 0; count < 3; count++) await client.run({ user: 'admin', password: CANARY.guess }, 'show clock');
    const options = ['LogLevel=DEBUG3'];
    const guesses = Array.from({ length: 4 }, () => {
      const child = client.start({ user: 'nobody', password: CANARY.guess, options }, 'show clock');
      let said = '';
      child.stderr.on('data', (piece: Buffer) => {
        said += piece.toString();
      });
      // The first of them asks which methods there are.
      return { child, sent: () => said.split('send packet: type 50').length > 2 };
    });
    await waitFor('four guesses', 10_000, () => guesses.every(({ sent }) => sent()));
    for (const { child } of guesses) child.kill('SIGKILL');
    await Promise.all(guesses.map(({ child }) => new Promise((resolve) => child.once('close', resolve))));
    assert.equal((await client.run(admin, 'show clock')).status, 255);
    await waitFor('the door to be free', 20_000, async () => (await greeted()) === 4);
    assert.equal((await client.run(admin, 'show clock')).status, 0);
  });

  test('C012: ip ssh time-out ends a connection that does not log in', async () => {
    await configure('ip ssh time-out 1');
    const script = `
use IO::Socket::INET;
my $socket = IO::Socket::INET->new("127.0.0.1:${PORT}");
my $all = '';
while (sysread $socket, my $piece, 4096) { $all .= $piece }
print length $all > 8 ? "greeted, then closed\\n" : "closed\\n";
`;
    const { stdout } = await run(['nsenter', `--net=/proc/${router}/ns/net`, 'perl', '-e', script], 10_000);
    assert.equal(stdout, 'greeted, then closed\n');
    await configure('ip ssh time-out 120');
  });

  test('a user with an autocommand gets that and nothing else, in a terminal and without', async () => {
    await configure(`username clerk privilege 15 secret ${CANARY.login}`, 'username clerk autocommand show clock');
    const clerk: Login = { user: 'clerk', password: CANARY.login };
    const asked = await client.run(clerk, 'show running-config');
    assert.equal(asked.status, 0);
    assert.match(asked.stdout, CLOCK);
    const { stdout } = await client.run({ ...clerk, flags: ['-tt'] });
    assert.match(stdout, CLOCK);
  });

  test('there are as many sessions as lines; a change of the port ends none; clear line and disconnect end one', async () => {
    await configure('line vty 0 1', 'exit', 'line vty 2 4', 'transport input none');
    const children = [client.start({ ...admin, flags: ['-T'] }), client.start({ ...admin, flags: ['-T'] })];
    await waitFor('two lines to be taken', 10_000, async () => (await vtyLines()) === 2);
    assert.equal((await client.run(admin, 'show clock')).status, 255);

    await configure(`ip ssh port ${OTHER_PORT}`);
    await waitFor('the port to move', 5000, () => listening().includes(OTHER_PORT) && !listening().includes(PORT));
    assert.equal(await vtyLines(), 2);
    let said = '';
    children[0]!.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    children[0]!.stdin.write('show privilege\n');
    await waitFor('an answer in the old session', 5000, () => said.includes('Current privilege level is 15'));

    assert.equal((await pair.exec('server', 'disconnect ssh vty 0')).status, 0);
    await waitFor('one session to end', 5000, async () => (await vtyLines()) === 1);
    const number = /(\d+) vty 1/.exec(await show('show users'))![1]!;
    assert.equal((await pair.exec('server', `clear line ${number}`)).status, 0);
    await waitFor('the other to end', 5000, async () => (await vtyLines()) === 0);
    assert.equal((await client.run({ ...admin, port: OTHER_PORT }, 'show clock')).status, 0);
    assert.match(await log(), /%SSH-5-SSH2_CLOSE: SSH2 Session from 127\.0\.0\.1 \(tty = 1\) for user 'admin'/);
  });

  test('a port that another program has is logged; the router goes on, and takes the port when it can', async () => {
    const script = `
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalPort => ${PORT}, Listen => 1, ReuseAddr => 1) or die;
$| = 1; print "listening\\n"; sleep 600;
`;
    const other = pair.program('server', 'perl', '-e', script);
    await other.said('listening', 5000);
    await configure(`ip ssh port ${PORT}`);
    await waitFor('the log to say so', 5000, async () => /%SSH-3-LISTEN: .*EADDRINUSE/.test(await log()));
    assert.match(await show('show ip ssh'), /SSH Disabled/);
    await other.stop(1000);
    await configure('ip ssh time-out 60');
    await waitFor('the server to listen', 5000, () => listening().includes(PORT));
    assert.equal((await client.run(admin, 'show clock')).status, 0);
  });

  test('C012: exec-timeout ends a session in which nothing is typed', async () => {
    await configure('line vty 0 1', 'exec-timeout 0 1');
    const child = client.start({ ...admin, flags: ['-T'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await waitFor('the line to be taken', 10_000, async () => (await vtyLines()) === 1);
    await ended;
    await waitFor('the line to be free', 5000, async () => (await vtyLines()) === 0);
    await configure('line vty 0 1', 'exec-timeout 10 0');
  });

  test('crypto key generate rsa makes the key that clients see next', async () => {
    const { status, text } = await pair.exec('server', 'crypto key generate rsa modulus 2048');
    assert.equal(status, 0, text);
    const known = `UserKnownHostsFile=${join(pair.folder, 'known_rsa')}`;
    const rsa = { ...admin, options: [known, 'HostKeyAlgorithms=rsa-sha2-512'] };
    assert.equal((await client.run(rsa, 'show clock')).status, 0);
    const bits = command('ssh-keygen', '-l', '-f', join(pair.folder, 'known_rsa'));
    assert.match(bits, /^2048 SHA256:\S+ .*\(RSA\)/);
    // A client that knew the old key does not trust the new one.
    assert.equal((await client.run(admin, 'show clock')).status, 255);
  });

  test('H04: no secret is in the log, on standard error, or in what level 1 can see', async () => {
    const options = [`UserKnownHostsFile=${join(pair.folder, 'known_rsa')}`];
    const looker: Login = { user: 'looker', password: CANARY.login, options };
    const shown: string[] = [await log(), output.text(), await show('show tech-support')];
    for (const what of [
      'show users',
      'show ssh',
      'show logging',
      'show running-config',
      'show ip ssh',
      'show history',
    ]) {
      const { stdout, stderr } = await client.run(looker, what);
      shown.push(stdout, stderr);
    }
    const terminal = new Terminal(client.words({ ...looker, options: [...options, 'NumberOfPasswordPrompts=2'] }), {
      columns: 100,
    });
    await terminal.matches(/password:/);
    terminal.line(CANARY.guess);
    await terminal.matches(/try again[\s\S]*password:/);
    terminal.line(CANARY.login);
    await terminal.matches(/peer2>$/);
    terminal.line('enable');
    await terminal.matches(/Password:$/);
    terminal.line(CANARY.guess);
    await terminal.matches(/Password:\n.*Password:$/);
    terminal.line(CANARY.enable);
    await terminal.matches(/peer2#$/);
    shown.push(terminal.screen.join('\n'), await log(), output.text());
    terminal.close();
    const key = readFileSync(`${pair.configPath('server')}.ssh-host-key`, 'utf8').split('\n')[2]!;
    for (const secret of [...Object.values(CANARY), key, 'PRIVATE KEY']) {
      for (const text of shown) assert.ok(!text.includes(secret), `${secret} in ${text.slice(0, 400)}`);
    }
    assert.ok(!(await show('show running-config')).includes('PRIVATE KEY'));
  });
});
