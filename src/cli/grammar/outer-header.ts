// What a pseudowire-class sets of the outer IP header, and the protocol number behind it (C044-C048).

import type { PseudowireClass } from '../../vpdn/configuration-vpdn.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { choice, number, oneOf, optional, sequence, word, words } from '../syntax.ts';
import { type Command, definer, notSupported, refused } from '../tree.ts';
import { numberSetting, switchSetting } from './setting.ts';

const define = definer<PseudowireClass>();

// RFC 1191: what ICMP says of packets too big lowers the MTU of the session. Needs a control connection to be undone.
const pmtu = define({
  path: [
    words('ip pmtu', 'Enable Path MTU for tunnel'),
    optional(sequence(word('max', 'Largest path MTU'), number('max', 68, 65535, 'Octets'))),
  ],
  set: ({ subject }, { max }) => {
    if (subject.protocol === 'none') return refused('% No path MTU discovery without signaling');
    subject.pmtu = max === undefined ? {} : { max };
    return undefined;
  },
  unset: ({ subject }) => {
    subject.pmtu = undefined;
  },
  lines: ({ subject: { pmtu: kept } }) => {
    if (kept === undefined) return undefined;
    return kept.max === undefined ? 'ip pmtu' : `ip pmtu max ${kept.max}`;
  },
  entries: ['C044'],
  about: 'Default off. Not with `protocol none`.',
});

const ipProtocol = define({
  path: [
    words('ip protocol', 'Specific IP protocol number to use'),
    choice(
      oneOf('word', { l2tp: 'L2TP (115)', udp: 'UDP (17) port 1701 (ext)', uti: 'UTI (120)' }),
      number('value', 1, 255, 'IP protocol number'),
    ),
  ],
  set: ({ subject }, { word: known, value }) => {
    if (subject.encapsulation === 'l2tpv2') return refused('% ip protocol is for encapsulation l2tpv3 only');
    const wanted = known === undefined ? value : NUMBERS[known];
    subject.ipProtocol = wanted === NUMBERS.l2tp ? undefined : wanted;
    return undefined;
  },
  unset: ({ subject }) => {
    subject.ipProtocol = undefined;
  },
  lines: ({ subject: { ipProtocol: kept } }) => {
    if (kept === undefined) return undefined;
    const known = Object.entries(NUMBERS).find(([, number]) => number === kept);
    return `ip protocol ${known?.[0] ?? kept}`;
  },
  standing: ({ word: known, value }) =>
    known === 'l2tp' || known === 'udp' || value === NUMBERS.l2tp || value === NUMBERS.udp
      ? HONOURED
      : notSupported('L2TPv3 goes over IP protocol 115 or over UDP: a pseudowire of this class stays down'),
  entries: ['C048'],
  about: 'Default l2tp, which is 115. `udp` is an extension: L2TPv3 over UDP port 1701. For encapsulation l2tpv3 only.',
});

/** In the order of running-config. */
export const OUTER_HEADER: readonly Command<PseudowireClass>[] = [
  pmtu,
  numberSetting<PseudowireClass>({
    text: 'ip tos value',
    help: 'IP ToS value',
    low: 0,
    high: 255,
    valueHelp: 'ToS value',
    get: ({ tosValue }) => tosValue,
    put: (subject, value) => {
      subject.tosValue = value;
    },
    normally: 0,
    entries: ['C045'],
    about: 'Default 0. `reflect` overrides it for IP payload. For L2TPv3.',
  }),
  switchSetting<PseudowireClass>({
    text: 'ip tos reflect',
    help: 'Reflect IP payload ToS on tunnel',
    get: ({ tosReflect }) => tosReflect,
    put: (subject, on) => {
      subject.tosReflect = on;
    },
    normally: false,
    entries: ['C045'],
    about: 'Default off. For L2TPv3.',
  }),
  switchSetting<PseudowireClass>({
    text: 'ip dfbit set',
    help: 'Set the DF bit in the tunnel header',
    get: ({ dontFragment }) => dontFragment,
    put: (subject, on) => {
      subject.dontFragment = on;
    },
    normally: false,
    entries: ['C046'],
    about: 'Default off. For L2TPv3.',
  }),
  numberSetting<PseudowireClass>({
    text: 'ip ttl',
    help: 'Specify TTL value for IP tunnel header',
    low: 1,
    high: 255,
    valueHelp: 'TTL value',
    get: ({ ttl }) => ttl,
    put: (subject, value) => {
      subject.ttl = value;
    },
    normally: 255,
    entries: ['C047'],
    about: 'Default 255. For L2TPv3.',
  }),
  ipProtocol,
];

/** IANA protocol numbers; 120 is what UTI, the parent of L2TPv3, used. */
const NUMBERS = { l2tp: 115, udp: 17, uti: 120 } as const;
