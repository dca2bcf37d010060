// L2TP classes and counters (C146), cross connects (C148), groups (C163), failures of one user (C164), and what is off (C165).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showVpdnHistoryFailure } from '../../../src/cli/show/history-failure.ts';
import { formatJson, type JsonFilter, type JsonSubject, toJson } from '../../../src/cli/show/json.ts';
import { showL2tpClass } from '../../../src/cli/show/l2tp-class.ts';
import { showL2tpCounters, showL2tpMemory } from '../../../src/cli/show/l2tp-counters.ts';
import { showVpdnExtra } from '../../../src/cli/show/vpdn-extras.ts';
import {
  showVpdnDomain,
  showVpdnGroup,
  showVpdnGroupSelectDefault,
  showVpdnGroupSelectKeys,
  showVpdnGroupSelectSummary,
} from '../../../src/cli/show/vpdn-group.ts';
import { showXconnect } from '../../../src/cli/show/xconnect.ts';
import { emptyInterface } from '../../../src/vpdn/configuration-interface.ts';
import { emptyL2tpClass, emptyPseudowireClass, emptyVpdnGroup } from '../../../src/vpdn/configuration-vpdn.ts';
import { block, failureView, interfaceView, NOW, routerView, sessionView, tunnelView } from './fixture.ts';

function configured() {
  const view = routerView({ tunnels: [tunnelView({ activeSessions: 3 })], sessions: [sessionView()] });
  const { configuration } = view;
  const password = { type: 0, text: 'tunn3l' } as const;
  configuration.l2tpClasses.set('one', { ...emptyL2tpClass('one'), authentication: true, hostname: 'peer1', password });
  configuration.pseudowireClasses.set('pw', { ...emptyPseudowireClass('pw'), l2tpClass: 'one' });
  configuration.vpdnGroups.set('l2tpgroup1', {
    ...emptyVpdnGroup('l2tpgroup1'),
    acceptDialin: { protocol: 'l2tp', virtualTemplate: 1 },
    terminateFrom: 'peer1',
    sessionLimit: 100,
  });
  configuration.vpdnGroups.set('vgdefault', { ...emptyVpdnGroup('vgdefault'), acceptDialin: { protocol: 'l2tp' } });
  configuration.vpdnGroups.set('out', {
    ...emptyVpdnGroup('out'),
    requestDialin: { protocol: 'l2tp', domains: ['example.com'], dnis: ['5551234'], multihopHostnames: [] },
    initiateTo: [{ address: '192.0.2.7', limit: 10, priority: 2 }],
  });
  const subject = emptyInterface('Virtual-PPP1', 'Virtual-PPP');
  subject.pseudowire = { peer: '192.0.2.2', vcid: 10, pseudowireClass: 'pw' };
  configuration.interfaces.set('Virtual-PPP1', subject);
  return view;
}

const json = (subject: JsonSubject, filter: JsonFilter = {}, view = configured()) => {
  return JSON.parse([...formatJson(toJson(view, subject, filter))].join('\n'));
};

test('show l2tp class: each class, its users and its lines, and no secret', () => {
  const lines = [...showL2tpClass(configured())];
  assert.deepEqual(
    lines.filter((line) => !line.includes('password')),
    block(`
      class [l2tp_default_class]
        is a statically configured class
        Not used by any VPDN group
        configuration:
          l2tp-class l2tp_default_class
          !

      class [one]
        is a statically configured class
        Used by pseudowire-class pw
        configuration:
          l2tp-class one
           authentication
           hostname peer1
          !
    `),
  );
  assert.ok(!lines.join('\n').includes('tunn3l'));
  assert.deepEqual(json('show-l2tp-class').classes, [
    { name: 'one', authentication: true, hidden: false, hostname: 'peer1', usedBy: ['pw'] },
  ]);
});

