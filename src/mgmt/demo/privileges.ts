// The demo makes network namespaces: as root, or as root of a user namespace, which most systems grant to everybody.

import { spawn, spawnSync } from 'node:child_process';
import { OperatorError } from '../operator-error.ts';
import { CAP_NET_ADMIN, CAP_SYS_ADMIN, hasCapability, requireTun } from '../preflight.ts';

/** Undefined when all is granted; else the demo has run in a user namespace, and this is its exit status. */
export async function borrowPrivileges(): Promise<number | undefined> {
  requireTun();
  if (hasCapability(CAP_SYS_ADMIN) && hasCapability(CAP_NET_ADMIN)) return undefined;
  if (process.env[INSIDE] !== undefined) throw new OperatorError(MISSING);
  // `unshare` is part of util-linux, which no Debian is without. A process of many threads, as this is, cannot do it itself.
  const probe = spawnSync('unshare', [...UNSHARE, 'true'], { encoding: 'utf8' });
  if (probe.status !== 0) throw new OperatorError(MISSING);
  process.stderr.write('Without the rights of root here, the demo runs in a user namespace.\n');
  const args = [...UNSHARE, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', args, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('close', (status) => resolve(status ?? 1)));
}

const INSIDE = 'VPDN_DEMO_INSIDE';
/** With a network of its own: one may return only to a namespace that one owns. */
const UNSHARE = ['--user', '--map-root-user', '--net', '--'];
const MISSING =
  'the demo needs root, or user namespaces, to build its network: run it with sudo, allow them ' +
  '(sysctl kernel.unprivileged_userns_clone=1, or kernel.apparmor_restrict_unprivileged_userns=0), ' +
  'or start the container with --cap-add SYS_ADMIN --cap-add NET_ADMIN --device /dev/net/tun';
