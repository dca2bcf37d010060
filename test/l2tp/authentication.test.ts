// RFC 2661 §5.1.1 tunnel authentication and §4.3 hiding, between two endpoints and against a peer that does them wrong.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { challengeResponse, isRightResponse } from '../../src/l2tp/authentication.ts';
import type { EndCause, TunnelSettings } from '../../src/l2tp/events.ts';
import { hideValue } from '../../src/l2tp/hidden-avp.ts';
import { Peer, rawAvp } from './peer.ts';
import { vector } from './vectors.ts';
import { Node, SECRET, SETTINGS, Wire } from './wire.ts';

const OTHER = new TextEncoder().encode('another secret');

function meet(lac: Partial<TunnelSettings>, lns: Partial<TunnelSettings>) {
  const caller = new Node('10.0.0.1', { seed: 1 });
  const called = new Node('10.0.0.2', { seed: 2, accept: { ...SETTINGS, localName: 'lns', ...lns } });
  const wire = new Wire([caller, called]);
  const tunnel = wire.openTunnel(caller, called, { ...SETTINGS, ...lac });
  wire.openCall(caller, tunnel);
  wire.run(500);
  return { caller, called, wire };
}

const causes = (node: Node): EndCause[] => node.all('tunnel-down').map(({ end }) => end.cause);

describe('RFC 2661 §5.1.1: the sum', () => {
  for (const [id, carrier] of [
    ['challenge-response-sccrp', 2],
    ['challenge-response-scccn', 3],
  ] as const) {
    test(`vector ${id}`, () => {
      const [secret, challenge] = [vector(id, 'secret'), vector(id, 'challenge')];
      const response = vector(id, 'response');
      assert.deepEqual(challengeResponse(carrier, secret, challenge), response);
      assert.equal(isRightResponse(carrier, secret, challenge, response), true);
      for (let octet = 0; octet < response.length; octet++) {
        const wrong = response.slice();
        wrong[octet]! ^= 1;
        assert.equal(isRightResponse(carrier, secret, challenge, wrong), false);
      }
    });
  }

  test('a response in SCCRP is none in SCCCN: it cannot be played back', () => {
    const challenge = new Uint8Array(16);
    assert.notDeepEqual(challengeResponse(2, SECRET, challenge), challengeResponse(3, SECRET, challenge));
  });
});

describe('RFC 2661 §5.1.1: two endpoints, all combinations', () => {
  for (const lacAsks of [false, true]) {
    for (const lnsAsks of [false, true]) {
      for (const hidden of [false, true]) {
        test(`one secret, the LAC challenges: ${lacAsks}, the LNS challenges: ${lnsAsks}, hiding: ${hidden}: up`, () => {
          const { caller, called } = meet(
            { secret: SECRET, authentication: lacAsks, hidden },
            { secret: SECRET, authentication: lnsAsks, hidden },
          );
          for (const [node, asks] of [
            [caller, lacAsks],
            [called, lnsAsks],
          ] as const) {
            assert.equal(node.all('call-up').length, 1);
            const [status] = node.endpoint.tunnels();
            assert.equal(status?.authenticated, asks);
            assert.equal(status?.authenticationFailures, 0);
          }
        });
      }
    }
  }

  for (const [asker, lac, lns] of [
    ['LAC', true, false],
    ['LNS', false, true],
    ['both', true, true],
  ] as const) {
    test(`different secrets, ${asker} challenging: StopCCN 4 from who finds out, nothing comes up`, () => {
      const { caller, called } = meet({ secret: SECRET, authentication: lac }, { secret: OTHER, authentication: lns });
      const judge = lac ? caller : called;
      assert.deepEqual(causes(judge), ['authentication']);
      const { end } = judge.last('tunnel-down')!;
      assert.deepEqual([end.side, end.resultCode], ['local', 4]);
      const other = judge === caller ? called : caller;
      assert.deepEqual(causes(other), ['peer-closed']);
      assert.equal(other.last('tunnel-down')!.end.resultCode, 4);
      assert.equal(caller.all('call-up').length + called.all('call-up').length, 0);
      assert.equal([...judge.endpoint.tunnels()][0]?.authenticationFailures, 1);
    });
  }

  test('the LAC challenges an LNS without a secret: the LNS says so', () => {
    const { called } = meet({ secret: SECRET, authentication: true }, {});
    assert.deepEqual(causes(called), ['challenge-unanswerable']);
  });

  test('the LNS challenges a LAC without a secret: the LAC says so', () => {
    const { caller } = meet({}, { secret: SECRET, authentication: true });
    assert.deepEqual(causes(caller), ['challenge-unanswerable']);
  });

  test('authentication wanted without a secret: the LAC does not even dial, the LNS refuses', () => {
    const { caller, wire } = meet({ authentication: true }, {});
    assert.deepEqual(causes(caller), ['authentication']);
    assert.equal(wire.log.length, 0);
    const { called } = meet({}, { authentication: true });
    assert.deepEqual(causes(called), ['authentication']);
  });

  test('different secrets without authentication and hiding do not matter', () => {
    const { caller } = meet({ secret: SECRET }, { secret: OTHER });
    assert.equal(caller.all('call-up').length, 1);
  });
});

