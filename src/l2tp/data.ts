// Sequence numbers of one call's data messages, RFC 2661 §5.4: counted from 0 each way, nothing is ever sent again.
// Where a packet path carries the call's traffic, it keeps these numbers instead.

export class DataSequence {
  #ns = 0;
  #expected = 0;
  /** The number after the last one that came from out of reach. */
  #suspect = -1;

  get ns(): number {
    return this.#ns;
  }

  /** The next number expected from the peer. */
  get nr(): number {
    return this.#expected;
  }

  next(): number {
    const ns = this.#ns;
    this.#ns = (ns + 1) & SEQUENCE_MASK;
    return ns;
  }

  /** Whether the payload is to be delivered: in order or ahead, but not late. */
  accepts(ns: number): boolean {
    const ahead = (ns - this.#expected) & SEQUENCE_MASK;
    if (ahead > REACH) {
      // Late, or far from where we are. One forged number must not make all that follow it late: the far one is
      // believed when the next continues it, as after a long outage.
      const late = ahead > SEQUENCE_MASK - REACH;
      if (late || ns !== this.#suspect) {
        if (!late) this.#suspect = (ns + 1) & SEQUENCE_MASK;
        return false;
      }
    }
    this.#expected = (ns + 1) & SEQUENCE_MASK;
    this.#suspect = -1;
    return true;
  }
}

const SEQUENCE_MASK = 0xffff;
/** How far ahead one message alone may take us, and how far behind counts as late. */
const REACH = 2048;
