// The wall clock in IOS clothes: `show clock`, and the stamp that `service timestamps` puts before a line (C010, C161).
// Always UTC. The calendar is worked out here because the pure rooms have no clock of the platform's.

import type { Timestamps } from '../../vpdn/configuration-system.ts';
import type { Millis } from '../../wire/machine.ts';
import { formatElapsed } from './elapsed.ts';

/** The instant of a message on both clocks. */
export interface Instant {
  /** Milliseconds since 1970. */
  readonly wallClock: number;
  readonly uptime: Millis;
  /** A time source vouches for the wall clock; without one IOS puts a `*` in front. */
  readonly synchronized?: boolean | undefined;
}

/** `*Nov 22 16:35:53.120: `, `00:12:07: ` or nothing, to be put before the message. */
export function formatTimestamp(timestamps: Timestamps, instant: Instant): string {
  if (timestamps.kind === 'none') return '';
  if (timestamps.kind === 'uptime') return `${formatElapsed(instant.uptime)}: `;
  const { year, month, day, time, milliseconds } = civilTime(instant.wallClock);
  const date = `${month} ${String(day).padStart(2)}${timestamps.year ? ` ${year}` : ''}`;
  const fraction = timestamps.msec ? `.${milliseconds}` : '';
  const zone = timestamps.showTimezone ? ' UTC' : '';
  return `${mark(instant.synchronized)}${date} ${time}${fraction}${zone}: `;
}

/** `*16:35:53.120 UTC Sun Nov 22 2026`. */
export function showClock(wallClock: number, synchronized = false): string[] {
  const { year, month, day, weekday, time, milliseconds } = civilTime(wallClock);
  return [`${mark(synchronized)}${time}.${milliseconds} UTC ${weekday} ${month} ${day} ${year}`];
}

/** `16:35:53`. */
export function formatTimeOfDay(wallClock: number): string {
  return civilTime(wallClock).time;
}

export interface CivilTime {
  readonly year: number;
  readonly month: string;
  readonly day: number;
  readonly weekday: string;
  readonly time: string;
  /** Three digits. */
  readonly milliseconds: string;
}

/** Days are counted from 1 March of the year 0, so that the leap day is the last of its year. */
export function civilTime(wallClock: number): CivilTime {
  const total = Math.floor(wallClock);
  const days = Math.floor(total / DAY);
  const rest = total - days * DAY;
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_IN_ERA);
  const dayOfEra = shifted - era * DAYS_IN_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (monthFromMarch + 2) % 12;
  return {
    year: yearOfEra + era * 400 + (month < 2 ? 1 : 0),
    month: MONTHS[month]!,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    weekday: WEEKDAYS[(((days + 4) % 7) + 7) % 7]!,
    time: formatElapsed(rest),
    milliseconds: String(rest % 1000).padStart(3, '0'),
  };
}

const mark = (synchronized: boolean | undefined) => (synchronized ? '' : '*');

const DAY = 86_400_000;
const DAYS_IN_ERA = 146_097;
const DAYS_TO_1970 = 719_468;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
