// The calls that failed last, for `show vpdn history failure` (C059).

import type { Millis } from '../wire/machine.ts';
import { FAILURES, type FailureCause } from './failure.ts';
import type { FailureView } from './view.ts';

export interface FailureRecord {
  readonly cause: FailureCause;
  readonly user: string;
  readonly remoteName: string;
  readonly remoteAddress: string;
  readonly localName: string;
  readonly localAddress: string;
  readonly callId: number;
  /** We dialled; else the peer did. */
  readonly locallyInitiated: boolean;
  /** One sentence with the particulars. */
  readonly reason: string;
}

/** One entry for each user and peer, the oldest leaving first when the table is full (C059). */
export class FailureHistory {
  size = DEFAULT_SIZE;
  readonly #entries = new Map<string, FailureView>();

  record(failure: FailureRecord, now: Millis, wallClock: number): FailureView {
    const row = FAILURES[failure.cause];
    const key = JSON.stringify([failure.user, failure.remoteName, failure.remoteAddress, row.code]);
    const repeats = (this.#entries.get(key)?.repeats ?? 0) + 1;
    const { cause: _, ...particulars } = failure;
    const entry: FailureView = {
      ...particulars,
      code: row.code,
      failureType: row.type,
      remedy: row.remedy,
      loggedAt: now,
      loggedAtWall: wallClock,
      repeats,
    };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.size) break;
      this.#entries.delete(oldest);
    }
    return entry;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** The newest first. */
  entries(): FailureView[] {
    return [...this.#entries.values()].reverse();
  }
}

const DEFAULT_SIZE = 20;
