// AAA: authentication, authorization, lists of attributes (C126-C128, C134). Nothing asks a server yet.

import type { Configuration } from '../../../vpdn/configuration.ts';
import { name, number, oneOf } from '../../syntax.ts';
import type { Command } from '../../tree.ts';
import { inertBlock, inertDelimited } from '../inert.ts';
import { ACCOUNTING } from './aaa-accounting.ts';
import { LIST, METHODS } from './method-list.ts';
import { DYNAMIC_AUTHOR, serverGroup } from './radius.ts';
import { NO_RADIUS } from './reasons.ts';
import { block, lines, table } from './table.ts';
import { typed } from './typed-line.ts';

const AUTHENTICATION: Command<Configuration>[] = [
  ...(
    [
      ['aaa authentication arap', 'Set authentication lists for arap.'],
      ['aaa authentication dot1x', 'Set authentication lists for IEEE 802.1x.'],
      ['aaa authentication enable', 'Set authentication list for enable.'],
      ['aaa authentication login', 'Set authentication lists for logins.'],
      ['aaa authentication ppp', 'Set authentication lists for ppp.'],
      ['aaa authentication sgbp', 'Set authentication lists for sgbp.'],
    ] as const
  ).map(([text, help]) => typed<Configuration>({ text, help, tail: [LIST, METHODS], entries: ['C127'] })),
  ...lines(
    NO_RADIUS,
    `
    aaa authentication attempts login ...  Maximum number of login attempts
    aaa authentication eou ...             Set authentication lists for EAPoUDP
    aaa authentication password-prompt ... Text to use when prompting for a password
    aaa authentication suppress ...        Do not send access request for a specific type of user.
    aaa authentication username-prompt ... Text to use when prompting for a username
    `,
    { entries: ['C127'] },
  ),
  ...[
    { text: 'aaa authentication banner', help: 'Message to use when starting login/authentication.' },
    { text: 'aaa authentication fail-message', help: 'Message to use for failed login/authentication.' },
  ].map((row) => inertDelimited<Configuration>({ ...row, standing: NO_RADIUS, entries: ['C127'] })),
];

const AUTHORIZATION: Command<Configuration>[] = [
  ...(
    [
      ['aaa authorization auth-proxy', 'For Authentication Proxy Services'],
      ['aaa authorization configuration', 'For downloading configurations from AAA server'],
      ['aaa authorization exec', 'For starting an exec (shell).'],
      ['aaa authorization network', 'For network services. (PPP, SLIP, ARAP)'],
      ['aaa authorization reverse-access', 'For reverse access connections'],
      ['aaa authorization subscriber-service', 'For iEdge subscriber services (VPDN etc)'],
    ] as const
  ).map(([text, help]) => typed<Configuration>({ text, help, tail: [LIST, METHODS], entries: ['C128'] })),
  typed({
    text: 'aaa authorization commands',
    help: 'For exec (shell) commands.',
    tail: [number('said', 0, 15, 'Enable level'), LIST, METHODS],
    entries: ['C128'],
  }),
  ...lines(
    NO_RADIUS,
    `
    aaa authorization config-commands  For configuration mode commands.
    aaa authorization console          For enabling console authorization
    aaa authorization template         Enable template authorization
    `,
    { entries: ['C128'] },
  ),
];

const ATTRIBUTE_LIST = inertBlock<Configuration>({
  text: 'aaa attribute list',
  help: 'AAA attribute list',
  takes: 'line',
  standing: NO_RADIUS,
  mode: 'attribute list',
  prompt: 'config-attr-list',
  heading: 'AAA attribute list configuration commands:',
  rows: table('attribute type ...  Add an attribute to the list'),
  entries: ['C134'],
});

const PASSWORD_POLICY = block(
  NO_RADIUS,
  'aaa common-criteria policy ...  AAA commands to configure CC password policy',
  { prompt: 'config-cc-policy', entries: ['C134'] },
  `
  char-changes ...         Number of characters to change
  lifetime ...             Lifetime of the password
  lower-case ...           Number of lower-case characters
  max-length ...           Specify the maximum length of the password
  min-length ...           Specify the minimum length of the password
  numeric-count ...        Number of numeric characters
  special-case ...         Number of special characters
  upper-case ...           Number of upper-case characters
  `,
);

/** Behind `enable secret`, where running-config has them. */
export const AAA: Command<Configuration>[] = [
  ...lines(NO_RADIUS, 'aaa new-model  Enable NEW access control commands and functions.(Disables OLD commands.)', {
    entries: ['C126'],
  }),
  serverGroup('radius'),
  serverGroup('tacacs+'),
  ...AUTHENTICATION,
  ...AUTHORIZATION,
  ...ACCOUNTING,
  DYNAMIC_AUTHOR,
  ATTRIBUTE_LIST,
  PASSWORD_POLICY,
  ...lines(
    NO_RADIUS,
    `
    aaa cache profile ...    Cache profiles of AAA
    aaa configuration ...    Configuration of AAA downloads
    aaa dnis map ...         Associate a DNIS number with a particular AAA server
    aaa local ...            AAA Local method options
    aaa max-sessions ...     Adjust initial hash size for estimated max sessions
    aaa nas port extended    Expand NAS-Port
    aaa nas redirected-station  Number of the redirecting station
    aaa pod server [...]     POD processing
    aaa processes ...        Processes of AAA
    aaa preauth              AAA preauth parameters
    aaa route download ...   Static routes from an AAA server
    aaa session-mib ...      AAA session MIB options
    aaa user profile ...     AAA user profile
    `,
    { entries: ['C134'] },
  ),
];

/** What RADIUS would give a local user (C134); the rest of `username` is in `users.ts`. */
export const USER_ATTRIBUTES: Command<Configuration> = typed({
  text: 'username',
  help: 'Establish User Name Authentication',
  tail: [
    name('said', 'User name'),
    oneOf('said', { aaa: 'AAA directive' }),
    oneOf('said', { attribute: 'AAA attribute directive' }),
    oneOf('said', { list: 'AAA attribute list' }),
    name('said', 'Name of the list'),
  ],
  entries: ['C134'],
});
