// The ways in: who is asked for what on which line, the levels, and what happens to idle hands (1.7, C001, C002, C007, C012).

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loaded } from './helpers.ts';
import { Session } from './terminal-session.ts';

const VTY = { line: { kind: 'vty', number: 0 } } as const;
const session = (text: string, options: ConstructorParameters<typeof Session>[0] = {}) => {
  return new Session(options, loaded(text));
};

describe('C012: login local', () => {
  const users = 'username bob privilege 15 password 0 s3cret\nusername eve password 0 x\nline vty 0 4\nlogin local\n';
  test('asks for a name and a password, which is not shown', () => {
    const terminal = session(users, VTY).type('bob\rs3cret\r');
    assert.deepEqual(terminal.screen.lines, [
      '',
      'User Access Verification',
      '',
      'Username: bob',
      'Password:',
      'Router#',
    ]);
    assert.deepEqual(terminal.other, ['logged-in']);
  });
  test('a user without a level of his own begins at 1', () => {
    assert.equal(session(users, VTY).type('eve\rx\r').screen.lines.at(-1), 'Router>');
  });
  test('a wrong password and an unknown user look the same, and the third time closes', () => {
    const wrong = session(users, VTY).type('bob\rno\r');
    const unknown = session(users, VTY).type('xyz\rno\r');
    assert.deepEqual(unknown.screen.lines.slice(4), wrong.screen.lines.slice(4));
    assert.deepEqual(wrong.screen.lines.slice(-4), ['Password:', '% Login invalid', '', 'Username:']);
    assert.deepEqual(unknown.checks, wrong.checks);
    wrong.type('bob\rno\rbob\rno\r');
    assert.deepEqual(wrong.other, ['close']);
  });
  test('nopassword: the name is enough', () => {
    const terminal = session('username guest nopassword\nline con 0\nlogin local\n').type('guest\r');
    assert.equal(terminal.screen.lines.at(-1), 'Router>');
    assert.equal(terminal.checks.length, 0);
  });
  test('what is typed while a password is checked waits', () => {
    const terminal = session(users, VTY);
    terminal.checked = false;
    terminal.type('bob\rs3cret\rshow vpdn\r');
    assert.equal(terminal.commands.length, 0);
    terminal.input({ on: 'secret-checked', matches: true });
    assert.equal(terminal.commands.length, 1);
  });
  test('a late answer to a check that nobody waits for opens nothing', () => {
    const terminal = session(users, VTY).input({ on: 'secret-checked', matches: true });
    assert.equal(terminal.screen.lines.at(-1), 'Username:');
  });
});

describe('C012: login by the password of the line', () => {
  test('asks for it', () => {
    const terminal = session('line vty 0 4\npassword cisco\nlogin\n', VTY).type('cisco\r');
    assert.deepEqual(terminal.screen.lines.slice(2), ['', 'Password:', 'Router>']);
  });
  test('a vty without one lets nobody in', () => {
    const terminal = session('', VTY);
    assert.equal(terminal.screen.lines.at(-2), 'Password required, but none set');
    assert.deepEqual(terminal.other, ['close']);
  });
  test('the console asks nobody unless told to', () => assert.equal(session('').screen.lines.at(-1), 'Router#'));
  test('privilege level of the line', () => {
    const terminal = session('line vty 0 4\nprivilege level 15\npassword cisco\n', VTY).type('cisco\r');
    assert.equal(terminal.screen.lines.at(-1), 'Router#');
  });
});

test('whom SSH has let in is not asked again', () => {
  const terminal = session('username bob privilege 15 password 0 x\n', { ...VTY, user: 'bob' });
  assert.equal(terminal.transcript, 'Router#');
});

describe('C011: banners', () => {
  const text =
    'banner motd #Hello $(hostname)#\nbanner login #Who?#\nbanner exec #line $(line)#\nusername b nopassword\n';
  test('the day, the login, then the EXEC', () => {
    const terminal = session(`${text}line vty 0 4\nlogin local\n`, VTY).type('b\r');
    const shown = terminal.screen.lines.filter((line) => /Hello|Who|line/.test(line));
    assert.deepEqual(shown, ['Hello Router', 'Who?', 'line 2']);
  });
  test('without a login no login banner', () => {
    assert.deepEqual(session(text).screen.lines, ['Hello Router', 'line 0', 'Router#']);
  });
});

describe('C001: enable', () => {
  const user = { ...VTY, user: 'eve' };
  test('the secret comes before the password', () => {
    const terminal = session('enable secret s3cret\nenable password 0 other\n', user).type('enable\rother\rs3cret\r');
    assert.equal(terminal.screen.lines.at(-1), 'Router#');
  });
  test('three wrong ones', () => {
    const terminal = session('enable secret s3cret\n', user).type('enable\r1\r2\r3\r');
    assert.deepEqual(terminal.screen.lines.slice(-3), ['% Bad secrets', '', 'Router>']);
  });
  test('none set: not from a vty', () => {
    assert.deepEqual(session('', user).type('enable\r').screen.lines.slice(-3), ['% No password set', '', 'Router>']);
  });
  test('a level of its own', () => {
    const terminal = session('enable secret level 7 seven\n', user).type('enable 7\rseven\rshow privilege\r');
    assert.equal(terminal.screen.lines.at(-2), 'Current privilege level is 7');
  });
  test('C013: logging userinfo says who entered a level, and who failed to', () => {
    const terminal = session('logging userinfo\nenable secret s3cret\n', { ...user, place: 'vty0 (192.0.2.9)' });
    terminal.type('enable\rs3cret\rdisable\renable\r1\r2\r3\r');
    assert.deepEqual(terminal.logged, [
      'Privilege level set to 15 by eve on vty0 (192.0.2.9)',
      'Authentication to Privilege level 15 failed by eve on vty0 (192.0.2.9)',
    ]);
  });
  test('C002: disable goes down, never up', () => {
    const terminal = session('').type('disable\rdisable 15\rshow privilege\r');
    assert.equal(terminal.screen.lines.at(-2), 'Current privilege level is 1');
  });
  test('H04: below 15 the configuration is not shown, whatever its secrets', () => {
    const terminal = session('enable secret level 14 x\n', user).type('enable 14\rx\rshow running-config\r');
    assert.equal(terminal.commands.length, 0);
    assert.match(terminal.transcript, /% Invalid input detected/);
  });
});

