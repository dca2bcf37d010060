// `show` of the router itself and of its machine: which formatter prints which command.

import { showAliases } from '../cli/alias.ts';
import type { ExecCommand } from '../cli/exec-command.ts';
import { showAccessLists } from '../cli/show/access-lists.ts';
import { showClock } from '../cli/show/clock.ts';
import { showDebugging } from '../cli/show/debugging.ts';
import { showControllersIsa, showHosts } from '../cli/show/forwarding.ts';
import { showLogging } from '../cli/show/logging.ts';
import { showArp, showMemory, showProcesses, showTcpBrief, showUdp } from '../cli/show/machine.ts';
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
    case 'show-clock': {
      const time = showClock(sources.view().wallClock);
      return command.detail ? [...time, 'No time source: the clock is that of the Linux machine'] : time;
    }
    case 'show-hosts':
      return showHosts(sources.hosts());
    case 'show-controllers-isa':
      return showControllersIsa(sources.view());
    case 'show-arp':
      return showArp(sources.machine());
    case 'show-tcp-brief':
      return showTcpBrief(sources.machine());
    case 'show-udp':
      return showUdp(sources.machine());
    case 'show-aliases':
      return showAliases(sources.view().configuration.aliases);
    case 'show-access-lists':
      return showAccessLists(sources.view().configuration.accessLists, command.list);
    case 'show-processes':
      return showProcesses(sources.machine());
    case 'show-memory':
      return showMemory(sources.machine());
    default:
      return undefined;
  }
}