test('show l2tp counters: every type of message, and the sum', () => {
  const view = routerView({
    controlMessages: new Map([
      ['SCCRQ', { sent: 3, resent: 1, received: 0, dropped: 0 }],
      ['HELLO', { sent: 5, resent: 0, received: 7, dropped: 2 }],
      ['ICRQ', { sent: 0, resent: 0, received: 4, dropped: 0 }],
      ['message', { sent: 0, resent: 0, received: 1, dropped: 0 }],
    ]),
    controlMessagesClearedAt: NOW - 60_000,
  });
  assert.deepEqual(
    [...showL2tpCounters(view, 'tunnel')],
    block(`
      Global L2TP tunnel control message statistics:
                       XMIT    RE-XMIT       RCVD       DROP
      ========== ========== ========== ========== ==========
             ZLB          0          0          0          0
             ACK          0          0          0          0
           SCCRQ          3          1          0          0
           SCCRP          0          0          0          0
           SCCCN          0          0          0          0
         StopCCN          0          0          0          0
           HELLO          5          0          7          2
         Unknown          0          0          1          0
           Total          8          1          8          2

      Last clearing of counters 00:01:00
    `),
  );
  const both = [...showL2tpCounters(view)];
  assert.ok(both.includes('      ICRQ          0          0          4          0'));
  const messages: { message: string; received: number }[] = json(
    'show-l2tp-counters',
    { kind: 'session' },
    view,
  ).messages;
  assert.deepEqual(messages.find(({ message }) => message === 'ICRQ')?.received, 4);
});

test('show l2tp memory counts what there is, and says that there are no pools', () => {
  assert.deepEqual(
    [...showL2tpMemory(routerView({ tunnels: [tunnelView()], sessions: [sessionView(), sessionView()] }))],
    block(`
      L2TP keeps no memory pools of its own (ext)

        Pool                                 In use
        Control connections                  1
        Sessions                             2
        Control messages to be sent          0
        Control messages to be acknowledged  0
    `),
  );
});

test('show xconnect: a Virtual-PPP and its pseudowire, down and up, with details', () => {
  const view = configured();
  const head = block(`
    Legend:    XC ST=Xconnect State  S1=Segment1 State  S2=Segment2 State
      UP=Up       DN=Down            AD=Admin Down      IA=Inactive
      SB=Standby  HS=Hot Standby     RV=Recovering      NH=No Hardware

    XC ST  Segment 1                         S1 Segment 2                         S2
    ------+---------------------------------+--+---------------------------------+--
  `);
  assert.deepEqual(
    [...showXconnect(view)],
    [...head, 'DN pri ac   Vp1(PPP)                     DN l2tp 192.0.2.2:10                 DN'],
  );
  view.sessions.push(sessionView({ interfaceName: 'Virtual-PPP1', vcid: 10, remoteAddress: '192.0.2.2', localId: 5 }));
  assert.deepEqual([...showXconnect(view, { peer: '192.0.2.2' }, true)].slice(6), [
    'UP pri ac   Vp1(PPP)                     UP l2tp 192.0.2.2:10                 UP',
    '            Interworking: none                   Session ID: 5',
    '                                                 Tunnel ID: 7658',
    '                                                 Protocol State: UP',
    '                                                 Remote Circuit State: UP',
    '                                                 pw-class: pw',
  ]);
  assert.deepEqual([...showXconnect(view, { peer: '192.0.2.3' })], head);
  assert.deepEqual([...showXconnect(view, { interfaceName: 'Virtual-PPP2' })], head);
  assert.deepEqual(json('show-xconnect', {}, view).xconnects, [
    {
      interfaceName: 'Virtual-PPP1',
      type: 'PPP',
      peer: '192.0.2.2',
      vcid: 10,
      pseudowireClass: 'pw',
      segment1: 'UP',
      segment2: 'UP',
      localSession: 5,
      tunnelId: 7658,
    },
  ]);
});

test('show xconnect: a physical interface is up or down by its link, and down when it is shut', () => {
  const view = configured();
  const subject = emptyInterface('FastEthernet0/0', 'physical');
  subject.xconnect = { peer: '192.0.2.8', vcid: 123 };
  view.configuration.interfaces.set(subject.name, subject);
  const row = () => [...showXconnect(view, { interfaceName: 'FastEthernet0/0' })].at(-1);
  assert.equal(row(), 'DN pri ac   Fa0/0(Ethernet)              DN l2tp 192.0.2.8:123                DN');
  view.interfaces.push(interfaceView({ name: 'FastEthernet0/0', kind: 'physical' }));
  assert.equal(row(), 'DN pri ac   Fa0/0(Ethernet)              UP l2tp 192.0.2.8:123                DN');
  subject.shutdown = true;
  assert.equal(row(), 'AD pri ac   Fa0/0(Ethernet)              AD l2tp 192.0.2.8:123                DN');
});

