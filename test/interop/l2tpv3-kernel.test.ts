// The other end of our static sessions proven first: the guest's `ip l2tp` against a peer of forty lines that shares no code
// with us. While this passes, a failure of our router against the same guest is ours.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertClean, countMatches, TCP_AT_WORK } from '../capture/tshark.ts';
import { Capture } from '../support/capture.ts';
import { Namespace } from '../support/namespace.ts';
import type { Background } from '../support/process.ts';
import { hosted } from '../support/requirement.ts';
import { Guest } from './guest.ts';
import { KERNEL_PEER, OUTER, OUTER_LENGTH, TAP } from './place.ts';
import {
  answered,
  configureGuest,
  exercise,
  INSIDE,
  INSIDE_LENGTH,
  INSIDE_MTU,
  SESSION_IDS,
  SESSIONS,
  type StaticSession,
} from './static-session.ts';

const SCRIPT = fileURLToPath(new URL('static-peer.pl', import.meta.url));
const MILLIS = 240_000;
const DEVICE = 'peer0';

hosted('interop: static L2TPv3 of the Linux kernel and a peer made by hand', KERNEL_PEER, MILLIS, async (context) => {
  const namespace = Namespace.create();
  context.after(() => namespace.destroy());
  namespace.addTap(TAP, `${OUTER.server}/${OUTER_LENGTH}`);
  const start = performance.now();
  const guest = await Guest.boot({
    namespace,
    tap: TAP,
    address: `${OUTER.client}/${OUTER_LENGTH}`,
    kernel: 'qemu',
  });
  context.after(() => guest.kill());
  context.diagnostic(`booted in ${Math.round(performance.now() - start)} ms`);

  for (const session of SESSIONS) {
    await context.test(`${session.name}: ping and TCP both ways`, async (step) => {
      const file = join(guest.folder, 'session.pcap');
      await startPeer(step, namespace, session);
      await configureGuest(guest, session);
      // Only now: until it is told otherwise, the guest sends what it has to say with the cookie of the session before.
      const capture = await Capture.start(namespace, TAP, file);
      await exercise(guest, namespace);
      await capture.stop();
      await assertSeen(file, session);
    });
  }

  await context.test('another cookie than the guest sends: nothing passes', async (step) => {
    const session = SESSIONS.find(({ guestSends }) => guestSends.length === 8)!;
    const peer = await startPeer(step, namespace, { ...session, guestSends: 'deadbeee' });
    await configureGuest(guest, session);
    assert.equal(await answered(guest), 0);
    assert.match(peer.stdout, /^rejected [0-9a-f]*deadbeef/m);
  });

  await context.test('another cookie than the guest expects: nothing passes', async (step) => {
    const session = SESSIONS.find(({ guestExpects }) => guestExpects.length === 16)!;
    await startPeer(step, namespace, { ...session, guestExpects: '0123456789abcdee' });
    await configureGuest(guest, session);
    assert.equal(await answered(guest), 0);
  });
});

async function startPeer(context: TestContext, namespace: Namespace, session: StaticSession): Promise<Background> {
  const { transport, guestSends, guestExpects, sublayer } = session;
  const [own, theirs] = [SESSION_IDS.host, SESSION_IDS.guest].map(String) as [string, string];
  const ends = [OUTER.server, OUTER.client];
  const argv = [
    'perl',
    SCRIPT,
    DEVICE,
    transport,
    ...ends,
    own,
    theirs,
    guestSends,
    guestExpects,
    sublayer ? '4' : '0',
  ];
  const peer = namespace.start(argv);
  context.after(() => peer.stop());
  await peer.said(/^ready$/m, 5000);
  namespace.quiet(DEVICE);
  namespace.ip(`addr add ${INSIDE.host}/${INSIDE_LENGTH} dev ${DEVICE}`);
  namespace.ip(`link set ${DEVICE} up mtu ${INSIDE_MTU}`);
  return peer;
}

/** tshark, told what the session is like, finds Ethernet and what we sent in it, and nothing wrong. */
async function assertSeen(file: string, { guestSends, sublayer, transport }: StaticSession): Promise<void> {
  const octets = guestSends.length / 2;
  const preferences = {
    'l2tp.cookie_size': octets === 0 ? 'None' : `${octets} Byte Cookie`,
    'l2tp.l2_specific': sublayer ? 'Default L2-Specific' : 'None',
  };
  const mine = `ip.src == ${OUTER.client} && l2tp.sid == ${SESSION_IDS.host}`;
  assert.ok((await countMatches(file, mine, preferences)) > 100, 'data of the guest');
  if (octets > 0) {
    const cookie = guestSends.match(/../g)!.join(':');
    assert.equal(await countMatches(file, `${mine} && !(l2tp.cookie == ${cookie})`, preferences), 0, 'other cookies');
  }
  if (transport === 'udp') assert.equal(await countMatches(file, 'ip.proto == 115'), 0);
  await assertClean(file, TCP_AT_WORK, preferences);
}
