// What every pair of ends goes through: a call, ping and TCP both ways, an end from either side, and a look at the packets.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { assertClean, countMatches, fields, TCP_AT_WORK } from '../capture/tshark.ts';
import { MEGABYTE } from '../support/transfer.ts';
import type { Dialer, Endpoint } from './endpoint.ts';
import { agree, ping, pingBothWays, pingUnfragmented, Stage, send, type Targets, type Wire } from './stage.ts';

export interface Scenario {
  /** Starts the daemon. Ours dials at once: the capture must run by then, and the server. */
  client: () => Promise<Dialer>;
  server: () => Promise<Endpoint>;
  /** The end that ends the first call, its daemon going on; the other end shuts down during the second. */
  hangsUp: 'client' | 'server';
  wire: Wire;
  /** Whether this end's messages must carry hidden AVPs. */
  hides: { client: boolean; server: boolean };
  outer: { client: string; server: string };
  /** An IP packet of this size must cross with DF set, and none of the tunnel's own packets may be a fragment. */
  unfragmented?: number;
  /** Network protocols that one end asks for and the other must reject, by number. */
  rejected?: readonly string[];
}

const PAYLOAD = 10 * MEGABYTE;
/** Message types, RFC 2661 §3.2. */
const [STOP_CCN, CDN] = [4, 14];
/** An attribute type, RFC 2661 §4.4.3, and a code, RFC 1994 §4.2, as tshark prints them. */
const [CHALLENGE_RESPONSE, CHAP_SUCCESS] = ['13', '3'];

/** Runs the scenario as steps of a test. */
export async function play(context: TestContext, scenario: Scenario): Promise<void> {
  const stage = await Stage.set(context, scenario.wire);
  const server = await scenario.server();
  const client = await scenario.client();
  stage.enter(client, server);
  const [ender, other] = scenario.hangsUp === 'client' ? [client, server] : [server, client];

  let targets: Targets | undefined;
  await stage.step('the call comes up', async () => {
    await client.dial();
    targets = await agree(client, server);
  });
  await stage.step('ping crosses from both ends', () => pingBothWays(client, server, targets!));
  const size = scenario.unfragmented;
  if (size !== undefined) {
    await stage.step(`a packet of ${size} octets crosses both ways in one piece`, async () => {
      await pingUnfragmented(client, server, targets!, size);
    });
  }
  await stage.step('10 MB of TCP cross from client to server, unharmed', async () => {
    stage.say(`client to server: ${await send(client, server, targets!.towardsServer, PAYLOAD)}`);
  });
  await stage.step('10 MB of TCP cross from server to client, unharmed', async () => {
    stage.say(`server to client: ${await send(server, client, targets!.towardsClient, PAYLOAD)}`);
  });
  await stage.step(`${ender.name} hangs up, ${other.name} sees it`, async () => {
    await ender.hangUp();
    await other.peerEnded();
  });
  await stage.step('a second call comes up', async () => {
    await client.dial();
    const { towardsServer } = await agree(client, server);
    await ping(client, towardsServer);
  });
  await stage.step(`${other.name} shuts down, ${ender.name} sees it`, async () => {
    await other.shutDown();
    await ender.peerEnded();
  });
  await stage.stopCapture();
  await stage.step('tshark finds nothing wrong in the packets', async () => {
    await assertClean(stage.file, TCP_AT_WORK);
    if (size !== undefined) assert.equal(await countMatches(stage.file, 'ip.flags.mf == 1'), 0, 'fragments');
  });
  await stage.step('the packets show what was asked for', async () => {
    await assertShown(stage.file, scenario);
  });
  stage.clear();
}

/** Tunnel authentication and CHAP took place, AVPs were hidden, and both calls were ended on the wire. */
async function assertShown(file: string, { outer, hides, hangsUp, rejected = [] }: Scenario): Promise<void> {
  const names = ['ip.src', 'l2tp.avp.message_type', 'l2tp.avp.type', 'l2tp.avp.hidden', 'chap.code'];
  const packets = (await fields(file, 'l2tp.type == 1 || chap', names)).map((cells) => {
    const [source, message, types, hidden, chap] = cells.map((cell) => cell.split('\u001f'));
    return { source: source![0], message: Number(message![0]), types: types!, hidden: hidden!, chap: chap![0] };
  });
  const ends = packets.filter(({ message }) => message === STOP_CCN || message === CDN).map(({ source }) => source);
  const [ender, other] = hangsUp === 'client' ? [outer.client, outer.server] : [outer.server, outer.client];
  assert.ok(ends.includes(ender), 'the end that hung up said so by StopCCN or CDN');
  assert.ok(ends.includes(other), 'the end that shut down said so by StopCCN or CDN');
  assert.ok(
    packets.some(({ types }) => types.includes(CHALLENGE_RESPONSE)),
    'a Challenge Response AVP was sent',
  );
  assert.ok(
    packets.some(({ chap }) => chap === CHAP_SUCCESS),
    'CHAP succeeded',
  );
  for (const protocol of rejected) {
    assert.ok((await countMatches(file, `lcp.rej_proto == ${protocol}`)) > 0, `${protocol} was rejected`);
  }
  for (const side of ['client', 'server'] as const) {
    const hid = packets.some(({ source, hidden }) => source === outer[side] && hidden.includes('1'));
    assert.equal(hid, hides[side], `the ${side} hid AVPs`);
  }
}
