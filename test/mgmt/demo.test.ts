// The demo as `npm start -- --once` runs it: unattended, and leaving nothing.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Background } from '../support/process.ts';
import { hosted } from '../support/requirement.ts';
import { MAIN, PAIR } from './pair.ts';

const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('vpdn-demo-'));

hosted('the demo brings the call up, pings through it, measures, and ends with 0', [PAIR], 90_000, async () => {
  const before = folders();
  const child = Background.start([process.execPath, MAIN, 'demo', '--once']);
  await child.ended(80_000);
  assert.equal(child.status, 0, child.stdout);
  for (const step of [
    /SCCRQ/,
    /ICCN/,
    /Challenge/,
    /✔ the tunnel is up/,
    /!!!!!/,
    /of the plain wire/,
    /Session id \d+ is up/,
  ]) {
    assert.match(child.stdout, step);
  }
  assert.deepEqual(folders(), before);
});

hosted('the demo cleans up when it is interrupted', [PAIR], 60_000, async () => {
  const before = folders();
  const child = Background.start([process.execPath, MAIN, 'demo', '--once']);
  await child.said(/SCCRQ/, 30_000);
  child.send('SIGINT');
  await child.ended(10_000);
  assert.equal(child.status, 130);
  assert.deepEqual(folders(), before);
});
