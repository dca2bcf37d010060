// Tests that need more than Node: root, programs, kernel parts. They skip, saying what is missing, where the machine cannot
// host them; with VPDN_REQUIRE_INTEROP=1 (what continuous integration sets) a skip is a failure instead.

import assert from 'node:assert/strict';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

export interface Needs {
  root?: boolean;
  /** Programs that must be on the path, or in the places where Debian keeps those for root. */
  programs?: readonly string[];
  /** Files or devices that must exist. */
  files?: readonly string[];
}

/** What network namespaces and taps take. */
export const NAMESPACES: Needs = { root: true, programs: ['ip', 'ethtool'], files: ['/dev/net/tun'] };

const PATH = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** The first thing that is missing, as a sentence's object; undefined when the machine has all. */
export function lacking(...needs: readonly Needs[]): string | undefined {
  for (const { root, programs = [], files = [] } of needs) {
    if (root && process.getuid?.() !== 0) return 'root';
    const program = programs.find((name) => !PATH.some((folder) => executable(join(folder, name))));
    if (program !== undefined) return `the program ${program}`;
    const file = files.find((path) => !existsSync(path));
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Ends the test as skipped; as failed where skipping is forbidden. The caller returns. */
export function missing(context: TestContext, reason: string): void {
  if (process.env.VPDN_REQUIRE_INTEROP === '1') assert.fail(`must not skip here, but is missing: ${reason}`);
  context.skip(`missing: ${reason}`);
}

/** A test that runs where the machine has what it needs. */
export function hosted(
  name: string,
  needs: readonly Needs[],
  timeoutMillis: number,
  body: (context: TestContext) => Promise<void>,
): void {
  test(name, { timeout: timeoutMillis }, async (context) => {
    const lack = lacking(...needs);
    if (lack !== undefined) return missing(context, lack);
    await body(context);
  });
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
