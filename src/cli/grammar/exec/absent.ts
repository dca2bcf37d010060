// `show` of what is not here and is not missed: answered as a router with it turned off answers (C161).

import { line, optional, wordsInFull } from '../../syntax.ts';
import { withoutEffect } from '../../tree.ts';
import { define, type ExecDefinition, shown, USER } from './definition.ts';
import type { PingingCommand } from './ping.ts';

const NOT_HERE = withoutEffect('there is none here');
const ROWS: readonly (readonly [what: string, help: string, answer: string])[] = [
  ['cdp', 'CDP information', '% CDP is not enabled'],
  ['ntp', 'Network time protocol', '%NTP is not enabled.'],
  ['sessions', 'Information about Telnet connections', '% No connections open'],
  ['snmp', 'snmp statistics', '%SNMP agent not enabled'],
];

export const ABSENT: readonly ExecDefinition<PingingCommand>[] = [
  ...ROWS.map(([what, help, answer]) => {
    const rest = [optional(line('rest', 'What of it'))] as const;
    const build = () => ({ exec: 'refused', message: answer }) as const;
    return { ...shown(what, help, rest, build, USER, 'C161'), filtered: false, standing: NOT_HERE };
  }),
  {
    ...define(
      [wordsInFull('where', 'List active connections')],
      () => ({ exec: 'refused', message: '% No connections open' }) as const,
      USER,
      'C161',
    ),
    standing: NOT_HERE,
  },
];
