// L2TP class mode: the parameters of control connections we open: timing, authentication and keepalive of RFC 2661 §5.

import type { Digest, L2tpClass, Retransmit } from '../../vpdn/configuration-vpdn.ts';
import { HELLO, RECEIVE_WINDOW, SETUP_TIMEOUT } from '../../vpdn/defaults.ts';
import { revealSecret } from '../../vpdn/secret.ts';
import { formatSecret, readSecret } from '../password.ts';
import { name, number, oneOf, optional, sequence, word } from '../syntax.ts';
import { type Command, definer, type Entry, type Mode, refused } from '../tree.ts';
import { exitCommand, numberSetting, secretSetting, switchSetting, textSetting } from './setting.ts';

interface RetransmitPlace {
  readonly entries: readonly Entry[];
  /** What is so when nothing was said, where that is not printed. */
  readonly normally?: Partial<Record<keyof Retransmit, number>>;
}

/** `prefix` is empty in an l2tp-class, `l2tp tunnel ` in a vpdn-group. */
export function retransmitCommands<S>(
  prefix: string,
  retries: readonly [number, number],
  of: (subject: S) => Retransmit,
  { entries, normally = {} }: RetransmitPlace,
): Command<S>[] {
  const rows: { text: string; field: keyof Retransmit; range: readonly [number, number]; help: string }[] = [
    { text: 'initial retries', field: 'initialRetries', range: [1, 1000], help: 'Number of SCCRQ retries' },
    { text: 'initial timeout max', field: 'initialTimeoutMax', range: [1, 8], help: 'Maximum timeout of an SCCRQ' },
    { text: 'initial timeout min', field: 'initialTimeoutMin', range: [1, 8], help: 'Minimum timeout of an SCCRQ' },
    { text: 'retries', field: 'retries', range: retries, help: 'Number of retries before the peer counts as dead' },
    { text: 'timeout max', field: 'timeoutMax', range: [1, 8], help: 'Maximum timeout' },
    { text: 'timeout min', field: 'timeoutMin', range: [1, 8], help: 'Minimum timeout' },
  ];
  return rows.map(({ text, field, range, help }) =>
    numberSetting<S>({
      text: `${prefix}retransmit ${text}`,
      help,
      low: range[0],
      high: range[1],
      valueHelp: text.includes('timeout') ? 'Seconds' : 'Number of retries',
      get: (subject) => of(subject)[field],
      put: (subject, value) => {
        of(subject)[field] = value;
      },
      check: (subject, value) => wrongBounds({ ...of(subject), [field]: value }),
      ...(normally[field] === undefined ? {} : { normally: normally[field] }),
      entries,
      about: ABOUT[field],
    }),
  );
}

/** The interval doubles from min up to max, so min cannot be the larger. */
function wrongBounds(retransmit: Retransmit): string | undefined {
  const { timeoutMin = 1, timeoutMax = 8 } = retransmit;
  const { initialTimeoutMin = timeoutMin, initialTimeoutMax = timeoutMax } = retransmit;
  if (timeoutMin <= timeoutMax && initialTimeoutMin <= initialTimeoutMax) return undefined;
  return '% The minimum retransmit timeout cannot be larger than the maximum';
}

const ABOUT: Readonly<Record<keyof Retransmit, string>> = {
  initialRetries: 'Default 2.',
  initialTimeoutMin: 'Default: that of `timeout min`.',
  initialTimeoutMax: 'Default: that of `timeout max`.',
  retries: 'Default 15 in an l2tp-class, 10 in a vpdn-group.',
  timeoutMin: 'Default 1. The wait doubles from here up to the maximum.',
  timeoutMax: 'Default 8.',
};

const DIGEST_TYPES = { '0': 'The secret is clear text', '7': 'The secret is encrypted' } as const;

// RFC 3931 §5.4.1. Two secrets may stand for the time in which one is changed for the other.
const digest = definer<L2tpClass>()({
  path: [
    word('digest', 'Message digest for L2TPv3 control connection'),
    optional(
      sequence(
        word('secret', 'Shared secret for the digest'),
        optional(oneOf('encryption', DIGEST_TYPES)),
        name('secret', 'The secret'),
      ),
    ),
    optional(sequence(word('hash', 'Hash function'), oneOf('hash', { md5: 'HMAC-MD5', sha: 'HMAC-SHA-1' }))),
  ],
  keep: 1,
  set: ({ configuration, subject }, { encryption, secret: typed, hash = 'md5' }) => {
    if (typed === undefined) {
      subject.digests = [{ hash }];
      return undefined;
    }
    const secret = readSecret(configuration, { ...(encryption && { encryption }), secret: typed });
    if (typeof secret === 'string') return refused(secret);
    const others = withoutSecret(subject.digests, revealSecret(secret)).filter((each) => each.secret !== undefined);
    if (others.length >= MAX_DIGESTS) return refused('% No more than two digest secrets can be configured');
    subject.digests = [...others, { secret, hash }];
    return undefined;
  },
  unset: ({ configuration, subject }, { encryption, secret: typed }) => {
    if (typed === undefined) {
      subject.digests = [];
      return undefined;
    }
    const secret = readSecret(configuration, { ...(encryption && { encryption }), secret: typed });
    if (typeof secret === 'string') return refused(secret);
    subject.digests = withoutSecret(subject.digests, revealSecret(secret));
    return undefined;
  },
  lines: ({ subject }) =>
    subject.digests.map(({ secret, hash }) => {
      const said = secret === undefined ? '' : ` secret ${formatSecret(secret)}`;
      return `digest${said}${hash === 'sha' ? ' hash SHA' : ''}`;
    }),
  entries: ['C034'],
  about:
    'Default off. With a secret: authentication and integrity; without: integrity only. Hash MD5 unless said otherwise. For L2TPv3; there `authentication` alone is a digest with the `password` for its secret.',
});

