// What a request on the control socket may use: the router, and what looks at it.

import type { ParsedExec } from '../cli/exec-command.ts';
import type { Author, RunningConfiguration } from '../host/running-configuration.ts';
import type { RunningRouter } from '../host/running-router.ts';
import type { UserView } from '../vpdn/view.ts';
import type { Debugging } from './debugging.ts';
import type { Lines } from './lines.ts';

export interface Services {
  readonly router: RunningRouter;
  readonly configuration: RunningConfiguration;
  readonly debugging: Debugging;
  readonly exec: Executor;
  readonly lines: Lines;
}

/** Who asks: a line of `show users`, and what ends a long command. */
export interface ExecCaller {
  readonly signal: AbortSignal;
  readonly users: () => readonly UserView[];
  readonly author: Author;
}

export interface Executor {
  /** Output in pieces of text; the value at the end: it was done. */
  run(parsed: ParsedExec, caller: ExecCaller): AsyncGenerator<string, boolean>;
}
