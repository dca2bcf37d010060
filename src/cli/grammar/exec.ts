// The commands of an EXEC prompt as far as they are built.

import type { ClearTarget } from '../../vpdn/events.ts';
import type { DebugTopic, ExecCommand, OutputFilter } from '../exec-command.ts';
import { type Expected, expect, start } from '../match.ts';
import {
  address,
  anyOrder,
  type Captured,
  choice,
  flag,
  interfaceName,
  line,
  type Node,
  name,
  nameAfterWords,
  number,
  oneOf,
  optional,
  type Part,
  sequence,
  word,
  words,
} from '../syntax.ts';

export interface ExecDefinition {
  readonly syntax: Node;
  /** The privilege level it takes; below, it behaves as if it did not exist. */
  readonly level: number;
  /** Its output can go through `|`. */
  readonly filtered: boolean;
  build(captured: Readonly<Record<string, unknown>>): ExecCommand;
}

export const PRIVILEGED = 15;
const USER = 0;

const ALL_INTERFACES = ['Loopback', 'Virtual-Template', 'Virtual-PPP', 'Virtual-Access', 'physical'] as const;

const ALL = optional(flag('all', 'All information of each'));
const BY_ID = optional(sequence(word('id', 'One of them'), number('id', 1, 65535, 'Local id')));
const BY_USER = optional(sequence(word('username', 'Those of one user'), name('username', 'User name')));
/** Several protocols could be asked for; there is one. */
const PROTOCOL = optional(word('l2tp', 'L2TP'));

// `all` and the selectors are captured apart, so that one row serves the brief table and the long blocks.
const show: ExecDefinition[] = [
  shown('vpdn', 'VPDN information', [], () => ({ exec: 'show-vpdn' })),
  shown('vpdn tunnel', 'VPDN tunnel information', [PROTOCOL, ALL, BY_ID], ({ all, id }) => {
    return { exec: 'show-vpdn-tunnel', all: all === true, ...(id === undefined ? {} : { id }) };
  }),
  shown('vpdn session', 'VPDN session information', [PROTOCOL, ALL, BY_ID, BY_USER], ({ all, id, username }) => {
    const which = { ...(id === undefined ? {} : { id }), ...(username === undefined ? {} : { username }) };
    return { exec: 'show-vpdn-session', all: all === true, ...which };
  }),
  shown('vpdn history failure', 'VPDN failures', [], () => ({ exec: 'show-vpdn-history-failure' })),
  shown('l2tun', 'Layer 2 tunnel information', [], () => ({ exec: 'show-l2tun' })),
  shown('l2tun tunnel', 'L2TUN tunnel information', [ALL, BY_ID], ({ all, id }) => {
    return { exec: 'show-l2tun-tunnel', all: all === true, ...(id === undefined ? {} : { id }) };
  }),
  shown(
    'l2tun session',
    'L2TUN session information',
    [ALL, optional(sequence(word('vcid', 'One of them'), number('vcid', 1, 4294967295, 'VC ID'))), BY_USER],
    ({ all, vcid, username }) => {
      const which = { ...(vcid === undefined ? {} : { vcid }), ...(username === undefined ? {} : { username }) };
      return { exec: 'show-l2tun-session', all: all === true, ...which };
    },
  ),
  shown(
    'interfaces',
    'Interface status and configuration',
    [optional(interfaceName('of', ALL_INTERFACES))],
    ({ of }) => {
      return { exec: 'show-interfaces', ...(of === undefined ? {} : { name: of }) };
    },
  ),
  shown(
    'ip interface brief',
    'Brief summary of IP status and configuration',
    [optional(interfaceName('of', ALL_INTERFACES))],
    ({ of }) => ({ exec: 'show-ip-interface-brief', ...(of === undefined ? {} : { name: of }) }),
  ),
  shown('ip route', 'IP routing table', [], () => ({ exec: 'show-ip-route' })),
  shown('ip local pool', 'IP local pools', [optional(name('pool', 'Pool name'))], ({ pool }) => {
    return { exec: 'show-ip-local-pool', ...(pool === undefined ? {} : { name: pool }) };
  }),
  shown('users', 'Display information about terminal lines', [], () => ({ exec: 'show-users' })),
  shown('version', 'System hardware and software status', [], () => ({ exec: 'show-version' })),
  shown('clock', 'Display the system clock', [], () => ({ exec: 'show-clock' })),
  shown('history', 'Display the session command history', [], () => ({ exec: 'show-history' })),
  shown('privilege', 'Show current privilege level', [], () => ({ exec: 'show-privilege' })),
  shown('debugging', 'State of each debugging option', [], () => ({ exec: 'show-debugging' })),
  shown('logging', 'Show the contents of logging buffers', [], () => ({ exec: 'show-logging' })),
  shown(
    'running-config',
    'Current operating configuration',
    [optional(sequence(word('interface', 'One interface'), interfaceName('of', ALL_INTERFACES)))],
    ({ of }) => ({ exec: 'show-running-config', ...(of === undefined ? {} : { interfaceName: of }) }),
    PRIVILEGED,
  ),
  shown('startup-config', 'Contents of startup configuration', [], () => ({ exec: 'show-startup-config' }), PRIVILEGED),
];

