// Counters, timers and options of LCP on an interface, RFC 1661 §4.6 and §6 (C113, C115-C118).

import type { Interface, InterfacePpp } from '../../vpdn/configuration-interface.ts';
import type { Millis } from '../../wire/machine.ts';
import { number, oneOf, optional, type Part, sequence, word, words } from '../syntax.ts';
import { type Command, definer, type Entry, notSupported, refused } from '../tree.ts';
import { onPpp } from './interface-kind.ts';
import { pppSwitch } from './interface-ppp-authentication.ts';
import { numberSetting } from './setting.ts';

const define = definer<Interface>();

/** `ppp lcp delay`, in seconds. */
const LONGEST_DELAY = 255;
const LEAST_RETRY: Millis = 100;

type Compression = 'acfc' | 'pfc';

const COMPRESSIONS: Readonly<Record<Compression, string>> = {
  acfc: 'Address and Control Field Compression',
  pfc: 'Protocol Field Compression',
};

// RFC 1661 §4.6: the Restart timer.
const retry = define({
  path: [
    words('ppp timeout retry', 'Maximum time to wait for a response during PPP negotiation'),
    number('seconds', 0, 255, 'Seconds'),
    optional(number('millis', 0, 999, 'Milliseconds')),
  ],
  set: ({ subject }, { seconds, millis = 0 }) => {
    const time = seconds * 1000 + millis;
    // Sent again without a pause, ten requests would be over before one answer is there.
    if (time < LEAST_RETRY) return refused(`% The retry timeout is at least ${LEAST_RETRY} milliseconds`);
    subject.ppp.timeoutRetry = time;
  },
  unset: ({ subject }) => {
    subject.ppp.timeoutRetry = undefined;
  },
  lines: ({ subject: { ppp } }) => {
    if (ppp.timeoutRetry === undefined) return undefined;
    const millis = ppp.timeoutRetry % 1000;
    return `ppp timeout retry ${Math.floor(ppp.timeoutRetry / 1000)}${millis === 0 ? '' : ` ${millis}`}`;
  },
  when: onPpp,
  entries: ['C118'],
  about: 'Default 2.',
});

const ncp = define({
  path: [
    words('ppp timeout ncp', 'Maximum time to wait for network layer to negotiate'),
    number('limit', 1, 65535, 'Seconds'),
    optional(
      sequence(
        word('termination', 'Maximum time a link may be without a network protocol it had'),
        number('termination', 1, 65535, 'Seconds'),
      ),
    ),
  ],
  set: ({ subject: { ppp } }, { limit, termination }) => {
    ppp.timeoutNcp = limit;
    ppp.timeoutNcpTermination = termination;
  },
  unset: ({ subject: { ppp } }) => {
    ppp.timeoutNcp = undefined;
    ppp.timeoutNcpTermination = undefined;
  },
  lines: ({ subject: { ppp } }) => {
    if (ppp.timeoutNcp === undefined) return undefined;
    const end = ppp.timeoutNcpTermination === undefined ? '' : ` termination ${ppp.timeoutNcpTermination}`;
    return `ppp timeout ncp ${ppp.timeoutNcp}${end}`;
  },
  when: onPpp,
  entries: ['C118'],
  about: 'Default 60, and 10 for `termination`: IOS waits for ever, and half-open links stay.',
});

const idle = define({
  path: [
    words('ppp timeout idle', 'Disconnect after this time without traffic'),
    number('limit', 1, 4294967, 'Seconds'),
    optional(
      oneOf('direction', {
        either: 'Traffic in either direction counts',
        inbound: 'Only traffic from the peer counts',
      }),
    ),
  ],
  set: ({ subject: { ppp } }, { limit, direction }) => {
    ppp.timeoutIdle = direction === undefined ? { limit } : { limit, direction };
  },
  unset: ({ subject: { ppp } }) => {
    ppp.timeoutIdle = undefined;
  },
  lines: ({ subject: { ppp } }) => {
    const kept = ppp.timeoutIdle;
    if (kept === undefined) return undefined;
    return `ppp timeout idle ${kept.limit}${kept.direction === undefined ? '' : ` ${kept.direction}`}`;
  },
  when: onPpp,
  standing: notSupported('idle sessions are not ended yet: `ppp timeout absolute` ends them all'),
  entries: ['C118'],
  about: 'Default none.',
});

// RFC 1661 §4.2: who waits for the peer to speak first stays in Stopped meanwhile.
const delay = define({
  path: [
    words('ppp lcp delay', 'Delay before our first Configure-Request'),
    duration('delay', 'Seconds'),
    optional(sequence(word('random', 'Add a random delay'), duration('random', 'Seconds at most'))),
  ],
  set: ({ subject: { ppp } }, typed) => {
    ppp.lcpDelay = typed.random === undefined ? { delay: typed.delay } : { delay: typed.delay, random: typed.random };
  },
  unset: ({ subject: { ppp } }) => {
    ppp.lcpDelay = undefined;
  },
  lines: ({ subject: { ppp } }) => {
    const kept = ppp.lcpDelay;
    if (kept === undefined) return undefined;
    return `ppp lcp delay ${kept.delay / 1000}${kept.random === undefined ? '' : ` random ${kept.random / 1000}`}`;
  },
  when: onPpp,
  entries: ['C115'],
  about: 'Default 0: we speak first. The peer that speaks earlier is answered at once.',
});

