// Writes the command reference into docs/commands/, from the definitions the parser works with: `npm run reference`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referencePages } from '../src/cli/reference.ts';

const folder = fileURLToPath(new URL('../docs/commands/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const { name, markdown } of referencePages()) writeFileSync(`${folder}${name}.md`, markdown);
