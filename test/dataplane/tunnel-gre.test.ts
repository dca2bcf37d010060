// Calls of PPTP between two packet paths with real sockets and devices. Each test has its own namespaces.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { EndpointOptions } from './harness/endpoint.ts';
import { missingForNamespaces } from './harness/namespaces.ts';
import { LEFT_WIRE, LEFT_WIRE6, Pair, RIGHT, RIGHT_WIRE, RIGHT_WIRE6 } from './harness/pair.ts';
import { digestOf } from './harness/transfer.ts';

const missing = missingForNamespaces('ethtool', 'ping', 'python3');
const options = { timeout: 240_000, ...(missing === undefined ? {} : { skip: missing }) };
const TRANSFER = new URL('harness/transfer.ts', import.meta.url).pathname;
const MEGABYTES = 10_000_000;

function open(left: Partial<EndpointOptions> = {}, right: Partial<EndpointOptions> = {}): Promise<Pair> {
  return Pair.open({ gre: {}, mtu: 1400, ...left }, right);
}

function lost(pair: Pair, ...words: string[]): string {
  try {
    return /(\d+)% packet loss/.exec(pair.left.run('ping', '-c', '3', '-i', '0.2', '-W', '1', ...words))![1]!;
  } catch (error) {
    const output = String((error as { stdout: string }).stdout);
    return /(\d+)% packet loss/.exec(output)?.[1] ?? output;
  }
}

async function transferBothWays(pair: Pair): Promise<void> {
  const server = pair.right.start(process.execPath, TRANSFER, 'serve');
  await once(server.stdout!, 'data');
  for (const direction of ['upload', 'download']) {
    const digest = pair.left.run(process.execPath, TRANSFER, direction, RIGHT, String(MEGABYTES)).trim();
    assert.equal(digest, digestOf(MEGABYTES), direction);
  }
}

describe('PPTP calls between two ends in namespaces', options, () => {
  for (const ipv6 of [false, true]) {
    it(`RFC 2637 §4 over IPv${ipv6 ? 6 : 4}: ping and 10 MB of TCP both ways, nothing lost, nothing out of order`, async () => {
      const [here, there] = [LEFT_WIRE6, RIGHT_WIRE6];
      await using pair = ipv6
        ? await open({ localAddress: here, peerAddress: there }, { localAddress: there, peerAddress: here })
        : await open();
      assert.equal(lost(pair, RIGHT), '0');
      await transferBothWays(pair);
      const [left, right] = [await pair.leftEnd.report(), await pair.rightEnd.report()];
      assert.ok(right.counters.octetsIn > MEGABYTES && right.counters.octetsOut > MEGABYTES);
      assert.deepEqual(right.counters.drops, {});
      // Whatever was numbered has come.
      assert.equal(right.counters.nr, left.counters.packetsOut);
      assert.equal(left.counters.nr, right.counters.packetsOut);
    });
  }
});
