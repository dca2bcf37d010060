// `show` of the router itself: which formatter prints which command.

import type { ExecCommand } from '../cli/exec-command.ts';
import { showClock } from '../cli/show/clock.ts';
import { showDebugging } from '../cli/show/debugging.ts';
import { showLogging } from '../cli/show/logging.ts';
import { showVersion } from '../cli/show/version.ts';
import type { ShowSources } from './show-sources.ts';

export function showSystemLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  switch (command.exec) {
    case 'show-version':
      return showVersion(sources.version());
    case 'show-logging':
      return showLogging(sources.logging());
    case 'show-debugging':
      return showDebugging(sources.debugging());
    case 'show-clock':
      return showClock(sources.view().wallClock);
    default:
      return undefined;
  }
}
