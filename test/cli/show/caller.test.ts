// `show caller …` (C154), `show subscriber session`, `show sss session`, `show aaa …` (C167, C168), `show vtemplate` (C166).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showCaller, showCallerFull, showCallerIp, showCallerSummary } from '../../../src/cli/show/caller.ts';
import { formatJson, toJson } from '../../../src/cli/show/json.ts';
import {
  showAaaSessions,
  showAaaUser,
  showSssSession,
  showSubscriberSession,
} from '../../../src/cli/show/subscriber.ts';
import { showVtemplate } from '../../../src/cli/show/vtemplate.ts';
import { emptyConfiguration } from '../../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../../src/vpdn/configuration-interface.ts';
import type { PppLinkView } from '../../../src/vpdn/view.ts';
import { block, interfaceView, loopback, NOW, routerView } from './fixture.ts';

const link: PppLinkView = {
  phase: 'UP',
  lcp: 'Opened',
  ipcp: 'Opened',
  peerAuthentication: 'chap',
  network: { localAddress: '10.1.1.1', peerAddress: '10.1.1.2', dns: [] },
  peerName: 'bob',
  uniqueId: 9,
  upSince: NOW - 75_000,
};
const bob = interfaceView({ lastInput: NOW - 9000, lastOutput: NOW - 5000, link });
const users = [{ line: 0, lineName: 'con 0', user: '', idle: 0, active: 680_000, location: '', own: true }];
const view = routerView({ interfaces: [bob, loopback()], users });

test('show caller lists lines and links, with how long they are up and idle', () => {
  assert.deepEqual(
    [...showCaller(view)],
    [
      '                                                  Active    Idle',
      '  Line         User               Service         Time      Time',
      '  con 0        -                  TTY             00:11:20  00:00:00',
      '  Vi3          bob                PPP   L2TP      00:01:15  00:00:05',
    ],
  );
});

test('show caller ip and summary', () => {
  assert.equal(
    [...showCallerIp(view)].at(-1),
    '  Vi3          bob                10.1.1.2        -               -               in',
  );
  assert.deepEqual(
    [...showCallerSummary(view)],
    [
      '       0   Analog calls (0 VPDN Calls)',
      '       0   ISDN calls (0 VPDN Calls)',
      '       1   VPDN calls',
      '       0   PPPoA calls',
      '       0   PPPoE calls',
      '       1   Total unique users logged in',
    ],
  );
});

test('show caller user is a block of what the user does', () => {
  assert.deepEqual([...showCallerFull(view, { username: 'bob' })].slice(1), [
    '  User: bob, line Vi3, service PPP L2TP',
    '        Active time 00:01:15, Idle time 00:00:05',
    '  Timeouts:            Absolute  Idle',
    '      Limits:          -         -',
    '      Disconnect in:   -         -',
    '  PPP: LCP Open, CHAP (<- local), IPCP',
    '  NCP: Open IPCP',
    '  IP: Local 10.1.1.1, remote 10.1.1.2',
    '  Counts: 4736 packets input, 66315 bytes, 0 no buffer',
    '          0 input errors, 0 CRC, 0 frame, 0 overrun',
    '          4735 packets output, 66310 bytes, 0 underruns',
    '          0 output errors, 0 collisions, 0 interface resets',
  ]);
  assert.deepEqual([...showCallerFull(view, { username: 'eve' })], ['% User eve is not logged in']);
  assert.ok(
    [...showCallerFull(view, { username: 'bob', detailed: true })].some((line) => /Vi3 IPCP: {4}Address/.test(line)),
  );
});

test('show subscriber session prints the captured layout', () => {
  assert.deepEqual([...showSubscriberSession(view)].slice(3), [
    'Current Subscriber Information: Total sessions 1',
    'Uniq ID Interface    State    Service     Up-time  TC Ct. Identifier',
    '9       Vi3          authen   Lterm       00:01:15 0      bob',
  ]);
  assert.deepEqual([...showSubscriberSession(routerView())], ['%No active Subscriber Sessions']);
});

test('a link that is still negotiating is nobody authenticated', () => {
  const early = interfaceView({ link: { ...link, phase: 'AUTHENTICATING', peerName: '' } });
  assert.match(
    [...showSssSession(routerView({ interfaces: [early] }))].at(-1)!,
    /^9 {7}PPP {8}unauth {4}- {13}- {25}00:01:00$/,
  );
});

test('show aaa sessions and show aaa user tell of links that are up', () => {
  assert.deepEqual(
    [...showAaaSessions(view)],
    [
      'Total sessions since last reload: 1',
      'Session Id: 3542',
      '   Unique Id: 9',
      '   User Name: bob',
      '   IP Address: 10.1.1.2',
      '   Idle Time: 9',
      '   CT Call Handle: 0',
    ],
  );
  assert.ok([...showAaaUser(view, 9)].includes('Unique id 9 is currently in use.'));
  assert.deepEqual([...showAaaUser(view, 8)], ['% No AAA user with unique id 8']);
});

test('show vtemplate counts the clones of each template', () => {
  const template = interfaceView({ name: 'Virtual-Template1', kind: 'Virtual-Template', clonedFrom: undefined });
  const configuration = emptyConfiguration();
  configuration.interfaces.set(template.name, emptyInterface(template.name, 'Virtual-Template'));
  assert.deepEqual(
    [...showVtemplate(routerView({ configuration, interfaces: [template, bob], cloned: { created: 8, freed: 7 } }))],
    block(`
                      Active     Active     Subint   Pre-clone Pre-clone Interface
                    Interface Subinterface Capable   Available  Limit     Type
                    --------- ------------ -------   --------- --------- ---------
      Vt1                   1            0  No          --        --      Serial

      Usage Summary
                                       Interface  Subinterface
                                       ---------  ------------
      Current Serial   in use                  1             0
      Current Serial   free                    0             0
      Current Ether    in use                  0             0
      Current Ether    free                    0             0
      Current Tunnel   in use                  0             0
      Current Tunnel   free                    0             0
      Total                                    1             0

      Cumulative created                       8             0
      Cumulative freed                         7             0

      Base virtual access interfaces: 0
      Total create or clone requests: 0
    `),
  );
});

test('| json of callers has what is agreed on, of whom is asked for', () => {
  const model = toJson(view, 'show-caller-full', { username: 'bob' });
  assert.equal(model.schema, 'vpdn.show-caller-full/1');
  const [caller] = [...(model.callers as Iterable<{ name: string; phase: string; millisUp: number }>)];
  assert.deepEqual([caller?.name, caller?.phase, caller?.millisUp], ['Virtual-Access3', 'UP', 75_000]);
  assert.deepEqual([...(toJson(view, 'show-caller-full', { username: 'eve' }).callers as Iterable<unknown>)], []);
  assert.deepEqual(JSON.parse([...formatJson(toJson(view, 'show-vtemplate'))].join('')), {
    schema: 'vpdn.show-vtemplate/1',
    templates: [],
  });
});
