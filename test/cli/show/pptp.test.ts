// PPTP and MPPE as the guide prints them, line for line (R-204 to R-209; X06 and X20 of the reference: times with their colons).

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatJson, toJson } from '../../../src/cli/show/json.ts';
import { showPppMppe } from '../../../src/cli/show/mppe.ts';
import { showVpdn, showVpdnTunnel } from '../../../src/cli/show/vpdn.ts';
import { showVpdnSession } from '../../../src/cli/show/vpdn-session.ts';
import type { MppeView, PptpSessionView, PptpTunnelView } from '../../../src/vpdn/view-pptp.ts';
import { block, HOSTILE, HOSTILE_PRINTED, NOW, routerView } from './fixture.ts';

function tunnel(parts: Partial<PptpTunnelView> = {}): PptpTunnelView {
  return {
    localId: 13,
    state: 'established',
    since: NOW - 30_000,
    localName: 'PG2',
    remoteName: '10.1.2.41',
    localAddress: '10.1.2.1',
    localPort: 1723,
    remoteAddress: '10.1.2.41',
    remotePort: 1136,
    vpdnGroup: 'PPTP',
    activeSessions: 1,
    counters: { packetsSent: 2, packetsReceived: 3, octetsSent: 188, octetsReceived: 324 },
    ...parts,
  };
}

function session(parts: Partial<PptpSessionView> = {}): PptpSessionView {
  return {
    localId: 13,
    remoteId: 0,
    tunnelId: 13,
    remoteName: '10.1.2.41',
    remoteAddress: '10.1.2.41',
    state: 'established',
    since: NOW - 30_000,
    interfaceName: 'Virtual-Access3',
    uniqueId: 4,
    counters: { packetsSent: 10, packetsReceived: 10, octetsSent: 332, octetsReceived: 448 },
    flow: {
      nextSent: 11,
      lastReceived: 10,
      remoteAcknowledged: 10,
      localWindow: 16,
      remoteWindow: 16,
      outOfOrder: 0,
      alarm: false,
    },
    ...parts,
  };
}

function mppe(parts: Partial<MppeView> = {}): MppeView {
  return {
    interfaceName: 'Virtual-Access3',
    hardware: { card: 'ISA5/1', flowId: 13 },
    bits: 40,
    stateful: false,
    packetsEncrypted: 0,
    packetsDecrypted: 1,
    resetsSent: 0,
    resetsReceived: 0,
    nextSentCoherency: 0,
    nextReceivedCoherency: 0,
    sentKeyChanges: 0,
    receivedKeyChanges: 0,
    receivedDropped: 0,
    receivedOutOfOrder: 0,
    receivedMissed: 0,
    ...parts,
  };
}

const view = routerView({ pptpTunnels: [tunnel()], pptpSessions: [session()] });

describe('C136: PPTP in show vpdn', () => {
  test('the guide, step 5', () => {
    assert.deepEqual(
      [...showVpdn(view)],
      block(`

        % No active L2TP tunnels

        % No active L2F tunnels

        PPTP Tunnel and Session Information (Total tunnels=1 sessions=1)

        LocID RemID   Remote Name     State    Remote Address  Port  Sessions
        13    13      10.1.2.41       estabd   10.1.2.41       1136  1

        LocID RemID TunID Intf    Username      State   Last Chg
        13    0     13    Vi3                   estabd  00:00:30
      `),
    );
  });

  test('an authenticated user has its name in the table', () => {
    const known = routerView({ pptpTunnels: [tunnel()], pptpSessions: [session({ username: 'bob' })] });
    assert.equal([...showVpdn(known)].at(-1), '13    0     13    Vi3     bob           estabd  00:00:30');
  });

  test('a tunnel without a session has no session table, and is shown though vpdn enable is off', () => {
    const off = routerView({ pptpTunnels: [tunnel({ activeSessions: 0 })] });
    off.configuration.vpdn.enabled = false;
    const lines = [...showVpdn(off)];
    assert.equal(lines.at(-1), '13    13      10.1.2.41       estabd   10.1.2.41       1136  0');
  });
});

