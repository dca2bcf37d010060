// `show vpdn …` and `show l2tun …`: which formatter prints which command.

import type { ExecCommand } from '../cli/exec-command.ts';
import { showVpdnHistoryFailure, showWhy } from '../cli/show/history-failure.ts';
import { showL2tun, showL2tunSession, showL2tunTunnel } from '../cli/show/l2tun.ts';
import type { SessionFilter } from '../cli/show/session.ts';
import type { TunnelFilter } from '../cli/show/tunnel.ts';
import { showVpdn, showVpdnTunnel } from '../cli/show/vpdn.ts';
import { showVpdnSession } from '../cli/show/vpdn-session.ts';
import type { ShowSources } from './show-sources.ts';

export function showVpdnLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  switch (command.exec) {
    case 'show-vpdn':
      return showVpdn(sources.view());
    case 'show-vpdn-tunnel':
      return showVpdnTunnel(sources.view(), { form: formOf(command), filter: tunnelFilter(command) });
    case 'show-vpdn-session':
      return showVpdnSession(sources.view(), { form: formOf(command), filter: sessionFilter(command) });
    case 'show-l2tun':
      return showL2tun(sources.view());
    case 'show-l2tun-tunnel':
      return showL2tunTunnel(sources.view(), { form: formOf(command), filter: tunnelFilter(command) });
    case 'show-l2tun-session':
      return showL2tunSession(sources.view(), { form: formOf(command), filter: sessionFilter(command) });
    case 'show-vpdn-history-failure':
      return showVpdnHistoryFailure(sources.view());
    case 'why':
      return showWhy(sources.view(), command.name);
    default:
      return undefined;
  }
}

function formOf({ all }: { readonly all: boolean }): 'all' | 'brief' {
  return all ? 'all' : 'brief';
}

export function tunnelFilter({ id }: { readonly id?: number }): TunnelFilter {
  return { id };
}

export function sessionFilter(command: {
  readonly id?: number;
  readonly username?: string;
  readonly vcid?: number;
}): SessionFilter {
  return { id: command.id, username: command.username, vcid: command.vcid };
}
