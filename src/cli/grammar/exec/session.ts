// The session at a terminal: levels, configuration mode, the way out (C001-C004).

import { number, optional, word, words } from '../../syntax.ts';
import { ANYBODY, define, type ExecDefinition, PRIVILEGED } from './definition.ts';

export type SessionCommand =
  | { readonly exec: 'configure-terminal' }
  | { readonly exec: 'enable'; readonly level: number }
  | { readonly exec: 'disable'; readonly level: number }
  | { readonly exec: 'exit' }
  | { readonly exec: 'help' };

export const SESSION: readonly ExecDefinition<SessionCommand>[] = [
  define(
    [word('enable', 'Turn on privileged commands'), optional(number('level', 0, 15, 'Enable level'))],
    ({ level = 15 }) => ({ exec: 'enable', level }),
    ANYBODY,
  ),
  define(
    [word('disable', 'Turn off privileged commands'), optional(number('level', 0, 15, 'Privilege level to go to'))],
    ({ level = 1 }) => ({ exec: 'disable', level }),
    ANYBODY,
  ),
  ...(['exit', 'logout', 'quit'] as const).map((text) => {
    return define([word(text, 'Exit from the EXEC')], () => ({ exec: 'exit' }), ANYBODY);
  }),
  define([word('help', 'Description of the interactive help system')], () => ({ exec: 'help' }), ANYBODY),
  define(
    [words('configure terminal', 'Configure from the terminal')],
    () => ({ exec: 'configure-terminal' }),
    PRIVILEGED,
  ),
];
