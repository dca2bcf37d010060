// What `debug` has switched on (C173-C177), for the whole router, and the lines it gives rise to.
// Nothing is traced and nothing formatted while all is off.

import type { DebugCondition } from '../cli/grammar/exec/debug.ts';
import type { DebugTopic, TraceKind } from '../cli/grammar/exec/debug-topics.ts';
import { formatPptpTrace } from '../cli/show/debug-pptp.ts';
import { formatL2tpTrace, formatVpdnTrace, traceKinds } from '../cli/show/debug-trace.ts';
import type { DebuggingView } from '../cli/show/debugging.ts';
import type { Log } from '../host/log.ts';
import type { TraceWatcher } from '../host/running-router.ts';
import { formatPppTrace } from '../ppp/trace.ts';
import type { Call } from '../vpdn/call.ts';
import type { Circuit } from '../vpdn/circuit.ts';
import type { RouterTrace } from '../vpdn/events.ts';
import { shortInterfaceName } from '../vpdn/interface-name.ts';
import type { Millis } from '../wire/machine.ts';
import { DebugLimit } from './debug-limit.ts';

/** What it needs of the running router. */
export interface DebugSource {
  readonly log: Pick<Log, 'debug'>;
  watchTraces(watcher: TraceWatcher): () => void;
  /** Who is behind an interface or a session, for the conditions. */
  callOf(where: CallWhere): Call | Circuit | undefined;
}

export type CallWhere = { readonly interfaceName: string } | { readonly tunnel: number; readonly session: number };

export class Debugging {
  readonly #router: DebugSource;
  /** One set for all terminals, as on IOS: who watches sees what anybody switched on. */
  readonly #topics = new Set<DebugTopic>();
  #kinds: ReadonlySet<TraceKind> = new Set();
  readonly #conditions = new Map<number, { readonly condition: DebugCondition; hits: number }>();
  readonly #limit = new DebugLimit();
  #reminder: NodeJS.Timeout | undefined;
  #stop: (() => void) | undefined;

  constructor(router: DebugSource) {
    this.#router = router;
  }

