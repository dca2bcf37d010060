// The EXEC commands about whole configurations, as typed, and what they answer.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { parseExec } from '../../src/cli/parse-exec.ts';
import { ExecConfiguration, type ExecConfigurationOptions } from '../../src/mgmt/exec-configuration.ts';
import type { Interface } from '../../src/vpdn/configuration-interface.ts';
import { ConfigError } from '../../src/wire/errors.ts';
import { type Bench, BOB, onBench } from '../host/configuration-bench.ts';

interface Answer {
  readonly lines: string[];
  readonly done: boolean;
  readonly reloaded: boolean;
}

/** What a line typed at the prompt brings; questions get `answers`, or their defaults. */
function type(
  bench: Bench,
  line: string,
  answers?: readonly string[],
  subject?: Interface,
  schedule: ExecConfigurationOptions['schedule'] = NO_SCHEDULE,
): Answer {
  const parsed = parseExec(line, 15, { modified: () => bench.running.modified });
  assert.ok(parsed !== undefined && !(parsed instanceof ConfigError), `${line} is not understood`);
  let reloaded = false;
  const exec = new ExecConfiguration({
    configuration: bench.running,
    now: () => bench.now,
    subjectOf: () => subject,
    reload: () => {
      reloaded = true;
    },
    schedule,
  });
  const command = answers === undefined ? parsed.command : parsed.dialogue!.answered(answers);
  const json = parsed.filter?.kind === 'json' ? exec.json(command) : undefined;
  const shown = json ?? exec.show(command) ?? exec.act(command, BOB);
  assert.ok(shown !== undefined, `${line} is not carried out`);
  return { lines: [...shown.lines], done: shown.done, reloaded };
}

const NO_SCHEDULE: ExecConfigurationOptions['schedule'] = {
  plan: () => assert.fail('nothing is planned'),
  cancel: () => assert.fail('nothing is cancelled'),
  view: undefined,
};

function questions(line: string, modified = false): string[] {
  const parsed = parseExec(line, 15, { modified: () => modified });
  assert.ok(parsed !== undefined && !(parsed instanceof ConfigError), line);
  return (parsed.dialogue?.questions ?? []).map(({ prompt }) => prompt);
}

function file(bench: Bench, name: string, text: string): void {
  writeFileSync(join(bench.folder, name), text);
}

onBench('configure replace takes a file of the folder of the startup-config, and says what it cost', (bench) => {
  file(bench, 'new.cfg', 'hostname two\n');
  const { lines, done } = type(bench, 'configure replace flash:new.cfg force');
  assert.deepEqual(lines, [
    'Total number of passes: 1',
    'Rollback Done',
    'Applied as revision 2 in 0.0 ms: 2 changes, 0 of 0 sessions dropped',
  ]);
  assert.ok(done);
  assert.equal(bench.running.current.hostname, 'two');
});

onBench('configure replace without force is not done by a script, which nobody can ask', (bench) => {
  file(bench, 'new.cfg', 'hostname two\n');
  assert.equal(type(bench, 'configure replace new.cfg').done, false);
  assert.equal(bench.running.current.hostname, 'one');
  assert.ok(type(bench, 'configure replace new.cfg', ['yes']).done);
  assert.equal(bench.running.current.hostname, 'two');
});

onBench('configure replace … list prints the lines that come and go', (bench) => {
  file(bench, 'new.cfg', 'hostname two\n');
  const { lines } = type(bench, 'conf rep new.cfg list force');
  assert.deepEqual(lines.slice(0, 5), [
    '!List of Rollback Commands:',
    '-hostname one',
    '-username bob password 0 s3cret',
    '+hostname two',
    'end',
  ]);
});

onBench('a file with errors is answered with each of them, and changes nothing', (bench) => {
  file(bench, 'bad.cfg', 'hostname two\nvpdn enabel\n');
  const { lines, done } = type(bench, 'configure replace bad.cfg force');
  assert.equal(done, false);
  assert.equal(lines[0], 'line 2: vpdn enabel');
  assert.equal(lines.at(-1), '% 1 error in bad.cfg: nothing was changed');
  assert.equal(bench.running.current.hostname, 'one');
});

for (const [name, reason] of [
  ['nosuch.cfg', 'No such file or directory'],
  ['/dev/zero', 'Is not a file'],
  ['flash:../etc/passwd', 'Invalid argument'],
  ['tftp://192.0.2.1/x', 'Protocol not supported'],
  ['archive:99', 'No such file or directory'],
]) {
  onBench(`C028: ${name} cannot be opened: ${reason}`, (bench) => {
    const { lines, done } = type(bench, `configure replace ${name} force`);
    assert.deepEqual(lines, [`%Error opening ${name} (${reason})`]);
    assert.equal(done, false);
  });
}

