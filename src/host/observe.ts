// Joins what the router knows with what the packet path has counted, row by row as they are printed, and keeps what the counters
// stood at when an operator cleared them.

import type { EncryptionCounters, FlowCounters } from '../dataplane/link-counters.ts';
import type { SessionCounters } from '../dataplane/session-table.ts';
import type { MessageCount } from '../l2tp/message-counters.ts';
import { PPTP_CALLS, type TunnelReference } from '../vpdn/events.ts';
import type { TrafficObserver } from '../vpdn/traffic-observer.ts';
import type { DropView, InterfaceView, RouterView, SessionView, TrafficCounters, TrafficRates } from '../vpdn/view.ts';
import type { MppeView, PptpSessionView } from '../vpdn/view-pptp.ts';
import { addedTraffic, type ClearableTraffic, noTraffic } from '../vpdn/view-traffic.ts';
import type { Millis } from '../wire/machine.ts';
import { CounterBaselines } from './counter-baselines.ts';
import type { LinkTraffic } from './link-traffic.ts';

/** What is asked of the packet path. */
export interface TrafficSource {
  counters(localTunnel: number, localSession: number): SessionCounters | undefined;
  /** Of a call of PPTP. */
  flow(localTunnel: number, localSession: number): FlowCounters | undefined;
  /** Of a session that compresses or encrypts. */
  encryption(localTunnel: number, localSession: number): EncryptionCounters | undefined;
  rates(localTunnel: number, localSession: number): TrafficRates | undefined;
  drops(): Readonly<Record<string, number>>;
  /** What stands for the threads of their own that MPPE has, if it has them. */
  readonly mppeCard?: string | undefined;
}

/** What `clear vpdn counters` names: one session by its interface, one tunnel with its sessions, or all. */
export interface VpdnCounters {
  readonly name?: string | undefined;
  readonly tunnel?: number | undefined;
}

type MessageCounts = ReadonlyMap<string, Readonly<MessageCount>>;

export class Observation implements TrafficObserver {
  readonly #source: TrafficSource;
  /** Inputs that the router threw at, by their kind. */
  readonly #faults: ReadonlyMap<string, number>;
  /** Data of sessions that have ended, by tunnel: a tunnel's counters go up only. */
  readonly #ended = new Map<string, TrafficCounters>();
  readonly #tunnels = new CounterBaselines<keyof TrafficCounters>();
  readonly #sessions = new CounterBaselines<keyof TrafficCounters>();
  readonly #interfaces = new CounterBaselines<keyof TrafficCounters | 'inputErrors' | 'outputDrops'>();
  readonly #messages = new CounterBaselines<keyof MessageCount>();
  #messagesClearedAt: Millis | undefined;

  readonly #links: Pick<LinkTraffic, 'observe'> | undefined;

  constructor(source: TrafficSource, faults: ReadonlyMap<string, number>, links?: Pick<LinkTraffic, 'observe'>) {
    this.#source = source;
    this.#faults = faults;
    this.#links = links;
  }

