// Revisions of the configuration on disk: numbered, private, bounded, and patient with what it did not write.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Archive } from '../../src/store/archive.ts';

const MADE = {
  time: Date.UTC(2026, 10, 22, 21, 40, 58),
  user: 'bob',
  line: 'vty0 (192.0.2.9)',
  command: 'configure terminal',
};
const TEXT = '!\nhostname one\n!\nend\n';

function inFolder(name: string, body: (folder: string) => void): void {
  test(name, () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpdn-archive-'));
    try {
      body(join(folder, 'server.conf.archive'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

inFolder('a revision comes back with its number, its author and its very text', (folder) => {
  const { number } = new Archive(folder).add(MADE, TEXT);
  const later = new Archive(folder);
  assert.deepEqual(later.revisions, [{ number: 1, ...MADE }]);
  assert.equal(later.read(number), TEXT);
});

inFolder('a revision is an IOS text with a head of comments', (folder) => {
  new Archive(folder).add(MADE, TEXT);
  assert.equal(
    readFileSync(join(folder, 'revision-000001.cfg'), 'utf8'),
    `! revision: 1\n! time: 2026-11-22T21:40:58.000Z\n! user: bob\n! line: vty0 (192.0.2.9)\n! command: configure terminal\n${TEXT}`,
  );
});

inFolder('H05: nobody but the owner can read the folder or a file in it', (folder) => {
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  new Archive(folder).add(MADE, TEXT);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, 'revision-000001.cfg')).mode & 0o777, 0o600);
});

inFolder('the oldest give way, and numbers are never used again', (folder) => {
  const archive = new Archive(folder, 3);
  for (let count = 0; count < 5; count++) archive.add(MADE, TEXT);
  assert.deepEqual(
    new Archive(folder, 3).revisions.map(({ number }) => number),
    [3, 4, 5],
  );
  assert.equal(readdirSync(folder).length, 3);
  assert.equal(archive.read(2), undefined);
});

inFolder('foreign, spoilt and half-written files are left alone and not listed', (folder) => {
  const archive = new Archive(folder);
  archive.add(MADE, TEXT);
  archive.add(MADE, TEXT);
  writeFileSync(join(folder, 'README'), 'hello');
  writeFileSync(join(folder, 'revision-000002.cfg'), '! revision: 2\n! time: never\n');
  writeFileSync(join(folder, 'revision-000003.cfg'), Buffer.from([0xff, 0x00, 0xfe]));
  writeFileSync(join(folder, 'revision-000004.cfg.77.new'), 'cut off');
  mkdirSync(join(folder, 'revision-000005.cfg'));
  const later = new Archive(folder);
  assert.deepEqual(
    later.revisions.map(({ number }) => number),
    [1],
  );
  assert.equal(later.add(MADE, TEXT).number, 6);
  assert.equal(readFileSync(join(folder, 'README'), 'utf8'), 'hello');
});

inFolder('a file that says another number than its name is none', (folder) => {
  const archive = new Archive(folder);
  archive.add(MADE, TEXT);
  const text = readFileSync(join(folder, 'revision-000001.cfg'));
  writeFileSync(join(folder, 'revision-000007.cfg'), text);
  assert.equal(new Archive(folder).read(7), undefined);
});

inFolder('a name cannot write lines of its own into the head', (folder) => {
  new Archive(folder).add({ ...MADE, user: 'eve\nhostname stolen\u2028x' }, TEXT);
  const [revision] = new Archive(folder).revisions;
  assert.equal(revision?.user, 'eve hostname stolen x');
  assert.equal(new Archive(folder).read(1), TEXT);
});

inFolder('a folder that cannot be made is the fault of that one revision', (folder) => {
  writeFileSync(folder, 'in the way');
  const archive = new Archive(folder);
  assert.throws(() => archive.add(MADE, TEXT));
  assert.deepEqual(archive.revisions, []);
});
