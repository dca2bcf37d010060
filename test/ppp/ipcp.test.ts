// IPCP as a peer meets it: addresses both ways, name servers, what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AddressAssignment, LinkSettings } from '../../src/ppp/events.ts';
import { Code } from '../../src/ppp/packet.ts';
import { ADDRESS, HandMadePeer, MAGIC, OWN_ADDRESS, type Received } from './hand-made-peer.ts';
import { Pair } from './pair.ts';

const GIVEN: AddressAssignment = { assign: '10.0.0.9', dns: ['8.8.8.8'], nbns: ['9.9.9.9'] };
const CHOSEN: AddressAssignment = { assign: 'any', accepts: (address) => address !== '10.6.6.6', dns: [], nbns: [] };

interface Scene {
  readonly settings?: Partial<LinkSettings>;
  readonly assignment?: AddressAssignment;
}

/** A link in its network phase, its first IPCP request still unanswered. */
function networking({ settings, assignment }: Scene = {}): HandMadePeer {
  const options = { settings: { ipcp: OWN_ADDRESS, ...settings } };
  const peer = new HandMadePeer(assignment === undefined ? options : { ...options, assignment });
  return peer.up().agree('LCP', MAGIC);
}

function request(peer: HandMadePeer): Received {
  return peer.received().findLast(({ protocol, code }) => protocol === 'IPCP' && code === Code.ConfigureRequest)!;
}

function answerTo(options: string, scene: Scene): { code: number; data: string } {
  const peer = networking(scene);
  peer.received();
  const [answer] = peer.send('IPCP', Code.ConfigureRequest, 9, options).received();
  return { code: answer!.code, data: answer!.data };
}

const ASKING = { settings: { ipcp: { localAddress: '0.0.0.0', requestDns: true } } };

test('RFC 1332 §3.3: a peer that asks with 0.0.0.0 is given the address assigned', () => {
  assert.deepEqual(answerTo('0306 00000000', { assignment: GIVEN }), { code: Code.ConfigureNak, data: '03060a000009' });
});

test('RFC 1332 §3.3: a peer with another address than assigned is given the one assigned', () => {
  assert.deepEqual(answerTo('0306 0a636363', { assignment: GIVEN }), { code: Code.ConfigureNak, data: '03060a000009' });
});

test('RFC 1332 §3.3: a peer that leaves its address out is told in a Nak to ask', () => {
  assert.deepEqual(answerTo('', { assignment: GIVEN }), { code: Code.ConfigureNak, data: '03060a000009' });
});

test('RFC 1661 §4.6: a peer that never asks for its address is left alone after Max-Failure', () => {
  const peer = networking({ assignment: GIVEN });
  peer.received();
  const codes = [1, 2, 3, 4, 5, 6].map((id) => peer.send('IPCP', Code.ConfigureRequest, id).received()[0]!.code);
  assert.deepEqual(codes, [3, 3, 3, 3, 3, 2]);
});

test('RFC 1332 §3.3: a peer that may choose gets what policy accepts', () => {
  assert.equal(answerTo('0306 0a000001', { assignment: CHOSEN }).code, Code.ConfigureAck);
});

test('RFC 1332 §3.3: addresses no host can have, ours, and what policy refuses are rejected', () => {
  for (const address of ['00000000', '7f000001', 'e0000001', 'ffffffff', '0a000002', '0a060606']) {
    const { code, data } = answerTo(`0306 ${address}`, { assignment: CHOSEN });
    assert.deepEqual([code, data], [Code.ConfigureReject, `0306${address}`]);
  }
});

test('RFC 1332 §3.2, §3.1: Van Jacobson compression and the old IP-Addresses option are rejected', () => {
  const options = '0206 002d 0f01 010a 0a000001 0a000002 0306 0a000001';
  const { code, data } = answerTo(options, {});
  assert.deepEqual([code, data], [Code.ConfigureReject, '0206002d0f01010a0a0000010a000002']);
});

test('RFC 1877 §1: name servers are given to a peer that asks', () => {
  const { code, data } = answerTo('0306 0a000009 8106 00000000 8206 00000000', { assignment: GIVEN });
  assert.deepEqual([code, data], [Code.ConfigureNak, '810608080808820609090909']);
});

test('RFC 1877 §1: name servers we do not have are rejected, not Nakked with zero', () => {
  const { code, data } = answerTo('0306 00000000 8106 00000000 8306 00000000 8406 00000000', { assignment: GIVEN });
  assert.deepEqual([code, data], [Code.ConfigureReject, '830600000000840600000000']);
});

