// `clear …` (C169-C172).

import {
  address,
  choice,
  flag,
  interfaceName,
  name,
  number,
  oneOf,
  optional,
  sequence,
  word,
  words,
} from '../../syntax.ts';
import { type ClearCommand, cleared, define, type ExecDefinition, PRIVILEGED } from './definition.ts';

export type ClearingCommand = ClearCommand | { readonly exec: 'clear-logging' };

/** Several protocols could be asked for; there is one. */
const PROTOCOL = optional(word('l2tp', 'L2TP'));

// Every form names a target that the router understands; none asks back, so that scripts can use them.
export const CLEAR: readonly ExecDefinition<ClearingCommand>[] = [
  cleared(
    'vpdn tunnel',
    'Tear down VPDN tunnels',
    [
      PROTOCOL,
      choice(
        flag('all', 'All tunnels'),
        sequence(word('id', 'One tunnel'), number('id', 1, 65535, 'Local tunnel id')),
        sequence(
          word('hostname', 'By the names of its ends'),
          name('remote', 'Name of the remote end'),
          optional(name('local', 'Name of the local end')),
        ),
        sequence(
          word('ip', 'By the address of an end'),
          oneOf('side', { local: 'Our address', remote: 'The address of the peer' }),
          address('host', 'IP address'),
        ),
      ),
    ],
    ({ id, remote, local, side, host }) => {
      if (id !== undefined) return { kind: 'tunnel', id };
      if (side !== undefined && host !== undefined) return { kind: 'tunnels-at', side, address: host };
      if (remote === undefined) return { kind: 'all-tunnels' };
      return { kind: 'tunnels-named', remoteName: remote, ...(local === undefined ? {} : { localName: local }) };
    },
  ),
  cleared(
    'vpdn session',
    'Tear down VPDN sessions',
    [
      PROTOCOL,
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
  ),
  cleared('vpdn history failure', 'Forget the failures', [], () => ({ kind: 'failure-history' })),
  cleared(
    'interface',
    'Clear the hardware logic on an interface',
    [interfaceName('of', ['Virtual-Access', 'Virtual-PPP'])],
    ({ of }) => ({ kind: 'interface', name: of }),
  ),
  define([words('clear logging', 'Clear logging buffer')], () => ({ exec: 'clear-logging' }), PRIVILEGED),
];
