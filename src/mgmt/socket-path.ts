// Where the control socket of an instance lies.

import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const DEFAULT_INSTANCE = 'vpdn';

/** `/run/vpdn/NAME.sock` for root; elsewhere in a folder of the user's own. */
export function socketPath(instance = DEFAULT_INSTANCE): string {
  return join(runtimeFolder(), `${instance}.sock`);
}

function runtimeFolder(): string {
  const { uid } = userInfo();
  if (uid === 0) return '/run/vpdn';
  const { XDG_RUNTIME_DIR } = process.env;
  return XDG_RUNTIME_DIR === undefined ? join(tmpdir(), `vpdn-${uid}`) : join(XDG_RUNTIME_DIR, 'vpdn');
}
