// The memory of a worker: one piece, of which no part crosses a 4 GB line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Arena, withinOneRange } from '../../src/dataplane/arena.ts';
import { Bug } from '../../src/wire/errors.ts';
import { WebAssembly } from '../../src/wire/webassembly.ts';

const RANGE = 0x1_0000_0000;
const PAGE = 65536;

test('wherever memory lies, twice the size has room on one side of a 4 GB line', () => {
  const place = fc.record({ page: fc.nat(0x7fff_ffff), pages: fc.integer({ min: 1, max: 4096 }) });
  const nearALine = fc
    .record({
      range: fc.nat(0x7fff),
      before: fc.integer({ min: 1, max: 8192 }),
      pages: fc.integer({ min: 1, max: 4096 }),
    })
    .map(({ range, before, pages }) => ({ page: (range + 1) * (RANGE / PAGE) - before, pages }));
  fc.assert(
    fc.property(fc.oneof(place, nearALine), ({ page, pages }) => {
      const [start, size] = [page * PAGE, pages * PAGE];
      const part = withinOneRange(start, 2 * size, size)!;
      assert.equal(part.end - part.begin, size);
      assert.ok(part.begin >= 0 && part.end <= 2 * size);
      assert.equal(Math.floor((start + part.begin) / RANGE), Math.floor((start + part.end - 1) / RANGE));
    }),
  );
});

test('memory that just crosses a 4 GB line has no such part, and memory that ends at it has', () => {
  assert.equal(withinOneRange(RANGE - PAGE, 2 * PAGE, 2 * PAGE), undefined);
  assert.deepEqual(withinOneRange(RANGE - 2 * PAGE, 2 * PAGE, 2 * PAGE), { begin: 0, end: 2 * PAGE });
  assert.deepEqual(withinOneRange(RANGE - PAGE, 4 * PAGE, 2 * PAGE), { begin: PAGE, end: 3 * PAGE });
});

test('an iovec has the whole address of its place, though a 4 GB line lies between that and the first octet', () => {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
  const address = 0x7fff_0000_0000 - PAGE;
  const place = { memory, address, ...withinOneRange(address, 4 * PAGE, 2 * PAGE)! };
  const arena = new Arena(2 * PAGE, place);
  const [iovec, at] = [arena.take(16), arena.take(100)];
  arena.prepareIovec(iovec);
  arena.pointIovec(iovec, at, 100);
  assert.equal(arena.view.getBigUint64(iovec, true), BigInt(address + at));
  assert.equal(arena.view.getBigUint64(iovec + 8, true), 100n);
});

test('pieces lie apart, on cache lines, within the arena; one too many is an error', () => {
  const arena = new Arena(PAGE);
  const [first, second] = [arena.take(100), arena.take(1)];
  assert.ok(first > 0 && first % 64 === 0 && second >= first + 100 && second % 64 === 0);
  assert.throws(() => arena.take(PAGE), Bug);
});
