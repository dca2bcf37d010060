// The model as IOS prints it: what is not default, in the order of 12.4. Reading it back gives the same model.

import type { Configuration } from '../vpdn/configuration.ts';
import { GLOBAL_MODE } from './grammar/global.ts';
import { interfaceBlock } from './grammar/ip.ts';
import type { PrintScope } from './tree.ts';

/** From the first `!` to `end`, one line an element. */
export function formatRunningConfig(configuration: Configuration): string[] {
  const scope = globalScope(configuration);
  const lines = ['!', ...GLOBAL_MODE.commands.flatMap((command) => command.lines?.(scope) ?? []), '!', 'end'];
  return lines.filter((line, index) => line !== '!' || lines[index - 1] !== '!');
}

/** What `show running-config` prints around it; `notes` are lines such as when it was last changed. */
export function withHeader(lines: readonly string[], notes: readonly string[] = []): string[] {
  const body = notes.length === 0 ? [...lines] : ['!', ...notes.map((note) => `! ${note}`), ...lines];
  const octets = new TextEncoder().encode(body.join('\n')).length + 1;
  return ['Building configuration...', '', `Current configuration : ${octets} bytes`, ...body, ''];
}

/** `show running-config interface NAME`; undefined when there is none. */
export function formatInterface(configuration: Configuration, name: string): string[] | undefined {
  const block = interfaceBlock(globalScope(configuration), name);
  return block && ['!', ...block, 'end'];
}

function globalScope(configuration: Configuration): PrintScope<Configuration> {
  return { configuration, subject: configuration, under: [], inert: configuration.inert };
}
