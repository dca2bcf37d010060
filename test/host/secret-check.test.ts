// Passwords against secrets of every type, in the thread pool.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSecret } from '../../src/host/secret-check.ts';
import type { Secret } from '../../src/vpdn/configuration-system.ts';

const SECRETS: readonly Secret[] = [
  { type: 0, text: 'cisco' },
  { type: 7, text: '0822455D0A16' },
  { type: 5, text: '$1$mERr$hx5rVt7rPNoS4wqbXKX7m0' },
  { type: 8, text: '$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs' },
  { type: 9, text: '$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM' },
];

for (const secret of SECRETS) {
  test(`type ${secret.type}: the right password, and no other`, async () => {
    assert.equal(await checkSecret(secret, 'cisco'), true);
    assert.equal(await checkSecret(secret, 'Cisco'), false);
    assert.equal(await checkSecret(secret, ''), false);
  });
}

test('no secret, and one that is no hash, match nothing', async () => {
  assert.equal(await checkSecret(undefined, '..............'), false);
  assert.equal(await checkSecret({ type: 9, text: 'cisco' }, 'cisco'), false);
});

test('a storm is refused beyond its bound, and leaves nothing behind', async () => {
  const all = await Promise.all(Array.from({ length: 600 }, () => checkSecret(SECRETS[0], 'cisco')));
  assert.equal(all.filter((each) => each).length, 514);
  assert.equal(await checkSecret(SECRETS[0], 'cisco'), true);
});
