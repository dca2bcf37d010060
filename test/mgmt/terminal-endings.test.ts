// How a sitting at `vpdn console` can end, and that it leaves the terminal as it was in every case.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run } from '../support/process.ts';
import { lacking } from '../support/requirement.ts';
import { Terminal, TMUX } from '../support/terminal.ts';
import { waitFor } from '../support/wait.ts';
import { MAIN, PAIR, Pair } from './pair.ts';

describe('the end of vpdn console', { skip: lacking(PAIR, TMUX) }, () => {
  let pair: Pair;
  let router: number;

  before(async () => {
    pair = new Pair();
    pair.configure('server');
    router = (await pair.start('server')).pid;
  });

  after(async () => pair.close());

  const commandLine = () => `${process.execPath} ${MAIN} console --socket ${pair.socket('server')}`;
  /** A shell that tells, after the console, with which status and whether the terminal takes whole lines again. */
  const sitDown = async (): Promise<Terminal> => {
    const tell = `echo "status $?"; stty -a | grep -o -- '[-]*icanon'; stty -a | grep -ow -- '[-]*echo'; cat`;
    const terminal = new Terminal(['sh', '-c', `${commandLine()}; ${tell}`], { columns: 120 });
    await terminal.matches(/peer2#$/);
    return terminal;
  };
  const LEFT_ALONE = /status \d+\nicanon\necho$/;
  const client = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const words = commandLineOf(pid);
        return words[1] === MAIN && words[2] === 'console' && words.includes(pair.socket('server'));
      });

  test('exit: nothing is said', { timeout: 30_000 }, async () => {
    const terminal = await sitDown();
    terminal.line('exit');
    await terminal.matches(LEFT_ALONE);
    assert.match(terminal.screen.join('\n'), /peer2#exit\n+status 0\n/);
    terminal.close();
  });

  test('a line that was cleared: it is said', { timeout: 30_000 }, async () => {
    const terminal = await sitDown();
    assert.equal((await pair.exec('server', 'clear line 0')).status, 0);
    await terminal.matches(LEFT_ALONE);
    assert.match(terminal.screen.join('\n'), /vpdn: the router has ended this session: .*\nstatus 3\n/);
    terminal.close();
  });

  test('a client that was ended from outside', { timeout: 30_000 }, async () => {
    const terminal = await sitDown();
    const pids = client();
    assert.equal(pids.length, 1);
    process.kill(pids[0]!, 'SIGTERM');
    await terminal.matches(LEFT_ALONE);
    assert.match(terminal.screen.join('\n'), /status 143\n/);
    terminal.close();
  });

  test('commands from a file are carried out without pages, and without a terminal', { timeout: 30_000 }, async () => {
    const script = join(pair.folder, 'script');
    writeFileSync(script, 'show running-config\nshow privilege\n');
    const { status, stdout } = await run(['sh', '-c', `${commandLine()} < ${script}`]);
    assert.equal(status, 0);
    assert.match(stdout, /\nhostname peer2\r\n[\s\S]*\nend\r\n[\s\S]*Current privilege level is 15\r\n/);
    assert.ok(!stdout.includes('--More--') && !stdout.includes('\u00ff'));
  });

  test('a router that was started again: it is said, and a new console finds it', { timeout: 60_000 }, async () => {
    const terminal = await sitDown();
    terminal.line('reload');
    await terminal.matches(/\[confirm\]$|\[yes\/no\]: $/);
    if (/yes\/no/.test(terminal.screen.at(-1)!)) {
      terminal.line('no');
      await terminal.matches(/\[confirm\]$/);
    }
    terminal.press('Enter');
    await terminal.matches(LEFT_ALONE);
    assert.match(terminal.screen.join('\n'), /vpdn: the router has ended this session: .*\nstatus 3\n/);
    terminal.close();
    await waitFor('the router to be back', 15_000, async () =>
      pair.exec('server', 'show clock').then(
        ({ status }) => status === 0,
        () => false,
      ),
    );
    const again = await sitDown();
    again.line('exit');
    await again.matches(LEFT_ALONE);
    again.close();
  });

  test('a router that was killed: it is said', { timeout: 30_000 }, async () => {
    const terminal = await sitDown();
    process.kill(router, 'SIGKILL');
    await terminal.matches(LEFT_ALONE);
    assert.match(terminal.screen.join('\n'), /vpdn: the router has ended this session: .*\nstatus 3\n/);
    terminal.close();
  });
});

function commandLineOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has just ended
  }
}
