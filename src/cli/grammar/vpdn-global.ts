// `vpdn …` in global configuration mode: the switch, the limits of the router, what it records, and RADIUS in place of groups.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { SearchOrder } from '../../vpdn/configuration-vpdn.ts';
import { address, choice, line, name, oneOf, optional, repeat, sequence, words } from '../syntax.ts';
import { type Command, definer, notSupported, refused, withoutEffect } from '../tree.ts';
import { inertCommand, inertCommands } from './inert.ts';
import { numberSetting, secretSetting, switchSetting, textSetting } from './setting.ts';

const define = definer<Configuration>();

const sourceIp = define({
  path: [words('vpdn source-ip', 'Set source IP address for VPDN tunnels'), address('source', 'Source IP address')],
  set: ({ subject }, { source }) => {
    subject.vpdn.sourceAddress = source;
  },
  unset: ({ subject }) => {
    subject.vpdn.sourceAddress = undefined;
  },
  lines: ({ subject: { vpdn } }) => {
    return vpdn.sourceAddress === undefined ? undefined : `vpdn source-ip ${vpdn.sourceAddress}`;
  },
  entries: ['C060'],
  about:
    'Default: the address the peer called. Only tunnels that call it are taken; `source-ip` of a group wins over it.',
});

const ORDERS = { dnis: 'By the number called', domain: 'By domain', 'multihop-hostname': 'By the peer of a tunnel' };

const searchOrder = define({
  path: [words('vpdn search-order', 'Search order of tunnel definitions'), repeat(oneOf('order', ORDERS))],
  set: ({ subject: { vpdn } }, { order }) => {
    if (new Set(order).size < order.length) return refused('% Each can be searched by once only');
    vpdn.searchOrder = order.join(' ') === DEFAULT_ORDER ? undefined : (order as SearchOrder[]);
    return undefined;
  },
  unset: ({ subject: { vpdn } }) => {
    vpdn.searchOrder = undefined;
  },
  lines: ({ subject: { vpdn } }) => {
    return vpdn.searchOrder === undefined ? undefined : `vpdn search-order ${vpdn.searchOrder.join(' ')}`;
  },
  standing: withoutEffect('only a NAS looks for the tunnel of a user, and there is none here'),
  entries: ['C056'],
  about: 'Default `dnis domain`.',
});

const NO_RADIUS = 'RADIUS is not built yet';

/** A switch about what RADIUS is told. */
function radiusSwitch(text: string, help: string, field: 'nasIpAddress' | 'untagged', why: string) {
  return switchSetting<Configuration>({
    text,
    help,
    get: ({ vpdn }) => vpdn.radius[field],
    put: ({ vpdn }, on) => {
      vpdn.radius[field] = on;
    },
    normally: false,
    standing: notSupported(`${NO_RADIUS}: ${why}`),
    entries: ['C062'],
  });
}

/** A line that names a list of AAA methods. */
function methodList(
  text: string,
  help: string,
  field: 'tunnelAuthorization' | 'tunnelAccounting' | 'sessionAccounting',
  why: string,
) {
  return textSetting<Configuration>({
    text,
    help,
    shape: 'word',
    valueHelp: 'Name of a list, or default',
    get: ({ vpdn }) => vpdn.radius[field],
    put: ({ vpdn }, value) => {
      vpdn.radius[field] = value;
    },
    standing: notSupported(`${NO_RADIUS}: ${why}`),
    entries: ['C065'],
  });
}

