// What `debug` has switched on (C173, C175), for the whole router, and the lines it gives rise to.
// Nothing is traced and nothing formatted while all is off.

import type { DebugTopic } from '../cli/grammar/exec/debug.ts';
import { formatL2tpTrace, formatVpdnTrace, traceTopics } from '../cli/show/debug-trace.ts';
import type { RunningRouter } from '../host/running-router.ts';
import { formatPppTrace } from '../ppp/trace.ts';
import type { RouterTrace } from '../vpdn/events.ts';
import { shortInterfaceName } from '../vpdn/interface-name.ts';

export class Debugging {
  readonly #router: RunningRouter;
  /** One set for all terminals, as on IOS: who watches sees what anybody switched on. */
  readonly #topics = new Set<DebugTopic>();
  #stop: (() => void) | undefined;

  constructor(router: RunningRouter) {
    this.#router = router;
  }

  get topics(): ReadonlySet<DebugTopic> {
    return this.#topics;
  }

  set(topic: DebugTopic, on: boolean): void {
    if (on) this.#topics.add(topic);
    else this.#topics.delete(topic);
    this.#settle();
  }

  clear(): void {
    this.#topics.clear();
    this.#settle();
  }

  /** The router traces only while somebody listens. */
  #settle(): void {
    if (this.#topics.size > 0) {
      this.#stop ??= this.#router.watchTraces((trace) => this.#trace(trace));
    } else {
      this.#stop?.();
      this.#stop = undefined;
    }
  }

  #trace(trace: RouterTrace): void {
    for (const line of this.#lines(trace)) this.#router.log.debug(line);
  }

  #lines(trace: RouterTrace): string[] {
    switch (trace.layer) {
      case 'l2tp':
        return formatL2tpTrace(trace.event, traceTopics(this.#topics));
      case 'vpdn':
        return formatVpdnTrace(trace.interfaceName, trace.text, this.#topics);
      case 'ppp': {
        if (!this.#wantsPpp(trace)) return [];
        const place = shortInterfaceName(trace.interfaceName);
        return formatPppTrace(trace.event).map((line) => `${place} ${line}`);
      }
      default:
        return trace satisfies never;
    }
  }

  /** States and phases belong to the negotiation; a packet or a note says itself what it is of. */
  #wantsPpp({ event }: Extract<RouterTrace, { layer: 'ppp' }>): boolean {
    const topic = event.kind === 'packet' || event.kind === 'note' ? event.topic : 'negotiation';
    return this.#topics.has(`ppp ${topic}`);
  }
}
