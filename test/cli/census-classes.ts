// Census rows of l2tp-class mode and pseudowire-class mode.

import type { Configuration } from '../../src/vpdn/configuration.ts';
import type { L2tpClass, PseudowireClass } from '../../src/vpdn/configuration-vpdn.ts';
import type { ConfigurationRow } from './census-table.ts';

type Part = Omit<ConfigurationRow, 'mode' | 'of'>;

const l2tpClass = (of: (each: L2tpClass) => unknown, row: Part): ConfigurationRow => {
  return { ...row, mode: 'l2tp-class', of: ({ l2tpClasses }: Configuration) => of(l2tpClasses.get('one')!) };
};

const pwClass = (of: (each: PseudowireClass) => unknown, row: Part): ConfigurationRow => {
  return {
    ...row,
    mode: 'pseudowire-class',
    of: ({ pseudowireClasses }: Configuration) => of(pseudowireClasses.get('one')!),
  };
};

/** A line with one number behind it. */
function numbered(
  text: string,
  short: string,
  [value, low, high]: readonly [number, number, number],
  other: Pick<Part, 'command' | 'no' | 'reset'> & Partial<Part>,
): Part {
  return {
    full: `${text} ${value}`,
    short: `${short} ${value}`,
    means: value,
    ends: [`${text} ${low}`, `${text} ${high}`],
    beyond: [
      ...(low === 0 ? [] : [[`${text} ${low - 1}`, text.length + 1] as const]),
      [`${text} ${high + 1}`, text.length + 1],
      [`${text} -1`, text.length + 1],
      [text, 'incomplete'],
    ],
    help: { [`${text} `]: `<${low}-${high}>` },
    prints: `${text} ${value}`,
    ...other,
  };
}

/** A line of words alone. */
function switched(text: string, short: string, other: Partial<Part> = {}): Part {
  return {
    command: text,
    full: text,
    short,
    means: true,
    no: [`no ${text}`, false],
    reset: [`default ${text}`, false],
    beyond: [[`${text} x`, text.length + 1]],
    help: { [`${text} `]: '<cr>' },
    prints: text,
    ...other,
  };
}

/** All six of them take back what they say alone. */
const retransmit = (field: keyof L2tpClass['retransmit'], text: string, short: string, high: number, value: number) => {
  const words = `retransmit ${text}`;
  const place = {
    command: 'retransmit',
    no: [`no ${words}`, undefined],
    reset: [`default ${words}`, undefined],
  } as const;
  return l2tpClass((each) => each.retransmit[field], numbered(words, `retr ${short}`, [value, 1, high], place));
};

const L2TP_CLASS: readonly ConfigurationRow[] = [
  l2tpClass(
    ({ receiveWindow }) => receiveWindow,
    numbered('receive-window', 'rec', [30, 1, 8192], {
      command: 'receive-window',
      no: ['no receive-window', undefined],
      reset: ['default receive-window 30', undefined],
    }),
  ),
  retransmit('initialRetries', 'initial retries', 'i r', 1000, 5),
  retransmit('retries', 'retries', 'r', 1000, 10),
  retransmit('timeoutMax', 'timeout max', 't ma', 8, 4),
  retransmit('timeoutMin', 'timeout min', 't mi', 8, 2),
  retransmit('initialTimeoutMax', 'initial timeout max', 'i t ma', 8, 4),
  retransmit('initialTimeoutMin', 'initial timeout min', 'i t mi', 8, 2),
  l2tpClass(
    ({ setupTimeout }) => setupTimeout,
    numbered('timeout setup', 't s', [400, 60, 6000], {
      command: 'timeout setup',
      no: ['no timeout setup', undefined],
      reset: ['default timeout setup', undefined],
    }),
  ),
  l2tpClass(({ authentication }) => authentication, switched('authentication', 'au')),
  l2tpClass(({ hostname }) => hostname, {
    command: 'hostname',
    full: 'hostname peer1.example.com',
    short: 'ho peer1.example.com',
    means: 'peer1.example.com',
    no: ['no hostname', undefined],
    reset: ['default hostname', undefined],
    beyond: [
      ['hostname', 'incomplete'],
      ['hostname one two', 13],
    ],
    help: { 'hostname ': 'WORD', 'h?': 'hello hidden hostname' },
    prints: 'hostname peer1.example.com',
  }),
  l2tpClass(({ hidden }) => hidden, switched('hidden', 'hi')),
  l2tpClass(({ password }) => password, {
    command: 'password',
    full: 'password 0 my secret',
    short: 'pa my secret',
    means: { type: 0, text: 'my secret' },
    no: ['no password', undefined],
    reset: ['default password', undefined],
    ends: ['password 7 0822455D0A16'],
    beyond: [
      ['password', 'incomplete'],
      ['password 7 nonsense', 'refused'],
    ],
    help: { 'password ': 'LINE 0 7', 'password 7 ': 'LINE' },
    prints: 'password 0 my secret',
  }),
  l2tpClass(
    ({ hello }) => hello,
    numbered('hello', 'he', [120, 0, 1000], {
      command: 'hello',
      // The one command whose `no` is not its default: none are sent, and that is printed.
      no: ['no hello', 0],
      reset: ['default hello', undefined],
    }),
  ),
];

