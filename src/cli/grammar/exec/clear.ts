// `clear …` (C169-C172). What is named by several spellings is one target; a count of sessions above one is asked about on a
// terminal, by the shell, who can ask the router how many there are.

import {
  address,
  choice,
  flag,
  interfaceName,
  type Node,
  name,
  nameAfterWords,
  number,
  oneOf,
  optional,
  sequence,
  word,
  words,
} from '../../syntax.ts';
import { type Entry, withoutEffect } from '../../tree.ts';
import {
  ALL_INTERFACES,
  asking,
  type ClearCommand,
  cleared,
  define,
  type ExecDefinition,
  PRIVILEGED,
  type Question,
} from './definition.ts';

export type ClearingCommand =
  | ClearCommand
  | { readonly exec: 'clear-logging' }
  /** What `show interfaces` counts, of one or of all. */
  | { readonly exec: 'clear-counters'; readonly name?: string }
  /** What `show vpdn` counts, of one session, one tunnel, or of all. */
  | { readonly exec: 'clear-vpdn-counters'; readonly name?: string; readonly tunnel?: number }
  /** Nothing of the kind is kept here, so nothing is left of it afterwards; `said` tells what that means. */
  | { readonly exec: 'clear-nothing'; readonly said?: string };

const local = word('local', 'Our end');
const remote = word('remote', 'The end of the peer');

/** By the names of its ends; the remote one comes first. */
const BY_NAMES = sequence(name('remote', 'Name of the remote end'), optional(name('local', 'Name of the local end')));
const TUNNEL_CHOICES = [
  flag('all', 'All tunnels'),
  sequence(word('id', 'One tunnel'), number('id', 1, 65535, 'Local tunnel id')),
  sequence(word('hostname', 'By the names of its ends'), BY_NAMES),
  sequence(
    word('ip', 'By the address of an end'),
    oneOf('side', { local: 'Our address', remote: 'The address of the peer' }),
    address('host', 'IP address'),
  ),
] as const;

/** `local ip A` and `remote ip A`: the order of words that `clear l2tp` has. */
const BY_ADDRESS = choice(
  sequence(local, word('ip', 'By its IP address'), address('localHost', 'IP address')),
  sequence(remote, word('ip', 'By its IP address'), address('remoteHost', 'IP address')),
);
const BY_CLASS = sequence(word('l2tp-class', 'By its l2tp-class'), name('className', 'l2tp-class name'));

type TunnelTarget = Extract<ClearCommand['what'], { readonly kind: `${string}tunnel${string}` }>;

type Tunnels = {
  readonly protocol?: 'l2tp' | 'pptp';
  readonly id?: number;
  readonly remote?: string;
  readonly local?: string;
  readonly side?: 'local' | 'remote';
  readonly host?: string;
  readonly localHost?: string;
  readonly remoteHost?: string;
  readonly className?: string;
};

function tunnels({ protocol, ...named }: Tunnels): ClearCommand['what'] {
  const what = tunnelsNamed(named);
  return protocol === undefined ? what : { ...what, of: protocol };
}

function tunnelsNamed(named: Tunnels): TunnelTarget {
  const { id, side, host, localHost, remoteHost, className } = named;
  if (id !== undefined) return { kind: 'tunnel', id };
  if (side !== undefined && host !== undefined) return { kind: 'tunnels-at', side, address: host };
  if (localHost !== undefined) return { kind: 'tunnels-at', side: 'local', address: localHost };
  if (remoteHost !== undefined) return { kind: 'tunnels-at', side: 'remote', address: remoteHost };
  if (className !== undefined) return { kind: 'tunnels-of-class', l2tpClass: className };
  if (named.remote === undefined) return { kind: 'all-tunnels' };
  const localName = named.local === undefined ? {} : { localName: named.local };
  return { kind: 'tunnels-named', remoteName: named.remote, ...localName };
}

const NO_L2F: ClearingCommand = { exec: 'clear-nothing', said: '% No such tunnels: L2F is not spoken here' };

