// Sequence numbers of data messages, RFC 3931 §4.6.1 and Appendix C: 24 bits, what is behind is dropped, and a run of "old"
// numbers that are in order among themselves is a peer that began anew.

export class DataSequence {
  #next = 0;
  #expected = 0;
  #lateNext = 0;
  #lateRun = 0;

  /** The number of the next message we send. */
  next(): number {
    const sequence = this.#next;
    this.#next = (this.#next + 1) & MASK;
    return sequence;
  }

  /** Whether a received message is to be delivered. */
  accepts(sequence: number): boolean {
    if (((sequence - this.#expected) & MASK) < HALF) {
      this.#expected = (sequence + 1) & MASK;
      this.#lateRun = 0;
      return true;
    }
    this.#lateRun = this.#lateNext === sequence && this.#lateRun > 0 ? this.#lateRun + 1 : 1;
    this.#lateNext = (sequence + 1) & MASK;
    if (this.#lateRun < RESTART_RUN) return false;
    this.#lateRun = 0;
    this.#expected = (sequence + 1) & MASK;
    return true;
  }
}

const MASK = 0xffffff;
const HALF = 0x800000;
/** Appendix C leaves the number open. */
const RESTART_RUN = 16;
