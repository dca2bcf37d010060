// One-way secrets are hashed before they are in force.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countClearSecrets, sealSecrets } from '../../src/cli/seal.ts';
import { parsePasswordHash, verifyPasswordHash } from '../../src/crypto/password-hash.ts';
import type { Secret } from '../../src/vpdn/configuration-system.ts';
import { loaded, printed } from './helpers.ts';

const zeros = (octets: number) => new Uint8Array(octets);
const verifies = (secret: Secret | undefined, typed: string) => {
  return verifyPasswordHash(parsePasswordHash(9, secret!.text)!, typed);
};

test('clear secrets become type 9; passwords, which are needed as they are, stay', () => {
  const configuration = loaded(
    'username a secret one\nusername b password two\nenable secret three\nenable secret level 7 0 four',
  );
  sealSecrets(configuration, zeros);
  assert.ok(verifies(configuration.users.get('a')?.secret, 'one'));
  assert.ok(verifies(configuration.enableSecret, 'three'));
  assert.ok(verifies(configuration.enableLevels.get(7)?.secret, 'four'));
  assert.deepEqual(configuration.users.get('b')?.password, { type: 0, text: 'two' });
  assert.doesNotMatch(printed(configuration).join('\n'), /one|three|four/);
});

test('the same clear secret again keeps its hash, another one gets a new one', () => {
  const before = loaded('username a secret one\nusername b secret one');
  sealSecrets(before, zeros);
  const after = loaded('username a secret one\nusername b secret other');
  sealSecrets(after, (octets) => new Uint8Array(octets).fill(9), before);
  assert.deepEqual(after.users.get('a')?.secret, before.users.get('a')?.secret);
  assert.ok(verifies(after.users.get('b')?.secret, 'other'));
});

test('hashes are left as they are', () => {
  const text = 'username a secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0';
  const configuration = loaded(text);
  sealSecrets(configuration, () => assert.fail('no salt is needed'));
  assert.deepEqual(printed(configuration), [text]);
});

test('the secrets still to be hashed are counted, passwords and hashes are not', () => {
  const configuration = loaded(
    'username a secret one\nusername b password two\nenable secret three\nenable secret level 7 0 four',
  );
  assert.equal(countClearSecrets(configuration), 3);
  sealSecrets(configuration, zeros);
  assert.equal(countClearSecrets(configuration), 0);
});