  drops(): DropView[] {
    return [
      ...[...this.#faults].map(([reason, count]): DropView => ({ where: 'vpdn', reason, count })),
      ...Object.entries(this.#source.drops()).map(
        ([reason, count]): DropView => ({ where: 'dataplane', reason, count }),
      ),
    ];
  }

  tunnel(tunnel: TunnelReference, control: TrafficCounters, sessions: readonly number[]): ClearableTraffic {
    const counting = this.tunnelBySession(tunnel, control, sessions);
    for (;;) {
      const { done, value } = counting.next();
      if (done) return value;
    }
  }

  /** One that ends while others have their turn is never counted twice; it is missing this once if its turn had not come. */
  *tunnelBySession(
    tunnel: TunnelReference,
    control: TrafficCounters,
    sessions: readonly number[],
  ): Generator<undefined, ClearableTraffic> {
    const key = tunnelKey(tunnel);
    const lifetime = addedTraffic(control, this.#ended.get(key) ?? noTraffic());
    for (const session of sessions) {
      const counted = this.#source.counters(dataTunnelOf(tunnel), session);
      if (counted !== undefined) add(lifetime, counted);
      yield;
    }
    return this.#clearable(this.#tunnels, key, lifetime);
  }

  pptpSession(row: PptpSessionView): void {
    const counted = this.#source.counters(PPTP_CALLS, row.localId);
    const flow = this.#source.flow(PPTP_CALLS, row.localId);
    if (counted !== undefined) row.counters = trafficOf(counted);
    if (counted !== undefined && flow !== undefined) {
      row.flow.nextSent = flow.nextSent;
      row.flow.lastReceived = Math.max(0, flow.lastReceived);
      row.flow.remoteAcknowledged = Math.max(0, flow.acknowledgedByPeer);
      row.flow.outOfOrder = flow.reordered + counted.outOfOrder;
      row.flow.alarm = flow.alarm;
      row.flow.acknowledgeTimeout = Math.round(flow.acknowledgeTimeout);
    }
    if (this.#sessions.empty) return;
    Object.assign(row, this.#clearable(this.#sessions, keyOf(PPTP_CALLS, row.localId), row.counters));
  }

  session(row: SessionView): void {
    const tunnel = tunnelOf(row);
    const counted = this.#source.counters(tunnel, row.localId);
    if (counted !== undefined) {
      row.counters = trafficOf(counted);
      row.outOfOrderDropped = counted.outOfOrder;
      row.receiveDropped = counted.inputDrops;
      row.sendDropped = counted.outputDrops;
      row.ns = counted.ns;
      row.nr = counted.nr;
    }
    if (this.#sessions.empty) return;
    Object.assign(row, this.#clearable(this.#sessions, keyOf(tunnel, row.localId), row.counters));
  }

  /** Undefined: nothing of the interface's session is encrypted. */
  mppe({ name, sessionId, tunnelId, sessionOf }: InterfaceView): MppeView | undefined {
    if (tunnelId === undefined || sessionId === undefined) return undefined;
    const counted = this.#source.encryption(dataTunnelOf({ of: sessionOf ?? 'l2tp', id: tunnelId }), sessionId);
    if (counted === undefined) return undefined;
    const card = this.#source.mppeCard;
    return mppeView(name, counted, card === undefined ? undefined : { card, flowId: sessionId });
  }

  /** Drops on the way in are input errors, and on the way out output drops: the two places IOS has for them. */
  interface(row: InterfaceView): void {
    this.#links?.observe(row);
    const { sessionId, sessionOf } = row;
    const tunnelId =
      row.tunnelId === undefined ? undefined : dataTunnelOf({ of: sessionOf ?? 'l2tp', id: row.tunnelId });
    // By the call it belongs to: its name may be another's a second later.
    const counted =
      tunnelId === undefined || sessionId === undefined ? undefined : this.#source.counters(tunnelId, sessionId);
    if (counted !== undefined) {
      row.counters = trafficOf(counted);
      row.inputErrors = counted.inputDrops;
      row.outputDrops = counted.outputDrops;
      if (counted.lastInput > 0) row.lastInput = counted.lastInput;
      if (counted.lastOutput > 0) row.lastOutput = counted.lastOutput;
      row.rates = this.#source.rates(tunnelId!, sessionId!);
    }
    const at = this.#interfaces.clearedAt(row.name);
    if (at === undefined) return;
    const { inputErrors, outputDrops, ...counters } = this.#interfaces.since(row.name, countersOf(row));
    Object.assign(row, { counters, inputErrors, outputDrops, clearedAt: at });
  }

  /** Control messages by type, since the last clear of all. */
  messages(counted: MessageCounts): MessageCounts {
    if (this.#messagesClearedAt === undefined) return counted;
    return new Map([...counted].map(([name, count]) => [name, this.#messages.since(name, { ...count })]));
  }

  get messagesClearedAt(): Millis | undefined {
    return this.#messagesClearedAt;
  }

  /** `view` is one that nobody has read yet. */
  clearVpdn(view: RouterView, { name: interfaceName, tunnel }: VpdnCounters, messages: MessageCounts): void {
    const { rows, now } = view;
    if (rows === undefined) return;
    if (interfaceName === undefined && tunnel === undefined) {
      for (const [name, count] of messages) this.#messages.clear(name, { ...count }, now);
      this.#messagesClearedAt = now;
    }
    for (const row of rows.sessions({ interfaceName, tunnelId: tunnel })) {
      this.#sessions.clear(keyOf(tunnelOf(row), row.localId), row.lifetime ?? row.counters, now);
    }
    for (const row of view.pptpSessions ?? []) {
      if (interfaceName !== undefined && row.interfaceName !== interfaceName) continue;
      if (tunnel !== undefined && row.tunnelId !== tunnel) continue;
      this.#sessions.clear(keyOf(PPTP_CALLS, row.localId), row.lifetime ?? row.counters, now);
    }
    if (interfaceName !== undefined) return;
    for (const row of rows.tunnels({ id: tunnel })) {
      const of = row.transport === undefined ? 'l2tp' : 'l2tpv3';
      this.#tunnels.clear(tunnelKey({ of, id: row.localId }), row.lifetime ?? row.counters, now);
    }
    for (const row of view.pptpTunnels ?? []) {
      if (tunnel !== undefined && row.localId !== tunnel) continue;
      this.#tunnels.clear(tunnelKey({ of: 'pptp', id: row.localId }), row.lifetime ?? row.counters, now);
    }
  }

  /** The rows of `view` are made here, with nothing taken off: nobody may have read it yet. False: there is no such interface. */
  clearInterfaces(view: RouterView, name: string | undefined): boolean {
    for (const key of name === undefined ? [...this.#interfaces.keys()] : [name]) this.#interfaces.forget(key);
    const wanted = view.interfaces.filter((row) => name === undefined || row.name === name);
    for (const row of wanted) this.#interfaces.clear(row.name, countersOf(row), view.now);
    return name === undefined || wanted.length > 0;
  }

  /** Before the packet path forgets it. */
  sessionClosing(tunnel: number, session: number, interfaceName: string | undefined, owner?: TunnelReference): void {
    const counted = this.#source.counters(tunnel, session);
    if (counted !== undefined && owner !== undefined) {
      const ended = this.#ended.get(tunnelKey(owner)) ?? noTraffic();
      add(ended, counted);
      this.#ended.set(tunnelKey(owner), ended);
    }
    this.#sessions.forget(keyOf(tunnel, session));
    if (interfaceName === undefined) return;
    if (interfaceName.startsWith('Virtual-Access')) this.#interfaces.forget(interfaceName);
    else this.#interfaces.restart(interfaceName);
  }

  /** To be called now and then, sooner than a tunnel's number is given out again. */
  forgetTunnels(exists: (tunnel: TunnelReference) => boolean): void {
    for (const key of this.#ended.keys()) if (!exists(tunnelAt(key))) this.#ended.delete(key);
    for (const key of this.#tunnels.keys()) if (!exists(tunnelAt(key))) this.#tunnels.forget(key);
  }

  #clearable(
    baselines: CounterBaselines<keyof TrafficCounters>,
    key: string,
    lifetime: TrafficCounters,
  ): ClearableTraffic {
    const clearedAt = baselines.clearedAt(key);
    if (clearedAt === undefined) return { counters: lifetime };
    return { counters: baselines.since(key, lifetime), lifetime, clearedAt };
  }
}

/** As the packet path has it: a session of L2TPv3 is in no tunnel of its (RFC 3931 §4.1). */
function tunnelOf({ pseudowire, tunnelId }: SessionView): number {
  return pseudowire === undefined ? tunnelId : 0;
}

/** The same of a tunnel's sessions. */
function dataTunnelOf({ of, id }: TunnelReference): number {
  return of === 'l2tp' ? id : of === 'pptp' ? PPTP_CALLS : 0;
}

function tunnelKey({ of, id }: TunnelReference): string {
  return `${of} ${id}`;
}

function tunnelAt(key: string): TunnelReference {
  const [of = 'l2tp', id] = key.split(' ');
  return { of: of as TunnelReference['of'], id: Number(id) };
}

function keyOf(tunnel: number, session: number): string {
  return `${tunnel} ${session}`;
}

/** MPPC alone encrypts nothing. */
function mppeView(
  interfaceName: string,
  counted: EncryptionCounters,
  hardware: MppeView['hardware'],
): MppeView | undefined {
  const form = [counted.send, counted.receive].find((each) => each !== undefined && each.bits > 0);
  if (form === undefined) return undefined;
  return {
    interfaceName,
    ...(hardware && { hardware }),
    bits: form.bits as MppeView['bits'],
    stateful: form.stateful,
    packetsEncrypted: counted.sealed,
    packetsDecrypted: counted.opened,
    resetsSent: counted.losses,
    resetsReceived: counted.flushes,
    nextSentCoherency: counted.nextSentCoherency,
    nextReceivedCoherency: counted.nextReceivedCoherency,
    sentKeyChanges: counted.sentKeyChanges,
    receivedKeyChanges: counted.receivedKeyChanges,
    receivedDropped: counted.dropped,
    receivedOutOfOrder: counted.outOfOrder,
    receivedMissed: counted.missed,
  };
}

function add(total: TrafficCounters, counted: SessionCounters): void {
  total.packetsSent += counted.packetsOut;
  total.packetsReceived += counted.packetsIn;
  total.octetsSent += counted.octetsOut;
  total.octetsReceived += counted.octetsIn;
}

function trafficOf(counted: SessionCounters): TrafficCounters {
  return {
    packetsSent: counted.packetsOut,
    packetsReceived: counted.packetsIn,
    octetsSent: counted.octetsOut,
    octetsReceived: counted.octetsIn,
  };
}

function countersOf({ counters, inputErrors, outputDrops }: InterfaceView) {
  return { ...counters, inputErrors, outputDrops };
}
