// Global lines about the router itself: its name, its users and secrets, services and logging.

import type { Configuration } from '../../vpdn/configuration.ts';
import { emptyConfiguration } from '../../vpdn/configuration.ts';
import type { LogDestination, Secret, Severity, Timestamps, User } from '../../vpdn/configuration-system.ts';
import { SEVERITY_NAMES } from '../../vpdn/log.ts';
import { encryptSecrets, formatSecret, readSecret, secretPart } from '../password.ts';
import { anyOrder, choice, flag, line, name, number, oneOf, optional, sequence, word, words } from '../syntax.ts';
import { type Command, definer, refused, warned } from '../tree.ts';
import { switchSetting } from './setting.ts';

const define = definer<Configuration>();

// IOS takes a name that is no host name (RFC 1123 §2.1) and only complains: tunnels compare it letter for letter.
export const HOSTNAME = define({
  path: [word('hostname', "Set system's network name"), name('host', "This system's network name")],
  keep: 1,
  set: ({ subject }, { host }) => {
    if (host.length > 63) return refused('% Hostname is longer than 63 characters');
    subject.hostname = host;
    if (/^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(host)) return;
    return warned('% Hostname contains one or more illegal characters.');
  },
  unset: ({ subject }) => {
    subject.hostname = emptyConfiguration().hostname;
  },
  lines: ({ subject }) => [`hostname ${subject.hostname}`, '!'],
  about: 'Default `Router`. Also the L2TP Host Name, and the name in CHAP.',
});

const ONE_WAY = {
  '0': 'Specifies an UNENCRYPTED secret will follow',
  '5': 'Specifies an MD5 HASHED secret will follow',
  '8': 'Specifies a PBKDF2 HASHED secret will follow',
  '9': 'Specifies a SCRYPT HASHED secret will follow',
} as const;
const SECRET = sequence(
  word('secret', 'Specify a one-way secret'),
  optional(oneOf('hash', ONE_WAY)),
  line('oneWay', 'The secret, to the end of the line'),
);
const PASSWORD = sequence(word('password', 'Specify the password'), secretPart('The password, to the end of the line'));

// RFC 1994 §2.2 needs the secret itself at both ends, so `password` is reversible; `secret` is for what compares hashes.
export const USERNAME = define({
  path: [
    word('username', 'Establish User Name Authentication'),
    name('user', 'User name'),
    optional(
      sequence(word('privilege', 'Set user privilege level'), number('privilege', 0, 15, 'User privilege level')),
    ),
    optional(choice(PASSWORD, SECRET, flag('nopassword', 'No password is required for the user to log in'))),
  ],
  keep: 2,
  set: ({ configuration }, typed) => {
    if (typed.nopassword === true) return refused('% A user without a password is not supported');
    const user: User = { ...(configuration.users.get(typed.user) ?? { name: typed.user }) };
    if (typed.privilege !== undefined) user.privilege = typed.privilege;
    if (typed.secret !== undefined) {
      if (user.secret !== undefined) return refused(BOTH);
      const password = readSecret(configuration, { ...typed, secret: typed.secret });
      if (typeof password === 'string') return refused(password);
      user.password = password;
    }
    if (typed.oneWay !== undefined) {
      if (user.password !== undefined) return refused(BOTH);
      user.secret = oneWay(typed.hash, typed.oneWay);
    }
    configuration.users.set(user.name, user);
  },
  unset: ({ configuration }, { user }) => {
    configuration.users.delete(user!);
  },
  lines: ({ subject }) => [...subject.users.values()].map(formatUser),
  about:
    'Several lines for one name add up. CHAP and tunnel secrets need `password`; `secret` serves PAP and login only.',
});

