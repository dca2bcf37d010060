// RFC 2637 §3.2: calls in both directions and at both ends, and what confused peers say about them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CALL, Peer, SETTINGS } from './peer.ts';

const ready = (): Peer => {
  const peer = new Peer();
  peer.beCalled();
  return peer;
};
const dialling = (): Peer => {
  const peer = new Peer();
  peer.call();
  return peer;
};

describe('RFC 2637 §3.2.4.1: a client calls us (PAC, outgoing)', () => {
  test('our side is asked, and accepts: both Call IDs, both windows, delay and speed', () => {
    const peer = ready();
    peer.send('OCRQ', {
      callId: 0x1111,
      phoneNumber: '555',
      subAddress: 'x',
      receiveWindowSize: 64,
      processingDelay: 2,
    });
    const [asked] = peer.of('call-requested');
    assert.deepEqual(peer.names, []);
    assert.deepEqual([asked!.peerCall, asked!.peer.hostName], [0x1111, 'client']);
    const { kind, calledNumber, subAddress, maximumBps } = asked!.request;
    assert.deepEqual([kind, calledNumber, subAddress, maximumBps], ['outgoing', '555', 'x', 100_000_000]);
    const { call } = asked!;
    assert.equal(peer.endpoint.call(call)!.state, 'wait-cs-ans');
    peer.input({ on: 'accept-call', call, connectSpeed: 1_000_000 });
    const reply = peer.sent('OCRP');
    assert.deepEqual([reply.callId, reply.peerCallId, reply.resultCode], [call, 0x1111, 1]);
    assert.deepEqual([reply.connectSpeed, reply.receiveWindowSize], [1_000_000, 16]);
    const [up] = peer.of('call-up');
    assert.deepEqual(up!.connectSpeed, 1_000_000);
    const { localCall, peerCall, localWindow, peerWindow, peerProcessingDelay } = up!.carries;
    assert.deepEqual([localCall, peerCall, localWindow, peerWindow, peerProcessingDelay], [call, 0x1111, 16, 64, 200]);
  });

  test('our side refuses', () => {
    const peer = ready();
    peer.send('OCRQ');
    const { call } = peer.of('call-requested')[0]!;
    peer.input({ on: 'close-call', call, resultCode: 7, message: 'limit' });
    assert.deepEqual([peer.sent('OCRP').resultCode, peer.sent('OCRP').peerCallId], [7, 0x1111]);
    assert.equal(peer.of('call-down')[0]!.end.cause, 'refused');
    assert.equal(peer.endpoint.callCount, 0);
  });

  test('our side does not answer: the call is refused, the connection stays', () => {
    const peer = new Peer();
    peer.beCalled({ ...SETTINGS, echoInterval: 0 });
    peer.send('OCRQ');
    peer.pass(60_000);
    assert.equal(peer.sent('OCRP').resultCode, 6);
    assert.deepEqual(peer.told, ['call-down']);
    assert.equal(peer.endpoint.connectionCount, 1);
  });

  test('the peer clears it: notified, with what the router counted', () => {
    const peer = ready();
    const call = peer.takeCall();
    peer.send('CCR');
    assert.deepEqual([peer.sent('CDN').callId, peer.sent('CDN').resultCode], [call, 4]);
    const [down] = peer.of('call-down');
    assert.deepEqual([down!.end.cause, down!.end.side], ['peer-closed', 'peer']);
    assert.equal(peer.endpoint.callCount, 0);
  });

  test('the peer clears it before our side has answered', () => {
    const peer = ready();
    peer.send('OCRQ');
    const { call } = peer.of('call-requested')[0]!;
    peer.send('CCR');
    assert.deepEqual(peer.names, ['CDN']);
    assert.deepEqual(peer.told, ['call-down']);
    peer.input({ on: 'accept-call', call });
    assert.deepEqual(peer.effects, []);
  });

  test('our side clears it, with statistics', () => {
    const peer = ready();
    const call = peer.takeCall();
    peer.input({ on: 'close-call', call, resultCode: 3, statistics: '10 packets' });
    const notify = peer.sent('CDN');
    assert.deepEqual([notify.callId, notify.resultCode, notify.callStatistics], [call, 3, '10 packets']);
    assert.deepEqual(peer.told, ['call-down']);
    assert.equal(peer.endpoint.callCount, 0);
  });

  test('a Call ID that the peer uses already is refused, and the call that has it stays', () => {
    const peer = ready();
    const call = peer.takeCall();
    peer.send('OCRQ');
    const reply = peer.sent('OCRP');
    assert.deepEqual([reply.resultCode, reply.errorCode, reply.callId, reply.peerCallId], [2, 5, 0, 0x1111]);
    assert.deepEqual(peer.told, []);
    assert.equal(peer.endpoint.call(call)!.state, 'established');
  });

  test('a peer may call its call 0', () => {
    const peer = ready();
    const call = peer.takeCall(0);
    assert.equal(peer.of('call-up')[0]!.carries.peerCall, 0);
    peer.send('CCR', { callId: 0 });
    assert.equal(peer.of('call-down')[0]!.call, call);
  });

  test('§2.15: Set-Link-Info is told and changes nothing', () => {
    const peer = ready();
    const call = peer.takeCall();
    peer.send('SLI', { peerCallId: call, sendAccm: 0xffffffff, receiveAccm: 5 });
    const accms = { sendAccm: 0xffffffff, receiveAccm: 5 };
    assert.deepEqual(
      peer.effects.filter((effect) => effect.do !== 'trace'),
      [{ do: 'link-info', connection: 1, call, ...accms }],
    );
  });
});

