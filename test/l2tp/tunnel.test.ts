// The life of a tunnel: HELLO (RFC 2661 §5.5), teardown and what lingers (§5.7, §5.8), timers.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Peer } from './peer.ts';
import { SETTINGS } from './wire.ts';

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
