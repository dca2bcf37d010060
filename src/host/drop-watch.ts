// Packets that came and were not what they should be: a cookie or a digest that is wrong, a session or a source that nobody knows.
// Each is counted where it is dropped; here one line of log a minute says that there are any. They are forged, or the two ends differ.

import type { Millis } from '../wire/machine.ts';

export class DropWatch {
  /** What was counted when it was said last, by reason. */
  readonly #said = new Map<string, number>();
  #since: Millis | undefined;
  #quietUntil: Millis = 0;

  /** What is to be said now, if anything. `counts`: by reason, of one or of several places; all there ever were. */
  look(now: Millis, ...counts: readonly Iterable<readonly [reason: string, count: number]>[]): string | undefined {
    if (now < this.#quietUntil) return undefined;
    const grown: string[] = [];
    for (const [reason, count] of summed(counts)) {
      const more = count - (this.#said.get(reason) ?? 0);
      if (more > (UNDER_WAY.has(reason) ? FEW : 0)) grown.push(`${more} ${reason}`);
      this.#said.set(reason, count);
    }
    const since = this.#since;
    this.#since = now;
    if (grown.length === 0) return undefined;
    this.#quietUntil = now + QUIET;
    const span = since === undefined ? '' : ` in the last ${Math.max(1, Math.round((now - since) / 1000))} s`;
    return `Packets dropped${span}: ${grown.join(', ')}; the peer differs in what is configured, or they are forged`;
  }
}

function summed(counts: readonly Iterable<readonly [string, number]>[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const each of counts) {
    for (const [reason, count] of each) if (WATCHED.has(reason)) total.set(reason, (total.get(reason) ?? 0) + count);
  }
  return total;
}

const QUIET: Millis = 60_000;
/** When a session ends some of its packets are under way: only more than these are worth a line. */
const FEW = 20;
const UNDER_WAY: ReadonlySet<string> = new Set(['unknown-session', 'no-session']);
/** Of the packet path and of the endpoints. */
const WATCHED: ReadonlySet<string> = new Set([
  ...['cookie-mismatch', 'sublayer-mismatch', 'sublayer-truncated', 'unknown-session', 'no-session', 'wrong-peer'],
  ...['wrong-source', 'unknown-connection', 'unsupported-version', 'header-version', 'digest-wrong', 'digest-missing'],
]);
