// `xconnect` on an interface, and the mode in which a session without signaling gets its values (C051-C054).

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface } from '../../vpdn/configuration-interface.ts';
import type { Cookie, ManualSession, Xconnect } from '../../vpdn/configuration-vpdn.ts';
import { HONOURED, type Standing } from '../../vpdn/standing.ts';
import { addressOfAnyFamily, choice, flag, name, number, oneOf, optional, sequence, word, words } from '../syntax.ts';
import { type Command, definer, entered, type Mode, refused, warned } from '../tree.ts';
import { only } from './interface-kind.ts';
import { modeLines } from './mode-lines.ts';
import { exitCommand, textSetting } from './setting.ts';

const UNSIGNED_32 = 4294967295;

const define = definer<ManualSession>();

function ids(standing: Standing): Command<ManualSession> {
  return define({
    path: [
      words('l2tp id', 'Local and remote session IDs'),
      number('local', 1, UNSIGNED_32, 'Local session ID'),
      number('remote', 1, UNSIGNED_32, 'Remote session ID'),
    ],
    set: ({ subject }, { local, remote }) => {
      subject.ids = { local, remote };
    },
    unset: ({ subject }) => {
      subject.ids = undefined;
    },
    lines: ({ subject }) =>
      subject.ids === undefined ? undefined : `l2tp id ${subject.ids.local} ${subject.ids.remote}`,
    standing,
    entries: ['C052'],
    about: 'No default: there is no session without. LOCAL is what arriving packets carry, REMOTE what we send.',
  });
}

/** Eight octets have two words; the one typed first is the low one. */
function cookie(side: 'local' | 'remote', standing: Standing): Command<ManualSession> {
  const field = side === 'local' ? 'localCookie' : 'remoteCookie';
  const low = number('low', 0, UNSIGNED_32, 'Low value of the cookie');
  return define({
    path: [
      words(`l2tp cookie ${side}`, side === 'local' ? 'Cookie demanded of packets received' : 'Cookie of packets sent'),
      choice(
        sequence(oneOf('size', { '4': '4 octets' }), low),
        sequence(oneOf('size', { '8': '8 octets' }), low, optional(number('high', 0, UNSIGNED_32, 'High value'))),
      ),
    ],
    set: ({ subject }, { size, low: value, high = 0 }) => {
      subject[field] = { size: size === '8' ? 8 : 4, low: value!, high };
    },
    unset: ({ subject }) => {
      subject[field] = undefined;
    },
    lines: ({ subject }) => {
      const kept = subject[field];
      return kept === undefined ? undefined : `l2tp cookie ${side} ${formatCookie(kept)}`;
    },
    standing,
    entries: ['C053'],
    about: 'Default: no cookie. A packet with another one is dropped.',
  });
}

const formatCookie = ({ size, low, high }: Cookie) => (size === 4 ? `4 ${low}` : `8 ${low} ${high}`);

/** `find` says whose session it is: that of an `xconnect`, or of a `pseudowire` that says `manual`. */
export function manualSessionMode(
  find: (configuration: Configuration, key: string) => ManualSession | undefined,
  standing: Standing,
): Mode<ManualSession> {
  return {
    name: 'xconnect',
    prompt: 'config-if-xconn',
    heading: 'Xconnect configuration commands:',
    find,
    commands: [
      exitCommand('Xconnect configuration'),
      ids(standing),
      cookie('local', standing),
      cookie('remote', standing),
      textSetting<ManualSession>({
        text: 'l2tp hello',
        help: 'Control connection that watches the peer',
        shape: 'word',
        valueHelp: 'l2tp-class name',
        get: ({ hello }) => hello,
        put: (subject, value) => {
          subject.hello = value;
        },
        standing,
        entries: ['C054'],
        about: 'Default: none. The session goes when the control connection does.',
      }),
    ],
  };
}

export const XCONNECT_MODE = manualSessionMode(
  (configuration, key) => configuration.interfaces.get(key)?.xconnect?.manual,
  HONOURED,
);

