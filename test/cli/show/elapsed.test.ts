// How IOS writes how long ago something was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAgo, formatElapsed, formatUptime } from '../../../src/cli/show/elapsed.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

test('a span below a day is hours, minutes and seconds', () => {
  assert.equal(formatElapsed(0), '00:00:00');
  assert.equal(formatElapsed(609_999), '00:10:09');
  assert.equal(formatElapsed(DAY - 1), '23:59:59');
});

test('from a day on it is days and hours, from a week weeks and days, from a year years and weeks', () => {
  assert.equal(formatElapsed(DAY), '1d00h');
  assert.equal(formatElapsed(DAY + 2 * HOUR), '1d02h');
  assert.equal(formatElapsed(7 * DAY - 1), '6d23h');
  assert.equal(formatElapsed(9 * DAY), '1w2d');
  assert.equal(formatElapsed(365 * DAY - 1), '52w0d');
  assert.equal(formatElapsed(379 * DAY), '1y2w');
});

test('a clock that stepped back prints no negative time', () => {
  assert.equal(formatElapsed(-5000), '00:00:00');
});

test('any span up to thirty years fits in eight characters', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 * 365 * DAY }), (span) => {
      assert.match(formatElapsed(span), /^(\d\d:\d\d:\d\d|\dd\d\dh|\d{1,2}w\dd|\d{1,2}y\d{1,2}w)$/);
    }),
  );
});

test('what never happened is never', () => {
  assert.equal(formatAgo(undefined, 5000), 'never');
  assert.equal(formatAgo(2000, 9000), '00:00:07');
});

test('an uptime is in words, without the units of nothing', () => {
  assert.equal(formatUptime(9 * DAY + 3 * HOUR + 4 * 60 * SECOND), '1 week, 2 days, 3 hours, 4 minutes');
  assert.equal(formatUptime(60 * SECOND), '1 minute');
  assert.equal(formatUptime(59 * SECOND), '0 minutes');
  assert.equal(formatUptime(365 * DAY), '1 year');
});