test('show vpdn group: all in a table, one with its parts', () => {
  assert.deepEqual(
    [...showVpdnGroup(configured())],
    block(`
      VPDN Group              Direction       Protocol Tunnels Sessions Session Limit
      l2tpgroup1              accept-dialin   l2tp     1       3        100
      vgdefault               accept-dialin   l2tp     0       0        *
      out                     request-dialin  l2tp     0       0        *
    `),
  );
  assert.deepEqual(
    [...showVpdnGroup(configured(), 'out')],
    block(`
      VPDN group out

      Tunnel (L2TP)
      ------
      dnis:5551234
      example.com

      Endpoint        Session Limit Priority Active Sessions Status
      --------        ------------- -------- --------------- ------
      192.0.2.7       10            2        0               -
      --------        -------------          ---------------
      Total           *                      0
    `),
  );
  assert.deepEqual(
    [...showVpdnGroup(configured(), 'l2tpgroup1', 'domain')],
    ['VPDN group l2tpgroup1', '', 'Tunnel (L2TP)', '------', 'terminate-from hostname peer1', 'virtual-template 1'],
  );
  assert.deepEqual([...showVpdnGroup(configured(), 'nobody')], ['% VPDN group nobody not found']);
  assert.deepEqual([...showVpdnGroup(routerView())], ['% No VPDN groups configured']);
  assert.equal(json('show-vpdn-group', { name: 'l2tpgroup1' }).groups[0].sessions, 3);
});

test('show vpdn domain and show vpdn group-select', () => {
  const view = configured();
  assert.deepEqual(
    [...showVpdnDomain(view)],
    block(`
      Tunnel                          VPDN Group
      ------                          ----------
      dnis:5551234                    out (L2TP)
      domain:example.com              out (L2TP)
    `),
  );
  assert.deepEqual(
    [...showVpdnGroupSelectDefault(view)],
    block(`
      Default VPDN Group      Protocol
      vgdefault               l2tp
      None                    pptp
    `),
  );
  assert.deepEqual(
    [...showVpdnGroupSelectSummary(view)],
    block(`
      VPDN Group      Vrf  Remote Name     Source-IP       Protocol Direction
      l2tpgroup1      *    peer1           0.0.0.0         l2tp     accept-dialin
      vgdefault       *    *               0.0.0.0         l2tp     accept-dialin
      out             *    *               0.0.0.0         l2tp     request-dialin
    `),
  );
});

test('show vpdn group-select keys answers as an SCCRQ would be answered', () => {
  const rowFor = (keys: object) => [...showVpdnGroupSelectKeys(configured(), keys)][1];
  assert.equal(rowFor({ hostname: 'peer1' }), 'l2tpgroup1              *            peer1           0.0.0.0');
  assert.equal(rowFor({ hostname: 'other' }), 'vgdefault               *            other           0.0.0.0');
  assert.equal(rowFor({}), 'vgdefault               *            *               0.0.0.0');
  assert.equal(
    [...showVpdnGroupSelectKeys(routerView())][1],
    'None                    *            *               0.0.0.0',
  );
  assert.equal(json('show-vpdn-group-select', { keys: { hostname: 'peer1' } }).group, 'l2tpgroup1');
});

test('show vpdn history failure user-name has the records of one user', () => {
  const view = routerView({ failures: [failureView(), failureView({ user: 'alice' })] });
  const users = [...showVpdnHistoryFailure(view, { username: 'alice' })].filter((line) => line.startsWith('User:'));
  assert.deepEqual(users, ['User: alice, MID = 1']);
  assert.equal(json('show-vpdn-history-failure', { failure: { username: 'alice' } }, view).failures.length, 1);
});

test('what this router does not have is off, and says so', () => {
  const view = configured();
  assert.deepEqual(
    [...showVpdnExtra(view, 'redirect')],
    ['vpdn redirection disabled', 'Number of redirects as a NAS: 0', 'Number of redirects as a tunnel server: 0'],
  );
  assert.equal([...showVpdnExtra(view, 'multilink')].length, 1);
  assert.equal([...showVpdnExtra(view, 'dead-cache', 'out')].length, 1);
  assert.deepEqual([...showVpdnExtra(view, 'dead-cache', 'nobody')], ['% VPDN group nobody not found']);
  assert.ok([...showVpdnExtra(view, 'redundancy')].includes('  L2TP Tunnels:     1/0 (total/HA-enabled)'));
  assert.deepEqual(json('show-vpdn-extra', { extra: 'redirect' }), {
    schema: 'vpdn.show-vpdn-extra/1',
    feature: 'redirect',
    enabled: false,
    rows: [],
  });
});
