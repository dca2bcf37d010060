// PAP and CHAP over a link: right, wrong, repeated, reflected, late, and in both directions at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chapResponse } from '../../src/ppp/chap-algorithm.ts';
import type { LinkSettings } from '../../src/ppp/events.ts';
import { Code } from '../../src/ppp/packet.ts';
import { formatHex } from '../../src/wire/values.ts';
import { ADDRESS, HandMadePeer, hexOf, MAGIC, OWN_ADDRESS, octetsOf } from './hand-made-peer.ts';
import { Pair } from './pair.ts';

const CHAP = '0305 c223 05';
const PAP = '0304 c023';
const [ACK, NAK] = [2, 3];
const [CHALLENGE, RESPONSE, SUCCESS, FAILURE] = [1, 2, 3, 4];
const octets = (text: string) => new TextEncoder().encode(text);

/** A link in its authentication phase, with the peer asking for `options`. */
function authenticating(settings: Partial<LinkSettings>, options = MAGIC, secrets = { bob: 'secret', lns: 'secret' }) {
  return new HandMadePeer({ settings: { ipcp: OWN_ADDRESS, ...settings }, secrets }).up().agree('LCP', options);
}

/** The peer's right or wrong answer to the last Challenge among `packets`. */
function respond(peer: HandMadePeer, name: string, secret: string): HandMadePeer {
  const challenge = peer.received().findLast(({ protocol, code }) => protocol === 'CHAP' && code === CHALLENGE)!;
  return peer.send('CHAP', RESPONSE, challenge.identifier, responseTo(challenge, name, secret));
}

/** An open link whose peer bob has been let in once, and will be challenged again about every minute. */
function rechallenging(): HandMadePeer {
  const peer = respond(authenticating({ authenticate: ['chap'], rechallengeInterval: 60_000 }), 'bob', 'secret');
  peer.agree('IPCP', ADDRESS);
  peer.received();
  return peer;
}

function responseTo(challenge: { identifier: number; data: string }, name: string, secret: string): string {
  const size = Number.parseInt(challenge.data.slice(0, 2), 16);
  const value = chapResponse(challenge.identifier, octets(secret), octetsOf(challenge.data.slice(2, 2 + 2 * size)));
  return `10 ${formatHex(value)} ${hexOf(name)}`;
}

test('RFC 1994 §4.1: a Challenge has 16 octets of value and our name', () => {
  const challenge = authenticating({ authenticate: ['chap'], localName: 'lns' })
    .received()
    .at(-1)!;
  assert.deepEqual([challenge.protocol, challenge.code, challenge.data.length], ['CHAP', CHALLENGE, 2 + 32 + 6]);
  assert.ok(challenge.data.startsWith('10') && challenge.data.endsWith(hexOf('lns')));
});

test('RFC 1994 §4.2: the right Response gets a Success and the peer its name', () => {
  const peer = respond(authenticating({ authenticate: ['chap'] }), 'bob', 'secret');
  assert.equal(peer.received().find(({ protocol }) => protocol === 'CHAP')!.code, SUCCESS);
  assert.deepEqual(peer.effects('link-authenticated'), [{ do: 'link-authenticated', username: 'bob' }]);
});

test('RFC 1994 §4.2: an unknown name and a wrong secret get the same words, and the link ends', () => {
  const answers = [
    ['bob', 'wrong'],
    ['eve', 'secret'],
  ].map(([name, secret]) => {
    const peer = respond(authenticating({ authenticate: ['chap'] }), name!, secret!);
    const { code, data } = peer.received().find(({ protocol }) => protocol === 'CHAP')!;
    peer.wait(10_000);
    return { code, data, cause: peer.linkEnd?.cause };
  });
  const expected = { code: FAILURE, data: hexOf('Authentication failed'), cause: 'peer-authentication-failed' };
  assert.deepEqual(answers, [expected, expected]);
});

test('RFC 1994 §4.2: a repeated Response gets its verdict again and is not checked again', () => {
  const peer = authenticating({ authenticate: ['chap'] });
  const challenge = peer.received().at(-1)!;
  const data = responseTo(challenge, 'bob', 'secret');
  for (let count = 0; count < 3; count++) peer.send('CHAP', RESPONSE, challenge.identifier, data);
  const verdicts = peer.received().filter(({ protocol }) => protocol === 'CHAP');
  assert.deepEqual(
    verdicts.map(({ code }) => code),
    [SUCCESS, SUCCESS, SUCCESS],
  );
  assert.deepEqual([peer.effects('authenticate').length, peer.effects('link-authenticated').length], [1, 1]);
});

