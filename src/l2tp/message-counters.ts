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

/** The counts of two endpoints together; a list that nobody has added to is the other itself. */
export function addedCounts(
  first: ReadonlyMap<string, Readonly<MessageCount>>,
  second: ReadonlyMap<string, Readonly<MessageCount>>,
): ReadonlyMap<string, Readonly<MessageCount>> {
  if (second.size === 0) return first;
  const sum = new Map<string, Readonly<MessageCount>>(first);
  for (const [name, count] of second) {
    const { sent, resent, received, dropped } = sum.get(name) ?? { sent: 0, resent: 0, received: 0, dropped: 0 };
    sum.set(name, {
      sent: sent + count.sent,
      resent: resent + count.resent,
      received: received + count.received,
      dropped: dropped + count.dropped,
    });
  }
  return sum;
}

/** What `nameOfMessage` begins the name of an unknown type with. */
const UNKNOWN = 'message';
