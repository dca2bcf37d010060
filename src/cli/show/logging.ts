// `show logging` (C161): what goes where, and then the buffer.

import type { LogDestination, Logging, Severity } from '../../vpdn/configuration-system.ts';
import { SEVERITY_NAMES } from '../../vpdn/log.ts';

export interface LoggingView {
  readonly configuration: Logging;
  /** Messages that found no place to go, or came faster than the limit. */
  readonly dropped: number;
  readonly rateLimited: number;
  readonly consoleLogged: number;
  readonly monitorLogged: number;
  readonly bufferLogged: number;
  /** Severe enough for syslog servers, whether there is one or not. */
  readonly trapLogged: number;
  readonly servers: readonly SyslogServerView[];
  /** The stamped lines of the ring, the oldest first. */
  readonly buffer: Iterable<string>;
}

export interface SyslogServerView {
  readonly host: string;
  readonly transport: 'udp' | 'tcp';
  readonly port: number;
  /** The way to it is open. */
  readonly up: boolean;
  readonly logged: number;
  /** Lost on the way, or because too many waited. */
  readonly dropped: number;
}

export function* showLogging(view: LoggingView): Generator<string> {
  const { on, bufferSize } = view.configuration;
  const counters = `${view.dropped} messages dropped, ${view.rateLimited} messages rate-limited, 0 flushes, 0 overruns`;
  yield `Syslog logging: ${on ? 'enabled' : 'disabled'} (${counters}, xml disabled, filtering disabled)`;
  yield '';
  yield 'No Active Message Discriminator.';
  yield '';
  yield 'No Inactive Message Discriminator.';
  yield '';
  yield* destinationLines(view, 'console', view.consoleLogged);
  yield* destinationLines(view, 'monitor', view.monitorLogged);
  yield* destinationLines(view, 'buffered', view.bufferLogged);
  yield '    Count and timestamp logging messages: disabled';
  yield '';
  yield 'No active filter modules.';
  yield '';
  yield* trapLines(view);
  yield '';
  yield `Log Buffer (${bufferSize ?? DEFAULT_BUFFER} bytes):`;
  yield '';
  yield* view.buffer;
}

/** A level is the least urgent that still goes there; without one everything does. */
function destinationLines({ configuration }: LoggingView, to: LogDestination, logged: number): string[] {
  if (configuration.silent?.includes(to)) return [`    ${NAMES[to]} disabled`];
  const level = SEVERITY_NAMES[configuration[to] ?? DEBUGGING];
  return [
    `    ${NAMES[to]} level ${level}, ${logged} messages logged, xml disabled,`,
    '                     filtering disabled',
  ];
}

function* trapLines({ configuration: { trap, sourceInterface }, trapLogged, servers }: LoggingView): Generator<string> {
  if (trap === 'off') return yield '    Trap logging: disabled';
  yield `    Trap logging: level ${SEVERITY_NAMES[trap ?? INFORMATIONAL]}, ${trapLogged} message lines logged`;
  for (const { host, transport, port, up, logged, dropped } of servers) {
    yield `        Logging to ${host}  (${transport} port ${port}, audit disabled,`;
    yield `              link ${up ? 'up' : 'down'}),`;
    yield `              ${logged} message lines logged,`;
    yield '              0 message lines rate-limited,';
    yield `              ${dropped} message lines dropped,`;
    yield '              xml disabled, sequence number disabled,';
    yield '              filtering disabled';
  }
  if (sourceInterface !== undefined) yield `        Logging Source-Interface: ${sourceInterface}`;
}

const NAMES = { console: 'Console logging:', monitor: 'Monitor logging:', buffered: 'Buffer logging: ' } as const;
const DEBUGGING: Severity = 7;
export const INFORMATIONAL: Severity = 6;
export const DEFAULT_BUFFER = 4096;
