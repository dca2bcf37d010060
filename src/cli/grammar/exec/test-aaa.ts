// `test aaa` (C135): asks a server group about a user. There is no group to ask yet.

import { line, name, words } from '../../syntax.ts';
import { notSupported } from '../../tree.ts';
import { define, type ExecDefinition, PRIVILEGED } from './definition.ts';
import type { PingingCommand } from './ping.ts';

/** The password is the rest of the line with the words behind it: nothing here reads it. */
export const TEST_AAA: readonly ExecDefinition<PingingCommand>[] = [
  {
    ...define(
      [
        words('test aaa group', 'Server group to be asked'),
        name('group', 'Server-group name'),
        name('user', 'Login username'),
        line('rest', 'Password, and legacy or new-code'),
      ],
      () => ({ exec: 'refused', message: 'No authoritative response from any server.' }) as const,
      PRIVILEGED,
      'C135',
    ),
    standing: notSupported('AAA by RADIUS is not built yet: there is no server to ask'),
  },
];
