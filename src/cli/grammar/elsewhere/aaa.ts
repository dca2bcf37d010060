// AAA, RADIUS and TACACS+ (C126-C134). Nothing asks a server yet, but the lines are checked argument by argument, so that what
// is kept is what IOS would have kept. Secrets in them are found by `secret-line.ts`.

import type { Configuration } from '../../../vpdn/configuration.ts';
import {
  address,
  anyOrder,
  choice,
  interfaceName,
  line,
  name,
  nameAfterWords,
  number,
  oneOf,
  optional,
  repeat,
  sequence,
} from '../../syntax.ts';
import type { Command } from '../../tree.ts';
import { type InertCommand, inertBlock, inertCommand } from '../inert.ts';
import { NO_RADIUS, NO_TACACS } from './reasons.ts';
import { lines, table } from './table.ts';

const METHODS = repeat(
  choice(
    sequence(oneOf('said', { group: 'Use Server-group' }), nameAfterWords('said', 'Server-group name')),
    sequence(oneOf('said', { cache: 'Use Cached-group' }), name('said', 'Server-group name')),
    oneOf('said', {
      enable: 'Use enable password for authentication.',
      'if-authenticated': 'Succeed if user has authenticated.',
      'if-needed': 'Authenticate only if needed',
      krb5: 'Use Kerberos 5 authentication.',
      line: 'Use line password for authentication.',
      local: 'Use local username authentication.',
      'local-case': 'Use case-sensitive local username authentication.',
      none: 'NO authentication.',
      radius: 'Use list of all Radius hosts.',
      'tacacs+': 'Use list of all Tacacs+ hosts.',
    }),
  ),
);

/** `default` or a name: what the lines of a PPP interface or a terminal line refer to. */
const LIST = choice(oneOf('said', { default: 'The default list.' }), name('said', 'Named list.'));
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

type Typed = Pick<InertCommand, 'text' | 'help' | 'tail'> & Partial<InertCommand>;

function typed<S>(row: Typed): Command<S> {
  // Whatever is captured more than once comes as a list, in the order typed.
  const say: InertCommand['say'] = ({ said }) => {
    return said === undefined ? undefined : Array.isArray(said) ? said.join(' ') : String(said);
  };
  const many = repeated(row.tail);
  return inertCommand<S>({ standing: NO_RADIUS, several: true, printsNo: true, ...row, tail: many, say });
}

/** One turn of a `repeat` collects every word of the arguments under one name. */
function repeated(tail: InertCommand['tail']): InertCommand['tail'] {
  return tail.length === 0 ? [] : [{ kind: 'sequence', parts: tail.map(collecting) }];
}

