// The flow-control alarm of a PPTP call: packets are lost, or acknowledgments do not come, again and again
// within a short time. It means something to stateful encryption only, which has to be dropped for the stateless kind then.
// Either thread keeps a score of its own in the call's row: each trouble adds one, time takes off.

/** Another trouble at `now`. True: that is too many. `score`: where the score stands in `floats`, its time behind it. */
export function addTrouble(floats: Float64Array, score: number, now: number): boolean {
  const left = Math.max(0, floats[score]! - (now - floats[score + 1]!) / FORGIVEN_AFTER);
  floats[score] = left + 1;
  floats[score + 1] = now;
  return left + 1 >= TOO_MANY;
}

const TOO_MANY = 4;
/** Milliseconds. */
const FORGIVEN_AFTER = 2500;
