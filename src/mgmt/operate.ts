// `clear` and `debug` carried out: what changes counters and traces, and what is said about it.

import type { ExecCommand } from '../cli/exec-command.ts';
import { formatDebugSwitch, UNDEBUG_ALL } from '../cli/show/debugging.ts';
import { interfaceRow } from '../cli/show/rows.ts';
import type { RunningRouter } from '../host/running-router.ts';
import type { Debugging } from './debugging.ts';

/** The lines it answers with; undefined if the command is another. */
export function operate(command: ExecCommand, router: RunningRouter, debugging: Debugging): string[] | undefined {
  switch (command.exec) {
    case 'clear':
      if (command.what.kind === 'interface' && isUnknown(command.what.name, router))
        return [noInterface(command.what.name)];
      router.clear(command.what);
      return [];
    case 'clear-logging':
      router.log.clear();
      return [];
    case 'clear-counters':
      if (command.name !== undefined && isUnknown(command.name, router)) return [noInterface(command.name)];
      router.clearInterfaceCounters(command.name);
      return [];
    case 'clear-vpdn-counters':
      router.clearVpdnCounters(command);
      return [];
    case 'clear-nothing':
      return command.said === undefined ? [] : [command.said];
    case 'refused':
      return [command.message];
    case 'debug':
      debugging.set(command.topic, command.on);
      return [formatDebugSwitch(command.topic, command.on)];
    case 'debug-condition': {
      if (!command.on) return removed(debugging.removeConditions(command.condition));
      const { id, known } = debugging.addCondition(command.condition);
      return [known ? `% Condition ${id} already set` : `Condition ${id} set`];
    }
    case 'undebug-condition':
      return removed(debugging.removeConditions(command.id));
    case 'undebug-all':
      debugging.clear();
      return [UNDEBUG_ALL];
    default:
      return undefined;
  }
}

function removed(ids: readonly number[]): string[] {
  return ids.length === 0 ? ['% Condition not found'] : ids.map((id) => `Condition ${id} has been removed`);
}

function isUnknown(name: string, router: RunningRouter): boolean {
  return interfaceRow(router.view(), name) === undefined;
}

function noInterface(name: string): string {
  return `% Interface ${name} does not exist`;
}
