// EAP with MSCHAPv2 over a link: both ends, the handshake of Success, other methods, and what is lost, doubled or broken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { challengeHash, challengeResponse, ntPasswordHash } from '../../src/crypto/mschap.ts';
import type { LinkSettings } from '../../src/ppp/events.ts';
import { encodeFrame, Protocol } from '../../src/ppp/frame.ts';
import { formatHex } from '../../src/wire/values.ts';
import { HandMadePeer, hexOf, MAGIC, OWN_ADDRESS, octetsOf } from './hand-made-peer.ts';
import { Pair, seededEntropy, type Wire } from './pair.ts';

const [REQUEST, RESPONSE, SUCCESS, FAILURE] = [1, 2, 3, 4];
const SECRETS = { bob: 'clientPass', lns: 'clientPass' };
const HASH = ntPasswordHash(new TextEncoder().encode('clientPass'));
const THEIRS = '5b5d7c7d7b3f2f3e3c2c602132262628';

/** We demand EAP of the peer. */
function demanding(settings: Partial<LinkSettings> = {}): HandMadePeer {
  const all = { ipcp: OWN_ADDRESS, localName: 'lns', authenticate: ['eap' as const], ...settings };
  return new HandMadePeer({ settings: all, secrets: SECRETS }).up().agree('LCP', MAGIC);
}

/** The peer demands EAP of us. */
function proving(settings: Partial<LinkSettings> = {}): HandMadePeer {
  const all = { ipcp: OWN_ADDRESS, localName: 'bob', ...settings };
  const peer = new HandMadePeer({ settings: all, secrets: SECRETS }).up().agree('LCP', `0304 c227 ${MAGIC}`);
  peer.received();
  return peer;
}

const eapOf = (peer: HandMadePeer) => peer.received().filter(({ protocol }) => protocol === 'EAP');

/** OpCode, MS-CHAPv2-ID, MS-Length and what is behind them. */
function method(opCode: number, identifier: number, body: string): string {
  const length = 4 + octetsOf(body).length;
  const header = [opCode, identifier, length >> 8, length & 0xff];
  return `1a ${header.map((octet) => octet.toString(16).padStart(2, '0')).join('')} ${body}`;
}

/** The peer says who it is and answers the challenge. */
function respond(peer: HandMadePeer, password = 'clientPass'): number {
  const identity = eapOf(peer).at(-1)!;
  peer.send('EAP', RESPONSE, identity.identifier, `01 ${hexOf('bob')}`);
  return answer(peer, password);
}

function answer(peer: HandMadePeer, password: string): number {
  const request = eapOf(peer).at(-1)!;
  const challenge = octetsOf(request.data.slice(12, 44));
  const ours = octetsOf(THEIRS);
  const hash = ntPasswordHash(new TextEncoder().encode(password));
  const response = formatHex(challengeResponse(challengeHash(ours, challenge, 'bob'), hash));
  const identifier = Number.parseInt(request.data.slice(4, 6), 16);
  const body = `31 ${THEIRS} ${'00'.repeat(8)} ${response} 00 ${hexOf('bob')}`;
  peer.send('EAP', RESPONSE, request.identifier, method(2, identifier, body));
  return request.identifier;
}

test('RFC 3748 §5.1: the authenticator asks who is there, then challenges under MSCHAPv2', () => {
  const peer = demanding();
  const identity = eapOf(peer).at(-1)!;
  assert.deepEqual([identity.code, identity.data], [REQUEST, '01']);
  peer.send('EAP', RESPONSE, identity.identifier, `01 ${hexOf('bob')}`);
  const challenge = eapOf(peer).at(-1)!;
  assert.equal(challenge.code, REQUEST);
  assert.notEqual(challenge.identifier, identity.identifier);
  assert.match(challenge.data, new RegExp(`^1a01..001810[0-9a-f]{32}${hexOf('lns')}$`));
});