// Every form names a target that the router understands; none asks back, so that scripts can use them.
const clear: ExecDefinition[] = [
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

const TOPIC = choice(
  sequence(
    word('vpdn', 'VPDN information'),
    choice(
      topic('vpdn event', word('event', 'VPDN events', 'events')),
      topic('vpdn error', word('error', 'VPDN errors', 'errors')),
      topic('vpdn packet', word('packet', 'VPDN packets', 'packets')),
      topic('vpdn l2x-events', word('l2x-events', 'L2X protocol events')),
      topic('vpdn l2x-errors', word('l2x-errors', 'L2X protocol errors')),
      topic('vpdn l2x-packets', word('l2x-packets', 'L2X control packets')),
    ),
  ),
  sequence(
    word('ppp', 'PPP (Point to Point Protocol) information'),
    choice(
      topic('ppp negotiation', word('negotiation', 'Protocol parameter negotiation')),
      topic('ppp authentication', word('authentication', 'CHAP and PAP authentication')),
    ),
  ),
) as Part<{ topic: DebugTopic }>;

// `undebug X` and `no debug X` are one command in two spellings.
const debug: ExecDefinition[] = [
  define([word('debug', "Debugging functions (see also 'undebug')"), TOPIC], debugging(true), PRIVILEGED),
  define([word('undebug', "Disable debugging functions (see also 'debug')"), TOPIC], debugging(false), PRIVILEGED),
  define([words('no debug', 'Disable debugging functions'), TOPIC], debugging(false), PRIVILEGED),
  define([words('undebug all', 'Disable all debugging')], () => ({ exec: 'undebug-all' }), PRIVILEGED),
  define([words('no debug all', 'Disable all debugging')], () => ({ exec: 'undebug-all' }), PRIVILEGED),
];

// Size is that of the whole IP packet, as IOS counts it.
const ping = define(
  [
    word('ping', 'Send echo messages'),
    optional(word('ip', 'IP echo')),
    name('host', 'Ping destination address or hostname'),
    anyOrder(
      sequence(word('repeat', 'specify repeat count'), number('repeat', 1, 1000000, 'Repeat count')),
      sequence(word('size', 'specify datagram size'), number('size', 36, 18024, 'Datagram size')),
      sequence(word('timeout', 'specify timeout interval'), number('timeout', 1, 3600, 'Timeout in seconds')),
      sequence(
        word('source', 'specify source address or name'),
        choice(interfaceName('through', ['Loopback', 'Virtual-PPP', 'physical']), address('sender', 'Source address')),
      ),
      flag('df', 'enable do not fragment bit in IP header', 'df-bit'),
    ),
  ],
  ({ host, repeat = 5, size = 100, timeout = 2, through, sender, df = false }) => {
    const source = through ?? sender;
    return { exec: 'ping', host, repeat, size, timeout, df, ...(source === undefined ? {} : { source }) };
  },
  USER,
);

const terminal: ExecDefinition[] = [
  define(
    [words('terminal length', 'Set number of lines on a screen'), number('lines', 0, 512, 'Lines, 0 for no pausing')],
    ({ lines }) => ({ exec: 'terminal-length', lines }),
    USER,
  ),
  define(
    [words('terminal width', 'Set width of the display terminal'), number('columns', 0, 512, 'Columns')],
    ({ columns }) => ({ exec: 'terminal-width', columns }),
    USER,
  ),
  define(
    [words('terminal history size', 'Set history buffer size'), number('size', 0, 256, 'Size of history buffer')],
    ({ size }) => ({ exec: 'terminal-history-size', size }),
    USER,
  ),
  define(
    [words('terminal monitor', 'Copy debug output to the current terminal line')],
    () => ({ exec: 'terminal-monitor', on: true }),
    PRIVILEGED,
  ),
  define(
    [words('terminal no monitor', 'Do not copy debug output to the current terminal line')],
    () => ({ exec: 'terminal-monitor', on: false }),
    PRIVILEGED,
  ),
];

// What concerns the session at the terminal, and what is kept for the next start.
const session: ExecDefinition[] = [
  define(
    [word('enable', 'Turn on privileged commands'), optional(number('level', 0, 15, 'Enable level'))],
    ({ level = 15 }) => ({ exec: 'enable', level }),
    USER,
  ),
  define(
    [word('disable', 'Turn off privileged commands'), optional(number('level', 0, 15, 'Privilege level to go to'))],
    ({ level = 1 }) => ({ exec: 'disable', level }),
    USER,
  ),
  ...(['exit', 'logout', 'quit'] as const).map((text) => {
    return define([word(text, 'Exit from the EXEC')], () => ({ exec: 'exit' }), USER);
  }),
  define([word('help', 'Description of the interactive help system')], () => ({ exec: 'help' }), USER),
  define(
    [words('configure terminal', 'Configure from the terminal')],
    () => ({ exec: 'configure-terminal' }),
    PRIVILEGED,
  ),
  define(
    [
      word('write', 'Write running configuration to memory, network, or terminal'),
      optional(word('memory', 'Write to NV memory')),
    ],
    () => ({ exec: 'write-memory' }),
    PRIVILEGED,
  ),
  define([words('write terminal', 'Write to terminal')], () => ({ exec: 'show-running-config' }), PRIVILEGED),
  define(
    [words('copy running-config startup-config', 'Copy to startup configuration')],
    () => ({ exec: 'write-memory' }),
    PRIVILEGED,
  ),
  define(
    [
      word('why', 'Why a call failed, and what to do (ext)'),
      optional(
        choice(interfaceName('of', ['Virtual-PPP', 'Virtual-Access']), nameAfterWords('who', 'User or peer name')),
      ),
    ],
    ({ of, who }) => {
      const subject = of ?? who;
      return { exec: 'why', ...(subject === undefined ? {} : { name: subject }) };
    },
    USER,
  ),
];

export const EXEC: readonly ExecDefinition[] = [...show, ...clear, ...debug, ping, ...terminal, ...session];

/** All that may begin a line at this privilege level. */
export function execBeginnings(privilege: number): Expected<ExecDefinition> {
  const known = BEGINNINGS.get(privilege >= PRIVILEGED);
  if (known !== undefined) return known;
  const allowed = EXEC.filter(({ level }) => level <= (privilege >= PRIVILEGED ? PRIVILEGED : USER));
  const modifiers = pipe();
  const first = expect(
    allowed.map((definition) => {
      return start(definition, definition.filtered ? sequence(definition.syntax, modifiers) : definition.syntax);
    }),
  );
  BEGINNINGS.set(privilege >= PRIVILEGED, first);
  return first;
}

const BEGINNINGS = new Map<boolean, Expected<ExecDefinition>>();

export function filterOf(captured: Readonly<Record<string, unknown>>): OutputFilter | undefined {
  const { modifier, pattern, exclude } = captured as { modifier?: string; pattern?: string; exclude?: boolean };
  if (modifier === undefined) return undefined;
  if (modifier === 'json') return { kind: 'json' };
  if (modifier === 'section') return { kind: 'section', pattern: pattern!, exclude: exclude === true };
  return { kind: modifier as 'include' | 'exclude' | 'begin' | 'count', pattern: pattern! };
}

function pipe(): Part<unknown> {
  const expression = line('pattern', 'Regular Expression');
  const modifier = (kind: string, help: string) => {
    return { ...word(kind, help), capture: { name: 'modifier', value: kind } } as Part<unknown>;
  };
  return optional(
    sequence(
      word('|', 'Output modifiers'),
      choice(
        sequence(modifier('begin', 'Begin with the line that matches'), expression),
        sequence(modifier('count', 'Count number of lines which match regexp'), expression),
        sequence(modifier('exclude', 'Exclude lines that match'), expression),
        sequence(modifier('include', 'Include lines that match'), expression),
        modifier('json', 'The same as JSON (ext)'),
        sequence(
          modifier('section', 'Filter a section of output'),
          optional(
            choice(
              word('include', 'Include the sections that match'),
              flag('exclude', 'Exclude the sections that match'),
            ),
          ),
          expression,
        ),
      ),
    ),
  );
}

function define<const P extends readonly Node[]>(
  path: P,
  build: (captured: Captured<P>) => ExecCommand,
  level: number,
): ExecDefinition {
  return { syntax: sequence(...path), level, filtered: false, build: (captured) => build(captured as Captured<P>) };
}

function shown<const P extends readonly Node[]>(
  what: string,
  help: string,
  rest: P,
  build: (captured: Captured<P>) => ExecCommand,
  level = USER,
): ExecDefinition {
  const definition = define([words(`show ${what}`, help), ...rest], build as (captured: unknown) => ExecCommand, level);
  return { ...definition, filtered: true };
}

function cleared<const P extends readonly Node[]>(
  what: string,
  help: string,
  rest: P,
  target: (captured: Captured<P>) => ClearTarget,
): ExecDefinition {
  const build = (captured: unknown): ExecCommand => ({ exec: 'clear', what: target(captured as Captured<P>) });
  return define([words(`clear ${what}`, help), ...rest], build as (captured: unknown) => ExecCommand, PRIVILEGED);
}

function topic(value: DebugTopic, part: Node): Node {
  return { ...part, capture: { name: 'topic', value } } as Node;
}

function debugging(on: boolean) {
  return ({ topic }: { topic: DebugTopic }): ExecCommand => ({ exec: 'debug', topic, on });
}
