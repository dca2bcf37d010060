// The session at a terminal: levels, configuration mode, the way out (C001-C004).

import type { Millis } from '../../../wire/machine.ts';
import { number, optional, word } from '../../syntax.ts';
import type { ConfigurationCommand } from './configuration.ts';
import { ANYBODY, asking, define, type ExecDefinition, PRIVILEGED } from './definition.ts';

export type SessionCommand =
  /** `configure` answered with something else than `terminal`. */
  | { readonly exec: 'configure-elsewhere'; readonly source: string }
  | { readonly exec: 'configure-terminal'; readonly revertAfter?: Millis }
  | { readonly exec: 'enable'; readonly level: number }
  | { readonly exec: 'disable'; readonly level: number }
  | { readonly exec: 'exit' }
  | { readonly exec: 'help' };

export const SESSION: readonly ExecDefinition<SessionCommand | ConfigurationCommand>[] = [
  define(
    [word('enable', 'Turn on privileged commands'), optional(number('level', 0, 15, 'Enable level'))],
    ({ level = 15 }) => ({ exec: 'enable', level }),
    ANYBODY,
    'C001',
  ),
  define(
    [word('disable', 'Turn off privileged commands'), optional(number('level', 0, 15, 'Privilege level to go to'))],
    ({ level = 1 }) => ({ exec: 'disable', level }),
    ANYBODY,
    'C002',
  ),
  ...(['exit', 'logout', 'quit'] as const).map((text) => {
    return define([word(text, 'Exit from the EXEC')], () => ({ exec: 'exit' }), ANYBODY, 'C004');
  }),
  define([word('help', 'Description of the interactive help system')], () => ({ exec: 'help' }), ANYBODY, 'C004'),
  asking(
    define(
      [word('configure', 'Enter configuration mode')],
      (_, [source = TERMINAL]) => {
        const typed = source.toLowerCase();
        if (TERMINAL.startsWith(typed)) return { exec: 'configure-terminal' };
        if ('memory'.startsWith(typed))
          return { exec: 'copy-configuration', from: 'startup-config', to: 'running-config' };
        return { exec: 'configure-elsewhere', source };
      },
      PRIVILEGED,
      'C003',
    ),
    { prompt: 'Configuring from terminal, memory, or network [terminal]? ', kind: 'text', default: 'terminal' },
  ),
];

const TERMINAL = 'terminal';
