// The top machine: it owns the endpoints of L2TPv2, L2TPv3 and PPTP, the calls and the configuration, and joins them. Everything
// Linux does for it is an effect, everything Linux says an input (`events.ts`). To follow a call, read `l2tp.ts`, #effect.

import type { EndpointInput } from '../l2tp/events.ts';
import { addedCounts, type MessageCount } from '../l2tp/message-counters.ts';
import type { V3EndpointInput } from '../l2tp/v3/events.ts';
import { isForBothVersions } from '../l2tp/v3/message.ts';
import type { EndpointInput as PptpInput } from '../pptp/events.ts';
import { Deadlines } from '../wire/deadlines.ts';
import { type Entropy, earliest, type Machine, type Millis } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import { Addresses } from './addresses.ts';
import type { Call } from './call.ts';
import { Calls } from './calls.ts';
import type { Circuit } from './circuit.ts';
import { clear, countCleared } from './clear.ts';
import { type Configuration, emptyConfiguration } from './configuration.ts';
import { Connections } from './connections.ts';
import type { Context } from './context.ts';
import { Dialers } from './dialers.ts';
import {
  type ClearTarget,
  type LinkFacts,
  PPTP_CALLS,
  type RouterEffect,
  type RouterInput,
  type TunnelReference,
} from './events.ts';
import { FAILURES } from './failure.ts';
import { FailureHistory, type FailureRecord } from './failure-history.ts';
import { type ImpactPlan, planImpact } from './impact.ts';
import { endsUnder, prospectOf, type Reason } from './impact-ends.ts';
import { Interfaces } from './interfaces.ts';
import { L2tp } from './l2tp.ts';
import { isV3, L2tpv3 } from './l2tpv3.ts';
import type { LogName } from './log.ts';
import { Pptp } from './pptp.ts';
import { PptpConnections } from './pptp-connections.ts';
import { PptpListening } from './pptp-listening.ts';
import type { RouterParts } from './router-parts.ts';
import { routerView } from './router-view.ts';
import { Routing, wantedRoutes } from './routing.ts';
import type { TrafficObserver } from './traffic-observer.ts';
import { allTunnels, closeTunnel, tunnelOf } from './tunnel-of.ts';
import { Tunnels } from './tunnels.ts';
import type { PoolView, RouterView } from './view.ts';

export interface RouterOptions {
  readonly entropy: Entropy;
  /** The wall clock, in milliseconds since 1970, when the caller's own clock stood at 0. */
  readonly epoch: Millis;
}

export class Router implements Machine<RouterInput, RouterEffect> {
  /** Moved when the wall clock is set; nothing but what people read depends on it. */
  epoch: Millis;
  readonly #parts: RouterParts;
  readonly #l2tp: L2tp;
  readonly #l2tpv3: L2tpv3;
  readonly #pptp: Pptp;
  readonly #pptpListening: PptpListening;
  readonly #callDeadlines = new Deadlines<number>();
  #configuration: Configuration = emptyConfiguration();
  #now: Millis = 0;
  #effects: RouterEffect[] = [];
  /** Inputs for the endpoints, waiting for their turn: handled one by one, so that no effect overtakes another. */
  readonly #queue: QueuedInput[] = [];
  #stopping: 'no' | 'asked' | 'done' = 'no';
  #stopAt: Millis = Number.POSITIVE_INFINITY;