test('the peer is in only after it has answered the Success of the method, and then gets the Success of EAP', () => {
  const peer = demanding();
  respond(peer);
  const success = eapOf(peer).at(-1)!;
  assert.equal(success.code, REQUEST);
  assert.match(Buffer.from(success.data.slice(10), 'hex').toString(), /^S=[0-9A-F]{40} M=/);
  assert.deepEqual(peer.effects('link-authenticated'), []);
  peer.send('EAP', RESPONSE, success.identifier, '1a03');
  const last = eapOf(peer).at(-1)!;
  assert.deepEqual([last.code, last.identifier, last.data], [SUCCESS, success.identifier, '']);
  assert.deepEqual(peer.effects('link-authenticated'), [{ do: 'link-authenticated', username: 'bob' }]);
});

test('a wrong password: Failure of the method, its answer, Failure of EAP, the end', () => {
  const peer = demanding();
  respond(peer, 'wrong');
  const failure = eapOf(peer).at(-1)!;
  assert.match(Buffer.from(failure.data.slice(10), 'hex').toString(), /^E=691 R=0 C=[0-9A-F]{32} V=3 M=/);
  peer.send('EAP', RESPONSE, failure.identifier, '1a04');
  assert.equal(eapOf(peer).at(-1)!.code, FAILURE);
  assert.equal(peer.wait(10_000).linkEnd?.cause, 'peer-authentication-failed');
});

test('with max-bad-auth a second attempt is let in, and one who gives up is let go', () => {
  const challengeOf = (data: string) => /C=([0-9A-F]{32})/.exec(Buffer.from(data.slice(10), 'hex').toString())![1]!;
  const again = demanding({ maxBadAuthentications: 1 });
  respond(again, 'wrong');
  const failure = eapOf(again).at(-1)!;
  const challenge = octetsOf(challengeOf(failure.data));
  const response = formatHex(challengeResponse(challengeHash(octetsOf(THEIRS), challenge, 'bob'), HASH));
  const identifier = (Number.parseInt(failure.data.slice(4, 6), 16) + 1) & 0xff;
  const body = `31 ${THEIRS} ${'00'.repeat(8)} ${response} 00 ${hexOf('bob')}`;
  again.send('EAP', RESPONSE, failure.identifier, method(2, identifier, body));
  again.send('EAP', RESPONSE, eapOf(again).at(-1)!.identifier, '1a03');
  assert.equal(again.effects('link-authenticated').length, 1);

  const gone = demanding({ maxBadAuthentications: 1 });
  respond(gone, 'wrong');
  gone.send('EAP', RESPONSE, eapOf(gone).at(-1)!.identifier, '1a04');
  assert.equal(eapOf(gone).at(-1)!.code, FAILURE);
});

test('RFC 3748 §5.3.1: a peer that wants another method gets none, and the link ends with both names', () => {
  const peer = demanding();
  peer.send('EAP', RESPONSE, eapOf(peer).at(-1)!.identifier, `01 ${hexOf('bob')}`);
  peer.send('EAP', RESPONSE, eapOf(peer).at(-1)!.identifier, '03 0d');
  peer.wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'authentication-protocol');
  assert.match(peer.linkEnd!.message, /refuses EAP-MSCHAPv2/);
});

test('RFC 3748 §4.1: a Response to anything but the Request that stands is dropped', () => {
  const peer = demanding();
  const { identifier } = eapOf(peer).at(-1)!;
  peer.send('EAP', RESPONSE, (identifier + 1) & 0xff, `01 ${hexOf('bob')}`);
  assert.deepEqual([eapOf(peer), peer.drops('eap-identifier')], [[], 1]);
  peer.send('EAP', RESPONSE, identifier, '1a03');
  assert.deepEqual([eapOf(peer), peer.drops('eap-type')], [[], 1]);
});

test('RFC 3748 §4.3: a Request is repeated as it was, then the link is given up', () => {
  const peer = demanding({ maxConfigure: 3, authenticationTimeout: 60_000 });
  const requests = [eapOf(peer).at(-1)!];
  for (let step = 0; step < 3; step++) requests.push(...eapOf(peer.wait(2000)));
  assert.equal(requests.length, 3);
  assert.deepEqual(new Set(requests.map(({ identifier }) => identifier)).size, 1);
  assert.equal(peer.wait(10_000).linkEnd?.cause, 'authentication-timeout');
});

