// `logging host` and what goes to syslog servers (C013).

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Logging, SyslogHost } from '../../vpdn/configuration-system.ts';
import { SEVERITY_NAMES } from '../../vpdn/log.ts';
import { readIpv6 } from '../../wire/ipv6.ts';
import {
  address,
  choice,
  flag,
  interfaceName,
  line,
  nameAfterWords,
  number,
  oneOf,
  optional,
  sequence,
  word,
  words,
} from '../syntax.ts';
import { type Command, definer, notSupported, refused, withoutEffect } from '../tree.ts';
import { ALL_INTERFACES } from './exec/definition.ts';
import { inertCommands } from './inert.ts';
import { SEVERITY, severity } from './logging.ts';

const define = definer<Configuration>();

const EVERYTHING = notSupported('every server gets all messages of the severity that `logging trap` says');

const FACILITIES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`local${index}`, 'Local use'])),
  ...Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`sys${index + 9}`, 'System use'])),
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

export const SYSLOG: Command<Configuration>[] = [
  define({
    path: [words('logging trap', 'Set syslog server logging level'), SEVERITY],
    keep: 2,
    set: ({ subject: { logging } }, typed) => {
      const level = severity(typed);
      logging.trap = level === INFORMATIONAL ? undefined : level;
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
    entries: ['C013'],
    about: 'Default informational. `debugging` sends the lines of `debug` as well.',
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
    entries: ['C013'],
    about:
      'Default: the address that Linux would send from. While the interface has no address messages wait, a hundred for each server.',
  }),
  define({
    path: [
      words('logging origin-id', 'Add origin ID to syslog messages'),
      choice(
        oneOf('kind', { hostname: 'Use hostname', ip: 'Use IP address', ipv6: 'Use IPv6 address' }),
        sequence(word('string', 'Define a unique text string as ID'), line('text', 'The ID')),
      ),
    ],
    keep: 2,
    set: ({ subject: { logging } }, { kind, text = '' }) => {
      logging.originId = (kind as 'hostname' | 'ip' | 'ipv6' | undefined) ?? { text };
    },
    unset: ({ subject: { logging } }) => {
      logging.originId = undefined;
    },
    lines: ({ subject: { logging } }) => formatOrigin(logging.originId),
    entries: ['C013'],
    about: 'Default none. `ip` and `ipv6` are the address that a message leaves from.',
  }),
  ...inertCommands<Configuration>(notSupported('there is no SNMP here, whose table of messages it is about'), [
    { text: 'logging history', help: 'Configure syslog history table', takes: 'line', several: true },
  ]),
  ...inertCommands<Configuration>(EVERYTHING, [
    { text: 'logging discriminator', help: 'Create or modify a message discriminator', takes: 'line', several: true },
  ]),
  ...inertCommands<Configuration>(withoutEffect('a hundred messages wait for a server that is not there yet'), [
    { text: 'logging queue-limit', help: 'Set logger message queue size', takes: 'optional-line', printsNo: true },
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
  define({
    path: [
      words('logging host', 'Set syslog server IP address and parameters'),
      optional(flag('ipv6', 'Configure IPv6 syslog server')),
      nameAfterWords('server', 'Hostname or IP address of the syslog server'),
      optional(
        sequence(
          word('transport', 'Specify the transport protocol (default=UDP)'),
          oneOf('transport', { tcp: 'Transport Control Protocol', udp: 'User Datagram Protocol' }),
          optional(sequence(word('port', 'Specify the port number'), number('port', 1, 65535, 'Port number'))),
        ),
      ),
    ],
    keep: 2,
    set: ({ subject: { logging } }, { ipv6, server, transport = 'udp', port }) => {
      if (ipv6 === true && readIpv6(server) === undefined) return refused(`% ${server} is not an IPv6 address`);
      add(logging, { host: server, transport, ...(port !== DEFAULT_PORTS[transport] && { port }) });
    },
    unset: ({ subject: { logging } }, { server, transport, port }) => {
      const wanted = transport === undefined ? undefined : (port ?? DEFAULT_PORTS[transport]);
      remove(logging, (each) => {
        const same = each.transport === transport && (each.port ?? DEFAULT_PORTS[each.transport]) === wanted;
        return (server === undefined || each.host === server) && (transport === undefined || same);
      });
    },
    lines: ({ subject: { logging } }) => (logging.hosts ?? []).map(formatHost),
    entries: ['C013'],
    about:
      'Several servers add up. Default UDP port 514, TCP port 601. A message is `<PRI>number: timestamp: %FACILITY-SEVERITY-MNEMONIC: text`.',
  }),
  define({
    path: [word('logging', 'Modify message logging facilities'), address('server', 'IP address of the logging host')],
    keep: 2,
    set: ({ subject: { logging } }, { server }) => add(logging, { host: server, transport: 'udp' }),
    unset: ({ subject: { logging } }, { server }) => remove(logging, ({ host }) => host === server),
    lines: () => [],
    entries: ['C013'],
    about: 'The older form of `logging host`.',
  }),
];

function add(logging: Logging, host: SyslogHost): void {
  const line = formatHost(host);
  logging.hosts = [...(logging.hosts ?? []).filter((each) => formatHost(each) !== line), host];
}

function remove(logging: Logging, isMeant: (host: SyslogHost) => boolean): void {
  const left = (logging.hosts ?? []).filter((each) => !isMeant(each));
  logging.hosts = left.length === 0 ? undefined : left;
}

function formatHost({ host, transport, port }: SyslogHost): string {
  const head = `logging host ${readIpv6(host) === undefined ? '' : 'ipv6 '}${host}`;
  if (transport === 'udp' && port === undefined) return head;
  return `${head} transport ${transport}${port === undefined ? '' : ` port ${port}`}`;
}

function formatOrigin(originId: Logging['originId']): string | undefined {
  if (originId === undefined) return undefined;
  return `logging origin-id ${typeof originId === 'string' ? originId : `string ${originId.text}`}`;
}

const DEFAULT_PORTS = { udp: 514, tcp: 601 } as const;
const INFORMATIONAL = 6;
