// RADIUS servers and groups of servers (C130-C133). Nothing asks one yet. Keys are found by `secret-line.ts`.

import type { Configuration } from '../../../vpdn/configuration.ts';
import {
  address,
  anyOrder,
  choice,
  interfaceName,
  line,
  name,
  number,
  oneOf,
  optional,
  repeat,
  sequence,
} from '../../syntax.ts';
import type { Command } from '../../tree.ts';
import { inertBlock } from '../inert.ts';
import { NO_RADIUS, NO_TACACS } from './reasons.ts';
import { lines, table } from './table.ts';
import { typed } from './typed-line.ts';

const KEY_TEXT = sequence(
  optional(
    oneOf('said', {
      '0': 'Specifies an UNENCRYPTED key will follow',
      '6': 'Specifies an ENCRYPTED key will follow',
      '7': 'Specifies a HIDDEN key will follow',
    }),
  ),
  line('said', 'The UNENCRYPTED (cleartext) shared key'),
);
const SECRET = sequence(oneOf('said', { key: 'per-server encryption key' }), KEY_TEXT);
const PORTS = [
  sequence(
    oneOf('said', { 'auth-port': 'UDP port for RADIUS authentication server' }),
    number('said', 0, 65535, 'Port number'),
  ),
  sequence(
    oneOf('said', { 'acct-port': 'UDP port for RADIUS accounting server' }),
    number('said', 0, 65535, 'Port number'),
  ),
] as const;
const WAITING = [
  sequence(
    oneOf('said', { timeout: 'Time to wait for this server to reply' }),
    number('said', 1, 1000, 'Wait time (default 5 seconds)'),
  ),
  sequence(oneOf('said', { retransmit: 'Retries to active server' }), number('said', 0, 100, 'Number of retries')),
] as const;
const HOST = choice(address('said', 'IP address of RADIUS server'), name('said', 'DNS name of RADIUS server'));

const SERVER_OPTIONS = anyOrder(...PORTS, ...WAITING, SECRET);

/** `aaa group server`. */
export function serverGroup(kind: 'radius' | 'tacacs+'): Command<Configuration> {
  return inertBlock<Configuration>({
    text: `aaa group server ${kind}`,
    help: `Name a ${kind === 'radius' ? 'Radius' : 'Tacacs+'} server-group`,
    takes: 'line',
    standing: kind === 'radius' ? NO_RADIUS : NO_TACACS,
    mode: 'server group',
    prompt: `config-sg-${kind}`,
    heading: 'Server group configuration commands:',
    entries: ['C130'],
    rows: table(
      `
      accounting ...                 Specify a RADIUS attribute filter for accounting
      attribute ...                  Customize selected radius attributes
      authorization ...              Specify a RADIUS attribute filter for authorization
      backoff ...                    Retry backoff pattern (Default is retransmits with constant delay)
      cache ...                      Cache profile of the group
      domain-stripping [...]         Strip the domain from the username
      ip radius source-interface ... Specify interface for source address in RADIUS packets
      ip tacacs source-interface ... Specify interface for source address in TACACS packets
      ip vrf forwarding ...          Specify the name of the VRF
      ipv6 radius source-interface ... Specify interface for source address in RADIUS packets
      key-wrap ...                   Specify a RADIUS key-wrap configuration
      load-balance ...               Server group load-balancing options.
      throttle ...                   Throttle requests to radius server
      vrf ...                        Specify the name of the VRF
      `,
      { entries: ['C130'] },
    ),
    commands: [
      typed({
        text: 'server',
        help: `Specify a ${kind === 'radius' ? 'RADIUS' : 'TACACS'} server`,
        tail: [
          choice(
            sequence(oneOf('said', { name: 'Specify the name of a server' }), name('said', 'Name of the server')),
            sequence(HOST, SERVER_OPTIONS),
          ),
        ],
        entries: ['C130'],
      }),
      typed({
        text: 'server-private',
        help: 'Specify a private server (per group)',
        tail: [HOST, SERVER_OPTIONS],
        entries: ['C130'],
      }),
      typed({
        text: 'deadtime',
        help: 'Specify time in minutes to ignore an unresponsive server',
        several: false,
        tail: [number('said', 0, 1440, 'Time in minutes')],
        entries: ['C130'],
      }),
    ],
  });
}

