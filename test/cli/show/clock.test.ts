// `show clock`, and the times in other outputs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { civilTime, formatTimestamp, showClock } from '../../../src/cli/show/clock.ts';
import type { Timestamps } from '../../../src/vpdn/configuration-system.ts';
import { WALL_CLOCK } from './fixture.ts';

const instant = { wallClock: WALL_CLOCK, uptime: 727_000 };

function datetime(parts: Partial<Extract<Timestamps, { kind: 'datetime' }>>): Timestamps {
  return { kind: 'datetime', msec: false, localtime: false, showTimezone: false, year: false, ...parts };
}

test('service timestamps datetime msec stamps date and milliseconds', () => {
  assert.equal(formatTimestamp(datetime({ msec: true }), instant), '*Nov 22 16:35:53.120: ');
});

test('service timestamps takes year and show-timezone', () => {
  assert.equal(formatTimestamp(datetime({ year: true, showTimezone: true }), instant), '*Nov 22 2026 16:35:53 UTC: ');
});

test('a synchronized clock has no star, and the day of the month is padded', () => {
  const first = { wallClock: Date.UTC(2026, 0, 1, 21, 22, 18, 410), uptime: 0 };
  assert.equal(formatTimestamp(datetime({ msec: true }), first), '*Jan  1 21:22:18.410: ');
  assert.equal(formatTimestamp(datetime({ msec: true }), { ...first, synchronized: true }), 'Jan  1 21:22:18.410: ');
});

test('service timestamps uptime stamps the uptime, no service timestamps nothing', () => {
  assert.equal(formatTimestamp({ kind: 'uptime' }, instant), '00:12:07: ');
  assert.equal(formatTimestamp({ kind: 'none' }, instant), '');
});

test('show clock', () => {
  assert.deepEqual(showClock(Date.UTC(2006, 0, 2, 10, 11, 12, 345)), ['*10:11:12.345 UTC Mon Jan 2 2006']);
  assert.deepEqual(showClock(Date.UTC(2024, 1, 29), true), ['00:00:00.000 UTC Thu Feb 29 2024']);
});

test('the calendar agrees with the one of the language, before 1970 too', () => {
  const some = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2400, 0, 1) });
  fc.assert(
    fc.property(some, (wallClock) => {
      const date = new Date(wallClock);
      const { weekday, day, month, year, time, milliseconds } = civilTime(wallClock);
      assert.equal(`${weekday}, ${String(day).padStart(2, '0')} ${month} ${year} ${time} GMT`, date.toUTCString());
      assert.equal(milliseconds, date.toISOString().slice(20, 23));
    }),
  );
});
