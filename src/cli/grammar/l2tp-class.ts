// L2TP class mode: the parameters of control connections we open: timing, authentication and keepalive of RFC 2661 §5.

import type { L2tpClass, Retransmit } from '../../vpdn/configuration-vpdn.ts';
import { name, number, oneOf, optional, sequence, word } from '../syntax.ts';
import { type Command, definer, type Mode, notSupported } from '../tree.ts';
import { inertCommand } from './inert.ts';
import { exitCommand, numberSetting, secretSetting, switchSetting, textSetting } from './setting.ts';

/** `prefix` is empty in an l2tp-class, `l2tp tunnel ` in a vpdn-group. */
export function retransmitCommands<S>(
  prefix: string,
  retries: readonly [number, number],
  of: (subject: S) => Retransmit,
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

const DIGEST_TYPES = { '0': 'The secret is clear text', '7': 'The secret is encrypted' } as const;
const L2TPV3 = notSupported('it belongs to L2TPv3, which is not built yet');

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
      about: 'Default off. Needs a secret (RFC 2661 §4.3).',
    }),
    inertCommand({
      text: 'digest',
      help: 'Message digest for L2TPv3 control connection',
      standing: L2TPV3,
      tail: [
        optional(
          sequence(
            word('secret', 'Shared secret for the digest'),
            optional(oneOf('encryption', DIGEST_TYPES)),
            name('secret', 'The secret'),
          ),
        ),
        optional(sequence(word('hash', 'Hash function'), oneOf('hash', { md5: 'HMAC-MD5', sha: 'HMAC-SHA-1' }))),
      ],
      say: ({ encryption, secret, hash }) => {
        const typed = encryption === undefined ? '' : `${encryption} `;
        const words = [
          ...(secret === undefined ? [] : [`secret ${typed}${secret}`]),
          ...(hash === undefined ? [] : [`hash ${hash}`]),
        ];
        return words.length === 0 ? undefined : words.join(' ');
      },
      several: true,
    }),
    inertCommand({
      text: 'cookie size',
      help: 'Local cookie size',
      standing: L2TPV3,
      tail: [oneOf('size', { '4': '4 octets', '8': '8 octets' })],
      say: ({ size }) => size as string | undefined,
    }),
    // RFC 2661 §5.5.
    definer<L2tpClass>()({
      path: [word('hello', 'Set HELLO message interval'), number('seconds', 0, 1000, 'Interval in seconds')],
      set: ({ subject }, { seconds }) => {
        subject.hello = seconds;
      },
      // `no hello` is how they are turned off, not a way back to the default.
      unset: ({ subject }) => {
        subject.hello = 0;
      },
      reset: ({ subject }) => {
        subject.hello = undefined;
      },
      lines: ({ subject }) => (subject.hello === undefined ? undefined : `hello ${subject.hello}`),
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
      about: 'Default 1024.',
    }),
    // RFC 2661 §5.8.
    ...retransmitCommands<L2tpClass>('', [1, 1000], ({ retransmit }) => retransmit),
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
      about: 'Default 300.',
    }),
  ],
};
