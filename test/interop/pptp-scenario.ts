// What every pair of PPTP ends goes through, with each MPPE that can be agreed on: a call, ping and TCP both ways, an end, and
// a look at every packet of it.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openMppe } from '../capture/mppe.ts';
import { assertEncrypted, assertEnhancedGre, assertInClear } from '../capture/pptp.ts';
import { assertClean, TCP_AT_WORK } from '../capture/tshark.ts';
import { MEGABYTE } from '../support/transfer.ts';
import type { Dialer, Endpoint } from './endpoint.ts';
import type { RouterOptions } from './router.ts';
import { agree, pingBothWays, Stage, send, type Targets, type Wire } from './stage.ts';

/** What is agreed on of MPPE (RFC 3078 §2.1). */
export interface Mppe {
  bits: 40 | 128;
  mode: 'stateless' | 'stateful';
}

export interface PptpEnd extends Endpoint {
  /** What it says that it encrypts with: `128-bit stateless`; undefined: nothing. */
  encryption(): Promise<string | undefined>;
}

export interface PptpDialer extends PptpEnd, Dialer {}

export interface PptpScenario {
  /** Both ends require it; undefined: both refuse any. */
  mppe: Mppe | undefined;
  client: () => Promise<PptpDialer>;
  server: () => Promise<PptpEnd>;
  password: string;
  hangsUp: 'client' | 'server';
  wire: Wire;
  /** TCP each way with every packet looked at, then without. */
  octets: number;
  bulk?: number | undefined;
}

export function nameOf(mppe: Mppe | undefined): string {
  return mppe === undefined ? 'no MPPE' : `MPPE ${mppe.bits}-bit ${mppe.mode}`;
}

/** One worker may have to wait with packets of an older acknowledgment while another sends a newer one; long on a busy machine. */
const LATE = 512;

/** For a router that is to require it: a line under the one that begins PPP. */
export function requiring(mppe: Mppe | undefined): RouterOptions {
  if (mppe === undefined) return { protocol: 'pptp' };
  const line = ` ppp encrypt mppe ${mppe.bits} required${mppe.mode === 'stateful' ? ' stateful' : ''}`;
  return { protocol: 'pptp', change: (text) => text.replace(' encapsulation ppp', `$&\n${line}`) };
}

/** Every kind, from the plainest on. */
export const KINDS: readonly (Mppe | undefined)[] = [
  undefined,
  ...([40, 128] as const).flatMap((bits) => (['stateless', 'stateful'] as const).map((mode) => ({ bits, mode }))),
];

/** Runs the scenario as steps of a test; both ends are gone afterwards, whatever became of it. */
export async function playPptp(context: TestContext, scenario: PptpScenario): Promise<void> {
  const stage = await Stage.set(context, scenario.wire);
  const server = await scenario.server();
  try {
    const client = await scenario.client();
    try {
      stage.enter(client, server);
      await playCall(stage, client, server, scenario);
    } finally {
      await client.shutDown();
    }
  } finally {
    await server.shutDown();
  }
  await stage.stopCapture();
  await judge(stage, scenario);
  stage.clear();
}

async function playCall(stage: Stage, client: PptpDialer, server: PptpEnd, scenario: PptpScenario): Promise<void> {
  const { mppe, octets, bulk } = scenario;
  const [ender, other] = scenario.hangsUp === 'client' ? [client, server] : [server, client];
  let targets: Targets | undefined;
  const sendBothWays = async (size: number) => {
    const there = await send(client, server, targets!.towardsServer, size);
    const back = await send(server, client, targets!.towardsClient, size);
    stage.say(`${size} octets: client to server ${there}, back ${back}`);
  };
  await stage.step('the call comes up, and both ends say how it is encrypted', async () => {
    await client.dial();
    targets = await agree(client, server);
    const agreed = mppe && `${mppe.bits}-bit ${mppe.mode}`;
    assert.deepEqual([await client.encryption(), await server.encryption()], [agreed, agreed]);
  });
  await stage.step('ping crosses from both ends', () => pingBothWays(client, server, targets!));
  await stage.step('TCP crosses both ways, unharmed', () => sendBothWays(octets));
  if (bulk !== undefined) {
    await stage.withoutCapture(async () => {
      await stage.step(`${bulk / MEGABYTE} MB of it each way`, () => sendBothWays(bulk));
    });
  }
  await stage.step(`${ender.name} hangs up, ${other.name} sees it`, async () => {
    await ender.hangUp();
    await other.peerEnded();
  });
}

/** tshark's word on every packet, and what the password opens. */
async function judge(stage: Stage, { mppe, bulk, password }: PptpScenario): Promise<void> {
  await stage.step('tshark finds nothing wrong in the packets', async () => {
    await assertClean(stage.file, TCP_AT_WORK);
    if (bulk !== undefined) await assertClean(stage.rest, TCP_AT_WORK);
    await assertEnhancedGre(stage.file, LATE);
  });
  await stage.step(mppe === undefined ? 'all is in clear' : 'each packet opens with the password', async () => {
    if (mppe === undefined) return await assertInClear(stage.file);
    await assertEncrypted(stage.file, mppe.mode);
    const opened = await openMppe(stage.file, password);
    assert.equal(opened.length, 2, 'both directions of one call');
    for (const { source, mode, packets, refused } of opened) {
      assert.equal(mode, `${mppe.bits}-bit ${mppe.mode}`);
      assert.ok(packets > 0, `packets of ${source}`);
      assert.equal(refused, 0, `packets of ${source} that do not open`);
    }
  });
}