onBench('a revision is replaced by its number', (bench) => {
  file(bench, 'new.cfg', 'hostname two\n');
  type(bench, 'configure replace new.cfg force');
  type(bench, 'configure replace archive:1 force');
  assert.equal(bench.running.current.hostname, 'one');
  assert.equal(bench.running.archive.revisions.at(-1)?.command, 'configure replace archive:1');
});

onBench('configure replace … time, configure confirm and configure revert', (bench) => {
  file(bench, 'new.cfg', 'hostname two\n');
  assert.deepEqual(type(bench, 'configure confirm').lines, ['%No Rollback Confirmed Change pending']);
  type(bench, 'configure replace new.cfg force time 5');
  bench.pass(60_000);
  assert.deepEqual(type(bench, 'show archive config rollback timer').lines, [
    'Time configured: 300 seconds',
    'Timer type: absolute timer',
    'Timer value: 240 seconds left',
    'User: bob on vty0 (192.0.2.9)',
  ]);
  assert.ok(type(bench, 'configure revert timer seconds 30').done);
  bench.pass(30_000);
  assert.equal(bench.running.current.hostname, 'one');
  type(bench, 'configure replace new.cfg force revert trigger error timer 1');
  assert.match(type(bench, 'configure revert now').lines[0]!, /^Applied as revision \d+ in /);
  assert.equal(bench.running.current.hostname, 'one');
  type(bench, 'configure replace new.cfg force revert timer seconds 1');
  type(bench, 'configure confirm');
  bench.pass(5000);
  assert.equal(bench.running.current.hostname, 'two');
});

onBench('show configuration impact (ext) names the changes and leaves things as they are', (bench) => {
  file(bench, 'new.cfg', 'hostname two\nvpdn-group a\n');
  assert.deepEqual(type(bench, 'show configuration impact new.cfg').lines, [
    'Impact of new.cfg: 3 changes, 0 of 0 sessions dropped',
    '',
    'New sessions only',
    '  hostname: changed',
    '  username bob: removed',
    '  vpdn-group a: added',
  ]);
  const { items } = JSON.parse(type(bench, 'show configuration impact new.cfg | json').lines.join('')) as { items: [] };
  assert.equal(items.length, 3);
  assert.equal(bench.running.current.hostname, 'one');
});

onBench('C028: write memory, and what show startup-config makes of it', (bench) => {
  bench.replace('hostname two\n');
  assert.deepEqual(type(bench, 'write').lines, ['Building configuration...', '[OK]']);
  const octets = statSync(bench.startup).size;
  const { lines } = type(bench, 'show startup-config');
  assert.equal(lines[0], `Using ${octets} out of ${octets} bytes`);
  assert.ok(lines.includes('hostname two'));
});

onBench('C028: copy running-config startup-config asks for the name, and takes another one', (bench) => {
  assert.deepEqual(questions('copy run start'), ['Destination filename [startup-config]? ']);
  bench.replace('hostname two\n');
  type(bench, 'copy running-config startup-config', ['backup.cfg']);
  assert.match(readFileSync(join(bench.folder, 'backup.cfg'), 'utf8'), /^hostname two$/m);
  assert.equal(statSync(join(bench.folder, 'backup.cfg')).mode & 0o777, 0o600);
  assert.doesNotMatch(readFileSync(bench.startup, 'utf8'), /two/);
  type(bench, 'copy running-config startup-config');
  assert.match(readFileSync(bench.startup, 'utf8'), /^hostname two$/m);
});

