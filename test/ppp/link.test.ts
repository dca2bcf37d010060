// The whole link: phases, ends, renegotiation, what it tells of itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkSettings } from '../../src/ppp/events.ts';
import { Code } from '../../src/ppp/packet.ts';
import { formatHex } from '../../src/wire/values.ts';
import { ADDRESS, HandMadePeer, hexOf, MAGIC, OWN_ADDRESS } from './hand-made-peer.ts';
import { Pair } from './pair.ts';

function peerOf(settings: Partial<LinkSettings> = {}): HandMadePeer {
  return new HandMadePeer({ settings: { ipcp: OWN_ADDRESS, ...settings } });
}

/** The guide's two routers: each challenges the other, the server gives the client its address. */
function guide(): Pair {
  const secrets = { peer1: 'secret', peer2: 'secret' };
  return new Pair(
    { settings: { localName: 'peer1', authenticate: ['chap'] }, secrets },
    {
      settings: { localName: 'peer2', authenticate: ['chap'], ipcp: { localAddress: '10.1.1.1', requestDns: false } },
      secrets,
      assignment: { assign: '10.1.1.2', dns: [], nbns: [] },
    },
  );
}

test('RFC 1661 §3: two routers that challenge each other reach the network phase, one given its address', () => {
  const pair = guide().up().run(1000);
  assert.deepEqual([pair.a.link.username, pair.b.link.username], ['peer2', 'peer1']);
  assert.deepEqual(pair.a.all('network-up'), [
    { do: 'network-up', protocol: 'IPCP', localAddress: '10.1.1.2', peerAddress: '10.1.1.1', dns: [] },
  ]);
  assert.deepEqual(pair.b.all('network-up'), [
    { do: 'network-up', protocol: 'IPCP', localAddress: '10.1.1.1', peerAddress: '10.1.1.2', dns: [] },
  ]);
});

test('RFC 1661 §3: an undisturbed set-up drops nothing', () => {
  const pair = guide().up().run(1000);
  assert.deepEqual([[...pair.a.link.drops], [...pair.b.link.drops]], [[], []]);
});

test('RFC 1661 §3: the two ends agree on what they tell the packet path', () => {
  const pair = guide().up().run(1000);
  const [a, b] = [pair.a.link.options!, pair.b.link.options!];
  assert.deepEqual([a.localMagic, a.peerMagic, a.localMru], [b.peerMagic, b.localMagic, b.peerMru]);
});

test('RFC 1661 §5.5: a link we close ends on both sides, each with its own words', () => {
  const pair = guide().up().run(1000);
  pair.a.input({ on: 'close', cause: 'closed', message: 'cleared by the operator' }, pair.now);
  pair.run(10_000);
  assert.deepEqual(pair.a.end, { cause: 'closed', side: 'local', message: 'cleared by the operator' });
  assert.deepEqual(pair.b.end, {
    cause: 'peer-terminated',
    side: 'peer',
    message: 'the peer terminated the link after authentication was over',
  });
});

test('RFC 1661 §3.7: everything above LCP goes before the link does, in order', () => {
  const pair = guide().up().run(1000);
  pair.b.effects.length = 0;
  pair.a.input({ on: 'close', cause: 'closed', message: '' }, pair.now);
  pair.run(10_000);
  const order = pair.b.effects.map((effect) => effect.do).filter((kind) => kind !== 'trace' && kind !== 'send');
  assert.deepEqual(order, ['network-down', 'lcp-down', 'link-down']);
});

test('RFC 1661 §5.5: Terminate-Request is answered at once, and the link ends a moment later', () => {
  const peer = peerOf().open().send('LCP', Code.TerminateRequest, 9);
  assert.deepEqual(
    peer.received().map(({ code, identifier }) => [code, identifier]),
    [[Code.TerminateAck, 9]],
  );
  assert.equal(peer.linkEnd, undefined);
  assert.equal(peer.wait(2000).linkEnd?.cause, 'peer-terminated');
});

test('RFC 1661 §5.5: a repeated Terminate-Request is answered again', () => {
  const peer = peerOf().open().send('LCP', Code.TerminateRequest, 9).send('LCP', Code.TerminateRequest, 9);
  assert.equal(peer.received().length, 2);
});

test('RFC 1661 §5.5: a peer that terminates while LCP is negotiated is what the end is put down to', () => {
  const peer = peerOf().up().send('LCP', Code.TerminateRequest, 9).wait(30_000);
  assert.deepEqual(
    [peer.linkEnd?.cause, peer.linkEnd?.message],
    ['peer-terminated', 'the peer terminated the link while LCP was being negotiated'],
  );
});

test('RFC 1661 §5.5: our Terminate-Request unanswered is repeated Max-Terminate times, then the link ends', () => {
  const peer = peerOf().open();
  peer.end.input({ on: 'close', cause: 'closed', message: '' }, peer.now);
  const [first] = peer.received();
  assert.deepEqual([first!.code, peer.wait(1999).received()], [Code.TerminateRequest, []]);
  assert.deepEqual([peer.wait(1).received(), peer.wait(2000).linkEnd?.cause], [[first], 'closed']);
});

test('RFC 1661 §4.6: a silent peer ends the link after Max-Configure requests', () => {
  const peer = peerOf().up().wait(60_000);
  assert.deepEqual([peer.received().length, peer.linkEnd?.cause], [10, 'lcp-timeout']);
  assert.equal(peer.linkEnd?.message, 'the peer does not answer LCP');
});

