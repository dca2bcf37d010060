// The dialogue of a bare `ping` (C026), and the question before a clear that ends many sessions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withConcern } from '../../src/cli/concern.ts';
import { Dialogue } from '../../src/cli/dialogue.ts';
import type { ExecCommand, ParsedExec } from '../../src/cli/exec-command.ts';
import { parseExec } from '../../src/cli/parse-exec.ts';
import { Shell } from '../../src/cli/shell.ts';
import type { ShellEffect } from '../../src/cli/shell-events.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';

function parsed(text: string): ParsedExec {
  const found = parseExec(text);
  assert.ok(found !== undefined && 'command' in found, text);
  return found;
}

/** Answers one by one; what was asked on the way, and the command that came of it. */
function talk(text: string, ...answers: string[]): { asked: string[]; command: ExecCommand | undefined } {
  const { dialogue } = parsed(text);
  const talking = new Dialogue(dialogue!.questions);
  const asked: string[] = [];
  for (const answer of answers) {
    asked.push(talking.question.prompt);
    const step = talking.line(answer);
    if (step.next === 'run') return { asked, command: dialogue!.answered(step.answers) };
  }
  return { asked, command: undefined };
}

test('ping asks for the usual and leaves the rest out unless it is wanted', () => {
  const { asked, command } = talk('ping', '', '10.1.1.2', '9', '', '1', '');
  assert.deepEqual(asked, [
    'Protocol [ip]: ',
    'Target IP address: ',
    'Repeat count [5]: ',
    'Datagram size [100]: ',
    'Timeout in seconds [2]: ',
    'Extended commands [n]: ',
  ]);
  assert.deepEqual(command, {
    exec: 'ping',
    host: '10.1.1.2',
    repeat: 9,
    size: 100,
    timeout: 1,
    df: false,
    validate: false,
    pattern: 0xabcd,
    tos: 0,
  });
});

test('the extended commands are asked for one by one', () => {
  const { asked, command } = talk('ping', '', '10.1.1.2', '', '', '', 'y', 'lo1', '16', 'y', 'yes', '0xFF00', '', '');
  assert.equal(asked.length, 13);
  assert.equal(asked[8], 'Set DF bit in IP header? [no]: ');
  assert.ok(command?.exec === 'ping');
  assert.deepEqual(
    [command.source, command.tos, command.df, command.validate, command.pattern],
    ['Loopback1', 16, true, true, 0xff00],
  );
});

test('an answer that is none is refused with what would be one', () => {
  const message = (...answers: string[]) => {
    const { command } = talk('ping', ...answers);
    return command?.exec === 'refused' ? command.message : command?.exec;
  };
  assert.equal(message('', '', '', '', '', ''), '% Bad IP address');
  assert.equal(message('ipx', 'x', '', '', '', ''), '% Unknown protocol - only ip is spoken here');
  assert.equal(message('', 'x', '0', '', '', ''), '% A decimal number between 1 and 1000000.');
  assert.equal(message('', 'x', '', '35', '', ''), '% A decimal number between 36 and 18024.');
  assert.match(message('', 'x', '', '', '', 'y', '', '', '', '', 'xyz', '', '')!, /^% Bad data pattern/);
  assert.match(message('', 'x', '', '', '', 'y', '', '', '', '', '', '', 'y')!, /^% A sweep/);
});

test('a script that says `ping` alone is told that it names nobody', () => {
  assert.deepEqual(parsed('ping').command, { exec: 'refused', message: '% Bad IP address' });
});

test('clear asks first where it ends more than one session, with their number', () => {
  const all = parsed('clear vpdn tunnel l2tp all');
  assert.equal(withConcern(all, () => 1).dialogue, undefined);
  const { dialogue } = withConcern(all, () => 12);
  assert.deepEqual(dialogue?.questions, [{ prompt: 'This drops 12 sessions. [confirm]', kind: 'confirm' }]);
  assert.deepEqual(dialogue?.answered(['yes']), all.command);
  assert.equal(withConcern(all, undefined), all);
});

test('clear counters and clear vpdn counters ask in the words of IOS', () => {
  const prompt = (text: string) => parsed(text).dialogue?.questions[0]?.prompt;
  assert.equal(prompt('clear counters'), 'Clear "show interface" counters on all interfaces [confirm]');
  assert.equal(prompt('clear vpdn counters'), 'Clear "show vpdn" counters on all vpdn tunnels and sessions [confirm]');
  assert.equal(
    prompt('clear counters vi3'),
    'Clear "show interface" counters on this interface (Virtual-Access3) [confirm]',
  );
  assert.equal(prompt('clear vpdn counters interface vi3'), undefined);
});

test('on a terminal the number is told, and any key but Enter and y leaves everything as it is', () => {
  const configuration = emptyConfiguration();
  const shell = new Shell({ configuration: () => configuration, countCleared: () => 12 });
  const type = (keys: string): ShellEffect[] =>
    shell.handle({ on: 'octets', octets: new TextEncoder().encode(keys) }, 0);
  const written = (effects: readonly ShellEffect[]) =>
    effects.map((effect) => (effect.do === 'write' ? effect.text : '')).join('');
  shell.handle({ on: 'open' }, 0);
  assert.match(written(type('\rclear vpdn tunnel l2tp all\r')), /This drops 12 sessions\. \[confirm\]$/);
  assert.deepEqual(
    type('n').filter(({ do: what }) => what === 'execute'),
    [],
  );
  type('clear vpdn tunnel l2tp all\r');
  assert.deepEqual(
    type('\r').flatMap((effect) => (effect.do === 'execute' ? effect.command : [])),
    [{ exec: 'clear', what: { kind: 'all-tunnels', of: 'l2tp' } }],
  );
});
