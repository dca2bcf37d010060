// `show ppp …` (C150-C152): the layouts, and what each state looks like.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showPppAll, showPppInterface } from '../../../src/cli/show/ppp.ts';
import { showPppStatistics } from '../../../src/cli/show/ppp-statistics.ts';
import { PppStatistics } from '../../../src/vpdn/ppp-statistics.ts';
import type { PppLinkView } from '../../../src/vpdn/view.ts';
import { block, HOSTILE, interfaceView, LINK, loopback, routerView } from './fixture.ts';

const caller = (link: Partial<PppLinkView> = {}) => {
  return interfaceView({ peerAddress: '10.1.1.10', sessionId: 3, link: { ...LINK, ...link } });
};

test('show ppp all has a row for each link, whatever state it is in', () => {
  const interfaces = [
    loopback(),
    caller(),
    {
      ...caller({ phase: 'AUTHENTICATING', peerAuthentication: 'pap', localAuthentication: 'chap', peerName: '' }),
      name: 'Virtual-Access10',
      peerAddress: undefined,
    },
    { ...caller({ ipcp: 'Ack-Sent' }), name: 'Virtual-Access4' },
    { ...caller({ phase: 'ESTABLISHING', lcp: 'Req-Sent', peerAuthentication: undefined }), name: 'Virtual-Access5' },
    {
      ...caller({ ccp: 'Opened', peerAuthentication: 'ms-chap-v2', localAuthentication: undefined }),
      name: 'Virtual-Access7',
    },
    { ...caller({ ccp: 'Stopped' }), name: 'Virtual-Access8' },
    { ...caller({ ccp: 'Initial' }), name: 'Virtual-Access9' },
    { ...caller({ phase: 'TERMINATING', lcp: 'Closing' }), name: 'Virtual-Access6' },
  ];
  assert.deepEqual(
    [...showPppAll(routerView({ interfaces }))],
    block(`
      Interface/ID OPEN+ Nego* Fail-     Stage    Peer Address    Peer Name
      ------------ --------------------- -------- --------------- --------------------
      Vi3          LCP+ CHAP+ IPCP+      LocalT   10.1.1.10       bob
      Vi4          LCP+ CHAP+ IPCP*      LocalT   10.1.1.10       bob
      Vi5          LCP*                  LCP      10.1.1.10       bob
      Vi6          LCP- CHAP-            TERM     10.1.1.10       bob
      Vi7          LCP+ MSV2+ CCP+ IPCP+ LocalT   10.1.1.10       bob
      Vi8          LCP+ CHAP+ CCP- IPCP+ LocalT   10.1.1.10       bob
      Vi9          LCP+ CHAP+ IPCP+      LocalT   10.1.1.10       bob
      Vi10         LCP+ PAP* CHAP*       AUTHEN   0.0.0.0
    `),
  );
});

test('show ppp interface has encryption in front of addresses', () => {
  const lines = [...showPppInterface(routerView({ interfaces: [caller({ ccp: 'Opened' })] }), 'Virtual-Access3')];
  assert.ok(lines.includes('Control Protocols: LCP[Open] CHAP+ CCP[Open] IPCP[Open]'), lines.join('\n'));
  assert.ok(lines.indexOf('Vi3 CCP: [Open]') < lines.indexOf('Vi3 IPCP: [Open]'));
});

test('show ppp interface tells what either end has asked for and got', () => {
  assert.deepEqual(
    [...showPppInterface(routerView({ interfaces: [caller()] }), 'Virtual-Access3')],
    block(`
      PPP Serial Context Info
      -------------------
      Interface        : Vi3
      State            : Up
      Last State       : Binding
      Last Event       : LocalTerm

      PPP Session Info
      ----------------
      Interface        : Vi3
      PPP ID           : 0x0000000E
      Phase            : UP
      Stage            : Local Termination
      Peer Name        : bob
      Peer Address     : 10.1.1.10
      Control Protocols: LCP[Open] CHAP+ IPCP[Open]
      Session ID       : 3
      AAA Unique ID    : 14

      Vi3 LCP: [Open]
      Our Negotiated Options
      Vi3 LCP:    MRU 1460 (0x010405B4)
      Vi3 LCP:    AuthProto CHAP (0x0305C22305)
      Vi3 LCP:    MagicNumber 0x8CCF0E1E (0x05068CCF0E1E)
      Peer's Negotiated Options
      Vi3 LCP:    MagicNumber 0xD945AD0A (0x0506D945AD0A)

      Vi3 IPCP: [Open]
      Our Negotiated Options
      Vi3 IPCP:    Address 10.1.1.1 (0x03060A010101)
      Peer's Negotiated Options
      Vi3 IPCP:    Address 10.1.1.10 (0x03060A01010A)
    `),
  );
});

test('show ppp interface of what has no PPP says so, and a hostile name is one word', () => {
  const view = routerView({
    interfaces: [interfaceView(), { ...caller({ peerName: HOSTILE }), name: 'Virtual-Access4' }],
  });
  assert.deepEqual([...showPppInterface(view, 'Virtual-Access3')], ['% PPP is not running on Virtual-Access3']);
  assert.deepEqual([...showPppInterface(view, 'Virtual-Access9')], ['% Interface Virtual-Access9 does not exist']);
  const name = [...showPppInterface(view, 'Virtual-Access4')].find((line) => line.startsWith('Peer Name'))!;
  assert.match(name, /^Peer Name {8}: evil\\u\{1b\}\S+$/);
});

test('show ppp statistics prints only what was counted, in total and since the clear', () => {
  const statistics = new PppStatistics();
  statistics.count('lcp-up');
  statistics.moved(undefined, 'lcp');
  statistics.moved('lcp', 'local');
  statistics.clear();
  statistics.count('lcp-up');
  statistics.count('cleared');
  assert.deepEqual(
    [...showPppStatistics(routerView({ pppStatistics: statistics.view() }))],
    block(`
      Type PPP Statistic                               TOTAL      SINCE CLEARED
      20   Successful LCP neogtiations                 2          1

      Type PPP MIB Counters                            PEAK       CURRENT
      1    Links at LCP Stage                          1          0
      7    Links at Local Termination Stage            1          1

      Type PPP Disconnect Reason                       TOTAL      SINCE CLEARED
      61   User cleared from exec prompt               1          1

    `),
  );
});