describe('C008: autocommand', () => {
  test('runs, and the session ends with it', () => {
    const terminal = session('username ops autocommand show users\n', { ...VTY, user: 'ops' });
    assert.equal(terminal.commands[0]?.exec, 'show-users');
    assert.deepEqual(terminal.other, ['close']);
  });
  test('nohangup: the prompt comes after it', () => {
    const terminal = session('username ops nohangup autocommand show users\n', { ...VTY, user: 'ops' });
    assert.equal(terminal.screen.lines.at(-1), 'Router>');
  });
});

describe('C012: exec-timeout', () => {
  const MINUTE = 60_000;
  test('ten minutes without a key, unless said otherwise; a key begins them anew', () => {
    const terminal = session('')
      .wait(9 * MINUTE)
      .type('x')
      .wait(9 * MINUTE);
    assert.deepEqual(terminal.other, []);
    assert.deepEqual(terminal.wait(MINUTE).other, ['close']);
  });
  test('0 0 is never', () =>
    assert.equal(session('line con 0\nexec-timeout 0 0\n').deadline, Number.POSITIVE_INFINITY));
  test('configuration mode is left', () => {
    const terminal = session('line con 0\nexec-timeout 0 30\n').type('conf t\r').wait(30_000);
    assert.deepEqual(terminal.other, ['configuration-left', 'close']);
  });
  test('a command that runs is not idle', () => {
    const terminal = session('');
    terminal.output = undefined;
    assert.equal(terminal.type('show vpdn\r').deadline, Number.POSITIVE_INFINITY);
  });
  test('log lines keep nobody awake', () => {
    const terminal = session('').wait(9 * MINUTE);
    assert.deepEqual(terminal.input({ on: 'message', text: 'x' }).wait(MINUTE).other, ['close']);
  });
  test('IOS: the log says whose time is over, and the console that it is free', () => {
    const terminal = session('hostname peer1\nline con 0\nexec-timeout 1\n').wait(MINUTE);
    assert.deepEqual(terminal.logged, ['(exec timer expired, tty 0 (0.0.0.0)), user']);
    assert.equal(terminal.screen.lines.at(-2), 'peer1 con0 is now available');
    const remote = session('username bob\n', { ...VTY, user: 'bob', address: '192.0.2.9' }).wait(10 * MINUTE);
    assert.deepEqual(remote.logged, ['(exec timer expired, tty 2 (192.0.2.9)), user bob']);
  });
  test('a password has half a minute', () => {
    const terminal = session('enable secret x\nline con 0\nprivilege level 1\n').type('enable\r').wait(30_000);
    assert.deepEqual(terminal.screen.lines.slice(-2), ['% Password:  timeout expired!', 'Router>']);
    const login = session('line con 0\nlogin local\n').wait(30_000);
    assert.deepEqual(login.other, ['close']);
  });
});

describe('C012: absolute-timeout', () => {
  const MINUTE = 60_000;
  const FRAMED = (text: string) => ['*', '*', `* ${text}`, '*', '*'];

  test('ends a session in which somebody types', () => {
    const terminal = session('line con 0\nabsolute-timeout 2\n');
    for (let minute = 0; minute < 2; minute++) terminal.wait(MINUTE).type('x');
    assert.deepEqual(terminal.other, ['close']);
    assert.deepEqual(terminal.screen.lines.slice(-6, -1), FRAMED('Line timeout expired'));
    assert.deepEqual(terminal.logged, ['(absolute timer expired, tty 0 (0.0.0.0)), user']);
    assert.equal(terminal.deadline, Number.POSITIVE_INFINITY);
  });
  test('interrupts a command that runs', () => {
    const terminal = session('line con 0\nabsolute-timeout 1\n');
    terminal.output = undefined;
    assert.deepEqual(terminal.type('show vpdn\r').wait(MINUTE).other, ['interrupt', 'close']);
  });
  test('also a login that goes on and on', () => {
    const terminal = session('line con 0\nlogin local\nabsolute-timeout 1\n');
    for (let tries = 0; tries < 5; tries++) terminal.wait(12_000).type('\r');
    assert.deepEqual(terminal.other, ['close']);
  });
  test('logout-warning says it once, before, and the line being typed goes on', () => {
    const terminal = session('line con 0\nabsolute-timeout 1\nlogout-warning\nlogging synchronous\n').type('show ');
    assert.deepEqual(terminal.wait(39_999).screen.lines.slice(1), []);
    terminal.wait(1);
    assert.deepEqual(terminal.screen.lines.slice(-6), [...FRAMED('Line timeout in 20 seconds'), 'Router#show']);
    assert.deepEqual(terminal.type('vpdn\r').commands, [{ exec: 'show-vpdn' }]);
    assert.deepEqual(terminal.wait(19_999).other, []);
    assert.deepEqual(terminal.wait(1).other, ['close']);
  });
  test('0 is none, and a warning alone ends nothing', () => {
    const terminal = session('line con 0\nexec-timeout 0 0\nabsolute-timeout 0\nlogout-warning 30\n');
    assert.equal(terminal.deadline, Number.POSITIVE_INFINITY);
  });
});
