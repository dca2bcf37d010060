// The impact plan: what a new configuration would do to the sessions that live, said before it is done. Three classes of change:
// in force at once and felt by no session, felt by sessions to come, and fatal to the sessions named.

import type { Configuration } from './configuration.ts';
import { changesBetween } from './impact-changes.ts';
import type { Ends } from './impact-ends.ts';

export type ImpactClass = 'hot' | 'new-sessions' | 'drops';

export interface ImpactItem {
  readonly class: ImpactClass;
  /** The configuration line that changes: `vpdn-group callers`, `interface Loopback1`. */
  readonly subject: string;
  /** What of it: `l2tp hello`, `removed`. */
  readonly what: string;
  /** Empty but for `drops`. */
  readonly sessions: readonly NamedSession[];
}

export interface NamedSession {
  readonly interfaceName: string;
  readonly username: string;
  readonly tunnel: number;
  readonly session: number;
}

export interface ImpactPlan {
  /** The fatal ones first. */
  readonly items: readonly ImpactItem[];
  /** How many sessions there are, and how many of them end. */
  readonly sessions: number;
  readonly dropped: number;
}

export function planImpact(before: Configuration, after: Configuration, { calls }: Ends, sessions: number): ImpactPlan {
  const drops = new Map<string, ImpactItem & { readonly sessions: NamedSession[] }>();
  for (const [{ place, username }, { subject, why }] of calls) {
    const key = `${subject}\n${why}`;
    const item = drops.get(key) ?? { class: 'drops', subject, what: why, sessions: [] };
    drops.set(key, item);
    const { interfaceName, tunnel, session } = place;
    item.sessions.push({ interfaceName, username, tunnel, session });
  }
  const changes = changesBetween(before, after).map((change): ImpactItem => ({ ...change, sessions: [] }));
  const rank = (item: ImpactItem) => CLASSES.indexOf(item.class);
  const items = [...drops.values(), ...changes].sort((a, b) => rank(a) - rank(b));
  return { items, sessions, dropped: calls.size };
}

const CLASSES: readonly ImpactClass[] = ['drops', 'new-sessions', 'hot'];