test('RFC 1661 §3.4: a peer that Acks us and never asks is given up', () => {
  const peer = peerOf().up();
  for (let count = 0; peer.linkEnd === undefined && count < 100; count++) {
    for (const { code, identifier, data } of peer.received()) {
      if (code === Code.ConfigureRequest) peer.send('LCP', Code.ConfigureAck, identifier, data);
    }
    peer.wait(1000);
  }
  assert.equal(peer.linkEnd?.cause, 'lcp-timeout');
  assert.ok(peer.now <= 70_000);
});

test('RFC 1661 §3.1: the tunnel going away ends the link at once', () => {
  const peer = peerOf().open();
  peer.end.input({ on: 'down' }, peer.now);
  assert.deepEqual(
    [peer.linkEnd?.cause, peer.effects('network-down').length, peer.received()],
    ['lower-layer-down', 1, []],
  );
});

test('RFC 1661 §3.1: an end has one cause, the first', () => {
  const peer = peerOf().open();
  peer.end.input({ on: 'close', cause: 'closed', message: 'first' }, peer.now);
  peer.end.input({ on: 'close', cause: 'keepalive', message: 'second' }, peer.now);
  peer.end.input({ on: 'down' }, peer.now);
  assert.deepEqual(
    peer.effects('link-down').map(({ end }) => end.message),
    ['first'],
  );
});

test('RFC 1661 §3.1: closing a link that waits passively ends it without a word to the peer', () => {
  const peer = peerOf({ passiveDelay: 3000 }).up();
  peer.end.input({ on: 'close', cause: 'closed', message: '' }, 0);
  assert.deepEqual([peer.received(), peer.linkEnd?.cause], [[], 'closed']);
});

test('RFC 1661 §3.1: a link that is down does nothing and has no deadline', () => {
  const peer = peerOf().open();
  peer.end.input({ on: 'down' }, peer.now);
  peer.send('LCP', Code.ConfigureRequest, 1).send('LCP', Code.TerminateRequest, 2);
  assert.deepEqual(
    [peer.received(), peer.end.link.deadline, peer.drops('link-down')],
    [[], Number.POSITIVE_INFINITY, 2],
  );
});

test('RFC 1661 §3.1: after its end a link can be brought up again', () => {
  const peer = peerOf().open();
  peer.end.input({ on: 'down' }, peer.now);
  peer.open();
  assert.deepEqual([peer.end.link.phase, peer.effects('network-up').length], ['UP', 2]);
});

test('RFC 1661 §4.1, §3.4: a Configure-Request in Opened takes all down, and all comes up again', () => {
  const peer = peerOf().open().send('LCP', Code.ConfigureRequest, 9, MAGIC);
  assert.deepEqual([peer.effects('network-down').length, peer.effects('lcp-down').length], [1, 1]);
  assert.deepEqual(peer.end.sent.length, 2); // our own request and the Ack, in one step
  peer.ack('LCP').agree('IPCP', ADDRESS);
  const counts = [peer.effects('lcp-up'), peer.effects('link-authenticated'), peer.effects('network-up')];
  assert.deepEqual(
    counts.map(({ length }) => length),
    [2, 2, 2],
  );
});

test('RFC 1661 §3.4: after renegotiation the peer has to authenticate itself again', () => {
  const pair = guide().up().run(1000);
  pair.a.input({ on: 'down' }, pair.now);
  pair.a.input({ on: 'up' }, pair.now);
  pair.run(10_000);
  assert.deepEqual(
    [pair.b.all('authenticate').length, pair.b.all('network-up').length, pair.b.link.phase],
    [2, 2, 'UP'],
  );
});

test('RFC 1661 §3.6: IP that comes up to the link is dropped under a reason of its own', () => {
  const peer = peerOf().open().frame('ff030021 45000014');
  assert.equal(peer.drops('ip-slow-path'), 1);
});

test('RFC 1661 §5: what cannot be read is counted under what is wrong with it', () => {
  const peer = peerOf().open().frame('').frame('ff').frame('ff03c021 01').frame('ff03c021 09010003');
  const expected = { 'frame-empty': 1, 'control-field': 1, 'packet-truncated': 1, 'packet-length': 1 };
  assert.deepEqual(Object.fromEntries(peer.end.link.drops), expected);
});

test('RFC 1661 §3.2: without traces there are none', () => {
  const peer = peerOf();
  peer.end.link.traced = false;
  peer.open();
  assert.deepEqual(peer.effects('trace'), []);
});

test('RFC 1661 §3.2: handleTimeout before the deadline does nothing', () => {
  const peer = peerOf({ keepalive: { period: 10_000, retries: 3 } }).open();
  assert.deepEqual(peer.end.link.handleTimeout(peer.end.link.deadline - 1), []);
});

test('RFC 1661 §3.2: words of the peer in an end cannot write to a terminal', () => {
  const peer = peerOf().up().agree('LCP', `0305c22305 ${MAGIC}`);
  peer.send('CHAP', 1, 5, `01aa ${hexOf('evil\u001b[2J')}`).wait(10_000);
  assert.match(peer.linkEnd!.message, /evil\\u\{1b\}\[2J/);
});

test('RFC 1661 §3.4: a first challenge that overtakes the last Configure-Ack is answered as soon as that is here', () => {
  const pair = guide();
  const isLcpAck = (frame: Uint8Array) => formatHex(frame.subarray(2, 5)) === 'c02102';
  pair.wire = (frame, towards) => [towards === 'a' && isLcpAck(frame) ? 50 : 1];
  pair.up().run(1000);
  assert.deepEqual([pair.a.link.phase, pair.b.link.phase], ['UP', 'UP']);
  assert.equal(pair.a.link.drops.get('lcp-not-open'), undefined);
});
