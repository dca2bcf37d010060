// Addresses of `ip local pool` (C103): who gets which, and that nobody gets two.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AddressPool } from '../../src/vpdn/address-pool.ts';

const nobody = () => false;

test('the first free address comes first, and the pool says when it is empty', () => {
  const pool = new AddressPool('p', [{ low: '10.1.1.1', high: '10.1.1.2' }]);
  assert.equal(pool.lease('a', '', nobody, 0), '10.1.1.1');
  assert.equal(pool.lease('b', '', nobody, 0), '10.1.1.2');
  assert.equal(pool.lease('c', '', nobody, 0), undefined);
  assert.deepEqual(pool.usage(), [{ low: '10.1.1.1', high: '10.1.1.2', free: 0, inUse: 2 }]);
});

test('a user gets the address it had last, if it is free', () => {
  const pool = new AddressPool('p', [{ low: '10.1.1.1', high: '10.1.1.9' }]);
  pool.lease('a', 'alice', nobody, 0);
  assert.equal(pool.lease('b', 'bob', nobody, 0), '10.1.1.2');
  pool.release('10.1.1.1', 'a', 0);
  pool.release('10.1.1.2', 'b', 0);
  assert.equal(pool.lease('c', 'bob', nobody, 0), '10.1.1.2');
});

test('an address in use elsewhere is passed over', () => {
  const pool = new AddressPool('p', [{ low: '10.1.1.1', high: '10.1.1.9' }]);
  assert.equal(
    pool.lease('a', '', (address) => address === '10.1.1.1', 0),
    '10.1.1.2',
  );
});

test('only its holder can give an address back', () => {
  const pool = new AddressPool('p', [{ low: '10.1.1.1', high: '10.1.1.1' }]);
  pool.lease('a', '', nobody, 0);
  pool.release('10.1.1.1', 'b', 0);
  assert.equal(pool.lease('c', '', nobody, 0), undefined);
});

test('no address ever has two holders, through any sequence of leases, releases and ranges', () => {
  const step = fc.oneof(
    fc.record({ lease: fc.nat(30), user: fc.constantFrom('', 'u1', 'u2', 'u3') }),
    fc.record({ release: fc.nat(30) }),
    fc.record({ resize: fc.tuple(fc.nat(9), fc.nat(9)) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const pool = new AddressPool('p', [{ low: '10.0.0.0', high: '10.0.0.9' }]);
      const held = new Map<string, string>();
      for (const act of steps) {
        if ('lease' in act) {
          const holder = `h${act.lease}`;
          if ([...held.values()].includes(holder)) continue;
          const address = pool.lease(holder, act.user, nobody, 0);
          if (address === undefined) continue;
          assert.equal(held.has(address), false);
          held.set(address, holder);
        } else if ('release' in act) {
          const entry = [...held].find(([, holder]) => holder === `h${act.release}`);
          if (entry === undefined) continue;
          pool.release(entry[0], entry[1], 0);
          held.delete(entry[0]);
        } else {
          const [a, b] = act.resize;
          pool.configure([{ low: `10.0.0.${Math.min(a, b)}`, high: `10.0.0.${Math.max(a, b)}` }]);
        }
      }
    }),
  );
});
