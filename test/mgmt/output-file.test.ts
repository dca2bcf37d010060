// `| redirect`, `| append`, `| tee`: into files of flash: alone, whole or not at all.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFiles } from '../../src/mgmt/configuration-files.ts';
import { intoFile } from '../../src/mgmt/output-file.ts';
import { type Bench, onBench } from '../host/configuration-bench.ts';

const ALWAYS = new AbortController().signal;

interface Way {
  readonly append?: boolean;
  readonly shown?: boolean;
  readonly signal?: AbortSignal;
}

/** What the terminal sees of a command that says `pieces`. */
async function put(bench: Bench, name: string, pieces: Iterable<string>, way: Way = {}) {
  const { append = false, shown = false, signal = ALWAYS } = way;
  const files = new ConfigurationFiles(bench.running);
  async function* said(): AsyncGenerator<string, boolean> {
    yield* pieces;
    return true;
  }
  const running = intoFile(said(), { kind: 'file', name, append, shown }, files, signal);
  let text = '';
  for (;;) {
    const { value, done } = await running.next();
    if (done === true) return { text, done: value };
    text += value;
  }
}
const OWN = ['router.conf', 'router.conf.archive'];
const left = (bench: Bench) => readdirSync(bench.folder).sort();
const held = (bench: Bench, name: string) => readFileSync(join(bench.folder, name), 'utf8');

onBench('redirect shows nothing and makes a private file of all of it', async (bench) => {
  assert.deepEqual(await put(bench, 'flash:users.txt', ['one\n', 'two\n']), { text: '', done: true });
  assert.equal(held(bench, 'users.txt'), 'one\ntwo\n');
  assert.equal(statSync(join(bench.folder, 'users.txt')).mode & 0o777, 0o600);
  await put(bench, 'users.txt', ['three\n']);
  assert.equal(held(bench, 'users.txt'), 'three\n');
  assert.deepEqual(left(bench), [...OWN, 'users.txt']);
});

onBench('append puts it behind what is there, or makes the file; it becomes private', async (bench) => {
  await put(bench, 'log.txt', ['one\n'], { append: true });
  writeFileSync(join(bench.folder, 'log.txt'), 'zero\n', { mode: 0o644 });
  await put(bench, 'disk0:/log.txt', ['two\n'], { append: true });
  assert.equal(held(bench, 'log.txt'), 'zero\ntwo\n');
  await put(bench, 'new.txt', ['first\n'], { append: true });
  assert.equal(statSync(join(bench.folder, 'new.txt')).mode & 0o777, 0o600);
});

onBench('tee shows it as well', async (bench) => {
  assert.deepEqual(await put(bench, 'a.txt', ['one\n', 'two\n'], { shown: true }), { text: 'one\ntwo\n', done: true });
  assert.equal(held(bench, 'a.txt'), 'one\ntwo\n');
});

onBench('what was interrupted or failed leaves the file as it was, and nothing beside it', async (bench) => {
  writeFileSync(join(bench.folder, 'a.txt'), 'before\n');
  const gone = new AbortController();
  function* interrupted() {
    yield 'one\n';
    gone.abort();
    yield 'two\n';
  }
  assert.equal((await put(bench, 'a.txt', interrupted(), { signal: gone.signal })).done, false);
  function* broken() {
    yield 'one\n';
    throw new Error('no view');
  }
  assert.deepEqual(await put(bench, 'a.txt', broken()), { text: '%Error opening a.txt (no view)\n', done: false });
  assert.equal(held(bench, 'a.txt'), 'before\n');
  assert.deepEqual(left(bench), ['a.txt', ...OWN]);
});

onBench('whoever stops listening leaves nothing behind', async (bench) => {
  const files = new ConfigurationFiles(bench.running);
  async function* said(): AsyncGenerator<string, boolean> {
    for (;;) yield 'again\n';
  }
  const running = intoFile(said(), { kind: 'file', name: 'a.txt', append: false, shown: true }, files, ALWAYS);
  await running.next();
  await running.return(false);
  assert.deepEqual(left(bench), OWN);
});

onBench('a file does not grow without end', async (bench) => {
  function* endless() {
    for (;;) yield 'x'.repeat(1 << 20);
  }
  assert.deepEqual(await put(bench, 'a.txt', endless()), {
    text: '%Error opening a.txt (File too large)\n',
    done: false,
  });
  assert.deepEqual(left(bench), OWN);
});

onBench('only files of flash: are written, and none that the router keeps there', async (bench) => {
  const before = held(bench, 'router.conf');
  mkdirSync(join(bench.folder, 'folder'));
  symlinkSync('/tmp', join(bench.folder, 'out'));
  symlinkSync('.', join(bench.folder, 'here'));
  symlinkSync('/tmp/elsewhere', join(bench.folder, 'link.txt'));
  const refused: readonly (readonly [name: string, why: string])[] = [
    ['running-config', 'Read-only file system'],
    ['startup-config', 'Read-only file system'],
    ['nvram:startup-config', 'Read-only file system'],
    ['7', 'Read-only file system'],
    ['router.conf', 'Permission denied'],
    ['here/router.conf', 'Permission denied'],
    ['router.conf.ssh-host-key', 'Permission denied'],
    ['router.conf.archive', 'Permission denied'],
    ['router.conf.archive/1', 'Permission denied'],
    ['/tmp/elsewhere', 'Permission denied'],
    ['../elsewhere', 'Permission denied'],
    ['flash:../elsewhere', 'Invalid argument'],
    ['out/elsewhere', 'Permission denied'],
    ['link.txt', 'Is not a file'],
    ['folder', 'Is not a file'],
    ['nothing/a.txt', 'No such file or directory'],
    ['tftp://192.0.2.1/a', 'Protocol not supported'],
  ];
  for (const [name, why] of refused) {
    const { text, done } = await put(bench, name, ['x\n']);
    assert.deepEqual([text, done], [`%Error opening ${name} (${why})\n`, false]);
  }
  assert.equal(held(bench, 'router.conf'), before);
});
