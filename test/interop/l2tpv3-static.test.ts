// Our router against the kernel's own static L2TPv3 (`ip l2tp` in a guest): an xconnect whose values are typed, over UDP and
// IP 115, with and without cookies and the default sublayer, on a device of Linux's own and on a TAP.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { assertClean, countMatches, TCP_AT_WORK } from '../capture/tshark.ts';
import { Capture } from '../support/capture.ts';
import { atExit } from '../support/cleanup.ts';
import { connect, Namespace } from '../support/namespace.ts';
import { hosted } from '../support/requirement.ts';
import { Guest } from './guest.ts';
import { KERNEL_PEER, OUTER, OUTER_LENGTH, TAP } from './place.ts';
import { Router } from './router.ts';
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

const MILLIS = 400_000;
const VCID = 100;
/** Our end of a cable in the same namespace, or a TAP. */
const ATTACHED = 'lan1';
const TAPPED = 'vpfa0-1';

hosted(
  'interop: an xconnect with typed values and `ip l2tp` of the Linux kernel',
  KERNEL_PEER,
  MILLIS,
  async (context) => {
    const namespace = Namespace.create();
    context.after(() => namespace.destroy());
    namespace.addTap(TAP, `${OUTER.server}/${OUTER_LENGTH}`);
    connect({ namespace, device: ATTACHED }, { namespace, device: 'lan0', cidr: `${INSIDE.host}/${INSIDE_LENGTH}` });
    for (const device of [ATTACHED, 'lan0']) namespace.ip(`link set ${device} mtu ${INSIDE_MTU}`);
    const address = `${OUTER.client}/${OUTER_LENGTH}`;
    const guest = await Guest.boot({ namespace, tap: TAP, address, kernel: 'qemu' });
    context.after(() => guest.kill());

    for (const session of SESSIONS) {
      await context.test(`${session.name}: ping and TCP both ways`, async (step) => {
        const file = join(guest.folder, 'session.pcap');
        const router = await startRouter(step, namespace, session);
        await configureGuest(guest, session);
        const capture = await Capture.start(namespace, TAP, file);
        await exercise(guest, namespace);
        await capture.stop();
        await assertSeen(file, session);
        await assertShown(router, session);
      });
    }

    await context.test(
      'sequence numbers of ours are no trouble to it, and frames without them none to us',
      async (step) => {
        const session = SESSIONS.find(({ transport, sublayer }) => transport === 'ip' && sublayer)!;
        await startRouter(step, namespace, session, 'both');
        await configureGuest(guest, session);
        await exercise(guest, namespace);
      },
    );

    for (const [what, change] of [
      ['another cookie than the guest sends', { guestSends: 'deadbeee' }],
      ['another cookie than the guest expects', { guestExpects: '0123456789abcdee' }],
    ] as const) {
      await context.test(`${what}: nothing passes`, async (step) => {
        const session = SESSIONS.find(({ guestSends }) => guestSends.length === 8)!;
        await startRouter(step, namespace, { ...session, ...change });
        await configureGuest(guest, session);
        assert.equal(await answered(guest), 0);
      });
    }

    await context.test('a TAP of ours in the place of a device of Linux', async (step) => {
      const session = SESSIONS.find(({ guestSends }) => guestSends.length === 16)!;
      namespace.ip('link set lan0 down');
      await startRouter(step, namespace, session, undefined, true);
      namespace.ip(`addr flush dev lan0`);
      namespace.ip(`addr add ${INSIDE.host}/${INSIDE_LENGTH} dev ${TAPPED}`);
      await configureGuest(guest, session);
      await exercise(guest, namespace);
    });
  },
);

