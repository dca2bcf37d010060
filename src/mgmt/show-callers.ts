// `show ppp …`, `show users`, `show caller …`, `show subscriber …`, `show aaa …`: which formatter prints which command.

import type { ExecCommand } from '../cli/exec-command.ts';
import { showCaller, showCallerFull, showCallerIp, showCallerSummary } from '../cli/show/caller.ts';
import { showPppAll, showPppInterface } from '../cli/show/ppp.ts';
import { showPppStatistics } from '../cli/show/ppp-statistics.ts';
import {
  NO_AAA_SERVERS,
  NO_LOCKOUT,
  showAaaSessions,
  showAaaUser,
  showMethodLists,
  showSssSession,
  showSubscriberSession,
} from '../cli/show/subscriber.ts';
import { showUsers } from '../cli/show/users.ts';
import type { ShowSources } from './show-sources.ts';

export function showCallersLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  switch (command.exec) {
    case 'show-ppp-all':
      return showPppAll(sources.view());
    case 'show-ppp-interface':
      return showPppInterface(sources.view(), command.name);
    case 'show-ppp-statistics':
      return showPppStatistics(sources.view());
    case 'show-users':
      return showUsers(sources.view());
    case 'show-caller':
      return showCaller(sources.view());
    case 'show-caller-ip':
      return showCallerIp(sources.view());
    case 'show-caller-summary':
      return showCallerSummary(sources.view());
    case 'show-caller-full':
      return showCallerFull(sources.view(), command);
    case 'show-subscriber-session':
      return showSubscriberSession(sources.view());
    case 'show-sss-session':
      return showSssSession(sources.view());
    case 'show-aaa-sessions':
      return showAaaSessions(sources.view());
    case 'show-aaa-user':
      return showAaaUser(sources.view(), command.id);
    case 'show-aaa-servers':
      return NO_AAA_SERVERS;
    case 'show-aaa-method-lists':
      return showMethodLists(sources.view());
    case 'show-aaa-lockout':
      return NO_LOCKOUT;
    default:
      return undefined;
  }
}