test('RFC 1994 §4.2: after a Failure another Response to the same Challenge is not checked', () => {
  const peer = authenticating({ authenticate: ['chap'], maxBadAuthentications: 1 });
  const challenge = peer.received().at(-1)!;
  peer.send('CHAP', RESPONSE, challenge.identifier, responseTo(challenge, 'bob', 'wrong'));
  peer.send('CHAP', RESPONSE, challenge.identifier, responseTo(challenge, 'bob', 'secret'));
  assert.deepEqual([peer.effects('authenticate').length, peer.drops('chap-identifier')], [1, 1]);
});

test('RFC 1994 §4.1: with max-bad-auth a failure brings a new Challenge, with another Identifier and value', () => {
  const peer = authenticating({ authenticate: ['chap'], maxBadAuthentications: 1 });
  const first = peer.received().at(-1)!;
  peer.send('CHAP', RESPONSE, first.identifier, responseTo(first, 'bob', 'wrong'));
  const second = peer.received().at(-1)!;
  assert.equal(second.code, CHALLENGE);
  assert.notEqual(second.identifier, first.identifier);
  assert.notEqual(second.data, first.data);
  peer.send('CHAP', RESPONSE, second.identifier, responseTo(second, 'bob', 'secret'));
  assert.equal(peer.end.link.phase, 'UP');
});

test('RFC 1994 §4.1: a Response with another Identifier is dropped', () => {
  const peer = authenticating({ authenticate: ['chap'] });
  const challenge = peer.received().at(-1)!;
  peer.send('CHAP', RESPONSE, challenge.identifier ^ 1, responseTo(challenge, 'bob', 'secret'));
  assert.deepEqual([peer.effects('authenticate'), peer.drops('chap-identifier')], [[], 1]);
});

test('RFC 1994 §4.1: an unanswered Challenge is repeated as it was, then the link is given up', () => {
  const peer = authenticating({ authenticate: ['chap'] });
  const [first] = peer.received().filter(({ protocol }) => protocol === 'CHAP');
  assert.deepEqual(peer.wait(2000).received(), [first]);
  peer.wait(30_000);
  assert.equal(peer.linkEnd?.cause, 'authentication-timeout');
});

test('RFC 1994 §2: a rechallenge that succeeds leaves the link as it is', () => {
  const peer = rechallenging();
  respond(peer.wait(75_000), 'bob', 'secret');
  assert.deepEqual(
    peer.received().map(({ protocol, code }) => [protocol, code]),
    [['CHAP', SUCCESS]],
  );
  assert.deepEqual([peer.end.link.phase, peer.effects('link-authenticated').length], ['UP', 1]);
});

test('RFC 1994 §4.1: a rechallenge has another Identifier and value', () => {
  const peer = authenticating({ authenticate: ['chap'], rechallengeInterval: 60_000 });
  const first = peer.received().at(-1)!;
  peer.send('CHAP', RESPONSE, first.identifier, responseTo(first, 'bob', 'secret')).agree('IPCP', ADDRESS);
  peer.received();
  const second = peer.wait(75_000).received()[0]!;
  assert.notEqual(second.identifier, first.identifier);
  assert.notEqual(second.data, first.data);
});

test('RFC 1994 §2: a rechallenge that fails closes the link', () => {
  const peer = respond(rechallenging().wait(75_000), 'bob', 'wrong').wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'peer-authentication-failed');
});

test('RFC 1994 §2: a rechallenge answered under another name closes the link', () => {
  const peer = respond(rechallenging().wait(75_000), 'lns', 'secret').wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'peer-authentication-failed');
});

test('RFC 1994 §2: an unanswered rechallenge closes the link', () => {
  assert.equal(rechallenging().wait(120_000).linkEnd?.cause, 'authentication-timeout');
});

test('RFC 1994 §2.3: no two of a thousand challenges are equal', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const peer = new HandMadePeer({ settings: { authenticate: ['chap'], maxBadAuthentications: 19 } }, seed);
    peer.up().agree('LCP', MAGIC);
    for (let count = 0; count < 20; count++) {
      const challenge = peer.received().findLast(({ code, protocol }) => protocol === 'CHAP' && code === CHALLENGE)!;
      seen.add(challenge.data);
      peer.send('CHAP', RESPONSE, challenge.identifier, `10 ${'00'.repeat(16)} ${hexOf('bob')}`);
    }
  }
  assert.equal(seen.size, 1000);
});

