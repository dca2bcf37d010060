// AAA accounting (C129): no records are sent yet.

import type { Configuration } from '../../../vpdn/configuration.ts';
import { anyOrder, choice, number, oneOf, optional, sequence } from '../../syntax.ts';
import type { Command } from '../../tree.ts';
import { inertBlock } from '../inert.ts';
import { LIST, METHODS } from './method-list.ts';
import { NO_RADIUS } from './reasons.ts';
import { lines, table } from './table.ts';
import { repeated, typed } from './typed-line.ts';

const RECORDS = choice(
  sequence(
    oneOf('said', {
      'start-stop': 'Record start and stop without waiting',
      'stop-only': 'Record stop when service terminates.',
      'wait-start': 'Same as start-stop but wait for start-record commit.',
    }),
    optional(oneOf('said', { broadcast: 'Use Broadcast for Accounting' })),
    METHODS,
  ),
  oneOf('said', { none: 'No accounting.' }),
);

const ACCOUNTED = [
  ['aaa accounting auth-proxy', 'For authentication proxy events.'],
  ['aaa accounting connection', 'For outbound connections. (telnet, rlogin)'],
  ['aaa accounting dot1x', 'For dot1x sessions.'],
  ['aaa accounting exec', 'For starting an exec (shell).'],
  ['aaa accounting network', 'For network services. (PPP, SLIP, ARAP)'],
  ['aaa accounting resource', 'For resource events.'],
  ['aaa accounting system', 'For system events.'],
] as const;

/** From 15 on the records may stand in a mode of their own. */
function accountingBlock(text: string, help: string): Command<Configuration> {
  return inertBlock<Configuration>({
    text,
    help,
    tail: repeated([LIST]),
    standing: NO_RADIUS,
    mode: 'accounting list',
    prompt: 'cfg-acct-mlist',
    heading: 'Accounting list configuration commands:',
    rows: table(
      `
      action-type ...   Action type of the list
      broadcast         Use Broadcast for Accounting
      group ...         Use Server-group
      `,
      { entries: ['C129'] },
    ),
    entries: ['C129'],
  });
}

export const ACCOUNTING: Command<Configuration>[] = [
  ...ACCOUNTED.map(([text, help]) => typed<Configuration>({ text, help, tail: [LIST, RECORDS], entries: ['C129'] })),
  ...ACCOUNTED.map(([text, help]) => accountingBlock(text, help)),
  typed({
    text: 'aaa accounting commands',
    help: 'For exec (shell) commands.',
    tail: [number('said', 0, 15, 'Enable level'), LIST, RECORDS],
    entries: ['C129'],
  }),
  typed({
    text: 'aaa accounting update',
    help: 'Enable accounting update records.',
    several: false,
    tail: [
      anyOrder(
        oneOf('said', { newinfo: 'Only send accounting update records when we have new acct info.' }),
        sequence(
          oneOf('said', { periodic: 'Send accounting update records at regular intervals.' }),
          number('said', 1, 71582, 'Periodic intervals to send accounting update records(in minutes)'),
          optional(
            sequence(
              oneOf('said', { jitter: 'Jitter of the interval' }),
              oneOf('said', { maximum: 'Maximum' }),
              number('said', 0, 2147483, 'Seconds'),
            ),
          ),
        ),
      ),
    ],
    entries: ['C129'],
  }),
  ...lines(
    NO_RADIUS,
    `
    aaa accounting delay-start [...]                       Delay PPP Network start record until peer IP address is known.
    aaa accounting gigawords                               64 bit interface counters to support Radius attributes 52 & 53.
    aaa accounting jitter ...          Set jitter parameters for periodic interval
    aaa accounting include ...                             Include attributes in accounting records
    aaa accounting nested                                  When starting PPP from EXEC, generate NETWORK records before EXEC-STOP record.
    aaa accounting send stop-record authentication ...     Send records for authentication failures and successes
    aaa accounting send stop-record always                 Send records whether or not a start was sent
    aaa accounting session-duration ...                    How the duration of sessions is counted
    aaa accounting suppress ...                            Do not generate accounting records for a specific type of user.
    `,
    { entries: ['C129'] },
  ),
  typed({
    text: 'aaa session-id',
    help: 'AAA Session ID',
    several: false,
    tail: [
      oneOf('said', {
        common: 'Every service request has the same ID',
        unique: 'Every service request has an ID of its own',
      }),
    ],
    entries: ['C129'],
  }),
];
