// The `vpdn` command where no router runs: needs no privileges.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../support/process.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vpdn-command-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const vpdn = (...words: string[]) => run([process.execPath, MAIN, ...words]);

function file(text: string): string {
  const path = join(folder, 'test.conf');
  writeFileSync(path, text);
  return path;
}

test('check passes the examples', async () => {
  const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
  const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.conf'));
  assert.ok(files.length >= 8);
  for (const name of files) {
    const path = join(examples, name);
    const { status, stdout } = await vpdn('check', path);
    assert.equal(status, 0);
    assert.match(stdout, /, 0 errors, 0 warnings; it starts\n$/);
  }
});

test('check puts the caret under the first character that fits nothing, and ends with 1', async () => {
  const { status, stdout } = await vpdn('check', file('hostname peer1\nl2tp-class one\n receive-windov 5\n'));
  assert.equal(status, 1);
  assert.match(stdout, /^line 3: {2}receive-windov 5\n {22}\^\n/);
});

test('check shows all errors of a file at once', async () => {
  const { stdout } = await vpdn('check', file('vpdn enabel\nhostname x\nipp route\n'));
  assert.match(stdout, /2 errors, 0 warnings; it would not start\n$/);
});

test('check tells what will not work although every line is right', async () => {
  const { status, stdout } = await vpdn(
    'check',
    file('vpdn-group one\n accept-dialin\n  protocol l2tp\n  virtual-template 1\n'),
  );
  assert.equal(status, 0);
  assert.match(stdout, /error CFG-101: .*\n {4}add `vpdn enable`/);
});

test('check --json has the same in a form for programs', async () => {
  const { status, stdout } = await vpdn('check', '--json', file('vpdn enabel\n'));
  const answer = JSON.parse(stdout) as { schema: string; errors: { line: number; column: number }[] };
  assert.equal(status, 1);
  assert.equal(answer.schema, 'vpdn.check/2');
  assert.deepEqual(
    answer.errors.map(({ line, column }) => ({ line, column })),
    [{ line: 1, column: 9 }],
  );
});

test('a file that cannot be read is one line, not a stack', async () => {
  const { status, stderr } = await vpdn('check', join(folder, 'absent.conf'));
  assert.equal(status, 1);
  assert.match(stderr, /^vpdn: cannot read the configuration .*absent\.conf: there is no such file or folder\n$/);
});

test('what is no configuration, no socket, or no place for a recording is named, with what it is', async () => {
  const config = file('hostname peer1\n');
  const long = join(folder, 'x'.repeat(108));
  for (const [words, status, told] of [
    [['check', folder], 1, `cannot read the configuration ${folder}: it is a folder, not a file`],
    [['run', '--config', folder], 1, `cannot read the configuration ${folder}: it is a folder, not a file`],
    [['exec', '--socket', config, 'show vpdn'], 3, `no router answers at ${config}: it is no socket`],
    [['console', '--socket', folder], 3, `no router answers at ${folder}: it is no socket`],
    [['dial', 'l2tp://alice@192.0.2.1', '--password-file', folder], 1, `cannot read the password in ${folder}`],
  ] as const) {
    const { status: ended, stderr } = await vpdn(...words);
    assert.equal(ended, status, words.join(' '));
    assert.ok(stderr.includes(`vpdn: ${words[0] === 'dial' ? 'dial: ' : ''}${told}`), stderr);
    assert.doesNotMatch(stderr, /\n {4}at |ENOENT|EISDIR/);
  }
  assert.match((await vpdn('exec', '--socket', long, 'show vpdn')).stderr, /^vpdn: no router answers at [^\n]*\n$/);
});

test('whoever stops reading ends a command without a word, as SIGPIPE does', async () => {
  const config = file('hostname peer1\n');
  for (const words of ['help', 'run --help', `check --all ${config}`, `check --json ${config}`]) {
    // `true` has ended before Node has begun.
    const { stdout, stderr } = await run(['sh', '-c', `{ ${process.execPath} ${MAIN} ${words}; echo $? >&2; } | true`]);
    assert.equal(stdout, '');
    assert.equal(stderr, '141\n', words);
  }
});

test('exec without a router ends with 3 and says how to reach one', async () => {
  const { status, stderr } = await vpdn('exec', '--socket', join(folder, 'absent.sock'), 'show vpdn');
  assert.equal(status, 3);
  assert.match(stderr, /^vpdn: no router answers at .*absent\.sock: .*\n$/);
});

test('a word or an option that does not exist is named, with status 2', async () => {
  for (const [words, named] of [
    [['rnu'], 'rnu'],
    [['check', '--once', 'x'], '--once'],
    [['run', '--confg', 'x'], '--confg'],
    [['console', 'now'], 'now'],
    [['help', 'rnu'], 'rnu'],
    [['run', '--config', 'x', '--log', '-1'], '--log'],
    [['exec', ' '], 'exec'],
  ] as const) {
    const { status, stderr } = await vpdn(...words);
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`^vpdn: .*${named}.*\n$`));
  }
});

test('as a package of node_modules, where Node runs no TypeScript, it says what to do', async () => {
  const bin = join(folder, 'node_modules', 'vpdn', 'bin');
  cpSync(fileURLToPath(new URL('../../bin/', import.meta.url)), bin, { recursive: true });
  const { status, stderr } = await run([process.execPath, join(bin, 'vpdn.mjs'), '--version']);
  assert.equal(status, 1);
  assert.match(stderr, /^vpdn: this runs from a folder of its own, not from node_modules.*clone.*\n$/);
});

test('the launcher runs by a link to it, from any folder', async () => {
  const link = join(folder, 'vpdn');
  symlinkSync(fileURLToPath(new URL('../../bin/vpdn.mjs', import.meta.url)), link);
  const { status, stdout } = await run([link, '--version'], undefined, { cwd: '/' });
  assert.equal(status, 0);
  assert.match(stdout, /^vpdn \d/);
});

test('help lists every command; --version is the version', async () => {
  const { stdout } = await vpdn('help');
  for (const command of ['run', 'console', 'exec', 'check', 'demo'])
    assert.match(stdout, new RegExp(`vpdn ${command}`));
  const one = (await vpdn('check', '--help')).stdout;
  assert.match(one, /^vpdn check FILE .*\n\nReads any IOS configuration/);
  assert.equal((await vpdn('help', 'check')).stdout, one);
  for (const text of [stdout, one]) assert.ok(text.split('\n').every((line) => line.length <= 100));
  assert.match((await vpdn('--version')).stdout, /^vpdn \d+\.\d+\.\d+\n$/);
});
