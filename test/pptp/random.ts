// Chance that is the same at every run: mulberry32, for tests.

import type { Entropy } from '../../src/wire/machine.ts';

export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}

export function seededEntropy(random: () => number): Entropy {
  return (octets) => Uint8Array.from({ length: octets }, () => Math.floor(random() * 256));
}
