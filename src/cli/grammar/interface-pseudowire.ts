// `pseudowire` on a Virtual-PPP interface: whom it dials, and with what (C050).

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface, Pseudowire } from '../../vpdn/configuration-interface.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { addressOfAnyFamily, choice, flag, name, number, oneOf, optional, sequence, word } from '../syntax.ts';
import { type Command, definer, entered, refused, warned } from '../tree.ts';
import { only } from './interface-kind.ts';
import { modeLines } from './mode-lines.ts';
import { manualSessionMode } from './xconnect.ts';

const MANUAL_MODE = manualSessionMode(
  (configuration, key) => configuration.interfaces.get(key)?.pseudowire?.manual,
  HONOURED,
);

const SEQUENCING = sequence(
  word('sequencing', 'Configure sequencing options for xconnect'),
  oneOf('direction', {
    both: 'Sequence numbers in both directions',
    receive: 'Drop packets received out of order',
    transmit: 'Sequence numbers in packets sent',
  }),
);

const PW_CLASS = sequence(
  word('pw-class', 'Pseudowire-class to use for encapsulation and protocol configuration'),
  name('pwClass', 'Pseudowire-class name'),
);

// The VCID is local with L2TPv2: the peer never sees it. It is kept unique because it names the session in every `show`.
export const PSEUDOWIRE: Command<Interface> = definer<Interface>()({
  path: [
    word('pseudowire', 'pseudowire commands'),
    addressOfAnyFamily('peer', 'IP address of peer'),
    number('vcid', 1, 4294967295, 'VC ID value'),
    choice(
      sequence(PW_CLASS, optional(SEQUENCING)),
      sequence(
        word('encapsulation', 'Data encapsulation method'),
        oneOf('kind', { l2tpv2: 'Use L2TPv2', l2tpv3: 'Use L2TPv3', mpls: 'Use MPLS' }),
        optional(flag('manual', 'Manually configure L2TP session parameters')),
        optional(PW_CLASS),
        optional(SEQUENCING),
      ),
    ),
  ],
  keep: 1,
  set: ({ configuration, subject }, { peer, vcid, kind, manual, pwClass, direction }) => {
    if (kind === 'mpls') return refused('% MPLS encapsulation is not supported');
    if (manual === true && kind !== 'l2tpv3') return refused('% Manual sessions belong to encapsulation l2tpv3');
    const wanted: Pseudowire = { peer, vcid };
    if (kind !== undefined) wanted.encapsulation = kind;
    if (pwClass !== undefined) wanted.pseudowireClass = pwClass;
    if (direction !== undefined) wanted.sequencing = direction;
    if (manual === true) wanted.manual = subject.pseudowire?.manual ?? {};
    const wrong = wrongPseudowire(configuration, subject, wanted);
    if (wrong !== undefined) return refused(wrong);
    subject.pseudowire = wanted;
    const missing = pwClass !== undefined && !configuration.pseudowireClasses.has(pwClass);
    const warning = missing ? `% Pseudowire class ${pwClass} is not configured yet` : undefined;
    if (manual === true) return entered(MANUAL_MODE, subject.name, headOf(wanted), warning);
    return warning === undefined ? undefined : warned(warning);
  },
  unset: ({ subject }, { peer, vcid }) => {
    const kept = subject.pseudowire;
    if (kept === undefined || (peer !== undefined && kept.peer !== peer)) return;
    if (vcid === undefined || kept.vcid === vcid) subject.pseudowire = undefined;
  },
  lines: (scope) => {
    const wire = scope.subject.pseudowire;
    if (wire === undefined) return undefined;
    const head = headOf(wire);
    return wire.manual === undefined ? head : [head, ...modeLines(MANUAL_MODE, wire.manual, scope, head)];
  },
  when: only('Virtual-PPP'),
  entries: ['C050'],
  about:
    'Dialled as soon as it is configured, and again for ever. A second one replaces the first. `manual` opens a mode for the values of the session.',
});

function headOf({ peer, vcid, encapsulation, manual, pseudowireClass, sequencing }: Pseudowire): string {
  const parts = [`pseudowire ${peer} ${vcid}`];
  if (encapsulation !== undefined) parts.push(`encapsulation ${encapsulation}`);
  if (manual !== undefined) parts.push('manual');
  if (pseudowireClass !== undefined) parts.push(`pw-class ${pseudowireClass}`);
  if (sequencing !== undefined) parts.push(`sequencing ${sequencing}`);
  return parts.join(' ');
}

/** One peer and VCID is one pseudowire of the router, and its class must agree with what is said here. */
function wrongPseudowire(configuration: Configuration, subject: Interface, wanted: Pseudowire): string | undefined {
  for (const other of configuration.interfaces.values()) {
    if (other.name === subject.name) continue;
    for (const used of [other.pseudowire, other.xconnect]) {
      if (used?.peer === wanted.peer && used.vcid === wanted.vcid) return '% Peer/VCID pair already in use';
    }
  }
  if (wanted.encapsulation === undefined) return undefined;
  const ofClass = configuration.pseudowireClasses.get(wanted.pseudowireClass ?? '')?.encapsulation;
  return ofClass === undefined || ofClass === wanted.encapsulation
    ? undefined
    : '% Encapsulation mismatch with pw-class';
}
