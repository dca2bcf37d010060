// RFC 2637 §3.1: how a control connection begins, is kept alive and ends, at either end.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatOctets } from '../../src/wire/bytes.ts';
import { CALL, messageOf, PATH, Peer, SETTINGS } from './peer.ts';

describe('RFC 2637 §2.1, §2.2: the start, asked by the peer', () => {
  test('our side is asked who it is, and the answer says who we are', () => {
    const peer = new Peer();
    peer.accept();
    peer.send('SCCRQ', { hostName: 'pc', vendorName: 'Microsoft', firmwareRevision: 3 });
    const [asked] = peer.of('authorize-connection');
    assert.deepEqual(asked!.path, PATH);
    const { hostName, vendorName, firmwareRevision, protocolVersion } = asked!.peer;
    assert.deepEqual([hostName, vendorName, firmwareRevision, protocolVersion], ['pc', 'Microsoft', 3, 0x100]);
    assert.deepEqual(peer.names, []);
    peer.input({ on: 'accept-connection', connection: 1, settings: SETTINGS });
    const reply = peer.sent('SCCRP');
    assert.deepEqual([reply.resultCode, reply.errorCode, reply.hostName, reply.vendorName], [1, 0, 'server', 'vpdn']);
    assert.deepEqual(peer.told, ['connection-up']);
    assert.equal(peer.endpoint.connection(1)?.state, 'established');
  });

  test('our side refuses: the reply says how, and TCP is closed behind it', () => {
    const peer = new Peer();
    peer.accept();
    peer.send('SCCRQ');
    peer.input({ on: 'refuse-connection', connection: 1, resultCode: 4, message: 'no group' });
    assert.equal(peer.sent('SCCRP').resultCode, 4);
    assert.deepEqual(peer.of('disconnect'), [{ do: 'disconnect', connection: 1, how: 'flush' }]);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'refused');
    assert.equal(peer.endpoint.connectionCount, 0);
  });

  test('an older version is refused with result 5, a newer one answered with ours', () => {
    const peer = new Peer();
    peer.accept();
    peer.send('SCCRQ', { protocolVersion: 0x00ff });
    assert.equal(peer.sent('SCCRP').resultCode, 5);
    assert.deepEqual(peer.told, []);
    assert.equal(peer.of('disconnect').length, 1);
    peer.accept(3);
    peer.send('SCCRQ', { protocolVersion: 0x0200 });
    peer.input({ on: 'accept-connection', connection: 3, settings: SETTINGS });
    assert.equal(peer.sent('SCCRP').protocolVersion, 0x100);
  });

  test('whoever says nothing is closed in time, and octets one by one do not buy any', () => {
    const peer = new Peer();
    peer.accept();
    const request = messageOf('SCCRQ');
    for (let second = 0; second < 14; second++) {
      peer.octets(request.subarray(second, second + 1));
      peer.pass(1000);
    }
    assert.equal(peer.endpoint.connectionCount, 1);
    peer.pass(1000);
    assert.deepEqual(peer.of('disconnect'), [{ do: 'disconnect', connection: 1, how: 'abort' }]);
    assert.deepEqual(peer.told, []);
    assert.equal(peer.endpoint.drops.get('unstarted-setup-timeout'), 1);
    assert.equal(peer.endpoint.deadline, Number.POSITIVE_INFINITY);
  });

  test('nobody decides: the peer hears of it, and so does our side', () => {
    const peer = new Peer();
    peer.accept();
    peer.send('SCCRQ');
    peer.pass(15_000);
    assert.deepEqual([peer.sent('SCCRP').resultCode, peer.sent('SCCRP').errorCode], [2, 4]);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'setup-timeout');
    peer.input({ on: 'accept-connection', connection: 1, settings: SETTINGS });
    assert.deepEqual(peer.effects, []);
    assert.equal(peer.endpoint.drops.get('stale-input'), 1);
  });

  test('anything else before the start, and a second request, end it without a word', () => {
    for (const name of ['OCRQ', 'Echo-Request', 'StopCCRQ', 'SCCRP', 'CCR'] as const) {
      const peer = new Peer();
      peer.accept();
      peer.send(name);
      assert.deepEqual(peer.names, []);
      assert.deepEqual(peer.of('disconnect')[0]?.how, 'abort');
    }
    const peer = new Peer();
    peer.accept();
    peer.octets(concatOctets(messageOf('SCCRQ'), messageOf('SCCRQ')));
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'protocol');
  });
});

