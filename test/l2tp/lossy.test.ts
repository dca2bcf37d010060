// Two endpoints and a wire that loses, repeats and reorders: whatever the seed, calls come up, go down, and nothing stays.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Node, SECRET, SETTINGS, Wire } from './wire.ts';

const TOUGH = {
  ...SETTINGS,
  secret: SECRET,
  authentication: true,
  hidden: true,
  retransmit: { ...SETTINGS.retransmit, initialRetries: 30, retries: 30 },
  setupTimeout: 600_000,
};

function pair(seed: number, loss: number) {
  const limits = { callSetupTimeout: 600_000, halfOpenTimeout: 600_000 };
  const lac = new Node('10.0.0.1', { seed: 2 * seed, limits });
  const lns = new Node('10.0.0.2', { seed: 2 * seed + 1, limits, accept: { ...TOUGH, localName: 'lns' } });
  const wire = new Wire([lac, lns], { loss, duplication: 0.1, delay: [5, 400] }, seed);
  return { lac, lns, wire };
}

describe('RFC 2661 §5.8 over a bad wire', () => {
  for (let seed = 1; seed <= 200; seed++) {
    test(`seed ${seed}: ten calls come up at both ends, in agreement, and all ends clean`, () => {
      const { lac, lns, wire } = pair(seed, 0.1 + (seed % 3) * 0.1);
      const tunnel = wire.openTunnel(lac, lns, TOUGH);
      for (let call = 0; call < 10; call++) wire.openCall(lac, tunnel);
      wire.run(500_000);
      const ups = [lac, lns].map((node) =>
        node.all('call-up').map((up) => [up.session, up.peerSession].sort((a, b) => a - b).join()),
      );
      assert.equal(ups[0]!.length, 10);
      assert.deepEqual(new Set(ups[0]), new Set(ups[1]));
      wire.input(lac, { on: 'close-tunnel', tunnel, resultCode: 1 });
      wire.run();
      for (const node of [lac, lns]) {
        assert.equal(node.all('call-down').length, 10);
        assert.equal([...node.endpoint.tunnels()].length, 0);
        assert.equal(node.endpoint.deadline, Number.POSITIVE_INFINITY);
      }
    });
  }

  test('the same seed gives the same run', () => {
    const logs = [1, 2].map(() => {
      const { lac, lns, wire } = pair(77, 0.3);
      wire.openCall(lac, wire.openTunnel(lac, lns, TOUGH));
      wire.run(100_000);
      return wire.log.map(({ at, octets }) => `${at} ${octets}`).join('\n');
    });
    assert.equal(logs[0], logs[1]);
  });

  test('24 hours of 5 % loss lose no tunnel', () => {
    const { lac, lns, wire } = pair(5, 0.05);
    wire.openCall(lac, wire.openTunnel(lac, lns, { ...SETTINGS, secret: SECRET, retransmit: TOUGH.retransmit }));
    wire.run(86_400_000);
    assert.equal(lac.all('tunnel-down').length + lns.all('tunnel-down').length, 0);
    assert.equal(lac.all('call-down').length, 0);
  });

  test('the other end vanishes: the tunnel goes after hello and retransmissions, and a new one comes up', () => {
    const { lac, lns, wire } = pair(9, 0);
    wire.openCall(lac, wire.openTunnel(lac, lns, { ...SETTINGS, secret: SECRET }));
    wire.run(1000);
    lns.up = false;
    wire.run(120_000);
    assert.equal(lac.last('tunnel-down')?.end.cause, 'retransmission');
    const again = new Node('10.0.0.2', { seed: 4, accept: { ...SETTINGS, localName: 'lns' } });
    const later = new Wire([lac, again]);
    later.now = wire.now;
    later.openCall(lac, later.openTunnel(lac, again));
    later.run(later.now + 1000);
    assert.equal(again.all('call-up').length, 1);
  });

  test('a restarted peer is dialled at once, while the old tunnel still stands at the other end', () => {
    const { lac, lns, wire } = pair(11, 0);
    wire.openCall(lac, wire.openTunnel(lac, lns, TOUGH));
    wire.run(1000);
    const reborn = new Node('10.0.0.1', { seed: 999 });
    const later = new Wire([reborn, lns]);
    later.now = wire.now;
    later.openCall(reborn, later.openTunnel(reborn, lns, TOUGH));
    later.run(later.now + 1000);
    assert.equal(reborn.all('call-up').length, 1);
  });
});
