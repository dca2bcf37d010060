// What a tunnel and its sessions have carried together: added up when somebody asks, because most tables have no counters.

import type { TunnelReference } from './events.ts';
import type { TrafficObserver } from './traffic-observer.ts';
import type { ClearableTraffic, TrafficCounters } from './view-traffic.ts';

export class SessionTraffic {
  readonly #observer: TrafficObserver | undefined;
  readonly #tunnel: TunnelReference;
  readonly #control: TrafficCounters;
  readonly #sessions: () => readonly number[];
  #added: ClearableTraffic | undefined;

  constructor(
    observer: TrafficObserver | undefined,
    tunnel: TunnelReference,
    control: TrafficCounters,
    sessions: () => readonly number[],
  ) {
    this.#observer = observer;
    this.#tunnel = tunnel;
    this.#control = control;
    this.#sessions = sessions;
  }

  /** A session a step. */
  *count(): Generator<undefined> {
    const counting = this.#observer?.tunnelBySession(this.#tunnel, this.#control, this.#sessions());
    this.#added ??= counting === undefined ? { counters: this.#control } : yield* counting;
  }

  /** In one go, unless they were counted before. */
  get added(): ClearableTraffic {
    this.#added ??= this.#observer?.tunnel(this.#tunnel, this.#control, this.#sessions()) ?? {
      counters: this.#control,
    };
    return this.#added;
  }
}