onBench('what is copied goes into flash: only, and never over what the router keeps there for itself', (bench) => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'vpdn-elsewhere-'));
  try {
    const key = `${basename(bench.startup)}.ssh-host-key`;
    writeFileSync(join(bench.folder, key), 'secret');
    symlinkSync(join(elsewhere, 'target'), join(bench.folder, 'link.cfg'));
    for (const name of [join(elsewhere, 'x.cfg'), '../x.cfg', key, 'link.cfg', 'flash:../x.cfg']) {
      const { lines } = type(bench, 'copy running-config startup-config', [name]);
      assert.match(lines.at(-1)!, /^%Error opening .* \((Permission denied|Is not a file|Invalid argument)\)$/, name);
    }
    assert.equal(readFileSync(join(bench.folder, key), 'utf8'), 'secret');
    assert.deepEqual(readdirSync(elsewhere), []);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

onBench('C028: copy startup-config running-config and configure memory add to what is there', (bench) => {
  for (const command of ['copy startup-config running-config', 'configure memory']) {
    bench.replace('hostname two\nusername eve password 0 x\n');
    const { lines } = type(bench, command);
    assert.match(lines[0]!, /^\d+ bytes copied$/);
    assert.equal(bench.running.current.hostname, 'one');
    assert.deepEqual([...bench.running.current.users.keys()], ['eve', 'bob']);
  }
});

onBench('C028: erase startup-config leaves nothing to start from', (bench) => {
  assert.deepEqual(questions('write erase'), [
    'Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]',
  ]);
  type(bench, 'erase startup-config');
  assert.deepEqual(type(bench, 'show startup-config').lines, ['startup-config is not present']);
  assert.ok(bench.running.modified);
});

test('C028: reload asks whether to save only where there is something to save', () => {
  assert.deepEqual(questions('reload'), ['Proceed with reload? [confirm]']);
  assert.deepEqual(questions('reload', true), [
    'System configuration has been modified. Save? [yes/no]: ',
    'Proceed with reload? [confirm]',
  ]);
});

onBench('C028: dir, more and delete: the files of flash:, and no secret of the router that lies there', (bench) => {
  file(bench, 'notes.txt', 'one\ttwo\r\n\x1b[2Jthree\n');
  file(bench, 'router.conf.ssh-host-key', 'canary');
  const listed = type(bench, 'dir').lines;
  assert.equal(listed[0], 'Directory of flash:/');
  const date = /[A-Z][a-z]{2} [ \d]\d \d{4} \d\d:\d\d:\d\d \+00:00/.source;
  assert.match(listed[2]!, new RegExp(`^    1  -rw-          19  ${date}  notes\\.txt$`));
  assert.match(listed[4]!, new RegExp(`^    3  drw- +\\d+  ${date}  router\\.conf\\.archive$`));
  assert.match(listed.at(-1)!, /^\d+ bytes total \(\d+ bytes free\)$/);
  assert.equal(type(bench, 'dir notes.txt').lines.length, 5);
  for (const name of ['dir flash:none', 'dir ../x', 'dir tftp:x', 'more none.txt'])
    assert.equal(type(bench, name).done, false, name);
  assert.deepEqual(type(bench, 'more flash:notes.txt').lines, ['one        two', '\\u{1b}[2Jthree']);
  assert.equal(type(bench, 'more startup-config').lines[0], 'hostname one');
  for (const name of ['router.conf.ssh-host-key', '/etc/passwd', 'router.conf.archive']) {
    assert.deepEqual(type(bench, `more ${name}`).lines, [`%Error opening ${name} (Permission denied)`]);
    assert.equal(type(bench, `delete ${name}`).done, false);
  }
  assert.deepEqual(questions('delete notes.txt'), ['Delete notes.txt? [confirm]']);
  assert.deepEqual(type(bench, 'delete notes.txt').lines, []);
  assert.deepEqual(type(bench, 'delete notes.txt').lines, ['%Error deleting notes.txt (No such file or directory)']);
  assert.equal(type(bench, 'delete startup-config').done, false);
  assert.ok(statSync(join(bench.folder, 'router.conf')).isFile());
});

onBench('C028: reload in and at hand on when and why, after a look at what the router would start with', (bench) => {
  const planned: unknown[] = [];
  const schedule: ExecConfigurationOptions['schedule'] = {
    plan: (...asked) => {
      planned.push(asked);
      return { lines: ['planned'], done: true };
    },
    cancel: () => ({ lines: ['cancelled'], done: true }),
    view: { at: 0, remaining: 600_000, by: 'console', reason: '' },
  };
  const run = (line: string) => type(bench, line, undefined, undefined, schedule);
  assert.deepEqual(run('reload in 10').lines, ['planned']);
  run('reload in 1:30 reason new wires');
  run('reload at 02:05');
  run('reload at 2:05 24 dec');
  run('reload at 2:05 December 24 before the feast');
  run('reload at 2:05 new wires');
  const by = 'bob on vty0 (192.0.2.9)';
  assert.deepEqual(planned, [
    [{ minutes: 10 }, '', by],
    [{ minutes: 90 }, 'reason new wires', by],
    [{ hour: 2, minute: 5 }, '', by],
    [{ hour: 2, minute: 5, date: { day: 24, month: 11 } }, '', by],
    [{ hour: 2, minute: 5, date: { day: 24, month: 11 } }, 'before the feast', by],
    [{ hour: 2, minute: 5 }, 'new wires', by],
  ]);
  assert.deepEqual(run('reload cancel').lines, ['cancelled']);
  assert.match(
    run('show reload').lines[0]!,
    /^Reload scheduled for 00:00:00 UTC Thu Jan 1 1970 \(in 10 minutes\) by console$/,
  );
  file(bench, 'router.conf', 'hostname two\nnonsense here\n');
  assert.equal(run('reload in 10').done, false);
  assert.equal(planned.length, 6);
});

test('C028: reload in and at want a time that there is', () => {
  for (const line of [
    'reload in 0',
    'reload in x',
    'reload in 1:60',
    'reload in 34561',
    'reload at 24:00',
    'reload at 7',
  ]) {
    const parsed = parseExec(line);
    assert.ok(parsed !== undefined && !(parsed instanceof ConfigError));
    assert.equal(parsed.command.exec, 'refused', line);
  }
  assert.deepEqual(questions('reload in 5', true), questions('reload', true));
});

onBench('C028: reload saves if that was the answer, and goes nowhere with a startup-config that is wrong', (bench) => {
  bench.replace('hostname two\n');
  const { lines, reloaded } = type(bench, 'reload', ['yes', 'yes']);
  assert.deepEqual([lines, reloaded], [['Building configuration...', '[OK]'], true]);
  assert.match(readFileSync(bench.startup, 'utf8'), /^hostname two$/m);
  writeFileSync(bench.startup, 'hostnam\nwrong\n');
  const refused = type(bench, 'reload');
  assert.deepEqual([refused.done, refused.reloaded], [false, false]);
});

onBench('C161: the head of running-config says when and by whom', (bench) => {
  bench.replace('hostname two\n');
  type(bench, 'write');
  assert.deepEqual(type(bench, 'show running-config').lines.slice(3, 6), [
    '!',
    '! Last configuration change at 00:00:00 UTC Sun Nov 22 2026 by bob',
    '! NVRAM config last updated at 00:00:00 UTC Sun Nov 22 2026 by bob',
  ]);
});

onBench('C161: show running-config linenum, brief and full', (bench) => {
  const { lines } = type(bench, 'show running-config linenum');
  assert.match(lines[3]!, /^ 1 : !$/);
  assert.ok(lines.some((line) => /^ *\d+ : hostname one$/.test(line)));
  const plain = type(bench, 'show running-config').lines;
  for (const form of ['brief', 'full']) assert.deepEqual(type(bench, `show running-config ${form}`).lines, plain);
});

onBench('C161: show running-config all says the defaults that are in force', (bench) => {
  bench.replace(
    'vpdn enable\nvpdn-group a\n accept-dialin\n  protocol l2tp\n  virtual-template 1\ninterface Virtual-Template1\n',
  );
  const { lines } = type(bench, 'show running-config all');
  for (const line of [
    ' l2tp tunnel hello 60',
    ' l2tp tunnel receive-window 1024',
    ' keepalive 10 5',
    ' ppp max-configure 10',
  ]) {
    assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
  }
  assert.ok(!type(bench, 'show running-config').lines.includes(' keepalive 10 5'));
});

onBench('C156: a Virtual-Access has the lines of its template as they were when it came', (bench) => {
  bench.replace(
    'interface Loopback1\n ip address 10.1.1.1 255.255.255.255\ninterface Virtual-Template1\n ip unnumbered Loopback1\n keepalive 7\n',
  );
  const subject = bench.running.current.interfaces.get('Virtual-Template1');
  bench.replace('interface Virtual-Template1\n keepalive 99\n');
  const { lines } = type(bench, 'show derived-config interface virtual-access 3', undefined, subject);
  assert.deepEqual(lines.slice(0, 2), ['Building configuration...', '']);
  assert.match(lines[2]!, /^Derived configuration : \d+ bytes$/);
  assert.equal(lines[4], 'interface Virtual-Access3');
  assert.ok(lines.includes(' ip unnumbered Loopback1') && lines.includes(' keepalive 7'));
  const headed = type(bench, 'show interfaces virtual-access 3 configuration', undefined, subject).lines;
  assert.deepEqual(headed.slice(0, 3), ['Virtual-Access3 is an L2TP link (sub)interface', '', lines[2]]);
});

onBench(
  'show archive lists the revisions with who and what, and show archive config differences compares them',
  (bench) => {
    bench.replace('hostname two\nusername bob password 0 s3cret\n');
    const { lines } = type(bench, 'show archive');
    assert.equal(lines[1], 'There are currently 2 archive configurations saved.');
    assert.equal(
      lines[5],
      '   2        archive:2        00:00:00 UTC Sun Nov 22 2026  bob on vty0 (192.0.2.9) (configure replace new.cfg) <- Most Recent',
    );
    const differs = ['!Contextual Config Diffs:', '-hostname one', '+hostname two'];
    assert.deepEqual(type(bench, 'show archive config differences archive:1 archive:2').lines, differs);
    assert.deepEqual(type(bench, 'show archive config differences 1').lines, differs);
    assert.deepEqual(type(bench, 'show archive config differences 2').lines, [differs[0], '!No changes were found']);
  },
);
