// RFC 2661 §4.3: hiding of AVP values.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { md5 } from '../../src/crypto/md5.ts';
import { hideValue, revealValue } from '../../src/l2tp/hidden-avp.ts';
import { concatOctets, equalOctets } from '../../src/wire/bytes.ts';
import { vector, vectorIds } from './vectors.ts';

describe('RFC 2661 §4.3', () => {
  for (const id of vectorIds('hide-')) {
    const [type] = [vector(id, 'attributeType')].map(([high, low]) => (high! << 8) | low!);
    const [secret, rv] = [vector(id, 'secret'), vector(id, 'randomVector')];

    test(`vector ${id}: hidden`, () => {
      const hidden = hideValue(type!, vector(id, 'value'), secret, rv, vector(id, 'padding'));
      assert.deepEqual(hidden, vector(id, 'hiddenAvpValue'));
    });

    test(`vector ${id}: revealed`, () => {
      assert.deepEqual(revealValue(type!, vector(id, 'hiddenAvpValue'), secret, rv), vector(id, 'value'));
    });
  }

  test('reveal(hide(x)) is x, for any secret, vector and padding', () => {
    const octets = fc.uint8Array({ maxLength: 80 });
    fc.assert(
      fc.property(fc.nat(0xffff), octets, octets, octets, octets, (type, value, secret, rv, padding) => {
        assert.deepEqual(revealValue(type, hideValue(type, value, secret, rv, padding), secret, rv), value.slice());
      }),
    );
  });

  for (const blocks of [1, 2, 3]) {
    test(`no inner length is believed beyond ${blocks} blocks: all 65,536 tried`, () => {
      const [secret, rv, type] = [Uint8Array.of(1), Uint8Array.of(2), 33];
      const plain = new Uint8Array(16 * blocks);
      const first = md5(Uint8Array.of(0, type), secret, rv);
      // All later blocks hang on the first cipher block, so only its two length octets are varied here.
      for (let length = 0; length <= 0xffff; length++) {
        const hidden = plain.slice();
        hidden[0] = first[0]! ^ (length >>> 8);
        hidden[1] = first[1]! ^ (length & 0xff);
        const revealed = revealValue(type, hidden, secret, rv);
        if (length > plain.length - 2) assert.equal(revealed, undefined);
        else assert.equal(revealed?.length, length);
      }
    });
  }

  test('fewer than two octets hold no length', () => {
    assert.equal(revealValue(9, new Uint8Array(0), Uint8Array.of(1), Uint8Array.of(2)), undefined);
    assert.equal(revealValue(9, new Uint8Array(1), Uint8Array.of(1), Uint8Array.of(2)), undefined);
  });

  test('a wrong secret, another vector or another type do not open it', () => {
    const value = new TextEncoder().encode('password');
    const [secret, rv] = [Uint8Array.of(1, 2, 3), new Uint8Array(16)];
    const hidden = hideValue(33, value, secret, rv);
    for (const [type, s, v] of [
      [33, Uint8Array.of(1, 2, 4), rv],
      [33, secret, new Uint8Array(15)],
      [30, secret, rv],
    ] as const) {
      const revealed = revealValue(type, hidden, s, v);
      assert.ok(revealed === undefined || !equalOctets(revealed, value));
    }
  });

  test('neither hiding nor revealing changes what it is given', () => {
    const given = [Uint8Array.of(1, 2, 3), Uint8Array.of(4), Uint8Array.of(5)] as const;
    const before = concatOctets(...given);
    hideValue(1, ...given);
    revealValue(1, ...given);
    assert.deepEqual(concatOctets(...given), before);
  });
});
