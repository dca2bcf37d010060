// Sessions at a terminal, as transcripts: prompts, modes, errors under their carets, output by pages, messages in between.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { showAliases } from '../../src/cli/alias.ts';
import { loaded } from './helpers.ts';
import { Session } from './terminal-session.ts';

test('a command is run, and its output ends in a new prompt', () => {
  const session = new Session().type('sh vpdn\r');
  assert.deepEqual(session.commands, [{ exec: 'show-vpdn' }]);
  assert.equal(session.transcript, 'Router#sh vpdn\nsome output\nRouter#');
});

test('IOS: the prompts of all modes', () => {
  const session = new Session().type(
    'conf t\rhostname peer1\rl2tp-class c\rpseudowire-class p\rvpdn-group g\raccept-dialin\rexit\rint vp1\rline con 0\rend\rdisable\r',
  );
  const prompts = session.screen.lines.map((line) => /^.*?[#>]/.exec(line)?.[0]).filter((each) => each !== undefined);
  assert.deepEqual(prompts, [
    'Router#',
    'Router(config)#',
    'peer1(config)#',
    'peer1(config-l2tp-class)#',
    'peer1(config-pw)#',
    'peer1(config-vpdn)#',
    'peer1(config-vpdn-acc-in)#',
    'peer1(config-vpdn)#',
    'peer1(config-if)#',
    'peer1(config-line)#',
    'peer1#',
    'peer1>',
  ]);
});

test('IOS: a long host name is cut in configuration prompts', () => {
  const session = new Session();
  session.configuration.hostname = 'a-very-long-name-of-a-router';
  session.type('\rconf t\r');
  assert.equal(session.screen.lines.at(-1), 'a-very-long-name-of-(config)#');
});

test('IOS: the caret counts the prompt, and an empty line follows', () => {
  const session = new Session().type('conf t\rl2tp-class c\rencapsulation l2tpv2\r');
  assert.deepEqual(session.screen.lines.slice(3), [
    'Router(config-l2tp-class)#encapsulation l2tpv2',
    '                           ^',
    "% Invalid input detected at '^' marker.",
    '',
    'Router(config-l2tp-class)#',
  ]);
});

test('IOS: ambiguous and incomplete', () => {
  assert.equal(new Session().type('sh i\r').transcript, 'Router#sh i\n% Ambiguous command:  "sh i"\n\nRouter#');
  assert.equal(new Session().type('clear vpdn\r').transcript, 'Router#clear vpdn\n% Incomplete command.\n\nRouter#');
});

test('IOS: ? lists what may come next, and gives the line back', () => {
  const session = new Session().type('terminal ?');
  assert.deepEqual(session.screen.lines, [
    'Router#terminal ?',
    '  history  Enable and control the command history function',
    '  length   Set number of lines on a screen',
    '  monitor  Copy debug output to the current terminal line',
    '  no       Negate a command or set its defaults',
    '  width    Set width of the display terminal',
    '',
    'Router#terminal',
  ]);
  assert.equal(session.screen.cursorLine, 'Router#terminal |');
});

test('IOS: Tab completes on a new line', () => {
  assert.equal(new Session().type('sh\tvpd\t').transcript, 'Router#sh\nRouter#show vpd\nRouter#show vpdn');
});

test('what all lines are told has several lines, and goes on with what is being typed', () => {
  const session = new Session({}, loaded('line con 0\nlogging synchronous\n')).type('show ');
  session.input({ on: 'message', text: ['', '***', '*** --- SHUTDOWN in 0:05:00 ---', '***'] });
  assert.deepEqual(session.screen.lines.slice(-4), ['***', '*** --- SHUTDOWN in 0:05:00 ---', '***', 'Router#show']);
});

test('alias exec: a word of one’s own, what follows it is appended, and IOS has some from the start', () => {
  const text = 'alias exec sv show vpdn\nalias exec show show ip\nalias exec bad shov\n';
  const session = new Session({}, loaded(text)).type('sv session\rs clock\rshow route\rconf t\rdo sv\rend\r');
  assert.deepEqual(
    session.commands.map(({ exec }) => exec),
    ['show-vpdn-session', 'show-clock', 'show-ip-route', 'show-vpdn'],
  );
  // No caret: it would stand under what was not typed.
  assert.deepEqual(session.type('bad vpdn\r').screen.lines.slice(-3), [
    "% Invalid input detected at '^' marker.",
    '',
    'Router#',
  ]);
  const { lines } = new Session({ line: { kind: 'vty', number: 0 }, user: 'a' }, loaded('alias exec x reload\n')).type(
    'x\r',
  ).screen;
  assert.match(lines.join('\n'), /Unknown command|Invalid input/);
  assert.deepEqual([...showAliases(loaded(text).aliases)].slice(-4), [
    '  sv                    show vpdn',
    '  u                     undebug',
    '  un                    undebug',
    '  w                     where',
  ]);
});

test('IOS: do runs an EXEC command and stays', () => {
  const session = new Session().type('conf t\rdo show vpdn | include x\r');
  assert.deepEqual(session.commands, [{ exec: 'show-vpdn' }]);
  assert.equal(session.screen.lines.at(-1), 'Router(config)#');
  assert.equal(session.type('do conf t\r').screen.lines.at(-2), '% Already in configuration mode');
});

test('IOS: output is filtered', () => {
  const session = new Session();
  session.output = ['one', 'two', 'three'];
  assert.equal(session.type('sh vpdn | e ^t\r').transcript, 'Router#sh vpdn | e ^t\none\nRouter#');
});

describe('IOS: output by pages', () => {
  const paged = () => {
    const session = new Session();
    session.output = Array.from({ length: 9 }, (_, index) => `line ${index}`);
    return session.input({ on: 'size', columns: 80, rows: 5 });
  };
  test('stops, goes on, and the prompt comes at the end', () => {
    const session = paged().type('sh ver\r');
    assert.equal(session.screen.lines.at(-1), ' --More--');
    assert.equal(session.type('  ').screen.lines.at(-1), 'Router#');
  });
  test('at --More-- whoever makes the output can wait, until a key lets it go on or q ends it', () => {
    const session = paged().type('sh ver\r');
    assert.ok(session.paused);
    assert.ok(session.type('\r').paused);
    assert.ok(!session.type('q').paused);
    assert.ok(!paged().type('sh ver\r  ').paused);
  });
  test('q brings the prompt', () =>
    assert.deepEqual(paged().type('sh ver\rq').screen.lines.slice(-2), ['line 3', 'Router#']));
  test('terminal length 0 turns it off, whatever the window says', () => {
    const session = paged().type('terminal length 0\r').input({ on: 'size', columns: 80, rows: 5 }).type('sh ver\r');
    assert.equal(session.screen.lines.at(-1), 'Router#');
  });
});

describe('while a command runs', () => {
  const running = () => {
    const session = new Session();
    session.output = undefined;
    return session.type('ping 10.1.1.1 rep 99\r');
  };
  test('what is typed waits for its end', () => {
    const session = running().type('sh vpdn\r');
    assert.equal(session.commands.length, 1);
    session.output = [];
    session.input({ on: 'output', lines: ['done'], done: true });
    assert.equal(session.commands.length, 2);
    assert.equal(session.transcript, 'Router#ping 10.1.1.1 rep 99\ndone\nRouter#sh vpdn\nRouter#');
  });
  test('Ctrl-C interrupts it, Ctrl-^ as well', () => {
    assert.deepEqual(running().type('\x03').other, ['interrupt']);
    assert.deepEqual(running().type('\x1e').other, ['interrupt']);
  });
  test('text that ends no line is shown as it comes', () => {
    const session = running().input({ on: 'text', text: '!!' }).input({ on: 'text', text: '!' });
    session.input({ on: 'output', lines: ['', 'Success'], done: true });
    assert.deepEqual(session.screen.lines.slice(1), ['!!!', 'Success', 'Router#']);
  });
});

const synchronous = () => {
  const session = new Session();
  session.configuration.lines.console.loggingSynchronous = true;
  return session;
};

test('IOS: with logging synchronous a message comes above the line being typed, which stays', () => {
  const session = synchronous().type('sh vp').input({ on: 'message', text: '%LINK-3-UPDOWN: x' });
  assert.equal(session.transcript, '%LINK-3-UPDOWN: x\nRouter#sh vp');
  assert.equal(session.screen.cursorLine, 'Router#sh vp|');
});

test('IOS: without, it interrupts what is typed, and Ctrl-R shows that again', () => {
  const session = new Session().type('sh vp').input({ on: 'message', text: '%LINK-3-UPDOWN: x' });
  assert.equal(session.transcript, 'Router#sh vp\n%LINK-3-UPDOWN: x\n');
  session.type('\x12');
  assert.equal(session.screen.cursorLine, 'Router#sh vp|');
  assert.deepEqual(session.type('dn\r').commands, [{ exec: 'show-vpdn' }]);
});

test('a message cannot play with the terminal', () => {
  const session = synchronous().input({ on: 'message', text: 'peer \x1b[2J\u202ename' });
  assert.equal(session.transcript, 'peer \\u{1b}[2J\\u{202e}name\nRouter#');
});

test('each line is an edit of the configuration in force, and tells its mode', () => {
  const session = new Session().type('conf t\rvpdn enable\rvpdn-group g\rlocal name x\rint vp1\rend\r');
  assert.deepEqual(session.lines, [
    'config: vpdn enable',
    'config: vpdn-group g',
    'config-vpdn: local name x',
    'config-vpdn: int vp1',
  ]);
  assert.equal(session.configuration.vpdnGroups.get('g')!.localName, 'x');
  assert.deepEqual(session.other, ['configuration-left']);
});

test('a line the router refuses changes neither the configuration nor the mode', () => {
  const session = new Session().type('conf t\r');
  session.refuse = '% No such device';
  session.type('interface vp1\r');
  assert.deepEqual(session.screen.lines.slice(-2), ['% No such device', 'Router(config)#']);
  assert.equal(session.configuration.interfaces.size, 0);
});

test('a line that is too long is refused, not cut and run', () => {
  const session = new Session().type(`conf t\rhostname ${'a'.repeat(300)}\r`);
  assert.match(session.transcript, /% The line is longer than 254 characters/);
  assert.equal(session.configuration.hostname, 'Router');
});

test('a refused edit leaves no trace', () => {
  const session = new Session().type('conf t\rint lo1\rip address 10.0.0.1 255.0.255.0\r');
  assert.equal(session.screen.lines.at(-2), 'Bad mask 0xFF00FF00 for address 10.0.0.1');
  assert.equal(session.configuration.interfaces.get('Loopback1')!.address, undefined);
});

test('a pasted configuration goes through line by line, and waits for each', () => {
  const session = new Session().type(
    'conf t\n!\nvpdn-group l2tpgroup1\n\taccept-dialin\n  protocol l2tp\n  virtual-template 1\n terminate-from hostname peer1\n!\ninterface virtual-template 1\n ip unnumbered loopback 1\nend\n',
  );
  const group = session.configuration.vpdnGroups.get('l2tpgroup1')!;
  assert.deepEqual([group.acceptDialin?.virtualTemplate, group.terminateFrom], [1, 'peer1']);
  assert.equal(session.screen.lines.at(-1), 'Router#');
});

test('IOS: Ctrl-Z runs what was typed and leaves configuration mode; Ctrl-C abandons it', () => {
  const session = new Session().type('conf t\rvpdn enable\x1a');
  assert.equal(session.configuration.vpdn.enabled, true);
  assert.equal(session.screen.lines.at(-1), 'Router#');
  const other = new Session().type('conf t\rvpdn enable\x03');
  assert.equal(other.configuration.vpdn.enabled, false);
  assert.equal(other.screen.lines.at(-1), 'Router(config)#');
});

test('a banner takes lines until its delimiter', () => {
  const session = new Session().type('conf t\rbanner motd #\rhello\rno vpdn\r#\r');
  assert.equal(session.configuration.banners.get('motd'), '\nhello\nno vpdn\n');
  assert.equal(session.screen.lines.at(-1), 'Router(config)#');
});

test('a block that another session took away is told of', () => {
  const session = new Session().type('conf t\rvpdn-group g\r');
  session.configuration.vpdnGroups.clear();
  session.type('local name x\r');
  assert.equal(session.screen.lines.at(-2), '% vpdn-group g is not configured any more');
});

describe('the guide: enable', () => {
  const user = (secret?: string) => {
    const session = new Session({ privilege: 1 });
    if (secret !== undefined) session.configuration.enablePassword = { type: 0, text: secret };
    return session;
  };
  test('without a password set', () => assert.equal(user().type('enable\r').screen.lines.at(-1), 'Router#'));
  test('with the right password', () => {
    assert.deepEqual(user('x').type('en\rx\r').screen.lines, ['Router>en', 'Password:', 'Router#']);
  });
  test('three wrong ones', () => {
    const session = user('x').type('en\ra\rb\rc\r');
    assert.deepEqual(session.screen.lines.slice(-3), ['% Bad passwords', '', 'Router>']);
  });
  test('user EXEC cannot configure', () => assert.match(user().type('conf t\r').transcript, /Invalid input/));
});

test('show history has the lines typed, show privilege the level', () => {
  const session = new Session().type('sh vpdn\rshow history\rshow privilege\r');
  assert.deepEqual(session.screen.lines.slice(3), [
    '  sh vpdn',
    '  show history',
    'Router#show privilege',
    'Current privilege level is 15',
    'Router#',
  ]);
});

test('exit and Ctrl-D on an empty line close the terminal; nothing is heard after that', () => {
  assert.deepEqual(new Session().type('exit\rsh vpdn\r').other, ['close']);
  assert.deepEqual(new Session().type('conf t\r\x04').other, ['configuration-left', 'close']);
  assert.equal(new Session().type('exit\rsh vpdn\r').commands.length, 0);
});

test('whatever is typed, the shell neither throws nor loses its prompt', () => {
  const piece = fc.constantFrom(
    ...[
      'conf t',
      'int vp1',
      'vpdn-group g',
      'exit',
      'end',
      'show',
      '| i x',
      'banner motd #',
      '#',
      'no',
      'do sh vpdn',
      'ip ?',
      'hostname a',
      'disable',
      'enable',
    ],
    ...['\r', '\r', '\r', ' ', '\t', '?', '\x03', '\x1a', '\x15', '\x1b[A', '\x7f', 'q'],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 }), (typed) => {
      const session = new Session();
      for (const text of typed) session.type(text);
      session.type('\x03\r');
      const last = session.screen.lines.at(-1)!;
      assert.ok(session.other.includes('close') || /[#>]$/.test(last), last);
    }),
    { numRuns: 200 },
  );
});
