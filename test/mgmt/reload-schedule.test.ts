// A reload that is to come: who is told of it and when, and that it is as careful as one that is typed (C028).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReloadView, showReload } from '../../src/cli/show/reload.ts';
import { ReloadSchedule } from '../../src/mgmt/reload-schedule.ts';
import { formatLogMessage } from '../../src/vpdn/log.ts';

const MINUTE = 60_000;
/** 11:13:53 UTC Sat Feb 1 2003. */
const EPOCH = Date.UTC(2003, 1, 1, 11, 13, 53);

function clockwork(refusal?: string) {
  const state = { now: 0, due: Number.POSITIVE_INFINITY, reloads: 0, logs: [] as string[], told: [] as string[] };
  let fire: () => void = () => assert.fail('nothing was set');
  const schedule = new ReloadSchedule({
    clock: { now: () => state.now, wallClock: () => EPOCH + state.now },
    timers: {
      set: (what, time) => {
        fire = what;
        state.due = time;
      },
      clear: () => {
        state.due = Number.POSITIVE_INFINITY;
      },
    },
    log: (message) => void state.logs.push(formatLogMessage(message)),
    tell: (lines) => void state.told.push(lines[3]!),
    reload: () => {
      state.reloads++;
      return refusal === undefined ? { lines: [], done: true } : { lines: [refusal], done: false };
    },
  });
  const pass = (span: number) => {
    const until = state.now + span;
    while (state.due <= until) {
      state.now = state.due;
      state.due = Number.POSITIVE_INFINITY;
      fire();
    }
    state.now = until;
  };
  return { schedule, state, pass };
}

test('reload in: the lines are told at five minutes and at one, then it is done', () => {
  const { schedule, state, pass } = clockwork();
  const { lines, done } = schedule.plan({ minutes: 20 }, 'new wires', 'console');
  assert.deepEqual(
    [[...lines], done],
    [['Reload scheduled for 11:33:53 UTC Sat Feb 1 2003 (in 20 minutes) by console', 'Reload reason: new wires'], true],
  );
  pass(15 * MINUTE - 1);
  assert.deepEqual(state.told, []);
  pass(1);
  assert.deepEqual(state.told, ['*** --- SHUTDOWN in 0:05:00 ---']);
  pass(5 * MINUTE - 1);
  assert.deepEqual([state.told.at(-1), state.reloads], ['*** --- SHUTDOWN in 0:01:00 ---', 0]);
  pass(1);
  assert.deepEqual([state.told.at(-1), state.reloads], ['*** --- SHUTDOWN NOW ---', 1]);
  assert.deepEqual(state.logs, [
    '%SYS-5-SCHEDULED_RELOAD: Reload requested for 11:33:53 UTC Sat Feb 1 2003 at 11:13:53 UTC Sat Feb 1 2003 by console. Reload Reason: new wires.',
    '%SYS-5-RELOAD: Reload requested by console. Reload Reason: new wires.',
  ]);
  assert.equal(schedule.view, undefined);
});

test('a day ahead there are warnings an hour and half an hour before as well', () => {
  const { schedule, state, pass } = clockwork();
  schedule.plan({ minutes: 24 * 60 }, '', 'console');
  pass(24 * 60 * MINUTE);
  assert.deepEqual(
    state.told.map((line) => line.slice(8, -4)),
    ['SHUTDOWN in 1:00:00', 'SHUTDOWN in 0:30:00', 'SHUTDOWN in 0:05:00', 'SHUTDOWN in 0:01:00', 'SHUTDOWN NOW'],
  );
});

test('reload cancel: everybody is told, and nothing happens', () => {
  const { schedule, state, pass } = clockwork();
  schedule.plan({ minutes: 3 }, '', 'admin on vty0 (192.0.2.9)');
  assert.ok(schedule.cancel().done);
  pass(10 * MINUTE);
  assert.deepEqual([state.told, state.reloads], [['*** --- SHUTDOWN ABORTED ---'], 0]);
  assert.equal(
    state.logs.at(-1),
    '%SYS-5-SCHEDULED_RELOAD_CANCELLED: Scheduled reload cancelled at 11:13:53 UTC Sat Feb 1 2003',
  );
  assert.deepEqual(schedule.cancel(), { lines: ['%No reload is scheduled.'], done: false });
});

test('a later one takes the place of an earlier one', () => {
  const { schedule, state, pass } = clockwork();
  schedule.plan({ minutes: 3 }, '', 'console');
  schedule.plan({ minutes: 30 }, '', 'console');
  pass(10 * MINUTE);
  assert.equal(state.reloads, 0);
  assert.equal(schedule.view?.remaining, 20 * MINUTE);
});

test('a router that would not come back by then stays, and says why', () => {
  const { schedule, state, pass } = clockwork('% 1 error in startup-config: nothing is reloaded');
  schedule.plan({ minutes: 1 }, '', 'console');
  pass(MINUTE);
  assert.equal(state.told.at(-1), '*** --- SHUTDOWN ABORTED ---');
  assert.equal(
    state.logs.at(-1),
    '%SYS-3-RELOAD_REFUSED: Scheduled reload refused: % 1 error in startup-config: nothing is reloaded',
  );
  assert.equal(schedule.view, undefined);
});

test('reload at: today, else tomorrow; on a day within 24 days, also over the end of a year', () => {
  const at = (...when: Parameters<ReloadSchedule['plan']>[0][]) => {
    const { schedule } = clockwork();
    const { lines, done } = schedule.plan(when[0]!, '', 'console');
    return done ? /for (.*) \(in (.*)\)/.exec([...lines][0]!)!.slice(1) : [...lines][0];
  };
  assert.deepEqual(at({ hour: 11, minute: 14 }), ['11:14:00 UTC Sat Feb 1 2003', '1 minute']);
  assert.deepEqual(at({ hour: 11, minute: 13 }), ['11:13:00 UTC Sun Feb 2 2003', '24 hours and 0 minutes']);
  assert.deepEqual(at({ hour: 14, minute: 0, date: { day: 2, month: 1 } }), [
    '14:00:00 UTC Sun Feb 2 2003',
    '26 hours and 47 minutes',
  ]);
  const late = '%Reload must be scheduled for a time within the next 24 days';
  assert.equal(at({ hour: 14, minute: 0, date: { day: 1, month: 2 } }), late);
  assert.equal(at({ hour: 14, minute: 0, date: { day: 30, month: 1 } }), late);
  assert.equal(at({ hour: 0, minute: 0, date: { day: 1, month: 1 } }), late);
});

test('show reload', () => {
  const view: ReloadView = { at: EPOCH, remaining: 60 * MINUTE, by: 'a\x1bb on vty0 (192.0.2.9)', reason: '' };
  assert.deepEqual(showReload(undefined), ['No reload is scheduled.']);
  assert.deepEqual(showReload(view), [
    'Reload scheduled for 11:13:53 UTC Sat Feb 1 2003 (in 1 hour and 0 minutes) by a\\u{1b}b on vty0 (192.0.2.9)',
  ]);
});
