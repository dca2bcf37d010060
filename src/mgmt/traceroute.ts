// `traceroute` (C027): three echo requests for each hop, with the least life that gets them there. RFC 792, time exceeded.

import { type PingResult, ping } from '../sys/icmp.ts';
import { SystemError } from '../wire/errors.ts';
import { resolveHost, UNRECOGNIZED } from './host-names.ts';

/** The pieces to print; the value returned says whether the destination was reached. */
export async function* runTraceroute(
  { host }: { readonly host: string },
  signal: AbortSignal,
): AsyncGenerator<string, boolean> {
  const { said, address: destination } = await resolveHost(host);
  if (said !== '') yield said;
  if (destination === undefined) {
    yield UNRECOGNIZED;
    return false;
  }
  yield `\nType escape sequence to abort.\nTracing the route to ${destination}\n\n`;
  const identifier = (process.pid ^ (performance.now() | 0)) & 0xffff;
  for (let ttl = 1; ttl <= MOST_HOPS && !signal.aborted; ttl++) {
    yield String(ttl).padStart(3);
    let from = '';
    let arrived = false;
    for (let probe = 0; probe < PROBES && !signal.aborted; probe++) {
      const sentAt = performance.now();
      let result: PingResult;
      try {
        const sequence = ttl * PROBES + probe;
        result = await ping({ destination, size: SIZE, timeout: TIMEOUT, ttl, identifier, sequence, signal });
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
        yield `\n% ${error.message}\n`;
        return false;
      }
      const hop = 'from' in result ? result.from : '';
      if (hop !== '' && hop !== from) yield ` ${hop}`;
      if (hop !== '') from = hop;
      arrived ||= result.outcome === 'reply' || result.outcome === 'unreachable';
      yield ` ${markOf(result, Math.round(performance.now() - sentAt))}`;
    }
    yield '\n';
    if (arrived) return true;
  }
  return false;
}

/** Milliseconds, or the letters that IOS has for what went wrong. */
function markOf(result: PingResult, roundTrip: number): string {
  switch (result.outcome) {
    case 'reply':
    case 'expired':
      return `${roundTrip} msec`;
    case 'unreachable':
      return UNREACHABLE[result.code] ?? '!U';
    case 'timeout':
    case 'unsent':
      return '*';
    default:
      return result satisfies never;
  }
}

const MOST_HOPS = 30;
const PROBES = 3;
/** Octets. */
const SIZE = 60;
/** Milliseconds. */
const TIMEOUT = 3000;
/** By the code of ICMP type 3. */
const UNREACHABLE: Readonly<Record<number, string>> = { 0: '!N', 1: '!H', 2: '!P', 3: '!', 13: '!A' };
