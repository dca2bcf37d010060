// What the ways to peers take, for the sessions that want to know (`ip pmtu`, RFC 1191, RFC 8201). Linux hears the ICMP messages and
// keeps what they say, for the sockets' own sends too: it is asked now and then, and at once when a send was too long.

import { pathMtuTowards } from '../sys/socket.ts';
import type { DataSession } from '../vpdn/events.ts';
import type { Path } from '../wire/ip.ts';

type Ends = Pick<Path, 'localAddress' | 'peerAddress'>;
type Tell = (ends: Ends, mtu: number | undefined) => void;

interface Watched extends Ends {
  sessions: number;
  told: number | undefined;
}

export class PathMtus {
  readonly #tell: Tell;
  readonly #watched = new Map<string, Watched>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** A session that was `before` and is `after` from now on; undefined: it is not there. */
  changed(before: DataSession | undefined, after: DataSession | undefined): void {
    const [left, taken] = [watchedEnds(before), watchedEnds(after)];
    if (left !== undefined && taken !== undefined && keyOf(left) === keyOf(taken)) return;
    if (left !== undefined) this.#leave(left);
    if (taken !== undefined) this.#take(taken);
  }

  /** Says what has changed. Each way costs one look-up of a route. */
  check(): void {
    for (const watched of [...this.#watched.values()]) {
      const { localAddress, peerAddress } = watched;
      const mtu = pathMtuTowards(localAddress, peerAddress);
      // No route at the moment: that is no news about its size.
      if (mtu === undefined || mtu === watched.told) continue;
      watched.told = mtu;
      this.#tell({ localAddress, peerAddress }, mtu);
    }
  }

  #take({ localAddress, peerAddress }: Ends): void {
    const key = keyOf({ localAddress, peerAddress });
    const known = this.#watched.get(key);
    if (known !== undefined) known.sessions++;
    else this.#watched.set(key, { localAddress, peerAddress, sessions: 1, told: undefined });
  }

  #leave(ends: Ends): void {
    const key = keyOf(ends);
    const watched = this.#watched.get(key);
    if (watched === undefined || --watched.sessions > 0) return;
    this.#watched.delete(key);
    if (watched.told !== undefined) this.#tell(ends, undefined);
  }
}

function watchedEnds(session: DataSession | undefined): Ends | undefined {
  return session?.discoverMtu === true ? session.path : undefined;
}

function keyOf({ localAddress, peerAddress }: Ends): string {
  return `${localAddress} ${peerAddress}`;
}
