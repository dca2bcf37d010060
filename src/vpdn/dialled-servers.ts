// Which server of its vpdn-group an interface Dialer dials (C075): in the order of their priorities, the next one when one fails,
// and none beyond its limit. When all have failed, the dialer waits and begins anew.

import type { InitiateTo, VpdnGroup } from './configuration-vpdn.ts';

interface Round {
  /** The one that is dialled, or was dialled last. */
  current: string | undefined;
  /** All that the attempt at hand has been to. */
  readonly tried: Set<string>;
}

export class DialledServers {
  /** By interface. */
  readonly #rounds = new Map<string, Round>();

  /** Where an interface is, or would begin; undefined: its group has no server. */
  of(interfaceName: string, group: VpdnGroup): string | undefined {
    const current = this.#rounds.get(interfaceName)?.current;
    if (group.initiateTo.some(({ address }) => address === current)) return current;
    return inOrder(group.initiateTo)[0]?.address;
  }

  /** Goes to the best one that has not been tried and has room; undefined: there is none. */
  next(interfaceName: string, group: VpdnGroup, inUse: (address: string) => number): string | undefined {
    const round = this.#rounds.get(interfaceName) ?? { current: undefined, tried: new Set() };
    const untried = inOrder(group.initiateTo).filter(({ address }) => !round.tried.has(address));
    const best = untried.find(({ address, limit }) => limit === undefined || inUse(address) < limit);
    for (const { address } of untried) {
      round.tried.add(address);
      if (address === best?.address) break;
    }
    if (best === undefined) return undefined;
    round.current = best.address;
    this.#rounds.set(interfaceName, round);
    return best.address;
  }

  /** The attempt at hand may go on elsewhere. */
  hasNext(interfaceName: string, group: VpdnGroup): boolean {
    const tried = this.#rounds.get(interfaceName)?.tried;
    return tried !== undefined && group.initiateTo.some(({ address }) => !tried.has(address));
  }

  /** The next attempt begins with the best one again. */
  restart(interfaceName: string): void {
    this.#rounds.get(interfaceName)?.tried.clear();
  }

  forget(interfaceName: string): void {
    this.#rounds.delete(interfaceName);
  }
}

/** 1 is the first; those without a priority follow, as they were typed. */
function inOrder(servers: readonly InitiateTo[]): readonly InitiateTo[] {
  return servers.toSorted((a, b) => (a.priority ?? LAST) - (b.priority ?? LAST));
}

const LAST = 0x1_0000;
