// The further tables of sessions (C139, C142), their filters, and counters after a clear (C170).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatJson, toJson } from '../../../src/cli/show/json.ts';
import { showL2tunSession } from '../../../src/cli/show/l2tun.ts';
import type { SessionForm } from '../../../src/cli/show/session.ts';
import { showVpdnTunnel } from '../../../src/cli/show/vpdn.ts';
import { showVpdnSession } from '../../../src/cli/show/vpdn-session.ts';
import { block, NOW, routerView, sessionView, tunnelView } from './fixture.ts';

const static3931 = sessionView({
  localId: 111,
  remoteId: 222,
  tunnelId: 0,
  remoteAddress: '192.0.2.9',
  username: undefined,
  interfaceName: undefined,
  vcid: 123,
  pseudowire: {
    manual: true,
    circuitType: 'ATM VPC CELL',
    circuitName: 'ATM3/0/0:1000007',
    circuitUp: false,
    dfBit: false,
    tosReflect: false,
    tosValue: 0,
    ttl: 255,
    localCookie: new Uint8Array(0),
    remoteCookie: new Uint8Array(0),
  },
});

const view = routerView({
  tunnels: [tunnelView({ l2tpClass: 'one' })],
  sessions: [sessionView({ state: 'wait-connect' }), static3931],
});

const table = (form: SessionForm) => [...showL2tunSession(view, { form })].slice(3);

test('interface, circuit, interworking, timers, window', () => {
  assert.deepEqual(
    (['interface', 'circuit', 'interworking', 'timers', 'window'] as const).flatMap(table),
    block(`
      LocID      RemID      TunID      Intf     State   Uniq ID
      3542       56774      7658       Vi3      wt-con  645
      111        222        0          -        est     645
      LocID      TunID      Peer-address    Type Stat Username, Intf/
                                                      Vcid, Circuit
      3542       7658       192.0.2.1       PPP  DN   bob@example, Vi3
      111        0          192.0.2.9       VPC  DN   123, AT3/0/0:1000007
      LocID      TunID      Peer-address    Type IWrk Username, Intf/
                                                      Vcid, Circuit
      3542       7658       192.0.2.1       PPP  -    bob@example, Vi3
      111        0          192.0.2.9       VPC  -    123, AT3/0/0:1000007
      LocID      RemID      TunID      Intf     State   Last Chg
      3542       56774      7658       Vi3      wt-con  00:10:09
      111        222        0          -        est     00:10:09
      LocID      RemID      TunID      WSize  MinWS  Timeouts Qsize
      3542       56774      7658       -      -      -        -
      111        222        0          -      -      -        -
    `),
  );
});

test('filters by tunnel, interface, peer, VC ID and l2tp-class', () => {
  const ids = (filter: object) => {
    return [...showVpdnSession(view, { form: 'packets', protocol: 'l2tp', filter })]
      .slice(4)
      .map((row) => row.split(' ')[0]);
  };
  assert.deepEqual(ids({}), ['3542', '111']);
  assert.deepEqual(ids({ tunnelId: 7658 }), ['3542']);
  assert.deepEqual(ids({ interfaceName: 'Virtual-Access3' }), ['3542']);
  assert.deepEqual(ids({ remoteAddress: '192.0.2.9', vcid: 123 }), ['111']);
  assert.deepEqual(ids({ l2tpClass: 'one' }), ['3542']);
  assert.deepEqual(ids({ id: 111 }), ['111']);
  assert.deepEqual(ids({ id: 112 }), []);
});

test('L2F alone, and what is not there, is said in the form of the guide', () => {
  assert.deepEqual([...showVpdnSession(view, { protocol: 'l2f' })], ['', '% No active L2F tunnels']);
  assert.deepEqual([...showVpdnSession(view, { protocol: 'pptp' })], ['', '% No active PPTP tunnels']);
  assert.deepEqual(
    [...showVpdnSession(view, { protocol: 'l2tp', filter: { username: 'nobody' } })],
    ['', '% No active L2TP tunnels'],
  );
  assert.deepEqual([...showVpdnTunnel(view, { protocol: 'l2f', form: 'all' })], ['', '% No active L2F tunnels']);
});

const cleared = {
  counters: { packetsSent: 1, packetsReceived: 2, octetsSent: 30, octetsReceived: 40 },
  lifetime: { packetsSent: 101, packetsReceived: 102, octetsSent: 1030, octetsReceived: 1040 },
  clearedAt: NOW - 61_000,
};

test('a tunnel whose counters were cleared has both sets, and when that was', () => {
  const lines = [...showVpdnTunnel(routerView({ tunnels: [tunnelView(cleared)] }), { form: 'all' })];
  const from = lines.findIndex((line) => line.startsWith('  Counters, taking'));
  assert.deepEqual(lines.slice(from, from + 7), [
    '  Counters, taking last clear into account:',
    '    1 packets sent, 2 received',
    '    30 bytes sent, 40 received',
    '    Last clearing of counters 00:01:01',
    '  Counters, ignoring last clear:',
    '    101 packets sent, 102 received',
    '    1030 bytes sent, 1040 received',
  ]);
});

test('a session whose counters were cleared says when', () => {
  const one = routerView({ sessions: [sessionView(cleared)] });
  const lines = [...showVpdnSession(one, { form: 'all' })];
  assert.ok(lines.includes('    1 Packets sent, 2 received'));
  assert.ok(lines.includes('  Last clearing of "show vpdn" counters 00:01:01'));
  const [row] = JSON.parse([...formatJson(toJson(one, 'show-vpdn-session'))].join('')).sessions;
  assert.equal(row.counters.packetsSent, 1);
  assert.equal(row.lifetimeCounters.packetsSent, 101);
  assert.equal(row.millisSinceClear, 61_000);
});

test('a tunnel of L2TPv3 over IP has the protocol number 115, no port, and its digests', () => {
  const tunnel = tunnelView({ transport: 'ip', localPort: 0, remotePort: 0, digestSecrets: 2 });
  const one = routerView({ tunnels: [tunnel] });
  const lines = [...showVpdnTunnel(one, { form: 'all' })];
  assert.ok(lines.includes('  Tunnel transport is IP (115)'));
  assert.ok(lines.includes('  Control message authentication is on, 2 digest secrets configured'));
  assert.equal(
    [...showVpdnTunnel(one, { form: 'transport' })][4],
    '7658       IP   115  192.0.2.2       0     192.0.2.1       0',
  );
});
