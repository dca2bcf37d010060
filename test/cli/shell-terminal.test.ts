// What a terminal is asked and set to: questions before commands (1.9), `terminal …` (C025), history, and hostile keys.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Dialogue, defaultAnswer } from '../../src/cli/dialogue.ts';
import type { Question } from '../../src/cli/grammar/exec/definition.ts';
import { Shell } from '../../src/cli/shell.ts';
import type { ShellInput } from '../../src/cli/shell-events.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { loaded } from './helpers.ts';
import { Session } from './terminal-session.ts';

describe('a terminal that types nothing more', () => {
  test('ends the session once what it has typed is done', () => {
    const terminal = new Session();
    terminal.output = undefined;
    terminal.type('show vpdn\rconf t\r').input({ on: 'end' });
    assert.deepEqual(terminal.other, []);
    terminal.input({ on: 'output', lines: ['late'], done: true });
    assert.deepEqual(terminal.other, ['configuration-left', 'close']);
    assert.match(terminal.transcript, /late\nRouter#conf t/);
  });
  test('answers no question and no --More--', () => {
    assert.deepEqual(new Session().type('reload\r').input({ on: 'end' }).other, ['close']);
    const terminal = new Session().type('terminal length 5\r');
    terminal.output = Array.from({ length: 20 }, String);
    assert.ok(terminal.type('show vpdn\r').paused);
    assert.deepEqual(terminal.input({ on: 'end' }).other.at(-1), 'close');
  });
});

describe('questions', () => {
  const confirm: Question = { prompt: 'Sure? [confirm]', kind: 'confirm' };
  const save: Question = { prompt: 'Save? [yes/no]: ', kind: 'yes-no' };
  const file: Question = { prompt: 'File [a]? ', kind: 'text', default: 'a' };
  test('[confirm] takes Enter and y, and nothing else', () => {
    assert.equal(new Dialogue([confirm]).key({ key: 'enter' }).next, 'run');
    assert.equal(new Dialogue([confirm]).key({ key: 'character', text: 'Y' }).next, 'run');
    assert.equal(new Dialogue([confirm]).key({ key: 'character', text: 'n' }).next, 'abort');
    assert.equal(new Dialogue([confirm]).key({ key: 'control', letter: 'C' }).next, 'abort');
  });
  test('yes or no is asked until it is answered', () => {
    const dialogue = new Dialogue([save]);
    assert.equal(dialogue.line('').next, 'ask');
    assert.equal(dialogue.line('maybe').next, 'ask');
    assert.deepEqual(dialogue.line('N'), { next: 'run', answers: ['no'] });
  });
  test('an empty text is the default', () => {
    assert.deepEqual(new Dialogue([file]).line('  '), { next: 'run', answers: ['a'] });
    assert.deepEqual(new Dialogue([file]).line(' b '), { next: 'run', answers: ['b'] });
  });
  test('scripts answer with the defaults', () => {
    assert.deepEqual([confirm, save, file].map(defaultAnswer), ['yes', 'no', 'a']);
  });
});

describe('C003: configure', () => {
  test('asks from where', () => {
    const terminal = new Session().type('configure\r\r');
    assert.deepEqual(terminal.screen.lines, [
      'Router#configure',
      'Configuring from terminal, memory, or network [terminal]?',
      'Enter configuration commands, one per line.  End with CNTL/Z.',
      'Router(config)#',
    ]);
  });
  test('Ctrl-C asks no more', () => assert.equal(new Session().type('configure\r\x03').screen.lines.at(-1), 'Router#'));
  test('from the network: not here', () => {
    assert.match(new Session().type('configure\rnetwork\r').transcript, /not supported/);
  });
});

test('C027: keys are made with the size that was asked for, in configuration mode as well', () => {
  const terminal = new Session().type('conf t\rcrypto key generate rsa modulus 4096\rcrypto key generate rsa\r3072\r');
  assert.deepEqual(terminal.commands, [
    { exec: 'crypto-key-generate', modulus: 4096 },
    { exec: 'crypto-key-generate', modulus: 3072 },
  ]);
  terminal.type('crypto key zeroize rsa\rno\r');
  assert.deepEqual(terminal.commands.at(-1), { exec: 'crypto-key-zeroize', confirmed: false });
});

describe('C025: terminal', () => {
  test('the line of the configuration says how long a page is, and the window does not change it', () => {
    const terminal = new Session({}, loaded('line con 0\nlength 5\n'));
    terminal.output = Array.from({ length: 9 }, (_, index) => `line ${index}`);
    terminal.input({ on: 'size', columns: 80, rows: 50 }).type('show version\r');
    assert.equal(terminal.screen.lines.at(-1), ' --More--');
  });
  test('the console already monitors; a vty does when told to', () => {
    assert.equal(new Session().type('terminal monitor\r').screen.lines.at(-2), '% Console already monitors');
    const vty = new Session({ line: { kind: 'vty', number: 0 }, user: '', privilege: 15 }).type('terminal monitor\r');
    assert.deepEqual(vty.commands, [{ exec: 'terminal-monitor', on: true }]);
  });
  test('history: so many lines, or none', () => {
    const history = (text: string) => new Session().type(`${text}\rshow vpdn\rshow history\r`).screen.lines;
    assert.deepEqual(history('terminal history size 1').slice(-2), ['  show history', 'Router#']);
    assert.deepEqual(history('terminal no history').slice(-2), ['  terminal no history', 'Router#']);
  });
  test('configuration mode has a history of its own', () => {
    const terminal = new Session().type('show vpdn\rconf t\rhostname a\rend\r\x1b[A\x1b[A');
    assert.equal(terminal.screen.cursorLine, 'a#show vpdn|');
  });
  test('show terminal', () => {
    const terminal = new Session({}, loaded('line con 0\nexec-timeout 5 0\n')).type('show terminal\r');
    assert.match(terminal.transcript, /Length: 24 lines, Width: 80 columns/);
    assert.match(terminal.transcript, /Idle EXEC timeout is 00:05:00/);
  });
});

test('1.3: the caret stands under what is wrong, behind ideographs as well', () => {
  const terminal = new Session().type('show 漢 x\r');
  assert.equal(terminal.screen.lines[1], '            ^');
});

describe('hostile keys', () => {
  test('half an escape sequence does not swallow the Ctrl-C behind it', () => {
    const terminal = new Session().type('show\x1b[\x03');
    assert.deepEqual(terminal.screen.lines, ['Router#show', 'Router#']);
  });
  test('a line of a megabyte is refused once, and the next one is read', () => {
    const terminal = new Session().type(`${'x'.repeat(1_000_000)}\rshow vpdn\r`);
    assert.match(terminal.transcript, /% The line is longer than 254 characters/);
    assert.ok(terminal.screen.bells <= 1);
    assert.equal(terminal.commands.length, 1);
  });
  test('too much typed ahead is not read at all, to the end of its line', () => {
    const terminal = new Session();
    terminal.output = undefined;
    terminal.type('show vpdn\r').type(`${'conf t\r'.repeat(20_000)}show `);
    assert.match(terminal.transcript, /% Too much was typed ahead: none of it is read/);
    terminal.input({ on: 'output', lines: [], done: true }).type('users\rshow clock\r');
    assert.deepEqual(
      terminal.commands.map(({ exec }) => exec),
      ['show-vpdn', 'show-clock'],
    );
  });
  test('NULs, Latin-1 and control characters are told of or ignored', () => {
    const octets = (...values: number[]) => ({ on: 'octets', octets: Uint8Array.from(values) }) as const;
    assert.match(new Session().input(octets(0x73, 0xe9, 0x0d)).transcript, /not UTF-8/);
    assert.equal(new Session().input(octets(0, 0, 0x1c, 0x0d)).screen.lines.at(-1), 'Router#');
  });
  test('whatever octets come, nothing is thrown, and what is kept and written is bounded', () => {
    const octets = fc.uint8Array({ maxLength: 300 });
    const text = fc
      .constantFrom(
        'conf t\r',
        'banner motd #\r',
        '#\r',
        'line vty 0 4\r',
        'enable\r',
        'configure\r',
        'no\r',
        '\x1b[',
        'q',
        ' ',
      )
      .map((each) => new TextEncoder().encode(each));
    fc.assert(
      fc.property(fc.array(fc.oneof(octets, text), { maxLength: 30 }), (pieces) => {
        const shell = new Shell({ configuration: emptyConfiguration });
        let typed = 0;
        let written = 0;
        const take = (input: ShellInput): void => {
          for (const effect of shell.handle(input, 0)) {
            if (effect.do === 'write') written += effect.text.length;
            if (effect.do === 'execute') take({ on: 'output', lines: ['x'], done: true });
            if (effect.do === 'configure') take({ on: 'configured' });
            if (effect.do === 'check-secret') take({ on: 'secret-checked', matches: false });
          }
        };
        take({ on: 'open' });
        for (const piece of pieces) {
          typed += piece.length;
          take({ on: 'octets', octets: piece });
        }
        assert.ok(written <= 4000 * (typed + 1));
      }),
      { numRuns: 100 },
    );
  });
});