/** Without a word before it: the way it was when there was PPTP alone. */
const ONLY_NAMES = sequence(
  nameAfterWords('remote', 'Name of the remote end'),
  optional(name('local', 'Name of the local end')),
);

const CLEAR_TUNNELS: readonly ExecDefinition<ClearingCommand>[] = [
  cleared(
    'vpdn tunnel',
    'Tear down VPDN tunnels',
    [optional(oneOf('protocol', { l2tp: 'L2TP' })), choice(...TUNNEL_CHOICES)],
    tunnels,
    'C169',
  ),
  cleared(
    'vpdn tunnel',
    'Tear down VPDN tunnels',
    [oneOf('protocol', { pptp: 'PPTP' }), choice(...TUNNEL_CHOICES, ONLY_NAMES)],
    tunnels,
    'C169',
  ),
  {
    ...define(
      [words('clear vpdn tunnel l2f', 'Tear down VPDN tunnels'), choice(...TUNNEL_CHOICES, ONLY_NAMES)],
      () => NO_L2F,
      PRIVILEGED,
      'C169',
    ),
    standing: withoutEffect('L2F is not spoken here: there are no such tunnels'),
  },
  cleared(
    'vpdn session',
    'Tear down VPDN sessions',
    [
      optional(word('l2tp', 'L2TP')),
      choice(
        sequence(
          word('id', 'One session'),
          number('tunnel', 1, 65535, 'Local tunnel id'),
          number('id', 1, 65535, 'Local session id'),
        ),
        sequence(word('username', 'The sessions of one user'), name('username', 'User name')),
      ),
    ],
    ({ tunnel, id, username }) => {
      return username === undefined ? { kind: 'session', tunnel: tunnel!, id: id! } : { kind: 'sessions-of', username };
    },
    'C169',
  ),
  cleared(
    'l2tun tunnel',
    'Tear down L2TUN tunnels',
    [
      choice(
        flag('all', 'All tunnels'),
        sequence(word('id', 'One tunnel'), number('id', 1, 65535, 'Local tunnel id')),
        BY_CLASS,
        BY_ADDRESS,
      ),
    ],
    tunnels,
    'C171',
  ),
  cleared(
    'l2tp',
    'Tear down L2TP tunnels',
    [
      choice(
        flag('all', 'All tunnels'),
        sequence(words('tunnel id', 'One tunnel'), number('id', 1, 65535, 'Local tunnel id')),
        BY_CLASS,
        BY_ADDRESS,
      ),
    ],
    tunnels,
    'C171',
  ),
];

const VPDN_COUNTERS_ASKED: Question = {
  prompt: 'Clear "show vpdn" counters on all vpdn tunnels and sessions [confirm]',
  kind: 'confirm',
};

/** Those of one thing are cleared without a question, as on IOS. */
const CLEAR_COUNTERS: readonly ExecDefinition<ClearingCommand>[] = [
  asking(
    define([words('clear vpdn counters', 'Clear VPDN counters')], clearAllOfVpdn, PRIVILEGED, 'C170'),
    VPDN_COUNTERS_ASKED,
  ),
  define(
    [
      words('clear vpdn counters', 'Clear VPDN counters'),
      choice(
        sequence(word('interface', 'Of one session'), interfaceName('of', ['Virtual-Access', 'Virtual-PPP', 'Dialer'])),
        sequence(
          word('tunnel', 'Of one tunnel'),
          optional(word('l2tp', 'L2TP')),
          word('id', 'By its id'),
          number('tunnel', 1, 65535, 'Local tunnel id'),
        ),
      ),
    ],
    ({ of, tunnel }) => ({
      exec: 'clear-vpdn-counters',
      ...(of !== undefined && { name: of }),
      ...(tunnel !== undefined && { tunnel }),
    }),
    PRIVILEGED,
    'C170',
  ),
  ...['l2tun counters', 'l2tp counters'].flatMap((text) => [
    asking(
      define([words(`clear ${text}`, 'Clear L2TP counters')], clearAllOfVpdn, PRIVILEGED, 'C171'),
      VPDN_COUNTERS_ASKED,
    ),
    define(
      [
        words(`clear ${text}`, 'Clear L2TP counters'),
        choice(
          sequence(
            word('tunnel', 'Of tunnels'),
            optional(sequence(word('id', 'Of one'), number('tunnel', 1, 65535, 'Local tunnel id'))),
          ),
          word('session', 'Of sessions'),
        ),
      ],
      ({ tunnel }) => ({ exec: 'clear-vpdn-counters', ...(tunnel !== undefined && { tunnel }) }),
      PRIVILEGED,
      'C171',
    ),
  ]),
  asking(
    define(
      [words('clear counters', 'Clear counters on one or all interfaces')],
      (): ClearingCommand => ({ exec: 'clear-counters' }),
      PRIVILEGED,
      'C172',
    ),
    { prompt: 'Clear "show interface" counters on all interfaces [confirm]', kind: 'confirm' },
  ),
  {
    ...define(
      [words('clear counters', 'Clear counters on one or all interfaces'), interfaceName('of', ALL_INTERFACES)],
      ({ of }): ClearingCommand => ({ exec: 'clear-counters', name: of }),
      PRIVILEGED,
      'C172',
    ),
    asks: ({ of }) => [
      { prompt: `Clear "show interface" counters on this interface (${of}) [confirm]`, kind: 'confirm' },
    ],
  },
];

