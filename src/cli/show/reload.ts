// `show reload`, and what open lines are told of it (C028).

import type { Millis } from '../../wire/machine.ts';
import { printable } from '../../wire/values.ts';
import { civilTime } from './clock.ts';

/** A reload that is to come. */
export interface ReloadView {
  /** On the wall clock, milliseconds since 1970. */
  readonly at: number;
  readonly remaining: Millis;
  /** Who wanted it: `admin on vty0 (192.0.2.9)`. */
  readonly by: string;
  readonly reason: string;
}

export function showReload(view: ReloadView | undefined): string[] {
  if (view === undefined) return ['No reload is scheduled.'];
  const { at, remaining, by, reason } = view;
  const head = `Reload scheduled for ${formatDate(at)} (in ${formatMinutes(remaining)}) by ${printable(by)}`;
  return reason === '' ? [head] : [head, `Reload reason: ${printable(reason)}`];
}

/** `SHUTDOWN in 0:05:00`, set off from what stands on the screen. */
export function shutdownBanner(text: string): string[] {
  return ['', '', '***', `*** --- ${text} ---`, '***'];
}

/** `11:33:53 UTC Sat Feb 1 2003`. */
export function formatDate(wallClock: number): string {
  const { time, weekday, month, day, year } = civilTime(wallClock);
  return `${time} UTC ${weekday} ${month} ${day} ${year}`;
}

/** Begun minutes count: `1 minute` until the end. */
function formatMinutes(span: Millis): string {
  const total = Math.max(1, Math.ceil(span / 60_000));
  const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  if (total < 60) return counted(total, 'minute');
  return `${counted(Math.floor(total / 60), 'hour')} and ${counted(total % 60, 'minute')}`;
}
