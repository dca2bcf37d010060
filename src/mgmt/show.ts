// `show …`: which formatter prints which command. The formatters are in `cli/show/`; what they need beyond the router's view
// (the log, the version, the debug switches) comes from whoever runs the command.

import type { DebugTopic, ExecCommand } from '../cli/exec-command.ts';
import { showClock } from '../cli/show/clock.ts';
import { showDebugging } from '../cli/show/debugging.ts';
import { showVpdnHistoryFailure, showWhy } from '../cli/show/history-failure.ts';
import { showInterfaces } from '../cli/show/interfaces.ts';
import { showIpInterfaceBrief } from '../cli/show/ip-interface-brief.ts';
import { showIpLocalPool } from '../cli/show/ip-local-pool.ts';
import { showIpRoute } from '../cli/show/ip-route.ts';
import { formatJson, isJsonSubject, type JsonFilter, toJson } from '../cli/show/json.ts';
import { showL2tun, showL2tunSession, showL2tunTunnel } from '../cli/show/l2tun.ts';
import { type LoggingView, showLogging } from '../cli/show/logging.ts';
import type { SessionFilter } from '../cli/show/session.ts';
import type { TunnelFilter } from '../cli/show/tunnel.ts';
import { showUsers } from '../cli/show/users.ts';
import { showVersion, type VersionView } from '../cli/show/version.ts';
import { showVpdn, showVpdnTunnel } from '../cli/show/vpdn.ts';
import { showVpdnSession } from '../cli/show/vpdn-session.ts';
import type { RouterView } from '../vpdn/view.ts';

/** Read once a command, lazily. */
export interface ShowSources {
  view(): RouterView;
  logging(): LoggingView;
  version(): VersionView;
  debugging(): ReadonlySet<DebugTopic>;
}

/** The lines; undefined if the command is not one that shows the router. */
export function showLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
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

/** The model behind the text; undefined if the command has none. */
export function jsonLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  if (!isJsonSubject(command.exec)) return undefined;
  return formatJson(toJson(sources.view(), command.exec, jsonFilter(command)));
}

function jsonFilter(command: ExecCommand): JsonFilter {
  switch (command.exec) {
    case 'show-vpdn-tunnel':
    case 'show-l2tun-tunnel':
      return { tunnel: tunnelFilter(command) };
    case 'show-vpdn-session':
    case 'show-l2tun-session':
      return { session: sessionFilter(command) };
    case 'show-interfaces':
    case 'show-ip-interface-brief':
    case 'show-ip-local-pool':
      return { name: command.name };
    default:
      return {};
  }
}

function formOf({ all }: { readonly all: boolean }): 'all' | 'brief' {
  return all ? 'all' : 'brief';
}

function tunnelFilter({ id }: { readonly id?: number }): TunnelFilter {
  return { id };
}

function sessionFilter(command: {
  readonly id?: number;
  readonly username?: string;
  readonly vcid?: number;
}): SessionFilter {
  return { id: command.id, username: command.username, vcid: command.vcid };
}
