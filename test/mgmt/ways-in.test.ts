// The ways in to a running router: `exec` with its statuses, the console, and what `run` says when it cannot start.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { hosted, lacking } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { MAIN, PAIR, Pair } from './pair.ts';

/** A terminal on the control socket: types, and keeps what the screen shows. */
class Terminal {
  screen = '';
  closed = false;
  readonly #socket: Socket;

  constructor(path: string) {
    this.#socket = connect(path);
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (text: string) => {
      // Erasing to the end of the line shows nothing.
      this.screen += text.replaceAll('\x1b[K', '');
    });
    this.#socket.on('close', () => {
      this.closed = true;
    });
    this.#socket.write(`${JSON.stringify({ mode: 'console', columns: 80, rows: 24 })}\n`);
  }

  type(keys: string): void {
    this.#socket.write(keys);
  }

  async shows(pattern: RegExp): Promise<void> {
    await waitFor(
      `${pattern} on the screen`,
      10_000,
      () => pattern.test(this.screen),
      () => this.screen,
    );
  }

  /** Types a line, waits for the prompt after it, and returns what the line brought. */
  async line(text: string, prompt: RegExp): Promise<string> {
    this.screen = '';
    this.type(`${text}\r`);
    await this.shows(new RegExp(`[\\r\\n]${prompt.source}$`));
    return this.screen;
  }

  close(): void {
    this.#socket.destroy();
  }
}

