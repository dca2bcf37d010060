// The lines an interface runs by, though they are not its own: those of its template (C156).

import type { Configuration } from '../vpdn/configuration.ts';
import type { Interface } from '../vpdn/configuration-interface.ts';
import { formatInterface } from './running-config.ts';

/** `subject` is what the call took its settings from when it came: the configuration may say something else by now. */
export function formatDerived(configuration: Configuration, subject: Interface, name: string): string[] {
  const then = { ...configuration, interfaces: new Map([[subject.name, subject]]) };
  const [first = '!', , ...body] = formatInterface(then, subject.name) ?? [];
  const lines = [first, `interface ${name}`, ...body];
  const octets = new TextEncoder().encode(lines.join('\n')).length + 1;
  return ['Building configuration...', '', `Derived configuration : ${octets} bytes`, ...lines, ''];
}
