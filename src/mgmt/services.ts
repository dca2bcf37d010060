// What a request on the control socket may use: the router, and what looks at it.

import type { RunningConfiguration } from '../host/running-configuration.ts';
import type { RunningRouter } from '../host/running-router.ts';
import type { Debugging } from './debugging.ts';
import type { Exec } from './exec.ts';
import type { Lines } from './lines.ts';

export interface Services {
  readonly router: RunningRouter;
  readonly configuration: RunningConfiguration;
  readonly debugging: Debugging;
  readonly exec: Exec;
  readonly lines: Lines;
}