function clearAllOfVpdn(): ClearingCommand {
  return { exec: 'clear-vpdn-counters' };
}

/** Nothing of the kind is kept here, so nothing of it is left afterwards either. */
function nothing<const P extends readonly Node[]>(path: P, entry: Entry, why: string): ExecDefinition<ClearingCommand> {
  const definition = define(path, (): ClearingCommand => ({ exec: 'clear-nothing' }), PRIVILEGED, entry);
  return { ...definition, standing: withoutEffect(why) };
}

const ONE_USER = sequence(word('username', 'One user'), name('username', 'User name'));
const USERS = choice(word('all', 'All users'), ONE_USER);

const CLEAR_REST: readonly ExecDefinition<ClearingCommand>[] = [
  cleared('vpdn history failure', 'Forget the failures', [], () => ({ kind: 'failure-history' }), 'C170'),
  nothing(
    [
      words('clear vpdn dead-cache', 'Clear the list of dead tunnel servers'),
      choice(
        word('all', 'All of them'),
        sequence(word('group', 'Of one VPDN group'), name('group', 'VPDN group name')),
        sequence(words('ip-address', 'One of them'), address('host', 'IP address')),
      ),
    ],
    'C170',
    'no list of dead tunnel servers is kept: each is tried when it is wanted',
  ),
  nothing(
    [words('clear vpdn redirect', 'Clear redirect counters')],
    'C170',
    'no call is redirected, so there is nothing to count',
  ),
  cleared(
    'interface',
    'Clear the hardware logic on an interface',
    [interfaceName('of', ['Virtual-Access', 'Virtual-PPP', 'Dialer'])],
    ({ of }) => ({ kind: 'interface', name: of }),
    'C172',
  ),
  cleared('ppp statistics', 'Clear PPP statistics', [], () => ({ kind: 'ppp-statistics' }), 'C172'),
  nothing(
    [
      words('clear ip route', 'Delete route table entries'),
      choice(word('*', 'Delete all routes'), address('host', 'Destination network route to delete')),
    ],
    'C172',
    'routes follow the configuration and what is connected: deleting one could only bring it back',
  ),
  define([words('clear logging', 'Clear logging buffer')], () => ({ exec: 'clear-logging' }), PRIVILEGED, 'C172'),
  nothing(
    [
      words('clear aaa local user', 'Local users'),
      choice(
        sequence(word('lockout', 'Let a locked user in again'), USERS),
        sequence(word('fail-attempts', 'Forget failed attempts'), USERS),
      ),
    ],
    'C172',
    'failed logins lock nobody out',
  ),
];

export const CLEAR: readonly ExecDefinition<ClearingCommand>[] = [...CLEAR_TUNNELS, ...CLEAR_COUNTERS, ...CLEAR_REST];
