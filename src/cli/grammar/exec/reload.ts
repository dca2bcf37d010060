// `reload`, at once, in a while or at a time of day; `reload cancel`, `show reload` (C028).

import { line, name, optional, word } from '../../syntax.ts';
import { asking, define, type ExecDefinition, PRIVILEGED, type Question, type Situation, shown } from './definition.ts';
import type { PingingCommand } from './ping.ts';

export type ReloadCommand =
  | { readonly exec: 'reload'; readonly save: boolean }
  | { readonly exec: 'reload-later'; readonly when: ReloadTime; readonly reason: string; readonly save: boolean }
  | { readonly exec: 'reload-cancel' }
  | { readonly exec: 'show-reload' };

export type ReloadTime =
  | { readonly minutes: number }
  /** Without a date the next time that the clock shows it; the month from 0. */
  | {
      readonly hour: number;
      readonly minute: number;
      readonly date?: { readonly day: number; readonly month: number };
    };

const REASON = 'Reason for reload';

export const RELOAD: readonly ExecDefinition<ReloadCommand | PingingCommand>[] = [
  confirmed(
    define(
      [word('reload', 'Halt and perform a cold restart')],
      (_captured, answers): ReloadCommand => ({ exec: 'reload', save: saves(answers) }),
      PRIVILEGED,
      'C028',
    ),
  ),
  confirmed(
    define(
      [
        word('reload', 'Halt and perform a cold restart'),
        word('in', 'Reload after a time interval'),
        name('delay', 'Delay before reload (mmm or hhh:mm)'),
        optional(line('reason', REASON)),
      ],
      ({ delay, reason = '' }, answers): ReloadCommand | PingingCommand => {
        const minutes = readDelay(delay);
        if (minutes === undefined) return { exec: 'refused', message: `%Invalid delay ${delay}: minutes, or hhh:mm` };
        return { exec: 'reload-later', when: { minutes }, reason: reason.trim(), save: saves(answers) };
      },
      PRIVILEGED,
      'C028',
    ),
  ),
  confirmed(
    define(
      [
        word('reload', 'Halt and perform a cold restart'),
        word('at', 'Reload at a specific time/date'),
        name('time', 'Time to reload (hh:mm)'),
        optional(line('rest', 'Day and month, and the reason for reload')),
      ],
      ({ time, rest = '' }, answers): ReloadCommand | PingingCommand => {
        const read = readTime(time);
        if (read === undefined) return { exec: 'refused', message: `%Invalid time ${time}: hh:mm` };
        const { date, reason } = readDate(rest.trim());
        const when = date === undefined ? read : { ...read, date };
        return { exec: 'reload-later', when, reason, save: saves(answers) };
      },
      PRIVILEGED,
      'C028',
    ),
  ),
  define(
    [word('reload', 'Halt and perform a cold restart'), word('cancel', 'Cancel pending reload')],
    () => ({ exec: 'reload-cancel' }),
    PRIVILEGED,
    'C028',
  ),
  shown('reload', 'Scheduled reload information', [], () => ({ exec: 'show-reload' }), PRIVILEGED, 'C028'),
];

function confirmed<C>(definition: ExecDefinition<C>): ExecDefinition<C> {
  const asks = (_captured: unknown, { modified }: Situation) => [...(modified() ? [SAVE_FIRST] : []), PROCEED];
  return { ...asking(definition), asks };
}

/** The first of two answers: whether to save was asked. */
function saves(answers: readonly string[]): boolean {
  return answers.length > 1 && answers[0] === 'yes';
}

function readDelay(text: string): number | undefined {
  const [, hours, minutes] = /^(?:(\d{1,3}):)?(\d{1,5})$/.exec(text) ?? [];
  if (minutes === undefined || (hours !== undefined && Number(minutes) > 59)) return undefined;
  const total = Number(hours ?? 0) * 60 + Number(minutes);
  return total >= 1 && total <= LONGEST ? total : undefined;
}

function readTime(text: string): { readonly hour: number; readonly minute: number } | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return { hour: Number(hour), minute: Number(minute) };
}

/** `2 feb`, `feb 2`, or neither; what follows is the reason. */
function readDate(text: string): { date?: { day: number; month: number }; reason: string } {
  const [, before, word = '', after, reason = ''] =
    /^(?:(\d{1,2}) +)?([a-z]{3,9})(?: +(\d{1,2}))?(?: +(.*))?$/i.exec(text) ?? [];
  const month = MONTHS.findIndex((each) => each.startsWith(word.toLowerCase()) && word !== '');
  const day = Number(before ?? after);
  if (month < 0 || !(day >= 1 && day <= 31)) return { reason: text };
  const behind = before !== undefined && after !== undefined ? `${after} ${reason}`.trim() : reason;
  return { date: { day, month }, reason: behind };
}

/** Only where a restart would lose something. */
const SAVE_FIRST: Question = {
  prompt: 'System configuration has been modified. Save? [yes/no]: ',
  kind: 'yes-no',
};
const PROCEED: Question = { prompt: 'Proceed with reload? [confirm]', kind: 'confirm' };
/** Minutes: 24 days, as IOS has it. */
const LONGEST = 24 * 24 * 60;
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
