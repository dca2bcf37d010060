// What a change of configuration does to the one who makes it: terminals that are cut off, restarts, signals. On a real router.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { hosted } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair } from './pair.ts';

/** A console on the control socket of the server. */
class Terminal {
  screen = '';
  readonly #socket: Socket;

  constructor(pair: Pair) {
    this.#socket = connect(pair.socket('server'));
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (text: string) => {
      this.screen += text;
    });
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.write(`${JSON.stringify({ mode: 'console', columns: 80, rows: 24 })}\n`);
  }

  /** Types, and waits for what comes. */
  async type(keys: string, pattern: RegExp): Promise<void> {
    this.screen = '';
    this.#socket.write(keys);
    await this.shows(pattern);
  }

  async shows(pattern: RegExp): Promise<void> {
    await waitFor(
      `${pattern} on the screen`,
      10_000,
      () => pattern.test(this.screen),
      () => this.screen,
    );
  }

  /** As a network that is gone, or a terminal that was closed. */
  cutOff(): void {
    this.#socket.destroy();
  }
}

function serverTest(name: string, body: (pair: Pair) => Promise<void>): void {
  hosted(name, [PAIR], 60_000, async () => {
    const pair = new Pair();
    try {
      pair.configure('server');
      await body(pair);
    } finally {
      await pair.close();
    }
  });
}

async function hostname(pair: Pair): Promise<string | undefined> {
  return /^hostname (.*)$/m.exec((await pair.exec('server', 'show running-config')).text)?.[1];
}

serverTest('H10: a change that cuts off the terminal it was typed at rolls back alone', async (pair) => {
  await pair.start('server');
  const terminal = new Terminal(pair);
  await terminal.shows(/peer2#$/);
  await terminal.type('configure terminal revert timer seconds 2\r', /\(config\)#/);
  await terminal.type('hostname lost\r', /lost\(config\)#/);
  terminal.cutOff();
  assert.equal(await hostname(pair), 'lost');
  await waitFor('the name before', 10_000, async () => (await hostname(pair)) === 'peer2');
  const { text } = await pair.exec('server', 'show logging');
  assert.match(text, /%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_START_ABSTIMER: .*Scheduled to rollback in 2 seconds/);
  assert.match(text, /%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_START: .*revert timer/);
});

serverTest('C028: reload asks, saves, and the same process begins again with what was saved', async (pair) => {
  const server = await pair.start('server');
  const terminal = new Terminal(pair);
  await terminal.shows(/peer2#$/);
  await terminal.type('configure terminal\r', /\(config\)#/);
  await terminal.type('hostname again\r', /again\(config\)#/);
  await terminal.type('end\r', /again#/);
  await terminal.type('reload\r', /System configuration has been modified\. Save\? \[yes\/no\]: $/);
  await terminal.type('yes\r', /Proceed with reload\? \[confirm\]$/);
  await terminal.type('\r', /\[OK\]/);
  await waitFor('a router that knows nothing of before', 15_000, async () => {
    const { text } = await pair.exec('server', 'show logging').catch(() => ({ text: '' }));
    return /%SYS-5-RESTART/.test(text) && !/CONFIG_I/.test(text);
  });
  assert.equal(await hostname(pair), 'again');
  assert.match(readFileSync(pair.configPath('server'), 'utf8'), /^hostname again$/m);
  assert.equal(server.status, undefined, 'it is the process that was started');
});

serverTest('C028: reload in is confirmed, shown and cancelled, and every open terminal hears of it', async (pair) => {
  await pair.start('server');
  const [one, other] = [new Terminal(pair), new Terminal(pair)];
  await one.shows(/peer2#$/);
  await other.shows(/peer2#$/);
  await one.type('reload in 5 new wires\r', /Proceed with reload\? \[confirm\]$/);
  await one.type('\r', /Reload scheduled for .* \(in 5 minutes\) by console\r\nReload reason: new wires\r\npeer2#/);
  const { text } = await pair.exec('server', 'show reload');
  assert.match(text, /^Reload scheduled for .* \(in 5 minutes\) by console\nReload reason: new wires\n$/);
  await one.type('reload cancel\r', /SHUTDOWN ABORTED ---/);
  await other.shows(/\*\*\*\r\n\*\*\* --- SHUTDOWN ABORTED ---\r\n\*\*\*/);
  assert.equal((await pair.exec('server', 'show reload')).text, 'No reload is scheduled.\n');
  assert.match((await pair.exec('server', 'show logging')).text, /%SYS-5-SCHEDULED_RELOAD_CANCELLED: /);
});

serverTest('H05: a startup-config with secrets that everybody can read is warned of', async (pair) => {
  chmodSync(pair.configPath('server'), 0o644);
  const open = await pair.start('server');
  await open.said('holds secrets and can be read by everybody; chmod 600', 5000);
  open.kill('SIGTERM');
  await open.ended(5000);
  chmodSync(pair.configPath('server'), 0o600);
  const closed = await pair.start('server');
  assert.doesNotMatch(closed.output, /can be read by everybody/);
});

serverTest('SIGHUP is configure replace startup-config: whole, with a revision, or not at all', async (pair) => {
  const server = await pair.start('server');
  const good = readFileSync(pair.configPath('server'), 'utf8');
  writeFileSync(pair.configPath('server'), good.replace('hostname peer2', 'hostname renamed\nvpdn enabel'));
  server.kill('SIGHUP');
  await server.said('CFG_REJECTED', 5000);
  assert.equal(await hostname(pair), 'peer2');
  writeFileSync(pair.configPath('server'), good.replace('hostname peer2', 'hostname renamed'));
  server.kill('SIGHUP');
  await waitFor('the new name', 5000, async () => (await hostname(pair)) === 'renamed');
  assert.match((await pair.exec('server', 'show archive')).text, /SIGHUP \(SIGHUP\) <- Most Recent/);
});