test('RFC 1994 §4.1: we answer a Challenge with the secret shared with its sender', () => {
  const peer = authenticating({ localName: 'bob' }, `${CHAP} ${MAGIC}`);
  peer.received();
  const challenge = { identifier: 5, data: `08 0102030405060708 ${hexOf('lns')}`.replaceAll(' ', '') };
  const [response] = peer.send('CHAP', CHALLENGE, 5, challenge.data).received();
  assert.deepEqual(response, {
    protocol: 'CHAP',
    code: RESPONSE,
    identifier: 5,
    data: responseTo(challenge, 'bob', 'secret').replaceAll(' ', ''),
  });
  peer.send('CHAP', SUCCESS, 5);
  assert.deepEqual(peer.effects('link-authenticated'), [{ do: 'link-authenticated', username: '' }]);
});

test('RFC 1994 §4.1: a repeated Challenge gets the same Response, and the secret is not looked for again', () => {
  const peer = authenticating({ localName: 'bob' }, `${CHAP} ${MAGIC}`);
  peer.received();
  for (let count = 0; count < 2; count++) peer.send('CHAP', CHALLENGE, 5, `08 0102030405060708 ${hexOf('lns')}`);
  const [first, second] = peer.received();
  assert.deepEqual([second, peer.effects('find-secret').length], [first, 1]);
});

test('RFC 1994 §4.2: a Failure ends the link with the peer’s words made harmless', () => {
  const peer = authenticating({}, `${CHAP} ${MAGIC}`);
  peer
    .send('CHAP', CHALLENGE, 5, `01 aa ${hexOf('lns')}`)
    .send('CHAP', FAILURE, 5, hexOf('no\n\u001b[31m'))
    .wait(10_000);
  assert.deepEqual(peer.linkEnd, {
    cause: 'local-authentication-failed',
    side: 'peer',
    message: 'the peer refuses our CHAP name or secret: no\\u{a}\\u{1b}[31m',
  });
});

test('RFC 1994 §4.1: without a secret for the challenger the link ends and says so', () => {
  const peer = authenticating({}, `${CHAP} ${MAGIC}`, {} as never);
  peer.send('CHAP', CHALLENGE, 5, `01 aa ${hexOf('stranger')}`).wait(10_000);
  assert.deepEqual([peer.linkEnd?.cause, /stranger/.test(peer.linkEnd?.message ?? '')], ['no-secret', true]);
});

test('RFC 1994 §7: our own Challenge sent back to us is not answered', () => {
  const peer = authenticating({ authenticate: ['chap'], localName: 'bob' }, `${CHAP} ${MAGIC}`);
  const challenge = peer.received().at(-1)!;
  peer.send('CHAP', CHALLENGE, challenge.identifier, challenge.data);
  assert.deepEqual([peer.received(), peer.drops('chap-reflected')], [[], 1]);
});

test('RFC 1994 §2: both directions at once, each end with its own challenge', () => {
  const ipcp = { localAddress: '10.0.0.1', requestDns: false };
  const pair = new Pair(
    { settings: { localName: 'peer1', authenticate: ['chap'], ipcp }, secrets: { peer2: 'shared' } },
    { settings: { localName: 'peer2', authenticate: ['chap'], ipcp: OWN_ADDRESS }, secrets: { peer1: 'shared' } },
  );
  pair.up().run(2000);
  assert.deepEqual([pair.a.link.username, pair.b.link.username], ['peer2', 'peer1']);
});

test('RFC 1661 §3.5: one direction failing ends the link though the other is through', () => {
  const pair = new Pair(
    { settings: { localName: 'peer1', authenticate: ['chap'] }, secrets: { peer2: 'right' } },
    { settings: { localName: 'peer2', authenticate: ['chap'] }, secrets: { peer1: 'wrong' } },
  );
  pair.up().run(30_000);
  const causes = [pair.a.end?.cause, pair.b.end?.cause];
  assert.ok(
    causes.every((cause) => cause?.endsWith('authentication-failed')),
    String(causes),
  );
});

