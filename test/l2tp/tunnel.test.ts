// The life of a tunnel: HELLO (RFC 2661 §5.5), teardown and what lingers (§5.7, §5.8), ties (§4.4.3), ports (§8.1),
// timers, and numbers (§9.1).

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PATH, Peer } from './peer.ts';
import { Node, SETTINGS, Wire } from './wire.ts';

describe('RFC 2661 §5.5: HELLO', () => {
  test('after a minute without anything from the peer it is asked whether data came, then a HELLO goes out', () => {
    const peer = new Peer();
    peer.call();
    peer.pass(59_999);
    assert.deepEqual(peer.of('probe-activity'), []);
    peer.pass(1);
    assert.deepEqual(peer.of('probe-activity'), [{ do: 'probe-activity', tunnel: peer.tunnel }]);
    assert.deepEqual(peer.names, []);
    peer.input({ on: 'activity', tunnel: peer.tunnel, heard: false });
    assert.deepEqual(peer.names, ['HELLO']);
    assert.equal(peer.sent[0]?.sessionId, 0);
  });

  test('data on the packet path puts it off by another interval', () => {
    const peer = new Peer();
    peer.call();
    peer.pass(60_000);
    peer.input({ on: 'activity', tunnel: peer.tunnel, heard: true });
    assert.deepEqual(peer.names, []);
    peer.pass(59_999);
    assert.deepEqual(peer.of('probe-activity'), []);
    peer.pass(1);
    assert.equal(peer.of('probe-activity').length, 1);
  });

  test('a data message through the endpoint counts as well, and so does a ZLB', () => {
    const peer = new Peer();
    peer.call();
    const session = peer.bringCall();
    peer.pass(30_000);
    peer.datagram(Uint8Array.of(0, 2, peer.tunnel >> 8, peer.tunnel, session >> 8, session, 0xff, 3));
    assert.equal(peer.of('frame').length, 1);
    peer.pass(59_000);
    assert.deepEqual(peer.of('probe-activity'), []);
    peer.zlb();
    peer.pass(59_000);
    assert.deepEqual(peer.of('probe-activity'), []);
  });

  test('an unanswered question is asked again: a lost answer does not leave the peer unwatched', () => {
    const peer = new Peer();
    peer.call();
    peer.pass(60_000);
    peer.pass(1000);
    assert.equal(peer.of('probe-activity').length, 1);
  });

  test('interval 0: none', () => {
    const peer = new Peer();
    peer.call({ ...SETTINGS, helloInterval: 0 });
    peer.pass(3_600_000);
    assert.deepEqual(peer.effects, []);
  });

  test('none while another message is under way: that one finds out as well', () => {
    const peer = new Peer();
    peer.call({ ...SETTINGS, helloInterval: 2000 });
    peer.bringCall();
    peer.input({
      on: 'close-call',
      tunnel: peer.tunnel,
      session: [...peer.endpoint.calls(peer.tunnel)][0]!.session,
      resultCode: 3,
    });
    peer.pass(10_000);
    assert.deepEqual(peer.of('probe-activity'), []);
    assert.ok(peer.names.every((name) => name === 'CDN'));
  });

  test('a HELLO that nobody acknowledges takes the tunnel and its calls down after all retransmissions', () => {
    const peer = new Peer();
    peer.call();
    peer.bringCall();
    peer.pass(60_000);
    peer.input({ on: 'activity', tunnel: peer.tunnel, heard: false });
    peer.pass(30_999);
    assert.deepEqual(peer.names, ['HELLO', 'HELLO', 'HELLO', 'HELLO', 'HELLO']);
    assert.deepEqual(peer.of('tunnel-down'), []);
    peer.pass(1);
    assert.equal(peer.of('call-down')[0]?.end.cause, 'tunnel-down');
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'retransmission');
    assert.equal(peer.of('tunnel-gone').length, 1);
    assert.equal(peer.endpoint.deadline, Number.POSITIVE_INFINITY);
  });

  test('§6.5: a HELLO received is acknowledged, and nothing else', () => {
    const peer = new Peer();
    peer.call();
    peer.send('HELLO');
    assert.deepEqual(peer.names, ['ZLB']);
    assert.deepEqual(peer.of('drop'), []);
  });
});

