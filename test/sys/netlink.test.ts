// What we ask of the kernel, against what iproute2 shows.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { missingForNamespaces } from '../dataplane/harness/namespaces.ts';

// The oracle is iproute2: what we ask of the kernel, `ip -j` must show, and the other way round. `netlink-script.ts` runs in
// a namespace that lasts as long as it does, and prints what both said.

const missing = missingForNamespaces('unshare');
const options = { timeout: 60_000, ...(missing === undefined ? {} : { skip: missing }) };
const SCRIPT = new URL('netlink-script.ts', import.meta.url).pathname;

describe('rtnetlink against iproute2', options, () => {
  const said = missing === undefined ? run() : {};
  const cases = [
    'link up with mtu and gso_max_size',
    'address with a peer',
    'address with a prefix and its broadcast',
    'routes',
    'a route replaced',
    'route query is route get',
    'our dump of links is theirs',
    'our dump of addresses is theirs',
    'our dump of routes is theirs',
    'removals leave nothing of ours',
    'a foreign route is not ours to remove',
    'what the kernel refuses is an error with its name',
    'notices of changes arrive',
    'the source Linux would take',
  ];
  for (const name of cases) {
    it(name, () => {
      const { ours, theirs } = said[name] ?? {};
      assert.notEqual(theirs, undefined);
      assert.deepEqual(ours, theirs);
    });
  }

  it('nothing the script tells of is left unlooked at', () => {
    assert.deepEqual(Object.keys(said).sort(), [...cases].sort());
  });
});

function run(): Record<string, { ours: unknown; theirs: unknown }> {
  const output = execFileSync('unshare', ['--net', process.execPath, SCRIPT], { encoding: 'utf8', timeout: 30_000 });
  return JSON.parse(output) as Record<string, { ours: unknown; theirs: unknown }>;
}
