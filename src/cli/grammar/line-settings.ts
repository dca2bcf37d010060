// What is set on a terminal line (C012): how to log in, how long a session may be idle, what its terminal is like.

import type { LineLogin, TerminalLine, Transport } from '../../vpdn/configuration-system.ts';
import { formatSecret, readSecret, secretPart } from '../password.ts';
import { choice, flag, nameAfterWords, number, oneOf, optional, repeat, sequence, word, words } from '../syntax.ts';
import { DEFAULT_TIMEOUT } from '../terminal-settings.ts';
import { type Command, definer, notSupported, refused, withoutEffect } from '../tree.ts';
import { numberSetting } from './setting.ts';

const define = definer<TerminalLine[]>();

const login = define({
  path: [
    word('login', 'Enable password checking'),
    optional(
      choice(
        flag('local', 'Local password checking'),
        sequence(
          word('authentication', 'Authentication parameters'),
          nameAfterWords('list', 'Use an authentication list with this name'),
        ),
      ),
    ),
  ],
  keep: 1,
  set: ({ subject }, { local, list }) => {
    const kind = local === true ? 'local' : 'password';
    const value: LineLogin = list === undefined ? { kind } : { kind: 'list', list };
    for (const each of subject) each.login = value;
  },
  unset: ({ subject }) => {
    for (const each of subject) each.login = { kind: 'none' };
  },
  reset: ({ subject }) => {
    for (const each of subject) each.login = undefined;
  },
  lines: ({ subject: [first] }) => formatLogin(first?.login),
  standing: ({ list }) => {
    if (list === undefined) return { class: 'honoured' };
    return notSupported('AAA lists are not built yet: the users of `username` log in');
  },
  entries: ['C012'],
  about: 'Default: none on the console, the password of the line on a vty. SSH always asks for a user.',
});

const password = define({
  path: [word('password', 'Set a password'), secretPart('The UNENCRYPTED (cleartext) line password')],
  keep: 1,
  set: ({ configuration, subject }, typed) => {
    const read = readSecret(configuration, typed);
    if (typeof read === 'string') return refused(read);
    for (const each of subject) each.password = read;
  },
  unset: ({ subject }) => {
    for (const each of subject) each.password = undefined;
  },
  lines: ({ subject: [first] }) =>
    first?.password === undefined ? undefined : `password ${formatSecret(first.password)}`,
  entries: ['C012'],
  about: 'Default none: a vty with `login` and no password lets nobody in.',
});

const execTimeout = define({
  path: [
    word('exec-timeout', 'Set the EXEC timeout'),
    number('minutes', 0, 35791, 'Timeout in minutes'),
    optional(number('seconds', 0, 2147483, 'Timeout in seconds')),
  ],
  keep: 1,
  set: ({ subject }, { minutes, seconds = 0 }) => {
    const value = minutes * 60 + seconds;
    for (const each of subject) each.execTimeout = value === DEFAULT_TIMEOUT ? undefined : value;
  },
  unset: ({ subject }) => {
    for (const each of subject) each.execTimeout = 0;
  },
  reset: ({ subject }) => {
    for (const each of subject) each.execTimeout = undefined;
  },
  lines: ({ subject: [first] }) => {
    const value = first?.execTimeout;
    return value === undefined ? undefined : `exec-timeout ${Math.floor(value / 60)} ${value % 60}`;
  },
  entries: ['C012'],
  about: 'Default `10 0`. `0 0`, like `no exec-timeout`, never ends a session.',
});

const logoutWarning = define({
  path: [
    word('logout-warning', 'Set Warning countdown for absolute timeout of line'),
    optional(number('seconds', 0, 4294967295, 'Seconds of warning before the line is closed')),
  ],
  set: ({ subject }, { seconds = 20 }) => {
    for (const each of subject) each.logoutWarning = seconds === 0 ? undefined : seconds;
  },
  unset: ({ subject }) => {
    for (const each of subject) each.logoutWarning = undefined;
  },
  lines: ({ subject: [first] }) => {
    return first?.logoutWarning === undefined ? undefined : `logout-warning ${first.logoutWarning}`;
  },
  entries: ['C012'],
  about:
    'Default none; without a number 20 seconds. Says so on the terminal before `absolute-timeout` ends the session.',
});

const synchronous = define({
  path: [
    words('logging synchronous', 'Synchronized message output'),
    optional(
      choice(
        sequence(
          word('level', 'Severity level to output asynchronously'),
          choice(number('level', 0, 7, 'Severity level'), flag('all', 'All severity levels')),
        ),
        sequence(word('limit', 'Messages queue size'), number('limit', 0, 2147483647, 'Messages queue size')),
      ),
    ),
  ],
  keep: 1,
  set: ({ subject }) => {
    for (const each of subject) each.loggingSynchronous = true;
  },
  unset: ({ subject }) => {
    for (const each of subject) each.loggingSynchronous = undefined;
  },
  lines: ({ subject: [first] }) => (first?.loggingSynchronous === true ? 'logging synchronous' : undefined),
  entries: ['C012', 'C013'],
  about:
    'Default off: messages come as they are and the line being typed is left for you to redraw. Level and limit are not kept.',
});

