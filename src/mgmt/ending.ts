// What ends a command from outside. Of the signals only the first one counts: Ctrl-C goes to everybody at the terminal, a service
// manager signals everybody of a service, and the launcher passes on what it gets, so that one wish to end may come several times.
// Whoever uses this ends within a bounded time, and needs no second one.

import { constants } from 'node:os';

/** SIGPIPE: whoever read our output has gone, as `head` does. Node gives an error in its place. */
export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** Aborted at the first of the signals, which is the reason then. */
export function abortedBy(...signals: readonly EndingSignal[]): AbortSignal {
  const ending = new AbortController();
  for (const signal of signals) {
    if (signal === 'SIGPIPE') onBrokenPipe(() => ending.abort(signal));
    else process.on(signal, () => ending.abort(signal));
  }
  return ending.signal;
}

/** For a command that has nothing to take down: it ends at once, without a word, as any program that SIGPIPE ends. */
export function endWithoutReader(): void {
  onBrokenPipe(() => process.exit(statusOf('SIGPIPE')));
}

/** A router goes on when nobody reads its log from standard error any more, or the disk that it goes to is full. */
export function surviveWithoutListener(): void {
  process.stderr.on('error', () => undefined);
}

function onBrokenPipe(action: () => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    action();
  });
}

/** The exit status that a shell gives to a command which that signal has ended. */
export function statusOf(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}
