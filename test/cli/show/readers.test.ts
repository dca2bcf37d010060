// What programs that read IOS output rely on, whoever wrote them: words in fixed order, one row a line, nothing empty.
// The patterns are ours, made from what the public parsers of `show vpdn`, `show l2tp`, `show users`, `show interfaces`,
// `show ip interface brief` and `show logging` look for; lines are stripped before they are matched, as those do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { showInterfaces } from '../../../src/cli/show/interfaces.ts';
import { showIpInterfaceBrief } from '../../../src/cli/show/ip-interface-brief.ts';
import { showL2tun, showL2tunSession } from '../../../src/cli/show/l2tun.ts';
import { showLogging } from '../../../src/cli/show/logging.ts';
import { showUsers } from '../../../src/cli/show/users.ts';
import { showVersion } from '../../../src/cli/show/version.ts';
import { showVpdn } from '../../../src/cli/show/vpdn.ts';
import type { RouterView } from '../../../src/vpdn/view.ts';
import { interfaceView, loopback, routerView, sessionView, tunnelView, WALL_CLOCK } from './fixture.ts';

const TUNNEL_ROW = /^\d+ +\d+ +\S+ +\S+ +\d+(\.\d+){3} +\d+ +\S+$/;
const SESSION_ROW = /^\d+ +\d+ +\d+ +[^, ]+, +\S+ +\S+ +\S+ +\d+$/;
const PACKETS_ROW = /^\d+( +\d+){6}$/;
const LINE_ROW = /^(\* *)?\d+ +(con|aux|tty|vty) +\d+( +\S+)? +idle +\S+( +\S+)?$/;
const INTERFACE_USER_ROW = /^[A-Za-z\d.]+ +\S+ +PPPoVPDN +\S+ +[\d.]+$/;
const BRIEF_ROW = /^\S+ +\S+ +YES +\w+ +(up|down|administratively down) +(up|down)$/;

function rows(lines: Iterable<string>, begins: RegExp): string[] {
  return [...lines].map((line) => line.trim()).filter((line) => begins.test(line));
}

function hostileView(remoteName: string, username: string): RouterView {
  return routerView({
    tunnels: [tunnelView({ remoteName, vpdnGroup: remoteName, state: 'wait-ctl-conn' })],
    sessions: [sessionView({ username, state: 'wait-connect' })],
    interfaces: [interfaceView({ username }), loopback()],
    users: [{ line: 0, lineName: 'con 0', user: username, idle: 0, location: remoteName, own: true }],
  });
}

test('rows of tunnels, sessions and users keep their words whatever the peers are called', () => {
  const name = fc.oneof(fc.constantFrom('', ' ', 'a b', 'x, Vi9 est', '\u3000'), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(name, name, (remoteName, username) => {
      const view = hostileView(remoteName, username);
      for (const lines of [[...showVpdn(view)], [...showL2tun(view)]]) {
        const [tunnel, session, ...more] = rows(lines, /^\d/);
        assert.match(tunnel!, TUNNEL_ROW);
        assert.match(session!, SESSION_ROW);
        assert.deepEqual(more, []);
      }
      const [line, subscriber] = rows(showUsers(view), /^(\*|Vi)/);
      assert.match(line!, LINE_ROW);
      assert.match(subscriber!, INTERFACE_USER_ROW);
    }),
  );
});

test('headings carry the totals', () => {
  const view = routerView({ tunnels: [tunnelView()], sessions: [sessionView()] });
  assert.match([...showVpdn(view)][1]!, /^L2TP Tunnel and Session Information Total tunnels +1 +sessions +1$/);
  const packets = [...showL2tunSession(view, { name: 'l2tp', form: 'packets' })];
  assert.match(packets[1]!, /^L2TP Session Information Total tunnels 1 sessions 1$/);
  assert.equal(rows(packets, /^\d/).filter((row) => PACKETS_ROW.test(row)).length, 1);
});

