// The two clocks: a monotonic one that every machine is driven by, and the wall clock that only people read.

import type { Millis } from '../wire/machine.ts';

export interface Clock {
  /** Never goes back. */
  now(): Millis;
  /** Milliseconds since 1970; jumps when somebody sets the time. */
  wallClock(): Millis;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
};
