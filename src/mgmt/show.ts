// `show …` as text and as JSON. The formatters are in `cli/show/`.

import type { ExecCommand } from '../cli/exec-command.ts';
import { formatJson, isJsonSubject, type JsonFilter, toJson } from '../cli/show/json.ts';
import { showCallersLines } from './show-callers.ts';
import { showInterfacesLines } from './show-interfaces.ts';
import { machineModel } from './show-machine-json.ts';
import type { ShowSources } from './show-sources.ts';
import { showSystemLines } from './show-system.ts';
import { showVpdnLines } from './show-vpdn.ts';

/** The lines; undefined if the command is not one that shows the router. */
export function showLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  return (
    showVpdnLines(command, sources) ??
    showInterfacesLines(command, sources) ??
    showCallersLines(command, sources) ??
    showSystemLines(command, sources)
  );
}

/** The model behind the text; undefined if the command has none. */
export function jsonLines(command: ExecCommand, sources: ShowSources): Iterable<string> | undefined {
  const machine = machineModel(command, sources);
  if (machine !== undefined) return formatJson(machine);
  if (!isJsonSubject(command.exec)) return undefined;
  return formatJson(toJson(sources.view(), command.exec, jsonFilter(command)));
}

function jsonFilter(command: ExecCommand): JsonFilter {
  switch (command.exec) {
    case 'show-vpdn-tunnel':
      return { tunnel: command.filter, protocol: command.protocol };
    case 'show-l2tun-tunnel':
      return { tunnel: command.filter };
    case 'show-vpdn-session':
      return { session: command.filter, protocol: command.protocol };
    case 'show-l2tun-session':
      return { session: command.filter };
    case 'show-vpdn-history-failure':
      return { failure: command };
    case 'show-xconnect':
      return { xconnect: command };
    case 'show-l2tp-counters':
      return { kind: command.kind };
    case 'show-vpdn-group-select':
      return { keys: command.what === 'keys' ? command : undefined };
    case 'show-vpdn-extra':
      return { extra: command.extra };
    case 'show-ppp-mppe':
    case 'show-vpdn-group':
    case 'show-interfaces':
    case 'show-ip-interface-brief':
    case 'show-ip-interface':
    case 'show-ppp-interface':
    case 'show-ip-local-pool':
      return { name: command.name };
    case 'show-caller-full':
      return { username: command.username, name: command.interfaceName };
    default:
      return {};
  }
}
