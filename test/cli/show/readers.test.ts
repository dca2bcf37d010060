// What programs that read IOS output rely on, whoever wrote them: words in fixed order, one row a line, nothing empty.
// The patterns are ours, made from what the public parsers of `show vpdn`, `show l2tp`, `show users`, `show interfaces`,
// `show ip interface brief` and `show logging` look for; lines are stripped before they are matched, as those do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { showInterfaces } from '../../../src/cli/show/interfaces.ts';
import { showIpInterfaceBrief } from '../../../src/cli/show/ip-interface-brief.ts';
import { showIpLocalPool } from '../../../src/cli/show/ip-local-pool.ts';
import { showIpRoute } from '../../../src/cli/show/ip-route.ts';
import { showL2tun, showL2tunSession, showL2tunTunnel } from '../../../src/cli/show/l2tun.ts';
import { showLogging } from '../../../src/cli/show/logging.ts';
import { showUsers } from '../../../src/cli/show/users.ts';
import { showVersion } from '../../../src/cli/show/version.ts';
import { showVpdn, showVpdnTunnel } from '../../../src/cli/show/vpdn.ts';
import { showVpdnSession } from '../../../src/cli/show/vpdn-session.ts';
import { showXconnect } from '../../../src/cli/show/xconnect.ts';
import { emptyInterface } from '../../../src/vpdn/configuration-interface.ts';
import type { RouterView } from '../../../src/vpdn/view.ts';
import { interfaceView, loopback, NOW, routerView, routeView, sessionView, tunnelView, WALL_CLOCK } from './fixture.ts';

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
      trapLogged: 6,
      servers: [],
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

/** Every line that is not blank is one of these; returns how many there were. */
function allKnown(lines: Iterable<string>, known: readonly RegExp[]): number {
  const found = [...lines].map((line) => line.trim()).filter((line) => line !== '');
  for (const line of found)
    assert.ok(
      known.some((pattern) => pattern.test(line)),
      line,
    );
  return found.length;
}

test('the block of a PPTP tunnel is one line a fact, and its times are bare', () => {
  const counters = { packetsSent: 0, packetsReceived: 0, octetsSent: 0, octetsReceived: 0 };
  const view = routerView({
    pptpTunnels: [
      {
        localId: 40512,
        state: 'wait-ctl-reply',
        since: NOW - 10_000,
        localName: 'PG2',
        remoteName: '192.0.2.1',
        localAddress: '192.0.2.2',
        localPort: 0,
        remoteAddress: '192.0.2.1',
        remotePort: 1723,
        vpdnGroup: 'PPTP',
        activeSessions: 1,
        counters,
      },
    ],
  });
  const count = allKnown(showVpdnTunnel(view, { form: 'all', protocol: 'pptp' }), [
    /^PPTP Tunnel Information Total tunnels \d+ sessions \d+$/,
    /^Tunnel id \d+, \d+ active sessions$/,
    /^Tunnel state is \S+, time since change [\d:]+$/,
    /^(Remote|Local) tunnel name is \S+$/,
    /^Internet Address [\d.]+, port \d+$/,
    /^VPDN group: \S+$/,
    /^\d+ packets sent, \d+ received, \d+ bytes sent, \d+ received$/,
    /^Last clearing of "show vpdn" counters \S+$/,
  ]);
  assert.equal(count, 10);
});

test('the block of an L2TP session is one line a fact', () => {
  const view = routerView({ tunnels: [tunnelView()], sessions: [sessionView({ sequencing: true })] });
  allKnown(showVpdnSession(view, { form: 'all', protocol: 'l2tp' }), [
    /^L2TP Session Information Total tunnels \d+ sessions \d+$/,
    /^Session id \d+ is (up|down), tunnel id \d+$/,
    /^Call serial number is \d+$/,
    /^Remote tunnel name is \S+$/,
    /^Internet address is [\d.]+$/,
    /^Session state is [\w-]+, time since change \S+$/,
    /^\d+ (Packets|Bytes) sent, \d+ received$/,
    /^Last clearing of "show vpdn" counters \S+$/,
    /^Session MTU is \d+ bytes$/,
    /^Session username is \S+$/,
    /^Interface [A-Z][a-z][\d./]+$/,
    /^Remote session id is \d+, remote tunnel id \d+$/,
    /^UDP checksums are (en|dis)abled$/,
    /^SSS switching enabled$/,
    /^No FS cached header information available$/,
    /^Sequencing is (on|off)$/,
    /^Ns \d+, Nr \d+, \d+ out of order packets discarded$/,
    /^Unique ID is \d+$/,
  ]);
});

test('a row of show l2tp tunnel has seven words, the heading its totals', () => {
  const lines = [...showL2tunTunnel(routerView({ tunnels: [tunnelView()] }), { name: 'l2tp' })];
  assert.match(lines[1]!, /^L2TP\s+Tunnel\s+Information\s+Total\s+tunnels\s+\d+\s+sessions\s+\d+$/);
  assert.match(lines[5]!, /^\d+(\s+\S+){3}\s+\d+(\.\d+){3}\s+\d+\s+\S+$/);
});

test('a row of show xconnect has its states in two letters, on both sides of each segment', () => {
  const view = routerView();
  const subject = emptyInterface('Virtual-PPP1', 'Virtual-PPP');
  subject.pseudowire = { peer: '192.0.2.2', vcid: 10, pseudowireClass: 'pw' };
  view.configuration.interfaces.set(subject.name, subject);
  const state = '(UP|DN|AD|IA|SB|HS|RV|NH)';
  assert.match([...showXconnect(view)].at(-1)!, new RegExp(`^${state} (pri|sec) .+ ${state} \\S+ .+ ${state}$`));
});

test('rows of show ip route are a code, a prefix, and how to get there', () => {
  const view = routerView({
    routes: [
      routeView('10.1.1.0', 24, { interfaceName: 'Loopback1' }),
      routeView('10.1.1.2', 32, { interfaceName: 'Virtual-Access3' }),
      routeView('10.20.20.0', 24, { source: 'static', nextHop: '10.1.1.2', distance: 1 }),
      routeView('0.0.0.0', 0, { source: 'static', nextHop: '192.0.2.254', distance: 1 }),
    ],
  });
  const found = [...showIpRoute(view)];
  assert.ok(found.some((line) => /^Gateway of last resort is [\d.]+ to network [\d.]+$/.test(line)));
  const routes = found.filter((line) => /^[CS]\*? /.test(line));
  for (const route of routes) {
    assert.match(route, /^[CS]\*? +[\d.]+\/\d+ +(is directly connected, [\w-]+[\d/.]+|\[\d+\/\d+\] via [\d.]+)$/);
  }
  assert.equal(routes.length, 4);
});

test('a row of show ip local pool is a name, two addresses and two counts', () => {
  const pools = [{ name: 'a b', low: '10.1.1.10', high: '10.1.1.19', free: 9, inUse: 1 }];
  assert.match([...showIpLocalPool(routerView({ pools }))][1]!, /^ \S+ +[\d.]+ +[\d.]+ +\d+ +\d+$/);
});
