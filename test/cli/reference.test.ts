// docs/commands/ and docs/man/ are written from the grammar by `npm run reference`; a change that forgets it is found here.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Document, markdownPages } from '../../src/cli/reference/markdown.ts';
import { referencePages } from '../../src/cli/reference/model.ts';
import { configManual } from '../../src/cli/reference/roff.ts';
import { vpdnManual } from '../../src/mgmt/manual.ts';
import { hosted } from '../support/requirement.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const pages = referencePages();
const MANUALS = [configManual(pages), vpdnManual()];
const FOLDERS: Readonly<Record<string, readonly Document[]>> = { commands: markdownPages(pages), man: MANUALS };

for (const [folder, documents] of Object.entries(FOLDERS)) {
  test(`docs/${folder} has one document for each subject and no other`, () => {
    const expected = documents.map(({ name }) => name);
    assert.deepEqual(readdirSync(new URL(folder, DOCS)).sort(), expected.sort());
  });

  for (const { name, text } of documents) {
    test(`docs/${folder}/${name} is what the grammar says today`, () => {
      const written = readFileSync(new URL(`${folder}/${name}`, DOCS), 'utf8');
      assert.ok(written === text, `docs/${folder}/${name} is stale: run \`npm run reference\``);
    });
  }
}

for (const { name, text } of MANUALS) {
  hosted(
    `${name} is a manual page without a complaint of the formatter`,
    [{ programs: ['groff'] }],
    20_000,
    async () => {
      const { stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-z'], { input: text, encoding: 'utf8' });
      assert.equal(`${stdout}${stderr}`, '');
    },
  );
}