test('RFC 1332 §3.3: we ask with 0.0.0.0 and take what the Nak says', () => {
  const peer = networking(ASKING);
  const first = request(peer);
  assert.equal(first.data, '030600000000810600000000830600000000');
  peer.send('IPCP', Code.ConfigureNak, first.identifier, '0306 c0a80107 8106 08080808 8306 08080404');
  const second = request(peer);
  assert.equal(second.data, '0306c0a80107810608080808830608080404');
  peer.send('IPCP', Code.ConfigureAck, second.identifier, second.data).send('IPCP', Code.ConfigureRequest, 1, ADDRESS);
  assert.deepEqual(peer.effects('network-up'), [
    {
      do: 'network-up',
      protocol: 'IPCP',
      localAddress: '192.168.1.7',
      peerAddress: '10.0.0.1',
      dns: ['8.8.8.8', '8.8.4.4'],
    },
  ]);
});

test('RFC 1877 §1: name servers that are rejected or zero are asked for no more', () => {
  const peer = networking(ASKING);
  peer.send('IPCP', Code.ConfigureReject, request(peer).identifier, '8306 00000000');
  const second = request(peer);
  assert.equal(second.data, '030600000000810600000000');
  peer.send('IPCP', Code.ConfigureNak, second.identifier, '0306 0a000009 8106 00000000');
  assert.equal(request(peer).data, '03060a000009');
});

test('RFC 1332 §3.3: sixty Naks with 0.0.0.0, as of a slow mobile network, are borne', () => {
  const peer = networking(ASKING);
  for (let count = 0; count < 60; count++) {
    peer.send('IPCP', Code.ConfigureNak, request(peer).identifier, '0306 00000000');
  }
  peer.send('IPCP', Code.ConfigureNak, request(peer).identifier, '0306 0a000009');
  assert.match(request(peer).data, /^03060a000009/);
});

test('RFC 1332 §3.3: a hundred and one are not', () => {
  const peer = networking(ASKING);
  for (let count = 0; count <= 100; count++) {
    peer.send('IPCP', Code.ConfigureNak, request(peer).identifier, '0306 00000000');
  }
  assert.equal(peer.wait(30_000).linkEnd?.cause, 'ncp-failed');
});

test('RFC 1332 §3.3: an address of our own is not given up for another in a Nak', () => {
  const peer = networking();
  peer.send('IPCP', Code.ConfigureNak, request(peer).identifier, '0306 0a636363');
  assert.equal(request(peer).data, '03060a000002');
});

test('RFC 1332 §3.3: loopback, multicast and broadcast are not taken as our address', () => {
  const peer = networking(ASKING);
  for (const address of ['7f000001', 'e0000001', 'ffffffff', '00000001']) {
    peer.send('IPCP', Code.ConfigureNak, request(peer).identifier, `0306 ${address}`);
  }
  assert.match(request(peer).data, /^030600000000/);
});

test('RFC 1332 §3.3: a peer that agrees to 0.0.0.0 leaves us without an address', () => {
  const peer = networking({ settings: { ipcp: { localAddress: '0.0.0.0', requestDns: false } } });
  peer.agree('IPCP', ADDRESS).wait(10_000);
  assert.deepEqual([peer.linkEnd?.cause, peer.effects('network-up')], ['no-address', []]);
});

test('RFC 1332 §3.3: a peer that rejects the address we ask for leaves us without one', () => {
  const peer = networking(ASKING);
  peer.send('IPCP', Code.ConfigureReject, request(peer).identifier, '0306 00000000').wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'no-address');
});

test('RFC 1332 §3.3: a peer that rejects our own address goes without being told it', () => {
  const peer = networking();
  peer.send('IPCP', Code.ConfigureReject, request(peer).identifier, '0306 0a000002');
  assert.equal(request(peer).data, '');
});

