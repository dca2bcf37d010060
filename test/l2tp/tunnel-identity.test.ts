// Which tunnel is which: ties (RFC 2661 §4.4.3), ports (§8.1), numbers that cannot be guessed (§9.1).

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PATH, Peer } from './peer.ts';
import { Node, SETTINGS, Wire } from './wire.ts';

describe('RFC 2661 §4.4.3: tie breaker', () => {
  const tie = { ...SETTINGS, tieBreaker: true };

  function collide(first: boolean, second: boolean, swap = false) {
    const a = new Node('10.0.0.1', { seed: 1, accept: SETTINGS });
    const b = new Node('10.0.0.2', { seed: swap ? 1 : 2, accept: SETTINGS });
    const wire = new Wire([a, b]);
    wire.openTunnel(a, b, first ? tie : SETTINGS, 'a');
    wire.openTunnel(b, a, second ? tie : SETTINGS, 'b');
    wire.run(500);
    return { a, b };
  }
  const losers = (node: Node) => node.all('tunnel-down').filter(({ end }) => end.cause === 'tie-lost').length;
  const standing = (node: Node) => [...node.endpoint.tunnels()].filter(({ state }) => state === 'established').length;

  test('none sends one: two tunnels', () => {
    const { a, b } = collide(false, false);
    assert.deepEqual([standing(a), standing(b)], [2, 2]);
  });

  test('one sends it: that one’s tunnel stands', () => {
    const { a, b } = collide(true, false);
    assert.deepEqual([standing(a), standing(b), losers(a), losers(b)], [1, 1, 0, 1]);
    assert.equal([...a.endpoint.tunnels()][0]?.locallyInitiated, true);
  });

  test('both send it: the lower value’s tunnel stands, and the loser says nothing of its own', () => {
    const { a, b } = collide(true, true);
    assert.deepEqual([standing(a), standing(b), losers(a) + losers(b)], [1, 1, 1]);
    assert.equal(
      b.all('trace').some(({ event }) => event.kind === 'message' && event.name === 'StopCCN'),
      false,
    );
  });

  test('compared as unsigned numbers of 64 bit', () => {
    for (const [theirs, weWin] of [
      [0x8000000000000000n, true],
      [0xffffffffffffffffn, true],
      [0n, false],
    ] as const) {
      const peer = new Peer({ entropy: (octets) => new Uint8Array(octets).fill(0x7f) });
      peer.beDialled(tie);
      peer.send('SCCRQ', { TieBreaker: theirs }, { tunnelId: 0, ns: 0, nr: 0 });
      assert.deepEqual(peer.drops, weWin ? ['tie-won'] : []);
      assert.equal(peer.of('tunnel-down').length, weWin ? 0 : 1);
      assert.equal(peer.of('authorize-tunnel').length, weWin ? 0 : 1);
    }
  });

  test('equal values: both are discarded', () => {
    const peer = new Peer({ entropy: (octets) => new Uint8Array(octets).fill(7) });
    peer.beDialled(tie);
    peer.send('SCCRQ', { TieBreaker: 0x0707070707070707n }, { tunnelId: 0, ns: 0, nr: 0 });
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'tie-lost');
    assert.deepEqual(peer.of('authorize-tunnel'), []);
  });

  test('one from another address is no collision', () => {
    const peer = new Peer();
    peer.beDialled(tie);
    peer.send('SCCRQ', { TieBreaker: 0n }, { tunnelId: 0, ns: 0, nr: 0, path: { ...PATH, peerAddress: '192.0.2.10' } });
    assert.deepEqual(peer.of('tunnel-down'), []);
    assert.equal(peer.of('authorize-tunnel').length, 1);
  });

  test('once ours is established there is no tie any more', () => {
    const peer = new Peer();
    peer.beCalled(tie);
    peer.send('SCCRQ', { TieBreaker: 0n, AssignedTunnelId: 78 }, { tunnelId: 0, ns: 0, nr: 0 });
    assert.equal(peer.of('authorize-tunnel').length, 1);
    assert.deepEqual(peer.of('tunnel-down'), []);
  });
});

