// The demo as `npm start -- --once` runs it: unattended, and leaving nothing.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Background } from '../support/process.ts';
import { hosted } from '../support/requirement.ts';
import { Terminal, TMUX } from '../support/terminal.ts';
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

hosted(
  'a second signal does not keep the demo from cleaning up, and nothing more is told',
  [PAIR],
  60_000,
  async () => {
    await demo(async (child) => {
      await child.said(/SCCRQ/, 30_000);
      child.send('SIGINT');
      child.send('SIGTERM');
      await child.ended(10_000);
      assert.equal(child.status, 130);
      assert.match(child.stdout, /\nEnded by SIGINT; everything is taken down again\.\n$/);
    });
  },
);

hosted(
  'a demo that waits for a key ends at a signal, and leaves the terminal as it was',
  [PAIR, TMUX],
  90_000,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpdn-demo-test-'));
    const started = `sh -c 'echo $$ > ${folder}/pid; exec ${process.execPath} ${MAIN} demo'`;
    const told = 'echo "status $?"; stty -a | grep -ow -- "[-]*icanon"; cat';
    const terminal = new Terminal(['sh', '-c', `${started}; ${told}`], { columns: 120, rows: 60 });
    try {
      await terminal.matches(/Ctrl-D {2}end$/, 60_000);
      process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM');
      await terminal.matches(/Ended by SIGTERM; everything is taken down again\.\nstatus 143\nicanon$/);
    } finally {
      terminal.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

const STEPS = [
  /SCCRQ/,
  /ICCN/,
  /Challenge/,
  /✔ the tunnel is up/,
  /!!!!!/,
  /of the plain wire/,
  /Session id \d+ is up/,
];
