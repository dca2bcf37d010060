// The guest itself: it boots fast, runs commands, reaches its namespace and nothing else, and a kill leaves nothing.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { Namespace } from '../support/namespace.ts';
import { hosted, NAMESPACES } from '../support/requirement.ts';
import { MEGABYTE, transfer } from '../support/transfer.ts';
import { waitFor } from '../support/wait.ts';
import { Guest, USER_MODE_LINUX } from './guest.ts';

hosted('a guest boots, works and vanishes', [NAMESPACES, USER_MODE_LINUX], 60_000, async (context) => {
  const namespace = Namespace.create();
  context.after(() => namespace.destroy());
  namespace.addTap('tap0', '192.0.2.2/24');

  const start = performance.now();
  const guest = await Guest.boot({ namespace, tap: 'tap0', address: '192.0.2.1/24' });
  context.after(() => guest.kill());
  context.diagnostic(`booted in ${Math.round(performance.now() - start)} ms`);

  await context.test('a command returns its output and status', async () => {
    const outcome = await guest.shell('echo "it\'s" here; echo there >&2; exit 3');
    assert.deepEqual(outcome, { status: 3, stdout: "it's here\n", stderr: 'there\n' });
  });

  await context.test('an argument arrives as it is', async () => {
    const awkward = `a 'b' "c" $d \\ *`;
    assert.equal((await guest.run(['printf', '%s', awkward])).stdout, awkward);
  });

  await context.test('commands run side by side', async () => {
    const [slow, fast] = await Promise.all([
      guest.shell('while [ ! -e /tmp/go ]; do sleep 0.05; done; echo slow'),
      guest.shell('touch /tmp/go; echo fast'),
    ]);
    assert.deepEqual([slow.stdout, fast.stdout], ['slow\n', 'fast\n']);
  });

  await context.test('its kernel has the L2TP that ours lacks', async () => {
    assert.equal((await guest.run(['test', '-e', '/proc/net/pppol2tp'])).status, 0);
  });

  await context.test('it has one interface, and cannot write to the host', async () => {
    assert.equal((await guest.shell('ls /sys/class/net | grep -v -x -e lo -e sit0')).stdout, 'vec0\n');
    await guest.shell('touch /etc/vpdntest-leak');
    assert.equal(existsSync('/etc/vpdntest-leak'), false);
  });

  for (const [direction, from, to, address] of [
    ['to', namespace, guest, '192.0.2.1'],
    ['from', guest, namespace, '192.0.2.2'],
  ] as const) {
    await context.test(`a transfer ${direction} the guest arrives whole`, async () => {
      await transfer({ from, to, address, octets: MEGABYTE });
    });
  }

  await context.test('a kill leaves no process and no file', async () => {
    await guest.kill();
    await waitFor('the last process to go', 2000, () => namespace.pids.length === 0);
    assert.equal(existsSync(guest.folder), false);
  });
});
