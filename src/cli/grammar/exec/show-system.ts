// `show` of the router itself and of the machine it runs on: version, clock, log, sockets (C161, C162, C168).

import { flag, nameAfterWords, number, optional, sequence, word } from '../../syntax.ts';
import { type ExecDefinition, PRIVILEGED, shown, USER } from './definition.ts';

export type ShowSystemCommand =
  | { readonly exec: 'show-version' }
  | { readonly exec: 'show-logging' }
  | { readonly exec: 'show-debugging' }
  | { readonly exec: 'show-clock'; readonly detail?: true }
  | { readonly exec: 'show-aliases' }
  | { readonly exec: 'show-history' }
  | { readonly exec: 'show-privilege' }
  | { readonly exec: 'show-hosts' | 'show-controllers-isa' }
  | { readonly exec: 'show-arp' | 'show-tcp-brief' | 'show-udp' | 'show-processes' | 'show-memory' }
  | { readonly exec: 'show-access-lists'; readonly list?: string }
  | { readonly exec: 'show-tech-support' };

export const SHOW_SYSTEM: readonly ExecDefinition<ShowSystemCommand>[] = [
  shown('version', 'System hardware and software status', [], () => ({ exec: 'show-version' }), USER, 'C161'),
  shown(
    'clock',
    'Display the system clock',
    [optional(flag('detail', 'Display detailed information'))],
    ({ detail }) => ({ exec: 'show-clock', ...(detail && { detail }) }),
    USER,
    'C161',
  ),
  shown(
    'aliases',
    'Display alias commands',
    [optional(word('exec', 'Exec mode'))],
    () => ({ exec: 'show-aliases' }),
    USER,
    'C161',
  ),
  shown('history', 'Display the session command history', [], () => ({ exec: 'show-history' }), USER, 'C161'),
  shown('privilege', 'Show current privilege level', [], () => ({ exec: 'show-privilege' }), USER, 'C161'),
  shown('debugging', 'State of each debugging option', [], () => ({ exec: 'show-debugging' }), USER, 'C161', 'C177'),
  shown('logging', 'Show the contents of logging buffers', [], () => ({ exec: 'show-logging' }), USER, 'C161'),
  shown(
    'hosts',
    'IP domain-name, lookup style, nameservers, and host table',
    [],
    () => ({ exec: 'show-hosts' }),
    USER,
    'C161',
  ),
  shown(
    'controllers isa',
    'Integrated Service Adapter',
    [optional(number('slot', 0, 15, 'Slot number'))],
    () => ({ exec: 'show-controllers-isa' }),
    PRIVILEGED,
    'C161',
  ),
  shown('arp', 'ARP table', [], () => ({ exec: 'show-arp' }), USER, 'C162'),
  shown('ip arp', 'IP ARP table', [], () => ({ exec: 'show-arp' }), USER, 'C162'),
  shown(
    'tcp brief',
    'Status of TCP connections',
    [optional(word('all', 'All end points'))],
    () => ({ exec: 'show-tcp-brief' }),
    PRIVILEGED,
    'C162',
  ),
  shown('udp', 'UDP details', [], () => ({ exec: 'show-udp' }), PRIVILEGED, 'C162'),
  shown('ip sockets', 'Open IP sockets', [], () => ({ exec: 'show-udp' }), PRIVILEGED, 'C162'),
  ...['access-lists', 'ip access-lists'].map((what) => {
    return shown(
      what,
      'List access lists',
      [optional(nameAfterWords('list', 'ACL name or number'))],
      ({ list }) => ({ exec: 'show-access-lists', ...(list !== undefined && { list }) }) as const,
      USER,
      'C012',
    );
  }),
  shown(
    'processes',
    'Active process statistics',
    [optional(sequence(word('cpu', 'Show CPU use per process'), optional(word('sorted', 'Show sorted output'))))],
    () => ({ exec: 'show-processes' }),
    PRIVILEGED,
    'C162',
  ),
  shown('processes memory', 'Show memory use per process', [], () => ({ exec: 'show-memory' }), PRIVILEGED, 'C162'),
  shown(
    'memory',
    'Memory statistics',
    [optional(word('summary', 'Summary of memory usage'))],
    () => ({ exec: 'show-memory' }),
    PRIVILEGED,
    'C162',
  ),
  shown(
    'tech-support',
    'Show system information for Tech-Support, without any secret',
    [],
    () => ({ exec: 'show-tech-support' }),
    PRIVILEGED,
    'C168',
  ),
];
