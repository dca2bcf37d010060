// `service …`: timestamps and sequence numbers of messages, encryption of passwords (C009, C010).

import type { Configuration } from '../../vpdn/configuration.ts';
import { emptyConfiguration } from '../../vpdn/configuration.ts';
import type { Timestamps } from '../../vpdn/configuration-system.ts';
import { encryptSecrets } from '../password.ts';
import { anyOrder, choice, flag, oneOf, optional, sequence, words } from '../syntax.ts';
import { type Command, definer } from '../tree.ts';
import { switchSetting } from './setting.ts';

const define = definer<Configuration>();

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
  entries: ['C010'],
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
    entries: ['C009'],
    about: 'Default off. Turns every clear password into type 7 at once; `no` does not turn them back.',
  }),
  switchSetting<Configuration>({
    text: 'service sequence-numbers',
    help: 'Stamp logger messages with a sequence number',
    get: ({ services }) => services.sequenceNumbers ?? false,
    put: ({ services }, on) => {
      services.sequenceNumbers = on ? true : undefined;
    },
    normally: false,
    entries: ['C010'],
    about: 'Default off. Six digits before the timestamp of every message.',
  }),
];

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