test('RFC 3748 §5: who we are, a Notification, and a method we do not have', () => {
  const peer = proving();
  const said = (data: string, identifier: number) => {
    const [response, ...rest] = eapOf(peer.send('EAP', REQUEST, identifier, data));
    assert.deepEqual([response?.code, response?.identifier, rest], [RESPONSE, identifier, []], data);
    return response!.data;
  };
  assert.equal(said('01', 1), `01${hexOf('bob')}`);
  assert.equal(said(`02 ${hexOf('hello')}`, 2), '02');
  assert.equal(said('04 10 00112233445566778899aabbccddeeff', 3), '031a');
  assert.equal(said('0d 20', 4), '031a');
});

/** As far as the peer's Success of the method: the text is made of the right S=. */
function challenged(peer: HandMadePeer): void {
  const body = `10 ${THEIRS} ${hexOf('lns')}`;
  peer.send('EAP', REQUEST, 7, method(1, 33, body));
}

test('we answer the challenge under the identifiers of both layers', () => {
  const peer = proving();
  challenged(peer);
  const [response] = eapOf(peer);
  assert.equal(response!.identifier, 7);
  assert.match(response!.data, new RegExp(`^1a0221003931[0-9a-f]{98}${hexOf('bob')}$`));
});

test('RFC 3748 §4.2: a Success before the authenticator has proven itself is dropped', () => {
  const peer = proving();
  peer.send('EAP', SUCCESS, 1);
  challenged(peer);
  peer.send('EAP', SUCCESS, 7);
  assert.deepEqual([peer.drops('eap-success-unproven'), peer.effects('link-authenticated')], [2, []]);
});

test('a Success of the method without the right S= ends the link', () => {
  for (const text of ['', 'S=', `S=${'0'.repeat(40)} M=Welcome`]) {
    const peer = proving();
    challenged(peer);
    peer.send('EAP', REQUEST, 8, method(3, 33, hexOf(text))).wait(10_000);
    assert.equal(peer.linkEnd?.cause, 'peer-authentication-failed', text);
  }
});

test('a Failure of the method is answered and ends the link in words', () => {
  const peer = proving();
  challenged(peer);
  peer.received();
  const text = `E=647 R=0 C=${THEIRS.toUpperCase()} V=3 M=Disabled`;
  peer.send('EAP', REQUEST, 8, method(4, 33, hexOf(text)));
  assert.deepEqual(eapOf(peer)[0]?.data, '1a04');
  peer.wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'local-authentication-failed');
  assert.match(peer.linkEnd!.message, /account is disabled \(E=647\)/);
});

test('RFC 3748 §4.1: the same Request twice gets the same Response twice, and the secret is looked for once', () => {
  const peer = proving();
  challenged(peer);
  challenged(peer);
  const [first, second] = eapOf(peer);
  assert.deepEqual([first, peer.effects('find-secret').length], [second, 1]);
});

test('lengths of any kind in any layer break nothing', () => {
  const bodies = fc.tuple(
    fc.integer({ min: 0, max: 6 }),
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom('', '01', '03', '04', '1a', '1a01', '1a02', '1a03', '1a04', '1a0121'),
    fc.uint8Array({ maxLength: 80 }),
  );
  fc.assert(
    fc.property(fc.array(bodies, { maxLength: 12 }), fc.boolean(), (packets, ours) => {
      const peer = ours ? demanding() : proving();
      for (const [code, identifier, head, tail] of packets) {
        peer.send('EAP', code, identifier, `${head}${formatHex(tail)}`);
      }
      assert.deepEqual(peer.effects('link-authenticated'), []);
      peer.wait(60_000);
    }),
    { numRuns: 600, seed: 3748 },
  );
});

test('a peer without EAP is told so by Protocol-Reject, and one that agreed on it may not reject it', () => {
  const peer = demanding();
  peer.send('LCP', 8, 9, 'c227 0101000501').wait(10_000);
  assert.deepEqual([peer.linkEnd?.cause, peer.linkEnd?.side], ['protocol-rejected', 'peer']);
});

