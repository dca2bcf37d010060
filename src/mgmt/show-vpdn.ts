// `show vpdn …`, `show l2tun …`, `show l2tp …`, `show xconnect`: which formatter prints which command.

import type { ExecCommand } from '../cli/exec-command.ts';
import { showVpdnHistoryFailure, showWhy } from '../cli/show/history-failure.ts';
import { showL2tpClass } from '../cli/show/l2tp-class.ts';
import { showL2tpCounters, showL2tpMemory } from '../cli/show/l2tp-counters.ts';
import { showL2tun, showL2tunSession, showL2tunTunnel } from '../cli/show/l2tun.ts';
import { showPppMppe } from '../cli/show/mppe.ts';
import { showVpdn, showVpdnTunnel } from '../cli/show/vpdn.ts';
import { showVpdnExtra } from '../cli/show/vpdn-extras.ts';
import {
  showVpdnDomain,
  showVpdnGroup,
  showVpdnGroupSelectDefault,
  showVpdnGroupSelectKeys,
  showVpdnGroupSelectSummary,
} from '../cli/show/vpdn-group.ts';
import { showVpdnSession } from '../cli/show/vpdn-session.ts';
import { showXconnect } from '../cli/show/xconnect.ts';
import type { RouterView } from '../vpdn/view.ts';
import type { ShowSources } from './show-sources.ts';

export function showVpdnLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  switch (command.exec) {
    case 'show-vpdn':
      return showVpdn(sources.view());
    case 'show-vpdn-tunnel':
      return showVpdnTunnel(sources.view(), command);
    case 'show-vpdn-session':
      return showVpdnSession(sources.view(), command);
    case 'show-l2tun':
      return showL2tun(sources.view());
    case 'show-l2tun-tunnel':
      return showL2tunTunnel(sources.view(), command);
    case 'show-l2tun-session':
      return showL2tunSession(sources.view(), command);
    case 'show-vpdn-history-failure':
      return showVpdnHistoryFailure(sources.view(), command);
    case 'why':
      return showWhy(sources.view(), command.name);
    case 'show-l2tp-class':
      return showL2tpClass(sources.view());
    case 'show-l2tp-counters':
      return showL2tpCounters(sources.view(), command.kind);
    case 'show-l2tp-memory':
      return showL2tpMemory(sources.view());
    case 'show-xconnect':
      return showXconnect(sources.view(), command, command.detail);
    case 'show-ppp-mppe':
      return showPppMppe(sources.view(), command.name);
    case 'show-vpdn-group':
      return showVpdnGroup(sources.view(), command.name, command.part);
    case 'show-vpdn-domain':
      return showVpdnDomain(sources.view());
    case 'show-vpdn-group-select':
      return groupSelectLines(command, sources.view());
    case 'show-vpdn-extra':
      return showVpdnExtra(sources.view(), command.extra, command.group);
    default:
      return undefined;
  }
}

function groupSelectLines(
  command: Extract<ExecCommand, { exec: 'show-vpdn-group-select' }>,
  view: RouterView,
): Iterable<string> {
  if (command.what === 'keys') return showVpdnGroupSelectKeys(view, command);
  return command.what === 'default' ? showVpdnGroupSelectDefault(view) : showVpdnGroupSelectSummary(view);
}
