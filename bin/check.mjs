// What `npm test` runs: set-up, format and lint, types, then every test; ends with one line that counts.
// `--interop-required` makes a test that skips for want of an interop peer a failure; other arguments pick test files.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNode, installDependencies, launch, ROOT, run } from './runtime.mjs';

const STATIC_CHECKS = [
  ['format and lint', '@biomejs/biome/bin/biome', 'check'],
  ['types', 'typescript/bin/tsc', '--noEmit'],
];

/** Tests that build namespaces and measure time run beside pure ones: more would only slow each other. */
const CONCURRENCY = 2;
/** A test that hangs must not hang the run. Milliseconds. */
const TIMEOUT = 240_000;

await launch(async () => {
  const required = process.argv.includes('--interop-required');
  const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  await installDependencies();
  const node = findNode();
  const failed = [];
  for (const [name, path, ...args] of STATIC_CHECKS) {
    process.stdout.write(`${name} ...\n`);
    const status = await run(node, [join(ROOT, 'node_modules', path), ...args], { cwd: ROOT });
    if (status !== 0) failed.push(name);
  }
  const results = await runTests(node, files.length > 0 ? files : ['test/**/*.test.ts'], required);
  for (const skip of results.skips) process.stdout.write(`skipped: ${skip}\n`);
  for (const name of failed) process.stdout.write(`failed: ${name}\n`);
  const failures = results.failures + failed.length;
  process.stdout.write(`${results.passes} passed, ${failures} failed\n`);
  return failures > 0 || results.status !== 0 ? 1 : 0;
});

async function runTests(node, files, required) {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-check-'));
  const report = join(folder, 'report.tap');
  try {
    const env = { ...process.env, ...(required && { VPDN_REQUIRE_INTEROP: '1' }) };
    const reporters = ['spec', 'stdout', 'tap', report].map((value, index) => {
      return index % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`;
    });
    const args = ['--test', `--test-concurrency=${CONCURRENCY}`, `--test-timeout=${TIMEOUT}`, ...reporters, ...files];
    const status = await run(node, args, { cwd: ROOT, env });
    return { status, ...readReport(readFileSync(report, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Node's own TAP: the counts are in the comment lines at its end, a skipped test has a `# SKIP reason` directive. */
function readReport(text) {
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const skips = Array.from(text.matchAll(/^\s*ok \d+ - (.+?) # SKIP ?(.*)$/gm), ([, test, reason]) => {
    return reason === '' ? test : `${test}: ${reason}`;
  });
  return { passes: count('pass'), failures: count('fail') + count('cancelled'), skips };
}
