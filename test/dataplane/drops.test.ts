// Drops count whoever drops: several threads at one counter lose nothing, and no counter comes to an end.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { readDrops } from '../../src/dataplane/drop-counter.ts';
import { countDrops } from '../../src/dataplane/drops.ts';
import { Count } from '../../src/dataplane/layout.ts';
import { SessionTable } from '../../src/dataplane/session-table.ts';
import { FIRST_DROP, Verdict } from '../../src/dataplane/verdict.ts';
import { waitFor } from '../support/wait.ts';
import type { DropperPlan } from './harness/dropper.ts';

const [THREADS, TIMES] = [3, 3_000_000];

test('threads that drop at the same time lose no count', { timeout: 30_000 }, async () => {
  const table = SessionTable.create(4);
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const plan: DropperPlan = { buffer: table.buffer, row: 1, times: TIMES, gate };
  const workers = Array.from({ length: THREADS }, () => {
    return new Worker(new URL('harness/dropper.ts', import.meta.url), { workerData: plan });
  });
  const done = Promise.all(workers.map((worker) => once(worker, 'message')));
  await waitFor('the threads to stand at the gate', 20_000, () => Atomics.load(gate, 1) === THREADS);
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  await done;
  await Promise.all(workers.map((worker) => worker.terminate()));
  const all = THREADS * TIMES * 3;
  assert.equal(table.drops()['not-sent'], all);
  assert.equal(table.counters(1).drops['not-sent'], all);
  assert.equal(table.counters(1).outputDrops, all);
  assert.deepEqual(table.counters(0).drops, {});
});

test('a counter goes on beyond 32 bits', () => {
  const table = SessionTable.create(4);
  const float = table.rowFloat(2) + Count.Drops + Verdict.NoRoute - FIRST_DROP;
  let expected = 0;
  for (const packets of [0x7fff_ffff, 0x7fff_ffff, 1, 1, 5, 0x7fff_ffff, 0x7fff_ffff, 7]) {
    countDrops(table, 2, Verdict.NoRoute, packets);
    expected += packets;
    assert.equal(readDrops(table.words, float), expected);
  }
  assert.equal(table.drops()['no-route'], expected);
});
