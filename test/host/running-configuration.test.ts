// The life of a configuration: typed, replaced, refused, taken back, kept and saved. The router is the real pure one; the clock
// is the test's.

import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { RunningConfiguration } from '../../src/host/running-configuration.ts';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { BOB, onBench } from './configuration-bench.ts';

const MINUTE = 60_000;

function edited(running: RunningConfiguration, change: (configuration: Configuration) => void): Configuration {
  const next = structuredClone(running.current);
  change(next);
  return next;
}

onBench('a typed line is in force at once, and a revision when configuration mode is left', ({ running, logs }) => {
  const next = edited(running, (configuration) => {
    configuration.hostname = 'two';
  });
  running.edit(next, BOB);
  assert.equal(running.current.hostname, 'two');
  assert.equal(running.archive.revisions.length, 1);
  running.left(BOB);
  assert.equal(running.archive.revisions.at(-1)?.user, 'bob');
  assert.equal(logs.at(-1), '%SYS-5-CONFIG_I: Configured from console by bob on vty0 (192.0.2.9)');
});

onBench(
  'a terminal that is cut off in configuration mode leaves a revision, one that typed nothing none',
  ({ running }) => {
    running.gone(BOB);
    assert.equal(running.archive.revisions.length, 1);
    running.edit(
      edited(running, ({ users }) => users.delete('bob')),
      BOB,
    );
    running.gone(BOB);
    assert.equal(running.archive.revisions.length, 2);
  },
);

onBench(
  'a good file takes the place of the whole configuration, as one revision with the command that did it',
  (bench) => {
    const changed = bench.replace('hostname two\n');
    assert.ok(changed.done);
    assert.deepEqual(changed.difference, ['-hostname one', '-username bob password 0 s3cret', '+hostname two']);
    assert.equal(bench.running.current.users.size, 0);
    assert.equal(changed.revision?.number, 2);
    assert.equal(changed.revision?.command, 'configure replace new.cfg');
    assert.equal(bench.running.archive.read(2), bench.running.text);
    assert.deepEqual(bench.said('CONFIG_I'), [
      '%SYS-5-CONFIG_I: Configured from flash:new.cfg by bob on vty0 (192.0.2.9)',
    ]);
  },
);

onBench('a file with an error changes nothing, and the log has the first one', (bench) => {
  const before = bench.running.text;
  const changed = bench.replace('hostname two\nvpdn enabel\nno such line\n');
  assert.equal(changed.done, false);
  assert.equal(bench.running.text, before);
  assert.equal(bench.running.archive.revisions.length, 1);
  assert.deepEqual(bench.logs, [
    "%PARSER-3-CFG_REJECTED: flash:new.cfg line 2: % Invalid input detected at '^' marker. (the first of 2 errors): nothing was changed",
  ]);
});

onBench('H04: a secret in a line that is wrong is not in the log', (bench) => {
  for (const line of [
    'username eve password 7 c4n4ry',
    'username eve privilege 99 password 0 c4n4ry',
    'enable secret 9 c4n4ry',
  ]) {
    assert.equal(bench.replace(`${line}\n`).done, false);
  }
  assert.equal(bench.said('CFG_REJECTED').length, 3);
  assert.doesNotMatch(bench.logs.join('\n'), /c4n4ry/);
});

onBench('what the router refuses changes nothing either', (bench) => {
  bench.refusal = 'no';
  const before = bench.running.text;
  const changed = bench.replace('hostname two\n', MINUTE);
  assert.deepEqual(changed, { done: false, errors: [], reason: 'no' });
  assert.equal(bench.running.text, before);
  assert.equal(bench.running.pending, undefined);
  assert.equal(bench.running.archive.revisions.length, 1);
});

onBench('the configuration in force again is no change and no revision', (bench) => {
  const changed = bench.replace(bench.running.text);
  assert.ok(changed.done && changed.unchanged);
  assert.equal(bench.running.archive.revisions.length, 1);
});

onBench('copy to running-config adds to what is there', (bench) => {
  const source = { name: 'flash:more.cfg', text: 'username eve password 0 x\n' };
  bench.running.replace(source, BOB, { command: 'copy', merge: true });
  assert.deepEqual([...bench.running.current.users.keys()], ['bob', 'eve']);
  assert.equal(bench.running.current.hostname, 'one');
});

onBench('a line in the middle of a merge that is wrong leaves none of it', (bench) => {
  const source = { name: 'flash:more.cfg', text: 'username eve password 0 x\nwrong\n' };
  assert.equal(bench.running.replace(source, BOB, { command: 'copy', merge: true }).done, false);
  assert.deepEqual([...bench.running.current.users.keys()], ['bob']);
});

