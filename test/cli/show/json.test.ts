// The models behind `| json`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatJson, isJsonSubject, type JsonSubject, toJson } from '../../../src/cli/show/json.ts';
import {
  failureView,
  HOSTILE,
  interfaceView,
  loopback,
  routerView,
  routeView,
  sessionView,
  tunnelView,
} from './fixture.ts';

const SUBJECTS: JsonSubject[] = [
  'show-vpdn',
  'show-vpdn-tunnel',
  'show-vpdn-session',
  'show-l2tun',
  'show-l2tun-tunnel',
  'show-l2tun-session',
  'show-interfaces',
  'show-ip-interface-brief',
  'show-ip-route',
  'show-ip-local-pool',
  'show-users',
  'show-vpdn-history-failure',
];

function fullView() {
  const view = routerView({
    tunnels: [tunnelView()],
    sessions: [sessionView(), sessionView({ username: 'alice' })],
    interfaces: [interfaceView(), loopback()],
    routes: [routeView('10.1.1.0', 24, { interfaceName: 'Loopback1' })],
    users: [{ line: 0, lineName: 'con 0', user: 'admin', idle: 0, location: '', own: true }],
    failures: [failureView()],
    pools: [{ name: 'p', low: '10.0.0.1', high: '10.0.0.9', free: 8, inUse: 1 }],
    drops: [{ where: 'l2tp', reason: 'unknown-tunnel', count: 3 }],
  });
  const secret = { type: 0, text: 's3cret' } as const;
  view.configuration.users.set('bob', { name: 'bob', password: secret });
  return view;
}

const read = (view: ReturnType<typeof fullView>, subject: JsonSubject) =>
  JSON.parse([...formatJson(toJson(view, subject))].join('\n'));

test('every subject has a schema of its own and reads back', () => {
  for (const subject of SUBJECTS) {
    assert.ok(isJsonSubject(subject));
    assert.equal(read(fullView(), subject).schema, `vpdn.${subject}/1`);
  }
  assert.ok(!isJsonSubject('toString'));
});

test('no subject shows a secret of the configuration', () => {
  for (const subject of SUBJECTS) assert.doesNotMatch(JSON.stringify(toJson(fullView(), subject)), /s3cret/);
});

test('show vpdn session as JSON, field for field', () => {
  assert.deepEqual(read(routerView({ sessions: [sessionView()] }), 'show-vpdn-session'), {
    schema: 'vpdn.show-vpdn-session/1',
    totalTunnels: 0,
    totalSessions: 1,
    sessions: [
      {
        protocol: 'l2tp',
        localId: 3542,
        remoteId: 56774,
        tunnelId: 7658,
        remoteTunnelId: 8656,
        uniqueId: 645,
        callSerialNumber: 3355500002,
        remoteName: 'LAC',
        remoteAddress: '192.0.2.1',
        state: 'established',
        username: 'bob@example',
        interfaceName: 'Virtual-Access3',
        mtu: 1464,
        sequencing: false,
        ns: 0,
        nr: 0,
        outOfOrderDropped: 0,
        millisInState: 609_000,
        counters: { packetsSent: 52, packetsReceived: 52, octetsSent: 2080, octetsReceived: 1316 },
      },
    ],
  });
});

test('show vpdn tunnel as JSON has the control channel, show vpdn the drops and both halves', () => {
  const [tunnel] = read(fullView(), 'show-vpdn-tunnel').tunnels;
  assert.equal(tunnel.millisInState, 7000);
  assert.equal(tunnel.control.congestionWindow, 10);
  const all = read(fullView(), 'show-vpdn');
  assert.equal(all.enabled, true);
  assert.equal(all.sessions.length, 2);
  assert.deepEqual(all.drops, [{ where: 'l2tp', reason: 'unknown-tunnel', count: 3 }]);
});

test('the arguments of the command narrow the rows and leave the totals', () => {
  const model = toJson(fullView(), 'show-vpdn-session', { session: { username: 'alice' } });
  assert.equal(model.totalSessions, 2);
  assert.equal([...(model.sessions as Iterable<unknown>)].length, 1);
  const { interfaces } = toJson(fullView(), 'show-interfaces', { name: 'Loopback1' });
  assert.equal([...(interfaces as Iterable<unknown>)].length, 1);
});

test('cookies are hexadecimal', () => {
  const pseudowire = {
    manual: true,
    circuitType: 'PPP',
    circuitName: 'Virtual-PPP1',
    circuitUp: true,
    dfBit: false,
    tosReflect: false,
    tosValue: 0,
    ttl: 255,
    localCookie: Uint8Array.of(1, 2, 3, 4),
    remoteCookie: new Uint8Array(0),
  };
  const [session] = read(routerView({ sessions: [sessionView({ pseudowire })] }), 'show-l2tun-session').sessions;
  assert.equal(session.pseudowire.localCookie, '01020304');
});

test('rows stream a line each', () => {
  const lines = [...formatJson(toJson(fullView(), 'show-vpdn-session'))];
  assert.equal(lines.length, 9);
  assert.equal(
    [...formatJson(toJson(routerView(), 'show-users'))].join(''),
    '{  "schema": "vpdn.show-users/1",  "lines": []}',
  );
});

test('a hostile name comes back the same from text that no terminal obeys', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constant(HOSTILE), fc.string({ unit: 'binary' })), (remoteName) => {
      const view = routerView({ tunnels: [tunnelView({ remoteName })] });
      const text = [...formatJson(toJson(view, 'show-vpdn-tunnel'))].join('\n');
      assert.equal(JSON.parse(text).tunnels[0].remoteName, remoteName);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});