describe('a router in service', { skip: lacking(PAIR) }, () => {
  let pair: Pair;

  before(async () => {
    pair = new Pair();
    pair.configure('server');
    await pair.start('server');
  });

  after(async () => pair.close());

  test('exec prints the answer and ends with 0', async () => {
    const child = pair.vpdn('server', 'exec', '--socket', pair.socket('server'), 'show', 'vpdn');
    await child.ended(10_000);
    assert.equal(child.status, 'status 0');
    assert.match(child.output, /% No active L2TP tunnels/);
  });

  test('exec shows the caret under what no command begins with, and ends with 1', async () => {
    const child = pair.vpdn('server', 'exec', '--socket', pair.socket('server'), 'show zebras');
    await child.ended(10_000);
    assert.equal(child.status, 'status 1');
    assert.match(child.output, /^show zebras\n {5}\^\n% Invalid input detected at '\^' marker\./);
  });

  test('exec with | json prints the model', async () => {
    const { text } = await pair.exec('server', 'show vpdn | json');
    assert.equal((JSON.parse(text) as { schema: string }).schema, 'vpdn.show-vpdn/1');
  });

  test('exec with a filter prints what matches', async () => {
    const { text } = await pair.exec('server', 'show running-config | include hostname');
    assert.match(text, /^hostname peer2\n terminate-from hostname peer1\n ppp chap hostname peer2\n$/);
  });

  test('a command for a terminal is refused where there is none', async () => {
    const { status, text } = await pair.exec('server', 'configure terminal');
    assert.deepEqual({ status, text }, { status: 1, text: '% This command needs a console: vpdn console\n' });
  });

  test('the console configures, one line at a time, and the log says who', async () => {
    const terminal = new Terminal(pair.socket('server'));
    try {
      await terminal.shows(/peer2#$/);
      const entered = await terminal.line('conf t', /peer2\(config\)#/);
      assert.match(entered, /Enter configuration commands, one per line\. {2}End with CNTL\/Z\./);
      await terminal.line('interface lo 9', /peer2\(config-if\)#/);
      await terminal.line('ip address 10.9.9.9 255.255.255.255', /peer2\(config-if\)#/);
      terminal.type('end\r');
      // Without `logging synchronous` nothing comes behind it.
      await terminal.shows(/%SYS-5-CONFIG_I: Configured from console by console\r\n$/);
      assert.ok(pair.traces('server').includes('10.9.9.9'));
    } finally {
      terminal.close();
    }
  });

  test('C007: enable asks for the secret, which the configuration has as a hash only', async () => {
    const terminal = new Terminal(pair.socket('server'));
    try {
      await terminal.shows(/peer2#$/);
      await terminal.line('conf t', /peer2\(config\)#/);
      await terminal.line('enable secret s3cret', /peer2\(config\)#/);
      terminal.type('line con 0\rlogging synchronous\rend\r');
      await terminal.shows(/CONFIG_I.*\r\npeer2#$/);
      assert.match((await pair.exec('server', 'show running-config')).text, /\nenable secret 9 \$9\$/);
      await terminal.line('disable', /peer2>/);
      await terminal.line('enable', /Password: /);
      await terminal.line('wrong', /Password: /);
      await terminal.line('s3cret', /peer2#/);
      terminal.type('conf t\rno enable secret\rend\r');
      await terminal.shows(/CONFIG_I.*\r\npeer2#$/);
    } finally {
      terminal.close();
    }
  });

  test('an error on the console leaves the configuration as it was', async () => {
    const terminal = new Terminal(pair.socket('server'));
    try {
      await terminal.shows(/peer2#$/);
      await terminal.line('conf t', /peer2\(config\)#/);
      const shown = await terminal.line('ip adress', /peer2\(config\)#/);
      assert.match(shown, /\n {19}\^\r\n% Invalid input detected at '\^' marker\./);
    } finally {
      terminal.close();
    }
  });

  test('exit ends the console, and show users has one line less', async () => {
    const terminal = new Terminal(pair.socket('server'));
    await terminal.shows(/peer2#$/);
    assert.match((await pair.exec('server', 'show users')).text, / con 0 /);
    terminal.type('exit\r');
    await waitFor('the end of the connection', 5000, () => terminal.closed);
    await waitFor(
      'the line to be free',
      5000,
      async () => !/con 0/.test((await pair.exec('server', 'show users')).text),
    );
  });

  test('two consoles at once are two lines', async () => {
    const terminals = [new Terminal(pair.socket('server')), new Terminal(pair.socket('server'))];
    try {
      for (const terminal of terminals) await terminal.shows(/peer2#$/);
      assert.match((await pair.exec('server', 'show users')).text, /con 0[\s\S]* con 1/);
    } finally {
      for (const terminal of terminals) terminal.close();
    }
  });

  test('octets that are no request end the connection and nothing else', async () => {
    const socket = connect(pair.socket('server'));
    let closed = false;
    socket.on('close', () => {
      closed = true;
    });
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await waitFor('the end of the connection', 5000, () => closed);
    assert.equal((await pair.exec('server', 'show clock')).status, 0);
  });

  test('a second router on the same control socket is told who is there', async () => {
    const second = pair.vpdn('client', 'run', '--config', pair.configPath('server'), '--socket', pair.socket('server'));
    await second.ended(10_000);
    assert.equal(second.status, 'status 1');
    assert.match(
      second.output,
      /^vpdn: another vpdn is running \(process \d+\): its control socket is .*server\.sock\n$/,
    );
  });

  test('a second router on the same port is told which program has it', async () => {
    const second = pair.vpdn('server', 'run', '--config', pair.configPath('server'), '--socket', pair.socket('client'));
    await second.ended(10_000);
    assert.equal(second.status, 'status 1');
    assert.match(second.output, /vpdn: UDP port 1701 is in use by another vpdn \(process \d+\)/);
    assert.match((await pair.exec('server', 'show ip interface brief')).text, /Ethernet0\/1 .* up +up/);
  });
});

hosted(
  'a router goes on when nobody reads its standard error any more, without a word of it',
  [PAIR],
  30_000,
  async () => {
    const pair = new Pair();
    try {
      pair.configure('server');
      const words = `run --config ${pair.configPath('server')} --socket ${pair.socket('server')}`;
      const router = pair.program('server', 'bash', '-c', `exec ${process.execPath} ${MAIN} ${words} 2> >(true)`);
      await waitFor('the router to answer', 15_000, () =>
        pair.exec('server', 'show clock').then(
          () => true,
          () => false,
        ),
      );
      const { text } = await pair.exec('server', 'show logging');
      assert.match(text, /%SYS-5-RESTART/);
      assert.doesNotMatch(text, /FAULT|EPIPE/);
      router.kill('SIGTERM');
      await router.ended(5000);
      assert.equal(router.status, 'status 0');
    } finally {
      await pair.close();
    }
  },
);

hosted('a configuration with an error starts nothing and says where the error is', [PAIR], 20_000, async () => {
  const pair = new Pair();
  try {
    writeFileSync(pair.configPath('client'), 'hostname peer1\nvpdn enabel\n');
    const child = pair.vpdn('client', 'run', '--config', pair.configPath('client'), '--socket', pair.socket('client'));
    await child.ended(10_000);
    assert.equal(child.status, 'status 1');
    assert.match(child.output, /line 2: vpdn enabel\n +\^\n/);
    assert.deepEqual(pair.traces('client'), []);
  } finally {
    await pair.close();
  }
});
