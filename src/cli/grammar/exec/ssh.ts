// The SSH server and who is on its lines: looked at, and sent away (C012, C172).

import { number, optional, word, words } from '../../syntax.ts';
import { asking, define, type ExecDefinition, PRIVILEGED, shown } from './definition.ts';

export type SshCommand =
  | { readonly exec: 'show-ssh' }
  | { readonly exec: 'show-ip-ssh' }
  | { readonly exec: 'clear-line'; readonly line: number }
  /** By the number of the vty line. */
  | { readonly exec: 'disconnect-ssh'; readonly vty: number };

export const SSH: readonly ExecDefinition<SshCommand>[] = [
  shown('ssh', 'Status of SSH server connections', [], () => ({ exec: 'show-ssh' }), PRIVILEGED, 'C012'),
  shown('ip ssh', 'Information on SSH', [], () => ({ exec: 'show-ip-ssh' }), PRIVILEGED, 'C012'),
  asking(
    define(
      [words('clear line', 'Reset a terminal line'), number('line', 0, 999, 'Line number, as in show users')],
      ({ line }): SshCommand => ({ exec: 'clear-line', line }),
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
