// `show users` (C153), word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showUsers } from '../../../src/cli/show/users.ts';
import { HOSTILE, interfaceView, loopback, NOW, routerView } from './fixture.ts';

const console = { line: 0, lineName: 'con 0', user: '', idle: 0, location: '', own: true };

test('show users prints the lines and the interfaces', () => {
  const view = routerView({
    users: [console, { line: 10, lineName: 'vty 0', user: 'arm', idle: 0, location: '192.0.2.4', own: false }],
    interfaces: [interfaceView({ lastInput: undefined }), loopback()],
  });
  assert.deepEqual(
    [...showUsers(view)],
    [
      '    Line       User       Host(s)              Idle       Location',
      '*  0 con 0                idle                 00:00:00',
      '  10 vty 0     arm        idle                 00:00:00   192.0.2.4',
      '',
      '  Interface    User               Mode         Idle     Peer Address',
      '  Vi3          bob                PPPoVPDN     -        10.1.1.2',
    ],
  );
});

test('a client interface is Sync PPP, and the time since its last packet is shown', () => {
  const subject = interfaceView({
    name: 'Virtual-PPP1',
    kind: 'Virtual-PPP',
    username: 'peer2',
    lastInput: NOW - 5000,
  });
  assert.equal(
    [...showUsers(routerView({ interfaces: [subject] }))].at(-1),
    '  Vp1          peer2              Sync PPP     00:00:05 10.1.1.2',
  );
});

test('an interface whose link is not open has no user', () => {
  const view = routerView({ interfaces: [interfaceView({ lcp: 'Req-Sent' }), interfaceView({ username: undefined })] });
  assert.equal([...showUsers(view)].length, 3);
});

test('hostile names are escaped and cut to their column', () => {
  const view = routerView({
    users: [{ ...console, user: HOSTILE }],
    interfaces: [interfaceView({ username: HOSTILE })],
  });
  const lines = [...showUsers(view)];
  assert.match(lines[1]!, /^\* {2}0 con 0 {5}evil\\u\{1b\} idle/);
  assert.match(lines[4]!, /^ {2}Vi3 {10}evil\\u\{1b\}\[2J\\u\{d\} PPPoVPDN/);
});
