// Configurations as a whole: looked at, written, copied (C028, C161).

import { interfaceName, optional, sequence, word, words } from '../../syntax.ts';
import { ALL_INTERFACES, define, type ExecDefinition, PRIVILEGED, shown } from './definition.ts';

export type ConfigurationCommand =
  | { readonly exec: 'show-running-config'; readonly interfaceName?: string }
  | { readonly exec: 'show-startup-config' }
  | { readonly exec: 'write-memory' };

export const CONFIGURATION: readonly ExecDefinition<ConfigurationCommand>[] = [
  shown(
    'running-config',
    'Current operating configuration',
    [optional(sequence(word('interface', 'One interface'), interfaceName('of', ALL_INTERFACES)))],
    ({ of }) => ({ exec: 'show-running-config', ...(of === undefined ? {} : { interfaceName: of }) }),
    PRIVILEGED,
  ),
  shown('startup-config', 'Contents of startup configuration', [], () => ({ exec: 'show-startup-config' }), PRIVILEGED),
  define(
    [
      word('write', 'Write running configuration to memory, network, or terminal'),
      optional(word('memory', 'Write to NV memory')),
    ],
    () => ({ exec: 'write-memory' }),
    PRIVILEGED,
  ),
  define([words('write terminal', 'Write to terminal')], () => ({ exec: 'show-running-config' }), PRIVILEGED),
  define(
    [words('copy running-config startup-config', 'Copy to startup configuration')],
    () => ({ exec: 'write-memory' }),
    PRIVILEGED,
  ),
];
