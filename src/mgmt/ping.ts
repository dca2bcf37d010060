// `ping` as IOS prints it (C026): one character a request as the answers come, then the rate.

import { setTimeout as pause } from 'node:timers/promises';
import type { PingCommand } from '../cli/grammar/exec/ping.ts';
import { ping } from '../sys/icmp.ts';
import type { RouterView } from '../vpdn/view.ts';
import { SystemError } from '../wire/errors.ts';
import { resolveHost, sourceAddress, UNRECOGNIZED } from './host-names.ts';

/** The pieces to print; the value returned says whether any answer came. */
export async function* runPing(
  command: PingCommand,
  view: () => RouterView,
  signal: AbortSignal,
): AsyncGenerator<string, boolean> {
  const { said, address: destination } = await resolveHost(command.host);
  if (said !== '') yield said;
  if (destination === undefined) {
    yield UNRECOGNIZED;
    return false;
  }
  const source = command.source === undefined ? undefined : sourceAddress(command.source, view());
  if (source === undefined && command.source !== undefined) {
    yield `% Invalid source address- IP address not on any of our up interfaces\n`;
    return false;
  }
  yield '\nType escape sequence to abort.\n';
  const { repeat, size, timeout } = command;
  const seconds = `${timeout} second${timeout === 1 ? '' : 's'}`;
  yield `Sending ${repeat}, ${size}-byte ICMP Echos to ${destination}, timeout is ${seconds}:\n`;
  if (source !== undefined) yield `Packet sent with a source address of ${source}\n`;
  if (command.df) yield 'Packet sent with the DF bit set\n';
  const { pattern } = command;
  if (pattern !== 0xabcd) yield `Packet has data pattern 0x${pattern.toString(16).toUpperCase().padStart(4, '0')}\n`;
  const times: number[] = [];
  let corrupted = 0;
  let sent = 0;
  // Identifiers tell two pings at the same time apart; the process id is as good as any.
  const identifier = (process.pid ^ (performance.now() | 0)) & 0xffff;
  for (; sent < repeat && !signal.aborted; sent++) {
    const request = {
      destination,
      size,
      timeout: timeout * 1000,
      signal,
      dontFragment: command.df,
      pattern,
      validate: command.validate,
      ...(command.tos !== 0 && { tos: command.tos }),
      identifier,
      sequence: sent & 0xffff,
    };
    let result: Awaited<ReturnType<typeof ping>>;
    try {
      result = await ping(source === undefined ? request : { ...request, source });
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      yield `\n% ${error.message}\n`;
      return false;
    }
    // What was given up was not lost.
    if (signal.aborted && result.outcome === 'timeout') break;
    if (result.outcome === 'reply' && result.intact) times.push(result.roundTrip);
    if (result.outcome === 'reply' && !result.intact) corrupted++;
    yield markOf(result);
    // What did not even leave gives no pause of its own.
    if (result.outcome === 'unsent') await pause(UNSENT_PAUSE);
    if ((sent + 1) % MARKS_A_LINE === 0) yield '\n';
  }
  if (sent % MARKS_A_LINE !== 0) yield '\n';
  yield `${summary(sent, times)}\n`;
  if (corrupted > 0) yield `${corrupted} answers came back with other data than was sent\n`;
  return times.length > 0;
}

/** The characters of C026. */
function markOf(result: Awaited<ReturnType<typeof ping>>): string {
  switch (result.outcome) {
    case 'reply':
      return result.intact ? '!' : 'C';
    case 'timeout':
      return '.';
    case 'expired':
      return '&';
    case 'unreachable':
      return result.code === FRAGMENTATION_NEEDED ? 'M' : 'U';
    case 'unsent':
      return result.errno === 'EMSGSIZE' ? 'M' : '.';
    default:
      return result satisfies never;
  }
}

function summary(sent: number, times: readonly number[]): string {
  const percent = sent === 0 ? 0 : Math.floor((100 * times.length) / sent);
  const rate = `Success rate is ${percent} percent (${times.length}/${sent})`;
  if (times.length === 0) return rate;
  // Whole milliseconds, and never 0: so IOS counts.
  const [least, most] = [Math.min(...times), Math.max(...times)].map((time) => Math.max(1, Math.round(time)));
  const average = times.reduce((total, time) => total + time, 0) / times.length;
  return `${rate}, round-trip min/avg/max = ${least}/${Math.max(1, Math.round(average))}/${most} ms`;
}

/** ICMP type 3 code 4. */
const FRAGMENTATION_NEEDED = 4;
const MARKS_A_LINE = 70;
/** Milliseconds. */
const UNSENT_PAUSE = 100;
