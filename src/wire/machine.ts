// The contract of every protocol machine in the pure rooms: input and `now` in, effects out (sans-IO).
// A machine reads no clock, draws no randomness, opens nothing: whoever drives it supplies all three.

/** Milliseconds: a point on the caller's monotonic clock, or a span. */
export type Millis = number;

/** Asked for `octets` random octets, returns that many. Cryptographically strong in production, counted in tests. */
export type Entropy = (octets: number) => Uint8Array;

export interface Machine<Input, Effect> {
  /** Effects are to be applied in order, after this returns. */
  handle(input: Input, now: Millis): Effect[];
  /** When `handleTimeout` wants to be called next; `Infinity` while there is nothing to wait for. */
  readonly deadline: Millis;
  /** Does nothing when called before `deadline`; a machine cannot tell how late it was called. */
  handleTimeout(now: Millis): Effect[];
}

/** The least of the deadlines of nested machines. */
export function earliest(machines: Iterable<{ readonly deadline: Millis }>): Millis {
  let least = Number.POSITIVE_INFINITY;
  for (const machine of machines) if (machine.deadline < least) least = machine.deadline;
  return least;
}

export function randomU16(entropy: Entropy): number {
  const [high, low] = entropy(2) as unknown as [number, number];
  return (high << 8) | low;
}

export function randomU32(entropy: Entropy): number {
  const octets = entropy(4);
  return new DataView(octets.buffer, octets.byteOffset, 4).getUint32(0);
}