  constructor({ entropy, epoch }: RouterOptions) {
    this.epoch = epoch;
    const context = this.#context(entropy);
    const interfaces = new Interfaces(context);
    const routing = new Routing(context);
    const addresses = new Addresses(context, interfaces);
    const tunnels: Tunnels = new Tunnels(context, {
      tunnelReady: (tunnel, waiting) => dialers.tunnelReady(tunnel, waiting),
      tunnelFailed: (waiting) => dialers.ended(waiting),
    });
    const connections: Connections = new Connections(context, {
      connectionReady: (connection, waiting) => dialers.connectionReady(connection, waiting),
      connectionFailed: (waiting, unanswered) => dialers.connectionFailed(waiting, unanswered),
      connectionLost: (path) => dialers.connectionLost(path),
      peerThere: (path) => dialers.peerThere(path),
      wishFor: (path) => dialers.wishFor(path),
    });
    const pptpConnections: PptpConnections = new PptpConnections(context, {
      connectionReady: (connection, waiting) => dialers.pptpConnectionReady(connection, waiting),
      connectionFailed: (waiting) => dialers.ended(waiting),
    });
    const near = { interfaces, routing, addresses, tunnels, connections, pptpConnections };
    const calls: Calls = new Calls(context, near, (name, up, cause) => {
      if (up) dialers.connected(name);
      else dialers.ended([name], cause);
    });
    const parts = () => this.#parts;
    this.#l2tp = new L2tp(context, entropy, parts);
    this.#l2tpv3 = new L2tpv3(context, entropy, parts);
    this.#pptp = new Pptp(context, entropy, parts);
    this.#pptpListening = new PptpListening(context);
    const { manual, endpoint: v3 } = this.#l2tpv3;
    const dialers = new Dialers(context, { ...near, manual, calls });
    const endpoints = { endpoint: this.#l2tp.endpoint, v3, manual, pptp: this.#pptp };
    this.#parts = { ...endpoints, ...near, calls, dialers, failures: new FailureHistory() };
  }

  get deadline(): Millis {
    const { dialers } = this.#parts;
    return Math.min(
      earliest([this.#l2tp.endpoint, this.#l2tpv3.endpoint, this.#pptp.endpoint, dialers]),
      this.#callDeadlines.earliest,
      this.#stopAt,
    );
  }

  handle(input: RouterInput, now: Millis): RouterEffect[] {
    this.#now = now;
    this.#input(input);
    return this.#finish();
  }

  handleTimeout(now: Millis): RouterEffect[] {
    this.#now = now;
    const { calls, dialers } = this.#parts;
    this.#l2tp.handleTimeout(now);
    this.#l2tpv3.handleTimeout(now);
    this.#pptp.handleTimeout(now);
    for (let key = this.#callDeadlines.takeDue(now); key !== undefined; key = this.#callDeadlines.takeDue(now)) {
      calls.handleTimeout(key);
    }
    dialers.handleTimeout();
    if (this.#stopAt <= now) this.#stop();
    return this.#finish();
  }

  /** Lists are made when they are read, with what `observer` has counted. */
  view(now: Millis, observer?: TrafficObserver): RouterView {
    return routerView(this.#parts, this.#configuration, { now, epoch: this.epoch }, observer);
  }

  /** L2TP control messages by type. */
  get messages(): ReadonlyMap<string, Readonly<MessageCount>> {
    return addedCounts(this.#l2tp.endpoint.messages, this.#l2tpv3.endpoint.messages);
  }

  /** What the tunnels of L2TP dropped, by reason. */
  get drops(): [reason: string, count: number][] {
    const { manual, endpoint } = this.#l2tpv3;
    return [...this.#l2tp.endpoint.drops, ...endpoint.drops, ...manual.drops];
  }

  hasTunnel({ of, id }: TunnelReference): boolean {
    const { endpoint, v3, pptpConnections } = this.#parts;
    if (of === 'pptp') return pptpConnections.get(id) !== undefined;
    return (of === 'l2tp' ? endpoint.tunnel(id) : v3.connection(id)) !== undefined;
  }

  /** One address pool, with who has which address. */
  poolView(name: string): PoolView[] {
    return this.#parts.addresses.poolView(name);
  }

  /** How many sessions a `clear` would end. */
  countCleared(what: ClearTarget): number {
    return countCleared(what, this.#parts);
  }

  /** Who is behind an interface, or a session: what `debug condition` asks. */
  callOf(
    where: { readonly interfaceName: string } | { readonly tunnel: number; readonly session: number },
  ): Call | Circuit | undefined {
    const { calls } = this.#parts;
    if ('interfaceName' in where) return calls.onInterface(where.interfaceName);
    const byItsId = [calls.get(0, where.session), calls.get(PPTP_CALLS, where.session)];
    return byItsId.find((call) => call?.place.connection === where.tunnel) ?? calls.get(where.tunnel, where.session);
  }

  /** What `debug` and the ladder want; off, nothing is said of single messages. */
  set traced(traced: boolean) {
    for (const { endpoint } of [this.#l2tp, this.#l2tpv3, this.#pptp]) endpoint.traced = traced;
    this.#parts.calls.traced = traced;
  }

  #input(input: RouterInput): void {
    const { interfaces, dialers } = this.#parts;
    switch (input.on) {
      case 'datagram':
        if (input.path.transport === 'gre') return this.#pptp.datagram(input.path, input.octets);
        this.#queue.push(this.#isForV3(input) ? { v3: input } : { v2: input });
        return;
      case 'stream':
        this.#queue.push({ pptp: input.stream });
        return;
      case 'configure':
        return this.#configure(input.configuration, input.links);
      case 'link':
        interfaces.setLink(input.name, input.link);
        return this.#settle();
      case 'source':
        return dialers.source(input.peer, input.address);
      case 'activity':
        this.#queue.push(activityOf(input));
        return;
      case 'path-mtu':
        return this.#parts.calls.pathMtuChanged(input);
      case 'secret-checked':
        return this.#parts.calls.secretChecked(input);
      case 'compression-lost':
        return this.#parts.calls.hear(input.tunnel, input.session, { on: 'compression-lost' });
      case 'flow-alarm':
        return this.#parts.calls.flowAlarm(input.tunnel, input.session);
      case 'device-failed':
        interfaces.deviceFailed(input.device, input.reason);
        return dialers.evaluate();
      case 'clear':
        return clear(input.what, this.#parts);
      case 'shutdown':
        this.#stopping = 'asked';
        this.#stopAt = this.#now + SHUTDOWN_LIMIT;
        dialers.stop();
        for (const tunnel of allTunnels(this.#parts)) closeTunnel(tunnel, this.#parts, 'shutdown', 'shutting down');
        return;
      default:
        input satisfies never;
    }
  }

  /** An SCCRQ for both versions is one of L2TPv3 where a pseudowire of that waits for it (RFC 3931 §4.7.3). */
  #isForV3({ path, octets }: Extract<RouterInput, { on: 'datagram' }>): boolean {
    if (isV3(path, octets)) return true;
    return isForBothVersions(path, octets) && this.#parts.dialers.wishFor(path) !== undefined;
  }

  /** What a configuration would do; nothing is done. `links`: what Linux would say of its interfaces. */
  impact(configuration: Configuration, links?: ReadonlyMap<string, LinkFacts>): ImpactPlan {
    const ends = endsUnder(prospectOf(this.#parts, configuration, links), this.#parts);
    return planImpact(this.#configuration, configuration, ends, [...this.#parts.calls.all()]);
  }

  #configure(configuration: Configuration, links: ReadonlyMap<string, LinkFacts> | undefined): void {
    const { failures, calls, interfaces, addresses, dialers } = this.#parts;
    const ends = endsUnder(prospectOf(this.#parts, configuration, links), this.#parts);
    this.#configuration = configuration;
    if (links !== undefined) interfaces.setLinks(links);
    failures.size = configuration.vpdn.historyFailureSize ?? failures.size;
    for (const [tunnel, reason] of ends.tunnels) closeTunnel(tunnel, this.#parts, 'general', inWords(reason));
    for (const [call, reason] of ends.calls) {
      if (!ends.tunnels.has(tunnelOf(call.place, this.#parts)!)) calls.hangUp(call, inWords(reason));
    }
    // The farewells leave while their addresses still stand.
    this.#work();
    dialers.wires.forgetSources(ends.leaving);
    addresses.reconcile();
    this.#settle();
    this.#pptpListening.configure(configuration);
  }

  /** After anything that an address or a route may depend on. */
  #settle(): void {
    const { interfaces, routing, dialers, calls } = this.#parts;
    interfaces.reconcile();
    routing.configure(wantedRoutes(this.#configuration), interfaces.connected());
    dialers.evaluate();
    calls.refreshCircuits();
  }

  /** Lets the endpoints work off their queue. */
  #work(): void {
    for (let input = this.#queue.shift(); input !== undefined; input = this.#queue.shift()) {
      if ('v3' in input) this.#l2tpv3.handle(input.v3);
      else if ('pptp' in input) this.#pptp.handle(input.pptp);
      else this.#l2tp.handle(input.v2);
    }
  }

  /** All that is left to do, then the deadlines of the calls that were touched. */
  #finish(): RouterEffect[] {
    this.#work();
    for (const [key, deadline] of this.#parts.calls.takeTouched()) this.#callDeadlines.set(key, deadline);
    const unacknowledged = this.#l2tp.endpoint.unacknowledged + this.#l2tpv3.endpoint.unacknowledged;
    if (this.#stopping === 'asked' && unacknowledged === 0) this.#stop();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #stop(): void {
    this.#stopping = 'done';
    this.#stopAt = Number.POSITIVE_INFINITY;
    this.#effects.push({ do: 'stopped' });
  }

  #context(entropy: Entropy): Context {
    const configuration = () => this.#configuration;
    const now = () => this.#now;
    return {
      get configuration() {
        return configuration();
      },
      get now() {
        return now();
      },
      entropy,
      emit: (effect) => this.#effects.push(effect),
      l2tp: (input) => this.#queue.push({ v2: input }),
      l2tpv3: (input) => this.#queue.push({ v3: input }),
      pptp: (input) => this.#queue.push({ pptp: input }),
      log: (name, text) => this.#log(name, text),
      fail: (failure) => this.#fail(failure),
    };
  }

  #log(name: LogName, text: string): void {
    this.#effects.push({ do: 'log', message: { name, text } });
  }

  #fail(failure: FailureRecord): void {
    if (this.#configuration.vpdn.historyFailure) {
      this.#parts.failures.record(failure, this.#now, this.epoch + this.#now);
    }
    const { code, type, remedy } = FAILURES[failure.cause];
    const user = failure.user === '' ? '' : ` user ${printable(failure.user)}`;
    const peer = `${printable(failure.remoteName)} (${failure.remoteAddress})`;
    const reason = failure.reason === '' ? '' : `; ${failure.reason}`;
    this.#log(logNameOf(failure), `${code} ${type}: peer ${peer}${user}${reason}; ${remedy}`);
  }
}

type QueuedInput = { readonly v2: EndpointInput } | { readonly v3: V3EndpointInput } | { readonly pptp: PptpInput };

function activityOf({ of, tunnel, heard }: Extract<RouterInput, { on: 'activity' }>): QueuedInput {
  switch (of) {
    case 'l2tp':
      return { v2: { on: 'activity', tunnel, heard } };
    case 'l2tpv3':
      return { v3: { on: 'activity', connection: tunnel, heard } };
    case 'pptp':
      return { pptp: { on: 'activity', connection: tunnel, heard } };
  }
}

function inWords({ subject, why }: Reason): string {
  return `${subject}: ${why}`;
}

function logNameOf({ cause, callId }: FailureRecord): LogName {
  if (cause === 'session-limit') return 'VPDN-MAX_SESS_EXCD';
  if (cause === 'softshut') return 'VPDN-SOFTSHUT';
  if (FAILURES[cause].code.startsWith('AUT-')) return 'VPDN-AUTHENFAIL';
  return callId === 0 ? 'VPDN-TUNNEL_REFUSED' : 'VPDN-CALL_FAILED';
}

/** How long peers have to acknowledge our StopCCN. */
const SHUTDOWN_LIMIT: Millis = 1000;
