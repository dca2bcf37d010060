// `show configuration impact FILE` (ext): what a change would do, the sessions it ends first, each by name.

import type { ImpactClass, ImpactItem, ImpactPlan } from '../../vpdn/impact.ts';
import { printable } from '../../wire/values.ts';

export function* showImpact(file: string, { items, sessions, dropped }: ImpactPlan): Generator<string> {
  if (items.length === 0) {
    yield `${file} is the configuration in force: no change`;
    return;
  }
  yield `Impact of ${file}: ${plural(items.length, 'change')}, ${dropped} of ${plural(sessions, 'session')} dropped`;
  for (const kind of Object.keys(HEADINGS) as ImpactClass[]) {
    const those = items.filter((item) => item.class === kind);
    if (those.length === 0) continue;
    yield '';
    yield HEADINGS[kind];
    for (const item of those) yield* itemLines(item);
  }
}

/** The same as data. */
export function impactJson(file: string, { items, sessions, dropped }: ImpactPlan): string[] {
  return JSON.stringify({ file, sessions, dropped, items }, undefined, 2).split('\n');
}

function* itemLines({ subject, what, sessions }: ImpactItem): Generator<string> {
  yield `  ${subject}: ${what}${sessions.length === 0 ? '' : `: drops ${plural(sessions.length, 'session')}`}`;
  for (const { interfaceName, username } of sessions) {
    yield `    ${interfaceName.padEnd(22)} ${printable(username)}`.trimEnd();
  }
}

export function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

const HEADINGS: Readonly<Record<ImpactClass, string>> = {
  drops: 'Ends sessions',
  'new-sessions': 'New sessions only',
  'next-start': 'From the next start of the router',
  hot: 'At once, and no session feels it',
};
