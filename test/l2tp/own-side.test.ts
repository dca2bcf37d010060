// What our own side may ask of an endpoint at a bad moment: it is refused, or counted, and nothing breaks.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PATH, Peer } from './peer.ts';
import { fromHex } from './vectors.ts';
import { SETTINGS } from './wire.ts';

describe('our own side', () => {
  test('a tunnel beyond the limit is told to be down at once', () => {
    const peer = new Peer({ limits: { tunnels: 1 } });
    peer.beDialled();
    peer.input({ on: 'open-tunnel', reference: 'second', path: PATH, settings: SETTINGS });
    const [down] = peer.of('tunnel-down');
    assert.deepEqual([down?.tunnel, down?.reference, down?.end.cause], [0, 'second', 'no-resources']);
  });

  test('nothing is traced when nobody looks, and all the rest is the same', () => {
    const runs = [true, false].map((traced) => {
      const peer = new Peer();
      peer.endpoint.traced = traced;
      assert.equal(peer.endpoint.traced, traced);
      peer.call();
      peer.bringCall();
      return [peer.of('trace').length > 0, peer.effects.filter((effect) => effect.do !== 'trace').length];
    });
    assert.deepEqual(
      runs.map(([any]) => any),
      [true, false],
    );
    assert.equal(runs[0]![1], runs[1]![1]);
  });

  test('refused before it is decided: a close of an undecided tunnel is a refusal', () => {
    const peer = new Peer();
    peer.request();
    peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 6 });
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'refused');
    assert.equal(peer.sent[0]?.attributes.ResultCode?.resultCode, 6);
  });
});

describe('our own side late with its word', () => {
  test('inputs for tunnels and calls that are gone are counted and change nothing', () => {
    const peer = new Peer();
    const tunnel = peer.call();
    const session = peer.bringCall();
    peer.send('StopCCN');
    peer.pass(40_000);
    for (const input of [
      { on: 'authorize-tunnel', tunnel, settings: SETTINGS },
      { on: 'refuse-tunnel', tunnel, resultCode: 1 },
      { on: 'close-tunnel', tunnel, resultCode: 1 },
      { on: 'accept-call', tunnel, session },
      { on: 'close-call', tunnel, session, resultCode: 1 },
      { on: 'frame', tunnel, session, frame: fromHex('ff03') },
      { on: 'activity', tunnel, heard: true },
    ] as const) {
      assert.deepEqual(peer.input(input), [], input.on);
    }
    assert.equal(peer.endpoint.drops.get('stale-input'), 7);
  });
});
