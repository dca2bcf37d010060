// A reload that is to come: when, who wanted it and why, and what open lines are told of it until then (C028).

import type { ReloadTime } from '../cli/grammar/exec/reload.ts';
import { formatDate, type ReloadView, showReload, shutdownBanner } from '../cli/show/reload.ts';
import type { LogMessage } from '../vpdn/log.ts';
import type { Millis } from '../wire/machine.ts';
import type { Shown } from './shown.ts';

export interface ReloadScheduleOptions {
  readonly clock: { now(): Millis; wallClock(): number };
  readonly timers: { set(fire: () => void, time: Millis): void; clear(fire: () => void): void };
  readonly log: (message: LogMessage) => void;
  /** Everybody who sits at a line. */
  readonly tell: (lines: readonly string[]) => void;
  /** As if `reload` were typed now: it may be refused. */
  readonly reload: () => Shown;
}

interface Planned {
  readonly at: Millis;
  readonly by: string;
  readonly reason: string;
}

export class ReloadSchedule {
  readonly #options: ReloadScheduleOptions;
  readonly #fire = () => this.#next();
  #planned: Planned | undefined;
  /** How long before the end open lines are told next. */
  #warning: Millis = 0;

  constructor(options: ReloadScheduleOptions) {
    this.#options = options;
  }

  get view(): ReloadView | undefined {
    if (this.#planned === undefined) return undefined;
    const { clock } = this.#options;
    const { at, by, reason } = this.#planned;
    const remaining = Math.max(0, at - clock.now());
    return { at: clock.wallClock() + remaining, remaining, by, reason };
  }

  /** In place of one planned before. */
  plan(when: ReloadTime, reason: string, by: string): Shown {
    const { clock, log } = this.#options;
    const delay = delayUntil(when, clock.wallClock());
    if (delay === undefined || delay > LONGEST) {
      return { lines: ['%Reload must be scheduled for a time within the next 24 days'], done: false };
    }
    this.#planned = { at: clock.now() + delay, by, reason };
    this.#arm(delay);
    const at = formatDate(clock.wallClock() + delay);
    const why = reason === '' ? '' : ` Reload Reason: ${reason}.`;
    const text = `Reload requested for ${at} at ${formatDate(clock.wallClock())} by ${by}.${why}`;
    log({ name: 'SYS-SCHEDULED_RELOAD', text });
    return { lines: showReload(this.view), done: true };
  }

  cancel(): Shown {
    if (this.#planned === undefined) return { lines: ['%No reload is scheduled.'], done: false };
    const { clock, log, tell } = this.#options;
    this.#forget();
    tell(shutdownBanner('SHUTDOWN ABORTED'));
    const text = `Scheduled reload cancelled at ${formatDate(clock.wallClock())}`;
    log({ name: 'SYS-SCHEDULED_RELOAD_CANCELLED', text });
    return { lines: [], done: true };
  }

  #arm(remaining: Millis): void {
    this.#warning = WARNINGS.find((each) => each < remaining) ?? 0;
    this.#options.timers.set(this.#fire, this.#planned!.at - this.#warning);
  }

  #next(): void {
    if (this.#planned === undefined) return;
    if (this.#warning > 0) {
      this.#options.tell(shutdownBanner(`SHUTDOWN in ${clockOf(this.#warning)}`));
      return this.#arm(this.#warning);
    }
    const { by, reason } = this.#planned;
    const { log, tell, reload } = this.#options;
    this.#forget();
    const { lines, done } = reload();
    if (!done) {
      tell(shutdownBanner('SHUTDOWN ABORTED'));
      return log({ name: 'SYS-RELOAD_REFUSED', text: `Scheduled reload refused: ${[...lines].at(-1) ?? 'no reason'}` });
    }
    tell(shutdownBanner('SHUTDOWN NOW'));
    const why = reason === '' ? 'Reload Command' : reason;
    log({ name: 'SYS-RELOAD', text: `Reload requested by ${by}. Reload Reason: ${why}.` });
  }

  #forget(): void {
    this.#planned = undefined;
    this.#options.timers.clear(this.#fire);
  }
}

/** Undefined: there is no such day. The clock of the router is UTC. */
function delayUntil(when: ReloadTime, wallClock: number): Millis | undefined {
  if ('minutes' in when) return when.minutes * MINUTE;
  const now = new Date(wallClock);
  const year = now.getUTCFullYear();
  const { hour, minute, date } = when;
  if (date === undefined) {
    const today = Date.UTC(year, now.getUTCMonth(), now.getUTCDate(), hour, minute);
    return today > wallClock ? today - wallClock : today + DAY - wallClock;
  }
  // In December one may mean January.
  const found = [year, year + 1].map((each) => Date.UTC(each, date.month, date.day, hour, minute));
  const next = found.find((each) => each > wallClock && new Date(each).getUTCMonth() === date.month);
  return next === undefined ? undefined : next - wallClock;
}

/** `0:05:00`. */
function clockOf(span: Millis): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(span / HOUR)}:${two(Math.floor(span / MINUTE) % 60)}:${two(Math.floor(span / 1000) % 60)}`;
}

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;
const LONGEST: Millis = 24 * DAY;
/** As IOS has it. */
const WARNINGS: readonly Millis[] = [HOUR, 30 * MINUTE, 5 * MINUTE, MINUTE];
