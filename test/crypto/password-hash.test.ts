// One-way secrets against hashes that others made.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type HashType, hashPassword, parsePasswordHash, verifyPasswordHash } from '../../src/crypto/password-hash.ts';

// hashcat's published examples of modes 500, 9200 and 9300; the others are of John the Ripper's test vectors and public write-ups.
const VECTORS: readonly (readonly [type: HashType, password: string, hash: string])[] = [
  [5, 'hashcat', '$1$28772684$iEwNOgGugqO9.bIz5sk8k/'],
  [8, 'hashcat', '$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk'],
  [8, 'cisco', '$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs'],
  [8, 'cisco', '$8$aGvFwbeWFD/edQ$aZTg6XAsBhnVP9UfiKkM.OG7oHhnH9nnwFQRQrYbBao'],
  [9, 'hashcat', '$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6'],
  [9, 'cisco', '$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM'],
];

describe('published hashes', () => {
  for (const [type, password, text] of VECTORS) {
    test(`type ${type} of "${password}"`, () => {
      const hash = parsePasswordHash(type, text)!;
      assert.equal(verifyPasswordHash(hash, password), true);
      assert.equal(verifyPasswordHash(hash, `${password}x`), false);
      assert.equal(verifyPasswordHash(hash, ''), false);
    });
  }
});

test('a hash that was made verifies, and has the form of IOS', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array({ minLength: 14, maxLength: 14 }),
      (password, random) => {
        const text = hashPassword(password, random);
        assert.match(text, /^\$9\$[./0-9A-Za-z]{14}\$[./0-9A-Za-z]{43}$/);
        assert.equal(verifyPasswordHash(parsePasswordHash(9, text)!, password), true);
      },
    ),
    { numRuns: 5 },
  );
});

test('what is no hash of its type is told', () => {
  assert.equal(parsePasswordHash(5, '$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6'), undefined);
  assert.equal(parsePasswordHash(9, '$9$short$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6'), undefined);
  assert.equal(parsePasswordHash(5, 'cisco'), undefined);
});
