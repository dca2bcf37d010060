// The impact plan: what a new configuration would do to the sessions that live, said before it is done. Four classes of change: in
// force at once and felt by no session, felt by sessions to come, felt from the next start on, and fatal to the sessions named.

import type { Call } from './call.ts';
import type { Circuit } from './circuit.ts';
import type { Configuration } from './configuration.ts';
import { changesBetween } from './impact-changes.ts';
import type { Ends, Reason } from './impact-ends.ts';
import { revealSecret } from './secret.ts';

export type ImpactClass = 'hot' | 'new-sessions' | 'next-start' | 'drops';

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

export function planImpact(
  before: Configuration,
  after: Configuration,
  ends: Ends,
  calls: readonly (Call | Circuit)[],
): ImpactPlan {
  const drops = new Map<string, ImpactItem & { readonly sessions: NamedSession[] }>();
  const ending = new Map([...challengedInVain(before, after, calls), ...ends.calls]);
  for (const [{ place, username }, { subject, why }] of ending) {
    const key = `${subject}\n${why}`;
    const item = drops.get(key) ?? { class: 'drops', subject, what: why, sessions: [] };
    drops.set(key, item);
    const { interfaceName, session } = place;
    const tunnel = place.connection ?? place.tunnel;
    item.sessions.push({ interfaceName, username, tunnel, session });
  }
  const changes = changesBetween(before, after).map((change): ImpactItem => ({ ...change, sessions: [] }));
  const rank = (item: ImpactItem) => CLASSES.indexOf(item.class);
  const items = [...drops.values(), ...changes].sort((a, b) => rank(a) - rank(b));
  return { items, sessions: calls.length, dropped: ending.size };
}

/** Callers whom a later challenge asks for a password that is gone or another one (`ppp chap rechallenge`): they end then. */
function challengedInVain(
  before: Configuration,
  after: Configuration,
  calls: readonly (Call | Circuit)[],
): [Call | Circuit, Reason][] {
  return calls.flatMap((call): [Call | Circuit, Reason][] => {
    const { place, username } = call;
    if (place.role !== 'lns' || place.subject.ppp.chapRechallenge === undefined) return [];
    const [old, now] = [before, after].map(({ users }) => revealSecret(users.get(username)?.password));
    if (old === undefined || old === now) return [];
    return [[call, { subject: `username ${username}`, why: 'no longer good for the next challenge' }]];
  });
}

const CLASSES: readonly ImpactClass[] = ['drops', 'new-sessions', 'next-start', 'hot'];
