// `logging …`: where messages go, and from which severity on (C013).

import type { Configuration } from '../../vpdn/configuration.ts';
import type { LogDestination, Severity } from '../../vpdn/configuration-system.ts';
import { SEVERITY_NAMES } from '../../vpdn/log.ts';
import { address, choice, interfaceName, nameAfterWords, number, oneOf, optional, word, words } from '../syntax.ts';
import { type Command, definer, notSupported, withoutEffect } from '../tree.ts';
import { ALL_INTERFACES } from './exec/definition.ts';
import { inertCommands } from './inert.ts';
import { switchSetting } from './setting.ts';

const define = definer<Configuration>();

const NO_SYSLOG = notSupported('messages are not sent to syslog servers yet: they are in the log of the router only');

const FACILITIES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`local${index}`, 'Local use'])),
  auth: 'Authorization system',
  cron: 'Cron/at facility',
  daemon: 'System daemons',
  kern: 'Kernel',
  lpr: 'Line printer system',
  mail: 'Mail system',
  news: 'USENET news',
  syslog: 'Syslog itself',
  user: 'User process',
  uucp: 'Unix-to-Unix copy system',
};

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

/** Where a syslog server comes in. */
export const SYSLOG: Command<Configuration>[] = [
  define({
    path: [words('logging trap', 'Set syslog server logging level'), SEVERITY],
    keep: 2,
    set: ({ subject: { logging } }, typed) => {
      logging.trap = severity(typed);
    },
    unset: ({ subject: { logging } }) => {
      logging.trap = 'off';
    },
    reset: ({ subject: { logging } }) => {
      logging.trap = undefined;
    },
    lines: ({ subject: { logging } }) => {
      if (logging.trap === 'off') return 'no logging trap';
      return logging.trap === undefined ? undefined : `logging trap ${SEVERITY_NAMES[logging.trap]}`;
    },
    standing: NO_SYSLOG,
    entries: ['C013'],
    about: 'Default informational.',
  }),
  define({
    path: [words('logging facility', 'Facility parameter for syslog messages'), oneOf('facility', FACILITIES)],
    set: ({ subject: { logging } }, { facility }) => {
      logging.facility = facility === 'local7' ? undefined : facility;
    },
    unset: ({ subject: { logging } }) => {
      logging.facility = undefined;
    },
    lines: ({ subject: { logging } }) =>
      logging.facility === undefined ? undefined : `logging facility ${logging.facility}`,
    standing: NO_SYSLOG,
    entries: ['C013'],
    about: 'Default local7.',
  }),
  define({
    path: [
      words('logging source-interface', 'Specify interface for source address in logging transactions'),
      interfaceName('of', ALL_INTERFACES),
    ],
    set: ({ subject: { logging } }, { of }) => {
      logging.sourceInterface = of;
    },
    unset: ({ subject: { logging } }) => {
      logging.sourceInterface = undefined;
    },
    lines: ({ subject: { logging } }) => {
      return logging.sourceInterface === undefined ? undefined : `logging source-interface ${logging.sourceInterface}`;
    },
    standing: NO_SYSLOG,
    entries: ['C013'],
  }),
  define({
    path: [
      words('logging origin-id', 'Add origin ID to syslog messages'),
      oneOf('kind', { hostname: 'Use hostname', ip: 'Use IP address', ipv6: 'Use IPv6 address' }),
    ],
    set: ({ subject: { logging } }, { kind }) => {
      logging.originId = kind;
    },
    unset: ({ subject: { logging } }) => {
      logging.originId = undefined;
    },
    lines: ({ subject: { logging } }) =>
      logging.originId === undefined ? undefined : `logging origin-id ${logging.originId}`,
    standing: NO_SYSLOG,
    entries: ['C013'],
  }),
  ...inertCommands<Configuration>(NO_SYSLOG, [
    { text: 'logging queue-limit', help: 'Set logger message queue size', takes: 'optional-line', printsNo: true },
    { text: 'logging history', help: 'Configure syslog history table', takes: 'line', several: true },
    { text: 'logging discriminator', help: 'Create or modify a message discriminator', takes: 'line', several: true },
    { text: 'logging server-arp', help: 'Enable sending ARP requests for syslog servers' },
  ]),
  ...inertCommands<Configuration>(withoutEffect('every message is counted and limited as the router sees fit'), [
    { text: 'logging count', help: 'Count every log message and timestamp last occurrence' },
    {
      text: 'logging message-counter',
      help: 'Configure log message to include certain counter value',
      takes: 'line',
      printsNo: true,
    },
    { text: 'logging rate-limit', help: 'Set messages per second limit', takes: 'line', printsNo: true },
    { text: 'logging buginf', help: 'Enable buginf logging for debugging', printsNo: true },
    { text: 'logging exception', help: 'Limit size of exception flush output', takes: 'line' },
    { text: 'logging persistent', help: 'Set persistent logging parameters', takes: 'optional-line' },
  ]),
  host('logging host', false),
  host('logging', true),
];

/** `logging 192.0.2.9` is the older form of `logging host 192.0.2.9`. */
function host(text: string, older: boolean): Command<Configuration> {
  const head = older
    ? word(text, 'Modify message logging facilities')
    : words(text, 'Set syslog server IP address and parameters');
  const where = older
    ? address('server', 'IP address of the logging host')
    : nameAfterWords('server', 'Hostname or IP address of the syslog server');
  return define({
    path: [head, where],
    keep: 2,
    set: ({ subject: { logging } }, { server }) => {
      logging.hosts = [...(logging.hosts ?? []).filter((each) => each !== server), server];
    },
    unset: ({ subject: { logging } }, { server }) => {
      const left = (logging.hosts ?? []).filter((each) => each !== server);
      logging.hosts = left.length === 0 ? undefined : left;
    },
    lines: ({ subject: { logging } }) => (older ? [] : (logging.hosts ?? []).map((each) => `${text} ${each}`)),
    standing: NO_SYSLOG,
    entries: ['C013'],
    about: older ? 'The older form of `logging host`.' : 'Several servers add up.',
  });
}

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
