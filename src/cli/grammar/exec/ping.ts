// `ping` (C026).

import {
  address,
  anyOrder,
  choice,
  flag,
  interfaceName,
  name,
  number,
  optional,
  sequence,
  word,
} from '../../syntax.ts';
import { define, type ExecDefinition, USER } from './definition.ts';

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
}

// Size is that of the whole IP packet, as IOS counts it.
const ping: ExecDefinition<PingCommand> = define(
  [
    word('ping', 'Send echo messages'),
    optional(word('ip', 'IP echo')),
    name('host', 'Ping destination address or hostname'),
    anyOrder(
      sequence(word('repeat', 'specify repeat count'), number('repeat', 1, 1000000, 'Repeat count')),
      sequence(word('size', 'specify datagram size'), number('size', 36, 18024, 'Datagram size')),
      sequence(word('timeout', 'specify timeout interval'), number('timeout', 1, 3600, 'Timeout in seconds')),
      sequence(
        word('source', 'specify source address or name'),
        choice(interfaceName('through', ['Loopback', 'Virtual-PPP', 'physical']), address('sender', 'Source address')),
      ),
      flag('df', 'enable do not fragment bit in IP header', 'df-bit'),
    ),
  ],
  ({ host, repeat = 5, size = 100, timeout = 2, through, sender, df = false }) => {
    const source = through ?? sender;
    return { exec: 'ping', host, repeat, size, timeout, df, ...(source === undefined ? {} : { source }) };
  },
  USER,
);

export const PING: readonly ExecDefinition<PingCommand>[] = [ping];
