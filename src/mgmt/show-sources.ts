// What the formatters of `cli/show/` print from: the router's view, and what only the process around it knows.

import type { DebugTopic } from '../cli/grammar/exec/debug.ts';
import type { LoggingView } from '../cli/show/logging.ts';
import type { VersionView } from '../cli/show/version.ts';
import type { RouterView } from '../vpdn/view.ts';

/** Read once a command, lazily. */
export interface ShowSources {
  view(): RouterView;
  logging(): LoggingView;
  version(): VersionView;
  debugging(): ReadonlySet<DebugTopic>;
}
