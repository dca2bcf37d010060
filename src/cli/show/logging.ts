// `show logging` (C161): what goes where, and then the buffer.

import type { LogDestination, Logging, Severity } from '../../vpdn/configuration.ts';

export interface LoggingView {
  readonly configuration: Logging;
  /** Messages that found no place to go, or came faster than the limit. */
  readonly dropped: number;
  readonly rateLimited: number;
  readonly consoleLogged: number;
  readonly monitorLogged: number;
  readonly bufferLogged: number;
  /** The stamped lines of the ring, the oldest first. */
  readonly buffer: Iterable<string>;
}

export function* showLogging(view: LoggingView): Generator<string> {
  const { on, bufferSize } = view.configuration;
  yield `Syslog logging: ${on ? 'enabled' : 'disabled'} (${view.dropped} messages dropped, ${view.rateLimited} messages rate-limited,`;
  yield '                0 flushes, 0 overruns, xml disabled, filtering disabled)';
  yield '';
  yield 'No Active Message Discriminator.';
  yield '';
  yield destinationLine(view, 'console', view.consoleLogged);
  yield destinationLine(view, 'monitor', view.monitorLogged);
  yield destinationLine(view, 'buffered', view.bufferLogged);
  yield '    Count and timestamp logging messages: disabled';
  yield '';
  yield `Log Buffer (${bufferSize ?? DEFAULT_BUFFER} bytes):`;
  yield '';
  yield* view.buffer;
}

function destinationLine({ configuration }: LoggingView, to: LogDestination, logged: number): string {
  if (configuration.silent?.includes(to)) return `    ${NAMES[to]} logging: disabled, xml disabled, filtering disabled`;
  const level = LEVELS[configuration[to] ?? DEBUGGING];
  return `    ${NAMES[to]} logging: level ${level}, ${logged} messages logged, xml disabled, filtering disabled`;
}

const NAMES = { console: 'Console', monitor: 'Monitor', buffered: 'Buffer' } as const;
const DEBUGGING: Severity = 7;
export const DEFAULT_BUFFER = 4096;
const LEVELS = [
  'emergencies',
  'alerts',
  'critical',
  'errors',
  'warnings',
  'notifications',
  'informational',
  'debugging',
] as const satisfies readonly string[];
