#!/usr/bin/env node
// The command `vpdn`, for any Node from 18 on: sets up once, then runs src/main.ts under a Node that understands it.

import { join } from 'node:path';
import { findNode, installDependencies, launch, ROOT, run } from './runtime.mjs';

await launch(async () => {
  await installDependencies();
  return run(findNode(), [join(ROOT, 'src', 'main.ts'), ...process.argv.slice(2)]);
});
