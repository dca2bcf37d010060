// What ends a session by itself (C012): nobody types (`exec-timeout`), its time is over however busy it is (`absolute-timeout`), or
// a name or password is not typed.

import type { TerminalLine } from '../vpdn/configuration-system.ts';
import type { Millis } from '../wire/machine.ts';
import { DEFAULT_TIMEOUT } from './terminal-settings.ts';

/** What the session is doing: `login` is any name or password that is asked for, `busy` a command that runs. */
export type SessionWaits = 'login' | 'typing' | 'busy' | 'closed';

export type TimerEvent = 'login' | 'idle' | 'warning' | 'absolute';

export class SessionTimers {
  #begun: Millis = 0;
  #lastInput: Millis = 0;
  #warned = false;

  begin(now: Millis): void {
    this.#begun = now;
  }

  typed(now: Millis): void {
    this.#lastInput = now;
  }

  warned(): void {
    this.#warned = true;
  }

  /** What happens next if nothing is typed. */
  next(line: TerminalLine, waits: SessionWaits): { readonly at: Millis; readonly event: TimerEvent } {
    if (waits === 'closed') return { at: Number.POSITIVE_INFINITY, event: 'idle' };
    const overall = this.#overall(line);
    if (waits === 'busy') return overall;
    const idle = waits === 'login' ? GATE_TIMEOUT : (line.execTimeout ?? DEFAULT_TIMEOUT) * 1000;
    const at = idle === 0 ? Number.POSITIVE_INFINITY : this.#lastInput + idle;
    return overall.at < at ? overall : { at, event: waits === 'login' ? 'login' : 'idle' };
  }

  #overall({ absoluteTimeout, logoutWarning }: TerminalLine): { readonly at: Millis; readonly event: TimerEvent } {
    if (absoluteTimeout === undefined) return { at: Number.POSITIVE_INFINITY, event: 'absolute' };
    const end = this.#begun + absoluteTimeout * 60_000;
    const warning = logoutWarning === undefined || this.#warned ? end : end - logoutWarning * 1000;
    return warning < end ? { at: warning, event: 'warning' } : { at: end, event: 'absolute' };
  }
}

const GATE_TIMEOUT: Millis = 30_000;
