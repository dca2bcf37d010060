// The signals that end a command. Only the first one counts: Ctrl-C goes to everybody at the terminal, a service manager signals
// everybody of a service, and the launcher passes on what it gets, so that one wish to end may come several times. Whoever uses this
// ends within a bounded time, and needs no second one.

import { constants } from 'node:os';

export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Aborted at the first of the signals, which is the reason then. */
export function abortedBy(...signals: readonly EndingSignal[]): AbortSignal {
  const ending = new AbortController();
  for (const signal of signals) process.on(signal, () => ending.abort(signal));
  return ending.signal;
}

/** The exit status that a shell gives to a command which that signal has ended. */
export function statusOf(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}
