// The helpers judged: what they start must end with the test, however that ends, and a skip must be able to fail.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Namespace } from './namespace.ts';
import { Background, command, run } from './process.ts';
import { hosted, lacking, NAMESPACES } from './requirement.ts';
import { transfer } from './transfer.ts';
import { Timeout, waitFor } from './wait.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MILLIS = 30_000;

test('a command has its status, output and complaints apart', async () => {
  const outcome = await run(['sh', '-c', 'echo out; echo err >&2; exit 3']);
  assert.deepEqual(outcome, { status: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('a command that takes too long is an error, and is ended', async () => {
  const started = run(['sh', '-c', 'echo $$ >&2; sleep 60'], 200);
  const error = await started.then(
    () => undefined,
    (reason: unknown) => reason as Timeout,
  );
  assert.ok(error instanceof Timeout);
  const pid = /^(\d+)$/m.exec(error.message)?.[1];
  assert.ok(pid !== undefined && !existsSync(`/proc/${pid}`), error.message);
});

test('stopping a background process ends the children it left', async () => {
  const parent = Background.start(['sh', '-c', 'sleep 60 & echo $!; wait']);
  const child = (await parent.said(/^\d+$/m, 2000))[0];
  await parent.stop();
  await waitFor('the child to go', 2000, () => !existsSync(`/proc/${child}/exe`));
});

test('waiting in vain names what was waited for', async () => {
  await assert.rejects(
    waitFor(
      'rain',
      50,
      () => undefined,
      () => 'it is sunny',
    ),
    /in vain for rain\nit is sunny/,
  );
});

test('the first thing missing is named', () => {
  assert.equal(lacking({ programs: ['sh'] }, { programs: ['no-such-program'] }), 'the program no-such-program');
  assert.equal(lacking({ programs: ['sh'], files: ['/dev/null'] }), undefined);
});

for (const [required, status, word] of [
  ['0', 0, /# SKIP missing: \/no\/such\/file/],
  ['1', 1, /must not skip here, but is missing: \/no\/such\/file/],
] as const) {
  test(`VPDN_REQUIRE_INTEROP=${required}: a test whose needs are not met ${status === 0 ? 'skips' : 'fails'}`, async () => {
    const env = { VPDN_REQUIRE_INTEROP: required, NODE_TEST_CONTEXT: '' };
    const body = "hosted('needy', [{ files: ['/no/such/file'] }], 1000, async () => {});";
    const outcome = await run(nodeArgv('requirement.ts', 'hosted', body, ['--test-reporter=tap']), MILLIS, { env });
    assert.equal(outcome.status, status, outcome.stdout);
    assert.match(outcome.stdout, word);
  });
}

hosted('a namespace is gone when its process ends by a signal', [NAMESPACES], MILLIS, async () => {
  const holder = holdNamespace();
  const name = await nameFrom(holder);
  await holder.stop('SIGTERM');
  assert.ok(!namespaces().includes(name));
});

hosted('a namespace left by kill -9 is swept by the next process', [NAMESPACES], MILLIS, async () => {
  const holder = holdNamespace();
  const name = await nameFrom(holder);
  await holder.stop('SIGKILL');
  assert.ok(namespaces().includes(name), 'nobody can clean up after kill -9');
  const next = holdNamespace();
  await nameFrom(next);
  assert.ok(!namespaces().includes(name));
  await next.stop();
});

hosted('a transfer arrives whole, and one that nobody takes fails', [NAMESPACES], MILLIS, async (context) => {
  const namespace = Namespace.create();
  context.after(() => namespace.destroy());
  const plan = { from: namespace, to: namespace, octets: 100_000 };
  await transfer({ ...plan, address: '127.0.0.1' });
  await assert.rejects(
    transfer({ ...plan, address: '192.0.2.1', seconds: 1 }),
    /the sender: not done after 1 s: 0 octets/,
  );
});

/** A process of its own that makes a namespace, says its name, and lives on. */
function holdNamespace(): Background {
  const body = 'console.log(Namespace.create().name); setInterval(() => {}, 1000);';
  return Background.start(nodeArgv('namespace.ts', 'Namespace', body));
}

async function nameFrom(holder: Background): Promise<string> {
  return (await holder.said(/^vpdntest-\d+-\d+$/m, MILLIS))[0];
}

function namespaces(): string[] {
  return command('ip', 'netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0]!);
}

/** Runs `body` with one export of one of these files. */
function nodeArgv(file: string, name: string, body: string, options: readonly string[] = []): string[] {
  return [
    process.execPath,
    ...options,
    '--input-type=module',
    '-e',
    `import { ${name} } from '${HERE}${file}'; ${body}`,
  ];
}
