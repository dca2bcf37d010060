// What `vpdn dial` says of a call, from views put together by hand: each step once, how it ended and why, and whether to call again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Progress } from '../../src/mgmt/dial/progress.ts';
import type { InterfaceView, PppLinkView, RouterView } from '../../src/vpdn/view.ts';
import type { MppeView, PptpTunnelView } from '../../src/vpdn/view-pptp.ts';
import {
  failureView,
  HOSTILE,
  HOSTILE_PRINTED,
  interfaceView,
  NOW,
  routerView,
  tunnelView,
} from '../cli/show/fixture.ts';

const TARGET = { protocol: 'pptp', user: 'alice', host: 'vpn.example' } as const;

const LINK: PppLinkView = {
  phase: 'UP',
  lcp: 'Opened',
  ipcp: 'Opened',
  localAuthentication: 'ms-chap-v2',
  network: { localAddress: '10.9.9.9', peerAddress: '10.1.1.2', dns: ['192.0.2.53'] },
  peerName: '',
  uniqueId: 1,
};

const TUNNEL = { ...tunnelView(), remoteName: 'lns', remoteAddress: '192.0.2.2' } as unknown as PptpTunnelView;

/** As far as the call has come. */
function looked(subject: Partial<InterfaceView>, parts: Partial<RouterView> = {}): RouterView {
  const dialer = interfaceView({
    name: 'Dialer0',
    kind: 'Dialer',
    clonedFrom: undefined,
    unnumberedFrom: undefined,
    lineProtocol: 'down',
    ...subject,
  });
  return routerView({ pptpTunnels: [TUNNEL], interfaces: [dialer], ...parts });
}

const UP: Partial<InterfaceView> = { link: LINK, lineProtocol: 'up', address: '10.9.9.9', mtu: 1400 };
const MPPE = { interfaceName: 'Dialer0', bits: 128, stateful: false } as MppeView;

test('a call is told step by step, and no step twice', () => {
  const progress = new Progress(TARGET, 'Dialer0', true);
  const waiting = { ...TUNNEL, state: 'wait-ctl-reply' } as PptpTunnelView;
  assert.deepEqual(progress.look(looked({}, { pptpTunnels: [waiting] })), []);
  assert.deepEqual(progress.look(looked({ link: { ...LINK, phase: 'AUTHENTICATING' } })), [
    'connected: 192.0.2.2 speaks PPTP, and calls itself lns',
  ]);
  assert.deepEqual(progress.look(looked({ link: LINK })), [
    'authenticated as alice by MS-CHAP-V2; the server has shown that it knows the password as well',
  ]);
  assert.equal(progress.isUp, false);
  assert.deepEqual(progress.look(looked(UP, { mppe: [MPPE] })), [
    'encrypted with MPPE: 128 bits, stateless',
    "address 10.9.9.9, the server's is 10.1.1.2; Linux device dialer0, packets of up to 1400 octets",
    'name servers it offers, for you to set: 192.0.2.53',
    'up: Ctrl-C hangs up',
  ]);
  assert.deepEqual(progress.look(looked(UP, { mppe: [MPPE] })), []);
  assert.equal(progress.ended, undefined);
});

test('all at once is told in the same order, and what is not encrypted is said to be', () => {
  const progress = new Progress(TARGET, 'Dialer0', false);
  const lines = progress.look(looked({ ...UP, link: { ...LINK, localAuthentication: 'chap', network: undefined } }));
  assert.deepEqual(
    lines.map((line) => line.split(/[:,;]/)[0]),
    ['connected', 'authenticated as alice by CHAP', 'NOT encrypted', 'address 10.9.9.9', 'up'],
  );
  const careless = new Progress(TARGET, 'Dialer0', false);
  const [, said] = careless.look(looked({ ...UP, link: { ...LINK, localAuthentication: undefined } }));
  assert.match(said!, /asked for no password/);
});