const radius: Command<Configuration>[] = [
  radiusSwitch(
    'vpdn aaa attribute nas-ip-address vpdn-nas',
    'The address of the peer',
    'nasIpAddress',
    'no NAS-IP-Address is sent to it',
  ),
  define({
    path: [
      words('vpdn aaa attribute nas-port', 'What the NAS-Port attribute says'),
      oneOf('kind', { 'physical-channel-id': 'Physical channel ID', 'vpdn-nas': 'The port of the peer' }),
    ],
    set: ({ subject: { vpdn } }, { kind }) => {
      vpdn.radius.nasPort = kind;
    },
    unset: ({ subject: { vpdn } }) => {
      vpdn.radius.nasPort = undefined;
    },
    lines: ({ subject: { vpdn } }) => {
      return vpdn.radius.nasPort === undefined ? undefined : `vpdn aaa attribute nas-port ${vpdn.radius.nasPort}`;
    },
    standing: notSupported(`${NO_RADIUS}: no NAS-Port is sent to it`),
    entries: ['C062'],
  }),
  define({
    path: [
      words('vpdn aaa override-server', 'AAA server for VPDN'),
      optional(name('server', 'Address or name of the server')),
    ],
    set: ({ subject: { vpdn } }, { server }) => {
      vpdn.radius.overrideServer = server === undefined ? {} : { server };
    },
    unset: ({ subject: { vpdn } }) => {
      vpdn.radius.overrideServer = undefined;
    },
    lines: ({ subject: { vpdn } }) => {
      const { overrideServer: kept } = vpdn.radius;
      if (kept === undefined) return undefined;
      return kept.server === undefined ? 'vpdn aaa override-server' : `vpdn aaa override-server ${kept.server}`;
    },
    standing: notSupported(`${NO_RADIUS}: no server is asked`),
    entries: ['C062'],
  }),
  radiusSwitch('vpdn aaa untagged', 'Untagged attributes go to every tunnel', 'untagged', 'no attributes arrive'),
  methodList(
    'vpdn tunnel authorization network',
    'Tunnels by AAA authorization',
    'tunnelAuthorization',
    'tunnels are those of vpdn-groups only',
  ),
  secretSetting<Configuration>({
    text: 'vpdn tunnel authorization password',
    help: 'Password for tunnel authorization',
    valueHelp: 'The password, to the end of the line',
    get: ({ vpdn }) => vpdn.radius.tunnelAuthorizationPassword,
    put: ({ vpdn }, value) => {
      vpdn.radius.tunnelAuthorizationPassword = value;
    },
    standing: notSupported(`${NO_RADIUS}: tunnels are those of vpdn-groups only`),
    entries: ['C065'],
  }),
  numberSetting<Configuration>({
    text: 'vpdn tunnel authorization virtual-template',
    help: 'Virtual-Template of authorized tunnels',
    low: 1,
    high: 4095,
    valueHelp: 'Virtual-Template number',
    get: ({ vpdn }) => vpdn.radius.tunnelAuthorizationTemplate,
    put: ({ vpdn }, value) => {
      vpdn.radius.tunnelAuthorizationTemplate = value;
    },
    standing: notSupported(`${NO_RADIUS}: tunnels are those of vpdn-groups only`),
    entries: ['C065'],
  }),
  methodList('vpdn tunnel accounting network', 'Accounting of tunnels', 'tunnelAccounting', 'no records are sent'),
  methodList('vpdn session accounting network', 'Accounting of sessions', 'sessionAccounting', 'no records are sent'),
];

const NO_NAS = withoutEffect('only a NAS or a router between two tunnels does it, and there is none here');

