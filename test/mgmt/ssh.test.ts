// The SSH server against a real OpenSSH client: who gets in and who does not, the story of the terminal, and single commands.

import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { command, type Outcome, run } from '../support/process.ts';
import { lacking, type Needs } from '../support/requirement.ts';
import { Terminal, TMUX } from '../support/terminal.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair } from './pair.ts';
import { ENABLE_SECRET, playStory } from './terminal-story.ts';

const OPENSSH: Needs = { programs: ['ssh', 'ssh-keygen', 'nsenter'] };
const PORT = 2022;
const PASSWORD = 'an-ssh-password';

describe('SSH', { skip: lacking(PAIR, TMUX, OPENSSH) }, () => {
  let pair: Pair;
  let router: number;

  /** The client, in the network of the router; `user` decides how it logs in. */
  const ssh = (user: string, ...words: readonly string[]): string[] => [
    ...['nsenter', `--net=/proc/${router}/ns/net`, 'ssh', '-F', 'none', '-p', String(PORT)],
    ...['-o', 'StrictHostKeyChecking=accept-new', '-o', `UserKnownHostsFile=${join(pair.folder, 'known_hosts')}`],
    ...['-o', 'NumberOfPasswordPrompts=1', '-o', 'LogLevel=ERROR'],
    ...(user === 'keyed' ? ['-i', join(pair.folder, 'key'), '-o', 'PreferredAuthentications=publickey'] : []),
    ...(user === 'keyed' ? [] : ['-o', 'PreferredAuthentications=password', '-o', 'PubkeyAuthentication=no']),
    `${user}@127.0.0.1`,
    ...words,
  ];

  /** Runs a command through the client, which gets its password from a program as people's password managers do. */
  const execute = (user: string, text: string, password = PASSWORD): Promise<Outcome> => {
    const askpass = join(pair.folder, 'askpass');
    writeFileSync(askpass, `#!/bin/sh\necho '${password}'\n`, { mode: 0o700 });
    return run(ssh(user, text), 20_000, { env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' } });
  };

  const log = async () => (await pair.exec('server', 'show logging')).text;

  before(async () => {
    pair = new Pair();
    const key = join(pair.folder, 'key');
    command('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key);
    const publicKey = readFileSync(`${key}.pub`, 'utf8').split(' ')[1]!;
    const lines = [
      `enable secret ${ENABLE_SECRET}`,
      `username admin privilege 15 secret ${PASSWORD}`,
      `username looker secret ${PASSWORD}`,
      'username keyed privilege 15 secret nobody-types-this',
      `ip ssh port ${PORT}`,
      'ip ssh pubkey-chain',
      ' username keyed',
      '  key-string',
      `   ${publicKey}`,
      '   exit',
      'access-list 10 permit 127.0.0.0 0.255.255.255',
      'line vty 0 4',
      ' login local',
      ' transport input ssh',
      ' access-class 10 in',
    ];
    pair.configure('server', (text) => text.replace(/\nend\n/, `\n${lines.join('\n')}\nend\n`));
    const child = await pair.start('server');
    router = child.pid;
  });

  after(async () => pair.close());

  test('one command by password: its output, and its status', async () => {
    const shown = await execute('admin', 'show ip local pool');
    assert.equal(shown.status, 0);
    assert.match(shown.stdout, /^ Pool +Begin +End/);
    assert.equal((await execute('admin', 'show nonsense')).status, 1);
  });

  test('a public key of ip ssh pubkey-chain logs in', async () => {
    const { status, stdout } = await execute('keyed', 'show running-config | include ^hostname');
    assert.deepEqual([status, stdout], [0, 'hostname peer2\r\n']);
  });

  test('a user has the level of his username line', async () => {
    const { status, stdout } = await execute('looker', 'show running-config');
    assert.equal(status, 1);
    assert.match(stdout, /% Invalid input detected/);
  });

  test('a wrong password and an unknown user get the same answer, and the log says both', async () => {
    const wrong = await execute('admin', 'show clock', 'wr0ng-gu3ss');
    const unknown = await execute('nobody', 'show clock', 'wr0ng-gu3ss');
    assert.equal(wrong.status, 255);
    assert.deepEqual([unknown.status, unknown.stdout], [wrong.status, wrong.stdout]);
    assert.equal(unknown.stderr.replace('nobody', 'admin'), wrong.stderr);
    const text = await log();
    assert.match(text, /%SEC_LOGIN-4-LOGIN_FAILED: Login failed \[user: admin\] \[Source: 127\.0\.0\.1\]/);
    assert.match(text, /%SEC_LOGIN-4-LOGIN_FAILED: Login failed \[user: nobody\]/);
    assert.match(text, /%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success \[user: admin\]/);
    assert.doesNotMatch(text, /gu3ss|an-ssh-password/);
  });

  test('the first five minutes at a terminal', { timeout: 120_000 }, async () => {
    const terminal = new Terminal(ssh('admin', ...[]), { rows: 24 });
    await terminal.matches(/password:/);
    terminal.line(PASSWORD);
    await terminal.matches(/peer2#$/);
    await playStory(terminal);
    const { text } = await pair.exec('server', 'show users');
    assert.match(text, /vty 0 +admin +idle +00:00:\d\d +127\.0\.0\.1/);
    assert.match((await pair.exec('server', 'show ssh')).text, /^0 +2\.0 +IN +\S+ +\S+ +Session started +admin$/m);
    terminal.line('exit');
    await terminal.ended();
    terminal.close();
  });

  test('a page is as long as the window, also after it was resized', { timeout: 60_000 }, async () => {
    const terminal = new Terminal(ssh('admin'), { rows: 12 });
    await terminal.matches(/password:/);
    terminal.line(PASSWORD);
    await terminal.matches(/peer2#$/);
    terminal.line('show running-config');
    await terminal.shows(' --More--');
    assert.equal(terminal.screen.length, 12);
    terminal.type('q');
    await terminal.shows('peer2#');
    terminal.resize(80, 18);
    terminal.press('C-l');
    terminal.line('show running-config');
    await terminal.shows(' --More--');
    assert.equal(terminal.screen.length, 18);
    terminal.close();
  });

  test('messages are seen after terminal monitor only, and clear line ends the session', {
    timeout: 60_000,
  }, async () => {
    const terminal = new Terminal(ssh('admin'), { columns: 120 });
    await terminal.matches(/password:/);
    terminal.line(PASSWORD);
    await terminal.matches(/peer2#$/);
    terminal.line('conf t');
    terminal.line('end');
    await terminal.shows('peer2(config)#end', 'peer2#');
    terminal.line('terminal monitor');
    terminal.line('conf t');
    terminal.line('end');
    await terminal.matches(/%SYS-5-CONFIG_I: Configured from console by admin on vty0 \(127\.0\.0\.1\)/);
    const { text } = await pair.exec('server', 'show users');
    const number = /(\d+) vty 0/.exec(text)![1]!;
    assert.equal((await pair.exec('server', `clear line ${number}`)).status, 0);
    await terminal.ended();
    terminal.close();
  });

  test('octets that are no SSH end the connection and nothing else', async () => {
    const script = `for i in 1 2 3 4 5 6 7 8; do head -c 100000 /dev/urandom > /dev/tcp/127.0.0.1/${PORT} || true; done`;
    await run(['nsenter', `--net=/proc/${router}/ns/net`, 'bash', '-c', script], 30_000);
    assert.equal((await execute('admin', 'show clock')).status, 0);
  });

  test('who is not on the access list is not let in, nor anybody by a list that is not there', async () => {
    for (const list of ['access-list 11 deny any', '']) {
      writeFileSync(
        pair.configPath('server'),
        readFileSync(pair.configPath('server'), 'utf8')
          .replace(/\naccess-list .*/, `\n${list}`)
          .replace(/access-class \d+ in/, 'access-class 11 in'),
      );
      assert.match((await pair.exec('server', 'configure replace nvram:startup-config force')).text, /done|Rollback/i);
      assert.equal((await execute('admin', 'show clock')).status, 255);
    }
  });

  test("without a vty line for SSH nothing listens, and the host key is its owner's alone", async () => {
    const port = PORT.toString(16).toUpperCase().padStart(4, '0');
    const listening = () => new RegExp(`:${port} \\S+ 0A `).test(readFileSync(`/proc/${router}/net/tcp6`, 'utf8'));
    assert.equal(listening(), true);
    assert.equal(statSync(`${pair.configPath('server')}.ssh-host-key`).mode & 0o777, 0o600);
    const without = readFileSync(pair.configPath('server'), 'utf8').replace(
      'transport input ssh',
      'transport input none',
    );
    writeFileSync(pair.configPath('server'), without);
    await pair.exec('server', 'configure replace nvram:startup-config force');
    await waitFor('the end of the listening', 5000, () => !listening());
  });
});
