// `| json` of what the process around the router knows: itself, its log, its machine.

import type { ExecCommand } from '../cli/exec-command.ts';
import type { JsonModel } from '../cli/show/json.ts';
import type { ShowSources } from './show-sources.ts';

/** Undefined if the command is about something else. */
export function machineModel({ exec }: ExecCommand, sources: ShowSources): JsonModel | undefined {
  const facts = factsOf(exec, sources);
  return facts === undefined ? undefined : { schema: `vpdn.${exec}/1`, ...facts };
}

function factsOf(exec: ExecCommand['exec'], sources: ShowSources): object | undefined {
  switch (exec) {
    case 'show-version':
      return sources.version();
    case 'show-logging': {
      const { configuration: _, buffer, ...counts } = sources.logging();
      return { ...counts, buffer: [...buffer] };
    }
    case 'show-debugging': {
      const { topics, conditions } = sources.debugging();
      return { topics: [...topics], conditions };
    }
    case 'show-hosts':
      return sources.hosts();
    case 'show-arp':
      return { entries: sources.machine().arp };
    case 'show-tcp-brief':
      return { sockets: sources.machine().tcp };
    case 'show-udp':
      return { sockets: sources.machine().udp };
    case 'show-processes': {
      const { threads, processPercent, load } = sources.machine();
      return { processPercent, load, threads };
    }
    case 'show-memory':
      return sources.machine().memory;
    default:
      return undefined;
  }
}