const inert: Command<Configuration>[] = [
  ...inertCommands<Configuration>(NO_NAS, [
    { text: 'vpdn authen-before-forward', help: 'Authenticate before forwarding', entries: ['C063'] },
    { text: 'vpdn authorize', help: 'Authorization of domains', takes: 'line', entries: ['C063'] },
  ]),
  inertCommand<Configuration>({
    text: 'vpdn domain-delimiter',
    help: 'Delimiters of domain names',
    several: true,
    standing: NO_NAS,
    tail: [
      name('characters', 'Delimiters'),
      optional(oneOf('side', { prefix: 'The domain comes first', suffix: 'The domain comes last' })),
    ],
    say: ({ characters, side }) => (side === undefined ? (characters as string | undefined) : `${characters} ${side}`),
    entries: ['C063'],
  }),
  ...inertCommands<Configuration>(NO_NAS, [
    { text: 'vpdn incoming', help: 'Old form of a vpdn-group', takes: 'line', several: true, entries: ['C063'] },
    { text: 'vpdn multihop', help: 'Allow multihop VPDN', entries: ['C063'] },
    { text: 'vpdn outgoing', help: 'Old form of a vpdn-group', takes: 'line', several: true, entries: ['C063'] },
    { text: 'vpdn profile', help: 'Profile of resources', takes: 'line', several: true, entries: ['C063'] },
    { text: 'vpdn redirect', help: 'Redirect of calls', takes: 'optional-line', several: true, entries: ['C063'] },
  ]),
  inertCommand<Configuration>({
    text: 'vpdn logging',
    help: 'VPDN events to log',
    several: true,
    standing: withoutEffect('what happens to tunnels, calls and users always goes to the log'),
    tail: [
      optional(
        choice(
          oneOf('what', {
            accounting: 'Accounting events',
            'dead-cache': 'Peers that do not answer',
            local: 'Events of this router',
            'tunnel-drop': 'Dropped tunnels',
            user: 'Events of users',
          }),
          sequence(oneOf('what', { cause: 'By cause' }), line('cause', 'Cause')),
        ),
      ),
    ],
    say: ({ what, cause }) => (cause === undefined ? (what as string | undefined) : `${what} ${cause}`),
    entries: ['C058'],
  }),
  ...inertCommands<Configuration>(notSupported('tunnel peers are not told what happens here'), [
    { text: 'vpdn logging remote', help: 'Events to the peer', entries: ['C058'] },
  ]),
  ...inertCommands<Configuration>(notSupported('a call that ends normally is never recorded as a failure'), [
    { text: 'vpdn history failure cause normal', help: 'Record normal disconnects as well', entries: ['C059'] },
  ]),
  ...inertCommands<Configuration>(
    withoutEffect('Linux drops datagrams with wrong checksums before anybody sees them'),
    [{ text: 'vpdn ip udp ignore checksum', help: 'Ignore UDP checksums of arriving packets', entries: ['C061'] }],
  ),
  ...inertCommands<Configuration>(withoutEffect('control connections always start slow and avoid congestion'), [
    { text: 'l2tp congestion-control', help: 'Congestion control of control connections', entries: ['C067'] },
  ]),
  ...inertCommands<Configuration>(notSupported('the AVPs are those of RFC 2661, and the log says what it says'), [
    { text: 'l2tp attribute', help: 'AVPs to send', takes: 'line', several: true, entries: ['C067'] },
    { text: 'l2tp logging', help: 'L2TP events to log', takes: 'line', several: true, entries: ['C067'] },
  ]),
];

/** In the order of running-config, before templates and groups. */
export const VPDN_GLOBALS: Command<Configuration>[] = [
  switchSetting<Configuration>({
    text: 'vpdn enable',
    help: 'Enable VPDN',
    get: ({ vpdn }) => vpdn.enabled,
    put: ({ vpdn }, on) => {
      vpdn.enabled = on;
    },
    normally: false,
    entries: ['C055'],
    about: 'Default off. Needed to accept tunnels; a client works without it. `no` closes the tunnels accepted.',
  }),
  switchSetting<Configuration>({
    text: 'vpdn softshut',
    help: 'Do not allow new sessions, keep those that are up',
    get: ({ vpdn }) => vpdn.softshut,
    put: ({ vpdn }, on) => {
      vpdn.softshut = on;
    },
    normally: false,
    entries: ['C064'],
  }),
  numberSetting<Configuration>({
    text: 'vpdn session-limit',
    help: 'Set the global VPDN session limit',
    low: 1,
    high: 32767,
    valueHelp: 'Number of sessions',
    get: ({ vpdn }) => vpdn.sessionLimit,
    put: ({ vpdn }, value) => {
      vpdn.sessionLimit = value;
    },
    entries: ['C057'],
    about: 'Default: no limit.',
  }),
  sourceIp,
  searchOrder,
  switchSetting<Configuration>({
    text: 'vpdn history failure',
    help: 'Record failed sessions',
    get: ({ vpdn }) => vpdn.historyFailure,
    put: ({ vpdn }, on) => {
      vpdn.historyFailure = on;
    },
    normally: true,
    entries: ['C059'],
  }),
  numberSetting<Configuration>({
    text: 'vpdn history failure table-size',
    help: 'Size of the failure table',
    low: 20,
    high: 50,
    valueHelp: 'Number of entries',
    get: ({ vpdn }) => vpdn.historyFailureSize,
    put: ({ vpdn }, value) => {
      vpdn.historyFailureSize = value;
    },
    normally: 20,
    entries: ['C059'],
    about: 'Default 20.',
  }),
  ...radius,
  ...inert,
];

const DEFAULT_ORDER = 'dnis domain';
