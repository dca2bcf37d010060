// EXEC commands: what each line means, what may be abbreviated, and what a line that is none gets.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ExecCommand } from '../../src/cli/exec-command.ts';
import { parseExec } from '../../src/cli/parse-exec.ts';
import { ConfigError } from '../../src/wire/errors.ts';

const PING = {
  exec: 'ping',
  host: '10.1.1.2',
  repeat: 5,
  size: 100,
  timeout: 2,
  df: false,
  validate: false,
  pattern: 0xabcd,
  tos: 0,
} as const;

const ROWS: readonly (readonly [typed: string, command: ExecCommand])[] = [
  ['show vpdn', { exec: 'show-vpdn' }],
  ['who', { exec: 'show-users' }],
  ['s ver', { exec: 'show-version' }],
  [
    'clock set 10:11:12 Jan 2 2026',
    { exec: 'refused', message: '% Linux keeps the time of this router: set it there' },
  ],
  // `clock` and `who` take nobody's abbreviation.
  ['cl logging', { exec: 'clear-logging' }],
  ['sh vpdn tun', { exec: 'show-vpdn-tunnel', form: 'brief', filter: {} }],
  ['show vpdn tunnel l2tp all id 7', { exec: 'show-vpdn-tunnel', form: 'all', protocol: 'l2tp', filter: { id: 7 } }],
  ['show vpdn session', { exec: 'show-vpdn-session', form: 'brief', filter: {} }],
  ['show vpdn session all username bob', { exec: 'show-vpdn-session', form: 'all', filter: { username: 'bob' } }],
  [
    'show vpdn tunnel pptp state remote-name lac lns',
    { exec: 'show-vpdn-tunnel', form: 'state', protocol: 'pptp', filter: { localName: 'lns', remoteName: 'lac' } },
  ],
  ['sh vpdn tun local-name lns', { exec: 'show-vpdn-tunnel', form: 'brief', filter: { localName: 'lns' } }],
  ['show vpdn session interface', { exec: 'show-vpdn-session', form: 'interface', filter: {} }],
  [
    'show vpdn session interface vi3',
    { exec: 'show-vpdn-session', form: 'brief', filter: { interfaceName: 'Virtual-Access3' } },
  ],
  [
    'show vpdn session all interface virtual-access 3',
    { exec: 'show-vpdn-session', form: 'all', filter: { interfaceName: 'Virtual-Access3' } },
  ],
  ['show vpdn session packets tunnel id 7', { exec: 'show-vpdn-session', form: 'packets', filter: { tunnelId: 7 } }],
  ['show vpdn history failure', { exec: 'show-vpdn-history-failure' }],
  ['show vpdn history failure all', { exec: 'show-vpdn-history-failure' }],
  ['show vpdn history failure user-name bob', { exec: 'show-vpdn-history-failure', username: 'bob' }],
  ['show l2tp session packets', { exec: 'show-l2tun-session', name: 'l2tp', form: 'packets', filter: {} }],
  [
    'show l2tun session all ip-addr 192.0.2.1 vcid 123',
    { exec: 'show-l2tun-session', name: 'l2tun', form: 'all', filter: { remoteAddress: '192.0.2.1', vcid: 123 } },
  ],
  ['show l2tp counters tunnel', { exec: 'show-l2tp-counters', kind: 'tunnel' }],
  ['show xconnect all detail', { exec: 'show-xconnect', detail: true }],
  ['show xconnect interface vp1', { exec: 'show-xconnect', detail: false, interfaceName: 'Virtual-PPP1' }],
  ['show ppp mppe virtual-access 3', { exec: 'show-ppp-mppe', name: 'Virtual-Access3' }],
  ['show ppp mppe dialer0', { exec: 'show-ppp-mppe', name: 'Dialer0' }],
  ['show ppp mppe serial 0/1', { exec: 'show-ppp-mppe', name: 'Serial0/1' }],
  ['show vpdn group one endpoint', { exec: 'show-vpdn-group', name: 'one', part: 'endpoint' }],
  ['show vpdn group-select default', { exec: 'show-vpdn-group-select', what: 'default' }],
  ['show vpdn group-select keys hostname lac', { exec: 'show-vpdn-group-select', what: 'keys', hostname: 'lac' }],
  ['show vpdn dead-cache group one', { exec: 'show-vpdn-extra', extra: 'dead-cache', group: 'one' }],
  ['show l2tun', { exec: 'show-l2tun', name: 'l2tun' }],
  ['show l2tun tunnel all', { exec: 'show-l2tun-tunnel', name: 'l2tun', form: 'all', filter: {} }],
  ['show l2tun session all vcid 10', { exec: 'show-l2tun-session', name: 'l2tun', form: 'all', filter: { vcid: 10 } }],
  ['sh int', { exec: 'show-interfaces' }],
  ['sh int virtual-access 3', { exec: 'show-interfaces', name: 'Virtual-Access3' }],
  ['sh ip int br', { exec: 'show-ip-interface-brief' }],
  ['sh ip ro', { exec: 'show-ip-route' }],
  ['sh ip local pool mypool', { exec: 'show-ip-local-pool', name: 'mypool' }],
  ['sh users', { exec: 'show-users' }],
  ['sh run', { exec: 'show-running-config' }],
  ['show running-config interface virtual-ppp 1', { exec: 'show-running-config', interfaceName: 'Virtual-PPP1' }],
  ['sh ver', { exec: 'show-version' }],
  ['sh log', { exec: 'show-logging' }],
  ['sh debug', { exec: 'show-debugging' }],
  ['sh clock', { exec: 'show-clock' }],
  ['clear vpdn tunnel l2tp all', { exec: 'clear', what: { kind: 'all-tunnels', of: 'l2tp' } }],
  ['clear vpdn tunnel all', { exec: 'clear', what: { kind: 'all-tunnels' } }],
  ['clear vpdn tunnel pptp all', { exec: 'clear', what: { kind: 'all-tunnels', of: 'pptp' } }],
  ['clear vpdn tunnel pptp id 5', { exec: 'clear', what: { kind: 'tunnel', id: 5, of: 'pptp' } }],
  [
    'clear vpdn tunnel pptp pc1 peer2',
    { exec: 'clear', what: { kind: 'tunnels-named', remoteName: 'pc1', localName: 'peer2', of: 'pptp' } },
  ],
  ['clear vpdn tunnel l2f all', { exec: 'clear-nothing', said: '% No such tunnels: L2F is not spoken here' }],
  ['clear vpdn tunnel id 5', { exec: 'clear', what: { kind: 'tunnel', id: 5 } }],
  [
    'clear vpdn tunnel l2tp hostname lac',
    { exec: 'clear', what: { kind: 'tunnels-named', remoteName: 'lac', of: 'l2tp' } },
  ],
  [
    'clear vpdn tunnel hostname a b',
    { exec: 'clear', what: { kind: 'tunnels-named', remoteName: 'a', localName: 'b' } },
  ],
  [
    'clear vpdn tunnel ip remote 10.1.1.1',
    { exec: 'clear', what: { kind: 'tunnels-at', side: 'remote', address: '10.1.1.1' } },
  ],
  ['clear vpdn session id 3 4', { exec: 'clear', what: { kind: 'session', tunnel: 3, id: 4 } }],
  ['clear vpdn session username bob', { exec: 'clear', what: { kind: 'sessions-of', username: 'bob' } }],
  ['clear vpdn history failure', { exec: 'clear', what: { kind: 'failure-history' } }],
  ['clear interface vi3', { exec: 'clear', what: { kind: 'interface', name: 'Virtual-Access3' } }],
  ['debug vpdn event', { exec: 'debug', topic: 'vpdn event', on: true }],
  ['debug vpdn packets', { exec: 'debug', topic: 'vpdn packet', on: true }],
  ['debug vpdn l2x-events', { exec: 'debug', topic: 'vpdn l2x-events', on: true }],
  ['no debug ppp negotiation', { exec: 'debug', topic: 'ppp negotiation', on: false }],
  ['undebug ppp auth', { exec: 'debug', topic: 'ppp authentication', on: false }],
  ['u all', { exec: 'undebug-all' }],
  ['no debug all', { exec: 'undebug-all' }],
  ['ping 10.1.1.2', PING],
  ['ping ip 10.1.1.2 source lo1 repeat 9', { ...PING, repeat: 9, source: 'Loopback1' }],
  [
    'ping 10.1.1.2 source 10.1.1.1 df-bit size 1400 timeout 1',
    { ...PING, source: '10.1.1.1', df: true, size: 1400, timeout: 1 },
  ],
  ['ping 10.1.1.2 data 0xFFFF validate', { ...PING, pattern: 0xffff, validate: true }],
  ['trace 10.1.1.2', { exec: 'traceroute', host: '10.1.1.2' }],
  ['sh int vi3 counters', { exec: 'show-interfaces', name: 'Virtual-Access3', form: 'counters' }],
  ['dir', { exec: 'dir', of: 'flash:' }],
  ['show flash', { exec: 'dir', of: 'flash:' }],
  ['more flash:a.txt', { exec: 'more', file: 'flash:a.txt' }],
  ['delete /force a.txt', { exec: 'delete', file: 'a.txt' }],
  ['pwd', { exec: 'pwd' }],
  ['sh line', { exec: 'show-line' }],
  ['sh line 2', { exec: 'show-line', line: 2 }],
  ['sh access-l 10', { exec: 'show-access-lists', list: '10' }],
  ['sh ip access-l', { exec: 'show-access-lists' }],
  ['sh ip sockets', { exec: 'show-udp' }],
  ['sh proc cpu sorted', { exec: 'show-processes' }],
  ['sh mem sum', { exec: 'show-memory' }],
  ['sh ntp status', { exec: 'refused', message: '%NTP is not enabled.' }],
  ['sh cdp neighbors detail', { exec: 'refused', message: '% CDP is not enabled' }],
  ['where', { exec: 'refused', message: '% No connections open' }],
  ['sh ipv6 int br', { exec: 'show-ipv6-interface-brief' }],
  ['sh int desc', { exec: 'show-interfaces', form: 'description' }],
  ['sh int summ', { exec: 'show-interfaces', form: 'summary' }],
  ['sh int fa0/0 desc', { exec: 'show-interfaces', name: 'FastEthernet0/0', form: 'description' }],
  ['sh ip int vi3', { exec: 'show-ip-interface', name: 'Virtual-Access3' }],
  ['sh ip ro 10.1.1.0 255.255.255.0', { exec: 'show-ip-route', address: '10.1.1.0', prefixLength: 24 }],
  ['sh ip ro 10.1.1.0 255.0.255.0', { exec: 'show-ip-route', address: '10.1.1.0', badMask: '255.0.255.0' }],
  ['sh ip ro sum', { exec: 'show-ip-route', only: 'summary' }],
  ['sh ppp int vi 3', { exec: 'show-ppp-interface', name: 'Virtual-Access3' }],
  ['sh caller user bob detailed', { exec: 'show-caller-full', username: 'bob', detailed: true }],
  ['clear l2tp l2tp-class one', { exec: 'clear', what: { kind: 'tunnels-of-class', l2tpClass: 'one' } }],
  [
    'clear l2tun tunnel local ip 192.0.2.1',
    { exec: 'clear', what: { kind: 'tunnels-at', side: 'local', address: '192.0.2.1' } },
  ],
  ['clear counters vi3', { exec: 'clear-counters', name: 'Virtual-Access3' }],
  ['clear vpdn counters tunnel l2tp id 7', { exec: 'clear-vpdn-counters', tunnel: 7 }],
  ['debug ppp mppe events', { exec: 'debug', topic: 'ppp mppe events', on: true }],
  ['debug vpdn event disconnect', { exec: 'debug', topic: 'vpdn event disconnect', on: true }],
  ['debug radius', { exec: 'debug', topic: 'radius', on: true }],
  [
    'debug condition username bob',
    { exec: 'debug-condition', condition: { kind: 'username', value: 'bob' }, on: true },
  ],
  ['no debug condition 2', { exec: 'undebug-condition', id: 2 }],
  ['wr', { exec: 'write-memory' }],
  ['copy run start', { exec: 'copy-configuration', from: 'running-config', to: 'startup-config' }],
  ['write terminal', { exec: 'show-running-config' }],
  ['conf t', { exec: 'configure-terminal' }],
  ['en', { exec: 'enable', level: 15 }],
  ['disable', { exec: 'disable', level: 1 }],
  ['quit', { exec: 'exit' }],
  ['terminal length 0', { exec: 'terminal-length', lines: 0 }],
  ['terminal no monitor', { exec: 'terminal-monitor', on: false }],
  ['why', { exec: 'why' }],
  ['why vp1', { exec: 'why', name: 'Virtual-PPP1' }],
  ['why bob', { exec: 'why', name: 'bob' }],
];

