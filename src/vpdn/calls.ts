// All calls of the router, by tunnel and session: who may come in, which interface each gets, and what is left when it ends.

import { CdnResult } from '../l2tp/end.ts';
import type { EndpointEffect } from '../l2tp/events.ts';
import type { LinkInput } from '../ppp/events.ts';
import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import type { AddressVerdict } from './address-assignment.ts';
import type { Addresses } from './addresses.ts';
import { type Admission, Admissions } from './admission.ts';
import { Call } from './call.ts';
import type { CallHost } from './call-host.ts';
import type { CallPlace, SessionEnds } from './call-place.ts';
import { v2Carrier, v3Carrier } from './carrier.ts';
import { Circuit, type CircuitHost } from './circuit.ts';
import type { Interface } from './configuration-interface.ts';
import type { VpdnGroup } from './configuration-vpdn.ts';
import type { Connections } from './connections.ts';
import type { Context } from './context.ts';
import { isCircuit } from './cross-connects.ts';
import type { RouterInput } from './events.ts';
import type { CallEnd, FailureCause } from './failure.ts';
import { InterfaceNumbers } from './interface-numbers.ts';
import type { Interfaces } from './interfaces.ts';
import type { ManualSession } from './manual-sessions.ts';
import { PathMtus } from './path-mtus.ts';
import { PppStatistics } from './ppp-statistics.ts';
import type { PptpConnections } from './pptp-connections.ts';
import type { Neighbor, Routing } from './routing.ts';
import { closeTunnel, tunnelOf } from './tunnel-of.ts';
import type { Tunnel, Tunnels } from './tunnels.ts';
import type { Octets } from './units.ts';
import { groupInForce } from './vpdn-template.ts';

export interface CallNeighborhood {
  readonly interfaces: Interfaces;
  readonly routing: Routing;
  readonly addresses: Addresses;
  readonly tunnels: Tunnels;
  readonly connections: Connections;
  readonly pptpConnections: PptpConnections;
}

/** What became of the call of an interface that dials; `cause`: whose failure its end is. */
type ClientChanged = (interfaceName: string, up: boolean, cause?: FailureCause) => void;

export class Calls implements CallHost, CircuitHost {
  #traced = false;
  readonly #context: Context;
  readonly #near: CallNeighborhood;
  /** A Virtual-PPP interface came up or is over. */
  readonly #clientChanged: ClientChanged;
  readonly #calls = new Map<number, Call | Circuit>();
  readonly #byInterface = new Map<string, Call | Circuit>();
  readonly #numbers = new InterfaceNumbers();
  readonly #admissions = new Admissions();
  readonly #touched = new Set<number>();
  #uniqueIds = 0;
  /** Drops of links that are gone, by reason. */
  readonly endedDrops = new Map<string, number>();
  readonly statistics = new PppStatistics();
  readonly pathMtus = new PathMtus();
  /** Virtual-Access interfaces that were made, and how many of them are gone (C166). */
  readonly cloned = { created: 0, freed: 0 };

  constructor(context: Context, near: CallNeighborhood, clientChanged: ClientChanged) {
    this.#context = context;
    this.#near = near;
    this.#clientChanged = clientChanged;
  }

  get traced(): boolean {
    return this.#traced;
  }