describe('RFC 2637 §3.1.1: the start, asked by us', () => {
  test('TCP, request, reply', () => {
    const peer = new Peer();
    peer.input({ on: 'open-connection', reference: 'r', path: { ...PATH, peerPort: 1723 }, settings: SETTINGS });
    assert.deepEqual(peer.of('connect')[0]!.connection, 2);
    peer.input({ on: 'opened', connection: 2, path: PATH });
    assert.deepEqual([peer.sent('SCCRQ').hostName, peer.sent('SCCRQ').maximumChannels], ['server', 0]);
    peer.connection = 2;
    peer.send('SCCRP', { hostName: 'pac' });
    assert.equal(peer.of('connection-up')[0]!.peer.hostName, 'pac');
    assert.equal(peer.endpoint.connection(2)!.locallyInitiated, true);
  });

  test('numbers are even and never used twice', () => {
    const peer = new Peer();
    for (const number of [2, 4, 6]) {
      peer.input({ on: 'open-connection', reference: 'r', path: PATH, settings: SETTINGS });
      assert.equal(peer.of('connection-opening')[0]!.connection, number);
      peer.input({ on: 'refused', connection: number, error: 'ECONNREFUSED' });
    }
  });

  test('TCP is refused, or does not answer', () => {
    const peer = new Peer();
    peer.input({ on: 'open-connection', reference: 'r', path: PATH, settings: SETTINGS });
    peer.input({ on: 'refused', connection: 2, error: 'ECONNREFUSED' });
    assert.deepEqual(peer.told, ['connection-down', 'connection-gone']);
    const { end, reference } = peer.of('connection-down')[0]!;
    assert.deepEqual([end.cause, end.message, reference], ['unreachable', 'ECONNREFUSED', 'r']);
    assert.deepEqual(peer.of('disconnect'), []);
    peer.input({ on: 'open-connection', reference: 'r', path: PATH, settings: SETTINGS });
    peer.pass(60_000);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'unreachable');
    assert.equal(peer.of('disconnect')[0]!.how, 'abort');
  });

  test('refused by the peer: with its codes, in words', () => {
    const peer = new Peer();
    peer.dial();
    peer.send('SCCRP', { resultCode: 2, errorCode: 4 });
    const { end } = peer.of('connection-down')[0]!;
    assert.deepEqual(end, {
      cause: 'refused',
      side: 'peer',
      resultCode: 2,
      errorCode: 4,
      message: 'general error: no resource',
    });
    assert.equal(peer.of('disconnect')[0]!.how, 'flush');
    assert.equal(peer.endpoint.connectionCount, 0);
  });

  test('a modem that answers 0 means 1', () => {
    const peer = new Peer();
    peer.dial();
    peer.send('SCCRP', { resultCode: 0 });
    assert.deepEqual(peer.told, ['connection-up']);
  });

  test('a version that we do not speak: Stop, and the wait for its reply', () => {
    const peer = new Peer();
    peer.dial();
    peer.send('SCCRP', { protocolVersion: 0x00ff });
    assert.equal(peer.sent('StopCCRQ').reason, 2);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'version');
    assert.equal(peer.endpoint.connection(2)!.state, 'wait-stop-reply');
    peer.send('StopCCRP');
    assert.deepEqual(peer.told, ['connection-gone']);
    assert.equal(peer.of('disconnect')[0]!.how, 'flush');
  });

  test('§3: no reply within 60 seconds', () => {
    const peer = new Peer();
    peer.dial();
    peer.pass(59_999);
    assert.deepEqual(peer.effects, []);
    peer.pass(1);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'setup-timeout');
  });
});