  get view(): DebuggingView {
    const conditions = [...this.#conditions].map(([id, { condition, hits }]) => ({ id, condition, hits }));
    return { topics: this.#topics, conditions };
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

  /** The number it has from now on, and had before if it was there. */
  addCondition(condition: DebugCondition): { readonly id: number; readonly known: boolean } {
    const known = this.#idOf(condition);
    if (known !== undefined) return { id: known, known: true };
    let id = 1;
    while (this.#conditions.has(id)) id++;
    this.#conditions.set(id, { condition, hits: 0 });
    return { id, known: false };
  }

  /** By number, by what it says, or all; the numbers of those that were there. */
  removeConditions(which: number | DebugCondition | undefined): number[] {
    const id = typeof which === 'object' ? this.#idOf(which) : which;
    const gone = [...this.#conditions.keys()].filter((each) => which === undefined || each === id);
    for (const each of gone) this.#conditions.delete(each);
    return gone;
  }

  #idOf({ kind, value }: DebugCondition): number | undefined {
    return [...this.#conditions].find(([, { condition: each }]) => each.kind === kind && each.value === value)?.[0];
  }

  /** The router traces only while somebody listens. */
  #settle(): void {
    this.#kinds = traceKinds(this.#topics);
    if (this.#kinds.size > 0) {
      this.#stop ??= this.#router.watchTraces((trace, at) => this.#trace(trace, at));
    } else {
      this.#stop?.();
      this.#stop = undefined;
    }
  }

  #trace(trace: RouterTrace, at: Millis): void {
    if (!this.#admitted(trace)) return;
    for (const line of this.#lines(trace)) {
      if (this.#limit.admit(at)) this.#router.log.debug(line);
      else this.#reminder ??= setTimeout(() => this.#remind(), REMINDER).unref();
    }
  }

  #remind(): void {
    this.#reminder = undefined;
    this.#router.log.debug(`suppressed ${this.#limit.takeSuppressed()} lines of debug output`);
  }

  #lines(trace: RouterTrace): string[] {
    switch (trace.layer) {
      case 'l2tp':
        return formatL2tpTrace(trace.event, this.#kinds);
      case 'pptp':
        return formatPptpTrace(trace.event, this.#kinds);
      case 'vpdn':
        return formatVpdnTrace(trace, this.#kinds);
      case 'ppp': {
        if (!this.#wantsPpp(trace) && !this.#wantsMppe(trace)) return [];
        const place = shortInterfaceName(trace.interfaceName);
        return formatPppTrace(trace.event).map((line) => `${place} ${line}`);
      }
      default:
        return trace satisfies never;
    }
  }

  /** States belong to the negotiation; a packet or a note says itself what it is of. */
  #wantsPpp({ event }: Extract<RouterTrace, { layer: 'ppp' }>): boolean {
    if (event.kind === 'phase') return this.#kinds.has('ppp-phases');
    if (event.kind === 'state') return this.#kinds.has('ppp-negotiation');
    if (event.kind === 'note' && this.#kinds.has('ppp-notes')) return true;
    return this.#kinds.has(`ppp-${event.topic}`);
  }

  /** What MPPE encrypts is not traced: the workers of the packet path do that, far from any log. */
  #wantsMppe({ event }: Extract<RouterTrace, { layer: 'ppp' }>): boolean {
    if (event.kind === 'phase') return false;
    if (event.kind === 'packet') return event.protocol === 'CCP' && this.#kinds.has('mppe-packets');
    if (!this.#kinds.has('mppe-events')) return false;
    return event.kind === 'state' ? event.protocol === 'CCP' : ABOUT_MPPE.test(event.text);
  }

  /** With conditions, only what one of them names; a tunnel by itself has an address and neither user nor interface. */
  #admitted(trace: RouterTrace): boolean {
    if (this.#conditions.size === 0) return true;
    const about = this.#about(trace);
    let admitted = false;
    for (const entry of this.#conditions.values()) {
      if (!about.has(`${entry.condition.kind} ${entry.condition.value}`)) continue;
      entry.hits++;
      admitted = true;
    }
    return admitted;
  }

  /** All that a condition could name of a trace. */
  #about(trace: RouterTrace): Set<string> {
    const about = new Set<string>();
    const where = placeOf(trace);
    const call = where === undefined ? undefined : this.#router.callOf(where);
    const name = call?.place.interfaceName ?? ('interfaceName' in trace ? trace.interfaceName : undefined);
    if (name !== undefined) about.add(`interface ${name}`);
    if (call !== undefined && call.username !== '') about.add(`username ${call.username}`);
    if (call?.neighbor !== undefined) about.add(`ip ${call.neighbor.address}`);
    if (call?.data !== undefined) about.add(`ip ${call.data.path.peerAddress}`);
    if (isOfTunnel(trace) && trace.event.kind === 'message') about.add(`ip ${trace.event.path.peerAddress}`);
    return about;
  }
}

function placeOf(trace: RouterTrace): CallWhere | undefined {
  if (!isOfTunnel(trace)) return { interfaceName: trace.interfaceName };
  const { event } = trace;
  if (event.kind === 'tunnel-state' || event.kind === 'connection-state') return undefined;
  if ('connection' in event) return { tunnel: event.connection, session: event.call };
  return { tunnel: event.tunnel, session: event.session };
}

function isOfTunnel(trace: RouterTrace): trace is Extract<RouterTrace, { layer: 'l2tp' | 'pptp' }> {
  return trace.layer === 'l2tp' || trace.layer === 'pptp';
}

const ABOUT_MPPE = /^(?:CCP|MPPE)\b|\bencrypted\b/;
/** Milliseconds until the lines left out are counted. */
const REMINDER = 1000;