test('RFC 1661 §3.6: our request goes at once, the peer’s waits until its address is known', () => {
  const peer = new HandMadePeer({ settings: { ipcp: OWN_ADDRESS } });
  const { link } = peer.end;
  const started = link.handle({ on: 'up' }, 0).find((effect) => effect.do === 'send')!.frame;
  const ack = started.slice();
  ack[4] = Code.ConfigureAck;
  link.handle({ on: 'frame', frame: ack }, 0);
  const opened = link.handle({ on: 'frame', frame: Uint8Array.of(0xff, 3, 0xc0, 0x21, 1, 1, 0, 4) }, 0);
  assert.deepEqual(
    opened.filter(({ do: kind }) => kind !== 'trace').map(({ do: kind }) => kind),
    [
      'send', // our Ack
      'lcp-up',
      'link-authenticated',
      'send', // our IPCP request
      'assign-address',
    ],
  );
  const early = Uint8Array.of(0xff, 3, 0x80, 0x21, 1, 7, 0, 10, 3, 6, 0, 0, 0, 0);
  assert.ok(link.handle({ on: 'frame', frame: early }, 0).every(({ do: kind }) => kind === 'trace'));
  const [late] = link.handle({ on: 'address', assignment: GIVEN }, 0).filter(({ do: kind }) => kind === 'send');
  assert.deepEqual([...(late as { frame: Uint8Array }).frame.slice(4)], [3, 7, 0, 10, 3, 6, 10, 0, 0, 9]);
});

test('RFC 1332 §3.3: no address for the peer ends the link', () => {
  const peer = networking({ assignment: { assign: 'none', message: 'the pool is empty' } }).wait(10_000);
  assert.deepEqual(peer.linkEnd, {
    cause: 'no-address',
    side: 'local',
    message: 'no address for the peer: the pool is empty',
  });
});

test('RFC 1332 §3.3: a peer that keeps its address to itself opens without one', () => {
  const peer = networking({ assignment: CHOSEN }).agree('IPCP', '');
  assert.equal(peer.effects('network-up')[0]!.peerAddress, '0.0.0.0');
});

test('RFC 1661 §3.6: IPCP closed by the peer leaves the link open for a while', () => {
  const peer = new HandMadePeer({ settings: { ipcp: OWN_ADDRESS } }).open();
  peer.send('IPCP', Code.TerminateRequest, 5);
  assert.deepEqual([peer.effects('network-down').length, peer.end.link.phase], [1, 'UP']);
  peer.wait(11_000);
  assert.equal(peer.end.link.phase, 'UP');
  assert.equal(peer.wait(10_000).linkEnd?.cause, 'ncp-failed');
});

test('RFC 1661 §3.6: IPCP closed by the peer may come again', () => {
  const peer = new HandMadePeer({ settings: { ipcp: OWN_ADDRESS } }).open();
  peer.send('IPCP', Code.TerminateRequest, 5).wait(5000);
  peer.received();
  peer.send('IPCP', Code.ConfigureRequest, 6, ADDRESS).ack('IPCP').wait(60_000);
  assert.deepEqual([peer.effects('network-up').length, peer.end.link.phase], [2, 'UP']);
});

test('RFC 1661 §5.7: a Protocol-Reject of IPCP takes IPCP down and, nothing else being left, the link', () => {
  const peer = new HandMadePeer({ settings: { ipcp: OWN_ADDRESS } }).open();
  peer.send('LCP', Code.ProtocolReject, 1, '8021 0101000a03060a000002');
  assert.deepEqual([peer.effects('network-down').length, peer.end.link.phase], [1, 'UP']);
  assert.equal(peer.wait(30_000).linkEnd?.cause, 'ncp-failed');
});

test('RFC 1661 §3.6: a peer that never speaks IPCP is given up after ncpTimeout', () => {
  const peer = networking({ settings: { ncpTimeout: 15_000 } })
    .wait(15_000)
    .wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'ncp-timeout');
});

test('RFC 1661 §4.6: without ncpTimeout a peer that never speaks IPCP is given up when our requests run out', () => {
  assert.equal(networking().wait(60_000).linkEnd?.cause, 'ncp-failed');
});

test('RFC 1661 §4.1: a Configure-Request on open IPCP takes the network down and up again', () => {
  const peer = new HandMadePeer({ settings: { ipcp: OWN_ADDRESS } }).open();
  peer.send('IPCP', Code.ConfigureRequest, 9, ADDRESS).ack('IPCP');
  assert.deepEqual([peer.effects('network-down').length, peer.effects('network-up').length], [1, 2]);
});

test('RFC 1332 §3.3: two ends that insist on what the other will not have agree within 100 packets', () => {
  const insist = (local: string, assign: string) => ({
    settings: { ipcp: { localAddress: local, requestDns: false } },
    assignment: { assign, dns: [], nbns: [] },
  });
  const pair = new Pair(insist('10.0.0.1', '10.0.0.99'), insist('10.0.0.2', '10.0.0.88')).up();
  let packets = 0;
  pair.wire = () => {
    packets++;
    return [1];
  };
  pair.run(30_000);
  assert.deepEqual([pair.a.link.phase, pair.b.link.phase, packets < 100], ['UP', 'UP', true]);
});