describe('RFC 2637 §3.1.4: Echo', () => {
  test('an Echo-Request is answered with its identifier', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.send('Echo-Request', { identifier: 0xfedcba98 });
    assert.deepEqual(peer.sent('Echo-Reply'), { identifier: 0xfedcba98, resultCode: 1, errorCode: 0 });
  });

  test('after the interval of silence one is sent; any message puts it off, the answer begins it anew', () => {
    const peer = new Peer();
    peer.beCalled({ ...SETTINGS, echoInterval: 10_000 });
    peer.pass(9000);
    peer.send('Echo-Request');
    peer.pass(9999);
    assert.deepEqual(peer.names, []);
    peer.pass(1);
    const { identifier } = peer.sent('Echo-Request');
    peer.pass(30_000);
    peer.send('Echo-Reply', { identifier });
    peer.pass(9999);
    assert.deepEqual(peer.names, []);
    peer.pass(1);
    assert.equal(peer.sent('Echo-Request').identifier, identifier + 1);
  });

  test('0 is off: silence for a day', () => {
    const peer = new Peer();
    peer.beCalled({ ...SETTINGS, echoInterval: 0 });
    assert.equal(peer.endpoint.deadline, Number.POSITIVE_INFINITY);
    peer.pass(86_400_000);
    assert.equal(peer.endpoint.connectionCount, 1);
  });

  test('no answer in 60 seconds, and no data either: the end, of the calls too', () => {
    const peer = new Peer();
    peer.beCalled();
    const call = peer.takeCall();
    peer.pass(120_000);
    assert.deepEqual(peer.of('probe-activity'), [{ do: 'probe-activity', connection: 1 }]);
    peer.input({ on: 'activity', connection: 1, heard: false });
    assert.deepEqual(peer.told, ['call-down', 'connection-down', 'connection-gone']);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'echo-timeout');
    assert.equal(peer.of('call-down')[0]!.call, call);
    assert.equal(peer.of('disconnect')[0]!.how, 'abort');
  });

  test('no answer, but data flows: it lives on and is asked again later', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.pass(120_000);
    peer.input({ on: 'activity', connection: 1, heard: true });
    assert.deepEqual(peer.effects, []);
    peer.pass(60_000);
    assert.deepEqual(peer.names, ['Echo-Request']);
    assert.equal(peer.endpoint.connectionCount, 1);
  });

  test('nobody answers the question: the end', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.pass(121_000);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'echo-timeout');
  });

  test('an Echo-Reply to what was never asked is counted, and is a sign of life', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.pass(60_000);
    peer.send('Echo-Reply', { identifier: 99 });
    assert.equal(peer.endpoint.drops.get('echo-identifier'), 1);
    peer.pass(60_000);
    assert.deepEqual(peer.names, ['Echo-Request']);
  });
});

