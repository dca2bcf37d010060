// The map in shared memory that finds sessions.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { INDEX_SLOT_WORDS, SharedIndex } from '../../src/dataplane/shared-index.ts';

const SLOTS = 64;
const memory = (slots = SLOTS): Int32Array => new Int32Array(new SharedArrayBuffer((slots * INDEX_SLOT_WORDS + 1) * 4));

describe('the map in shared memory', () => {
  it('property: it is a map, whatever comes and goes, up to three quarters full', () => {
    const step = fc.record({
      key: fc.integer({ min: -40, max: 40 }),
      tag: fc.constantFrom(1, 3),
      remove: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const index = new SharedIndex(memory(), 1, SLOTS, 0);
        const model = new Map<string, number>();
        for (const [row, { key, tag, remove }] of steps.entries()) {
          const name = `${key} ${tag}`;
          if (remove) {
            assert.equal(index.delete(key, tag, model.get(name) ?? 0), model.has(name));
            model.delete(name);
          } else if (model.has(name) || model.size < 48) {
            index.set(key, tag, row);
            model.set(name, row);
          } else {
            assert.throws(() => index.set(key, tag, row), { code: 'index-full' });
          }
        }
        for (let key = -40; key <= 40; key++) {
          for (const tag of [1, 3]) assert.equal(index.find(key, tag), model.get(`${key} ${tag}`) ?? -1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('an entry is taken out only by the row it belongs to', () => {
    const index = new SharedIndex(memory(), 1, SLOTS, 0);
    index.set(5, 1, 7);
    assert.equal(index.delete(5, 1, 8), false);
    assert.equal(index.find(5, 1), 7);
  });

  it('another thread never misses what stays, and never gets the row of another entry', async () => {
    const words = memory();
    const index = new SharedIndex(words, 1, SLOTS, 0);
    // The even ones stay, the odd ones come and go; the row is the key.
    for (let key = 0; key < 32; key += 2) index.set(key, 1, key);
    const reader = new Worker(READER, { eval: true, workerData: words });
    await once(reader, 'message');
    const until = performance.now() + 400;
    let changes = 0;
    while (performance.now() < until) {
      for (let key = 1; key < 60; key += 2) index.set(key, 1, key);
      for (let key = 59; key > 0; key -= 2) index.delete(key, 1, key);
      changes += 60;
    }
    const answer = once(reader, 'message');
    reader.postMessage('stop');
    const [{ wrong, looks }] = (await answer) as [{ wrong: string[]; looks: number }];
    assert.deepEqual(wrong, []);
    assert.ok(changes > 1000 && looks > 1000, `${changes} changes, ${looks} looks`);
  });
});

const READER = `
  const { parentPort, workerData, receiveMessageOnPort } = require('node:worker_threads');
  import('${new URL('../../src/dataplane/shared-index.ts', import.meta.url).href}').then(({ SharedIndex }) => {
    const index = new SharedIndex(workerData, 1, ${SLOTS}, 0);
    const wrong = [];
    let looks = 0;
    parentPort.postMessage('ready');
    while (!receiveMessageOnPort(parentPort)) {
      for (let key = 0; key < 60; key++, looks++) {
        const row = index.find(key, 1);
        if (row !== key && (row !== -1 || (key < 32 && key % 2 === 0))) wrong.push(key + ' gave ' + row);
      }
    }
    parentPort.postMessage({ wrong: wrong.slice(0, 10), looks });
  });`;
