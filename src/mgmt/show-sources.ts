// What the formatters of `cli/show/` print from: the router's view, and what only the process around it knows.

import type { DebuggingView } from '../cli/show/debugging.ts';
import type { HostsView } from '../cli/show/forwarding.ts';
import type { LoggingView } from '../cli/show/logging.ts';
import type { MachineView } from '../cli/show/machine.ts';
import type { VersionView } from '../cli/show/version.ts';
import type { PoolView, RouterView } from '../vpdn/view.ts';

/** Read once a command, lazily. */
export interface ShowSources {
  view(): RouterView;
  /** One address pool, with who has which address; empty if there is none of this name. */
  pool(name: string): PoolView[];
  logging(): LoggingView;
  version(): VersionView;
  debugging(): DebuggingView;
  machine(): MachineView;
  hosts(): HostsView;
}
