// `clock set` (C024): understood, and answered with who keeps the time here.

import { line, word, wordsInFull } from '../../syntax.ts';
import { withoutEffect } from '../../tree.ts';
import { define, type ExecDefinition, PRIVILEGED } from './definition.ts';
import type { PingingCommand } from './ping.ts';

/** In full only: nobody who cuts `clear` should have to think of a clock that cannot be set. */
export const CLOCK: readonly ExecDefinition<PingingCommand>[] = [
  {
    ...define(
      [
        wordsInFull('clock', 'Manage the system clock'),
        word('set', 'Set the time and date'),
        line('time', 'hh:mm:ss, day, month and year'),
      ],
      () => ({ exec: 'refused', message: '% Linux keeps the time of this router: set it there' }) as const,
      PRIVILEGED,
      'C024',
    ),
    standing: withoutEffect('Linux keeps the time'),
  },
];
