// Two L2TPv3 endpoints: set-up from either end and from both at once, digests, cookies, circuits, loss, and what forgers get.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConnectionSettings, DigestSettings, SessionSettings } from '../../../src/l2tp/v3/events.ts';
import { framed, writeControlHeader } from '../../../src/l2tp/v3/header.ts';
import { encodeMessage } from '../../../src/l2tp/v3/message.ts';
import { seeded } from '../../sim/world.ts';
import { type End, Pair, SESSION } from './pair.ts';

const SECRET = new TextEncoder().encode('s3cret');
const MD5: DigestSettings = { hash: 'md5', secret: SECRET };
const SHA1: DigestSettings = { hash: 'sha1', secret: SECRET };

/** Exactly one connection and one session at each end, and the two ends are of the same. */
function assertOneOfEach(pair: Pair, why = ''): void {
  for (const side of ['a', 'b'] as const) {
    const { connections, sessions } = pair[side];
    assert.deepEqual([connections.size, sessions.size], [1, 1], `${side}: connections, sessions ${why}`);
  }
  const [a, b] = [only(pair.a), only(pair.b)];
  assert.equal(a.carries.peerSession, b.carries.localSession, why);
  assert.equal(b.carries.peerSession, a.carries.localSession, why);
  assert.deepEqual(a.carries.peerCookie, b.carries.localCookie, why);
  assert.deepEqual(b.carries.peerCookie, a.carries.localCookie, why);
}

function only({ sessions }: End) {
  return [...sessions.values()][0]!;
}

function drops(end: End): Record<string, number> {
  return Object.fromEntries(end.endpoint.drops);
}

describe('RFC 3931 §3: a connection and a session', () => {
  for (const transport of ['udp', 'ip'] as const) {
    for (const from of ['a', 'b'] as const) {
      test(`over ${transport}, opened by ${from}`, () => {
        const pair = new Pair({ seed: 1, transport, wantsA: [SESSION], wantsB: [SESSION] });
        pair.dial(from);
        pair.run(10_000);
        assertOneOfEach(pair);
      });
    }
  }

  test('PPP frames pass both ways', () => {
    const pair = new Pair({ seed: 2 });
    pair.dial('a');
    pair.run(10_000);
    const frame = Uint8Array.of(0xff, 0x03, 0xc0, 0x21, 1, 1, 0, 4);
    pair.input('a', { on: 'frame', session: only(pair.a).session, frame });
    pair.input('b', { on: 'frame', session: only(pair.b).session, frame: frame.slice(2) });
    pair.run(11_000);
    assert.deepEqual(pair.b.frames, [frame]);
    assert.deepEqual(pair.a.frames, [frame.slice(2)]);
  });

  test('§4.6: with sequencing asked for, frames carry numbers, and a repeated one is dropped', () => {
    const sequenced: SessionSettings = { ...SESSION, sublayer: true, sequencing: 'all' };
    const pair = new Pair({ seed: 3, wantsA: [sequenced], wantsB: [sequenced] });
    pair.dial('a');
    pair.run(10_000);
    const sent = pair.wire.length;
    pair.input('a', { on: 'frame', session: only(pair.a).session, frame: Uint8Array.of(1) });
    const again = pair.wire[sent]!.octets;
    pair.run(11_000);
    pair.input('b', { on: 'datagram', path: pair.path('b'), octets: again });
    assert.equal(pair.b.frames.length, 1);
    assert.equal(drops(pair.b)['data-out-of-order'], 1);
  });

  test('§5.4.4: an end that we do not have is refused, and the connection stays', () => {
    const other = { ...SESSION, remoteEndId: new TextEncoder().encode('16') };
    const pair = new Pair({ seed: 4, wantsA: [SESSION], wantsB: [other] });
    pair.dial('a');
    pair.run(10_000);
    assert.deepEqual([pair.a.sessions.size, pair.b.sessions.size], [0, 0]);
    assert.deepEqual([pair.a.connections.size, pair.b.connections.size], [1, 1]);
    const down = pair.a.effects.findLast((effect) => effect.do === 'session-down');
    assert.equal(down?.do === 'session-down' && down.end.resultCode, 3);
  });

  test('§5.4.5: a circuit that goes down at one end is told to the other, and comes back', () => {
    const pair = new Pair({ seed: 5 });
    pair.dial('a');
    pair.run(10_000);
    for (const active of [false, true]) {
      pair.input('a', { on: 'circuit', session: only(pair.a).session, active });
      pair.run(pair.now + 1000);
      const told = pair.b.effects.findLast((effect) => effect.do === 'circuit');
      assert.equal(told?.do === 'circuit' && told.active, active);
    }
  });

  test('a StopCCN ends both ends', () => {
    const pair = new Pair({ seed: 6 });
    pair.dial('a');
    pair.run(10_000);
    const [connection] = pair.a.connections;
    pair.input('a', { on: 'close-connection', connection: connection!, resultCode: 6, message: 'bye' });
    pair.run(60_000);
    for (const end of [pair.a, pair.b]) {
      assert.deepEqual([end.connections.size, end.sessions.size], [0, 0]);
      assert.equal([...end.endpoint.connections()].length, 0);
    }
  });

  test('§4.3: a peer that falls silent is missed by HELLO', () => {
    const pair = new Pair({ seed: 7, a: { helloInterval: 5000 } });
    pair.dial('a');
    pair.run(3000);
    pair.tamper = (from, octets) => (from === 'b' ? undefined : octets);
    pair.run(200_000);
    assert.deepEqual([pair.a.connections.size, pair.a.sessions.size], [0, 0]);
  });
});