  set traced(traced: boolean) {
    this.#traced = traced;
    for (const { link } of this.#calls.values()) if (link !== undefined) link.traced = traced;
  }

  get(tunnel: number, session: number): Call | Circuit | undefined {
    return this.#calls.get(keyOf(tunnel, session));
  }

  /** The highest number that a Virtual-Access interface ever had. */
  get highestAccess(): number {
    return this.#numbers.highest;
  }

  onInterface(name: string): Call | Circuit | undefined {
    return this.#byInterface.get(name);
  }

  all(): IterableIterator<Call | Circuit> {
    return this.#calls.values();
  }

  /** The calls handled since this was asked last, with their deadlines: `Infinity` for one that is gone. */
  *takeTouched(): Generator<[number, Millis]> {
    for (const key of this.#touched) yield [key, this.#calls.get(key)?.deadline ?? Number.POSITIVE_INFINITY];
    this.#touched.clear();
  }

  /** LNS: an ICRQ. Accepted, or refused with the reason in the history. */
  requested(effect: Extract<EndpointEffect, { do: 'call-requested' }>): void {
    const { tunnel: id, session, request } = effect;
    const tunnel = this.#near.tunnels.get(id);
    if (tunnel === undefined) return this.#clear(id, session, 'refused');
    const carrier = v2Carrier(this.#context, id, session);
    const { callSerialNumber } = request;
    const answer = this.answer(tunnel, { tunnel: id, session, carrier, callSerialNumber });
    if (!answer.admitted) return this.#refuse(tunnel, session, answer.cause, answer.reason);
    const { call, group } = answer;
    call.admitted({ ...effect, sequencing: false });
    const { sequencing = false } = groupInForce(this.#context.configuration, group).l2tp;
    this.#context.l2tp({ on: 'accept-call', tunnel: id, session, sequencing });
  }

  /** A caller gets an interface of its own, cloned from the template of its group; or there is a reason why not. */
  answer(
    tunnel: Tunnel,
    ids: Pick<CallPlace, 'tunnel' | 'session' | 'connection' | 'carrier' | 'callSerialNumber'>,
  ): (Admission & { admitted: false }) | (Admission & { admitted: true; call: Call | Circuit }) {
    const { configuration } = this.#context;
    const admission = this.#admissions.judge(configuration, tunnel.group, this.#calls.size);
    if (!admission.admitted) return admission;
    const { group, subject } = admission;
    this.#admissions.add(group);
    this.cloned.created++;
    const interfaceName = `Virtual-Access${this.#numbers.take()}`;
    const discoverMtu = this.#discovery(group);
    const call = this.#add(tunnel, { ...ids, role: 'lns', answered: true, interfaceName, subject, discoverMtu });
    return { ...admission, call };
  }

  /** LAC: our ICRQ went out; `subject` is the Virtual-PPP interface it is for. */
  placed(
    { tunnel: id, session }: Extract<EndpointEffect, { do: 'call-opening' }>,
    subject: { readonly interface: Interface; readonly callSerialNumber: number } | undefined,
  ): void {
    const tunnel = this.#near.tunnels.get(id);
    if (tunnel === undefined || subject === undefined) return this.#clear(id, session, 'closed');
    const carrier = v2Carrier(this.#context, id, session);
    this.place(tunnel, { answered: false, tunnel: id, session, carrier }, subject);
  }

  /** A session of L2TPv3 for a Virtual-PPP interface or an xconnect: one we asked for, or one the peer did. */
  pseudowire(
    connection: Tunnel,
    session: number,
    answered: boolean,
    subject: { readonly interface: Interface; readonly callSerialNumber: number },
  ): void {
    const carrier = v3Carrier(this.#context, session);
    const ids = { tunnel: 0, session, connection: connection.id };
    this.place(connection, { ...ids, answered, carrier }, subject);
  }

  /** A session without signaling: it stands from the start, and there is no connection it is in. */
  unsignalled({ interfaceName, localSession, peerSession, path, data }: ManualSession, subject: Interface): void {
    const [session, localName] = [localSession, this.#context.configuration.hostname];
    this.#add(
      { remoteName: '', localName, sessions: new Set() },
      {
        ...{ role: 'lac', tunnel: 0, session, interfaceName, subject, callSerialNumber: 0 },
        carrier: v3Carrier(this.#context, session),
        // Nobody has asked anybody: the two ends take the two parts by what they have not in common.
        answered: localSession > peerSession,
      },
    );
    const sequencing = data.sendSequencing;
    this.established(session, { peerTunnel: 0, peerSession, path, sequencing, v3: data }, true);
  }

  /** One that we dialled, or whose interface waits for the peer's. */
  place(
    tunnel: Tunnel,
    ids: Pick<CallPlace, 'tunnel' | 'session' | 'connection' | 'answered' | 'carrier'>,
    { interface: subject, callSerialNumber }: { readonly interface: Interface; readonly callSerialNumber: number },
  ): void {
    const { configuration } = this.#context;
    const pwClass = configuration.pseudowireClasses.get(subject.pseudowire?.pseudowireClass ?? '');
    // A client of PPTP has its vpdn-group in the place of a class.
    const group = configuration.vpdnGroups.get(subject.kind === 'Dialer' ? (tunnel.group ?? '') : '');
    const discoverMtu = group === undefined ? pwClass?.pmtu : this.#discovery(group);
    this.#add(tunnel, { ...ids, role: 'lac', interfaceName: subject.name, subject, callSerialNumber, discoverMtu });
  }

  /** `ip pmtu` of a vpdn-group. */
  #discovery(group: VpdnGroup): CallPlace['discoverMtu'] {
    return groupInForce(this.#context.configuration, group).outer.pmtu === true ? {} : undefined;
  }

  /** The packet path of a session that the peer may fill at any moment. */
  admitted(session: number, where: SessionEnds): void {
    this.#touch(0, session)?.admitted(where);
  }

  established(session: number, where: SessionEnds, circuitActive: boolean): void {
    this.#touch(0, session)?.connected(where, circuitActive);
  }

  circuit(session: number, active: boolean): void {
    this.#touch(0, session)?.circuit(active);
  }

  up(effect: SessionEnds & { readonly tunnel: number; readonly session: number }): void {
    this.#touch(effect.tunnel, effect.session)?.connected(effect);
  }

  frame(tunnel: number, session: number, frame: Uint8Array): void {
    this.#touch(tunnel, session)?.frame(frame);
  }

  /** What the packet path found out about the link of a call. */
  hear(tunnel: number, session: number, input: LinkInput): void {
    const call = this.#touch(tunnel, session);
    if (call instanceof Call) call.hear(input);
  }

  flowAlarm(tunnel: number, session: number): void {
    const call = this.#touch(tunnel, session);
    if (call instanceof Call) call.flowAlarm();
  }

  sequencing(tunnel: number, session: number, enabled: boolean): void {
    this.#touch(tunnel, session)?.sequencing(enabled);
  }

  secretChecked(answer: Extract<RouterInput, { on: 'secret-checked' }>): void {
    const call = this.#touch(answer.tunnel, answer.session);
    if (call instanceof Call) call.secretChecked(answer);
  }

  down(tunnel: number, session: number, end: CallEnd): void {
    this.#touch(tunnel, session)?.disconnected(end);
  }

  hangUp(call: Call | Circuit, message: string, cause?: FailureCause): void {
    this.#touch(call.place.tunnel, call.place.session)?.hangUp(message, cause);
  }

  /** By an operator. */
  clear(call: Call | Circuit, message: string): void {
    this.#touch(call.place.tunnel, call.place.session)?.clear(message);
  }

  handleTimeout(key: number): void {
    this.#touched.add(key);
    const call = this.#calls.get(key);
    if (call instanceof Call) call.handleTimeout();
  }

  /** After anything that a link, a `shutdown` or an MTU may have changed. */
  refreshCircuits(): void {
    for (const call of this.#calls.values()) if (call instanceof Circuit) call.refresh();
  }

  // What calls and circuits ask of us.

  circuitOf(interfaceName: string): { readonly up: boolean; readonly mtu: Octets } {
    return this.#near.interfaces.circuitOf(interfaceName);
  }

  circuitEstablished({ place }: Circuit): void {
    this.#clientChanged(place.interfaceName, true);
  }

  localAddressOf(subject: Interface): string | undefined {
    return this.#near.interfaces.localAddressOf(subject);
  }

  outerMtuOf(localAddress: string): Octets {
    return this.#near.interfaces.outerMtuOf(localAddress);
  }

  pathMtuOf(path: Path, discoverMtu: CallPlace['discoverMtu']): Octets {
    const wire = this.outerMtuOf(path.localAddress);
    return discoverMtu === undefined ? wire : Math.min(wire, discoverMtu.max ?? wire, this.pathMtus.of(path) ?? wire);
  }

  /** RFC 1191 §3: what ICMP says of the way to a peer is for all sessions that take it. */
  pathMtuChanged(input: Extract<RouterInput, { on: 'path-mtu' }>): void {
    if (!this.pathMtus.learn(input)) return;
    for (const call of this.#calls.values()) {
      if (call instanceof Call && this.pathMtus.concerns(input, call.data)) call.pathMtuChanged();
    }
  }

  assignAddress(call: Call, username: string): AddressVerdict {
    return this.#near.addresses.assign(call, username);
  }

  releaseAddress(call: Call): void {
    this.#near.addresses.release(call);
  }

  /** A client's peer is its server, which may be that of other interfaces too: only callers own addresses. */
  claimAddress(call: Call, address: string): boolean {
    if (call.place.role === 'lac') return true;
    const { granted, replaced } = this.#near.addresses.claim(call, address);
    if (replaced !== undefined) this.hangUp(replaced, 'replaced by a new call of the same user');
    return granted;
  }

  networkUp(call: Call, neighbor: Neighbor): void {
    const { subject, interfaceName, role } = call.place;
    if (subject.address?.kind === 'negotiated') this.#near.interfaces.setNegotiated(interfaceName, neighbor.source);
    this.#near.routing.neighborUp(neighbor);
    if (role === 'lac') this.#clientChanged(interfaceName, true);
  }

  networkChanged(before: Neighbor, after: Neighbor): void {
    this.#near.routing.neighborChanged(before, after);
  }

  networkDown(call: Call, neighbor: Neighbor): void {
    this.#near.routing.neighborDown(neighbor);
    this.#near.addresses.disown(call, neighbor.address);
    if (call.place.role === 'lac') this.#near.interfaces.setNegotiated(call.place.interfaceName, undefined);
  }

  ended(call: Call | Circuit, cause: FailureCause | undefined): void {
    for (const [reason, count] of call.drops) this.endedDrops.set(reason, (this.endedDrops.get(reason) ?? 0) + count);
    const { tunnel: id, session, role, interfaceName } = call.place;
    this.#calls.delete(keyOf(id, session));
    if (this.#byInterface.get(interfaceName) === call) this.#byInterface.delete(interfaceName);
    const tunnel = tunnelOf(call.place, this.#near);
    tunnel?.sessions.delete(session);
    if (role === 'lns') {
      this.cloned.freed++;
      this.#numbers.free(Number(interfaceName.slice('Virtual-Access'.length)));
      this.#admissions.remove(tunnel?.group);
      return;
    }
    // A link whose echoes went unanswered hints at a dead peer: the next attempt is not to wait for its tunnel.
    if (cause === 'keepalive' && tunnel?.sessions.size === 0) {
      closeTunnel(tunnel, this.#near, 'general', 'keepalive failure');
    }
    // One that took its time to say goodbye leaves the next in peace.
    if (!this.#byInterface.has(interfaceName)) this.#clientChanged(interfaceName, false, cause);
  }

  #add(
    tunnel: Pick<Tunnel, 'remoteName' | 'localName' | 'sessions'>,
    particulars: Omit<CallPlace, 'remoteName' | 'localName' | 'uniqueId'>,
  ): Call | Circuit {
    const { remoteName, localName } = tunnel;
    const place = { ...particulars, remoteName, localName, uniqueId: ++this.#uniqueIds };
    const call = isCircuit(place.subject)
      ? new Circuit(place, this.#context, this)
      : new Call(place, this.#context, this);
    this.#calls.set(keyOf(place.tunnel, place.session), call);
    this.#byInterface.set(place.interfaceName, call);
    tunnel.sessions.add(place.session);
    return call;
  }

  #touch(tunnel: number, session: number): Call | Circuit | undefined {
    const key = keyOf(tunnel, session);
    this.#touched.add(key);
    return this.#calls.get(key);
  }

  #refuse(tunnel: Tunnel, session: number, cause: FailureCause, reason: string): void {
    this.#clear(tunnel.id, session, cause);
    this.#context.fail({
      cause,
      user: '',
      remoteName: printable(tunnel.remoteName),
      remoteAddress: tunnel.path.peerAddress,
      localName: tunnel.localName,
      localAddress: tunnel.path.localAddress,
      callId: session,
      locallyInitiated: false,
      reason,
    });
  }

  /** CDN result 4: no appropriate facilities now. */
  #clear(tunnel: number, session: number, cause: string): void {
    const message = cause.replaceAll('-', ' ');
    this.#context.l2tp({ on: 'close-call', tunnel, session, resultCode: CdnResult.NoFacilitiesNow, message });
  }
}

/** No tunnel of L2TPv2 has the id 0: sessions of L2TPv3 have the numbers above all of theirs, and those of `PPTP_CALLS`. */
function keyOf(tunnel: number, session: number): number {
  return (tunnel === 0 ? 0x2_0000_0000 : tunnel * 0x1_0000) + session;
}