describe('RFC 2661 §5.1.1: a peer that does it wrong', () => {
  const strict = { ...SETTINGS, secret: SECRET, authentication: true };

  for (const [what, response] of [
    ['no response', undefined],
    ['one of 15 octets', new Uint8Array(15)],
    ['one of nothing but zeros', new Uint8Array(16)],
  ] as const) {
    test(`SCCRP with ${what}: StopCCN 4`, () => {
      const peer = new Peer();
      peer.beDialled(strict);
      peer.send('SCCRP', { ChallengeResponse: response });
      assert.equal(peer.sent[0]?.attributes.ResultCode?.resultCode, 4);
      assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'authentication');
    });
  }

  test('SCCRP that sends our own Challenge back as its own: StopCCN 4', () => {
    const peer = new Peer();
    peer.beDialled(strict);
    const challenge = peer.sent[0]!.attributes.Challenge!;
    const ChallengeResponse = challengeResponse(2, SECRET, challenge);
    peer.send('SCCRP', { Challenge: challenge, ChallengeResponse });
    assert.equal(peer.sent[0]?.attributes.ResultCode?.resultCode, 4);
  });

  test('the response for an SCCRP is not taken in an SCCCN', () => {
    const peer = new Peer();
    peer.request();
    peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: strict });
    const challenge = peer.sent[0]!.attributes.Challenge!;
    peer.send('SCCCN', { ChallengeResponse: challengeResponse(2, SECRET, challenge) });
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'authentication');
  });

  test('challenges and random vectors are never the same twice', () => {
    const seen = new Set<string>();
    const node = new Peer();
    for (let time = 0; time < 500; time++) {
      node.beDialled(strict);
      seen.add(String(node.sent[0]!.attributes.Challenge));
    }
    assert.equal(seen.size, 500);
  });

  test('a Challenge of any length is answered, a length of one included', () => {
    for (const length of [1, 16, 500]) {
      const challenge = new Uint8Array(length).fill(7);
      const peer = new Peer();
      peer.request({ Challenge: challenge });
      peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: { ...SETTINGS, secret: SECRET } });
      const { ChallengeResponse } = peer.sent[0]!.attributes;
      assert.deepEqual(ChallengeResponse, challengeResponse(2, SECRET, challenge));
    }
  });
});

