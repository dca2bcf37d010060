// `ping`, `traceroute`, and what would leave this router for another (C026, C027).

import { parseInterfaceName } from '../../../vpdn/interface-name.ts';
import { readIpv4 } from '../../../wire/ip.ts';
import {
  address,
  anyOrder,
  choice,
  flag,
  interfaceName,
  line,
  name,
  number,
  optional,
  sequence,
  word,
} from '../../syntax.ts';
import { notSupported } from '../../tree.ts';
import { define, type ExecDefinition, type Question, USER } from './definition.ts';

export interface PingCommand {
  readonly exec: 'ping';
  /** An address or a name. */
  readonly host: string;
  readonly repeat: number;
  /** Of the whole IP packet, octets. */
  readonly size: number;
  /** Seconds. */
  readonly timeout: number;
  /** An address, or the canonical name of an interface. */
  readonly source?: string;
  readonly df: boolean;
  /** Two octets, repeated. */
  readonly pattern: number;
  /** Look at what comes back, octet by octet. */
  readonly validate: boolean;
  readonly tos: number;
}

export type PingingCommand =
  | PingCommand
  | { readonly exec: 'traceroute'; readonly host: string }
  /** An answer of the dialogue, or a command, that comes to nothing; with the reason. */
  | { readonly exec: 'refused'; readonly message: string };

const DEFAULTS = { repeat: 5, size: 100, timeout: 2, df: false, pattern: 0xabcd, validate: false, tos: 0 } as const;
const RANGES = { repeat: [1, 1000000], size: [36, 18024], timeout: [1, 3600], tos: [0, 255] } as const;

// Size is that of the whole IP packet, as IOS counts it.
const ping: ExecDefinition<PingingCommand> = define(
  [
    word('ping', 'Send echo messages'),
    optional(word('ip', 'IP echo')),
    name('host', 'Ping destination address or hostname'),
    anyOrder(
      sequence(word('repeat', 'specify repeat count'), number('repeat', ...RANGES.repeat, 'Repeat count')),
      sequence(word('size', 'specify datagram size'), number('size', ...RANGES.size, 'Datagram size')),
      sequence(word('timeout', 'specify timeout interval'), number('timeout', ...RANGES.timeout, 'Timeout in seconds')),
      sequence(
        word('source', 'specify source address or name'),
        choice(
          interfaceName('through', ['Loopback', 'Virtual-PPP', 'Dialer', 'physical']),
          address('sender', 'Source address'),
        ),
      ),
      sequence(word('data', 'specify data pattern'), name('data', 'Data pattern, four hexadecimal digits')),
      flag('df', 'enable do not fragment bit in IP header', 'df-bit'),
      flag('validate', 'validate reply data'),
    ),
  ],
  ({ host, through, sender, data, ...options }) => {
    const source = through ?? sender;
    const pattern = data === undefined ? DEFAULTS.pattern : readPattern(data);
    if (pattern === undefined) return refuse('% Bad data pattern: four hexadecimal digits are wanted');
    const { repeat, size, timeout, df = false, validate = false } = { ...DEFAULTS, ...options };
    return {
      exec: 'ping',
      host,
      repeat,
      size,
      timeout,
      df,
      validate,
      pattern,
      tos: 0,
      ...(source !== undefined && { source }),
    };
  },
  USER,
  'C026',
);

const EXTENDED = 5;
const extended = (prompt: string, fallback: string, kind: Question['kind'] = 'text'): Question => {
  return { prompt, kind, default: fallback, skip: (answers) => !agrees(answers[EXTENDED]) };
};

/** The dialogue of a bare `ping`, question by question as IOS has it. */
const QUESTIONS: readonly Question[] = [
  { prompt: 'Protocol [ip]: ', kind: 'text', default: 'ip' },
  { prompt: 'Target IP address: ', kind: 'text', default: '' },
  { prompt: 'Repeat count [5]: ', kind: 'text', default: '5' },
  { prompt: 'Datagram size [100]: ', kind: 'text', default: '100' },
  { prompt: 'Timeout in seconds [2]: ', kind: 'text', default: '2' },
  { prompt: 'Extended commands [n]: ', kind: 'yes-no', default: 'no' },
  extended('Source address or interface: ', ''),
  extended('Type of service [0]: ', '0'),
  extended('Set DF bit in IP header? [no]: ', 'no', 'yes-no'),
  extended('Validate reply data? [no]: ', 'no', 'yes-no'),
  extended('Data pattern [0xABCD]: ', '0xABCD'),
  extended('Loose, Strict, Record, Timestamp, Verbose[none]: ', 'none'),
  extended('Sweep range of sizes [n]: ', 'no', 'yes-no'),
];

