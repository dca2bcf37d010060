// `show l2tun …`, word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showL2tun, showL2tunSession, showL2tunTunnel } from '../../../src/cli/show/l2tun.ts';
import { block, NOW, routerView, sessionView, tunnelView } from './fixture.ts';

const pseudowire = sessionView({
  localId: 23917262,
  remoteId: 23827317,
  tunnelId: 6313,
  vcid: 10,
  interfaceName: 'Virtual-PPP1',
  since: NOW - 306_000,
  uniqueId: 1,
});

const client = routerView({
  tunnels: [tunnelView({ localId: 6313, l2tpClass: 'l2tpclass1', vpdnGroup: undefined })],
  sessions: [pseudowire],
});

test('show l2tun session prints the table under its own heading', () => {
  assert.deepEqual(
    [...showL2tunSession(client)],
    block(`

      Session Information Total tunnels 1 sessions 1

      LocID      RemID      TunID      Username, Intf/      State  Last Chg Uniq ID
                                       Vcid, Circuit
      23917262   23827317   6313       10, Vp1              est    00:05:06 1
    `),
  );
});

test("show l2tun session all prints the guide's block of a session signalled by hand", () => {
  const session = sessionView({
    localId: 111,
    tunnelId: 0,
    callSerialNumber: 0,
    remoteName: '',
    remoteAddress: '2.0.0.1',
    since: NOW - 365_000,
    counters: { packetsSent: 0, packetsReceived: 0, octetsSent: 0, octetsReceived: 0 },
    username: undefined,
    vcid: 123,
    remoteId: 222,
    remoteTunnelId: 0,
    pseudowire: {
      manual: true,
      circuitType: 'ATM VPC CELL',
      circuitName: 'ATM3/0/0:1000007',
      circuitUp: true,
      dfBit: false,
      tosReflect: false,
      tosValue: 0,
      ttl: 255,
      localCookie: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 100),
      remoteCookie: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 200),
    },
  });
  assert.deepEqual(
    [...showL2tunSession(routerView({ sessions: [session] }), { form: 'all' })],
    block(`

      Session Information Total tunnels 0 sessions 1

      Session id 111 is up, tunnel id 0
      Call serial number is 0
      Remote tunnel name is
        Internet address is 2.0.0.1
        Session is manually signalled
        Session state is established, time since change 00:06:05
          0 Packets sent, 0 received
          0 Bytes sent, 0 received
          Receive packets dropped:
            out-of-order:             0
            total:                    0
          Send packets dropped:
            exceeded session MTU:     0
            total:                    0
        Session vcid is 123
        Session Layer 2 circuit, type is ATM VPC CELL, name is ATM3/0/0:1000007
        Circuit state is UP
          Remote session id is 222, remote tunnel id 0
        DF bit off, ToS reflect disabled, ToS value 0, TTL value 255
        Session cookie information:
          local cookie, size 8 bytes, value 00 00 00 00 00 00 00 64
          remote cookie, size 8 bytes, value 00 00 00 00 00 00 00 C8
        SSS switching enabled
        Sequencing is off
    `),
  );
});

test('show l2tun session all of an L2TPv2 session has a PPP circuit and no cookie', () => {
  const lines = [...showL2tunSession(client, { form: 'all' })];
  assert.ok(lines.includes('  Session is L2TP signalled'));
  assert.ok(lines.includes('  Session Layer 2 circuit, type is PPP, name is Virtual-PPP1'));
  assert.ok(lines.includes('  No session cookie information available'));
});

test('show l2tun prints tunnels and sessions, show l2tun tunnel the tunnels', () => {
  const both = [...showL2tun(client)];
  assert.equal(both[1], 'L2TP Tunnel and Session Information Total tunnels 1 sessions 1');
  assert.equal(both.length, 10);
  assert.deepEqual(
    [...showL2tunTunnel(client)],
    block(`

      Tunnel Information Total tunnels 1 sessions 1

      LocTunID   RemTunID   Remote Name   State  Remote Address  Sessn L2TP Class/
                                                                 Count VPDN Group
      6313       8656       LAC           est    192.0.2.1       1     l2tpclass1
    `),
  );
});

test('show l2tun tunnel all has the block of show vpdn tunnel all', () => {
  const lines = [...showL2tunTunnel(client, { form: 'all' })];
  assert.equal(lines[3], 'Tunnel id 6313 is up, remote id is 8656, 1 active sessions');
  assert.equal(lines.at(-1), '  Control message authentication is disabled');
});

test('show l2tp has a title of its own', () => {
  assert.equal([...showL2tunTunnel(client, { name: 'l2tp' })][1], 'L2TP Tunnel Information Total tunnels 1 sessions 1');
  assert.equal(
    [...showL2tunSession(client, { name: 'l2tp' })][1],
    'L2TP Session Information Total tunnels 1 sessions 1',
  );
});

test('the filters of show l2tun session', () => {
  const count = (filter: object) => [...showL2tunSession(client, { filter })].length - 5;
  assert.equal(count({ vcid: 10 }), 1);
  assert.equal(count({ remoteAddress: '192.0.2.1', vcid: 10 }), 1);
  assert.equal(count({ username: 'bob@example' }), 1);
  assert.deepEqual([...showL2tunSession(client, { filter: { vcid: 11 } })], ['', '% No active L2TP tunnels']);
});

test('nothing to show is said in each form', () => {
  const empty = ['', '% No active L2TP tunnels'];
  assert.deepEqual([...showL2tun(routerView())], empty);
  assert.deepEqual([...showL2tunTunnel(routerView(), { form: 'all' })], empty);
  assert.deepEqual([...showL2tunSession(routerView(), { form: 'all' })], empty);
});
