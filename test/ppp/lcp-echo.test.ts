// LCP echoes (RFC 1661 §5.8): answered, asked, cut, unanswered, looped back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkSettings } from '../../src/ppp/events.ts';
import { Code } from '../../src/ppp/packet.ts';
import { HandMadePeer, hexOf, MAGIC, OWN_ADDRESS } from './hand-made-peer.ts';

function peerOf(settings: Partial<LinkSettings> = {}): HandMadePeer {
  return new HandMadePeer({ settings: { ipcp: OWN_ADDRESS, ...settings } });
}

test('RFC 1661 §5.8: an Echo-Request is answered with our magic number in front of the same data', () => {
  const peer = peerOf().open();
  peer.send('LCP', Code.EchoRequest, 77, `11223344 ${hexOf('hello')}`);
  const magic = peer.end.link.options!.localMagic.toString(16).padStart(8, '0');
  assert.deepEqual(peer.received(), [
    { protocol: 'LCP', code: Code.EchoReply, identifier: 77, data: magic + hexOf('hello') },
  ]);
});

test('RFC 1661 §5.8: echoes go out with priority', () => {
  const peer = peerOf({ keepalive: { period: 10_000, retries: 3 } }).open();
  peer.wait(10_000).send('LCP', Code.EchoRequest, 1, '11223344');
  const echoes = peer.effects('send').slice(-2);
  assert.deepEqual(
    echoes.map(({ priority }) => priority),
    [true, true],
  );
});

test('RFC 1661 §5.8: an Echo-Reply is cut at the MRU of the peer', () => {
  const peer = peerOf().open(`0104 0200 ${MAGIC}`);
  peer.send('LCP', Code.EchoRequest, 1, `11223344 ${'aa'.repeat(2000)}`);
  assert.equal(peer.received()[0]!.data.length / 2, 512 - 4);
});

test('RFC 1661 §5.8: an Echo-Request before LCP is open is dropped', () => {
  const peer = peerOf().up();
  peer.received();
  peer.send('LCP', Code.EchoRequest, 1, '11223344');
  assert.deepEqual([peer.received(), peer.drops('echo-early')], [[], 1]);
});

test('RFC 1661 §5.8: an unanswered keepalive ends the link after its retries', () => {
  const peer = peerOf({ keepalive: { period: 10_000, retries: 3 } }).open();
  peer.wait(32_000); // 30 s for three echoes, and a moment for the last
  assert.deepEqual([peer.received().length, peer.end.link.phase], [3, 'UP']);
  peer.wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'keepalive');
});

test('RFC 1661 §5.8: an answered keepalive goes on for ever', () => {
  const peer = peerOf({ keepalive: { period: 10_000, retries: 2 } }).open();
  for (let count = 0; count < 20; count++) {
    const [echo] = peer.wait(10_000).received();
    peer.send('LCP', Code.EchoReply, echo!.identifier, '11223344');
  }
  assert.deepEqual([peer.end.link.phase, peer.end.link.keepalive?.unanswered], ['UP', 0]);
});

test('RFC 1661 §5.8: an echo with our own magic number is a loop', () => {
  const peer = peerOf().open();
  peer.send('LCP', Code.EchoRequest, 1, peer.end.link.options!.localMagic.toString(16).padStart(8, '0')).wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'loopback');
});
