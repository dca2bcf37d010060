// `show interfaces`, `show ip …`, `show users`: which formatter prints which command.

import type { ExecCommand } from '../cli/exec-command.ts';
import { showInterfaces } from '../cli/show/interfaces.ts';
import { showIpInterfaceBrief } from '../cli/show/ip-interface-brief.ts';
import { showIpLocalPool } from '../cli/show/ip-local-pool.ts';
import { showIpRoute } from '../cli/show/ip-route.ts';
import { showUsers } from '../cli/show/users.ts';
import type { ShowSources } from './show-sources.ts';

export function showInterfacesLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  switch (command.exec) {
    case 'show-interfaces':
      return showInterfaces(sources.view(), command.name);
    case 'show-ip-interface-brief':
      return showIpInterfaceBrief(sources.view(), command.name);
    case 'show-ip-route':
      return showIpRoute(sources.view());
    case 'show-ip-local-pool':
      return showIpLocalPool(sources.view(), command.name);
    case 'show-users':
      return showUsers(sources.view());
    default:
      return undefined;
  }
}