const transport = define({
  path: [
    words('transport input', 'Define which protocols to use when connecting to the terminal server'),
    choice(
      flag('all', 'All protocols'),
      flag('none', 'No protocols'),
      repeat(oneOf('protocols', { ...TRANSPORTS(), ssh: 'TCP/IP SSH protocol', telnet: 'TCP/IP Telnet protocol' })),
    ),
  ],
  keep: 1,
  set: ({ subject }, { all, protocols = [] }) => {
    const kept = (['ssh', 'telnet'] as Transport[]).filter((each) => (protocols as string[]).includes(each));
    const value = all === true ? 'all' : kept.length === 0 ? 'none' : kept;
    for (const each of subject) each.transportInput = value;
  },
  unset: ({ subject }) => {
    for (const each of subject) each.transportInput = 'none';
  },
  reset: ({ subject }) => {
    for (const each of subject) each.transportInput = undefined;
  },
  lines: ({ subject: [first] }) => {
    const value = first?.transportInput;
    return value === undefined ? undefined : `transport input ${typeof value === 'string' ? value : value.join(' ')}`;
  },
  standing: ({ all, none, protocols = [] }) => {
    if (all === true || none === true || (protocols as string[]).every((each) => each === 'ssh'))
      return { class: 'honoured' };
    return notSupported('SSH is the only way in: telnet carries passwords in clear, and is not served');
  },
  entries: ['C012'],
  about:
    'Default here: nothing comes in until a line says `ssh` or `all`, with `login local`. Only SSH is served, whatever else is named.',
});

const accessClass = define({
  path: [
    word('access-class', 'Filter connections based on an IP access list'),
    nameAfterWords('list', 'Access-list number or name'),
    oneOf('direction', { in: 'Filter incoming connections', out: 'Filter outgoing connections' }),
    optional(flag('vrfAlso', 'Same access list is applied for all VRFs', 'vrf-also')),
  ],
  keep: 3,
  set: ({ subject }, { list, direction }) => {
    for (const each of subject) each[direction === 'in' ? 'accessClassIn' : 'accessClassOut'] = list;
  },
  unset: ({ subject }, { direction }) => {
    for (const each of subject) {
      if (direction !== 'out') each.accessClassIn = undefined;
      if (direction !== 'in') each.accessClassOut = undefined;
    }
  },
  lines: ({ subject: [first] }) => [
    ...(first?.accessClassIn === undefined ? [] : [`access-class ${first.accessClassIn} in`]),
    ...(first?.accessClassOut === undefined ? [] : [`access-class ${first.accessClassOut} out`]),
  ],
  standing: ({ direction }) => {
    return direction === 'out' ? withoutEffect('nobody connects to elsewhere from a line here') : { class: 'honoured' };
  },
  entries: ['C012'],
  about: 'Default: from everywhere. Standard lists only.',
});

/** In the order of running-config. */
export const LINE_SETTINGS: Command<TerminalLine[]>[] = [
  setting(
    'session-timeout',
    'Set interval for closing connection when there is no input traffic',
    [0, 35791],
    'Session timeout interval in minutes',
    'sessionTimeout',
    {
      standing: withoutEffect('nobody connects to elsewhere from a line here'),
      about: 'Default none.',
    },
  ),
  accessClass,
  execTimeout,
  setting(
    'absolute-timeout',
    'Set absolute timeout for line disconnection',
    [0, 10000],
    'Absolute timeout interval in minutes',
    'absoluteTimeout',
    {
      normally: 0,
      about: 'Default none, which is 0. Ends a session after so many minutes, however busy it is.',
    },
  ),
  logoutWarning,
  setting(
    'privilege level',
    'Assign default privilege level for line',
    [0, 15],
    'Default privilege level for line',
    'privilege',
    {
      about:
        'Default 1, and 15 on the console where nobody is asked for a name. The privilege of the user stands above it.',
    },
  ),
  password,
  synchronous,
  login,
  setting(
    'length',
    'Set number of lines on a screen',
    [0, 512],
    'Number of lines on screen (0 for no pausing)',
    'length',
    {
      about: 'Default: as many as the window of the terminal has, else 24.',
    },
  ),
  setting('width', 'Set width of the display terminal', [0, 512], 'Number of characters on a screen line', 'width', {
    about: 'Default: that of the window of the terminal, else 80.',
  }),
  setting('history size', 'Set history buffer size', [0, 256], 'Size of history buffer', 'historySize', {
    about: 'Default 10.',
  }),
  transport,
];

function setting(
  text: string,
  help: string,
  [low, high]: readonly [number, number],
  valueHelp: string,
  field: 'absoluteTimeout' | 'sessionTimeout' | 'privilege' | 'length' | 'width' | 'historySize',
  more: { readonly standing?: ReturnType<typeof withoutEffect>; readonly normally?: number; readonly about: string },
): Command<TerminalLine[]> {
  return numberSetting<TerminalLine[]>({
    text,
    help,
    low,
    high,
    valueHelp,
    get: ([first]) => first?.[field],
    put: (subject, value) => {
      for (const each of subject) each[field] = value;
    },
    entries: ['C012'],
    ...more,
  });
}

function formatLogin(value: LineLogin | undefined): string | undefined {
  switch (value?.kind) {
    case undefined:
      return undefined;
    case 'none':
      return 'no login';
    case 'password':
      return 'login';
    case 'local':
      return 'login local';
    case 'list':
      return `login authentication ${value.list}`;
  }
}

/** Those of other ages. */
function TRANSPORTS() {
  return {
    'lapb-ta': 'LAPB Terminal Adapter',
    mop: 'DEC MOP Remote Console Protocol',
    pad: 'X.3 PAD',
    rlogin: 'Unix rlogin protocol',
    udptn: 'UDPTN async via UDP protocol',
    v120: 'Async over ISDN',
  } as const;
}