test('a call that ends says why: a failure with its remedy, else the last word of the log', () => {
  const failed = new Progress(TARGET, 'Dialer0', true);
  const failure = failureView({ code: 'PTP-701', failureType: 'The PPTP server does not answer', reason: 'refused' });
  assert.deepEqual(failed.look(routerView({ failures: [failure] })), [
    'it failed: The PPTP server does not answer: refused (PTP-701)',
    '    see the log of the peer',
  ]);
  assert.deepEqual(failed.ended, { hopeless: false });
  assert.deepEqual(failed.summary(NOW), []);

  const over = new Progress(TARGET, 'Dialer0', true);
  over.look(looked(UP, { mppe: [MPPE] }));
  over.hear(
    '*Nov 23 01:00:00.000: %VPDN-6-CLOSED: PPTP vpdn was told to close Di0 user unknown; Result 3, Error 0, no more',
  );
  assert.deepEqual(over.look(looked({})), ['the call is over: no more']);
  assert.deepEqual(over.summary(NOW + 3_723_000), [
    'the call lasted 1:02:03: 4736 packets (66315 octets) received, 4735 (66310) sent',
  ]);
  const nothing = new Progress(TARGET, 'Dialer0', true);
  nothing.look(looked({ link: { ...LINK, phase: 'ESTABLISHING' } }));
  assert.deepEqual(nothing.look(looked({})), ['it came to nothing']);
});

test('a remedy is for who dialled, not for who writes configurations', () => {
  const progress = new Progress(TARGET, 'Dialer0', true);
  const remedy = 'compare `ppp chap hostname` and the password here with what the peer expects';
  const [, said] = progress.look(routerView({ failures: [failureView({ code: 'AUT-505', remedy })] }));
  assert.equal(said, '    check the name and the password: the server knows no such user, or not with this password');
});

test('to call again has a point unless the server refuses the password or encryption', () => {
  const hopeless = (code: string) => {
    const progress = new Progress(TARGET, 'Dialer0', true);
    progress.look(routerView({ failures: [failureView({ code })] }));
    return progress.ended?.hopeless;
  };
  assert.deepEqual(['AUT-505', 'AUT-506', 'PPP-403', 'PPP-408'].map(hopeless), [true, true, true, true]);
  assert.deepEqual(['PTP-701', 'L2T-306', 'AUT-507', 'PPP-405'].map(hopeless), [false, false, false, false]);
});

test('called again, it begins from the first step, and an old failure is not told twice', () => {
  const progress = new Progress(TARGET, 'Dialer0', true);
  const failures = [failureView()];
  assert.equal(progress.look(routerView({ failures })).length, 2);
  progress.again();
  assert.deepEqual(progress.look(routerView({ failures })), []);
  assert.equal(progress.look(looked(UP, { failures, mppe: [MPPE] })).length, 6);
});

test('a call that cannot be placed says what it wants, and is over', () => {
  const progress = new Progress(TARGET, 'Dialer0', true);
  progress.hear('*Nov 23 01:00:00.000: %VPDN-4-CONFIG_WARN: Dialer0 does not dial: no route to 192.0.2.1');
  assert.deepEqual(progress.look(routerView({})), ['it cannot be placed: no route to 192.0.2.1']);
  assert.deepEqual(progress.ended, { hopeless: false });
  progress.again();
  assert.deepEqual(progress.look(routerView({})), []);
  assert.equal(progress.ended, undefined);
});

test('what a server says is made safe to print', () => {
  const progress = new Progress(TARGET, 'Dialer0', true);
  const named = { ...TUNNEL, remoteName: HOSTILE };
  const [said] = progress.look(looked({}, { pptpTunnels: [named] }));
  assert.ok(said!.endsWith(`calls itself ${HOSTILE_PRINTED}`));
  const [why] = progress.look(looked({}, { failures: [failureView({ reason: HOSTILE })] }));
  assert.ok(why!.includes(HOSTILE_PRINTED));
  progress.again();
  progress.hear(`%VPDN-6-CLOSED: x; Result 3, Error 0, ${HOSTILE}`);
  progress.look(looked({ link: LINK }));
  assert.deepEqual(progress.look(looked({})), [`it came to nothing: ${HOSTILE_PRINTED}`]);
});
