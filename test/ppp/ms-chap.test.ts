// MS-CHAP and MS-CHAP-V2 over a link: who proves what to whom, what is refused, and the keys that are left behind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysOfVersion2 } from '../../src/crypto/mppe-keys.ts';
import { authenticatorResponse, challengeHash, challengeResponse, ntPasswordHash } from '../../src/crypto/mschap.ts';
import type { AuthenticationProtocol, LinkSettings, Verdict } from '../../src/ppp/events.ts';
import { formatHex } from '../../src/wire/values.ts';
import { HandMadePeer, hexOf, MAGIC, OWN_ADDRESS, octetsOf, type Received } from './hand-made-peer.ts';
import { Pair, type Wire } from './pair.ts';

const V1 = '0305 c223 80';
const V2 = '0305 c223 81';
const [CHALLENGE, RESPONSE, SUCCESS, FAILURE] = [1, 2, 3, 4];
const octets = (text: string) => new TextEncoder().encode(text);
const SECRETS = { bob: 'clientPass', lns: 'clientPass' };
const HASH = ntPasswordHash(octets('clientPass'));
const PEER_CHALLENGE = '21402324255e262a28295f2b3a337c7e';

/** We are to prove ourselves to a peer that demands `option`. */
function proving(option: string, settings: Partial<LinkSettings> = {}): HandMadePeer {
  const peer = new HandMadePeer({ settings: { ipcp: OWN_ADDRESS, localName: 'bob', ...settings }, secrets: SECRETS });
  return peer.up().agree('LCP', `${option} ${MAGIC}`);
}

/** The peer is to prove itself to us. */
function demanding(protocol: AuthenticationProtocol, settings: Partial<LinkSettings> = {}): HandMadePeer {
  const all = { ipcp: OWN_ADDRESS, localName: 'lns', authenticate: [protocol], ...settings };
  return new HandMadePeer({ settings: all, secrets: SECRETS }).up().agree('LCP', MAGIC);
}

/** bob calls the lns, which demands MS-CHAP-V2. */
function dialIn(wire?: Wire): Pair {
  return new Pair(
    { settings: { localName: 'bob', calling: true }, secrets: SECRETS },
    {
      settings: { localName: 'lns', authenticate: ['ms-chap-v2'], ipcp: OWN_ADDRESS },
      secrets: SECRETS,
      assignment: { assign: '10.0.0.9', dns: [], nbns: [] },
    },
    wire,
  );
}

function last(peer: HandMadePeer, code: number): Received {
  return peer.received().findLast((packet) => packet.protocol === 'CHAP' && packet.code === code)!;
}

const textOf = ({ data }: Received) => Buffer.from(data, 'hex').toString();

/** The value of a right Response of version 2, and the S= that answers it. */
function version2(challenge: string, name: string, password = 'clientPass') {
  const hash = ntPasswordHash(octets(password));
  const hashed = challengeHash(octetsOf(PEER_CHALLENGE), octetsOf(challenge), name);
  const response = challengeResponse(hashed, hash);
  const data = `31 ${PEER_CHALLENGE} ${'00'.repeat(8)} ${formatHex(response)} 00`;
  return { data, response, answer: `S=${authenticatorResponse(hash, response, hashed)}` };
}

function answer2(peer: HandMadePeer, name: string, password?: string, hashedName = name) {
  const { identifier, data } = last(peer, CHALLENGE);
  const { data: value, answer } = version2(data.slice(2, 34), hashedName, password);
  peer.send('CHAP', RESPONSE, identifier, `${value} ${hexOf(name)}`);
  return { identifier, answer };
}

test('RFC 2759 §3: a Challenge has 16 octets and our name, whatever `ppp chap challenge-length` says', () => {
  const { data } = last(demanding('ms-chap-v2', { challengeLength: { least: 20, most: 40 } }), CHALLENGE);
  assert.equal(data.length, 2 * (1 + 16 + 3));
  assert.ok(data.startsWith('10') && data.endsWith(hexOf('lns')));
});

