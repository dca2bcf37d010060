// PPTP over a network that loses and disorders, on both sides of the wire: TCP arrives whole, and MPPE is in step again as soon
// as the sky clears. It is the guest's kernel that spoils the packets, those it sends and those it receives.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openMppe } from '../capture/mppe.ts';
import { assertEncrypted } from '../capture/pptp.ts';
import { assertClean, countMatches, TCP_AT_WORK } from '../capture/tshark.ts';
import { hosted } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import type { Guest } from './guest.ts';
import { CREDENTIALS, MILLIS, namespaceWithGuest, OUTER, POOL, PPTP_PEER, TAP } from './place.ts';
import { PPTP_MODULES } from './pptp.ts';
import { PptpLinux } from './pptp-linux.ts';
import { type Mppe, nameOf, type PptpDialer, type PptpEnd, requiring } from './pptp-scenario.ts';
import { Pptpd } from './pptpd.ts';
import { Router } from './router.ts';
import { agree, Stage, send, type Targets, type Wire } from './stage.ts';

const STATEFUL: Mppe = { bits: 128, mode: 'stateful' };
const STATELESS: Mppe = { bits: 128, mode: 'stateless' };
const WEATHERS = {
  'one packet in a hundred is lost': 'loss 1%',
  'packets overtake each other': 'delay 4ms reorder 90%',
};
/** Enough for some to be hit. pptp-linux and pptpd wait long for what is missing. */
const OCTETS = 100_000;
/** Of CCP, RFC 1962 §5.2. */
const RESET_REQUEST = 'ccp && ppp.code == 14';
const CLEAR_MILLIS = 15_000;
const { client: user, server: name, userPassword: password } = CREDENTIALS;

hosted('interop: pptp-linux calls our server in bad weather', PPTP_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'client', PPTP_MODULES);
  for (const mppe of [STATEFUL]) {
    const client = () => new PptpLinux(guest, OUTER.server, { user, password, mppe });
    const server = () => Router.start(namespace, 'server-of-pptp-linux.conf', requiring(mppe));
    await playWeather(context, { mppe, guest, wire: { namespace, device: TAP }, client, server, ours: OUTER.server });
  }
});

hosted('interop: our client calls pptpd in bad weather', PPTP_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'server', PPTP_MODULES);
  for (const mppe of [STATELESS, STATEFUL]) {
    const client = () => Router.start(namespace, 'client-of-pptpd.conf', requiring(mppe));
    const server = () => Pptpd.start(guest, { name, user, password, pool: POOL, mppe });
    await playWeather(context, { mppe, guest, wire: { namespace, device: TAP }, client, server, ours: OUTER.client });
  }
});

interface Scene {
  mppe: Mppe;
  guest: Guest;
  wire: Wire;
  client: () => PptpDialer | Promise<PptpDialer>;
  server: () => PptpEnd | Promise<PptpEnd>;
  /** The outer address of our end. */
  ours: string;
}

async function playWeather(context: TestContext, scene: Scene): Promise<void> {
  await context.test(nameOf(scene.mppe), async (each) => {
    const stage = await Stage.set(each, scene.wire);
    const server = await scene.server();
    const client = await scene.client();
    stage.enter(client, server);
    try {
      let targets: Targets | undefined;
      await stage.step('the call comes up', async () => {
        await client.dial();
        targets = await agree(client, server);
      });
      for (const [weather, words] of Object.entries(WEATHERS)) {
        await stage.step(`${weather}: TCP crosses both ways, unharmed`, async () => {
          await impair(scene.guest, words);
          await send(client, server, targets!.towardsServer, OCTETS);
          await send(server, client, targets!.towardsClient, OCTETS);
        });
        await stage.step('the sky clears: nothing is lost any more', async () => {
          await clear(scene.guest);
          await untilClear(client, server, targets!);
        });
      }
    } finally {
      await clear(scene.guest);
      await client.shutDown();
      await server.shutDown();
    }
    await stage.stopCapture();
    await stage.step('tshark finds nothing wrong in the packets, and they open', () => judge(stage.file, scene));
    stage.say(`${await countMatches(stage.file, RESET_REQUEST)} Reset-Requests`);
    stage.clear();
  });
}

async function judge(file: string, { mppe, ours }: Scene): Promise<void> {
  await assertClean(file, TCP_AT_WORK);
  await assertEncrypted(file, mppe.mode);
  // The flow-control alarm may have made a stateful call a stateless one: then there are two of either direction.
  const opened = await openMppe(file, password);
  assert.equal(opened[0]?.mode, `${mppe.bits}-bit ${mppe.mode}`);
  for (const { source, refused } of opened) {
    const whole = opened.filter((each) => each.source === source).reduce((sum, { packets }) => sum + packets, 0);
    assert.ok(whole > 0, `packets of ${source}`);
    // Ours are captured before they are lost.
    if (source === ours) assert.equal(refused, 0, `packets of ${source} that do not open`);
  }
}

/** What leaves the guest by its own queue, what arrives by that of a device it is led through. */
async function impair(guest: Guest, words: string): Promise<void> {
  await sure(
    guest,
    `[ -e /sys/class/net/ifb0 ] || { ip link add ifb0 type ifb && ip link set ifb0 up; } &&
    tc qdisc add dev vec0 ingress && tc filter add dev vec0 ingress matchall action mirred egress redirect dev ifb0 &&
    tc qdisc add dev vec0 root netem ${words} && tc qdisc add dev ifb0 root netem ${words}`,
  );
}

async function clear(guest: Guest): Promise<void> {
  await guest.shell('tc qdisc del dev vec0 root; tc qdisc del dev vec0 ingress; tc qdisc del dev ifb0 root');
}

async function sure(guest: Guest, line: string): Promise<void> {
  const { status, stderr } = await guest.shell(line);
  assert.equal(status, 0, stderr);
}

/** Twenty pings each way, none lost: a reset may still be under way when the first ones are sent. */
async function untilClear(client: PptpEnd, server: PptpEnd, { towardsServer, towardsClient }: Targets): Promise<void> {
  for (const [from, address] of [
    [client, towardsServer],
    [server, towardsClient],
  ] as const) {
    const argv = ['ping', '-n', '-c', '20', '-i', '0.02', '-W', '2', address];
    let said = '';
    await waitFor(
      `${from.name} to reach ${address}`,
      CLEAR_MILLIS,
      async () => {
        said = (await from.machine.run(argv)).stdout;
        return said.includes(' 0% packet loss');
      },
      () => `${said}${from.explain()}`,
    );
  }
}
