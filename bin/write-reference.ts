// Writes the command reference into docs/commands/ and the manual pages into docs/man/, from the definitions that the parser
// works with: `npm run reference`.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Document, markdownPages } from '../src/cli/reference/markdown.ts';
import { referencePages } from '../src/cli/reference/model.ts';
import { configManual } from '../src/cli/reference/roff.ts';
import { vpdnManual } from '../src/mgmt/manual.ts';

const pages = referencePages();
write('commands', markdownPages(pages));
write('man', [configManual(pages), vpdnManual()]);

/** The folder holds these documents and no other. */
function write(name: string, documents: readonly Document[]): void {
  const folder = fileURLToPath(new URL(`../docs/${name}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const stale of readdirSync(folder)) {
    if (!documents.some((document) => document.name === stale)) rmSync(`${folder}${stale}`);
  }
  for (const { name: file, text } of documents) writeFileSync(`${folder}${file}`, text);
}
