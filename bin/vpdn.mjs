#!/usr/bin/env node
// The command `vpdn`, for any Node from 18 on: sets up once, then runs src/main.ts under a Node that understands it.

import { join } from 'node:path';
import { findNode, installDependencies, launch, ROOT, run } from './runtime.mjs';

/**
 * Megabytes of a semi-space of V8's young generation, of which it has three: the default grows to 48 MB under a rush of calls and
 * never shrinks. A quarter of that costs nothing measurable, and halves what a thousand sessions weigh.
 */
const MEMORY = ['--max-semi-space-size=4'];

await launch(async () => {
  await installDependencies();
  return run(findNode(), [...MEMORY, join(ROOT, 'src', 'main.ts'), ...process.argv.slice(2)]);
});
