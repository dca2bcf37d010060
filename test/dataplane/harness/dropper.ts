// A thread that drops packets of the first session as fast as it can, and says when it is done.

import { parentPort, workerData } from 'node:worker_threads';
import { countDrops } from '../../../src/dataplane/drops.ts';
import { SessionTable } from '../../../src/dataplane/session-table.ts';
import { Verdict } from '../../../src/dataplane/verdict.ts';

const { buffer, row, times, gate } = workerData as DropperPlan;

/** `gate`: the threads begin when it is open, all at once. */
export interface DropperPlan {
  readonly buffer: SharedArrayBuffer;
  readonly row: number;
  readonly times: number;
  readonly gate: Int32Array;
}

const table = SessionTable.attach(buffer);
Atomics.add(gate, 1, 1);
Atomics.wait(gate, 0, 0, 10_000);
for (let index = 0; index < times; index++) countDrops(table, row, Verdict.NotSent, 3);
parentPort?.postMessage('done');
