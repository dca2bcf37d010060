// What a terminal is set to (C025).

import { number, words } from '../../syntax.ts';
import { define, type ExecDefinition, PRIVILEGED, shown, USER } from './definition.ts';

export type TerminalCommand =
  | { readonly exec: 'terminal-length'; readonly lines: number }
  | { readonly exec: 'terminal-width'; readonly columns: number }
  | { readonly exec: 'terminal-history'; readonly on: boolean }
  | { readonly exec: 'terminal-history-size'; readonly size: number }
  | { readonly exec: 'terminal-monitor'; readonly on: boolean }
  | { readonly exec: 'show-terminal' };

export const TERMINAL: readonly ExecDefinition<TerminalCommand>[] = [
  define(
    [
      words('terminal length', 'Set number of lines on a screen'),
      number('lines', 0, 512, 'Number of lines on screen (0 for no pausing)'),
    ],
    ({ lines }) => ({ exec: 'terminal-length', lines }),
    USER,
    'C025',
  ),
  define(
    [
      words('terminal width', 'Set width of the display terminal'),
      number('columns', 0, 512, 'Number of characters on a screen line'),
    ],
    ({ columns }) => ({ exec: 'terminal-width', columns }),
    USER,
    'C025',
  ),
  define(
    [words('terminal history', 'Enable and control the command history function')],
    () => ({ exec: 'terminal-history', on: true }),
    USER,
    'C025',
  ),
  define(
    [words('terminal no history', 'Disable the command history function')],
    () => ({ exec: 'terminal-history', on: false }),
    USER,
    'C025',
  ),
  define(
    [words('terminal history size', 'Set history buffer size'), number('size', 0, 256, 'Size of history buffer')],
    ({ size }) => ({ exec: 'terminal-history-size', size }),
    USER,
    'C025',
  ),
  define(
    [words('terminal monitor', 'Copy debug output to the current terminal line')],
    () => ({ exec: 'terminal-monitor', on: true }),
    PRIVILEGED,
    'C025',
  ),
  define(
    [words('terminal no monitor', 'Do not copy debug output to the current terminal line')],
    () => ({ exec: 'terminal-monitor', on: false }),
    PRIVILEGED,
    'C025',
  ),
  shown('terminal', 'Display terminal configuration parameters', [], () => ({ exec: 'show-terminal' }), USER, 'C025'),
];