describe('RFC 2661 §8.1: addresses and ports', () => {
  const elsewhere = { ...PATH, peerPort: 40_000 };

  test('the SCCRP may come from another port: learnt, and everything goes there from then on', () => {
    const peer = new Peer();
    peer.beDialled();
    peer.send('SCCRP', {}, { path: elsewhere });
    assert.deepEqual(
      peer.sent.map(({ name, path }) => [name, path.peerPort]),
      [['SCCCN', 40_000]],
    );
    assert.equal(peer.of('tunnel-up')[0]?.path.peerPort, 40_000);
  });

  test('once only: then the port is pinned', () => {
    const peer = new Peer();
    peer.beDialled();
    peer.send('SCCRP', {}, { path: elsewhere });
    peer.zlb({ path: PATH });
    assert.deepEqual(peer.drops, ['wrong-source']);
  });

  for (const [what, extra, attributes] of [
    ['that acknowledges no SCCRQ', { nr: 0 }, {}],
    ['that is not the first message', { ns: 1 }, {}],
    ['that is malformed', { without: ['HostName'] as const }, {}],
  ] as const) {
    test(`not from an SCCRP ${what}`, () => {
      const peer = new Peer();
      peer.beDialled();
      peer.send('SCCRP', attributes, { ...extra, path: elsewhere });
      assert.deepEqual([peer.drops, peer.names], [['wrong-source'], []]);
    });
  }

  test('not from an SCCRP that does not answer our Challenge', () => {
    const peer = new Peer();
    peer.beDialled({ ...SETTINGS, secret: new Uint8Array(4), authentication: true });
    peer.send('SCCRP', { ChallengeResponse: new Uint8Array(16) }, { path: elsewhere });
    assert.deepEqual([peer.drops, peer.names], [['wrong-source'], []]);
  });

  test('another address is refused, SCCRP or not', () => {
    const peer = new Peer();
    peer.beDialled();
    peer.send('SCCRP', {}, { path: { ...PATH, peerAddress: '192.0.2.10' } });
    assert.deepEqual([peer.drops, peer.names], [['wrong-source'], []]);
  });

  test('right ids from a wrong source: dropped in every state, data and control', () => {
    for (const path of [elsewhere, { ...PATH, peerAddress: '192.0.2.10' }]) {
      const peer = new Peer();
      peer.call();
      const session = peer.bringCall();
      peer.datagram(Uint8Array.of(0, 2, peer.tunnel >> 8, peer.tunnel, session >> 8, session, 0xff), path);
      assert.deepEqual([peer.drops, peer.of('frame')], [['wrong-source'], []]);
      for (const name of ['HELLO', 'CDN', 'StopCCN', 'ICRQ'] as const) {
        peer.send(name, {}, { path, session, ns: peer.ns });
        assert.deepEqual([peer.drops, peer.names], [['wrong-source'], []]);
      }
      assert.equal(peer.endpoint.tunnel(peer.tunnel)?.calls, 1);
    }
  });

  test('a client may call from any port, and is answered there', () => {
    const peer = new Peer();
    peer.path = { ...PATH, peerPort: 13_660 };
    peer.call();
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.path.peerPort, 13_660);
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.path.localPort, 1701);
  });
});

describe('RFC 2661 §9.1: numbers are not to be guessed', () => {
  test('tunnel ids are never 0, never two at a time, and without order', () => {
    const peer = new Peer({ limits: { tunnels: 65_535, halfOpenTunnels: 65_535 } });
    const seen: number[] = [];
    for (let n = 0; n < 5000; n++) {
      peer.ns = 0;
      peer.nr = 0;
      peer.id = n + 1;
      peer.request();
      seen.push(peer.tunnel);
    }
    assert.equal(new Set(seen).size, 5000);
    assert.ok(!seen.includes(0));
    const rising = seen.filter((id, at) => at > 0 && id > seen[at - 1]!).length;
    assert.ok(rising > 2300 && rising < 2700, `${rising} of 4999 go up`);
    const buckets = new Array<number>(16).fill(0);
    for (const id of seen) buckets[id >> 12]!++;
    const chiSquare = buckets.reduce((sum, count) => sum + (count - 312.5) ** 2 / 312.5, 0);
    assert.ok(chiSquare < 37.7, `chi-square ${chiSquare}`); // 15 degrees of freedom, 0.1 %
  });

  test('a session id rests for two minutes before it is given out again', () => {
    const ids = [1, 1, 2, 1, 3, 1];
    const peer = new Peer({
      entropy: (octets) => (octets === 2 ? Uint8Array.of(0, ids.shift() ?? 9) : new Uint8Array(octets)),
    });
    peer.call(); // takes tunnel id 1
    const take = () => {
      peer.send('ICRQ', { AssignedSessionId: 40 });
      const { session } = peer.of('call-requested')[0]!;
      peer.input({ on: 'close-call', tunnel: peer.tunnel, session, resultCode: 3 });
      peer.zlb();
      return session;
    };
    assert.equal(take(), 1);
    assert.equal(take(), 2);
    assert.equal(take(), 3); // 1 was drawn and still rests
    peer.pass(120_000);
    assert.equal(take(), 1);
  });

  test('with nearly all numbers taken there is still one found, and with all taken none', () => {
    const peer = new Peer({ limits: { tunnels: 70_000, halfOpenTunnels: 70_000 } });
    peer.endpoint.traced = false;
    for (let n = 1; n <= 65_535; n++) {
      const path = { ...PATH, peerAddress: `10.${n >> 8}.${n & 255}.1` };
      peer.datagram(peer.craft('SCCRQ', {}, { tunnelId: 0, ns: 0, nr: 0 }), path);
      assert.equal(peer.of('authorize-tunnel').length, 1, String(n));
    }
    peer.datagram(peer.craft('SCCRQ', {}, { tunnelId: 0, ns: 0, nr: 0 }));
    assert.deepEqual(peer.drops, ['tunnel-limit']);
  });
});