describe('RFC 2661 §5.7, §5.8: teardown', () => {
  test('a StopCCN received is acknowledged, and acknowledged again for a full cycle of 31 seconds', () => {
    const peer = new Peer();
    peer.call();
    const stop = peer.craft('StopCCN');
    peer.datagram(stop);
    assert.deepEqual(peer.names, ['ZLB']);
    for (let time = 0; time < 3; time++) {
      peer.pass(10_000);
      peer.datagram(stop);
      assert.deepEqual(peer.names, ['ZLB']);
    }
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.state, 'shutting-down');
    peer.pass(1000);
    assert.equal(peer.of('tunnel-gone').length, 1);
    peer.datagram(stop);
    assert.deepEqual([peer.names, peer.drops], [[], ['unknown-tunnel']]);
  });

  test('a StopCCN of ours is sent until it is acknowledged, and the tunnel lingers a full cycle from there', () => {
    const peer = new Peer();
    peer.call();
    peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 6, message: 'bye' });
    assert.deepEqual(peer.sent[0]?.attributes.ResultCode, { resultCode: 6, errorCode: 0, message: 'bye' });
    assert.equal(peer.sent[0]?.attributes.AssignedTunnelId, peer.tunnel);
    peer.pass(3000);
    assert.deepEqual(peer.names, ['StopCCN', 'StopCCN']);
    peer.zlb();
    assert.equal(peer.endpoint.unacknowledged, 0);
    peer.pass(30_999);
    assert.deepEqual(
      peer.effects.filter((effect) => effect.do !== 'trace'),
      [],
    );
    peer.pass(1);
    assert.equal(peer.of('tunnel-gone').length, 1);
  });

  test('both stop at once: each acknowledges the other', () => {
    const peer = new Peer();
    peer.call();
    peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 1 });
    const { ns } = peer;
    peer.send('StopCCN', {}, { ns });
    assert.deepEqual(peer.names, ['ZLB']);
    assert.equal(peer.endpoint.unacknowledged, 0);
  });

  test('one never acknowledged is given up when the retransmissions are', () => {
    const peer = new Peer();
    peer.call();
    peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 1 });
    peer.pass(31_000);
    assert.equal(peer.of('tunnel-gone').length, 1);
    assert.equal(peer.names.filter((name) => name === 'StopCCN').length, 5);
  });

  test('messages not yet sent do not hold the StopCCN back', () => {
    const peer = new Peer();
    peer.beCalled(SETTINGS, { ReceiveWindowSize: 2 });
    const call = { callSerialNumber: 1, connectSpeed: 1, sequencing: false };
    for (let n = 0; n < 50; n++) peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: `${n}`, call });
    peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 1 });
    assert.equal(peer.of('call-down').length, 50);
    peer.zlb();
    assert.deepEqual(peer.names, ['StopCCN']);
  });

  test('effects of a close come in this order: the calls, the message, the tunnel', () => {
    const peer = new Peer();
    peer.call();
    peer.bringCall();
    peer.endpoint.traced = false;
    peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 1 });
    assert.deepEqual(
      peer.effects.map((effect) => effect.do),
      ['call-down', 'send', 'tunnel-down'],
    );
  });

  test('an id is told to be gone exactly once, whatever happened before', () => {
    for (const end of ['close', 'stop', 'silence'] as const) {
      const peer = new Peer();
      peer.call();
      const all = [
        ...(end === 'close' ? peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 1 }) : []),
        ...(end === 'stop' ? peer.send('StopCCN') : []),
        ...peer.pass(60_000),
        ...(end === 'silence' ? peer.input({ on: 'activity', tunnel: peer.tunnel, heard: false }) : []),
        ...peer.pass(120_000),
      ];
      for (const kind of ['tunnel-down', 'tunnel-gone']) {
        assert.equal(all.filter((effect) => effect.do === kind).length, 1, `${end} ${kind}`);
      }
    }
  });
});

describe('timers of a tunnel', () => {
  test('nobody answers the SCCRQ: unreachable after its own retries', () => {
    const peer = new Peer();
    peer.beDialled();
    peer.pass(6999);
    assert.deepEqual(peer.names, ['SCCRQ', 'SCCRQ']);
    peer.pass(1);
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'unreachable');
    assert.equal(peer.of('tunnel-down')[0]?.reference, 'r');
    assert.equal(peer.of('tunnel-gone').length, 1);
  });

  test('the SCCRQ is acknowledged, but no SCCRP comes: setup-timeout, with a StopCCN', () => {
    const peer = new Peer();
    peer.beDialled();
    peer.zlb({ nr: 1 });
    peer.pass(59_999);
    assert.deepEqual(peer.names, []);
    peer.pass(1);
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'setup-timeout');
    assert.equal(peer.names[0], 'StopCCN');
  });

  test('no SCCCN comes: setup-timeout, at the latest when the retransmissions of the SCCRP end', () => {
    const peer = new Peer();
    peer.request();
    peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: SETTINGS });
    peer.pass(31_000);
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'setup-timeout');
    assert.equal(peer.of('tunnel-gone').length, 1);
  });

  test('nobody decides on the SCCRQ: forgotten after the half-open time', () => {
    const peer = new Peer();
    peer.request();
    peer.pass(60_000);
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'setup-timeout');
  });

  test('a tunnel without calls is closed after its time, with StopCCN 1', () => {
    const peer = new Peer();
    peer.call({ ...SETTINGS, noSessionTimeout: 10_000 });
    const session = peer.bringCall();
    peer.zlb();
    peer.pass(50_000);
    assert.deepEqual(peer.of('tunnel-down'), []);
    peer.input({ on: 'close-call', tunnel: peer.tunnel, session, resultCode: 3 });
    peer.zlb();
    peer.pass(9_999);
    assert.deepEqual(peer.of('tunnel-down'), []);
    peer.pass(1);
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'idle');
    assert.equal(peer.sent[0]?.attributes.ResultCode?.resultCode, 1);
  });

  test('even with no time at all without calls, a new tunnel may have its first', () => {
    const peer = new Peer();
    peer.call({ ...SETTINGS, noSessionTimeout: 0 });
    peer.pass(500);
    assert.deepEqual(peer.of('tunnel-down'), []);
    const session = peer.bringCall();
    peer.zlb();
    peer.input({ on: 'close-call', tunnel: peer.tunnel, session, resultCode: 3 });
    peer.pass(0);
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'idle');
  });

  test('handleTimeout before the deadline does nothing', () => {
    const peer = new Peer();
    peer.beDialled();
    assert.deepEqual(peer.endpoint.handleTimeout(999), []);
  });
});

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
