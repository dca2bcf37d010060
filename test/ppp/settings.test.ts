// What the lines of IOS make the link do otherwise: who waits for whom, which names, which compressions, which limits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chapResponse } from '../../src/ppp/chap-algorithm.ts';
import type { AddressAssignment, LinkSettings } from '../../src/ppp/events.ts';
import { Code } from '../../src/ppp/packet.ts';
import { formatHex } from '../../src/wire/values.ts';
import { ADDRESS, HandMadePeer, hexOf, MAGIC, OWN_ADDRESS, octetsOf } from './hand-made-peer.ts';

const CHAP = '0305 c223 05';
const PAP = '0304 c023';
const [CHALLENGE, RESPONSE] = [1, 2];
const SECRETS = { bob: 'secret', lns: 'secret' };
const NEVER = Number.POSITIVE_INFINITY;

function authenticating(settings: Partial<LinkSettings>, options = MAGIC): HandMadePeer {
  return new HandMadePeer({ settings: { ipcp: OWN_ADDRESS, ...settings }, secrets: SECRETS })
    .up()
    .agree('LCP', options);
}

/** Bob proves himself to us. */
function respond(peer: HandMadePeer, challenge: { identifier: number; data: string }): HandMadePeer {
  const value = octetsOf(challenge.data.slice(2, 2 + 2 * Number.parseInt(challenge.data.slice(0, 2), 16)));
  const response = chapResponse(challenge.identifier, new TextEncoder().encode('secret'), value);
  return peer.send('CHAP', RESPONSE, challenge.identifier, `10 ${formatHex(response)} ${hexOf('bob')}`);
}

function challengeOf(peer: HandMadePeer) {
  return peer.received().findLast(({ protocol, code }) => protocol === 'CHAP' && code === CHALLENGE)!;
}

function responsesOf(peer: HandMadePeer) {
  return peer.received().filter(({ protocol, code }) => protocol === 'CHAP' && code === RESPONSE);
}

test('C110 ppp chap wait: a Challenge is answered only when the peer has proven itself, and then the last one', () => {
  const peer = authenticating({ authenticate: ['chap'], waitForPeer: ['chap'] }, `${CHAP} ${MAGIC}`);
  const ours = challengeOf(peer);
  peer.send('CHAP', CHALLENGE, 4, `01 aa ${hexOf('lns')}`).send('CHAP', CHALLENGE, 5, `01 bb ${hexOf('lns')}`);
  assert.deepEqual([responsesOf(peer), peer.effects('find-secret').length], [[], 0]);
  assert.deepEqual(
    responsesOf(respond(peer, ours)).map(({ identifier }) => identifier),
    [5],
  );
});

test('C110 ppp chap wait: a peer that owes us no proof is answered at once', () => {
  const peer = authenticating({ waitForPeer: ['chap'] }, `${CHAP} ${MAGIC}`);
  peer.send('CHAP', CHALLENGE, 5, `01 aa ${hexOf('lns')}`);
  assert.equal(responsesOf(peer).length, 1);
});

test('C110 ppp chap wait: what was held back is nothing in the next life of the link', () => {
  const peer = authenticating({ authenticate: ['chap'], waitForPeer: ['chap'] }, `${CHAP} ${MAGIC}`);
  peer.send('CHAP', CHALLENGE, 5, `01 aa ${hexOf('lns')}`);
  // Renegotiated, now without a demand of the peer's.
  peer.send('LCP', Code.ConfigureRequest, 2, MAGIC).ack('LCP');
  respond(peer, challengeOf(peer));
  assert.deepEqual([responsesOf(peer), peer.effects('find-secret').length], [[], 0]);
});

test('C111 ppp pap wait: the password goes out only when the peer has proven itself', () => {
  const pap = { username: 'me', password: 'mine' };
  const peer = authenticating({ authenticate: ['chap'], waitForPeer: ['pap'], pap }, `${PAP} ${MAGIC}`);
  const all = peer.received();
  assert.ok(all.every(({ protocol }) => protocol !== 'PAP'));
  respond(peer, all.findLast(({ protocol }) => protocol === 'CHAP')!);
  assert.ok(peer.received().some(({ protocol, code }) => protocol === 'PAP' && code === 1));
});

test('C110 ppp chap splitnames: one name challenges, another responds', () => {
  const names = { localName: 'router', responseName: 'client' };
  const peer = authenticating({ authenticate: ['chap'], ...names }, `${CHAP} ${MAGIC}`);
  assert.ok(challengeOf(peer).data.endsWith(hexOf('router')));
  peer.send('CHAP', CHALLENGE, 5, `01 aa ${hexOf('lns')}`);
  assert.ok(responsesOf(peer)[0]!.data.endsWith(hexOf('client')));
});

test('C110 ppp chap ignoreus: a Challenge in our own name is dropped and counted', () => {
  const peer = authenticating({ localName: 'router', ignoreOwnName: true }, `${CHAP} ${MAGIC}`);
  peer.received();
  peer.send('CHAP', CHALLENGE, 5, `01 aa ${hexOf('router')}`);
  assert.deepEqual([peer.received(), peer.drops('chap-own-name')], [[], 1]);
});

