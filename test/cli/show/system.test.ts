// `show` of the router itself: version, logging, debugging.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEBUG_TOPICS, type DebugTopic } from '../../../src/cli/grammar/exec/debug-topics.ts';
import { showAccessLists } from '../../../src/cli/show/access-lists.ts';
import { formatDebugSwitch, showDebugging } from '../../../src/cli/show/debugging.ts';
import { showVpdnHistoryFailure, showWhy } from '../../../src/cli/show/history-failure.ts';
import { type LoggingView, showLogging } from '../../../src/cli/show/logging.ts';
import { showVersion } from '../../../src/cli/show/version.ts';
import { loaded } from '../helpers.ts';
import { block, failureView, HOSTILE, HOSTILE_PRINTED, routerView, WALL_CLOCK } from './fixture.ts';

const logging: LoggingView = {
  configuration: { on: true, bufferSize: 8192, sourceInterface: 'Loopback1' },
  dropped: 1,
  rateLimited: 2,
  consoleLogged: 3,
  monitorLogged: 4,
  bufferLogged: 5,
  trapLogged: 6,
  servers: [{ host: '192.0.2.1', transport: 'udp', port: 514, up: true, logged: 5, dropped: 1 }],
  buffer: ['*Nov 22 16:35:53.120: %SYS-5-RESTART: System restarted --'],
};

test('show logging prints the counters and then the buffer', () => {
  assert.deepEqual(
    [...showLogging(logging)],
    block(`
      Syslog logging: enabled (1 messages dropped, 2 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)

      No Active Message Discriminator.

      No Inactive Message Discriminator.

          Console logging: level debugging, 3 messages logged, xml disabled,
                           filtering disabled
          Monitor logging: level debugging, 4 messages logged, xml disabled,
                           filtering disabled
          Buffer logging:  level debugging, 5 messages logged, xml disabled,
                           filtering disabled
          Count and timestamp logging messages: disabled

      No active filter modules.

          Trap logging: level informational, 6 message lines logged
              Logging to 192.0.2.1  (udp port 514, audit disabled,
                    link up),
                    5 message lines logged,
                    0 message lines rate-limited,
                    1 message lines dropped,
                    xml disabled, sequence number disabled,
                    filtering disabled
              Logging Source-Interface: Loopback1

      Log Buffer (8192 bytes):

      *Nov 22 16:35:53.120: %SYS-5-RESTART: System restarted --
    `),
  );
});

test('show logging tells levels, what is switched off, and the buffer in force', () => {
  const lines = [
    ...showLogging({
      ...logging,
      configuration: { on: false, console: 4, trap: 'off', silent: ['monitor'] },
      buffer: [],
    }),
  ];
  assert.match(lines[0]!, /^Syslog logging: disabled /);
  assert.match(lines[6]!, /Console logging: level warnings, 3 messages/);
  assert.equal(lines[8], '    Monitor logging: disabled');
  assert.equal(lines[15], '    Trap logging: disabled');
  assert.equal(lines[17], 'Log Buffer (4096 bytes):');
});

test('show vpdn history failure of a server: the peer is the NAS', () => {
  assert.deepEqual(
    [...showVpdnHistoryFailure(routerView({ failures: [failureView()] }))],
    block(`
      Table size: 20
      Number of entries in table: 1

      User: bob@example.com, MID = 1
      NAS: peer1, IP address = 192.0.2.1, CLID = 1
      Gateway: lns, IP address = 192.0.2.2, CLID = 1
      Log time: 16:35:53, Error repeat count: 1
      Failure type: The remote server closed this session
      !!!! NAS: Failure reason: Administrative intervention
        vpdn code  : L2T-311
        vpdn remedy: see the log of the peer
    `),
  );
});

test('show vpdn history failure of a client: we are the NAS', () => {
  const failure = failureView({
    locallyInitiated: true,
    remoteName: 'lns',
    remoteAddress: '192.0.2.2',
    localName: 'peer1',
    localAddress: '192.0.2.1',
  });
  const lines = [...showVpdnHistoryFailure(routerView({ failures: [failure] }))];
  assert.equal(lines[4], 'NAS: peer1, IP address = 192.0.2.1, CLID = 1');
  assert.equal(lines[5], 'Gateway: lns, IP address = 192.0.2.2, CLID = 1');
});

test('show vpdn history failure: none, one user, hostile words', () => {
  assert.deepEqual([...showVpdnHistoryFailure(routerView())], ['Table size: 20', 'Number of entries in table: 0']);
  const view = routerView({ failures: [failureView(), failureView({ user: 'alice', reason: HOSTILE })] });
  const lines = [...showVpdnHistoryFailure(view, { username: 'alice' })];
  assert.equal(lines[3], 'User: alice, MID = 1');
  assert.equal(lines[8], `!!!! NAS: Failure reason: ${HOSTILE_PRINTED}`);
  assert.equal(lines.length, 11);
});

