// MS-CHAP against the local database: the names of Windows, what the right password leaves, and what the wrong one does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { challengeResponse, ntPasswordHash } from '../../src/crypto/mschap.ts';
import type { AuthenticationRequest } from '../../src/ppp/events.ts';
import { authenticateLocally } from '../../src/vpdn/aaa.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { formatHex } from '../../src/wire/values.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

function users(...names: readonly string[]) {
  const configuration = emptyConfiguration();
  for (const name of names) {
    configuration.users.set(name, { name, password: { type: 0, text: 'clientPass' } });
  }
  configuration.users.set('hashed', { name: 'hashed', secret: { type: 9, text: '$9$…' } });
  return configuration;
}

/** RFC 2759 §9.2. */
function version2(username: string, changes: Partial<Extract<AuthenticationRequest, { protocol: 'ms-chap-v2' }>> = {}) {
  return {
    protocol: 'ms-chap-v2' as const,
    username,
    identifier: 1,
    challenge: hex('5b5d7c7d7b3f2f3e3c2c602132262628'),
    peerChallenge: hex('21402324255e262a28295f2b3a337c7e'),
    ntResponse: hex('82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df'),
    ...changes,
  };
}

test('RFC 2759 §9.2, RFC 3079 §3.5.3: the right password leaves the proof for the peer, and the keys of the server', () => {
  const verdict = authenticateLocally(users('User'), version2('User'));
  assert.ok(verdict.kind === 'accepted' && verdict.proof !== undefined);
  assert.equal(verdict.proof.authenticatorResponse, '407A5589115FD0D6209F510FE9C04566932CDA56');
  assert.equal(formatHex(verdict.proof.keys.transmit.long), '8b7cdc149b993a1ba118cb153f56dccb');
  assert.equal(formatHex(verdict.proof.keys.receive.long), 'd5f0e9521e3ea9589645e86051c82226');
});

test('RFC 2759 §4: DOMAIN\\user is looked for as it is written, then without its domain', () => {
  for (const [known, username] of [
    ['User', 'CORP\\User'],
    ['CORP\\User', 'CORP\\User'],
  ] as const) {
    assert.equal(authenticateLocally(users(known), version2(username)).kind, 'accepted', `${known} as ${username}`);
  }
  // Whoever is written with another domain is somebody else, and nobody's name is a suffix of another's.
  for (const [known, username] of [
    ['CORP\\User', 'User'],
    ['CORP\\User', 'EVIL\\User'],
    ['ser', 'User'],
  ] as const) {
    assert.deepEqual(authenticateLocally(users(known), version2(username)), {
      kind: 'refused',
      reason: 'unknown-user',
    });
  }
});

test('of two users the one with the domain is the one who is meant', () => {
  const configuration = users('User');
  configuration.users.set('CORP\\User', { name: 'CORP\\User', password: { type: 0, text: 'another' } });
  const verdict = authenticateLocally(configuration, version2('CORP\\User'));
  assert.deepEqual(verdict, { kind: 'refused', reason: 'wrong-password' });
  assert.equal(authenticateLocally(configuration, version2('User')).kind, 'accepted');
});

test('RFC 2759: each octet of what was sent counts', () => {
  for (const field of ['challenge', 'peerChallenge', 'ntResponse'] as const) {
    const request = version2('User');
    for (let at = 0; at < request[field].length; at++) {
      const octets = request[field].slice();
      octets[at]! ^= 0x10;
      const verdict = authenticateLocally(users('User'), version2('User', { [field]: octets }));
      assert.deepEqual(verdict, { kind: 'refused', reason: 'wrong-password' }, `${field} ${at}`);
    }
  }
});

test('a hash of a password, and no user at all, are refused, and the operator is told which it was', () => {
  assert.deepEqual(authenticateLocally(users(), version2('hashed')), { kind: 'refused', reason: 'one-way-secret' });
  assert.deepEqual(authenticateLocally(users(), version2('User')), { kind: 'refused', reason: 'unknown-user' });
  // The secret that stands in for a missing one opens nothing.
  const standIn = ntPasswordHash(new Uint8Array(16));
  const challenge = hex('102db5df085d3041');
  const request = {
    protocol: 'ms-chap' as const,
    username: 'nobody',
    identifier: 1,
    challenge,
    lmResponse: new Uint8Array(24),
    ntResponse: challengeResponse(challenge, standIn),
  };
  assert.equal(authenticateLocally(users(), request).kind, 'refused');
});

test('RFC 2433 §5: version 1 is checked by its NT response, and its keys are those of RFC 3079 §2.5', () => {
  const request = {
    protocol: 'ms-chap' as const,
    username: 'CORP\\User',
    identifier: 1,
    challenge: hex('102db5df085d3041'),
    lmResponse: new Uint8Array(24),
    ntResponse: hex('54f22ac5aa6c5cbf7e60531821852087d681f1cc9e1bb36e'),
  };
  const verdict = authenticateLocally(users('User'), request);
  assert.ok(verdict.kind === 'accepted' && verdict.proof !== undefined);
  assert.equal(verdict.proof.authenticatorResponse, undefined);
  assert.equal(formatHex(verdict.proof.keys.transmit.long), 'a8947850cfc0acc1d1789fb62ddcddb0');
  assert.equal(formatHex(verdict.proof.keys.receive.short), '76a152936096d783');
  const wrong = { ...request, ntResponse: request.ntResponse.toReversed() };
  assert.deepEqual(authenticateLocally(users('User'), wrong), { kind: 'refused', reason: 'wrong-password' });
});
