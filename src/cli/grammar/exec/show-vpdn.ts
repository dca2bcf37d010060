// `show vpdn …`, `show l2tun …`, `show l2tp …`, and why a call failed (C136-C145, C163-C165).

import type { SessionFilter, TunnelFilter } from '../../../vpdn/view.ts';
import type { L2tunName } from '../../show/l2tun.ts';
import type { SessionForm } from '../../show/session.ts';
import type { TunnelForm } from '../../show/tunnel.ts';
import type { VpdnProtocol } from '../../show/vpdn.ts';
import {
  address,
  choice,
  flag,
  interfaceName,
  name,
  nameAfterWords,
  number,
  oneOf,
  optional,
  sequence,
  word,
} from '../../syntax.ts';
import { define, type ExecDefinition, shown, USER } from './definition.ts';

export type ShowVpdnCommand =
  | { readonly exec: 'show-vpdn' }
  | {
      readonly exec: 'show-vpdn-tunnel';
      readonly form: TunnelForm;
      readonly protocol?: VpdnProtocol;
      readonly filter: TunnelFilter;
    }
  | {
      readonly exec: 'show-vpdn-session';
      readonly form: SessionForm;
      readonly protocol?: VpdnProtocol;
      readonly filter: SessionFilter;
    }
  | { readonly exec: 'show-l2tun'; readonly name: L2tunName }
  | {
      readonly exec: 'show-l2tun-tunnel';
      readonly name: L2tunName;
      readonly form: TunnelForm;
      readonly filter: TunnelFilter;
    }
  | {
      readonly exec: 'show-l2tun-session';
      readonly name: L2tunName;
      readonly form: SessionForm;
      readonly filter: SessionFilter;
    }
  | { readonly exec: 'show-vpdn-history-failure'; readonly username?: string }
  /** `name` is canonical: `Virtual-PPP1`. */
  | { readonly exec: 'why'; readonly name?: string };

const PROTOCOL = optional(oneOf('protocol', { l2f: 'L2F', l2tp: 'L2TP', pptp: 'PPTP' }));

const TUNNEL_FORMS = {
  all: 'All information of each',
  packets: 'Packet and byte counts',
  state: 'State of each',
  summary: 'Totals',
  transport: 'Transport information',
} as const;

// `local-name` names our end first, `remote-name` the peer's.
const TUNNEL_FILTER = optional(
  choice(
    sequence(word('id', 'One of them'), number('id', 1, 4294967295, 'Local id')),
    sequence(
      word('local-name', 'By the names of its ends, ours first'),
      name('localFirst', 'Name of the local end'),
      optional(name('remoteSecond', 'Name of the remote end')),
    ),
    sequence(
      word('remote-name', "By the names of its ends, the peer's first"),
      name('remoteFirst', 'Name of the remote end'),
      optional(name('localSecond', 'Name of the local end')),
    ),
  ),
);

interface TunnelWords {
  readonly id?: number;
  readonly localFirst?: string;
  readonly remoteSecond?: string;
  readonly remoteFirst?: string;
  readonly localSecond?: string;
}

function tunnelFilter({ id, localFirst, remoteSecond, remoteFirst, localSecond }: TunnelWords): TunnelFilter {
  return said({ id, localName: localFirst ?? localSecond, remoteName: remoteFirst ?? remoteSecond });
}

const VPDN_FORMS = {
  all: 'All information of each',
  circuit: 'Circuit information',
  packets: 'Packet and byte counts',
  sequence: 'Sequence numbers',
  state: 'State of each',
  timers: 'Timer information',
  window: 'Window information',
} as const;

const ID = sequence(word('id', 'One of them'), number('id', 1, 4294967295, 'Local id'));
const USERNAME = sequence(word('username', 'Those of one user'), name('username', 'User name'));
const OF_TUNNEL = sequence(
  word('tunnel', 'Those of one tunnel'),
  word('id', 'By its id'),
  number('tunnel', 1, 4294967295, 'Local tunnel id'),
);
const ON_INTERFACE = interfaceName('of', ['Virtual-Access', 'Virtual-PPP', 'Dialer', 'physical']);
const INTERFACE = 'Interface information, or the session of one interface';

// `interface` is a form by itself, and with a name behind it a filter.
const VPDN_SESSIONS = optional(
  choice(
    sequence(
      oneOf('form', VPDN_FORMS),
      optional(choice(ID, USERNAME, OF_TUNNEL, sequence(word('interface', INTERFACE), ON_INTERFACE))),
    ),
    sequence(flag('interface', INTERFACE), optional(ON_INTERFACE)),
    ID,
    USERNAME,
    OF_TUNNEL,
  ),
);

