// `logging …`: where messages go, and from which severity on (C013). What goes to syslog servers is in `syslog.ts`.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { LogDestination, Severity } from '../../vpdn/configuration-system.ts';
import { SEVERITY_NAMES } from '../../vpdn/log.ts';
import { choice, number, oneOf, optional, words } from '../syntax.ts';
import { type Command, definer } from '../tree.ts';
import { switchSetting } from './setting.ts';

const define = definer<Configuration>();

export const SEVERITY = optional(
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
    entries: ['C013'],
    about: 'Default on. Off, messages go to the console only.',
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
    entries: ['C013'],
    about: 'Default: everything, in 4096 octets.',
  }),
  destination('console', 'Set console logging parameters'),
  destination('monitor', 'Set terminal line (monitor) logging parameters'),
  switchSetting<Configuration>({
    text: 'logging userinfo',
    help: 'Enable logging of user info on privileged mode enabling',
    get: ({ logging }) => logging.userinfo ?? false,
    put: ({ logging }, on) => {
      logging.userinfo = on ? true : undefined;
    },
    normally: false,
    entries: ['C013'],
    about: 'Default off. Says with %SYS-5-PRIV_AUTH_PASS and _FAIL who entered a privilege level.',
  }),
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
    entries: ['C013'],
    about: 'Default: debugging.',
  });
}

export function severity(typed: { severity?: number; level?: (typeof SEVERITY_NAMES)[number] }): Severity | undefined {
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
