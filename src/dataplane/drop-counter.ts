// A counter of drops. Any thread may drop anything, so these have more than one writer: two words each, for what can be added
// atomically is a word.

/** `float`: where the counter is. */
export function addDrops(words: Int32Array, float: number, packets: number): void {
  const low = Atomics.add(words, 2 * float, packets) >>> 0;
  if (low + packets >= WORD) Atomics.add(words, 2 * float + 1, 1);
}

export function readDrops(words: Int32Array, float: number): number {
  const at = 2 * float;
  for (;;) {
    const high = Atomics.load(words, at + 1);
    const low = Atomics.load(words, at) >>> 0;
    // A carry between the two loads: once in four thousand million drops.
    if (Atomics.load(words, at + 1) === high) return (high >>> 0) * WORD + low;
  }
}

const WORD = 0x1_0000_0000;
