// docs/commands/ is written from the grammar by `npm run reference`; a change of a command that forgets it is found here.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { referencePages } from '../../src/cli/reference.ts';

const FOLDER = new URL('../../docs/commands/', import.meta.url);

test('the command reference has one page for each mode and no other', () => {
  const pages = referencePages().map(({ name }) => `${name}.md`);
  assert.deepEqual(readdirSync(FOLDER).sort(), pages.sort());
});

for (const { name, markdown } of referencePages()) {
  test(`docs/commands/${name}.md is what the grammar says today`, () => {
    assert.equal(readFileSync(new URL(`${name}.md`, FOLDER), 'utf8'), markdown, 'run `npm run reference`');
  });
}