describe('an EXEC command', () => {
  for (const [typed, command] of ROWS) {
    test(typed, () => {
      const parsed = parseExec(typed);
      // What is asked before it is a test of its own.
      assert.deepEqual(parsed !== undefined && 'command' in parsed ? parsed.command : parsed, command);
    });
  }
});

describe('IOS: output modifiers', () => {
  const filterOf = (text: string, privilege = 15) => {
    const parsed = parseExec(text, privilege);
    return parsed === undefined || parsed instanceof ConfigError ? parsed?.code : parsed.filter;
  };
  test('include', () => assert.deepEqual(filterOf('sh run | i ^ ip .* a'), { kind: 'include', pattern: '^ ip .* a' }));
  test('section', () =>
    assert.deepEqual(filterOf('sh run | sec vpdn'), { kind: 'section', pattern: 'vpdn', exclude: false }));
  test('section exclude', () =>
    assert.deepEqual(filterOf('sh run | sec exclude x'), { kind: 'section', pattern: 'x', exclude: true }));
  test('json', () => assert.deepEqual(filterOf('sh int vp1 | json'), { kind: 'json' }));
  test('into a file', () => {
    const file = { kind: 'file', name: 'flash:a.txt', append: false, shown: false };
    assert.deepEqual(filterOf('sh ver | red flash:a.txt'), file);
    assert.deepEqual(filterOf('sh ver | app flash:a.txt'), { ...file, append: true });
    assert.deepEqual(filterOf('sh ver | tee flash:a.txt'), { ...file, shown: true });
    assert.deepEqual(filterOf('sh ver | tee /append flash:a.txt'), { ...file, append: true, shown: true });
    assert.equal(filterOf('sh ver | redirect'), 'incomplete');
    assert.equal(filterOf('sh ver | redirect a b'), 'invalid');
  });
  test('a file is for those who may copy', () =>
    assert.equal(filterOf('sh ver | redirect flash:a.txt', 14), 'invalid'));
  test('no regular expression', () => assert.equal(filterOf('sh run | include ('), 'pattern'));
  test('without one', () => assert.equal(filterOf('sh run | include'), 'incomplete'));
});

