// Pseudowire class mode: the parameters of sessions we open.

import type { PseudowireClass } from '../../vpdn/configuration-vpdn.ts';
import { interfaceName, nameAfterWords, number, oneOf, optional, sequence, word, words } from '../syntax.ts';
import { type Command, definer, type Mode, notSupported, refused } from '../tree.ts';
import { inertCommand } from './inert.ts';
import { exitCommand } from './setting.ts';

/** The prompt the guide shows; 12.4T and later say `config-pw-class`. */
const PROMPT = 'config-pw';

const define = definer<PseudowireClass>();

const encapsulation = define({
  path: [
    word('encapsulation', 'Data encapsulation method'),
    oneOf('kind', {
      l2tpv2: 'Use L2TPv2 encapsulation',
      l2tpv3: 'Use L2TPv3 encapsulation',
      mpls: 'Use MPLS encapsulation',
    }),
  ],
  set: ({ subject }, { kind }) => {
    if (kind === 'mpls') return refused('% MPLS encapsulation is not supported');
    if (subject.encapsulation !== undefined && subject.encapsulation !== kind) {
      return refused('% Encapsulation changes not allowed on an existing pw-class');
    }
    if (!fits(kind, subject.protocol)) return refused(MISMATCH);
    subject.encapsulation = kind;
  },
  unset: ({ subject }) => {
    subject.encapsulation = undefined;
  },
  lines: ({ subject }) => (subject.encapsulation === undefined ? undefined : `encapsulation ${subject.encapsulation}`),
  about: 'No default: a class without it brings nothing up.',
});

// `l2tpv2` signals as RFC 2661 does, over UDP; the L2TPv3 words are kept so that a configuration for both kinds of peer loads.
const protocol = define({
  path: [
    word('protocol', 'Signaling protocol to use'),
    oneOf('kind', {
      l2tpv2: 'Use L2TPv2 signaling protocol',
      l2tpv3: 'Use L2TPv3 signaling protocol',
      l2tpv3ietf: 'Use IETF L2TPv3 signaling protocol',
      none: 'No signaling, use manually configured pseudowires',
    }),
    optional(nameAfterWords('l2tpClass', 'l2tp-class name')),
  ],
  set: ({ subject }, { kind, l2tpClass }) => {
    if (!fits(subject.encapsulation, kind)) return refused(MISMATCH);
    if (kind === 'none' && l2tpClass !== undefined) return refused('% No l2tp-class without signaling');
    subject.protocol = kind;
    subject.l2tpClass = l2tpClass;
  },
  unset: ({ subject }) => {
    subject.protocol = undefined;
    subject.l2tpClass = undefined;
  },
  lines: ({ subject }) => {
    if (subject.protocol === undefined) return undefined;
    return subject.l2tpClass === undefined
      ? `protocol ${subject.protocol}`
      : `protocol ${subject.protocol} ${subject.l2tpClass}`;
  },
  about: 'Default: that of the encapsulation, with the l2tp-class `l2tp_default_class`.',
});

// Control and data packets must leave from one address, or the peer takes them for two tunnels.
const localInterface = define({
  path: [
    words('ip local interface', 'Source interface for pseudowire'),
    interfaceName('lender', ['Loopback', 'physical', 'Virtual-PPP']),
  ],
  set: ({ subject }, { lender }) => {
    subject.localInterface = lender;
  },
  unset: ({ subject }) => {
    subject.localInterface = undefined;
  },
  lines: ({ subject }) => {
    return subject.localInterface === undefined ? undefined : `ip local interface ${subject.localInterface}`;
  },
  about: 'Default: the address Linux would use towards the peer. A loopback is recommended.',
});

// RFC 2661 §5.4: numbers cost nothing to send; dropping what comes late is what `receive` adds.
const sequencing = define({
  path: [
    word('sequencing', 'Sequencing options for pseudowire'),
    oneOf('direction', {
      transmit: 'Sequence numbers in packets sent',
      receive: 'Drop packets received out of order',
      both: 'Both of them',
    }),
  ],
  set: ({ subject }, { direction }) => {
    subject.sequencing = direction;
  },
  unset: ({ subject }) => {
    subject.sequencing = undefined;
  },
  lines: ({ subject }) => (subject.sequencing === undefined ? undefined : `sequencing ${subject.sequencing}`),
  about: 'Default off.',
});

const OUTER_HEADER = notSupported('the outer IP header is made by Linux: its settings there apply');

// What IOS lets one set of the outer header. Typed in full, so that help and ranges are right, and kept without effect.
const outerHeader: Command<PseudowireClass>[] = [
  inertCommand({
    text: 'ip pmtu',
    help: 'Enable Path MTU for tunnel',
    standing: OUTER_HEADER,
    tail: [optional(sequence(word('max', 'Largest path MTU'), number('max', 68, 65535, 'Octets')))],
    say: ({ max }) => (max === undefined ? undefined : `max ${max}`),
  }),
  inertCommand({
    text: 'ip tos value',
    help: 'IP ToS value',
    standing: OUTER_HEADER,
    tail: [number('value', 0, 255, 'ToS value')],
    say: ({ value }) => (value === undefined ? undefined : String(value)),
  }),
  inertCommand({
    text: 'ip tos reflect',
    help: 'Reflect IP payload ToS on tunnel',
    standing: OUTER_HEADER,
    tail: [],
    say: () => undefined,
  }),
  inertCommand({
    text: 'ip dfbit set',
    help: 'Set the DF bit in the tunnel header',
    standing: OUTER_HEADER,
    tail: [],
    say: () => undefined,
  }),
  inertCommand({
    text: 'ip ttl',
    help: 'Specify TTL value for IP tunnel header',
    standing: OUTER_HEADER,
    tail: [number('value', 1, 255, 'TTL value')],
    say: ({ value }) => (value === undefined ? undefined : String(value)),
  }),
  inertCommand({
    text: 'ip protocol',
    help: 'Specific IP protocol number to use',
    standing: notSupported('L2TPv2 runs over UDP, and L2TPv3 is not built yet'),
    tail: [
      optional(oneOf('word', { l2tp: 'L2TP (115)', uti: 'UTI (120)' })),
      optional(number('value', 1, 255, 'Number')),
    ],
    say: ({ word, value }) => (word as string | undefined) ?? (value === undefined ? undefined : String(value)),
  }),
];

export const PSEUDOWIRE_CLASS_MODE: Mode<PseudowireClass> = {
  name: 'pseudowire-class',
  prompt: PROMPT,
  heading: 'Pseudowire class configuration commands:',
  find: (configuration, key) => configuration.pseudowireClasses.get(key),
  commands: [
    exitCommand('pseudowire class configuration'),
    encapsulation,
    protocol,
    localInterface,
    ...outerHeader,
    sequencing,
  ],
};

/** Which signaling goes with which encapsulation. */
function fits(encapsulation: PseudowireClass['encapsulation'], protocol: PseudowireClass['protocol']): boolean {
  if (encapsulation === undefined || protocol === undefined || protocol === 'none') return true;
  return (encapsulation === 'l2tpv2') === (protocol === 'l2tpv2');
}

const MISMATCH = '% The signaling protocol does not go with the encapsulation';