describe('C138: show vpdn tunnel pptp', () => {
  test('all has the block of a tunnel', () => {
    const waiting = tunnel({
      localId: 40512,
      state: 'wait-ctl-reply',
      since: NOW - 10_000,
      remoteName: '192.0.2.1',
      remoteAddress: '192.0.2.1',
      remotePort: 1723,
      localAddress: '192.0.2.2',
      localPort: 0,
      counters: { packetsSent: 0, packetsReceived: 0, octetsSent: 0, octetsReceived: 0 },
    });
    const one = routerView({ pptpTunnels: [waiting], pptpSessions: [session()] });
    assert.deepEqual(
      [...showVpdnTunnel(one, { form: 'all', protocol: 'pptp' })],
      block(`

        PPTP Tunnel Information Total tunnels 1 sessions 1

        Tunnel id 40512, 1 active sessions
          Tunnel state is wt-cnnct, time since change 00:00:10
          Remote tunnel name is 192.0.2.1
            Internet Address 192.0.2.1, port 1723
          Local tunnel name is PG2
            Internet Address 192.0.2.2, port 0
          VPDN group: PPTP
          0 packets sent, 0 received, 0 bytes sent, 0 received
          Last clearing of "show vpdn" counters never
      `),
    );
  });

  test('the tables', () => {
    const table = (form: 'brief' | 'packets' | 'state' | 'transport' | 'summary') => {
      return [...showVpdnTunnel(view, { form, protocol: 'pptp' })].slice(3);
    };
    assert.deepEqual(table('summary'), []);
    assert.deepEqual(
      [...table('packets'), ...table('state'), ...table('transport')],
      block(`
        LocID Pkts-In    Pkts-Out   Bytes-In   Bytes-Out
        13    3          2          324        188
        LocID RemID   Local Name      Remote Name     State    Last-Chg
        13    13      PG2             10.1.2.41       estabd   00:00:30
        LocID Type Prot Local Address   Port  Remote Address  Port
        13    TCP  6    10.1.2.1        1723  10.1.2.41       1136
      `),
    );
  });

  test('filters name one of several, or none', () => {
    const two = routerView({ pptpTunnels: [tunnel(), tunnel({ localId: 14, remoteName: 'pc1' })] });
    const rows = (filter: object) => [...showVpdnTunnel(two, { protocol: 'pptp', filter })].slice(4);
    assert.deepEqual(rows({ id: 14 }).length, 1);
    assert.deepEqual(rows({ remoteName: '10.1.2.41', localName: 'PG2' }).length, 1);
    assert.deepEqual(
      [...showVpdnTunnel(two, { protocol: 'pptp', filter: { id: 15 } })],
      ['', '% No active PPTP tunnels'],
    );
  });
});

describe('C140: PPTP in show vpdn session', () => {
  test('the guide, step 6', () => {
    const minute = routerView({ pptpTunnels: [tunnel()], pptpSessions: [session({ since: NOW - 66_000 })] });
    assert.deepEqual(
      [...showVpdnSession(minute, { form: 'all' })],
      block(`

        % No active L2TP tunnels

        % No active L2F tunnels

        PPTP Session Information (Total tunnels=1 sessions=1)

        Call id 13 is up on tunnel id 13
        Remote tunnel name is 10.1.2.41
          Internet Address is 10.1.2.41
          Session username is unknown, state is estabd
            Time since change 00:01:06, interface Vi3
            Remote call id is 0
            10 packets sent, 10 received, 332 bytes sent, 448 received
            Ss 11, Sr 10, Remote Nr 10, peer RWS 16
            0 out of order packets
            Flow alarm is clear.
      `),
    );
  });

  test('a set alarm and a known user are said, a hostile name escaped', () => {
    const flow = { ...session().flow, alarm: true };
    const one = routerView({ pptpTunnels: [tunnel()], pptpSessions: [session({ flow, username: HOSTILE })] });
    const lines = [...showVpdnSession(one, { form: 'all', protocol: 'pptp' })];
    assert.equal(lines.at(-1), '    Flow alarm is set.');
    const past = { ...session().flow, fellBack: true };
    const other = routerView({ pptpTunnels: [tunnel()], pptpSessions: [session({ flow: past })] });
    assert.deepEqual([...showVpdnSession(other, { form: 'all', protocol: 'pptp' })].slice(-2), [
      '    Flow alarm is clear.',
      '    Flow alarm has gone off: MPPE is stateless for the rest of the call',
    ]);
    assert.ok(lines.includes(`  Session username is ${HOSTILE_PRINTED}, state is estabd`));
  });

  test('the tables', () => {
    const flow = { ...session().flow, acknowledgeTimeout: 250 };
    const one = routerView({ pptpTunnels: [tunnel()], pptpSessions: [session({ flow })] });
    const table = (form: 'packets' | 'sequence' | 'window' | 'timers' | 'interface') => {
      return [...showVpdnSession(one, { form, protocol: 'pptp' })].slice(3);
    };
    assert.deepEqual(
      (['packets', 'sequence', 'window', 'timers', 'interface'] as const).flatMap(table),
      block(`
        LocID RemID TunID Pkts-In    Pkts-Out   Bytes-In   Bytes-Out
        13    0     13    10         10         448        332
        LocID RemID TunID Ss         Sr         Remote Nr
        13    0     13    11         10         10
        LocID RemID TunID Local RWS Peer RWS Unacked  Alarm
        13    0     13    16        16       0        clear
        LocID RemID TunID Ack timeout   Last Chg
        13    0     13    250ms         00:00:30
        LocID RemID TunID Intf    State    Uniq ID
        13    0     13    Vi3     estabd   4
      `),
    );
  });

  test('filters name a call by its id, user, interface or tunnel; a VC ID is none of PPTP', () => {
    const two = routerView({
      pptpTunnels: [tunnel()],
      pptpSessions: [session({ username: 'bob' }), session({ localId: 14, interfaceName: 'Virtual-Access4' })],
    });
    const rows = (filter: object) => [...showVpdnSession(two, { protocol: 'pptp', filter })].slice(4).length;
    assert.equal(rows({}), 2);
    for (const filter of [{ id: 14 }, { username: 'bob' }, { interfaceName: 'Virtual-Access4' }]) {
      assert.equal(rows(filter), 1, JSON.stringify(filter));
    }
    assert.equal(rows({ tunnelId: 99 }), 0);
    assert.equal(rows({ vcid: 13 }), 0);
  });
});

