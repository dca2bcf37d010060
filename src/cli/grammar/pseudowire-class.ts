// Pseudowire class mode: the parameters of sessions we open.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface } from '../../vpdn/configuration-interface.ts';
import type { PseudowireClass } from '../../vpdn/configuration-vpdn.ts';
import { interfaceName, nameAfterWords, oneOf, optional, word, words } from '../syntax.ts';
import { definer, type Mode, notSupported, refused } from '../tree.ts';
import { NO_MPLS } from './elsewhere/reasons.ts';
import { inertCommands } from './inert.ts';
import { OUTER_HEADER } from './outer-header.ts';
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
    if (subject.encapsulation !== undefined && subject.encapsulation !== kind) return refused(UNCHANGEABLE);
    if (!fits(kind, subject.protocol) || (kind === 'l2tpv2' && subject.ipProtocol !== undefined)) {
      return refused(MISMATCH);
    }
    subject.encapsulation = kind;
    if (subject.protocol === kind && subject.l2tpClass === undefined) subject.protocol = undefined;
    return undefined;
  },
  // Sessions that run by the class would have to go with it: the class is deleted and made again, as in IOS.
  unset: ({ configuration, subject }) => {
    if (interfaceUsing(configuration, subject.name) !== undefined) return refused(UNCHANGEABLE);
    subject.encapsulation = undefined;
    return undefined;
  },
  lines: ({ subject }) => (subject.encapsulation === undefined ? undefined : `encapsulation ${subject.encapsulation}`),
  entries: ['C041'],
  about:
    'No default: a class without it brings nothing up. It is chosen once; while a pseudowire uses the class it stays.',
});

// `l2tpv2` signals as RFC 2661 does, over UDP; `none` is for sessions whose every value is typed at both ends.
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
  keep: 1,
  set: ({ subject }, { kind, l2tpClass }) => {
    if (!fits(subject.encapsulation, kind)) return refused(MISMATCH);
    if (kind === 'none' && l2tpClass !== undefined) return refused('% No l2tp-class without signaling');
    if (kind === 'none' && subject.pmtu !== undefined) return refused('% No path MTU discovery without signaling');
    // What the encapsulation implies is not said again.
    subject.protocol = kind === subject.encapsulation && l2tpClass === undefined ? undefined : kind;
    subject.l2tpClass = l2tpClass;
    return undefined;
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
  entries: ['C042'],
  about:
    'Default: that of the encapsulation, with the l2tp-class `l2tp_default_class`. `l2tpv3` takes the attributes of early Cisco ' +
    'routers beside those of RFC 3931, and answers in kind whoever sends them; `l2tpv3ietf` takes those of the RFC alone. No ' +
    'Cisco router was there to test with. PPP over UDP falls back to L2TPv2 where a peer does not answer, unless the l2tp-class ' +
    'has a `digest secret`.',
});

// Control and data packets must leave from one address, or the peer takes them for two tunnels.
const localInterface = define({
  path: [
    words('ip local interface', 'Source interface for pseudowire'),
    interfaceName('lender', ['Loopback', 'physical', 'Virtual-PPP', 'Dialer']),
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
  entries: ['C043'],
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
  entries: ['C049'],
  about: 'Default off.',
});

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
    ...OUTER_HEADER,
    sequencing,
    ...inertCommands<PseudowireClass>(NO_MPLS, [
      { text: 'control-word', help: 'Control word of MPLS', printsNo: true },
      { text: 'load-balance', help: 'Load balancing of MPLS', takes: 'line', several: true },
      { text: 'preferred-path', help: 'Preferred path of MPLS', takes: 'line' },
      { text: 'status', help: 'Status of a pseudowire of MPLS', takes: 'optional-line', printsNo: true },
      { text: 'switching tlv', help: 'Switching TLV of MPLS', printsNo: true },
      { text: 'vc type', help: 'Type of the VC of MPLS', takes: 'line' },
    ]),
    ...inertCommands<PseudowireClass>(notSupported('both ends have circuits of one type here'), [
      { text: 'interworking', help: 'Interworking type', takes: 'line' },
    ]),
  ],
};

/** An interface whose pseudowire is of the class. */
export function interfaceUsing({ interfaces }: Configuration, pseudowireClass: string): Interface | undefined {
  for (const each of interfaces.values()) {
    const { pseudowire, xconnect } = each;
    if ((pseudowire ?? xconnect)?.pseudowireClass === pseudowireClass) return each;
  }
  return undefined;
}

/** Which signaling goes with which encapsulation. */
function fits(encapsulation: PseudowireClass['encapsulation'], protocol: PseudowireClass['protocol']): boolean {
  if (encapsulation === undefined || protocol === undefined || protocol === 'none') return true;
  return (encapsulation === 'l2tpv2') === (protocol === 'l2tpv2');
}

const UNCHANGEABLE = 'Encapsulation changes not allowed on an existing pw-class';
const MISMATCH = '% The signaling protocol does not go with the encapsulation';
