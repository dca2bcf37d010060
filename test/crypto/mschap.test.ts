// MD4, DES, MS-CHAP and the start keys of MPPE against what the RFCs print.

import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { desEncrypt } from '../../src/crypto/des.ts';
import { md4 } from '../../src/crypto/md4.ts';
import { keysOfVersion1, keysOfVersion2, masterKey } from '../../src/crypto/mppe-keys.ts';
import {
  authenticatorResponse,
  challengeHash,
  challengeResponse,
  lmPasswordHash,
  ntPasswordHash,
  withoutDomain,
} from '../../src/crypto/mschap.ts';
import { formatHex } from '../../src/wire/values.ts';

interface Vector {
  readonly id: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, string>>;
}

const { groups } = JSON.parse(readFileSync(new URL('./mschap-vectors.json', import.meta.url), 'utf8')) as {
  groups: Readonly<Record<string, readonly Vector[]>>;
};

const octets = (hex: string | undefined) => new Uint8Array(Buffer.from(hex ?? '', 'hex'));
const text = (hex: string | undefined) => Buffer.from(hex ?? '', 'hex').toString('utf8');
const fromUtf16 = (hex: string | undefined) =>
  new TextEncoder().encode(Buffer.from(hex ?? '', 'hex').toString('utf16le'));

for (const { id, source, inputs, expected } of groups.md4!) {
  test(`${source}: ${id}`, () => {
    assert.equal(formatHex(md4(octets(inputs.message))), expected.digest);
  });
}

for (const { id, source, inputs, expected } of groups.des!) {
  test(`${source}: ${id}`, () => {
    // Seven bits of each octet of the key count.
    const bits = [...octets(inputs.key8)].map((octet) => (octet >> 1).toString(2).padStart(7, '0')).join('');
    const key7 = Uint8Array.from({ length: 7 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
    assert.equal(formatHex(desEncrypt(key7, octets(inputs.plaintext))), expected.ciphertext);
  });
}

test('RFC 2433 §B.3, RFC 2759 §9.3: seven octets of key are eight with odd parity', () => {
  for (const [key7, key8] of [
    ['fc156af7edcd6c', 'fd0b5b5e7f6e34d9'],
    ['0edde3337d427f', '0e6e796737ea08fe'],
  ] as const) {
    const clear = octets('102db5df085d3041');
    const cipher = createCipheriv('des-ede3', octets(key8.repeat(3)), null).setAutoPadding(false);
    assert.deepEqual(desEncrypt(octets(key7), clear), new Uint8Array(cipher.update(clear)));
  }
});

for (const { id, source, inputs, expected } of groups.mschapv1!) {
  test(`${source}: MS-CHAP version 1, ${id}`, () => {
    const challenge = octets(inputs.challenge);
    const password = inputs.password === undefined ? fromUtf16(inputs.passwordUtf16le) : octets(inputs.password);
    const nt = ntPasswordHash(password);
    const lm = lmPasswordHash(password);
    const computed: Record<string, string> = {
      ntPasswordHash: formatHex(nt),
      ntChallengeResponse: formatHex(challengeResponse(challenge, nt)),
      lmPasswordHash: formatHex(lm),
      lmChallengeResponse: formatHex(challengeResponse(challenge, lm)),
      responseValue49: `${'00'.repeat(24)}${formatHex(challengeResponse(challenge, nt))}01`,
      challengePlus23: formatHex(Uint8Array.of(challenge[0]! + 23, ...challenge.subarray(1))),
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(computed[name], value, name);
  });
}

for (const { id, source, inputs, expected } of groups.mschapv2!) {
  test(`${source}: MS-CHAP version 2, ${id}`, () => {
    if (inputs.nameField !== undefined) {
      assert.equal(withoutDomain(text(inputs.nameField)), text(inputs.userNameHashed));
      return;
    }
    const username = text(inputs.userName ?? inputs.userNameUtf8);
    const challenge = challengeHash(octets(inputs.peerChallenge), octets(inputs.authenticatorChallenge), username);
    const hash = ntPasswordHash(fromUtf16(inputs.passwordUtf16le));
    const response = challengeResponse(challenge, hash);
    const computed: Record<string, string> = {
      challenge: formatHex(challenge),
      passwordHash: formatHex(hash),
      ntResponse: formatHex(response),
      passwordHashHash: formatHex(md4(hash)),
      authenticatorResponse: `S=${authenticatorResponse(hash, response, challenge)}`,
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(computed[name], value, name);
  });
}

const CLIENT_PASS = new TextEncoder().encode('clientPass');

test('RFC 3079 §2.5: start keys of MS-CHAP version 1', () => {
  const [short, , long] = groups['mppe-keys']!;
  const nt = ntPasswordHash(CLIENT_PASS);
  const { transmit, receive } = keysOfVersion1(
    nt,
    octets(short!.inputs.lmPasswordHash),
    octets(long!.inputs.challenge),
  );
  assert.equal(formatHex(transmit.long), long!.expected.initialSessionKey);
  assert.equal(formatHex(transmit.short), short!.inputs.lmPasswordHash!.slice(0, 16));
  assert.deepEqual(receive, transmit);
});

test('RFC 3079 §3.5: start keys of MS-CHAP version 2, three strengths, both ends, both directions', () => {
  const vectors = new Map(groups['mppe-keys']!.map((vector) => [vector.id, vector]));
  const { inputs, expected } = vectors.get('v2-master')!;
  assert.equal(formatHex(masterKey(octets(inputs.passwordHashHash), octets(inputs.ntResponse))), expected.masterKey);
  const hash = ntPasswordHash(CLIENT_PASS);
  const client = keysOfVersion2(hash, octets(inputs.ntResponse), 'client');
  const server = keysOfVersion2(hash, octets(inputs.ntResponse), 'server');
  for (const [id, length] of [
    ['v2-40', 'short'],
    ['v2-56', 'short'],
    ['v2-128', 'long'],
  ] as const) {
    const wanted = vectors.get(id)!.expected;
    assert.equal(formatHex(server.transmit[length]), wanted.serverSendStartKey);
    assert.equal(formatHex(server.receive[length]), wanted.serverRecvStartKey);
    assert.equal(formatHex(client.transmit[length]), wanted.clientSendStartKey);
    assert.equal(formatHex(client.receive[length]), wanted.clientRecvStartKey);
  }
});