const cookieSize = definer<L2tpClass>()({
  path: [
    word('cookie', 'Local cookie options'),
    word('size', 'Local cookie size'),
    oneOf('size', { '4': '4 octets', '8': '8 octets' }),
  ],
  keep: 1,
  set: ({ subject }, { size }) => {
    subject.cookieSize = size === '4' ? 4 : 8;
  },
  unset: ({ subject }) => {
    subject.cookieSize = undefined;
  },
  lines: ({ subject: { cookieSize: size } }) => (size === undefined ? undefined : `cookie size ${size}`),
  entries: ['C035'],
  about: 'Default: no cookie. For L2TPv3.',
});

export const L2TP_CLASS_MODE: Mode<L2tpClass> = {
  name: 'l2tp-class',
  prompt: 'config-l2tp-class',
  heading: 'L2TP class configuration commands:',
  find: (configuration, key) => configuration.l2tpClasses.get(key),
  commands: [
    exitCommand('L2TP class configuration'),
    // RFC 2661 §5.1.1. Off here and on in a vpdn-group: that is how IOS has them.
    switchSetting<L2tpClass>({
      text: 'authentication',
      help: 'Authenticate the L2TP control connection',
      get: ({ authentication }) => authentication,
      put: (subject, on) => {
        subject.authentication = on;
      },
      normally: false,
      entries: ['C030'],
      about: 'Default off. The secret is `password`, else the password of `username` for the peer.',
    }),
    secretSetting<L2tpClass>({
      text: 'password',
      help: 'Password for control connection authentication, AVP hiding',
      valueHelp: 'The password, to the end of the line',
      get: ({ password }) => password,
      put: (subject, value) => {
        subject.password = value;
      },
      entries: ['C031'],
      about: 'Default: the password of `username` for the peer. It hides AVPs as well.',
    }),
    // The Host Name AVP, RFC 2661 §4.4.3; it need not be the name that CHAP uses.
    textSetting<L2tpClass>({
      text: 'hostname',
      help: 'Local hostname for control connection authentication',
      shape: 'word',
      valueHelp: 'The hostname to send',
      get: ({ hostname }) => hostname,
      put: (subject, value) => {
        subject.hostname = value;
      },
      entries: ['C032'],
      about: 'Default: the host name of the router. The server compares it with `terminate-from hostname`.',
    }),
    // RFC 2661 §4.3: what hides the values is the shared secret, so without one they stay open.
    switchSetting<L2tpClass>({
      text: 'hidden',
      help: 'Hide AVPs in outgoing control messages',
      get: ({ hidden }) => hidden,
      put: (subject, on) => {
        subject.hidden = on;
      },
      normally: false,
      entries: ['C033'],
      about: 'Default off. Needs a secret (RFC 2661 §4.3).',
    }),
    digest,
    cookieSize,
    // RFC 2661 §5.5.
    definer<L2tpClass>()({
      path: [word('hello', 'Set HELLO message interval'), number('seconds', 0, 1000, 'Interval in seconds')],
      set: ({ subject }, { seconds }) => {
        subject.hello = seconds === HELLO ? undefined : seconds;
      },
      // `no hello` is how they are turned off, not a way back to the default.
      unset: ({ subject }) => {
        subject.hello = 0;
      },
      reset: ({ subject }) => {
        subject.hello = undefined;
      },
      lines: ({ subject }) => (subject.hello === undefined ? undefined : `hello ${subject.hello}`),
      entries: ['C036'],
      about: 'Default 60. 0 and `no hello` send none.',
    }),
    // The Receive Window Size AVP, RFC 2661 §4.4.3: messages, not octets.
    numberSetting<L2tpClass>({
      text: 'receive-window',
      help: 'Receive window size for the control connection',
      low: 1,
      high: 8192,
      valueHelp: 'Number of messages',
      get: ({ receiveWindow }) => receiveWindow,
      put: (subject, value) => {
        subject.receiveWindow = value;
      },
      normally: RECEIVE_WINDOW,
      entries: ['C037'],
      about: 'Default 1024.',
    }),
    // RFC 2661 §5.8.
    ...retransmitCommands<L2tpClass>('', [1, 1000], ({ retransmit }) => retransmit, {
      entries: ['C038'],
      normally: { initialRetries: 2, retries: 15, timeoutMin: 1, timeoutMax: 8 },
    }),
    numberSetting<L2tpClass>({
      text: 'timeout setup',
      help: 'Control connection setup timeout',
      low: 60,
      high: 6000,
      valueHelp: 'Seconds',
      get: ({ setupTimeout }) => setupTimeout,
      put: (subject, value) => {
        subject.setupTimeout = value;
      },
      normally: SETUP_TIMEOUT,
      entries: ['C039'],
      about: 'Default 300.',
    }),
  ],
};

function withoutSecret(digests: readonly Digest[], text: string | undefined): Digest[] {
  return digests.filter(({ secret }) => secret === undefined || revealSecret(secret) !== text);
}

const MAX_DIGESTS = 2;
