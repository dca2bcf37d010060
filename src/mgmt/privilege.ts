// What somebody who came in by the control socket may do.

import { PRIVILEGED, USER } from '../cli/grammar/exec/definition.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import type { Caller } from './control-socket.ts';

/** Root and who runs the router are as if enabled; members of the group have what the `username` line of their name gives. */
export function privilegeOf({ owner, user }: Caller, { users }: Configuration): number {
  return owner ? PRIVILEGED : (users.get(user)?.privilege ?? USER);
}