describe('both ends at once', () => {
  test('200 timings, with loss and without: one connection, one session', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const weather = { loss: seed % 2 === 0 ? 0 : 0.1, jitter: seed % 40 };
      const transport = seed % 3 === 0 ? 'ip' : 'udp';
      const digests = [[], [MD5], [SHA1]][seed % 3]!;
      const pair = new Pair({ seed, weather, transport, a: { digests }, b: { digests } });
      pair.dial('a', 'first');
      pair.run(seed % 17);
      pair.dial('b', 'first');
      // As a router does: who has neither connection nor session after a while tries again.
      for (let round = 1; round <= 20; round++) {
        pair.run(round * 30_000);
        for (const side of ['a', 'b'] as const) {
          if (pair[side].connections.size === 0 && [...pair[side].endpoint.connections()].length === 0) {
            pair.dial(side, `again ${round}`);
          }
        }
      }
      pair.run(700_000);
      assertOneOfEach(pair, `seed ${seed}`);
    }
  });
});

describe('RFC 3931 §5.4.1: digests', () => {
  const withDigests = (a: readonly DigestSettings[], b: readonly DigestSettings[], seed = 1): Pair => {
    const pair = new Pair({ seed, a: { digests: a }, b: { digests: b } });
    pair.dial('a');
    pair.run(150_000);
    return pair;
  };

  for (const digest of [MD5, SHA1]) {
    test(`the same secret on both ends, ${digest.hash}`, () => assertOneOfEach(withDigests([digest], [digest])));
  }

  test('integrity only', () => {
    const keyless: DigestSettings = { hash: 'md5', secret: undefined };
    assertOneOfEach(withDigests([keyless], [keyless]));
  });

  test('while a secret is changed, the old one and the new one are taken', () => {
    const next: DigestSettings = { hash: 'sha1', secret: Uint8Array.of(9, 9) };
    assertOneOfEach(withDigests([MD5], [next, MD5].reverse()));
    assertOneOfEach(withDigests([next, MD5], [next, MD5]));
  });

  test('another secret: not a word in answer', () => {
    const pair = withDigests([MD5], [{ hash: 'md5', secret: Uint8Array.of(1) }]);
    assert.deepEqual([pair.a.connections.size, pair.b.connections.size], [0, 0]);
    assert.equal(pair.wire.filter(({ from }) => from === 'b').length, 0);
    assert.ok(drops(pair.b)['digest-wrong']! > 0);
  });

  test('a peer without digests is not let in, and one that has them is not joined without a secret', () => {
    for (const [a, b] of [
      [[], [MD5]],
      [[MD5], []],
    ] as const) {
      const pair = withDigests(a, b);
      assert.deepEqual([pair.a.connections.size, pair.b.connections.size], [0, 0]);
    }
  });

  test('a message changed on its way is as good as lost', () => {
    const pair = new Pair({ seed: 8, a: { digests: [SHA1] }, b: { digests: [SHA1] } });
    const random = seeded(99);
    pair.tamper = (_from, octets) => {
      if (random() > 0.3) return octets;
      octets[octets.length - 1]! ^= 1;
      return octets;
    };
    pair.dial('a');
    pair.run(100_000);
    assertOneOfEach(pair);
  });

  test('hidden attributes are opened by the other end', () => {
    const settings: Partial<ConnectionSettings> = { digests: [SHA1], hidden: true };
    const pair = new Pair({ seed: 9, a: settings, b: settings });
    pair.dial('a');
    pair.run(10_000);
    assertOneOfEach(pair);
  });
});

