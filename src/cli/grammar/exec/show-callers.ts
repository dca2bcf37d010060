// `show ppp …`, `show users`, `show caller …`, `show subscriber …`, `show aaa …` (C150-C154, C167, C168): who is connected.

import { choice, flag, interfaceName, name, number, optional, word, wordsInFull } from '../../syntax.ts';
import { define, type ExecDefinition, PRIVILEGED, shown, USER } from './definition.ts';

export type ShowCallersCommand =
  | { readonly exec: 'show-ppp-all' | 'show-ppp-statistics' }
  | { readonly exec: 'show-ppp-interface'; readonly name: string }
  | { readonly exec: 'show-users'; readonly all?: true }
  | { readonly exec: 'show-caller' | 'show-caller-ip' | 'show-caller-summary' }
  | {
      readonly exec: 'show-caller-full';
      readonly username?: string;
      readonly interfaceName?: string;
      readonly detailed?: boolean;
    }
  | { readonly exec: 'show-subscriber-session' | 'show-sss-session' }
  | { readonly exec: 'show-aaa-sessions' | 'show-aaa-servers' | 'show-aaa-method-lists' | 'show-aaa-lockout' }
  | { readonly exec: 'show-aaa-user'; readonly id?: number };

const CALLING = ['Virtual-PPP', 'Dialer', 'Virtual-Access'] as const;

export const SHOW_CALLERS: readonly ExecDefinition<ShowCallersCommand>[] = [
  shown('ppp all', 'All PPP sessions', [], () => ({ exec: 'show-ppp-all' }), USER, 'C150'),
  shown(
    'ppp interface',
    'PPP information of one interface',
    [interfaceName('of', CALLING)],
    ({ of }) => ({ exec: 'show-ppp-interface', name: of }),
    USER,
    'C151',
  ),
  shown('ppp statistics', 'PPP statistics', [], () => ({ exec: 'show-ppp-statistics' }), USER, 'C152'),
  shown(
    'users',
    'Display information about terminal lines',
    [optional(flag('all', 'Include information about inactive ports'))],
    ({ all }) => ({ exec: 'show-users', ...(all && { all }) }),
    USER,
    'C153',
  ),
  // IOS has it as an alias: in full only.
  {
    ...define(
      [wordsInFull('who', 'Display information about terminal lines')],
      () => ({ exec: 'show-users' }),
      USER,
      'C153',
    ),
    filtered: true,
  },
  shown('caller', 'Display information about dialup connections', [], () => ({ exec: 'show-caller' }), USER, 'C154'),
  shown('caller ip', 'Display IP information', [], () => ({ exec: 'show-caller-ip' }), USER, 'C154'),
  shown('caller summary', 'Display summary information', [], () => ({ exec: 'show-caller-summary' }), USER, 'C154'),
  shown('caller full', 'Provide expanded information', [], () => ({ exec: 'show-caller-full' }), USER, 'C154'),
  shown(
    'caller user',
    'Display information for a particular user',
    [name('username', 'User name'), optional(flag('detailed', 'Provide more detail'))],
    ({ username, detailed }) => ({ exec: 'show-caller-full', username, detailed: detailed === true }),
    USER,
    'C154',
  ),
  shown(
    'caller interface',
    'Display information for a particular interface',
    [interfaceName('of', CALLING), optional(flag('detailed', 'Provide more detail'))],
    ({ of, detailed }) => ({ exec: 'show-caller-full', interfaceName: of, detailed: detailed === true }),
    USER,
    'C154',
  ),
  shown(
    'subscriber session',
    'Subscriber session information',
    [optional(word('all', 'Detailed information of all sessions'))],
    () => ({ exec: 'show-subscriber-session' }),
    USER,
    'C168',
  ),
  shown(
    'sss session',
    'Subscriber Service Switch sessions',
    [optional(word('all', 'Detailed information of all sessions'))],
    () => ({ exec: 'show-sss-session' }),
    USER,
    'C168',
  ),
  shown('aaa sessions', 'Show AAA sessions', [], () => ({ exec: 'show-aaa-sessions' }), PRIVILEGED, 'C167'),
  shown(
    'aaa user',
    'Show users active in AAA',
    [choice(word('all', 'All users'), number('id', 1, 4294967295, 'Unique id'))],
    ({ id }) => ({ exec: 'show-aaa-user', ...(id !== undefined && { id }) }),
    PRIVILEGED,
    'C167',
  ),
  shown('aaa servers', 'Show AAA servers', [], () => ({ exec: 'show-aaa-servers' }), PRIVILEGED, 'C167'),
  shown(
    'aaa method-lists',
    'Show AAA method lists',
    [
      choice(
        word('all', 'All method lists'),
        word('authentication', 'Authentication method lists'),
        word('authorization', 'Authorization method lists'),
        word('accounting', 'Accounting method lists'),
      ),
    ],
    () => ({ exec: 'show-aaa-method-lists' }),
    PRIVILEGED,
    'C167',
  ),
  shown('aaa local user lockout', 'Users locked out', [], () => ({ exec: 'show-aaa-lockout' }), PRIVILEGED, 'C167'),
  shown('radius statistics', 'RADIUS statistics', [], () => ({ exec: 'show-aaa-servers' }), PRIVILEGED, 'C167'),
];