function collecting<N extends InertCommand['tail'][number]>(node: N): N {
  if (node.kind === 'word' || node.kind === 'argument') return { ...node, many: true };
  if ('parts' in node) return { ...node, parts: node.parts.map(collecting) };
  return { ...node, part: collecting(node.part) };
}

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
    aaa authentication banner ...          Message to use when starting login/authentication.
    aaa authentication eou ...             Set authentication lists for EAPoUDP
    aaa authentication fail-message ...    Message to use for failed login/authentication.
    aaa authentication password-prompt ... Text to use when prompting for a password
    aaa authentication suppress ...        Do not send access request for a specific type of user.
    aaa authentication username-prompt ... Text to use when prompting for a username
    `,
    { entries: ['C127'] },
  ),
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

const RECORDS = choice(
  sequence(
    oneOf('said', {
      'start-stop': 'Record start and stop without waiting',
      'stop-only': 'Record stop when service terminates.',
      'wait-start': 'Same as start-stop but wait for start-record commit.',
    }),
    optional(oneOf('said', { broadcast: 'Use Broadcast for Accounting' })),
    METHODS,
  ),
  oneOf('said', { none: 'No accounting.' }),
);

const ACCOUNTED = [
  ['aaa accounting auth-proxy', 'For authentication proxy events.'],
  ['aaa accounting connection', 'For outbound connections. (telnet, rlogin)'],
  ['aaa accounting dot1x', 'For dot1x sessions.'],
  ['aaa accounting exec', 'For starting an exec (shell).'],
  ['aaa accounting network', 'For network services. (PPP, SLIP, ARAP)'],
  ['aaa accounting resource', 'For resource events.'],
  ['aaa accounting system', 'For system events.'],
] as const;

/** From 15 on the records may stand in a mode of their own. */
function accountingBlock(text: string, help: string): Command<Configuration> {
  return inertBlock<Configuration>({
    text,
    help,
    tail: repeated([LIST]),
    standing: NO_RADIUS,
    mode: 'accounting list',
    prompt: 'cfg-acct-mlist',
    heading: 'Accounting list configuration commands:',
    rows: table(
      `
      action-type ...   Action type of the list
      broadcast         Use Broadcast for Accounting
      group ...         Use Server-group
      `,
      { entries: ['C129'] },
    ),
    entries: ['C129'],
  });
}

const ACCOUNTING: Command<Configuration>[] = [
  ...ACCOUNTED.map(([text, help]) => typed<Configuration>({ text, help, tail: [LIST, RECORDS], entries: ['C129'] })),
  ...ACCOUNTED.map(([text, help]) => accountingBlock(text, help)),
  typed({
    text: 'aaa accounting commands',
    help: 'For exec (shell) commands.',
    tail: [number('said', 0, 15, 'Enable level'), LIST, RECORDS],
    entries: ['C129'],
  }),
  typed({
    text: 'aaa accounting update',
    help: 'Enable accounting update records.',
    several: false,
    tail: [
      anyOrder(
        oneOf('said', { newinfo: 'Only send accounting update records when we have new acct info.' }),
        sequence(
          oneOf('said', { periodic: 'Send accounting update records at regular intervals.' }),
          number('said', 1, 71582, 'Periodic intervals to send accounting update records(in minutes)'),
          optional(
            sequence(
              oneOf('said', { jitter: 'Jitter of the interval' }),
              oneOf('said', { maximum: 'Maximum' }),
              number('said', 0, 2147483, 'Seconds'),
            ),
          ),
        ),
      ),
    ],
    entries: ['C129'],
  }),
  ...lines(
    NO_RADIUS,
    `
    aaa accounting delay-start [...]                       Delay PPP Network start record until peer IP address is known.
    aaa accounting gigawords                               64 bit interface counters to support Radius attributes 52 & 53.
    aaa accounting jitter ...          Set jitter parameters for periodic interval
    aaa accounting include ...                             Include attributes in accounting records
    aaa accounting nested                                  When starting PPP from EXEC, generate NETWORK records before EXEC-STOP record.
    aaa accounting send stop-record authentication ...     Send records for authentication failures and successes
    aaa accounting send stop-record always                 Send records whether or not a start was sent
    aaa accounting session-duration ...                    How the duration of sessions is counted
    aaa accounting suppress ...                            Do not generate accounting records for a specific type of user.
    `,
    { entries: ['C129'] },
  ),
  typed({
    text: 'aaa session-id',
    help: 'AAA Session ID',
    several: false,
    tail: [
      oneOf('said', {
        common: 'Every service request has the same ID',
        unique: 'Every service request has an ID of its own',
      }),
    ],
    entries: ['C129'],
  }),
];

const SERVER_OPTIONS = anyOrder(...PORTS, ...WAITING, SECRET);

function serverGroup(kind: 'radius' | 'tacacs+'): Command<Configuration> {
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

const RADIUS_SERVER: Command<Configuration>[] = [
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
      interfaceName('said', ['Loopback', 'physical', 'Virtual-PPP', 'elsewhere']),
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
const DYNAMIC_AUTHOR = inertBlock<Configuration>({
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

const TACACS: Command<Configuration>[] = [
  ...lines(
    NO_TACACS,
    `
    ip tacacs source-interface ...      Specify interface for source address in TACACS packets
    tacacs-server administration        Start tacacs+ deamon handling administrative messages
    tacacs-server directed-request [...]  Allow user to specify tacacs server to use with '@server'
    tacacs-server host ...              Specify a TACACS server
    tacacs-server key ...               Set TACACS+ encryption key.
    tacacs-server packet ...            Modify TACACS+ packet options
    tacacs-server timeout ...           Time to wait for a TACACS server to reply
    `,
  ),
  inertBlock<Configuration>({
    text: 'tacacs server',
    help: 'Define a TACACS server by name',
    takes: 'line',
    standing: NO_TACACS,
    mode: 'tacacs server',
    prompt: 'config-server-tacacs',
    heading: 'TACACS server configuration commands:',
    rows: table(`
      address ipv4 ...     IPv4 address of the server
      address ipv6 ...     IPv6 address of the server
      key ...              Set TACACS+ encryption key.
      port ...             TCP port for TACACS+ server
      send-nat-address     Send client post NAT address
      single-connection    Multiplex all packets over a single TCP connection
      timeout ...          Time to wait for the server to reply
    `),
  }),
];

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
  ...lines(
    NO_RADIUS,
    `
    aaa cache profile ...    Cache profiles of AAA
    aaa configuration ...    Configuration of AAA downloads
    aaa dnis map ...         Associate a DNIS number with a particular AAA server
    aaa local ...            AAA Local method options
    aaa max-sessions ...     Adjust initial hash size for estimated max sessions
    aaa nas port extended    Expand NAS-Port
    aaa pod server [...]     POD processing
    aaa preauth              AAA preauth parameters
    aaa route download ...   Static routes from an AAA server
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

/** Behind `snmp-server`. */
export const RADIUS: Command<Configuration>[] = [...RADIUS_SERVER, NAMED_SERVER, ...TACACS];
