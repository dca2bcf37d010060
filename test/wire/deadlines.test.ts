// The heap of deadlines.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Deadlines } from '../../src/wire/deadlines.ts';

test('the heap agrees with a plain list through any sequence of settings', () => {
  const step = fc.tuple(fc.nat(20), fc.option(fc.nat(1000), { nil: Number.POSITIVE_INFINITY }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new Deadlines<number>();
      const list = new Map<number, number>();
      for (const [key, time] of steps) {
        heap.set(key, time);
        if (time === Number.POSITIVE_INFINITY) list.delete(key);
        else list.set(key, time);
        assert.equal(heap.earliest, Math.min(Number.POSITIVE_INFINITY, ...list.values()));
      }
      const taken: number[] = [];
      for (let key = heap.takeDue(1000); key !== undefined; key = heap.takeDue(1000)) taken.push(list.get(key)!);
      assert.deepEqual(
        taken,
        [...list.values()].sort((a, b) => a - b),
      );
    }),
  );
});

test('nothing is due before its time, and a cleared key never', () => {
  const heap = new Deadlines<string>();
  heap.set('a', 10);
  heap.set('b', 5);
  heap.clear('b');
  assert.equal(heap.takeDue(9), undefined);
  assert.equal(heap.takeDue(10), 'a');
  assert.equal(heap.earliest, Number.POSITIVE_INFINITY);
});