export const PPP_LCP: Command<Interface>[] = [
  ...(['acfc', 'pfc'] as const).flatMap((option) => [ours(option), theirs(option)]),
  counter(
    'ppp max-bad-auth',
    'Allow this many failed authentications',
    0,
    'maxBadAuth',
    'C113',
    'Default 0: the first is the last.',
  ),
  counter(
    'ppp max-configure',
    'Number of conf-reqs sent before assuming peer cannot respond',
    1,
    'maxConfigure',
    'C117',
    'Default 10.',
  ),
  counter(
    'ppp max-failure',
    'Number of conf-naks sent before assuming configuration is not converging',
    1,
    'maxFailure',
    'C117',
    'Default 5.',
  ),
  counter(
    'ppp max-terminate',
    'Number of term-reqs sent before assuming peer cannot respond',
    1,
    'maxTerminate',
    'C117',
    'Default 2.',
  ),
  delay,
  retry,
  timer(
    'authentication',
    'Maximum time to wait for an authentication response',
    0,
    255,
    'timeoutAuthentication',
    'Default 10; 0: no limit.',
  ),
  ncp,
  idle,
  timer(
    'absolute',
    'Longest time a session may last',
    1,
    4294967,
    'timeoutAbsolute',
    'Default none. Counts from when the session came up.',
  ),
  pppSwitch('ppp timeout aaa', 'Use the timeouts of the user in AAA', 'timeoutAaa', {
    standing: notSupported('RADIUS is not built yet: sessions have the limits of their interface'),
    entries: ['C118'],
  }),
];

type NumberField = {
  [K in keyof InterfacePpp]-?: NonNullable<InterfacePpp[K]> extends number ? K : never;
}[keyof InterfacePpp];

/** RFC 1661 §4.6: Max-Configure, Max-Failure, Max-Terminate. */
function counter(
  text: string,
  help: string,
  low: number,
  field: NumberField,
  entry: Entry,
  about: string,
): Command<Interface> {
  return numberSetting<Interface>({
    text,
    help,
    low,
    high: 255,
    valueHelp: 'Number',
    ...of(field),
    when: onPpp,
    entries: [entry],
    about,
  });
}

/** Limits on the phases of RFC 1661 §3.2. */
function timer(
  text: string,
  help: string,
  low: number,
  high: number,
  field: NumberField,
  about: string,
): Command<Interface> {
  return numberSetting<Interface>({
    text: `ppp timeout ${text}`,
    help,
    low,
    high,
    valueHelp: 'Seconds',
    ...of(field),
    when: onPpp,
    entries: ['C118'],
    about,
  });
}

function of(field: NumberField) {
  return {
    get: ({ ppp }: Interface) => ppp[field],
    put: ({ ppp }: Interface, value: number | undefined) => {
      ppp[field] = value;
    },
  };
}

/** RFC 1661 §6.5, §6.6: what we ask for. */
function ours(option: Compression): Command<Interface> {
  const field = `${option}Local` as const;
  return define({
    path: [
      words(`ppp ${option} local`, `Options for ${COMPRESSIONS[option]} of what we receive`),
      oneOf('ask', { forbid: 'Never ask for it', request: 'Ask the peer for it' }),
    ],
    set: ({ subject }, { ask }) => {
      subject.ppp[field] = ask;
    },
    unset: ({ subject }) => {
      subject.ppp[field] = undefined;
    },
    lines: ({ subject: { ppp } }) => ppp[field] && `ppp ${option} local ${ppp[field]}`,
    when: onPpp,
    entries: ['C116'],
    about: 'Default: not asked for.',
  });
}

/** The same of what we send: the peer asks, and leaves it to us whether we make use of it. */
function theirs(option: Compression): Command<Interface> {
  const field = `${option}Remote` as const;
  return define({
    path: [
      words(`ppp ${option} remote`, `Options for ${COMPRESSIONS[option]} of what we send`),
      oneOf('answer', {
        apply: 'Accept the option and make use of it',
        ignore: 'Accept the option and make no use of it',
        reject: 'Reject the option',
      }),
    ],
    set: ({ subject }, { answer }) => {
      subject.ppp[field] = answer;
    },
    unset: ({ subject }) => {
      subject.ppp[field] = undefined;
    },
    lines: ({ subject: { ppp } }) => ppp[field] && `ppp ${option} remote ${ppp[field]}`,
    when: onPpp,
    entries: ['C116'],
    about: 'Default apply.',
  });
}

/** Whole seconds or fractions of them, down to a millisecond; in the model milliseconds. */
function duration<N extends string>(as: N, help: string): Part<{ [K in N]: Millis }> {
  const part = number(as, 0, LONGEST_DELAY, help);
  const read = (text: string) => {
    if (!/^\d{1,3}(?:\.\d{1,3})?$/.test(text)) return { goodFor: 0 };
    const value = Math.round(Number(text) * 1000);
    return value <= LONGEST_DELAY * 1000 ? { value } : { goodFor: 0 };
  };
  return { ...part, read } as Part<{ [K in N]: Millis }>;
}