const pingDialogue: ExecDefinition<PingingCommand> = {
  ...define(
    [word('ping', 'Send echo messages'), optional(word('ip', 'IP echo'))],
    (_, answers) => readDialogue(answers),
    USER,
    'C026',
  ),
  asks: () => QUESTIONS,
};

/** The first answer that is none is the one that is told. */
function readDialogue(answers: readonly string[]): PingingCommand {
  const [protocol = 'ip', host = '', repeat, size, timeout, , source = '', tos, df, validate, data, options, sweep] =
    answers;
  if (protocol.toLowerCase() !== 'ip') return refuse('% Unknown protocol - only ip is spoken here');
  if (host === '') return refuse('% Bad IP address');
  const numbers = { repeat: whole(repeat, 'repeat'), size: whole(size, 'size'), timeout: whole(timeout, 'timeout') };
  for (const [what, value] of Object.entries(numbers)) {
    const [low, high] = RANGES[what as keyof typeof RANGES];
    if (value === undefined) return refuse(`% A decimal number between ${low} and ${high}.`);
  }
  const from = source === '' || readIpv4(source) !== undefined ? source : parseInterfaceName(source)?.name;
  if (from === undefined) return refuse('% Invalid source. Must use IP address or full interface name without spaces');
  const service = whole(tos, 'tos');
  if (service === undefined) return refuse('% A decimal number between 0 and 255.');
  const pattern = readPattern(data ?? '');
  if (pattern === undefined) return refuse('% Bad data pattern: four hexadecimal digits are wanted');
  if (options !== undefined && options !== 'none') return refuse('% IP options are not supported');
  if (agrees(sweep)) return refuse('% A sweep of sizes is not supported: say one size at a time');
  const { repeat: times, size: octets, timeout: seconds } = numbers;
  return {
    exec: 'ping',
    host,
    repeat: times!,
    size: octets!,
    timeout: seconds!,
    df: agrees(df),
    validate: agrees(validate),
    pattern,
    tos: service,
    ...(from !== '' && { source: from }),
  };
}

const traceroute: ExecDefinition<PingingCommand> = define(
  [
    word('traceroute', 'Trace route to destination'),
    optional(word('ip', 'IP Trace')),
    name('host', 'Trace route to destination address or hostname'),
  ],
  ({ host }) => ({ exec: 'traceroute', host }),
  USER,
  'C027',
);

/** Out of here there is the shell of the machine; a router that logs in elsewhere would carry passwords for others. */
const away = (text: 'telnet' | 'ssh', help: string): ExecDefinition<PingingCommand> => ({
  ...define(
    [word(text, help), optional(line('rest', 'IP address or hostname of a remote system'))],
    () => refuse(`% ${text} from this router is not supported: use it from the shell of the machine`),
    USER,
    'C027',
  ),
  standing: notSupported('it would open a session on another host; the shell of the machine does that'),
});

export const PING: readonly ExecDefinition<PingingCommand>[] = [
  ping,
  pingDialogue,
  traceroute,
  away('telnet', 'Open a telnet connection'),
  away('ssh', 'Open a secure shell client connection'),
];

function refuse(message: string): PingingCommand {
  return { exec: 'refused', message };
}

function whole(text: string | undefined, what: keyof typeof RANGES): number | undefined {
  const [low, high] = RANGES[what];
  const value = text !== undefined && /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : undefined;
}

function readPattern(text: string): number | undefined {
  return /^(?:0x)?[0-9a-f]{1,4}$/i.test(text) ? Number.parseInt(text.replace(/^0x/i, ''), 16) : undefined;
}

function agrees(answer: string | undefined): boolean {
  return answer === 'yes';
}