describe('RFC 2637 §2.3, §2.4: the end', () => {
  test('asked by the peer: answered, and TCP closed behind the answer', () => {
    for (const begin of ['beCalled', 'call'] as const) {
      const peer = new Peer();
      peer[begin]();
      peer.send('StopCCRQ', { reason: 3 });
      assert.equal(peer.sent('StopCCRP').resultCode, 1);
      assert.deepEqual(peer.told, ['connection-down', 'connection-gone']);
      const { end } = peer.of('connection-down')[0]!;
      assert.deepEqual([end.cause, end.side, end.resultCode, end.message], ['peer-closed', 'peer', 3, 'shutting down']);
      assert.equal(peer.of('disconnect')[0]!.how, 'flush');
    }
  });

  test('asked by us: each call gets its farewell first, and the reply closes TCP', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.takeCall(1);
    peer.takeCall(2);
    peer.input({ on: 'close-connection', connection: 1, resultCode: 3 });
    assert.deepEqual(peer.names, ['CDN', 'CDN', 'StopCCRQ']);
    assert.equal(peer.sent('CDN').resultCode, 3);
    assert.equal(peer.sent('StopCCRQ').reason, 3);
    assert.deepEqual(peer.told, ['call-down', 'call-down', 'connection-down']);
    assert.equal(peer.endpoint.callCount, 0);
    assert.equal(peer.endpoint.connection(1)!.state, 'wait-stop-reply');
    peer.send('StopCCRP');
    assert.deepEqual(peer.told, ['connection-gone']);
    assert.equal(peer.endpoint.connectionCount, 0);
  });

  test('no reply to ours: TCP is closed after 60 seconds', () => {
    const peer = new Peer();
    peer.call();
    peer.input({ on: 'close-connection', connection: 2, resultCode: 1 });
    peer.pass(60_000);
    assert.deepEqual(peer.told, ['connection-gone']);
    assert.equal(peer.of('disconnect')[0]!.how, 'abort');
  });

  test('both stop at once: both answer, and it is over', () => {
    const peer = new Peer();
    peer.call();
    peer.input({ on: 'close-connection', connection: 2, resultCode: 1 });
    peer.send('StopCCRQ');
    assert.deepEqual(peer.names, ['StopCCRP']);
    assert.deepEqual(peer.told, ['connection-gone']);
  });

  test('what crosses our Stop is not looked at', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.input({ on: 'close-connection', connection: 1, resultCode: 1 });
    for (const name of ['OCRQ', 'Echo-Request', 'CCR', 'SCCRQ'] as const) peer.send(name);
    assert.deepEqual(peer.told, []);
    assert.equal(peer.endpoint.drops.get('stopping'), 4);
  });

  test('TCP closes: in order, or with an error', () => {
    for (const [error, cause] of [
      [undefined, 'peer-closed'],
      ['ECONNRESET', 'connection-lost'],
    ] as const) {
      const peer = new Peer();
      peer.beCalled();
      peer.takeCall();
      peer.input({ on: 'closed', connection: 1, ...(error === undefined ? {} : { error }) });
      assert.deepEqual(peer.told, ['call-down', 'connection-down', 'connection-gone']);
      assert.equal(peer.of('connection-down')[0]!.end.cause, cause);
      assert.equal(peer.of('call-down')[0]!.end.cause, 'tunnel-down');
      assert.deepEqual(peer.of('disconnect'), []);
      assert.equal(peer.endpoint.callCount, 0);
    }
  });

  test('a peer whose call is over may reset TCP: only one that still has a call, or never had any, has lost something', () => {
    const cleared = new Peer();
    cleared.beCalled();
    cleared.input({ on: 'close-call', call: cleared.takeCall(), resultCode: 0 });
    const refused = new Peer();
    refused.beCalled();
    refused.send('OCRQ');
    refused.input({ on: 'close-call', call: refused.of('call-requested').at(-1)!.call, resultCode: 7 });
    const waiting = new Peer();
    waiting.call();
    waiting.input({ on: 'close-call', call: waiting.bringCall(), resultCode: 3 });
    const early = new Peer();
    early.beCalled();
    const cases = [
      [cleared, 'peer-closed'],
      [refused, 'peer-closed'],
      [waiting, 'peer-closed'],
      [early, 'connection-lost'],
    ] as const;
    for (const [peer, cause] of cases) {
      const connection = peer === waiting ? 2 : 1;
      peer.input({ on: 'closed', connection, error: 'ECONNRESET' });
      assert.equal(peer.of('connection-down')[0]!.end.cause, cause);
      assert.ok(peer.told.includes('connection-gone'));
    }
  });

  test('a start message in the middle, and garbage: Stop with a protocol error', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.send('SCCRQ');
    assert.deepEqual([peer.names, peer.sent('StopCCRQ').reason], [['StopCCRQ'], 2]);
    const other = new Peer();
    other.beCalled();
    other.takeCall();
    other.octets(new Uint8Array(12));
    assert.deepEqual([other.names, other.sent('StopCCRQ').reason], [['StopCCRQ'], 2]);
    assert.equal(other.of('disconnect')[0]!.how, 'flush');
    assert.equal(other.of('connection-down')[0]!.end.cause, 'protocol');
  });

  test('a Stop reply that nobody waits for is dropped', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.send('StopCCRP');
    assert.deepEqual(peer.told, []);
    assert.equal(peer.endpoint.connection(1)!.state, 'established');
  });

  test('no calls for long enough: closed, counted from the last one', () => {
    const peer = new Peer();
    peer.beCalled({ ...SETTINGS, noSessionTimeout: 5000, echoInterval: 0 });
    peer.pass(4000);
    peer.takeCall();
    peer.pass(60_000);
    assert.deepEqual(peer.effects, []);
    peer.send('CCR', { callId: 0x1111 });
    peer.pass(4999);
    assert.deepEqual(peer.names, []);
    peer.pass(1);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'idle');
    assert.deepEqual(peer.names, ['StopCCRQ']);
  });

  test('closed by our side before it was up: TCP goes, and waiting calls hear of it', () => {
    const peer = new Peer();
    peer.dial();
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: CALL });
    peer.input({ on: 'close-connection', connection: 2, resultCode: 1 });
    assert.deepEqual(peer.told, ['call-down', 'connection-down', 'connection-gone']);
    assert.deepEqual(peer.names, []);
  });
});