const V3 = ['encapsulation l2tpv3'];

const PSEUDOWIRE_CLASS: readonly ConfigurationRow[] = [
  pwClass(({ encapsulation }) => encapsulation, {
    command: 'encapsulation',
    full: 'encapsulation l2tpv2',
    short: 'enc l2tpv2',
    means: 'l2tpv2',
    no: ['no encapsulation', undefined],
    reset: ['default encapsulation l2tpv2', undefined],
    ends: V3,
    beyond: [
      ['encapsulation l2tpv4', 19],
      ['encapsulation', 'incomplete'],
      ['encapsulation l2tpv', 'ambiguous'],
      ['encapsulation mpls', 'refused'],
    ],
    help: { 'encapsulation ': 'l2tpv2 l2tpv3 mpls' },
    prints: 'encapsulation l2tpv2',
  }),
  pwClass(({ protocol, l2tpClass: name }) => [protocol, name], {
    command: 'protocol',
    setup: V3,
    full: 'protocol l2tpv3ietf l2tpclass1',
    short: 'pro l2tpv3i l2tpclass1',
    means: ['l2tpv3ietf', 'l2tpclass1'],
    no: ['no protocol', [undefined, undefined]],
    reset: ['default protocol', [undefined, undefined]],
    ends: ['protocol l2tpv3 l2tpclass1', 'protocol none'],
    beyond: [
      ['protocol l2tpv2', 'refused'],
      ['protocol l2f', 11],
      ['protocol', 'incomplete'],
    ],
    help: { 'protocol ': 'l2tpv2 l2tpv3 l2tpv3ietf none', 'protocol l2tpv2 ': 'WORD <cr>' },
    prints: 'protocol l2tpv3ietf l2tpclass1',
  }),
  pwClass(({ localInterface }) => localInterface, {
    command: 'ip local interface',
    full: 'ip local interface ethernet 0/0',
    short: 'ip l i e0/0',
    means: 'Ethernet0/0',
    no: ['no ip local interface', undefined],
    reset: ['default ip local interface', undefined],
    ends: ['ip local interface Loopback 0', 'ip local interface Loopback 2147483647'],
    beyond: [
      ['ip local interface loopback 2147483648', 28],
      ['ip local interface', 'incomplete'],
    ],
    help: { 'ip local ': 'interface' },
    prints: 'ip local interface Ethernet0/0',
  }),
  pwClass(
    ({ pmtu }) => pmtu,
    switched('ip pmtu', 'ip pm', {
      setup: V3,
      means: {},
      no: ['no ip pmtu', undefined],
      reset: ['default ip pmtu', undefined],
      ends: ['ip pmtu max 68', 'ip pmtu max 65535'],
      beyond: [
        ['ip pmtu max 67', 12],
        ['ip pmtu max 65536', 12],
      ],
      help: { 'ip pmtu ': 'max <cr>', 'ip ': 'dfbit local pmtu protocol tos ttl' },
    }),
  ),
  pwClass(
    ({ tosValue }) => tosValue,
    numbered('ip tos value', 'ip to v', [5, 0, 255], {
      command: 'ip tos',
      no: ['no ip tos value', undefined],
      reset: ['default ip tos value 5', undefined],
    }),
  ),
  pwClass(
    ({ tosReflect }) => tosReflect,
    switched('ip tos reflect', 'ip to r', { command: 'ip tos', help: { 'ip tos ': 'reflect value' } }),
  ),
  pwClass(({ dontFragment }) => dontFragment, switched('ip dfbit set', 'ip d s')),
  pwClass(
    ({ ttl }) => ttl,
    numbered('ip ttl', 'ip tt', [100, 1, 255], {
      command: 'ip ttl',
      no: ['no ip ttl', undefined],
      reset: ['default ip ttl', undefined],
    }),
  ),
  pwClass(({ ipProtocol }) => ipProtocol, {
    command: 'ip protocol',
    setup: V3,
    full: 'ip protocol uti',
    short: 'ip pr ut',
    means: 120,
    no: ['no ip protocol', undefined],
    reset: ['default ip protocol', undefined],
    ends: ['ip protocol l2tp', 'ip protocol 1', 'ip protocol 255'],
    beyond: [
      ['ip protocol 0', 12],
      ['ip protocol 256', 12],
      ['ip protocol', 'incomplete'],
    ],
    help: { 'ip protocol ': '<1-255> l2tp udp uti' },
    prints: 'ip protocol uti',
  }),
  pwClass(({ sequencing }) => sequencing, {
    command: 'sequencing',
    full: 'sequencing both',
    short: 'seq b',
    means: 'both',
    no: ['no sequencing', undefined],
    reset: ['default sequencing both', undefined],
    ends: ['sequencing transmit', 'sequencing receive'],
    beyond: [
      ['sequencing none', 11],
      ['sequencing', 'incomplete'],
    ],
    help: { 'sequencing ': 'both receive transmit' },
    prints: 'sequencing both',
  }),
];

export const CLASS_ROWS: readonly ConfigurationRow[] = [...L2TP_CLASS, ...PSEUDOWIRE_CLASS];
