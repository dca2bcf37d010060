// `show interfaces`, `show ip …`, `show vtemplate`: which formatter prints which command.

import type { ExecCommand } from '../cli/exec-command.ts';
import { showIpCef } from '../cli/show/forwarding.ts';
import { showInterfaceCounters } from '../cli/show/interface-counters.ts';
import { showInterfacesDescription, showInterfacesSummary } from '../cli/show/interface-lists.ts';
import { showInterfaces } from '../cli/show/interfaces.ts';
import { showIpInterface } from '../cli/show/ip-interface.ts';
import { showIpInterfaceBrief } from '../cli/show/ip-interface-brief.ts';
import { showIpLocalPool } from '../cli/show/ip-local-pool.ts';
import { showIpRoute, showIpRouteSummary, showIpRouteTo } from '../cli/show/ip-route.ts';
import { showIpv6InterfaceBrief } from '../cli/show/ipv6-interface-brief.ts';
import { showVtemplate } from '../cli/show/vtemplate.ts';
import type { ShowSources } from './show-sources.ts';

export function showInterfacesLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  switch (command.exec) {
    case 'show-interfaces': {
      const lines = command.form === undefined ? showInterfaces : FORMS[command.form];
      return lines(sources.view(), command.name);
    }
    case 'show-ip-interface':
      return showIpInterface(sources.view(), command.name);
    case 'show-ip-interface-brief':
      return showIpInterfaceBrief(sources.view(), command.name);
    case 'show-ipv6-interface-brief':
      return showIpv6InterfaceBrief(sources.view(), command.name);
    case 'show-ip-route':
      return showRoutes(command, sources);
    case 'show-ip-local-pool': {
      if (command.name === undefined) return showIpLocalPool(sources.view());
      return showIpLocalPool({ pools: sources.pool(command.name) }, command.name);
    }
    case 'show-ip-cef':
      return showIpCef(sources.view());
    case 'show-vtemplate':
      return showVtemplate(sources.view());
    default:
      return undefined;
  }
}

const FORMS = {
  counters: showInterfaceCounters,
  description: showInterfacesDescription,
  summary: showInterfacesSummary,
} as const;

function showRoutes(command: Extract<ExecCommand, { exec: 'show-ip-route' }>, sources: ShowSources): Iterable<string> {
  const { only, address, prefixLength, badMask } = command;
  if (badMask !== undefined) return [`% Bad mask ${badMask} for address ${address}`];
  if (only === 'summary') return showIpRouteSummary(sources.view());
  if (address !== undefined) return showIpRouteTo(sources.view(), address, prefixLength);
  return showIpRoute(sources.view(), only);
}
