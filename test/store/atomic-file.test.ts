// A file that is there whole or not at all.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeWhole } from '../../src/store/atomic-file.ts';

test('a new text takes the place of the old one, private, and leaves nothing beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-whole-'));
  try {
    const path = join(folder, 'startup.cfg');
    writeFileSync(path, 'old', { mode: 0o644 });
    writeWhole(path, 'new');
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['startup.cfg']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('where it cannot be put in its place, what was there stays and nothing is left over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-whole-'));
  try {
    const path = join(folder, 'a-folder');
    mkdirSync(path);
    writeFileSync(join(path, 'kept'), '');
    assert.throws(() => writeWhole(path, 'new'));
    assert.deepEqual(readdirSync(folder), ['a-folder']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
