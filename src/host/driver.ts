// Drives the router: one input at a time, its effects in order, and its deadline on a timer.
// The one `try` of the control path stands here: no datagram and no refused system call ends the process.

import type { RouterEffect, RouterInput } from '../vpdn/events.ts';
import { VpdnError } from '../wire/errors.ts';
import type { Machine, Millis } from '../wire/machine.ts';
import type { Clock } from './clock.ts';
import type { Timers } from './timers.ts';

export interface DriverOptions {
  readonly router: Machine<RouterInput, RouterEffect>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Makes one effect come true; may call `deliver`, and may throw. */
  readonly apply: (effect: RouterEffect) => void;
  /** Told of everything that was thrown. */
  readonly report: (fault: Fault) => void;
  readonly recorder?: Recorder;
}

export interface Fault {
  /** The kind of input or effect: `datagram`, `add-route`. */
  readonly during: string;
  /** The error's stable code, or its class. */
  readonly code: string;
  readonly error: unknown;
}

export interface Recorder {
  input(input: RouterInput | { readonly on: 'timeout' }, now: number): void;
  effect(effect: RouterEffect, now: number): void;
}

export class Driver {
  readonly #options: DriverOptions;
  /** Inputs that came while another was in hand: the router is never entered twice. */
  readonly #queue: RouterInput[] = [];
  readonly #faults = new Map<string, number>();
  #busy = false;
  #notBefore: Millis = 0;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  /** Caught exceptions, counted by where and what. */
  get faults(): ReadonlyMap<string, number> {
    return this.#faults;
  }

  /** How often the router itself threw at this kind of input. */
  faultsAt(input: RouterInput['on']): number {
    let count = 0;
    for (const [key, times] of this.#faults) if (key.startsWith(`${input} `)) count += times;
    return count;
  }

  /** An input that an effect gives rise to waits until the effects before it are done. */
  deliver(input: RouterInput): void {
    this.#queue.push(input);
    if (!this.#busy) this.#drain();
  }

  /** `now` is read once an input, so that all its effects happen at one instant of the recording. */
  #handle(input: RouterInput): void {
    const { router, clock, recorder } = this.#options;
    const now = clock.now();
    recorder?.input(input, now);
    this.#attempt(input.on, () => this.#applyAll(router.handle(input, now), now));
  }

  readonly #expire = (): void => {
    const { router, clock, recorder } = this.#options;
    const now = clock.now();
    recorder?.input({ on: 'timeout' }, now);
    this.#busy = true;
    const done = this.#attempt('timeout', () => this.#applyAll(router.handleTimeout(now), now));
    this.#notBefore = done ? 0 : now + FAULT_PAUSE;
    this.#drain();
  };

  #drain(): void {
    this.#busy = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#handle(next);
    this.#busy = false;
    this.#options.timers.set(this.#expire, Math.max(this.#options.router.deadline, this.#notBefore));
  }

  /** In order, and each in a `try` of its own: one refused route must not keep the StopCCN behind it from leaving. */
  #applyAll(effects: readonly RouterEffect[], now: number): void {
    for (const effect of effects) {
      this.#options.recorder?.effect(effect, now);
      this.#attempt(effect.do, () => this.#options.apply(effect));
    }
  }

  #attempt(during: string, action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      const code = error instanceof VpdnError ? error.code : error instanceof Error ? error.name : 'unknown';
      const key = `${during} ${code}`;
      this.#faults.set(key, (this.#faults.get(key) ?? 0) + 1);
      this.#options.report({ during, code, error });
      return false;
    }
  }
}

/** A timeout that throws may leave its deadline in the past: asked again only after this long. */
const FAULT_PAUSE: Millis = 1000;