test('RFC 2759 §5: who knows the password gets a Success that proves we know it too', () => {
  const peer = demanding('ms-chap-v2');
  const { identifier, answer } = answer2(peer, 'bob');
  const success = last(peer, SUCCESS);
  assert.equal(success.identifier, identifier);
  assert.ok(textOf(success).startsWith(`${answer} M=`), textOf(success));
  assert.deepEqual(peer.effects('link-authenticated'), [{ do: 'link-authenticated', username: 'bob' }]);
});

test('RFC 2759 §4: only what is behind the domain is hashed', () => {
  const peer = new HandMadePeer({
    settings: { ipcp: OWN_ADDRESS, localName: 'lns', authenticate: ['ms-chap-v2'] },
    secrets: { 'CORP\\bob': 'clientPass' },
  });
  peer.up().agree('LCP', MAGIC);
  answer2(peer, 'CORP\\bob', 'clientPass', 'bob');
  assert.equal(peer.effects('link-authenticated')[0]?.username, 'CORP\\bob');
});

test('RFC 2759 §6: a wrong password and an unknown name get the same Failure, and the link ends', () => {
  const failures = [
    ['bob', 'wrong'],
    ['eve', 'clientPass'],
  ].map(([name, password]) => {
    const peer = demanding('ms-chap-v2');
    answer2(peer, name!, password);
    const text = textOf(last(peer, FAILURE)).replace(/C=[0-9A-F]{32}/, 'C=…');
    return [text, peer.wait(10_000).linkEnd?.cause];
  });
  const expected = ['E=691 R=0 C=… V=3 M=Authentication failed', 'peer-authentication-failed'];
  assert.deepEqual(failures, [expected, expected]);
});

test('RFC 2759 §6: with max-bad-auth the Failure brings the next challenge, answered under the next Identifier', () => {
  const peer = demanding('ms-chap-v2', { maxBadAuthentications: 1 });
  const { identifier } = answer2(peer, 'bob', 'wrong');
  const text = textOf(last(peer, FAILURE));
  const next = /^E=691 R=1 C=([0-9A-F]{32}) V=3 /.exec(text)?.[1];
  assert.ok(next !== undefined, text);
  const { data, answer } = version2(next, 'bob');
  peer.send('CHAP', RESPONSE, (identifier + 1) & 0xff, `${data} ${hexOf('bob')}`);
  assert.ok(textOf(last(peer, SUCCESS)).startsWith(answer));
  assert.equal(peer.effects('link-authenticated').length, 1);
});

test('RFC 2433 §4: a Failure of version 1 has a challenge of 8 octets, and no M=', () => {
  const peer = demanding('ms-chap', { maxBadAuthentications: 1 });
  const { identifier, data } = last(peer, CHALLENGE);
  assert.equal(data.slice(0, 2), '08');
  peer.send('CHAP', RESPONSE, identifier, `31 ${'00'.repeat(48)} 01 ${hexOf('bob')}`);
  assert.match(textOf(last(peer, FAILURE)), /^E=691 R=1 C=[0-9A-F]{16} V=2$/);
});

test('RFC 2433 §4: version 1, right password: in, without an S=', () => {
  const peer = demanding('ms-chap');
  const { identifier, data } = last(peer, CHALLENGE);
  const response = challengeResponse(octetsOf(data.slice(2, 18)), HASH);
  peer.send('CHAP', RESPONSE, identifier, `31 ${'00'.repeat(24)} ${formatHex(response)} 01 ${hexOf('bob')}`);
  assert.equal(textOf(last(peer, SUCCESS)), '');
});

test('RFC 2433 §5: the LM response alone, with its flag, is nothing we ask anybody about', () => {
  const peer = demanding('ms-chap');
  const { identifier } = last(peer, CHALLENGE);
  peer.send('CHAP', RESPONSE, identifier, `31 ${'11'.repeat(24)} ${'00'.repeat(24)} 00 ${hexOf('bob')}`);
  assert.deepEqual([peer.effects('authenticate'), last(peer, FAILURE).code], [[], FAILURE]);
});

