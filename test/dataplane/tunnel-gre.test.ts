// Calls of PPTP between two packet paths with real sockets and devices. Each test has its own namespaces.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EndpointOptions, MppeOptions } from './harness/endpoint.ts';
import { missingForNamespaces } from './harness/namespaces.ts';
import { LEFT_WIRE6, Pair, type Report, RIGHT, RIGHT_WIRE6 } from './harness/pair.ts';
import { isAnswered, lost, MEGABYTES, transferBothWays } from './harness/traffic.ts';

const missing = missingForNamespaces('ethtool', 'ping', 'python3');
const options = { timeout: 240_000, ...(missing === undefined ? {} : { skip: missing }) };

function open(left: Partial<EndpointOptions> = {}, right: Partial<EndpointOptions> = {}): Promise<Pair> {
  return Pair.open({ gre: {}, mtu: 1400, ...left }, right);
}

/** Of both ends, once nothing is on its way between them any more. */
async function quietReports(pair: Pair): Promise<[Report, Report]> {
  let before = '';
  for (let tries = 0; ; tries++) {
    const reports: [Report, Report] = [await pair.leftEnd.report(), await pair.rightEnd.report()];
    const now = JSON.stringify(reports.map(({ counters }) => counters));
    if (now === before || tries === 50) return reports;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const KEYS = { 128: ['0123456789abcdef0011223344556677', 'fedcba98765432108899aabbccddeeff'] } as const;

function mppe(form: Omit<MppeOptions, 'sendKey' | 'receiveKey'>): [Partial<EndpointOptions>, Partial<EndpointOptions>] {
  const [sendKey, receiveKey] = KEYS[128].map((key) => (form.bits === 128 ? key : key.slice(0, 16)));
  return [
    { mppe: { ...form, sendKey: sendKey!, receiveKey: receiveKey! } },
    { mppe: { ...form, sendKey: receiveKey!, receiveKey: sendKey! } },
  ];
}

describe('PPTP calls between two ends in namespaces', options, () => {
  for (const ipv6 of [false, true]) {
    it(`RFC 2637 §4 over IPv${ipv6 ? 6 : 4}: ping and 10 MB of TCP both ways, nothing lost, nothing out of order`, async () => {
      const [here, there] = [LEFT_WIRE6, RIGHT_WIRE6];
      await using pair = ipv6
        ? await open({ localAddress: here, peerAddress: there }, { localAddress: there, peerAddress: here })
        : await open();
      assert.equal(lost(pair.left, RIGHT), '0');
      await transferBothWays(pair.left, pair.right, [RIGHT]);
      const [left, right] = await quietReports(pair);
      assert.ok(right.counters.octetsIn > MEGABYTES && right.counters.octetsOut > MEGABYTES);
      assert.deepEqual(right.counters.drops, {});
      // Whatever was numbered has come.
      assert.equal(right.counters.nr, left.counters.packetsOut);
      assert.equal(left.counters.nr, right.counters.packetsOut);
    });
  }

  for (const bits of [40, 56, 128] as const) {
    for (const stateful of [false, true]) {
      it(`RFC 3078: ${bits} bits ${stateful ? 'with' : 'without'} state: ping and 2 MB of TCP both ways`, async () => {
        const [left, right] = mppe({ bits, stateful, required: true });
        await using pair = await open(left, right);
        assert.equal(lost(pair.left, RIGHT), '0');
        await transferBothWays(pair.left, pair.right, [RIGHT], 2_000_000);
        const [here, there] = await quietReports(pair);
        assert.deepEqual(there.counters.drops, {});
        assert.equal(there.encryption?.opened, here.encryption?.sealed);
        assert.equal(there.encryption?.opened, there.counters.packetsIn);
        assert.equal(there.encryption?.nextReceivedCoherency, here.encryption?.nextSentCoherency);
        const changes = stateful ? here.encryption!.sealed >> 8 : here.encryption!.sealed;
        assert.equal(here.encryption?.sentKeyChanges, changes);
      });
    }
  }

  for (const form of [{ bits: 0 }, { bits: 128, stateful: true }, { bits: 128 }] as const) {
    it(`RFC 2118: MPPC with ${JSON.stringify(form)}: ping and 1 MB of TCP both ways`, async () => {
      const [left, right] = mppe({ ...form, mppc: true });
      await using pair = await open(left, right);
      assert.equal(lost(pair.left, '-s', '1000', RIGHT), '0');
      await transferBothWays(pair.left, pair.right, [RIGHT], 1_000_000);
      assert.deepEqual((await pair.rightEnd.report()).counters.drops, {});
    });
  }

  it('MPPE in a session of L2TPv2: segmented sends, ping and 2 MB of TCP both ways', async () => {
    const [left, right] = mppe({ bits: 128 });
    await using pair = await Pair.open({ mtu: 1400, ...left }, right);
    assert.equal(lost(pair.left, RIGHT), '0');
    await transferBothWays(pair.left, pair.right, [RIGHT], 2_000_000);
    assert.deepEqual((await pair.rightEnd.report()).counters.drops, {});
  });

  for (const form of [{ bits: 128 }, { bits: 128, stateful: true }, { bits: 40, mppc: true }] as const) {
    for (const gre of [{}, undefined]) {
      const name = `${JSON.stringify(form)} in ${gre === undefined ? 'L2TPv2' : 'PPTP'}`;
      it(`R-190: threads of their own for ${name}: ping, 2 MB of TCP both ways, frames between them`, async () => {
        const [left, right] = mppe({ ...form, required: true });
        const common = { mtu: 1400, mppeThreads: true, ...(gre && { gre }) };
        await using pair = await Pair.open({ ...common, ...left }, right);
        assert.ok(isAnswered(pair.left, RIGHT));
        await transferBothWays(pair.left, pair.right, [RIGHT], 2_000_000);
        if (gre !== undefined) {
          for (let n = 0; n < 10; n++) pair.leftEnd.tell('frame');
          for (let n = 0; n < 10; n++) await pair.rightEnd.next('path');
        }
        const [here, there] = await quietReports(pair);
        assert.deepEqual(there.counters.drops, {});
        assert.equal(there.encryption?.opened, here.encryption?.sealed);
        if (gre !== undefined) assert.equal(there.flow!.lastReceived + 1, here.flow!.nextSent);
      });
    }
  }

  it('R-190: with threads of their own, what is not sealed goes on as without', async () => {
    await using pair = await open({ mppeThreads: true });
    assert.ok(isAnswered(pair.left, RIGHT));
    await transferBothWays(pair.left, pair.right, [RIGHT], 2_000_000);
    assert.deepEqual((await pair.rightEnd.report()).counters.drops, {});
  });
});