test('C110 ppp chap challenge-length: every challenge has a length between the two, and not always the same', () => {
  const lengths = new Set<number>();
  for (let seed = 0; seed < 60; seed++) {
    const settings = { authenticate: ['chap'], challengeLength: { least: 16, most: 63 }, ipcp: OWN_ADDRESS } as const;
    const peer = new HandMadePeer({ settings, secrets: SECRETS }, seed).up().agree('LCP', MAGIC);
    lengths.add(Number.parseInt(challengeOf(peer).data.slice(0, 2), 16));
  }
  assert.ok(Math.min(...lengths) >= 16 && Math.max(...lengths) <= 63 && lengths.size > 10, String([...lengths]));
});

test('C118 ppp timeout authentication 0: however long it takes, the link is not given up', () => {
  const peer = authenticating({ authenticate: ['pap'], authenticationTimeout: NEVER });
  peer.wait(24 * 3600 * 1000);
  assert.equal(peer.linkEnd, undefined);
});

test('C118 ppp timeout ncp … termination: so long a link waits for a network protocol it had', () => {
  const peer = authenticating({ ncpGrace: 30_000 });
  peer.agree('IPCP', ADDRESS);
  peer.send('IPCP', Code.TerminateRequest, 9);
  assert.equal(peer.wait(29_000).linkEnd, undefined);
  assert.equal(peer.wait(15_000).linkEnd?.cause, 'ncp-failed');
});

test('C116 ppp acfc remote, ppp pfc remote: apply uses what the peer offers, ignore does not, reject refuses', () => {
  const [PFC, ACFC] = ['0702', '0802'];
  const agreed = (policy: LinkSettings['peerAcfc']) => {
    const { options } = authenticating({ peerAcfc: policy, peerPfc: policy }, `${PFC} ${ACFC}`).end.link;
    return [options?.sendPfc, options?.sendAcfc];
  };
  assert.deepEqual(agreed('apply'), [true, true]);
  assert.deepEqual(agreed('ignore'), [false, false]);
  const peer = new HandMadePeer({ settings: { peerAcfc: 'reject', peerPfc: 'reject' } }).up();
  peer.received();
  const [answer] = peer.send('LCP', Code.ConfigureRequest, 1, `${PFC} ${ACFC}`).received();
  assert.deepEqual([answer!.code, answer!.data], [Code.ConfigureReject, PFC + ACFC]);
});

test('C115 ppp lcp delay … random: the delay is never less than said, and never more than both together', () => {
  const delays = new Set<number>();
  for (let seed = 0; seed < 40; seed++) {
    const peer = new HandMadePeer({ settings: { passiveDelay: 1000, passiveDelayRandom: 4000 } }, seed).up();
    delays.add(peer.end.link.deadline);
  }
  assert.ok(Math.min(...delays) >= 1000 && Math.max(...delays) < 5000 && delays.size > 20, String([...delays]));
});

const ASSIGNED: AddressAssignment = { assign: '10.0.0.9', dns: ['8.8.8.8'], nbns: [] };

function answerTo(options: string, assignment: AddressAssignment) {
  const peer = new HandMadePeer({ settings: { ipcp: OWN_ADDRESS }, assignment }).up().agree('LCP', MAGIC);
  peer.received();
  const [answer] = peer.send('IPCP', Code.ConfigureRequest, 9, `0306 0a000009 ${options}`).received();
  return [answer!.code, answer!.data.slice(answer!.code === Code.ConfigureAck ? 12 : 0)];
}

test('C119 ppp ipcp dns … accept: a peer that names a server may keep it, one that asks is told ours', () => {
  const keeps = { ...ASSIGNED, acceptDns: true };
  assert.deepEqual(answerTo('8106 09090909', keeps), [Code.ConfigureAck, '810609090909']);
  assert.deepEqual(answerTo('8106 00000000', keeps), [Code.ConfigureNak, '810608080808']);
  assert.deepEqual(answerTo('8106 09090909', ASSIGNED), [Code.ConfigureNak, '810608080808']);
});

test('C119 ppp ipcp wins accept: without servers of our own there is none to tell', () => {
  const keeps = { ...ASSIGNED, acceptNbns: true };
  assert.deepEqual(answerTo('8206 09090909', keeps), [Code.ConfigureAck, '820609090909']);
  assert.deepEqual(answerTo('8206 00000000', keeps), [Code.ConfigureReject, '820600000000']);
});

test('C120 ppp ipcp mask: told to a peer that asks, and the option is refused otherwise', () => {
  assert.deepEqual(answerTo('9006 00000000', { ...ASSIGNED, mask: '255.255.255.0' }), [
    Code.ConfigureNak,
    '9006ffffff00',
  ]);
  assert.deepEqual(answerTo('9006 ffffff00', { ...ASSIGNED, mask: '255.255.255.0' }), [
    Code.ConfigureAck,
    '9006ffffff00',
  ]);
  assert.deepEqual(answerTo('9006 00000000', ASSIGNED), [Code.ConfigureReject, '900600000000']);
});