test('RFC 1661 §3.5: a verdict for a question of an earlier negotiation is dropped', () => {
  const peer = new HandMadePeer({
    settings: { ipcp: OWN_ADDRESS, authenticate: ['chap'] },
    secrets: { bob: 'secret' },
  });
  const { link } = peer.end;
  peer.up().agree('LCP', MAGIC);
  link.handle({ on: 'authenticated', request: 1, verdict: { accepted: true } }, 0);
  assert.deepEqual([link.phase, peer.drops('stale-answer')], ['AUTHENTICATING', 1]);
});

test('RFC 1661 §3.5: nobody answering us and nobody asking us ends in the authentication timeout', () => {
  const peer = authenticating({}, `${CHAP} ${MAGIC}`).wait(20_000);
  assert.equal(peer.linkEnd?.cause, 'authentication-timeout');
});

test('RFC 1334 §2.2.1: we send name and password until answered', () => {
  const peer = authenticating({ pap: { username: 'cisco', password: 'sisco' } }, `${PAP} ${MAGIC}`);
  const request = peer.received().at(-1)!;
  assert.deepEqual(
    [request.protocol, request.code, request.data],
    ['PAP', 1, `05${hexOf('cisco')}05${hexOf('sisco')}`],
  );
  assert.deepEqual(peer.wait(2000).received(), [request]);
  peer.send('PAP', ACK, request.identifier, '00');
  assert.equal(peer.end.link.phase, 'UP');
});

test('RFC 1334 §2.2.2: an Ack of 4 octets is an Ack', () => {
  const peer = authenticating({ pap: { username: 'u', password: 'p' } }, `${PAP} ${MAGIC}`);
  peer.send('PAP', ACK, peer.received().at(-1)!.identifier);
  assert.equal(peer.end.link.phase, 'UP');
});

test('RFC 1334 §2.2.2: a Nak ends the link, and nothing said has the password in it', () => {
  const peer = authenticating({ pap: { username: 'u', password: 'hunter2' } }, `${PAP} ${MAGIC}`);
  peer.send('PAP', NAK, peer.received().at(-1)!.identifier, `02 ${hexOf('no')}`).wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'local-authentication-failed');
  assert.doesNotMatch(JSON.stringify([peer.linkEnd, peer.end.lines]), /hunter2/);
});

test('RFC 1334 §2.2.1: traces of PAP have no password in their octets', () => {
  const peer = authenticating(
    { authenticate: ['pap'], pap: { username: 'u', password: 'hunter2' } },
    `${PAP} ${MAGIC}`,
  );
  peer.send('PAP', 1, 9, `03 ${hexOf('bob')} 06 ${hexOf('secret')}`);
  for (const { event } of peer.effects('trace')) {
    if (event.kind !== 'packet') continue;
    assert.doesNotMatch(new TextDecoder().decode(event.packet), /hunter2|secret/);
  }
});

test('RFC 1334 §2.2.1: the right name and password get an Ack', () => {
  const peer = authenticating({ authenticate: ['pap'] });
  peer.send('PAP', 1, 9, `03 ${hexOf('bob')} 06 ${hexOf('secret')}`);
  const answer = peer.received().find(({ protocol }) => protocol === 'PAP')!;
  assert.deepEqual([answer.code, answer.identifier, peer.end.link.username], [ACK, 9, 'bob']);
});

test('RFC 1334 §2.2.1: an unknown name and a wrong password get the same Nak', () => {
  const answers = [`03 ${hexOf('bob')} 01 00`, `03 ${hexOf('eve')} 06 ${hexOf('secret')}`].map((data) => {
    const peer = authenticating({ authenticate: ['pap'] }).send('PAP', 1, 9, data);
    const answer = peer.received().find(({ protocol }) => protocol === 'PAP')!;
    assert.equal(peer.wait(10_000).linkEnd?.cause, 'peer-authentication-failed');
    return answer;
  });
  assert.deepEqual(answers[0], answers[1]);
  assert.equal(answers[0]!.code, NAK);
});

test('RFC 1334 §2.2.1: a repeated request gets the verdict again and is not checked again', () => {
  const peer = authenticating({ authenticate: ['pap'] });
  const data = `03 ${hexOf('bob')} 06 ${hexOf('secret')}`;
  for (const identifier of [1, 2, 3]) peer.send('PAP', 1, identifier, data);
  const answers = peer.received().filter(({ protocol }) => protocol === 'PAP');
  assert.deepEqual(
    answers.map(({ code, identifier }) => [code, identifier]),
    [
      [ACK, 1],
      [ACK, 2],
      [ACK, 3],
    ],
  );
  assert.equal(peer.effects('authenticate').length, 1);
});