describe('C149: show ppp mppe', () => {
  test('the guide, step 7, and again after one more packet', () => {
    const before = routerView({ mppe: [mppe()] });
    const lines = block(`
      Interface Virtual-Access3 (current connection)
        Hardware (ISA5/1, flow_id=13) encryption, 40 bit encryption, Stateless mode
        packets encrypted = 0        packets decrypted  = 1
        sent CCP resets   = 0        receive CCP resets = 0
        next tx coherency = 0        next rx coherency  = 0
        tx key changes    = 0        rx key changes     = 0
        rx pkt dropped    = 0        rx out of order pkt= 0
        rx missed packets = 0
    `);
    assert.deepEqual([...showPppMppe(before, 'Virtual-Access3')], lines);
    const after = routerView({ mppe: [mppe({ receivedKeyChanges: 1 })] });
    lines[5] = '  tx key changes    = 0        rx key changes     = 1';
    assert.deepEqual([...showPppMppe(after, 'Virtual-Access3')], lines);
  });

  test('software, with a history between packets', () => {
    const one = routerView({ mppe: [mppe({ hardware: undefined, bits: 128, stateful: true })] });
    assert.equal(
      [...showPppMppe(one, 'Virtual-Access3')][1],
      '  Software encryption, 128 bit encryption, Stateful mode',
    );
  });

  test('a session whose flow-control alarm has gone off', () => {
    const one = routerView({ mppe: [mppe({ fellBack: true })] });
    assert.equal(
      [...showPppMppe(one, 'Virtual-Access3')][2],
      '  stateless for the rest of the call: the flow-control alarm has gone off',
    );
  });

  test('an interface without it', () => {
    assert.deepEqual([...showPppMppe(routerView(), 'Virtual-Access3')], ['% MPPE not enabled on Virtual-Access3']);
    assert.deepEqual(
      [...showPppMppe(routerView({ mppe: [mppe()] }), 'Serial0/0')],
      ['% MPPE not enabled on Serial0/0'],
    );
  });
});

test('as JSON: tunnels, sessions with their flow, MPPE', () => {
  const read = (subject: 'show-vpdn' | 'show-vpdn-tunnel' | 'show-vpdn-session' | 'show-ppp-mppe', filter = {}) => {
    return JSON.parse([...formatJson(toJson({ ...view, mppe: [mppe()] }, subject, filter))].join('\n'));
  };
  const all = read('show-vpdn');
  assert.deepEqual(all.pptpTunnels, [
    {
      localId: 13,
      state: 'established',
      localName: 'PG2',
      remoteName: '10.1.2.41',
      localAddress: '10.1.2.1',
      localPort: 1723,
      remoteAddress: '10.1.2.41',
      remotePort: 1136,
      vpdnGroup: 'PPTP',
      activeSessions: 1,
      millisInState: 30_000,
      counters: { packetsSent: 2, packetsReceived: 3, octetsSent: 188, octetsReceived: 324 },
    },
  ]);
  assert.deepEqual(read('show-vpdn-tunnel', { tunnel: { remoteName: 'nobody' } }).pptpTunnels, []);
  const sessions = read('show-vpdn-session', { protocol: 'pptp' });
  assert.deepEqual(sessions.sessions, []);
  assert.equal(sessions.pptpSessions[0].flow.remoteWindow, 16);
  const mppes = read('show-ppp-mppe', { name: 'Virtual-Access3' });
  assert.equal(mppes.schema, 'vpdn.show-ppp-mppe/1');
  assert.deepEqual(mppes.mppe[0].hardware, { card: 'ISA5/1', flowId: 13 });
  assert.deepEqual(read('show-ppp-mppe', { name: 'Virtual-Access4' }).mppe, []);
});