// Both may be there; the secret wins, as in IOS.
export const ENABLE: Command<Configuration>[] = [
  define({
    path: [
      words('enable secret', 'Assign the privileged level secret'),
      optional(oneOf('hash', ONE_WAY)),
      line('text', 'The secret'),
    ],
    set: ({ subject }, { hash, text }) => {
      subject.enableSecret = oneWay(hash, text);
    },
    unset: ({ subject }) => {
      subject.enableSecret = undefined;
    },
    lines: ({ subject: { enableSecret } }) => {
      return enableSecret === undefined ? undefined : `enable secret ${formatSecret(enableSecret)}`;
    },
  }),
  define({
    path: [words('enable password', 'Assign the privileged level password'), secretPart('The password')],
    set: ({ subject }, typed) => {
      const password = readSecret(subject, typed);
      if (typeof password === 'string') return refused(password);
      subject.enablePassword = password;
    },
    unset: ({ subject }) => {
      subject.enablePassword = undefined;
    },
    lines: ({ subject: { enablePassword } }) => {
      return enablePassword === undefined ? undefined : `enable password ${formatSecret(enablePassword)}`;
    },
  }),
];

// Printed even when it is the default, for each kind of message on its own line: one of the few that IOS always shows.
const timestamps = define({
  path: [
    words('service timestamps', 'Timestamp debug/log messages'),
    oneOf('of', { debug: 'Timestamp debug messages', log: 'Timestamp log messages' }),
    optional(
      choice(
        flag('uptime', 'Timestamp with system uptime'),
        sequence(
          flag('datetime', 'Timestamp with date and time'),
          anyOrder(
            flag('localtime', 'Use local time zone for timestamps'),
            flag('msec', 'Include milliseconds in timestamp'),
            flag('showTimezone', 'Add time zone information to timestamp', 'show-timezone'),
            flag('year', 'Include year in timestamp'),
          ),
        ),
      ),
    ),
  ],
  keep: 1,
  set: ({ subject: { services } }, typed) => {
    const { datetime, msec = false, localtime = false, showTimezone = false, year = false } = typed;
    const stamps: Timestamps =
      datetime === true ? { kind: 'datetime', msec, localtime, showTimezone, year } : { kind: 'uptime' };
    services[typed.of === 'debug' ? 'timestampsDebug' : 'timestampsLog'] = stamps;
  },
  unset: ({ subject: { services } }, { of }) => {
    if (of !== 'log') services.timestampsDebug = { kind: 'none' };
    if (of !== 'debug') services.timestampsLog = { kind: 'none' };
  },
  reset: ({ subject: { services } }, { of }) => {
    const { timestampsDebug, timestampsLog } = emptyConfiguration().services;
    if (of !== 'log') services.timestampsDebug = timestampsDebug;
    if (of !== 'debug') services.timestampsLog = timestampsLog;
  },
  lines: ({ subject: { services } }) => [
    formatTimestamps('debug', services.timestampsDebug),
    formatTimestamps('log', services.timestampsLog),
  ],
  about: 'Default `datetime msec` for both.',
});

export const SERVICE: Command<Configuration>[] = [
  timestamps,
  define({
    path: [words('service password-encryption', 'Encrypt system passwords')],
    set: ({ subject }) => {
      subject.services.passwordEncryption = true;
      encryptSecrets(subject);
    },
    unset: ({ subject }) => {
      subject.services.passwordEncryption = false;
    },
    lines: ({ subject }) => `${subject.services.passwordEncryption ? '' : 'no '}service password-encryption`,
    about: 'Default off. Turns every clear password into type 7 at once; `no` does not turn them back.',
  }),
];

const SEVERITY = optional(
  choice(
    number('severity', 0, 7, 'Logging severity level'),
    oneOf('level', {
      alerts: 'Immediate action needed',
      critical: 'Critical conditions',
      debugging: 'Debugging messages',
      emergencies: 'System is unusable',
      errors: 'Error conditions',
      informational: 'Informational messages',
      notifications: 'Normal but significant conditions',
      warnings: 'Warning conditions',
    }),
  ),
);