describe('RFC 2637 §3.2.4.2: we call as clients do (PNS, outgoing)', () => {
  test('what we ask for, and what the answer makes of it', () => {
    const peer = dialling();
    peer.input({
      on: 'open-call',
      connection: 2,
      reference: 'c',
      call: { ...CALL, phoneNumber: '5551', subAddress: 's' },
    });
    const { call } = peer.of('call-opening')[0]!;
    const request = peer.sent('OCRQ');
    assert.deepEqual([request.callId, request.callSerialNumber, request.receiveWindowSize], [call, 1, 16]);
    assert.deepEqual([request.minimumBps, request.maximumBps], [300, 100_000_000]);
    assert.deepEqual([request.bearerType, request.framingType, request.phoneNumber], [3, 3, '5551']);
    peer.send('OCRP', { peerCallId: call, receiveWindowSize: 32, processingDelay: 3, connectSpeed: 9600 });
    const [up] = peer.of('call-up');
    const { localCall, peerCall, localWindow, peerWindow, peerProcessingDelay } = up!.carries;
    assert.deepEqual([localCall, peerCall, localWindow, peerWindow, peerProcessingDelay], [call, 0x2222, 16, 32, 300]);
    assert.equal(up!.connectSpeed, 9600);
  });

  test('asked for before the connection is up: it waits for that', () => {
    const peer = new Peer();
    peer.dial();
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: CALL });
    assert.deepEqual(peer.names, []);
    peer.send('SCCRP');
    assert.deepEqual([peer.told, peer.names], [['connection-up'], ['OCRQ']]);
  });

  test('refused by the peer: result, error and cause', () => {
    const peer = dialling();
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: CALL });
    const { call } = peer.of('call-opening')[0]!;
    peer.send('OCRP', { peerCallId: call, resultCode: 4, causeCode: 17 });
    const [down] = peer.of('call-down');
    assert.deepEqual([down!.end.cause, down!.end.side, down!.end.resultCode], ['refused', 'peer', 4]);
    assert.deepEqual([down!.end.message, down!.causeCode], ['busy', 17]);
    assert.equal(peer.endpoint.callCount, 0);
  });

  test('cleared by us: our side hears at once, the number rests until the peer has notified', () => {
    const peer = dialling();
    const call = peer.bringCall();
    peer.input({ on: 'close-call', call, resultCode: 4 });
    assert.deepEqual([peer.sent('CCR').callId, peer.told], [call, ['call-down']]);
    assert.equal(peer.endpoint.call(call)!.state, 'wait-disconnect');
    peer.send('CDN');
    assert.deepEqual(peer.told, []);
    assert.equal(peer.endpoint.call(call), undefined);
  });

  test('cleared before the answer, which crosses', () => {
    const peer = dialling();
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: CALL });
    const { call } = peer.of('call-opening')[0]!;
    peer.input({ on: 'close-call', call, resultCode: 4 });
    peer.send('OCRP', { peerCallId: call });
    assert.deepEqual(peer.told, []);
    assert.equal(peer.endpoint.drops.get('call-state'), 1);
    peer.send('CDN');
    assert.equal(peer.endpoint.callCount, 0);
  });

  test('the peer notifies: what it says goes with it', () => {
    const peer = dialling();
    peer.bringCall();
    peer.send('CDN', { resultCode: 1, causeCode: 16, callStatistics: 'rx 1' });
    const [down] = peer.of('call-down');
    assert.deepEqual([down!.end.message, down!.causeCode, down!.statistics], ['lost carrier', 16, 'rx 1']);
  });

  test('Set-Link-Info is ours to send, for a call that is up', () => {
    const peer = dialling();
    const call = peer.bringCall();
    peer.input({ on: 'set-link-info', call, sendAccm: 1, receiveAccm: 2 });
    assert.deepEqual(peer.sent('SLI'), { peerCallId: 0x2222, sendAccm: 1, receiveAccm: 2 });
    const server = ready();
    const taken = server.takeCall();
    server.input({ on: 'set-link-info', call: taken, sendAccm: 1, receiveAccm: 2 });
    assert.deepEqual(server.names, []);
  });

  test('§3.2.1: no answer to a request in a minute, nor to a clearing: the connection goes', () => {
    const peer = new Peer();
    peer.call({ ...SETTINGS, echoInterval: 0 });
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: CALL });
    peer.pass(60_000);
    assert.deepEqual(peer.names, ['CCR', 'StopCCRQ']);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'setup-timeout');
    const other = new Peer();
    other.call({ ...SETTINGS, echoInterval: 0 });
    const call = other.bringCall();
    other.pass(500_000);
    other.input({ on: 'close-call', call, resultCode: 4 });
    other.pass(30_000);
    other.send('OCRP', { peerCallId: call }); // changes nothing, and buys no time
    other.pass(30_000);
    assert.deepEqual(other.told, ['connection-down']);
  });

  test('on a connection that is not there', () => {
    const peer = new Peer();
    peer.input({ on: 'open-call', connection: 8, reference: 'c', call: CALL });
    assert.deepEqual(peer.told, ['call-opening', 'call-down']);
    assert.equal(peer.of('call-down')[0]!.end.cause, 'tunnel-down');
  });
});