test('RFC 2759 §4: a Response of another length, or with our own challenge as its own, is wrong', () => {
  for (const length of [1, 16, 48, 50, 200]) {
    const peer = demanding('ms-chap-v2');
    const { identifier } = last(peer, CHALLENGE);
    const value = `${length.toString(16).padStart(2, '0')} ${'55'.repeat(length)}`;
    peer.send('CHAP', RESPONSE, identifier, `${value} ${hexOf('bob')}`);
    assert.deepEqual([peer.effects('authenticate').length, last(peer, FAILURE).code], [0, FAILURE], String(length));
  }
  const peer = demanding('ms-chap-v2');
  const { identifier, data } = last(peer, CHALLENGE);
  peer.send('CHAP', RESPONSE, identifier, `31 ${data.slice(2, 34)} ${'00'.repeat(33)} ${hexOf('bob')}`);
  assert.equal(peer.effects('authenticate').length, 0);
});

test('an answer to us without the proof for the peer is no Success: the link ends', () => {
  const peer = demanding('ms-chap-v2');
  // Somebody who checks for us says yes, and knows no S=.
  const { identifier, data } = last(peer, CHALLENGE);
  peer.end.secrets = {};
  const { data: value } = version2(data.slice(2, 34), 'bob');
  peer.send('CHAP', RESPONSE, identifier, `${value} ${hexOf('bob')}`);
  assert.equal(last(peer, FAILURE).code, FAILURE);
  const verdict: Verdict = { accepted: true };
  peer.end.input({ on: 'authenticated', request: 1, verdict }, peer.now);
  assert.deepEqual(peer.effects('link-authenticated'), []);
});

test('RFC 2759 §4: we answer with a challenge of our own and zero where the RFC wants zero', () => {
  const peer = proving(V2).send('CHAP', CHALLENGE, 9, `10 5b5d7c7d7b3f2f3e3c2c602132262628 ${hexOf('lns')}`);
  const response = last(peer, RESPONSE);
  const value = response.data.slice(2, 100);
  assert.deepEqual([response.data.slice(0, 2), value.slice(32, 48), value.slice(96)], ['31', '00'.repeat(8), '00']);
  const hashed = challengeHash(octetsOf(value.slice(0, 32)), octetsOf('5b5d7c7d7b3f2f3e3c2c602132262628'), 'bob');
  assert.equal(value.slice(48, 96), formatHex(challengeResponse(hashed, HASH)));
});

test('RFC 2433 §5: in version 1 we send no LM response', () => {
  const peer = proving(V1).send('CHAP', CHALLENGE, 9, `08 102db5df085d3041 ${hexOf('lns')}`);
  const expected = `31${'00'.repeat(24)}54f22ac5aa6c5cbf7e60531821852087d681f1cc9e1bb36e01${hexOf('bob')}`;
  assert.equal(last(peer, RESPONSE).data, expected);
});

test('RFC 2759 §5: a Success without the right S= ends the link: the peer does not know our password', () => {
  const right = (value: string) => {
    const hashed = challengeHash(octetsOf(value.slice(0, 32)), octetsOf('5b5d7c7d7b3f2f3e3c2c602132262628'), 'bob');
    return authenticatorResponse(HASH, octetsOf(value.slice(48, 96)), hashed);
  };
  const texts: readonly ((digits: string) => [string, boolean])[] = [
    (digits) => [`S=${digits}`, true],
    (digits) => [`S=${digits} M=Welcome`, true],
    (digits) => [`S=${digits.toLowerCase()}`, /^\d+$/.test(digits)],
    (digits) => [`S=${digits}0`, false],
    (digits) => [`S=${digits.slice(1)}`, false],
    (digits) => [`M=Welcome S=${digits}`, false],
    (digits) => [`S=${digits.replace(/^./, (first) => (first === '0' ? '1' : '0'))} M=Welcome`, false],
    () => ['Welcome', false],
    () => ['', false],
  ];
  for (const text of texts) {
    const peer = proving(V2).send('CHAP', CHALLENGE, 9, `10 5b5d7c7d7b3f2f3e3c2c602132262628 ${hexOf('lns')}`);
    const [said, accepted] = text(right(last(peer, RESPONSE).data.slice(2, 100)));
    peer.send('CHAP', SUCCESS, 9, hexOf(said));
    assert.equal(peer.effects('link-authenticated').length, accepted ? 1 : 0, said);
    peer.wait(10_000);
    const expected = accepted ? undefined : 'peer-authentication-failed';
    assert.equal(peer.effects('link-down')[0]?.end.cause, expected, said);
  }
});