describe('RFC 2637 §3.1.3: both open at once', () => {
  test('our address is the lower: ours is closed, theirs goes on', () => {
    const peer = new Peer();
    peer.dial();
    peer.accept(1);
    peer.send('SCCRQ');
    assert.deepEqual(peer.of('disconnect'), [{ do: 'disconnect', connection: 2, how: 'flush' }]);
    assert.deepEqual(peer.told, ['connection-down', 'connection-gone', 'authorize-connection']);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'collision');
    assert.deepEqual(peer.names, []);
    peer.input({ on: 'accept-connection', connection: 1, settings: SETTINGS });
    assert.deepEqual(peer.told, ['connection-up']);
  });

  test('our address is the higher: nothing is said on theirs, which it closes', () => {
    const peer = new Peer();
    peer.dial(SETTINGS, { ...PATH, peerAddress: '192.0.1.200', peerPort: 1723 });
    peer.accept(1, { ...PATH, peerAddress: '192.0.1.200' });
    peer.send('SCCRQ');
    assert.deepEqual([peer.told, peer.names, peer.of('disconnect')], [[], [], []]);
    peer.input({ on: 'closed', connection: 1 });
    assert.deepEqual(peer.told, []);
    peer.connection = 2;
    peer.send('SCCRP');
    assert.deepEqual(peer.told, ['connection-up']);
  });

  test('a peer that loses and does not close is closed in time', () => {
    const peer = new Peer();
    peer.dial(SETTINGS, { ...PATH, peerAddress: '192.0.1.200', peerPort: 1723 });
    peer.accept(1, { ...PATH, peerAddress: '192.0.1.200' });
    peer.send('SCCRQ');
    peer.pass(15_000);
    assert.deepEqual(peer.of('disconnect'), [{ do: 'disconnect', connection: 1, how: 'abort' }]);
    assert.deepEqual(peer.names, []);
  });

  test('another address, or one that is up already: no collision', () => {
    const peer = new Peer();
    peer.call();
    peer.accept(1);
    peer.send('SCCRQ');
    assert.deepEqual(peer.told, ['authorize-connection']);
    peer.dial(SETTINGS, { ...PATH, peerAddress: '192.0.2.77' });
    peer.accept(3);
    peer.send('SCCRQ');
    assert.deepEqual(peer.told, ['authorize-connection']);
  });
});