const SERVERS: Command<Configuration>[] = [
  typed({
    text: 'radius-server host',
    help: 'Specify a RADIUS server',
    tail: [
      HOST,
      anyOrder(
        ...PORTS,
        ...WAITING,
        oneOf('said', { 'non-standard': 'Parse attributes that violate the RADIUS standard' }),
        sequence(oneOf('said', { alias: 'Up to 8 aliases for this server' }), repeat(address('said', 'IP address'))),
        sequence(
          oneOf('said', { test: 'Configure server automated testing.' }),
          oneOf('said', { username: 'Username to be used' }),
          name('said', 'Username'),
          anyOrder(
            oneOf('said', { 'ignore-auth-port': 'Do not test the authentication port' }),
            oneOf('said', { 'ignore-acct-port': 'Do not test the accounting port' }),
            sequence(
              oneOf('said', { 'idle-time': 'Time of no use before a test' }),
              number('said', 1, 35791, 'Minutes'),
            ),
          ),
        ),
        SECRET,
      ),
    ],
    entries: ['C131'],
  }),
  typed({
    text: 'radius-server key',
    help: 'Encryption key shared with the radius servers',
    several: false,
    tail: [KEY_TEXT],
    entries: ['C132'],
  }),
  ...(
    [
      ['timeout', 'Time to wait for a RADIUS server to reply', 1, 1000, 'Wait time (default 5 seconds)'],
      [
        'retransmit',
        'Specify the number of retries to active server',
        0,
        100,
        'Number of retries for a transaction (default is 3)',
      ],
      ['deadtime', "Time to stop using a server that doesn't respond", 0, 1440, 'time in minutes'],
      ['transaction max-tries', 'Specify per-transaction parameters', 1, 100, 'Number of tries'],
    ] as const
  ).map(([what, help, low, high, value]) => {
    const text = `radius-server ${what}`;
    return typed<Configuration>({
      text,
      help,
      several: false,
      tail: [number('said', low, high, value)],
      entries: ['C132'],
    });
  }),
  typed({
    text: 'radius-server vsa send',
    help: 'Vendor specific attribute configuration',
    tail: [
      optional(oneOf('said', { accounting: 'Send in accounting requests', authentication: 'Send in access requests' })),
      optional(oneOf('said', { '3gpp2': 'Of 3GPP2 as well', cisco: 'Of Cisco' })),
    ],
    entries: ['C132'],
  }),
  ...lines(
    NO_RADIUS,
    `
    radius-server accounting ...        Accounting information configuration
    radius-server attribute ...         Customize selected radius attributes
    radius-server backoff ...           Retry backoff pattern (Default is retransmits with constant delay)
    radius-server challenge-noecho      Data echoing to screen is disabled during Access-Challenge
    radius-server configure-nas         Attempt to upload static routes and IP pools at startup
    radius-server dead-criteria ...     Set the criteria used to decide when a radius server is marked dead
    radius-server directed-request [...]  Allow user to specify radius server to use with '@server'
    radius-server domain-stripping [...]  Strip the domain from the username
    radius-server load-balance ...      Server load-balancing options.
    radius-server local                 Configure local RADIUS server
    radius-server optional-passwords    The first RADIUS request can be made without requesting a password
    radius-server source-ports ...      source ports used for sending out RADIUS requests
    radius-server throttle ...          Throttle requests to radius server
    radius-server unique-ident ...      Higher order bits of Acct-Session-Id
    `,
    { entries: ['C132'] },
  ),
  typed({
    text: 'ip radius source-interface',
    help: 'Specify interface for source address in RADIUS packets',
    several: false,
    tail: [
      interfaceName('said', ['Loopback', 'physical', 'Virtual-PPP', 'Dialer', 'elsewhere']),
      optional(sequence(oneOf('said', { vrf: 'VRF of the interface' }), name('said', 'VRF name'))),
    ],
    entries: ['C132'],
  }),
];

const NAMED_SERVER = inertBlock<Configuration>({
  text: 'radius server',
  help: 'Define a RADIUS server by name',
  takes: 'line',
  standing: NO_RADIUS,
  mode: 'radius server',
  prompt: 'config-radius-server',
  heading: 'RADIUS server sub-mode commands:',
  entries: ['C133'],
  rows: table(
    `
    automate-tester ...  Configure server automated testing.
    backoff ...          Retry backoff pattern (Default is retransmits with constant delay)
    non-standard         Attributes to be parsed that violate RADIUS standard
    pac ...              Protected Access Credential
    `,
    { entries: ['C133'] },
  ),
  commands: [
    typed({
      text: 'address',
      help: 'Specify the radius server address',
      several: false,
      tail: [
        choice(
          sequence(oneOf('said', { ipv4: 'IPv4 Address' }), HOST),
          sequence(oneOf('said', { ipv6: 'IPv6 Address' }), name('said', 'IPv6 address')),
        ),
        anyOrder(...PORTS),
      ],
      entries: ['C133'],
    }),
    typed({
      text: 'timeout',
      help: 'Time to wait for this server to reply',
      several: false,
      tail: [number('said', 1, 1000, 'Seconds')],
      entries: ['C133'],
    }),
    typed({
      text: 'retransmit',
      help: 'Number of retries to active server',
      several: false,
      tail: [number('said', 0, 100, 'Retries')],
      entries: ['C133'],
    }),
    typed({
      text: 'key',
      help: 'Per-server encryption key',
      several: false,
      tail: [KEY_TEXT],
      entries: ['C133'],
    }),
  ],
});

/** Changes asked for by a RADIUS server (RFC 5176). */
export const DYNAMIC_AUTHOR = inertBlock<Configuration>({
  text: 'aaa server radius dynamic-author',
  help: 'Local server profile for RFC 3576 support',
  standing: NO_RADIUS,
  mode: 'dynamic authorization',
  prompt: 'config-locsvr-da-radius',
  heading: 'Dynamic authorization configuration commands:',
  rows: table(`
    auth-type ...        Specify the server authorization type
    client ...           Specify a RADIUS client
    domain ...           Username domain options
    ignore ...           Override behaviour to ignore certain parameters
    port ...             Specify port on which local radius server listens
    server-key ...       Encryption key shared with the radius clients
  `),
});

/** Behind `snmp-server`, where running-config has them. */
export const RADIUS: Command<Configuration>[] = [...SERVERS, NAMED_SERVER];
