// `show vpdn` and `show vpdn tunnel`, word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showVpdn, showVpdnTunnel } from '../../../src/cli/show/vpdn.ts';
import { emptyConfiguration } from '../../../src/vpdn/configuration.ts';
import { block, HOSTILE, HOSTILE_PRINTED, NOW, routerView, sessionView, tunnelView } from './fixture.ts';

const one = routerView({ tunnels: [tunnelView()], sessions: [sessionView()] });

test('show vpdn prints each tunnel and then its sessions, and the protocols with none', () => {
  assert.deepEqual(
    [...showVpdn(one)],
    block(`

      L2TP Tunnel and Session Information Total tunnels 1 sessions 1

      LocTunID   RemTunID   Remote Name   State  Remote Address  Sessn L2TP Class/
                                                                 Count VPDN Group
      7658       8656       LAC           est    192.0.2.1       1     l2tpgroup1

      LocID      RemID      TunID      Username, Intf/      State  Last Chg Uniq ID
                                       Vcid, Circuit
      3542       56774      7658       bob@example, Vi3     est    00:10:09 645

      % No active L2F tunnels

      % No active PPTP tunnels
    `),
  );
});

test('show vpdn repeats the block for each tunnel, with its own sessions', () => {
  const view = routerView({
    tunnels: [
      tunnelView(),
      tunnelView({ localId: 20, remoteId: 9, remoteName: 'peer2', l2tpClass: 'l2tpclass1', vpdnGroup: undefined }),
    ],
    sessions: [
      sessionView({ tunnelId: 20, localId: 1, remoteId: 1, vcid: 10, interfaceName: 'Virtual-PPP1', uniqueId: 2 }),
      sessionView(),
    ],
  });
  assert.deepEqual(
    [...showVpdn(view)].slice(3, -4),
    block(`
      LocTunID   RemTunID   Remote Name   State  Remote Address  Sessn L2TP Class/
                                                                 Count VPDN Group
      7658       8656       LAC           est    192.0.2.1       1     l2tpgroup1

      LocID      RemID      TunID      Username, Intf/      State  Last Chg Uniq ID
                                       Vcid, Circuit
      3542       56774      7658       bob@example, Vi3     est    00:10:09 645

      LocTunID   RemTunID   Remote Name   State  Remote Address  Sessn L2TP Class/
                                                                 Count VPDN Group
      20         9          peer2         est    192.0.2.1       1     l2tpclass1

      LocID      RemID      TunID      Username, Intf/      State  Last Chg Uniq ID
                                       Vcid, Circuit
      1          1          20         10, Vp1              est    00:10:09 2
    `),
  );
});

test('a call that still waits for its tunnel is shown after the tunnels', () => {
  const waiting = sessionView({ localId: 5, remoteId: 0, tunnelId: 0, state: 'wait-tunnel', username: undefined });
  const lines = [...showVpdn(routerView({ sessions: [waiting] }))];
  assert.equal(lines[5], '5          0          0          unknown, Vi3         wt-tun 00:10:09 645');
});

test('a tunnel with no session has no session table', () => {
  const lines = [...showVpdn(routerView({ tunnels: [tunnelView({ activeSessions: 0 })] }))];
  assert.ok(!lines.some((line) => line.startsWith('LocID')));
});

test('show vpdn of an enabled router with nothing up names the three protocols', () => {
  assert.deepEqual(
    [...showVpdn(routerView())],
    ['', '% No active L2TP tunnels', '', '% No active L2F tunnels', '', '% No active PPTP tunnels'],
  );
});

test('show vpdn and show vpdn tunnel say that VPDN is off, but only when there is nothing to show', () => {
  const configuration = emptyConfiguration();
  assert.deepEqual([...showVpdn(routerView({ configuration }))], ['% VPDN not enabled']);
  assert.deepEqual([...showVpdnTunnel(routerView({ configuration }))], ['% VPDN not enabled']);
  assert.equal([...showVpdn({ ...one, configuration })].length, [...showVpdn(one)].length);
});

test('show vpdn tunnel is the tunnel half', () => {
  assert.deepEqual(
    [...showVpdnTunnel(one)],
    block(`

      L2TP Tunnel Information Total tunnels 1 sessions 1

      LocTunID   RemTunID   Remote Name   State  Remote Address  Sessn L2TP Class/
                                                                 Count VPDN Group
      7658       8656       LAC           est    192.0.2.1       1     l2tpgroup1

      % No active L2F tunnels

      % No active PPTP tunnels
    `),
  );
});

test('show vpdn tunnel l2tp all prints the block of a client tunnel', () => {
  const client = tunnelView({
    localId: 679,
    remoteId: 58433,
    locallyInitiated: true,
    localName: 'peer1',
    localAddress: '192.0.2.1',
    remoteName: 'lns',
    remoteAddress: '192.0.2.2',
    l2tpClass: 'l2tpclass1',
    vpdnGroup: undefined,
  });
  const view = routerView({ tunnels: [client], sessions: [sessionView()] });
  assert.deepEqual(
    [...showVpdnTunnel(view, { form: 'all', protocol: 'l2tp' })],
    block(`

      L2TP Tunnel Information Total tunnels 1 sessions 1

      Tunnel id 679 is up, remote id is 58433, 1 active sessions
        Locally initiated tunnel
        Tunnel state is established, time since change 00:00:07
        Tunnel transport is UDP (17)
        Remote tunnel name is lns
          Internet Address 192.0.2.2, port 1701
        Local tunnel name is peer1
          Internet Address 192.0.2.1, port 1701
        L2TP class for tunnel is l2tpclass1
        Counters, taking last clear into account:
          4 packets sent, 0 received
          50 bytes sent, 0 received
          Last clearing of counters never
        Counters, ignoring last clear:
          4 packets sent, 0 received
          50 bytes sent, 0 received
        Control Ns 2, Nr 4
        Local RWS 1024 (default), Remote RWS 1024
        In Use Remote RWS 10
        Control channel Congestion Control is enabled
        Tunnel PMTU checking disabled
        Retransmission time 1, max 1 seconds
        Unsent queuesize 0, max 0
        Resend queuesize 0, max 1
        Total resends 0, ZLB ACKs sent 3
        Total out-of-order dropped pkts 0
        Total out-of-order reorder pkts 0
        Total peer authentication failures 0
        Current no session pak queue check 0 of 5
        Retransmit time distribution: 0 0 0 0 0 0 0 0 0
        Control message authentication is disabled
    `),
  );
});