test('rows of show ip interface brief have six columns', () => {
  const view = routerView({
    interfaces: [interfaceView({ status: 'administratively down', lineProtocol: 'down' }), loopback()],
  });
  const found = [...showIpInterfaceBrief(view)].slice(1);
  for (const row of found) assert.match(row, BRIEF_ROW);
  assert.equal(found.length, 2);
});

test('every line of show interfaces is one that readers know', () => {
  const known = [
    /^[\w/.-]+ is [\w ]+, line protocol is \w+$/,
    /^Hardware is [\w\-/ +()]+$/,
    /^Interface is unnumbered\. Using address of [\w/.]+ \([\w.:]+\)$/,
    /^Internet address is [\d.]+\/\d+$/,
    /^MTU \d+ bytes, BW \d+ Kbit, DLY \d+ usec,$/,
    /^reliability [\d/]+, txload [\d/]+, rxload [\d/]+$/,
    /^Encapsulation [\w.]+(, .*)?$/,
    /^Open: \w+(, \w+)*$/,
    /^PPPoVPDN vaccess, cloned from Virtual-Template\d+$/,
    /^Vaccess status \S+, loopback .+$/,
    /^Protocol l2tp, tunnel id \d+, session id \d+, loopback not set$/,
    /^Keepalive set \(\d+ sec\)$/,
    /^DTR is pulsed for \d+ seconds on reset$/,
    /^Last input [\w.:]+, output [\w.:]+, output hang [\w.:]+$/,
    /^Last clearing of "show interface" counters [\w:.]+$/,
    /^Input queue: \d+\/\d+\/\d+\/\d+ \(size\/max\/drops\/flushes\); Total output drops: \d+$/,
    /^Queueing strategy: \S+$/,
    /^Output queue: \d+\/\d+ \(size\/max\)$/,
    /^5 minute (in|out)put rate \d+ bits\/sec, \d+ packets\/sec$/,
    /^\d+ packets input, \d+ bytes, \d+ no buffer$/,
    /^Received \d+ broadcasts, \d+ runts, \d+ giants, \d+ throttles$/,
    /^\d+ input errors, \d+ CRC, \d+ frame, \d+ overrun, \d+ ignored, \d+ abort$/,
    /^\d+ packets output, \d+ bytes, \d+ underruns$/,
    /^\d+ output errors, \d+ collisions, \d+ interface resets$/,
    /^\d+ output buffer failures, \d+ output buffers swapped out$/,
    /^\d+ carrier transitions$/,
  ];
  for (const line of showInterfaces(routerView({ interfaces: [interfaceView(), loopback()] }))) {
    assert.ok(
      known.some((pattern) => pattern.test(line.trim())),
      line,
    );
  }
});

test('show logging and show version are found by their keys', () => {
  const logging = [
    ...showLogging({
      configuration: { on: true },
      dropped: 0,
      rateLimited: 0,
      consoleLogged: 0,
      monitorLogged: 0,
      bufferLogged: 0,
      buffer: [],
    }),
  ].map((line) => line.trim());
  const counters =
    /^Syslog logging: \S+ \(\d+ messages dropped, \d+ messages rate-limited, \d+ flushes, \d+ overruns, xml/;
  assert.match(logging[0]!, counters);
  assert.equal(
    logging.filter((line) => /^\S+ logging: +level \S+, \d+ messages logged, xml \S+,$/.test(line)).length,
    3,
  );
  assert.ok(logging.some((line) => /^Log Buffer \(\d+ bytes\):$/.test(line)));

  const version = showVersion({
    hostname: 'peer2',
    version: '0.1.0',
    node: 'v26.1.0',
    kernel: 'Linux 6.1.0',
    machine: 'x86_64',
    processors: 1,
    memory: 0,
    interfaces: { physical: 2, virtual: 0 },
    uptime: 0,
    startedAt: WALL_CLOCK,
  });
  assert.match(version[0]!, /Software \(\S+\), Version [\d.]+,/);
  assert.ok(version.some((line) => /^peer2 uptime is .*\d+ minute/.test(line)));
});