describe('RFC 2637 §3.2.3: an access server brings a call (incoming)', () => {
  test('§3.2.3.2, we are the PNS: asked, answered, connected', () => {
    const peer = ready();
    peer.send('ICRQ');
    const [asked] = peer.of('call-requested');
    const { kind, calledNumber, callingNumber } = asked!.request;
    assert.deepEqual([kind, calledNumber, callingNumber], ['incoming', '123', '456']);
    const { call } = asked!;
    peer.input({ on: 'accept-call', call });
    assert.deepEqual(
      [peer.sent('ICRP').callId, peer.sent('ICRP').peerCallId, peer.sent('ICRP').resultCode],
      [call, 0x1111, 1],
    );
    assert.deepEqual(peer.told, []);
    peer.send('ICCN', { peerCallId: call });
    const [up] = peer.of('call-up');
    assert.deepEqual([up!.connectSpeed, up!.carries.peerWindow, up!.carries.peerProcessingDelay], [64_000, 8, 500]);
    peer.send('WEN', { peerCallId: call });
    assert.equal(peer.of('wan-error')[0]!.errors.alignmentErrors, 6);
    peer.input({ on: 'close-call', call, resultCode: 4 });
    assert.deepEqual([peer.sent('CCR').callId, peer.told], [call, ['call-down']]);
    peer.send('CDN', { callId: 0x1111 });
    assert.equal(peer.endpoint.callCount, 0);
  });

  test('refused, or closed before it is connected', () => {
    const peer = ready();
    peer.send('ICRQ');
    peer.input({ on: 'close-call', call: peer.of('call-requested')[0]!.call, resultCode: 3 });
    assert.equal(peer.sent('ICRP').resultCode, 3);
    assert.equal(peer.endpoint.callCount, 0);
    peer.send('ICRQ');
    const { call } = peer.of('call-requested')[0]!;
    peer.input({ on: 'accept-call', call });
    peer.input({ on: 'close-call', call, resultCode: 3 });
    assert.deepEqual([peer.names, peer.told], [['CCR'], ['call-down']]);
    peer.send('CDN', { callId: 0x1111 });
    assert.equal(peer.endpoint.callCount, 0);
  });

  test('§3.2.3.1, we are the PAC', () => {
    const peer = dialling();
    const settings = { kind: 'incoming', phoneNumber: '1', dialingNumber: '2', maximumBps: 56_000 } as const;
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: settings });
    const { call } = peer.of('call-opening')[0]!;
    assert.deepEqual([peer.sent('ICRQ').dialedNumber, peer.sent('ICRQ').dialingNumber], ['1', '2']);
    peer.send('ICRP', { peerCallId: call });
    assert.deepEqual([peer.sent('ICCN').peerCallId, peer.sent('ICCN').connectSpeed], [0x2222, 56_000]);
    assert.equal(peer.of('call-up')[0]!.connectSpeed, 56_000);
    peer.send('CCR', { callId: 0x2222 });
    assert.equal(peer.sent('CDN').callId, call);
    assert.deepEqual(peer.told, ['call-down']);
  });

  test('refused by the PNS, and hung up before its answer', () => {
    const peer = dialling();
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: { kind: 'incoming' } });
    const { call } = peer.of('call-opening')[0]!;
    peer.send('ICRP', { peerCallId: call, resultCode: 3 });
    assert.deepEqual([peer.of('call-down')[0]!.end.message, peer.endpoint.callCount], ['not accepted', 0]);
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: { kind: 'incoming' } });
    peer.input({ on: 'close-call', call: peer.of('call-opening')[0]!.call, resultCode: 1 });
    assert.deepEqual([peer.sent('CDN').resultCode, peer.endpoint.callCount], [1, 0]);
  });
});

