// What is known of the ways to peers (RFC 1191, RFC 8201), for the sessions that discover it.

import type { DataSession, RouterInput } from './events.ts';
import type { Octets } from './units.ts';

type Ends = Pick<DataSession['path'], 'localAddress' | 'peerAddress'>;

export class PathMtus {
  readonly #known = new Map<string, Octets>();

  /** False: nothing new. */
  learn({ mtu, ...ends }: Extract<RouterInput, { on: 'path-mtu' }>): boolean {
    const key = keyOf(ends);
    const before = this.#known.get(key);
    if (mtu === undefined) this.#known.delete(key);
    else this.#known.set(key, Math.max(mtu, leastOf(ends)));
    return before !== this.#known.get(key);
  }

  of(ends: Ends): Octets | undefined {
    return this.#known.get(keyOf(ends));
  }

  concerns(ends: Ends, session: DataSession | undefined): boolean {
    return session?.discoverMtu === true && keyOf(session.path) === keyOf(ends);
  }
}

function keyOf({ localAddress, peerAddress }: Ends): string {
  return `${localAddress} ${peerAddress}`;
}

/** Below this nobody has to go (RFC 8200 §5); of IPv4 it is what Linux believes at least. A lie about it then costs little. */
function leastOf({ peerAddress }: Ends): Octets {
  return peerAddress.includes(':') ? 1280 : 552;
}