describe('RFC 2661 §4.3: hiding, end to end', () => {
  test('what may be hidden is hidden, with a vector of its own in every message', () => {
    const both = { secret: SECRET, hidden: true, authentication: true };
    const { wire } = meet(both, both);
    const vectors = new Set<string>();
    for (const { octets } of wire.log) {
      const hidden = new Map<number, boolean>();
      for (let at = 12; at < octets.length; at += ((octets[at]! & 3) << 8) | octets[at + 1]!) {
        const type = (octets[at + 4]! << 8) | octets[at + 5]!;
        hidden.set(type, (octets[at]! & 0x40) !== 0);
        if (type === 36) vectors.add(String(octets.slice(at + 6, at + 22)));
      }
      for (const [type, isHidden] of hidden) if (isHidden) assert.ok(![0, 1, 2, 5, 7, 10, 12, 36, 39].includes(type));
      if (octets[19] === 10) assert.equal(hidden.get(14), true); // ICRQ
    }
    const carriers = wire.log.filter(({ octets }) => [3, 10, 11, 12].includes(octets[19] ?? 0));
    assert.equal(carriers.length, 4);
    assert.equal(vectors.size, 4);
  });

  for (const [what, secret] of [
    ['another secret', OTHER],
    ['no secret', undefined],
  ] as const) {
    test(`the LNS hides and the LAC has ${what}: its call is hidden-unreadable, CDN with error 8`, () => {
      const { caller, called } = meet({ secret }, { secret: SECRET, hidden: true });
      const { end } = caller.last('call-down')!;
      assert.deepEqual([end.cause, end.side, end.resultCode, end.errorCode], ['hidden-unreadable', 'local', 2, 8]);
      assert.equal(called.last('call-down')!.end.errorCode, 8);
      assert.deepEqual(causes(caller), []);
    });
  }

  test('the LAC hides and the LNS has another secret: the call fails with a CDN, the tunnel stands', () => {
    const { called } = meet({ secret: SECRET, hidden: true }, { secret: OTHER });
    assert.deepEqual(causes(called), []);
    assert.equal(called.all('call-requested').length, 0);
  });

  test('an SCCRQ with everything hidden is read once the secret is known', () => {
    const hiding = { secret: SECRET, randomVector: new Uint8Array(16).fill(3) };
    const peer = new Peer();
    const octets = hiddenSccrq(peer, hiding);
    peer.datagram(octets);
    peer.ns++;
    const [asked] = peer.of('authorize-tunnel');
    assert.equal(asked?.peer.hostName, 'peer.example.com');
    peer.tunnel = asked!.tunnel;
    peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: { ...SETTINGS, secret: SECRET } });
    assert.equal(peer.sent[0]?.name, 'SCCRP');
    assert.equal(peer.sent[0]?.tunnelId, 77);
    peer.send('SCCCN');
    assert.equal(peer.of('tunnel-up')[0]?.peer.framingCapabilities, 3);
    assert.equal(peer.of('tunnel-up')[0]?.peer.challenged, true);
  });

  test('the same with the wrong secret is refused as hidden-unreadable', () => {
    const peer = new Peer();
    peer.datagram(hiddenSccrq(peer, { secret: OTHER, randomVector: new Uint8Array(16) }));
    const { tunnel } = peer.of('authorize-tunnel')[0]!;
    peer.input({ on: 'authorize-tunnel', tunnel, settings: { ...SETTINGS, secret: SECRET } });
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'hidden-unreadable');
  });
});

/** What may be hidden of an SCCRQ, hidden. */
function hiddenSccrq(
  peer: Peer,
  { secret, randomVector }: { secret: Uint8Array; randomVector: Uint8Array },
): Uint8Array {
  const hide = (type: number, value: Uint8Array) => rawAvp(0xc0, 0, type, hideValue(type, value, secret, randomVector));
  const avps = [
    rawAvp(0x80, 0, 36, randomVector),
    hide(3, Uint8Array.of(0, 0, 0, 3)),
    hide(9, Uint8Array.of(0, 77)),
    hide(11, Uint8Array.of(1, 2, 3)),
  ];
  return peer.craft('SCCRQ', {}, { tunnelId: 0, avps, without: ['FramingCapabilities', 'AssignedTunnelId'] });
}
