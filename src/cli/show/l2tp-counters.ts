// `show l2tp counters` and `show l2tp memory` (C146): control messages by type, and how full the tables are.

import type { MessageCount } from '../../l2tp/message-counters.ts';
import type { RouterView } from '../../vpdn/view.ts';
import { formatAgo } from './elapsed.ts';
import { totalSessions, totalTunnels, tunnelRows } from './rows.ts';

export type CounterKind = 'tunnel' | 'session';

/** Without a kind: both. */
export function* showL2tpCounters(view: RouterView, kind?: CounterKind): Generator<string> {
  for (const each of kind === undefined ? (['tunnel', 'session'] as const) : [kind]) {
    yield `Global L2TP ${each} control message statistics:`;
    yield cells('', ['XMIT', 'RE-XMIT', 'RCVD', 'DROP']);
    yield cells('==========', ['==========', '==========', '==========', '==========']);
    const total = { sent: 0, resent: 0, received: 0, dropped: 0 };
    for (const [name, count] of messageRows(view, each)) {
      yield row(name, count);
      for (const what of ['sent', 'resent', 'received', 'dropped'] as const) total[what] += count[what];
    }
    yield row('Total', total);
    yield '';
  }
  yield `Last clearing of counters ${formatAgo(view.controlMessagesClearedAt, view.now)}`;
}

/** Every type of a kind, those never seen too; of a tunnel, all that is of no known type as well. */
export function messageRows({ controlMessages }: RouterView, kind: CounterKind): [string, Readonly<MessageCount>][] {
  const known = new Map(controlMessages);
  const rows = TYPES[kind].map((name): [string, Readonly<MessageCount>] => {
    return [name, known.get(name) ?? { sent: 0, resent: 0, received: 0, dropped: 0 }];
  });
  if (kind === 'session') return rows;
  const others = [...known].filter(([name]) => ![...TYPES.tunnel, ...TYPES.session].includes(name));
  return [...rows, ...others.map(([, count]): [string, Readonly<MessageCount>] => ['Unknown', count])];
}

/** IOS has pools of its own; here all is on one heap, so what can be said truly is how many there are of each. */
export function* showL2tpMemory(view: RouterView): Generator<string> {
  let [unsent, resend] = [0, 0];
  for (const { control } of tunnelRows(view, {})) {
    unsent += control.unsentQueue;
    resend += control.resendQueue;
  }
  yield 'L2TP keeps no memory pools of its own (ext)';
  yield '';
  yield '  Pool                                 In use';
  for (const [name, count] of [
    ['Control connections', totalTunnels(view)],
    ['Sessions', totalSessions(view)],
    ['Control messages to be sent', unsent],
    ['Control messages to be acknowledged', resend],
  ] as const) {
    yield `  ${name.padEnd(37)}${count}`;
  }
}

function row(name: string, { sent, resent, received, dropped }: Readonly<MessageCount>): string {
  return cells(name, [sent, resent, received, dropped].map(String));
}

function cells(name: string, columns: readonly string[]): string {
  return [name.padStart(10), ...columns.map((column) => column.padStart(10))].join(' ').trimEnd();
}

/** RFC 2661 §3.2, RFC 3931 §3.2: the messages of the control connection, then those of calls. ZLB and ACK are bare acknowledgements. */
const TYPES: Readonly<Record<CounterKind, readonly string[]>> = {
  tunnel: ['ZLB', 'ACK', 'SCCRQ', 'SCCRP', 'SCCCN', 'StopCCN', 'HELLO'],
  session: ['OCRQ', 'OCRP', 'OCCN', 'ICRQ', 'ICRP', 'ICCN', 'CDN', 'WEN', 'SLI'],
};