test('RFC 2759 §6: what a Failure says, an operator reads in words; a password is not changed here', () => {
  const said: readonly (readonly [string, RegExp])[] = [
    ['E=691 R=1 C=00112233445566778899AABBCCDDEEFF V=3 M=Bad', /wrong name or password \(E=691\), "Bad"/],
    ['E=648 R=0 C=00 V=3 M=Expired', /password has expired, and is to be changed at the server.*E=648/],
    ['E=646 R=0 V=2', /may not log on at this hour/],
    ['E=999999999999 what', /E=999999999999 what/],
    ['\u001b[2J', /u\{1b\}\[2J/],
    ['', /refuses our MS-CHAP-V2 name or secret$/],
  ];
  for (const [text, words] of said) {
    const peer = proving(V2).send('CHAP', CHALLENGE, 9, `10 5b5d7c7d7b3f2f3e3c2c602132262628 ${hexOf('lns')}`);
    peer.send('CHAP', FAILURE, 9, hexOf(text)).wait(10_000);
    assert.equal(peer.linkEnd?.cause, 'local-authentication-failed');
    assert.match(peer.linkEnd!.message, words);
    assert.ok(!peer.linkEnd!.message.includes('\u001b'));
    // Nothing is tried again, and no new password sent (code 7).
    assert.deepEqual(
      peer.received().filter(({ protocol, code }) => protocol === 'CHAP' && code !== RESPONSE),
      [],
    );
  }
});

test('RFC 2759 §7: a Change-Password packet is dropped', () => {
  const peer = demanding('ms-chap-v2');
  peer.send('CHAP', 7, 1, '00'.repeat(582));
  assert.equal(peer.drops('authentication-not-agreed'), 1);
});

test('RFC 3079 §3.3: what the client sends with, the server receives with', () => {
  const response = octetsOf('82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df');
  const client = keysOfVersion2(HASH, response, 'client');
  const server = keysOfVersion2(HASH, response, 'server');
  assert.deepEqual([client.transmit, client.receive], [server.receive, server.transmit]);
  assert.notDeepEqual(client.transmit, client.receive);
});

test('a lost Success: the Response comes again, gets the same Success and is not checked again', () => {
  let dropped = 0;
  const wire = (frame: Uint8Array, towards: 'a' | 'b') => {
    const isSuccess = frame[2] === 0xc2 && frame[3] === 0x23 && frame[4] === SUCCESS;
    if (towards === 'a' && isSuccess && dropped++ < 2) return [];
    return [1];
  };
  const pair = dialIn(wire).up().run(9000);
  assert.deepEqual([pair.a.link.phase, pair.b.link.phase, pair.b.all('authenticate').length], ['UP', 'UP', 1]);
});

test('debug ppp authentication names the algorithm, and shows neither response nor password', () => {
  const lines = dialIn()
    .up()
    .run(1000)
    .b.lines.filter((line) => line.startsWith('MS-CHAP-V2'));
  assert.deepEqual(
    lines.map((line) => line.replace(/id \d+/, 'id n').replace(/S=[0-9A-F]{40}/, 'S=…')),
    [
      'MS-CHAP-V2: O CHALLENGE id n len 24 from "lns"',
      'MS-CHAP-V2: I RESPONSE id n len 57 from "bob"',
      'MS-CHAP-V2: O SUCCESS id n len 56 msg is "S=… M=Welcome"',
    ],
  );
});