// A destination has a level, or none of its own (everything), or is silent: `no` silences, `default` gives it its voice back.
export const LOGGING: Command<Configuration>[] = [
  switchSetting<Configuration>({
    text: 'logging on',
    help: 'Enable logging to all enabled destinations',
    get: ({ logging }) => logging.on,
    put: ({ logging }, on) => {
      logging.on = on;
    },
    normally: true,
  }),
  define({
    path: [
      words('logging buffered', 'Set buffered logging parameters'),
      optional(number('size', 4096, 2147483647, 'Logging buffer size')),
      SEVERITY,
    ],
    set: ({ subject: { logging } }, typed) => {
      logging.bufferSize = typed.size;
      logging.buffered = severity(typed);
      speak(logging, 'buffered');
    },
    unset: ({ subject: { logging } }) => {
      logging.bufferSize = undefined;
      logging.buffered = undefined;
      silence(logging, 'buffered');
    },
    reset: ({ subject: { logging } }) => {
      logging.bufferSize = undefined;
      logging.buffered = undefined;
      speak(logging, 'buffered');
    },
    lines: ({ subject: { logging } }) => {
      if (logging.silent?.includes('buffered') === true) return 'no logging buffered';
      if (logging.bufferSize === undefined && logging.buffered === undefined) return undefined;
      const size = logging.bufferSize === undefined ? '' : ` ${logging.bufferSize}`;
      return `logging buffered${size}${logging.buffered === undefined ? '' : ` ${SEVERITY_NAMES[logging.buffered]}`}`;
    },
    about: 'Default: everything, in 4096 octets.',
  }),
  destination('console', 'Set console logging parameters'),
  destination('monitor', 'Set terminal line (monitor) logging parameters'),
];

function destination(which: 'console' | 'monitor', help: string): Command<Configuration> {
  return define({
    path: [words(`logging ${which}`, help), SEVERITY],
    set: ({ subject: { logging } }, typed) => {
      logging[which] = severity(typed);
      speak(logging, which);
    },
    unset: ({ subject: { logging } }) => {
      logging[which] = undefined;
      silence(logging, which);
    },
    reset: ({ subject: { logging } }) => {
      logging[which] = undefined;
      speak(logging, which);
    },
    lines: ({ subject: { logging } }) => {
      if (logging.silent?.includes(which) === true) return `no logging ${which}`;
      return logging[which] === undefined ? undefined : `logging ${which} ${SEVERITY_NAMES[logging[which]]}`;
    },
    about: 'Default: debugging.',
  });
}

function severity(typed: { severity?: number; level?: (typeof SEVERITY_NAMES)[number] }): Severity | undefined {
  if (typed.level !== undefined) return SEVERITY_NAMES.indexOf(typed.level) as Severity;
  return typed.severity as Severity | undefined;
}

function silence(logging: Configuration['logging'], which: LogDestination): void {
  logging.silent = [...(logging.silent ?? []).filter((each) => each !== which), which];
}

function speak(logging: Configuration['logging'], which: LogDestination): void {
  const left = (logging.silent ?? []).filter((each) => each !== which);
  logging.silent = left.length === 0 ? undefined : left;
}

function oneWay(hash: '0' | '5' | '8' | '9' | undefined, text: string): Secret {
  return { type: hash === undefined ? 0 : (Number(hash) as Secret['type']), text };
}

function formatUser(user: User): string {
  const parts = [`username ${user.name}`];
  if (user.privilege !== undefined) parts.push(`privilege ${user.privilege}`);
  if (user.password !== undefined) parts.push(`password ${formatSecret(user.password)}`);
  else if (user.secret !== undefined) parts.push(`secret ${formatSecret(user.secret)}`);
  return parts.join(' ');
}

function formatTimestamps(of: 'debug' | 'log', stamps: Timestamps): string {
  if (stamps.kind === 'none') return `no service timestamps ${of}`;
  if (stamps.kind === 'uptime') return `service timestamps ${of} uptime`;
  const { msec, localtime, showTimezone, year } = stamps;
  const options = [
    ...(msec ? ['msec'] : []),
    ...(localtime ? ['localtime'] : []),
    ...(showTimezone ? ['show-timezone'] : []),
    ...(year ? ['year'] : []),
  ];
  return [`service timestamps ${of} datetime`, ...options].join(' ');
}

const BOTH = 'ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other.';
