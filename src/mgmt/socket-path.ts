// Where the control socket of an instance lies.

import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** `/run/vpdn/vpdn.sock` for root; elsewhere in a folder of the user's own. */
export function socketPath(): string {
  return join(runtimeFolder(), 'vpdn.sock');
}

function runtimeFolder(): string {
  const { uid } = userInfo();
  if (uid === 0) return '/run/vpdn';
  const { XDG_RUNTIME_DIR } = process.env;
  return XDG_RUNTIME_DIR === undefined ? join(tmpdir(), `vpdn-${uid}`) : join(XDG_RUNTIME_DIR, 'vpdn');
}