test('a server tunnel says so, names its group, and that the peer proved itself', () => {
  const tunnel = tunnelView({ state: 'wait-ctl-conn' });
  tunnel.control = { ...tunnel.control, authenticated: true, localWindow: 8 };
  const lines = [...showVpdnTunnel(routerView({ tunnels: [tunnel] }), { form: 'all', protocol: 'l2tp' })];
  assert.equal(lines[3], 'Tunnel id 7658 is down, remote id is 8656, 1 active sessions');
  assert.equal(lines[4], '  Remotely initiated tunnel');
  assert.equal(lines[5], '  Tunnel state is wait-ctl-conn, time since change 00:00:07');
  assert.ok(lines.includes('  VPDN group for tunnel is l2tpgroup1'));
  assert.ok(lines.includes('  Local RWS 8, Remote RWS 1024'));
  assert.equal(lines.at(-1), '  Tunnel authentication: the peer answered our challenge');
});

test('the other forms of show vpdn tunnel', () => {
  const rows = (form: 'packets' | 'state' | 'summary' | 'transport') => [
    ...showVpdnTunnel(one, { form, protocol: 'l2tp' }),
  ];
  const heading = ['', 'L2TP Tunnel Information Total tunnels 1 sessions 1'];
  assert.deepEqual(rows('summary'), heading);
  assert.deepEqual(rows('packets'), [
    ...heading,
    '',
    'LocTunID   Pkts-In    Pkts-Out   Bytes-In   Bytes-Out',
    '7658       0          4          0          50',
  ]);
  assert.deepEqual(rows('state'), [
    ...heading,
    '',
    'LocTunID   RemTunID   Local Name    Remote Name   State    Last-Chg',
    '7658       8656       lns           LAC           est      00:00:07',
  ]);
  assert.deepEqual(rows('transport'), [
    ...heading,
    '',
    'LocTunID   Type Prot Local Address   Port  Remote Address  Port',
    '7658       UDP  17   192.0.2.2       1701  192.0.2.1       1701',
  ]);
});

test('show vpdn tunnel filters by id and by names, and says so when none is left', () => {
  const view = routerView({ tunnels: [tunnelView(), tunnelView({ localId: 5, remoteName: 'peer2' })] });
  const ids = (filter: object) =>
    [...showVpdnTunnel(view, { filter, protocol: 'l2tp' })].slice(5).map((line) => line.split(' ')[0]);
  assert.deepEqual(ids({}), ['7658', '5']);
  assert.deepEqual(ids({ id: 5 }), ['5']);
  assert.deepEqual(ids({ remoteName: 'LAC', localName: 'lns' }), ['7658']);
  assert.deepEqual(
    [...showVpdnTunnel(view, { filter: { localName: 'other' }, protocol: 'l2tp' })],
    ['', '% No active L2TP tunnels'],
  );
});

test('a protocol nobody speaks has no active tunnels', () => {
  assert.deepEqual([...showVpdnTunnel(one, { protocol: 'pptp' })], ['', '% No active PPTP tunnels']);
  assert.deepEqual([...showVpdnTunnel(one, { protocol: 'l2f' })], ['', '% No active L2F tunnels']);
});

test('the state words of tunnels, and rows that fall back into step after a long one', () => {
  const row = (state: Parameters<typeof tunnelView>[0]) =>
    [...showVpdnTunnel(routerView({ tunnels: [tunnelView(state)] }))][5];
  assert.equal(row({ state: 'idle' }), '7658       8656       LAC           idle   192.0.2.1       1     l2tpgroup1');
  assert.equal(
    row({ state: 'wait-ctl-reply' }),
    '7658       8656       LAC           wt-sccrp 192.0.2.1     1     l2tpgroup1',
  );
  assert.match(row({ state: 'wait-ctl-conn' })!, / wt-scccn /);
  assert.match(row({ state: 'shutting-down' })!, / shutdown /);
});

test('the host name of a hostile peer is shown escaped in the block and cut in the table', () => {
  const view = routerView({ tunnels: [tunnelView({ remoteName: HOSTILE })] });
  assert.ok([...showVpdnTunnel(view, { form: 'all' })].includes(`  Remote tunnel name is ${HOSTILE_PRINTED}`));
  assert.match([...showVpdn(view)][5]!, /^7658 {7}8656 {7}evil\\u\{1b\}\[2J est /);
});

test('fifty thousand sessions stream: the first lines cost nothing of the last', () => {
  const sessions = Array.from({ length: 50_000 }, (_, index) => sessionView({ localId: index + 1, since: NOW }));
  const view = routerView({ tunnels: [tunnelView()], sessions });
  const lines = showVpdn(view);
  assert.equal(lines.next().value, '');
  let count = 1;
  for (const _ of lines) count++;
  assert.equal(count, 50_000 + 13);
});
