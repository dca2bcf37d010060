// A span of time as IOS writes it: `00:10:09` up to a day, then `1d02h`, from a week `1w2d`, from a year `1y2w`.

import type { Millis } from '../../wire/machine.ts';

export function formatElapsed(span: Millis): string {
  // A clock that stepped back must not print a negative time.
  const seconds = Math.max(0, Math.floor(span / 1000));
  if (seconds < DAY) return `${two(seconds / HOUR)}:${two((seconds % HOUR) / 60)}:${two(seconds % 60)}`;
  if (seconds < WEEK) return `${whole(seconds / DAY)}d${two((seconds % DAY) / HOUR)}h`;
  if (seconds < YEAR) return `${whole(seconds / WEEK)}w${whole((seconds % WEEK) / DAY)}d`;
  return `${whole(seconds / YEAR)}y${whole((seconds % YEAR) / WEEK)}w`;
}

/** Since the instant `then`, or `never` if there was none. */
export function formatAgo(then: Millis | undefined, now: Millis): string {
  return then === undefined ? 'never' : formatElapsed(now - then);
}

/** As in `show version`: `1 week, 2 days, 3 hours, 4 minutes`; units of nothing are left out, under a minute it is `0 minutes`. */
export function formatUptime(span: Millis): string {
  const seconds = Math.max(0, Math.floor(span / 1000));
  const parts = [
    counted(seconds / YEAR, 'year'),
    counted((seconds % YEAR) / WEEK, 'week'),
    counted(((seconds % YEAR) % WEEK) / DAY, 'day'),
    counted((seconds % DAY) / HOUR, 'hour'),
    counted((seconds % HOUR) / 60, 'minute'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '0 minutes' : parts.join(', ');
}

function counted(amount: number, unit: string): string {
  const count = Math.floor(amount);
  if (count === 0) return '';
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const whole = (value: number) => String(Math.floor(value));
const two = (value: number) => whole(value).padStart(2, '0');

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const YEAR = 365 * DAY;