const PW_CLASS = sequence(
  word('pw-class', 'Pseudowire-class to use for encapsulation and protocol configuration'),
  name('pwClass', 'Pseudowire-class name'),
);

export const XCONNECT = definer<Interface>()({
  path: [
    word('xconnect', 'Xconnect commands'),
    addressOfAnyFamily('peer', 'IP address of peer'),
    number('vcid', 1, UNSIGNED_32, 'VC ID value'),
    choice(
      PW_CLASS,
      sequence(
        word('encapsulation', 'Data encapsulation method'),
        oneOf('kind', { l2tpv3: 'Use L2TPv3 encapsulation', mpls: 'Use MPLS encapsulation' }),
        optional(flag('manual', 'Manually configure L2TP session parameters')),
        optional(PW_CLASS),
      ),
    ),
    optional(
      sequence(
        word('sequencing', 'Configure sequencing options for xconnect'),
        oneOf('direction', {
          both: 'Sequence numbers in both directions',
          receive: 'Drop packets received out of order',
          transmit: 'Sequence numbers in packets sent',
        }),
      ),
    ),
  ],
  keep: 1,
  set: ({ configuration, subject }, { peer, vcid, kind, manual, pwClass, direction }) => {
    if (kind === 'mpls') return refused('% MPLS encapsulation is not supported');
    const wanted: Xconnect = { peer, vcid };
    if (kind !== undefined) wanted.encapsulation = kind;
    if (pwClass !== undefined) wanted.pseudowireClass = pwClass;
    if (direction !== undefined) wanted.sequencing = direction;
    if (manual === true) wanted.manual = subject.xconnect?.manual ?? {};
    const wrong = wrongXconnect(configuration, subject, wanted);
    if (wrong !== undefined) return refused(wrong);
    subject.xconnect = wanted;
    const warning =
      pwClass === undefined || configuration.pseudowireClasses.has(pwClass)
        ? undefined
        : `% Pseudowire class ${pwClass} is not configured yet`;
    if (manual === true) return entered(XCONNECT_MODE, subject.name, headOf(wanted), warning);
    return warning === undefined ? undefined : warned(warning);
  },
  unset: ({ subject }) => {
    subject.xconnect = undefined;
  },
  lines: (scope) => {
    const { xconnect } = scope.subject;
    if (xconnect === undefined) return undefined;
    const head = headOf(xconnect);
    return xconnect.manual === undefined ? head : [head, ...modeLines(XCONNECT_MODE, xconnect.manual, scope, head)];
  },
  when: only('physical'),
  entries: ['C051'],
  about:
    'No default. `manual`: the values of the session are typed in a mode of their own. A second one replaces the first.',
});

function headOf({ peer, vcid, encapsulation, manual, pseudowireClass, sequencing }: Xconnect): string {
  const parts = [`xconnect ${peer} ${vcid}`];
  if (encapsulation !== undefined) parts.push(`encapsulation ${encapsulation}`);
  if (manual !== undefined) parts.push('manual');
  if (pseudowireClass !== undefined) parts.push(`pw-class ${pseudowireClass}`);
  if (sequencing !== undefined) parts.push(`sequencing ${sequencing}`);
  return parts.join(' ');
}

/** One peer and VCID is one pseudowire of the router, and its class must agree with what is said here. */
function wrongXconnect({ interfaces, pseudowireClasses }: Configuration, subject: Interface, wanted: Xconnect) {
  for (const other of interfaces.values()) {
    if (other.name === subject.name) continue;
    for (const used of [other.pseudowire, other.xconnect]) {
      if (used?.peer === wanted.peer && used.vcid === wanted.vcid) {
        return `% Peer/VCID pair already in use on ${other.name}`;
      }
    }
  }
  const ofClass = pseudowireClasses.get(wanted.pseudowireClass ?? '')?.encapsulation;
  return ofClass === 'l2tpv2' ? '% Encapsulation mismatch with pw-class' : undefined;
}