describe('what a forger gets', () => {
  const established = (): Pair => {
    const pair = new Pair({ seed: 10 });
    pair.dial('a');
    pair.run(10_000);
    return pair;
  };

  test('§8.2: the wrong cookie, the wrong session, the wrong source: nothing, and a count', () => {
    const pair = established();
    pair.input('a', { on: 'frame', session: only(pair.a).session, frame: Uint8Array.of(1) });
    const data = pair.wire.at(-1)!.octets;
    pair.run(11_000);
    const cookie = data.slice();
    cookie[8]! ^= 1;
    const session = data.slice();
    session[5]! ^= 1;
    const answers = pair.wire.length;
    pair.input('b', { on: 'datagram', path: pair.path('b'), octets: cookie });
    pair.input('b', { on: 'datagram', path: pair.path('b'), octets: session });
    pair.input('b', { on: 'datagram', path: { ...pair.path('b'), peerAddress: '203.0.113.9' }, octets: data });
    assert.equal(pair.b.frames.length, 1);
    assert.equal(pair.wire.length, answers);
    const { 'cookie-mismatch': cookies, 'unknown-session': sessions, 'wrong-source': sources } = drops(pair.b);
    assert.deepEqual({ cookies, sessions, sources }, { cookies: 1, sessions: 1, sources: 1 });
  });

  test('an SCCRQ of nobody is not answered with more than three times its octets', () => {
    const pair = new Pair({ seed: 11 });
    const message = encodeMessage('SCCRQ', {
      HostName: 'x',
      RouterId: 9,
      AssignedControlConnectionId: 7,
      PseudowireCapabilitiesList: [7],
    });
    writeControlHeader(message, 0, 0, 0);
    const path = { ...pair.path('b'), peerAddress: '203.0.113.9' };
    pair.input('b', { on: 'datagram', path, octets: framed(path, message) });
    pair.tamper = () => undefined;
    pair.run(300_000);
    const sent = pair.wire.reduce((sum, { octets }) => sum + octets.length, 0);
    assert.ok(sent <= 3 * message.length, `${sent} octets for ${message.length}`);
    assert.equal([...pair.b.endpoint.connections()].length, 0);
  });

  test('a flood of SCCRQs is bounded, and a real peer gets through', () => {
    const pair = new Pair({ seed: 12 });
    for (let index = 0; index < 5000; index++) {
      const message = encodeMessage('SCCRQ', {
        HostName: 'x',
        RouterId: index,
        AssignedControlConnectionId: index + 1,
        PseudowireCapabilitiesList: [7],
      });
      writeControlHeader(message, 0, 0, 0);
      const path = { ...pair.path('b'), peerAddress: `198.51.100.${index % 250}` };
      pair.input('b', { on: 'datagram', path, octets: framed(path, message) });
    }
    assert.ok([...pair.b.endpoint.connections()].length <= 3000);
    pair.wire.length = 0;
    pair.dial('a');
    pair.run(5000);
    assert.equal(pair.a.connections.size, 1);
  });
});
