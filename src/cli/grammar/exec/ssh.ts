// The SSH server and who is on its lines: looked at, and sent away (C012, C172).

import { choice, number, optional, sequence, word, words } from '../../syntax.ts';
import { asking, define, type ExecDefinition, PRIVILEGED, shown, USER } from './definition.ts';

/** Without a kind: as `show users` numbers all of them. */
export interface LineChoice {
  readonly kind?: 'console' | 'aux' | 'vty';
  readonly number: number;
}

export type SshCommand =
  | { readonly exec: 'show-ssh' }
  | { readonly exec: 'show-ip-ssh' }
  | { readonly exec: 'show-line'; readonly line?: number }
  | { readonly exec: 'clear-line'; readonly line: LineChoice }
  /** By the number of the vty line. */
  | { readonly exec: 'disconnect-ssh'; readonly vty: number };

export const SSH: readonly ExecDefinition<SshCommand>[] = [
  shown('ssh', 'Status of SSH server connections', [], () => ({ exec: 'show-ssh' }), PRIVILEGED, 'C012'),
  shown('ip ssh', 'Information on SSH', [], () => ({ exec: 'show-ip-ssh' }), PRIVILEGED, 'C012'),
  shown(
    'line',
    'TTY line information',
    [optional(number('line', 0, 999, 'Line number, as in show users'))],
    ({ line }) => ({ exec: 'show-line', ...(line !== undefined && { line }) }),
    USER,
    'C012',
  ),
  asking(
    define(
      [
        words('clear line', 'Reset a terminal line'),
        choice(
          number('line', 0, 999, 'Line number, as in show users'),
          sequence(word('console', 'Primary terminal line'), number('console', 0, 899, 'Line number')),
          sequence(word('aux', 'Auxiliary line'), number('aux', 0, 0, 'Line number')),
          sequence(word('vty', 'Virtual terminal'), number('vty', 0, 15, 'Line number')),
        ),
      ],
      (captured): SshCommand => ({ exec: 'clear-line', line: lineChoice(captured) }),
      PRIVILEGED,
      'C172',
    ),
    { prompt: '[confirm]', kind: 'confirm' },
  ),
  define(
    [
      words('disconnect ssh', 'Disconnect an active SSH connection'),
      optional(word('vty', 'Virtual terminal')),
      number('vty', 0, 15, 'The number of the active SSH connection'),
    ],
    ({ vty }): SshCommand => ({ exec: 'disconnect-ssh', vty }),
    PRIVILEGED,
    'C012',
  ),
];

function lineChoice(captured: {
  readonly line?: number | undefined;
  readonly console?: number | undefined;
  readonly aux?: number | undefined;
  readonly vty?: number | undefined;
}): LineChoice {
  for (const kind of ['console', 'aux', 'vty'] as const) {
    const number = captured[kind];
    if (number !== undefined) return { kind, number };
  }
  return { number: captured.line! };
}