function dialIn(wire: Wire, seed: number): Pair {
  const patient = { maxConfigure: 30, authenticationTimeout: 60_000 };
  return new Pair(
    { settings: { ...patient, localName: 'bob', calling: true, authenticate: ['eap'] }, secrets: SECRETS },
    {
      settings: { ...patient, localName: 'lns', authenticate: ['eap'], ipcp: OWN_ADDRESS },
      secrets: SECRETS,
      assignment: { assign: '10.0.0.9', dns: [], nbns: [] },
    },
    wire,
    seed,
  );
}

test('both ends demand EAP of each other over a wire that loses, doubles and reorders', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const entropy = seededEntropy(seed);
    const roll = () => entropy(1)[0]! / 256;
    const wire: Wire = () => (roll() < 0.1 ? [] : roll() < 0.1 ? [1, 1 + 400 * roll()] : [1 + 300 * roll()]);
    const { a, b } = dialIn(wire, seed).up().run(200_000);
    const ends = [a, b].map(({ link, end }) => [link.phase, link.username, end?.message]);
    assert.deepEqual(
      ends,
      [
        ['UP', 'lns', undefined],
        ['UP', 'bob', undefined],
      ],
      `seed ${seed}`,
    );
  }
});

test('who was let in is not sent away by a stray Failure', () => {
  const pair = dialIn(() => [1], 1)
    .up()
    .run(5000);
  const failure = encodeFrame(Protocol.EAP, Uint8Array.of(FAILURE, 9, 0, 4), { sendAcfc: false, sendPfc: false });
  pair.a.input({ on: 'frame', frame: failure }, pair.now);
  assert.deepEqual([pair.a.link.phase, pair.a.link.drops.get('eap-failure-late')], ['UP', 1]);
});

test('debug ppp authentication spells EAP out', () => {
  const lines = dialIn(() => [1], 1)
    .up()
    .run(1000)
    .b.lines.filter((line) => line.startsWith('EAP: O'));
  const shown = lines.map((line) => line.replace(/id \d+ len \d+/, 'id n').replace(/S=[0-9A-F]{40}/, 'S=…'));
  assert.deepEqual(shown.toSorted(), [
    'EAP: O REQUEST id n IDENTITY',
    'EAP: O REQUEST id n MSCHAPV2 CHALLENGE from "lns"',
    'EAP: O REQUEST id n MSCHAPV2 SUCCESS msg is "S=… M=Welcome"',
    'EAP: O RESPONSE id n IDENTITY "lns"',
    'EAP: O RESPONSE id n MSCHAPV2 RESPONSE from "lns"',
    'EAP: O RESPONSE id n MSCHAPV2 SUCCESS',
    'EAP: O SUCCESS id n',
  ]);
});

test('without a secret for the challenger the link ends and says so', () => {
  const peer = proving();
  peer.end.secrets = {};
  challenged(peer);
  peer.wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'no-secret');
  assert.match(peer.linkEnd!.message, /the peer "lns" demands EAP/);
});

test('who waits for the peer answers its Request only when the peer has proven itself, and then the last one', () => {
  const settings: Partial<LinkSettings> = {
    ipcp: OWN_ADDRESS,
    localName: 'lns',
    authenticate: ['eap'],
    waitForPeer: ['eap'],
  };
  const peer = new HandMadePeer({ settings, secrets: SECRETS }).up().agree('LCP', `0304 c227 ${MAGIC}`);
  peer.send('EAP', REQUEST, 60, '01').send('EAP', REQUEST, 61, '01');
  respond(peer);
  const { identifier } = eapOf(peer).at(-1)!;
  assert.ok(!peer.received().some(({ code, identifier: of }) => code === RESPONSE && of === 61));
  peer.send('EAP', RESPONSE, identifier, '1a03');
  assert.deepEqual(
    eapOf(peer).map(({ code, identifier: of, data }) => [code, of, data]),
    [
      [SUCCESS, identifier, ''],
      [RESPONSE, 61, `01${hexOf('lns')}`],
    ],
  );
});

test('a Success of the method before its challenge, and an OpCode nobody has, are dropped', () => {
  const peer = proving();
  peer
    .send('EAP', REQUEST, 5, method(3, 33, hexOf('S=')))
    .send('EAP', REQUEST, 6, method(9, 33, ''))
    .wait(1000);
  assert.deepEqual([peer.drops('eap-opcode'), eapOf(peer), peer.linkEnd], [2, [], undefined]);
});
