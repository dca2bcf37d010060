// Control Connection IDs and Session IDs, RFC 3931 §4.1 and §8.1: 32 bit, never 0, not to be guessed. A number just given back is
// as unlikely to come again as any other: with four thousand million there is no need to let it rest.

import { type Entropy, randomU32 } from '../../wire/machine.ts';

/** One that nobody has. */
export function freshIdentifier(entropy: Entropy, taken: { has(id: number): boolean }): number {
  for (;;) {
    const id = randomU32(entropy);
    if (id !== 0 && !taken.has(id)) return id;
  }
}
