// What `show ppp statistics` counts (C152): rows by IOS's number and text, in total and since somebody cleared them.

import type { FailureCause } from './failure.ts';

/** IOS's numbers and words, its spelling of number 20 included. */
const COUNTERS = {
  'lcp-up': [20, 'Successful LCP neogtiations'],
  authenticating: [22, 'Entered Authentication Stage'],
  'ipcp-up': [28, 'IPCP UP Sessions'],
  'chap-attempt': [48, 'CHAP authentication attempts'],
  'chap-success': [49, 'CHAP authentication successes'],
  'chap-failure': [50, 'CHAP authentication failures'],
  'pap-attempt': [51, 'PAP authentication attempts'],
  'pap-success': [52, 'PAP authentication successes'],
  'pap-failure': [53, 'PAP authentication failures'],
} as const satisfies Record<string, readonly [number, string]>;

export type PppCounter = keyof typeof COUNTERS;

/** Why links went down. IOS's numbers where its list is known; ours, from 101 on, where it is not. */
const DISCONNECTS = {
  keepalive: [11, 'Missed too many keepalives'],
  'peer-terminated': [17, 'Received LCP TERMREQ from peer'],
  'lower-layer': [29, 'Lower Layer disconnected'],
  cleared: [61, 'User cleared from exec prompt'],
  'lcp-timeout': [101, 'Peer does not answer LCP'],
  'lcp-failed': [102, 'LCP failed to negotiate'],
  authentication: [103, 'Authentication failed'],
  'authentication-timeout': [104, 'Authentication timed out'],
  ncp: [105, 'Network protocol failed to negotiate'],
  address: [106, 'No address for the peer'],
  loopback: [107, 'Link is looped back'],
  other: [108, 'Closed by this end'],
} as const satisfies Record<string, readonly [number, string]>;

export type PppDisconnect = keyof typeof DISCONNECTS;

export interface PppCounterView {
  readonly number: number;
  readonly text: string;
  readonly total: number;
  readonly sinceCleared: number;
}

export interface PppGaugeView {
  readonly number: number;
  readonly text: string;
  readonly peak: number;
  readonly current: number;
}

export interface PppStatisticsView {
  readonly counters: readonly PppCounterView[];
  readonly links: readonly PppGaugeView[];
  readonly disconnects: readonly PppCounterView[];
}

/** Where a link stands, as IOS numbers the stages; stages that forward or profile calls do not exist here. */
const STAGES = {
  lcp: [1, 'Links at LCP Stage'],
  unauthenticated: [2, 'Links at Unauthenticated Name Stage'],
  local: [7, 'Links at Local Termination Stage'],
} as const satisfies Record<string, readonly [number, string]>;

export type PppStage = keyof typeof STAGES;

export class PppStatistics {
  readonly #counts = new Map<PppCounter | PppDisconnect, Count>();
  readonly #stages = new Map<PppStage, { current: number; peak: number }>();

  count(what: PppCounter | PppDisconnect): void {
    const known = this.#counts.get(what);
    if (known === undefined) this.#counts.set(what, { total: 1, cleared: 0 });
    else known.total++;
  }

  /** A link leaves one stage for another; undefined: it has just begun, or is over. */
  moved(from: PppStage | undefined, to: PppStage | undefined): void {
    if (from === to) return;
    if (from !== undefined) this.#stage(from).current--;
    if (to === undefined) return;
    const stage = this.#stage(to);
    stage.current++;
    stage.peak = Math.max(stage.peak, stage.current);
  }

  clear(): void {
    for (const count of this.#counts.values()) count.cleared = count.total;
  }

  /** All rows, those of nothing as well: who prints them leaves those out. */
  view(): PppStatisticsView {
    const links = Object.entries(STAGES).map(([stage, [number, text]]) => {
      const { peak, current } = this.#stage(stage as PppStage);
      return { number, text, peak, current };
    });
    return { counters: this.#rows(COUNTERS), links, disconnects: this.#rows(DISCONNECTS) };
  }

  #stage(stage: PppStage): { current: number; peak: number } {
    const known = this.#stages.get(stage) ?? { current: 0, peak: 0 };
    this.#stages.set(stage, known);
    return known;
  }

  #rows(table: Readonly<Record<string, readonly [number, string]>>): PppCounterView[] {
    return Object.entries(table).map(([key, [number, text]]) => {
      const { total, cleared } = this.#counts.get(key as PppCounter) ?? { total: 0, cleared: 0 };
      return { number, text, total, sinceCleared: total - cleared };
    });
  }
}

interface Count {
  total: number;
  /** What the total was when it was cleared last. */
  cleared: number;
}

/** The row that an ended link belongs to; `cause` undefined: the end was nobody's failure. */
export function disconnectOf(cause: FailureCause | undefined, bySide: 'operator' | 'peer' | 'local'): PppDisconnect {
  if (bySide === 'operator') return 'cleared';
  if (cause === undefined) return bySide === 'peer' ? 'lower-layer' : 'other';
  return BY_CAUSE[cause] ?? 'lower-layer';
}

const BY_CAUSE: Partial<Record<FailureCause, PppDisconnect>> = {
  keepalive: 'keepalive',
  'peer-terminated': 'peer-terminated',
  'lcp-timeout': 'lcp-timeout',
  'lcp-failed': 'lcp-failed',
  'authentication-protocol': 'lcp-failed',
  'protocol-rejected': 'lcp-failed',
  'peer-authentication-failed': 'authentication',
  'local-authentication-failed': 'authentication',
  'user-unknown': 'authentication',
  'wrong-password': 'authentication',
  'one-way-secret': 'authentication',
  'no-secret': 'authentication',
  'authentication-timeout': 'authentication-timeout',
  'ncp-timeout': 'ncp',
  'ncp-failed': 'ncp',
  'no-address': 'address',
  'pool-empty': 'address',
  'address-in-use': 'address',
  loopback: 'loopback',
};
