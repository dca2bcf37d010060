// What every pair of ends goes through: a call, ping and TCP both ways, an end from either side, and a look at the packets.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { assertClean, countMatches, fields, TCP_AT_WORK } from '../capture/tshark.ts';
import { Capture } from '../support/capture.ts';
import { atExit } from '../support/cleanup.ts';
import type { Namespace } from '../support/namespace.ts';
import { MEGABYTE, transfer } from '../support/transfer.ts';
import type { Addresses, Dialer, Endpoint } from './endpoint.ts';

export interface Scenario {
  /** Starts the daemon. Ours dials at once: the capture must run by then, and the server. */
  client: () => Promise<Dialer>;
  server: () => Promise<Endpoint>;
  /** The end that ends the first call, its daemon going on; the other end shuts down during the second. */
  hangsUp: 'client' | 'server';
  /** A device that all of the tunnel's packets cross. */
  wire: { namespace: Namespace; device: string };
  /** Whether this end's messages must carry hidden AVPs. */
  hides: { client: boolean; server: boolean };
  outer: { client: string; server: string };
  /** An IP packet of this size must cross with DF set, and none of the tunnel's own packets may be a fragment. */
  unfragmented?: number;
  /** Network protocols that one end asks for and the other must reject, by number. */
  rejected?: readonly string[];
}

const PAYLOAD = 10 * MEGABYTE;
/** IPv4's and ICMP's, which ping does not count. */
const ICMP_HEADERS = 28;
/** Message types, RFC 2661 §3.2. */
const [STOP_CCN, CDN] = [4, 14];
/** An attribute type, RFC 2661 §4.4.3, and a code, RFC 1994 §4.2, as tshark prints them. */
const [CHALLENGE_RESPONSE, CHAP_SUCCESS] = ['13', '3'];

/** Runs the scenario as steps of a test; one that fails ends it, for the next ones could only fail because of it. */
export async function play(context: TestContext, scenario: Scenario): Promise<void> {
  const { wire } = scenario;
  const folder = mkdtempSync(join(tmpdir(), 'vpdntest-'));
  let keep = false;
  const discard = atExit(() => keep || rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'run.pcap');
  // No filter: the second fragment of a datagram has no port to go by.
  const capture = await Capture.start(wire.namespace, wire.device, file);
  const server = await scenario.server();
  const client = await scenario.client();
  const [ender, other] = scenario.hangsUp === 'client' ? [client, server] : [server, client];
  const step = async (name: string, body: () => Promise<void>): Promise<void> => {
    let failure: unknown;
    await context.test(name, async () => {
      try {
        await body();
      } catch (error) {
        failure = error;
        context.diagnostic(`${name}:\n${client.explain()}\n${server.explain()}`);
        throw error;
      }
    });
    if (failure === undefined) return;
    keep = true;
    throw new Error(`stopped after the step "${name}"; the capture is ${file}`);
  };

  await step('the call comes up', async () => {
    await client.dial();
    await agree(client, server);
  });
  await step('ping crosses from both ends', async () => {
    const { towardsClient, towardsServer } = await targets(client, server);
    await ping(client, towardsServer);
    await ping(server, towardsClient);
  });
  const size = scenario.unfragmented;
  if (size !== undefined) {
    await step(`a packet of ${size} octets crosses both ways in one piece`, async () => {
      const { towardsClient, towardsServer } = await targets(client, server);
      const options = ['-M', 'do', '-s', String(size - ICMP_HEADERS)];
      await ping(client, towardsServer, options);
      await ping(server, towardsClient, options);
    });
  }
  await step('10 MB of TCP cross from client to server, unharmed', async () => {
    const { towardsServer: address } = await targets(client, server);
    const { millis } = await transfer({ from: client.machine, to: server.machine, address, octets: PAYLOAD });
    context.diagnostic(`client to server: ${rate(millis)}`);
  });
  await step('10 MB of TCP cross from server to client, unharmed', async () => {
    const { towardsClient: address } = await targets(client, server);
    const { millis } = await transfer({ from: server.machine, to: client.machine, address, octets: PAYLOAD });
    context.diagnostic(`server to client: ${rate(millis)}`);
  });
  await step(`${ender.name} hangs up, ${other.name} sees it`, async () => {
    await ender.hangUp();
    await other.peerEnded();
  });
  await step('a second call comes up', async () => {
    await client.dial();
    await agree(client, server);
    await ping(client, (await targets(client, server)).towardsServer);
  });
  await step(`${other.name} shuts down, ${ender.name} sees it`, async () => {
    await other.shutDown();
    await ender.peerEnded();
  });
  const packets = await capture.stop();
  context.diagnostic(`${packets} packets captured`);
  await step('tshark finds nothing wrong in the packets', async () => {
    await assertClean(file, TCP_AT_WORK);
    if (size !== undefined) assert.equal(await countMatches(file, 'ip.flags.mf == 1'), 0, 'fragments');
  });
  await step('the packets show what was asked for', async () => {
    await assertShown(file, scenario);
  });
  discard();
}

/** Both ends have agreed to the same two addresses. */
async function agree(client: Endpoint, server: Endpoint): Promise<void> {
  const [near, far] = await Promise.all([client.established(), server.established()]);
  assert.deepEqual(near, { local: far.remote, remote: far.local }, 'the addresses of the two ends');
}

async function targets(client: Endpoint, server: Endpoint): Promise<{ towardsClient: string; towardsServer: string }> {
  const { local, remote }: Addresses = await client.established();
  return { towardsClient: client.inside ?? local, towardsServer: server.inside ?? remote };
}

async function ping(from: Endpoint, address: string, options: readonly string[] = []): Promise<void> {
  const outcome = await from.machine.run(['ping', '-n', '-c', '3', '-i', '0.2', '-W', '2', ...options, address]);
  assert.match(outcome.stdout, / 0% packet loss/, `${from.name} to ${address}: ${outcome.stdout}${outcome.stderr}`);
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

function rate(millis: number): string {
  return `${((PAYLOAD * 8) / 1000 / millis).toFixed(0)} Mbit/s`;
}