describe('IOS: what is no command', () => {
  const errorOf = (text: string, privilege = 15) => {
    const parsed = parseExec(text, privilege);
    assert.ok(parsed instanceof ConfigError);
    return `${parsed.column} ${parsed.message}`;
  };
  const INVALID = "% Invalid input detected at '^' marker.";
  test('ambiguous', () => assert.equal(errorOf('sh i'), '4 % Ambiguous command:  "sh i"'));
  test('incomplete', () => assert.equal(errorOf('clear vpdn tunnel'), '17 % Incomplete command.'));
  test('invalid', () => assert.equal(errorOf('show vpdnx'), `9 ${INVALID}`));
  test('a family alone', () => assert.equal(errorOf('show'), '0 % Type "show ?" for a list of subcommands'));
  test('a word alone that could be a host', () => {
    assert.equal(errorOf('foo'), '0 % Unknown command or computer name, or unable to find computer address');
  });
  test('a command above the privilege level does not exist', () => {
    assert.equal(errorOf('show running-config', 1), `5 ${INVALID}`);
    assert.equal(errorOf('configure terminal', 1), `0 ${INVALID}`);
  });
  test('control characters', () => assert.match(errorOf('show \x07vpdn'), /^5 % Control character/));
  test('empty lines and comments are nothing', () => {
    assert.equal(parseExec('   '), undefined);
    assert.equal(parseExec(' ! x'), undefined);
  });
});

test('no line makes the parser throw', () => {
  const words = fc.constantFrom(
    'show',
    'vpdn',
    'tunnel',
    'all',
    '|',
    'include',
    '(',
    'ping',
    'source',
    'lo1',
    'clear',
    '65536',
    'no',
    'debug',
    '-1',
  );
  const text = fc.oneof(
    fc.array(words).map((each) => each.join(' ')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, (line) => void parseExec(line)),
    { numRuns: 500 },
  );
});