test('RFC 1334 §2.2.1: with max-bad-auth a second try under a new Identifier is checked', () => {
  const peer = authenticating({ authenticate: ['pap'], maxBadAuthentications: 1 });
  peer.send('PAP', 1, 1, `03 ${hexOf('bob')} 01 00`).send('PAP', 1, 2, `03 ${hexOf('bob')} 06 ${hexOf('secret')}`);
  assert.equal(peer.end.link.phase, 'UP');
});

test('RFC 1661 §6.2: a peer that wants PAP instead of CHAP gets it when it is in our list', () => {
  const pair = new Pair(
    { settings: { refuse: ['chap'], pap: { username: 'bob', password: 'secret' } } },
    {
      settings: { authenticate: ['chap', 'pap'], ipcp: OWN_ADDRESS },
      secrets: { bob: 'secret' },
      assignment: { assign: '10.0.0.9', dns: [], nbns: [] },
    },
  );
  pair.up().run(2000);
  assert.equal(pair.b.link.username, 'bob');
});

test('RFC 1661 §6.2: a peer that wants what is not in our list gets the next of our list', () => {
  const peer = new HandMadePeer({ settings: { authenticate: ['chap', 'pap'] } }).up();
  const [request] = peer.received();
  peer.send('LCP', Code.ConfigureNak, request!.identifier, '0304 c227');
  assert.match(peer.received()[0]!.data, /0304c023/);
});

test('RFC 1661 §6.2: nothing left of our list ends the link', () => {
  const peer = new HandMadePeer({ settings: { authenticate: ['chap'] } }).up();
  peer.send('LCP', Code.ConfigureNak, peer.received()[0]!.identifier, PAP).wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'authentication-protocol');
});

test('RFC 1661 §6.2: a peer that rejects authentication ends the link', () => {
  const peer = new HandMadePeer({ settings: { authenticate: ['chap'] } }).up();
  peer.send('LCP', Code.ConfigureReject, peer.received()[0]!.identifier, CHAP).wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'authentication-protocol');
});

test('RFC 1661 §6.2: a peer that rejects authentication goes on where it is optional', () => {
  const peer = new HandMadePeer({ settings: { authenticate: ['chap'], authenticationOptional: true } }).up();
  peer.send('LCP', Code.ConfigureReject, peer.received()[0]!.identifier, CHAP).agree('LCP', MAGIC);
  assert.deepEqual(peer.effects('link-authenticated'), [{ do: 'link-authenticated', username: '' }]);
});

test('RFC 1661 §3.5: CHAP where PAP was agreed on is dropped and the link goes on (Netgear DM602)', () => {
  const peer = authenticating({ authenticate: ['pap'] });
  peer.send('CHAP', RESPONSE, 1, `10 ${'00'.repeat(16)} ${hexOf('bob')}`);
  assert.deepEqual([peer.drops('authentication-not-agreed'), peer.end.link.phase], [1, 'AUTHENTICATING']);
});

test('RFC 3748 §4: EAP of any code and length is dropped where it was not agreed on', () => {
  const peer = authenticating({ authenticate: ['chap'] });
  peer.received();
  for (let code = 0; code < 8; code++) {
    for (const length of ['0000', '0004', '0005', 'ffff']) peer.frame(`ff03 c227 0${code} 01 ${length} 01`);
  }
  assert.deepEqual(peer.received(), []);
  assert.deepEqual([peer.drops('authentication-not-agreed'), peer.drops('packet-length')], [16, 16]);
});

test('RFC 1661 §3.5: IPCP that comes during authentication is kept and answered after it, without a Terminate-Ack', () => {
  const peer = authenticating({ authenticate: ['chap'] });
  const challenge = peer.received().at(-1)!;
  assert.deepEqual(peer.send('IPCP', Code.ConfigureRequest, 3, '0306 0a000001').received(), []);
  peer.send('CHAP', RESPONSE, challenge.identifier, responseTo(challenge, 'bob', 'secret'));
  const ipcp = peer.received().filter(({ protocol }) => protocol === 'IPCP');
  assert.deepEqual(
    ipcp.map(({ code, identifier }) => [code, identifier]),
    [
      [1, 1],
      [2, 3],
    ],
  );
});
