// `show archive`: the revisions that are kept, and the change that waits to be confirmed. The columns behind the name are ours (ext).

import type { Millis } from '../../wire/machine.ts';
import { printable } from '../../wire/values.ts';
import { civilTime } from './clock.ts';

export interface RevisionView {
  readonly number: number;
  readonly time: Millis;
  readonly user: string;
  readonly line: string;
  readonly command: string;
}

export function* showArchive(revisions: readonly RevisionView[], maximum: number): Generator<string> {
  const last = revisions.at(-1);
  yield `The maximum archive configurations allowed is ${maximum}.`;
  yield `There are currently ${revisions.length} archive configurations saved.`;
  yield `The next archive file will be named archive:${(last?.number ?? 0) + 1}`;
  yield ' Archive #  Name             When                          Who and what';
  for (const { number, time, user, line, command } of revisions) {
    const who = user === '' ? line : `${user} on ${line}`;
    const name = `archive:${number}`.padEnd(16);
    const recent = number === last?.number ? ' <- Most Recent' : '';
    yield `   ${String(number).padEnd(8)} ${name} ${formatWhen(time).padEnd(29)} ${printable(`${who} (${command})`)}${recent}`;
  }
}

/** `21:40:58 UTC Sun Nov 22 2026`, as the head of running-config has it. */
export function formatWhen(wallClock: Millis): string {
  const { time, weekday, month, day, year } = civilTime(wallClock);
  return `${time} UTC ${weekday} ${month} ${day} ${year}`;
}

export function showRevertTimer(
  pending: { readonly who: string; readonly after: Millis; readonly left: Millis } | undefined,
): string[] {
  if (pending === undefined) return ['%No Rollback Confirmed Change pending'];
  const seconds = (span: Millis) => `${Math.ceil(span / 1000)} seconds`;
  return [
    `Time configured: ${seconds(pending.after)}`,
    'Timer type: absolute timer',
    `Timer value: ${seconds(pending.left)} left`,
    `User: ${printable(pending.who)}`,
  ];
}
