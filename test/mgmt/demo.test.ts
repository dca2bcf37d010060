// The demo as `npm start -- --once` runs it: unattended, and leaving nothing.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Background } from '../support/process.ts';
import { hosted } from '../support/requirement.ts';
import { MAIN, PAIR } from './pair.ts';

/** Runs the demo with a folder of its own for what is temporary, which has to be empty at the end. */
async function demo(body: (child: Background) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-demo-test-'));
  try {
    const child = Background.start([process.execPath, MAIN, 'demo', '--once'], { env: { TMPDIR: folder } });
    await body(child);
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

hosted('the demo brings the call up, pings through it, measures, and ends with 0', [PAIR], 90_000, async () => {
  await demo(async (child) => {
    await child.ended(80_000);
    assert.equal(child.status, 0, child.stdout);
    for (const step of STEPS) assert.match(child.stdout, step);
  });
});

hosted('the demo cleans up when it is interrupted', [PAIR], 60_000, async () => {
  await demo(async (child) => {
    await child.said(/SCCRQ/, 30_000);
    child.send('SIGINT');
    await child.ended(10_000);
    assert.equal(child.status, 130);
  });
});

const STEPS = [
  /SCCRQ/,
  /ICCN/,
  /Challenge/,
  /✔ the tunnel is up/,
  /!!!!!/,
  /of the plain wire/,
  /Session id \d+ is up/,
];
