// How many control messages of each type went each way: `show l2tp counters` (C146).

export interface MessageCount {
  sent: number;
  /** Of those sent, again. */
  resent: number;
  received: number;
  /** Of those received: duplicates, and what was outside the window. */
  dropped: number;
}

export class MessageCounters {
  readonly #counts = new Map<string, MessageCount>();

  count(name: string, what: keyof MessageCount): void {
    // A peer can send 65,536 types: those that nobody knows are counted together.
    const key = name.startsWith(UNKNOWN) ? UNKNOWN : name;
    let known = this.#counts.get(key);
    if (known === undefined) {
      known = { sent: 0, resent: 0, received: 0, dropped: 0 };
      this.#counts.set(key, known);
    }
    known[what]++;
  }

  /** By the name of the message; ZLB stands for the bare acknowledgement. */
  entries(): ReadonlyMap<string, Readonly<MessageCount>> {
    return this.#counts;
  }
}

/** What `nameOfMessage` begins the name of an unknown type with. */
const UNKNOWN = 'message';