async function startRouter(
  context: TestContext,
  namespace: Namespace,
  session: StaticSession,
  sequencing = session.sublayer ? 'receive' : undefined,
  tap = false,
): Promise<Router> {
  const { transport, guestSends, guestExpects } = session;
  const cookies = [
    ...(guestSends === '' ? [] : [`  l2tp cookie local ${typed(guestSends)}`]),
    ...(guestExpects === '' ? [] : [`  l2tp cookie remote ${typed(guestExpects)}`]),
  ];
  const lines = [
    'hostname ours',
    `platform interfaces Ethernet0/0 ${TAP}${tap ? '' : ` FastEthernet0/1 ${ATTACHED}`}`,
    'pseudowire-class typed',
    ' encapsulation l2tpv3',
    ' protocol none',
    ...(transport === 'udp' ? [' ip protocol udp'] : []),
    ...(sequencing === undefined ? [] : [` sequencing ${sequencing}`]),
    ' ip local interface Ethernet0/0',
    'interface Ethernet0/0',
    ` ip address ${OUTER.server} 255.255.255.0`,
    'interface FastEthernet0/1',
    ...(tap ? [` mtu ${INSIDE_MTU}`] : []),
    ` xconnect ${OUTER.client} ${VCID} encapsulation l2tpv3 manual pw-class typed`,
    `  l2tp id ${SESSION_IDS.host} ${SESSION_IDS.guest}`,
    ...cookies,
  ];
  const folder = mkdtempSync(join(tmpdir(), 'vpdntest-static-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'ours.conf');
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  const router = await Router.start(namespace, file);
  context.after(() => router.shutDown());
  return router;
}

/** `l2tp cookie`: the size, then the low word and the high one. */
function typed(digits: string): string {
  const value = BigInt(`0x${digits}`);
  const words = [value & 0xffff_ffffn, value >> 32n];
  return digits.length === 8 ? `4 ${words[0]}` : `8 ${words[0]} ${words[1]}`;
}

/** tshark, told what the session is like, finds what both sent in it, and nothing wrong. */
async function assertSeen(
  file: string,
  { guestSends, guestExpects, sublayer, transport }: StaticSession,
): Promise<void> {
  for (const [source, session, cookie] of [
    [OUTER.client, SESSION_IDS.host, guestSends],
    [OUTER.server, SESSION_IDS.guest, guestExpects],
  ] as const) {
    const octets = cookie.length / 2;
    const preferences = {
      'l2tp.cookie_size': octets === 0 ? 'None' : `${octets} Byte Cookie`,
      'l2tp.l2_specific': sublayer ? 'Default L2-Specific' : 'None',
    };
    const mine = `ip.src == ${source} && l2tp.sid == ${session}`;
    assert.ok((await countMatches(file, mine, preferences)) > 100, `data of ${source}`);
    if (octets === 0) continue;
    const value = cookie.match(/../g)!.join(':');
    assert.equal(await countMatches(file, `${mine} && !(l2tp.cookie == ${value})`, preferences), 0, 'other cookies');
  }
  if (transport === 'udp') assert.equal(await countMatches(file, 'ip.proto == 115'), 0);
  // The two directions may have cookies of different length, which tshark cannot be told.
  if (guestSends.length === guestExpects.length) {
    await assertClean(file, TCP_AT_WORK, {
      'l2tp.cookie_size': 'None',
      'l2tp.l2_specific': sublayer ? 'Default L2-Specific' : 'None',
    });
  }
}

/** Line for line as the guide prints a session without signaling (R-151). */
async function assertShown(router: Router, { guestSends, guestExpects }: StaticSession): Promise<void> {
  const { stdout } = await router.exec('show l2tun session all');
  for (const line of [
    `Session id ${SESSION_IDS.host} is up, tunnel id 0`,
    '  Session is manually signalled',
    `  Session vcid is ${VCID}`,
    '  Session Layer 2 circuit, type is Ethernet, name is FastEthernet0/1',
    '  Circuit state is UP',
    `    Remote session id is ${SESSION_IDS.guest}, remote tunnel id 0`,
    ...(guestSends === '' ? ['  No session cookie information available'] : []),
    ...cookieLine('local', guestSends),
    ...cookieLine('remote', guestExpects),
  ]) {
    assert.ok(stdout.includes(`${line}\n`), `${line}\n---\n${stdout}`);
  }
  assert.match(stdout, /^ {4}[1-9]\d{2,} Packets sent, [1-9]\d{2,} received$/m);
}

function cookieLine(side: string, digits: string): string[] {
  if (digits === '') return [];
  const value = digits.toUpperCase().match(/../g)!.join(' ');
  return [`    ${side} cookie, size ${digits.length / 2} bytes, value ${value}`];
}
