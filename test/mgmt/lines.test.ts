// Who sits on which line: numbers, names, idle times, and what `clear line` finds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecCommand } from '../../src/cli/exec-command.ts';
import { loadConfiguration } from '../../src/cli/load.ts';
import { parseExec } from '../../src/cli/parse-exec.ts';
import { showLines } from '../../src/cli/show/line.ts';
import { Lines } from '../../src/mgmt/lines.ts';
import { ConfigError } from '../../src/wire/errors.ts';

const vty = { user: 'arm', location: '192.0.2.4' };
const none = () => undefined;

test('who sits at a line that has a screen is told what concerns everybody', () => {
  const lines = new Lines();
  const told: string[] = [];
  const first = lines.openConsole(0, () => undefined);
  lines.openConsole(0, () => undefined);
  first.tell = (text) => told.push(...text);
  lines.tell(['one', 'two']);
  assert.deepEqual(told, ['one', 'two']);
  lines.close(first);
  lines.tell(['three']);
  assert.deepEqual(told, ['one', 'two']);
});

test('C153: consoles and vty lines have their numbers, names and idle times, one is marked as one’s own', () => {
  const lines = new Lines();
  const first = lines.openConsole(0, none);
  const second = lines.openConsole(0, none);
  const remote = lines.openVty(3, 1000, vty, none);
  remote.lastInput = 5000;
  assert.deepEqual(
    lines.views(9000, remote).map(({ line, lineName, user, idle, location, own }) => {
      return [line, lineName, user, idle, location, own];
    }),
    [
      [0, 'con 0', '', 9000, '', false],
      [5, 'vty 3', 'arm', 4000, '192.0.2.4', true],
      [101, 'con 1', '', 9000, '', false],
    ],
  );
  lines.close(first);
  assert.equal(lines.openConsole(0, none).name, 'con 0');
  lines.close(second);
  assert.equal(lines.at(101), undefined);
});

test('a line that somebody else has by now is not freed by him who had it before', () => {
  const lines = new Lines();
  const before = lines.openVty(0, 0, vty, none);
  lines.close(before);
  const after = lines.openVty(0, 0, vty, none);
  lines.close(before);
  assert.equal(lines.at(2), after);
  assert.equal(lines.isVtyFree(0), false);
  assert.equal(lines.isVtyFree(1), true);
});

test('C172: clear line takes the number of show users, or a kind and the number within it', () => {
  const lines = new Lines();
  const console_ = lines.openConsole(0, none);
  const remote = lines.openVty(1, 0, vty, none);
  assert.deepEqual(chosen('clear line 3'), { number: 3 });
  assert.equal(lines.at(3), remote);
  assert.deepEqual(chosen('clear line vty 1'), { kind: 'vty', number: 1 });
  assert.equal(lines.find('vty', 1), remote);
  assert.deepEqual(chosen('clear line console 0'), { kind: 'console', number: 0 });
  assert.equal(lines.find('console', 0), console_);
  assert.deepEqual(chosen('cl li aux 0'), { kind: 'aux', number: 0 });
  assert.equal(lines.find('aux', 0), undefined);
  assert.ok(parseExec('clear line vty 16', 15) instanceof ConfigError);
  assert.ok(parseExec('clear line', 15) instanceof ConfigError);
  assert.ok(parseExec('clear line 3', 1) instanceof ConfigError);
});

function chosen(text: string): unknown {
  const parsed = parseExec(text, 15);
  assert.ok(parsed !== undefined && !(parsed instanceof ConfigError), text);
  return (parsed.command as Extract<ExecCommand, { exec: 'clear-line' }>).line;
}

test('C012: show line: which lines there are, who may come in, and which are in use', () => {
  const lines = new Lines();
  lines.close(lines.openConsole(0, () => undefined));
  lines.openConsole(0, () => undefined);
  lines.openConsole(0, () => undefined);
  lines.openVty(1, 0, { user: 'bob', location: '192.0.2.9' }, () => undefined);
  const { configuration } = loadConfiguration('line vty 0 1\n access-class 10 in\n');
  assert.deepEqual(
    [...showLines(configuration, lines.uses)],
    [
      '   Tty Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int',
      '*    0 CTY              -    -      -    -    -      2       0     0/0       -',
      '     1 AUX              -    -      -    -    -      0       0     0/0       -',
      '     2 VTY              -    -      -    -   10      0       0     0/0       -',
      '*    3 VTY              -    -      -    -   10      1       0     0/0       -',
      '     4 VTY              -    -      -    -    -      0       0     0/0       -',
      '     5 VTY              -    -      -    -    -      0       0     0/0       -',
      '     6 VTY              -    -      -    -    -      0       0     0/0       -',
      '*  101 CTY              -    -      -    -    -      1       0     0/0       -',
    ],
  );
  assert.equal([...showLines(configuration, lines.uses, 3)].length, 2);
  assert.deepEqual([...showLines(configuration, lines.uses, 50)], ['% There is no line 50']);
});
