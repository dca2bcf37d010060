// `show vpdn session` in its forms, word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showVpdnSession } from '../../../src/cli/show/vpdn-session.ts';
import { emptyConfiguration } from '../../../src/vpdn/configuration.ts';
import type { SessionView } from '../../../src/vpdn/view.ts';
import { block, HOSTILE, HOSTILE_PRINTED, NOW, routerView, sessionView, tunnelView } from './fixture.ts';

function show(form: 'brief' | 'all' | 'packets' | 'sequence' | 'state', session: Partial<SessionView> = {}): string[] {
  const view = routerView({ tunnels: [tunnelView()], sessions: [sessionView(session)] });
  return [...showVpdnSession(view, { form, protocol: 'l2tp' })];
}

test('show vpdn session is the session half, and the protocols with none', () => {
  const view = routerView({ tunnels: [tunnelView()], sessions: [sessionView()] });
  assert.deepEqual(
    [...showVpdnSession(view)],
    block(`

      L2TP Session Information Total tunnels 1 sessions 1

      LocID      RemID      TunID      Username, Intf/      State  Last Chg Uniq ID
                                       Vcid, Circuit
      3542       56774      7658       bob@example, Vi3     est    00:10:09 645

      % No active L2F tunnels

      % No active PPTP tunnels
    `),
  );
});

test('show vpdn session all prints the block of a session', () => {
  const session: Partial<SessionView> = {
    localId: 5,
    tunnelId: 13695,
    remoteName: 'User03',
    remoteAddress: '192.0.2.63',
    since: NOW - 233_000,
    username: 'nobody@example.com',
    remoteId: 692,
    remoteTunnelId: 58582,
    uniqueId: 8,
  };
  assert.deepEqual(
    show('all', session),
    block(`

      L2TP Session Information Total tunnels 1 sessions 1

      Session id 5 is up, tunnel id 13695
      Call serial number is 3355500002
      Remote tunnel name is User03
        Internet address is 192.0.2.63
        Session state is established, time since change 00:03:53
          52 Packets sent, 52 received
          2080 Bytes sent, 1316 received
        Last clearing of "show vpdn" counters never
        Session MTU is 1464 bytes
        Session username is nobody@example.com
          Interface Vi3
          Remote session id is 692, remote tunnel id 58582
        UDP checksums are enabled
        SSS switching enabled
        No FS cached header information available
        Sequencing is off
        Unique ID is 8
    `),
  );
});

test('the user name is unknown before authentication, and there may be no interface yet', () => {
  const lines = show('all', { username: undefined, interfaceName: undefined, state: 'wait-connect', vcid: 10 });
  assert.equal(lines[3], 'Session id 3542 is down, tunnel id 7658');
  assert.ok(lines.includes('  Session username is unknown'));
  assert.ok(lines.includes('  Session vcid is 10'));
  assert.ok(!lines.some((line) => line.includes('Interface')));
});

test('sequencing shows its numbers', () => {
  const lines = show('all', { sequencing: true, ns: 9932, nr: 10001, outOfOrderDropped: 3 });
  assert.ok(lines.join('\n').includes('  Sequencing is on\n    Ns 9932, Nr 10001, 3 out of order packets discarded'));
});

test('the packets, sequence and state forms', () => {
  assert.deepEqual(
    show('packets', {
      localId: 507155526,
      remoteId: 4194000749,
      tunnelId: 609164,
      counters: {
        packetsReceived: 182805,
        packetsSent: 183322,
        octetsReceived: 181342560,
        octetsSent: 182588712,
      },
    }),
    block(`

      L2TP Session Information Total tunnels 1 sessions 1

      LocID      RemID      TunID      Pkts-In    Pkts-Out   Bytes-In   Bytes-Out
      507155526  4194000749 609164     182805     183322     181342560  182588712
    `),
  );
  assert.deepEqual(show('sequence', { ns: 7, nr: 8 }).slice(3), [
    'LocID      RemID      TunID      Ns         Nr',
    '3542       56774      7658       7          8',
  ]);
  assert.deepEqual(show('state').slice(3), [
    'LocID      RemID      TunID      Username             Intf     State   Last Chg',
    '3542       56774      7658       bob@example          Vi3      est     00:10:09',
  ]);
});

test('the user and interface cell keeps the interface whatever the name', () => {
  const cell = (session: Partial<SessionView>) => show('brief', session)[5]!.slice(33, 54);
  assert.equal(cell({ username: 'lns@cisco.com', interfaceName: undefined }), 'lns@cisco.com, -     ');
  assert.equal(cell({ username: 'someone.long@example.com' }), 'someone.long..., Vi3 ');
  assert.equal(cell({ username: 'x'.repeat(15) }), 'xxxxxxxxxxxxxxx, Vi3 ');
  assert.equal(cell({ vcid: 4294967295, interfaceName: 'Virtual-PPP1' }), '4294967295, Vp1      ');
  assert.equal(cell({ username: 'a b', interfaceName: 'Virtual-Access12345' }), 'a\\u{20}b, Vi12345    ');
});

test('the state words of sessions', () => {
  const word = (state: SessionView['state']) => show('brief', { state })[5]!.slice(54).split(' ')[0];
  const states = ['idle', 'wait-tunnel', 'wait-reply', 'wait-connect', 'established', 'shutting-down'] as const;
  assert.deepEqual(states.map(word), ['idle', 'wt-tun', 'wt-rply', 'wt-con', 'est', 'discon']);
});

test('show vpdn session filters by user, interface, tunnel and id', () => {
  const view = routerView({
    sessions: [
      sessionView(),
      sessionView({ localId: 9, username: 'alice', interfaceName: 'Virtual-Access4', tunnelId: 20 }),
    ],
  });
  const ids = (filter: object) =>
    [...showVpdnSession(view, { filter, protocol: 'l2tp' })].slice(5).map((line) => line.split(' ')[0]);
  assert.deepEqual(ids({}), ['3542', '9']);
  assert.deepEqual(ids({ username: 'alice' }), ['9']);
  assert.deepEqual(ids({ interfaceName: 'Virtual-Access3' }), ['3542']);
  assert.deepEqual(ids({ tunnelId: 20 }), ['9']);
  assert.deepEqual(ids({ id: 3542 }), ['3542']);
  assert.deepEqual(
    [...showVpdnSession(view, { filter: { username: 'carol' }, protocol: 'l2tp' })],
    ['', '% No active L2TP tunnels'],
  );
});

test('show vpdn session of a router with VPDN off or with no session', () => {
  assert.deepEqual([...showVpdnSession(routerView({ configuration: emptyConfiguration() }))], ['% VPDN not enabled']);
  assert.deepEqual([...showVpdnSession(routerView(), { protocol: 'pptp' })], ['', '% No active PPTP tunnels']);
});

test('a hostile user name is escaped', () => {
  assert.ok(show('all', { username: HOSTILE }).includes(`  Session username is ${HOSTILE_PRINTED}`));
});
