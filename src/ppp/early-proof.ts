// A first proof that overtook the peer's last Configure-Ack waits for it, where RFC 1661 §3.4 would have it dropped: it would come
// again only after seconds.

import type { State } from './automaton.ts';
import { Protocol } from './frame.ts';

export class EarlyProof {
  #frames: Uint8Array[] = [];

  /** False: it is of no use later either. Only the last is kept. */
  keep(protocol: number, lcp: State, frame: Uint8Array): boolean {
    const isProof = protocol === Protocol.PAP || protocol === Protocol.CHAP || protocol === Protocol.EAP;
    // In Ack-Sent it is the peer's acknowledgement alone that is missing.
    if (!isProof || lcp !== 'Ack-Sent' || frame.length > LONGEST) return false;
    this.#frames = [frame.slice()];
    return true;
  }

  take(): Uint8Array[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}

const LONGEST = 1500;