onBench('a change that nobody confirms is taken back when its time is over', (bench) => {
  const before = bench.running.text;
  bench.replace('hostname two\n', MINUTE);
  bench.pass(MINUTE - 1);
  assert.equal(bench.running.current.hostname, 'two');
  bench.pass(1);
  assert.equal(bench.running.text, before);
  assert.equal(bench.said('ROLLBK_CNFMD_CHG_ROLLBACK_START').length, 1);
  assert.equal(bench.running.archive.revisions.at(-1)?.line, 'revert timer');
});

onBench('a change that is confirmed stays', (bench) => {
  bench.replace('hostname two\n', MINUTE);
  assert.ok(bench.running.confirm(BOB));
  bench.pass(2 * MINUTE);
  assert.equal(bench.running.current.hostname, 'two');
  assert.equal(bench.running.confirm(BOB), false);
});

onBench('a second change with a timer is refused while one waits', (bench) => {
  bench.replace('hostname two\n', MINUTE);
  const changed = bench.replace('hostname three\n', MINUTE);
  assert.equal(changed.done, false);
  assert.equal(bench.running.guard(BOB, MINUTE), false);
  assert.equal(bench.running.current.hostname, 'two');
  bench.pass(MINUTE);
  assert.equal(bench.running.current.hostname, 'one');
});

onBench('the time can be set anew, and the change taken back at once', (bench) => {
  bench.replace('hostname two\n', MINUTE);
  bench.running.postpone(BOB, 5 * MINUTE);
  bench.pass(2 * MINUTE);
  assert.equal(bench.running.current.hostname, 'two');
  assert.ok(bench.running.revert(BOB)?.done);
  assert.equal(bench.running.current.hostname, 'one');
  assert.equal(bench.running.revert(BOB), undefined);
  bench.pass(10 * MINUTE);
  assert.equal(bench.running.archive.revisions.length, 3);
});

onBench('H10: what is typed under a revert timer goes back though the terminal is gone', (bench) => {
  const { running } = bench;
  assert.ok(running.guard(BOB, MINUTE));
  running.edit(
    edited(running, ({ users }) => users.clear()),
    BOB,
  );
  running.gone(BOB);
  bench.pass(MINUTE);
  assert.deepEqual([...running.current.users.keys()], ['bob']);
});

onBench('saving writes the whole text, no easier to read than the file was', ({ running, startup }) => {
  running.edit(
    edited(running, ({ users }) => users.clear()),
    BOB,
  );
  assert.ok(running.modified);
  running.save(BOB);
  assert.equal(running.modified, false);
  assert.equal(readFileSync(startup, 'utf8'), running.text);
  assert.equal(statSync(startup).mode & 0o777, 0o600);
});

onBench('H05: a file that everybody could read is not after it is saved', ({ running, startup }) => {
  chmodSync(startup, 0o644);
  running.save(BOB);
  assert.equal(statSync(startup).mode & 0o777, 0o640);
});

onBench('a disk that takes no revision does not keep the change from being made', (bench) => {
  rmSync(`${bench.startup}.archive`, { recursive: true });
  writeFileSync(`${bench.startup}.archive`, 'in the way');
  const changed = bench.replace('hostname two\n');
  assert.ok(changed.done);
  assert.equal(changed.revision, undefined);
  assert.equal(bench.said('%ARCHIVE-4-FAILED').length, 1);
});

onBench('a one-way secret is hashed before it is kept anywhere, and hashed once', (bench) => {
  bench.replace('username eve secret 0 clear-text\n');
  const { text } = bench.running;
  assert.match(text, /^username eve secret 9 /m);
  assert.doesNotMatch(`${text}${bench.running.archive.read(2)}${bench.logs.join()}`, /clear-text/);
  const again = bench.replace('username eve secret 0 clear-text\n');
  assert.ok(again.done && again.unchanged);
});

onBench('a restart with the configuration of the last revision makes none', (bench) => {
  bench.replace('hostname two\n');
  bench.running.save(BOB);
  const again = bench.begin(readFileSync(bench.startup, 'utf8'));
  assert.equal(again.archive.revisions.length, 2);
});

onBench('what the new configuration will not do is said, what the old one did not either is not repeated', (bench) => {
  const first = bench.replace('vpdn-group a\n accept-dialin\n  protocol l2tp\n  virtual-template 1\n');
  assert.ok(first.done && first.findings.some((finding) => finding.startsWith('CFG-101')));
  const second = bench.replace('hostname two\nvpdn-group a\n accept-dialin\n  protocol l2tp\n  virtual-template 1\n');
  assert.ok(second.done);
  assert.deepEqual(second.findings, []);
});