describe('peers that confuse Call IDs', () => {
  const swap = (id: number) => ((id & 0xff) << 8) | (id >> 8);

  test('a notification with swapped octets, or with our Call ID, ends the only call there is', () => {
    for (const wrong of [(_own: number) => swap(0x1234), (own: number) => own, swap]) {
      const peer = dialling();
      const call = peer.bringCall(0x1234);
      peer.send('CDN', { callId: wrong(call) });
      assert.deepEqual(peer.told, ['call-down']);
    }
  });

  test('a notification before the peer has said its Call ID', () => {
    const peer = dialling();
    peer.input({ on: 'open-call', connection: 2, reference: 'c', call: CALL });
    peer.send('CDN', { callId: 0x7777 });
    assert.deepEqual(peer.told, ['call-down']);
  });

  test('with two calls nothing is guessed', () => {
    const peer = dialling();
    const calls = [peer.bringCall(0x1234), peer.bringCall(0x5678)];
    for (const callId of [0x3412, ...calls.filter((call) => call !== 0x1234 && call !== 0x5678)])
      peer.send('CDN', { callId });
    assert.equal(peer.endpoint.callCount, 2);
    assert.ok(peer.endpoint.drops.get('unknown-call')! >= 2);
  });

  test('our Call IDs are no counter, never 0, and differ from one connection to the next', () => {
    const peer = ready();
    const first = Array.from({ length: 100 }, (_, index) => peer.takeCall(index));
    peer.accept(3);
    peer.send('SCCRQ');
    peer.input({ on: 'accept-connection', connection: 3, settings: SETTINGS });
    const all = [...first, ...Array.from({ length: 100 }, (_, index) => peer.takeCall(index))];
    assert.equal(new Set(all).size, 200);
    assert.ok(!all.includes(0));
    const steps = all.slice(1).map((call, index) => call - all[index]!);
    assert.ok(new Set(steps).size > 150);
  });

  test('a call of another connection is none of this one', () => {
    const peer = ready();
    const call = peer.takeCall();
    peer.accept(3);
    peer.send('SCCRQ');
    peer.input({ on: 'accept-connection', connection: 3, settings: SETTINGS });
    peer.send('SLI', { peerCallId: call });
    peer.send('CCR', { callId: 0x1111 });
    assert.deepEqual(peer.told, []);
    assert.equal(peer.endpoint.call(call)!.state, 'established');
    assert.equal(peer.endpoint.drops.get('unknown-call'), 2);
  });
});