test('why tells the latest failure of a user or a peer in sentences', () => {
  const view = routerView({ failures: [failureView({ repeats: 3 }), failureView({ user: 'alice', code: 'AUT-503' })] });
  assert.deepEqual(
    [...showWhy(view)],
    block(`
      L2T-311: The remote server closed this session
        Who    : bob@example.com at 192.0.2.1, last at 16:35:53, 3 times
        Why    : Administrative intervention
        Remedy : see the log of the peer
    `),
  );
  assert.match([...showWhy(view, 'alice')][0]!, /^AUT-503/);
  assert.match([...showWhy(view, '192.0.2.1')][0]!, /^L2T-311/);
  assert.deepEqual([...showWhy(view, 'carol')], ['% No failure recorded of carol']);
  assert.deepEqual([...showWhy(routerView())], ['% No failure recorded']);
});

test('show debugging groups what is on, and lists the conditions', () => {
  const topics = new Set(['vpdn event', 'ppp negotiation', 'vpdn error', 'l2tp packet brief'] as const);
  const conditions = [{ id: 1, condition: { kind: 'username', value: 'bob' }, hits: 7 }] as const;
  assert.deepEqual(
    [...showDebugging({ topics, conditions })],
    [
      'PPP:',
      '  PPP protocol negotiation debugging is on',
      '',
      'VPN:',
      '  VPDN events debugging is on',
      '  VPDN errors debugging is on',
      '  L2TP brief packet debugging is on',
      '',
      'Condition 1: username bob (7 flags triggered)',
    ],
  );
  assert.deepEqual([...showDebugging({ topics: new Set(), conditions: [] })], []);
});

test('every debug switch says on and off in the words of IOS', () => {
  assert.equal(formatDebugSwitch('vpdn l2x-events', true), 'L2X protocol events debugging is on');
  assert.equal(formatDebugSwitch('ppp authentication', false), 'PPP authentication debugging is off');
  assert.equal(formatDebugSwitch('ppp mppe events', true), 'MPPE Events debugging is on');
  assert.equal(formatDebugSwitch('ppp mppe detailed', true), 'MPPE Detailed debugging is on');
});

test('every debug topic is under a title of show debugging', () => {
  for (const topic of Object.keys(DEBUG_TOPICS) as DebugTopic[]) {
    const lines = [...showDebugging({ topics: new Set([topic]), conditions: [] })];
    assert.equal(lines[1], `  ${formatDebugSwitch(topic, true)}`);
  }
});

test('show version says what this is', () => {
  const lines = showVersion({
    hostname: 'peer2',
    version: '0.1.0',
    node: 'v26.1.0',
    kernel: 'Linux 6.1.0',
    machine: 'x86_64',
    processors: 2,
    memory: 1024 * 1024 * 1024,
    interfaces: { physical: 1, virtual: 3 },
    uptime: 3_720_000,
    startedAt: WALL_CLOCK,
    configurationFile: '/etc/vpdn.conf',
  });
  assert.deepEqual(
    lines,
    block(`
      vpdn Software (vpdn-linux), Version 0.1.0, not Cisco IOS
      A VPDN router for Linux that speaks the IOS command language
      Free software under the Apache License, Version 2.0

      ROM: none, Linux 6.1.0

      peer2 uptime is 1 hour, 2 minutes
      System restarted at 16:35:53 UTC Sun Nov 22 2026
      System configuration file is "/etc/vpdn.conf"
      Runtime is Node.js v26.1.0

      x86_64 with 2 processors, 1048576K bytes of memory.
      1 physical interface, 3 virtual
    `),
  );
});

test('C012: show access-lists: standard lists, with IOS words for what they match', () => {
  const text = [
    'access-list 10 remark the office',
    'access-list 10 permit 192.0.2.0 0.0.0.255',
    'access-list 10 deny any log',
    'ip access-list standard ADMINS',
    ' permit 192.0.2.1',
  ];
  const { accessLists } = loaded(text.join('\n'));
  assert.deepEqual(
    [...showAccessLists(accessLists)],
    [
      'Standard IP access list 10',
      '    20 permit 192.0.2.0, wildcard bits 0.0.0.255',
      '    30 deny   any log',
      'Standard IP access list ADMINS',
      '    10 permit 192.0.2.1',
    ],
  );
  assert.equal([...showAccessLists(accessLists, 'ADMINS')].length, 2);
  assert.deepEqual([...showAccessLists(accessLists, 'none')], []);
});