const L2TUN_FORMS = {
  all: 'All information of each',
  brief: 'Brief information',
  circuit: 'Circuit information',
  interworking: 'Interworking information',
  packets: 'Packet and byte counts',
  sequence: 'Sequence numbers',
  state: 'State of each',
} as const;

const L2TUN_FILTER = optional(
  choice(
    ID,
    sequence(
      word('ip-addr', 'By the address of the peer'),
      address('peer', 'IP address'),
      optional(sequence(word('vcid', 'By its VC ID'), number('vcid', 1, 4294967295, 'VC ID'))),
    ),
    sequence(word('l2tp-class', 'By the l2tp-class of its tunnel'), name('className', 'l2tp-class name')),
    sequence(word('vcid', 'By its VC ID'), number('vcid', 1, 4294967295, 'VC ID')),
    USERNAME,
  ),
);

export const SHOW_VPDN: readonly ExecDefinition<ShowVpdnCommand>[] = [
  shown('vpdn', 'VPDN information', [], () => ({ exec: 'show-vpdn' }), USER, 'C136'),
  shown(
    'vpdn tunnel',
    'VPDN tunnel information',
    [PROTOCOL, optional(oneOf('form', TUNNEL_FORMS)), TUNNEL_FILTER],
    ({ protocol, form, ...words }) => {
      return { exec: 'show-vpdn-tunnel', form: form ?? 'brief', ...said({ protocol }), filter: tunnelFilter(words) };
    },
    USER,
    'C137',
    'C138',
  ),
  shown(
    'vpdn session',
    'VPDN session information',
    [PROTOCOL, VPDN_SESSIONS],
    ({ protocol, form, interface: whole, of, id, username, tunnel }) => ({
      exec: 'show-vpdn-session',
      form: form ?? (whole === true && of === undefined ? 'interface' : 'brief'),
      ...said({ protocol }),
      filter: said({ id, username, interfaceName: of, tunnelId: tunnel }),
    }),
    USER,
    'C139',
    'C140',
  ),
  ...(['l2tun', 'l2tp'] as const).flatMap(l2tunCommands),
  shown(
    'vpdn history failure',
    'VPDN failures',
    [
      optional(
        choice(
          word('all', 'All of them'),
          sequence(word('user-name', 'Those of one user'), name('username', 'User name')),
        ),
      ),
    ],
    ({ username }) => ({ exec: 'show-vpdn-history-failure', ...said({ username }) }),
    USER,
    'C164',
  ),
  define(
    [
      word('why', 'Why a call failed, and what to do (ext)'),
      optional(
        choice(
          interfaceName('of', ['Virtual-PPP', 'Dialer', 'Virtual-Access']),
          nameAfterWords('who', 'User or peer name'),
        ),
      ),
    ],
    ({ of, who }) => ({ exec: 'why', ...said({ name: of ?? who }) }),
    USER,
    'C164',
  ),
];

/** `show l2tp` is the later name of `show l2tun`: the same forms, another title. */
function l2tunCommands(as: L2tunName): ExecDefinition<ShowVpdnCommand>[] {
  const what = as.toUpperCase();
  const others = as === 'l2tp' ? (['C145'] as const) : [];
  return [
    shown(
      as,
      `${what} information`,
      [],
      () => ({ exec: 'show-l2tun', name: as }),
      USER,
      as === 'l2tp' ? 'C145' : 'C141',
    ),
    shown(
      `${as} tunnel`,
      `${what} tunnel information`,
      [optional(oneOf('form', TUNNEL_FORMS)), TUNNEL_FILTER],
      ({ form, ...words }) => ({
        exec: 'show-l2tun-tunnel',
        name: as,
        form: form ?? 'brief',
        filter: tunnelFilter(words),
      }),
      USER,
      'C138',
      'C144',
      ...others,
    ),
    shown(
      `${as} session`,
      `${what} session information`,
      [optional(oneOf('form', L2TUN_FORMS)), L2TUN_FILTER],
      ({ form = 'brief', id, peer, vcid, username, className }) => ({
        exec: 'show-l2tun-session',
        name: as,
        form,
        filter: said({ id, remoteAddress: peer, vcid, username, l2tpClass: className }),
      }),
      USER,
      'C142',
      'C143',
      ...others,
    ),
  ];
}

type Said<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only what was typed. */
function said<T extends object>(words: T): Said<T> {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)) as Said<T>;
}
