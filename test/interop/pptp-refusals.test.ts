// Where one end requires encryption and the other has none: no packet crosses in clear, the call ends, and either end says why.

import assert from 'node:assert/strict';
import { assertClean, countMatches, TCP_AT_WORK } from '../capture/tshark.ts';
import { hosted } from '../support/requirement.ts';
import { CREDENTIALS, MILLIS, namespaceWithGuest, OUTER, POOL, PPTP_PEER, TAP } from './place.ts';
import { PPTP_MODULES, type PptpPeer } from './pptp.ts';
import { PptpLinux } from './pptp-linux.ts';
import { type Mppe, requiring } from './pptp-scenario.ts';
import { Pptpd } from './pptpd.ts';
import { Router } from './router.ts';
import { Stage } from './stage.ts';

const REQUIRED: Mppe = { bits: 128, mode: 'stateless' };
const { client: user, server: name, userPassword: password } = CREDENTIALS;

interface Refusal {
  /** What each end requires; the other one refuses all encryption. */
  ours: Mppe | undefined;
  theirs: Mppe | undefined;
  /** What the peer says of it. */
  says: RegExp;
  /** What our history of failures has. */
  code: string;
  why: RegExp;
}

const OURS_REQUIRES: Refusal = {
  ours: REQUIRED,
  theirs: undefined,
  says: /LCP terminated by peer \(MPPE is required: the peer rejects MPPE/,
  code: 'PPP-408',
  why: /MPPE is required: the peer rejects MPPE/,
};
const PEER_REQUIRES: Refusal = {
  ours: undefined,
  theirs: REQUIRED,
  says: /MPPE required but peer (negotiation failed|refused)/,
  code: 'PPP-405',
  why: /"MPPE required but peer .*it had asked for encryption or compression \(CCP\), and here is none/,
};

hosted('interop: pptp-linux and our server do not agree on encryption', PPTP_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'client', PPTP_MODULES);
  for (const [title, refusal] of Object.entries({ 'we require it': OURS_REQUIRES, 'the client does': PEER_REQUIRES })) {
    await context.test(title, async (each) => {
      const stage = await Stage.set(each, { namespace, device: TAP });
      const server = await Router.start(namespace, 'server-of-pptp-linux.conf', requiring(refusal.ours));
      const client = new PptpLinux(guest, OUTER.server, { user, password, mppe: refusal.theirs });
      await refused(stage, server, client, refusal, async () => await client.dial());
    });
  }
});

hosted('interop: pptpd and our client do not agree on encryption', PPTP_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'server', PPTP_MODULES);
  for (const [title, refusal] of Object.entries({ 'we require it': OURS_REQUIRES, 'the server does': PEER_REQUIRES })) {
    await context.test(title, async (each) => {
      const stage = await Stage.set(each, { namespace, device: TAP });
      const server = await Pptpd.start(guest, { name, user, password, pool: POOL, mppe: refusal.theirs });
      const client = await Router.start(namespace, 'client-of-pptpd.conf', requiring(refusal.ours));
      await refused(stage, client, server, refusal, async () => undefined);
    });
  }
});

async function refused(
  stage: Stage,
  ours: Router,
  peer: PptpPeer,
  { says, code, why }: Refusal,
  begin: () => Promise<void>,
): Promise<void> {
  stage.enter(ours, peer);
  try {
    await stage.step('either end says why', async () => {
      await begin();
      await ours.said(/%VPDN-4-CALL_FAILED/);
      await peer.said(says);
      const { stdout } = await ours.exec('show vpdn history failure');
      // Not alone there: pptp-linux then breaks its TCP connection.
      assert.match(stdout, new RegExp(`vpdn code\\s*: ${code}$`, 'm'));
      assert.match(stdout, why);
    });
  } finally {
    await ours.shutDown();
    await peer.shutDown();
  }
  await stage.stopCapture();
  await stage.step('nothing crossed in clear', async () => {
    await assertClean(stage.file, TCP_AT_WORK);
    assert.equal(await countMatches(stage.file, 'ppp.protocol == 0x0021 || ppp.protocol == 0x0057'), 0);
  });
  stage.clear();
}
