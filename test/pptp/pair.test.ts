// RFC 2637: two endpoints with each other, over TCP in pieces of every size.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Pair } from './pair.ts';
import { CALL, SETTINGS } from './peer.ts';

describe('two endpoints', () => {
  for (const pieces of [1, 2, 7, 13, 100, 1000]) {
    test(`the whole life of ten calls, at most ${pieces} octets at once`, () => {
      const pair = new Pair(pieces, pieces);
      pair.dial('a');
      for (let count = 0; count < 10; count++) {
        const kind = count % 2 === 0 ? 'outgoing' : 'incoming';
        pair.input('a', { on: 'open-call', connection: 2, reference: `${count}`, call: { ...CALL, kind } });
      }
      pair.settle();
      const [ups, theirs] = [pair.of('a', 'call-up'), pair.of('b', 'call-up')];
      assert.deepEqual([ups.length, theirs.length], [10, 10]);
      for (const { carries } of ups) {
        const match = theirs.find((each) => each.carries.localCall === carries.peerCall)!;
        assert.equal(match.carries.peerCall, carries.localCall);
        assert.deepEqual(
          [match.carries.peerWindow, match.carries.localWindow],
          [carries.localWindow, carries.peerWindow],
        );
      }
      pair.input('a', { on: 'close-call', call: ups[0]!.call, resultCode: 4 });
      pair.input('b', { on: 'close-call', call: theirs[5]!.call, resultCode: 3 });
      pair.settle();
      assert.deepEqual([pair.endpoints.a.callCount, pair.endpoints.b.callCount], [8, 8]);
      pair.input('b', { on: 'close-connection', connection: 1, resultCode: 3 });
      pair.settle();
      for (const side of ['a', 'b'] as const) {
        assert.equal(pair.of(side, 'call-down').length, 10);
        assert.equal(pair.of(side, 'connection-gone').length, 1);
        const { connectionCount, callCount, deadline, drops } = pair.endpoints[side];
        assert.deepEqual([connectionCount, callCount, deadline], [0, 0, Number.POSITIVE_INFINITY]);
        assert.deepEqual(
          [...drops.keys()].filter((reason) => reason !== 'stopping' && reason !== 'call-state'),
          [],
        );
      }
    });
  }

  test('§3.1.4: kept alive by Echo for a day', () => {
    const pair = new Pair(1);
    pair.dial('a');
    pair.pass(86_400_000);
    assert.equal(pair.endpoints.a.connectionCount, 1);
    assert.equal(pair.of('a', 'connection-down').length, 0);
    assert.ok(pair.sent.length > 1400);
  });

  test('§3.1.3: both dial at once: one connection is left, whatever the order of things, and nobody waits for nothing', () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 300; seed++) {
      const pair = new Pair(seed, 200);
      pair.dial('a');
      pair.dial('b');
      pair.settle();
      const [a, b] = (['a', 'b'] as const).map((side) => [...pair.endpoints[side].connections()]);
      const established = (all: typeof a) => all!.filter(({ state }) => state === 'established').length;
      assert.equal(established(a), established(b), `seed ${seed}`);
      assert.ok(established(a) >= 1, `seed ${seed}`);
      outcomes.add(`${established(a)} ${pair.of('a', 'connection-down')[0]?.end.cause}`);
      pair.pass(20_000);
      for (const side of ['a', 'b'] as const) assert.equal(pair.endpoints[side].halfOpenCount, 0, `seed ${seed}`);
    }
    assert.ok(outcomes.has('1 collision'), [...outcomes].join(', '));
  });

  test('hundreds of connections with a call each, and all of them gone again', () => {
    const limits = { connectionsPerAddress: 10_000, halfOpenPerAddress: 10_000, halfOpenConnections: 10_000 };
    const pair = new Pair(5, 1000, { limits });
    pair.endpoints.a.traced = false;
    pair.endpoints.b.traced = false;
    const count = 200;
    for (let index = 0; index < count; index++) {
      pair.dial('a', { ...SETTINGS, echoInterval: 0 });
      pair.input('a', { on: 'open-call', connection: 2 + 2 * index, reference: 'c', call: CALL });
      pair.settle();
    }
    assert.deepEqual([pair.endpoints.a.callCount, pair.endpoints.b.callCount], [count, count]);
    for (let index = 0; index < count; index++) {
      pair.input('a', { on: 'close-connection', connection: 2 + 2 * index, resultCode: 1 });
    }
    pair.settle();
    assert.deepEqual([pair.endpoints.a.connectionCount, pair.endpoints.b.callCount], [0, 0]);
  });
});
