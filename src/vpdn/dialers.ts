// The clients of all Virtual-PPP, xconnect and Dialer interfaces: which have all they need to dial, and by which tunnel each is served.

import type { SessionPath, SessionSettings } from '../l2tp/v3/events.ts';
import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import { earliest } from '../wire/machine.ts';
import { NO_LOCAL_ADDRESS } from './address-family.ts';
import type { Calls } from './calls.ts';
import type { Interface } from './configuration-interface.ts';
import { type Connections, type ConnectionWish, pathOf } from './connections.ts';
import type { Context } from './context.ts';
import { framesOf, isCircuit, isCircuitUp, pseudowireTypeOf, wireOf } from './cross-connects.ts';
import { connectionWish, difference, mayFallBack, type Target, wishOf } from './dial-target.ts';
import { Dialer, type DialerInput } from './dialer.ts';
import type { V3Data } from './events.ts';
import type { FailureCause } from './failure.ts';
import type { Interfaces, Prospect } from './interfaces.ts';
import type { ManualSessions } from './manual-sessions.ts';
import type { PptpConnections } from './pptp-connections.ts';
import { isVcid, type ManualValues, manualDataOf, pairOf, sessionSettings, v3DataOf } from './pseudowires.ts';
import type { Tunnel, Tunnels } from './tunnels.ts';
import type { Octets } from './units.ts';
import { dials, Wires } from './wires.ts';

interface Neighborhood {
  readonly interfaces: Interfaces;
  readonly tunnels: Tunnels;
  readonly connections: Connections;
  readonly pptpConnections: PptpConnections;
  readonly manual: ManualSessions;
  readonly calls: Calls;
}

export class Dialers {
  readonly #context: Context;
  readonly #near: Neighborhood;
  readonly #dialers = new Map<string, Dialer>();
  /** What those that can dial, or did, dial with. */
  readonly #targets = new Map<string, Target>();
  /** Those whose peer left an SCCRQ of L2TPv3 unanswered: the attempt at hand is one of L2TPv2. */
  readonly #fellBack = new Set<string>();
  /** Where each leads to, from its lines. */
  readonly wires: Wires;
  /** When to say that something is missing: not before Linux had a moment to tell of its links. */
  readonly #complaints = new Map<string, Millis>();
  /** The Call Serial Number of the attempt each is making. */
  readonly #serials = new Map<string, number>();
  #lastSerial = 0;
  #stopped = false;

  constructor(context: Context, near: Neighborhood) {
    this.#context = context;
    this.#near = near;
    this.wires = new Wires(context, near.interfaces, (name) => {
      return near.calls.onInterface(name) === undefined ? undefined : this.#targets.get(name);
    });
  }

  get deadline(): Millis {
    return Math.min(earliest(this.#dialers.values()), ...this.#complaints.values());
  }

  get(interfaceName: string): Dialer | undefined {
    return this.#dialers.get(interfaceName);
  }

  handleTimeout(): void {
    for (const dialer of this.#dialers.values()) {
      if (dialer.handleTimeout(this.#context.now).length > 0) this.#dial(dialer);
    }
    for (const [name, time] of this.#complaints) if (time <= this.#context.now) this.#complain(name);
  }

  /** After any change of configuration, address or device: who can dial now, and who no longer. */
  evaluate(): void {
    if (this.#stopped) return;
    const { interfaces } = this.#context.configuration;
    for (const name of this.#dialers.keys()) {
      if (!dials(interfaces.get(name))) this.#retire(name);
    }
    for (const subject of interfaces.values()) {
      if (dials(subject)) this.#evaluateOne(subject);
    }
  }

  /** Why the call on an interface would end under `at`; undefined: it would go on. */
  endOf(interfaceName: string, at: Prospect): string | undefined {
    const subject = at.configuration.interfaces.get(interfaceName);
    if (!dials(subject)) return 'removed';
    const target = this.wires.target(subject, at);
    if (typeof target === 'string') return target;
    const before = this.#targets.get(interfaceName);
    return before === undefined ? undefined : difference(before, target);
  }

  source(peer: string, address: string | undefined): void {
    this.wires.answer(peer, address);
    for (const [name, dialer] of this.#dialers) {
      const waits = wireOf(this.#context.configuration.interfaces.get(name))?.peer === peer;
      if (!waits) continue;
      if (address === undefined) dialer.missing = `no route to ${peer}`;
      else this.evaluate();
    }
  }

  tunnelReady(tunnel: Tunnel, waiting: readonly string[]): void {
    for (const reference of waiting) {
      const call = this.#nextCall(reference);
      const sequencing = this.#targets.get(reference)?.sequencing !== undefined;
      this.#context.l2tp({ on: 'open-call', tunnel: tunnel.id, reference, call: { ...call, sequencing } });
    }
  }

  pptpConnectionReady(connection: Tunnel, waiting: readonly string[]): void {
    for (const reference of waiting) {
      const { callSerialNumber } = this.#nextCall(reference);
      const call = { kind: 'outgoing', callSerialNumber: callSerialNumber & 0xffff } as const;
      this.#context.pptp({ on: 'open-call', connection: connection.id, reference, call });
    }
  }

  connectionReady(connection: Tunnel, waiting: readonly string[]): void {
    for (const reference of waiting) {
      // The peer may have been the first to ask.
      if (this.#near.calls.onInterface(reference) !== undefined) continue;
      const target = this.#targets.get(reference);
      if (target?.v3?.manual !== undefined) {
        this.#openManual(reference, target, target.v3.manual);
        continue;
      }
      const session = this.#sessionSettings(reference);
      if (session === undefined) continue;
      this.#context.l2tpv3({ on: 'open-session', connection: connection.id, reference, session });
    }
  }

  /** RFC 3931 §4.7.3: a peer that does not answer may be one of L2TPv2. */
  connectionFailed(waiting: readonly string[], unanswered: boolean): void {
    const { l2tpClasses } = this.#context.configuration;
    this.ended(waiting);
    for (const name of unanswered ? waiting : []) {
      const target = this.#targets.get(name);
      if (target === undefined || !mayFallBack(target, l2tpClasses.get(target.l2tpClass))) continue;
      this.#fellBack.add(name);
      this.#context.log('VPDN-FALLBACK', `${name}: no answer to L2TPv3 from ${target.peer}, falling back to L2TPv2`);
    }
  }

  /** A connection stands that we did not dial. */
  peerThere(path: Path): void {
    for (const [name, target] of this.#targets) {
      const wish = wishOf(target);
      if (wish === undefined || pairOf(pathOf(wish)) !== pairOf(path)) continue;
      this.#fellBack.delete(name);
      this.#tell(name, { on: 'peer-there' });
    }
  }

  /** A session without signaling that goes by the connection ends with it (C054). */
  connectionLost(path: Path): void {
    for (const [name, target] of this.#targets) {
      const call = this.#near.calls.onInterface(name);
      if (call === undefined || target.v3?.manual?.hello === undefined) continue;
      if (pairOf(pathOf(connectionWish(target)!)) !== pairOf(path)) continue;
      this.#near.calls.hangUp(call, 'the control connection that watches the peer is gone');
    }
  }

  /** What the first pseudowire to this peer wants of its connection (R-050: the others want the same). */
  wishFor(path: Path): ConnectionWish | undefined {
    for (const target of this.#targets.values()) {
      const wish = wishOf(target);
      if (wish !== undefined && pairOf(pathOf(wish)) === pairOf(path)) return wish;
    }
    return undefined;
  }

  /** The pseudowire that a session of the peer is for. */
  namedBy(path: Path, remoteEndId: Uint8Array): string | undefined {
    for (const [name, target] of this.#targets) {
      const wish = wishOf(target);
      if (wish === undefined || wish.watches || pairOf(pathOf(wish)) !== pairOf(path)) continue;
      if (isVcid(remoteEndId, target.vcid)) return name;
    }
    return undefined;
  }

  /** The peer asked first: dialling is over, and this is how we want the session. */
  answer(interfaceName: string): SessionSettings | undefined {
    this.#near.connections.unwant(interfaceName);
    this.#near.tunnels.unwant(interfaceName);
    this.#tell(interfaceName, { on: 'answered' });
    return this.#sessionSettings(interfaceName);
  }

  /** What its pseudowire carries (RFC 3931 §5.4.4). */
  typeOf(interfaceName: string): number | undefined {
    const subject = this.#context.configuration.interfaces.get(interfaceName);
    return subject && pseudowireTypeOf(subject);
  }

  /** Of frames that the two ends join as they are: then it has to be the same at both. */
  mtuOf(interfaceName: string): Octets | undefined {
    const subject = this.#context.configuration.interfaces.get(interfaceName);
    return isCircuit(subject) ? this.#near.interfaces.circuitOf(interfaceName).mtu : undefined;
  }

  /** How the packet path carries a session that stands. */
  v3DataOf(interfaceName: string, carries: SessionPath): V3Data {
    const { configuration } = this.#context;
    const subject = configuration.interfaces.get(interfaceName);
    const { pseudowireClass = '' } = wireOf(subject) ?? {};
    const sequencing = this.#targets.get(interfaceName)?.sequencing;
    const pwClass = configuration.pseudowireClasses.get(pseudowireClass);
    return v3DataOf(carries, pwClass, sequencing, framesOf(subject, this.#near.interfaces.inForce));
  }

  #sessionSettings(interfaceName: string): SessionSettings | undefined {
    const { interfaces, l2tpClasses } = this.#context.configuration;
    const target = this.#targets.get(interfaceName);
    const subject = interfaces.get(interfaceName);
    if (target === undefined || subject === undefined) return undefined;
    const interfaceMtu = this.mtuOf(interfaceName);
    return sessionSettings(l2tpClasses.get(target.l2tpClass), target, {
      ...(interfaceMtu !== undefined && { interfaceMtu }),
      pseudowireType: pseudowireTypeOf(subject),
      circuitActive: !isCircuit(subject) || isCircuitUp(interfaceName, this.#near.interfaces.inForce),
      ...this.#nextCall(interfaceName),
    });
  }

  #nextCall(interfaceName: string): { readonly callSerialNumber: number; readonly connectSpeed: number } {
    const callSerialNumber = ++this.#lastSerial;
    this.#serials.set(interfaceName, callSerialNumber);
    return { callSerialNumber, connectSpeed: CONNECT_SPEED };
  }

  subjectOf(interfaceName: string): { readonly interface: Interface; readonly callSerialNumber: number } | undefined {
    const subject = this.#context.configuration.interfaces.get(interfaceName);
    const wanted = this.#dialers.get(interfaceName)?.state === 'dialling';
    const callSerialNumber = this.#serials.get(interfaceName) ?? 0;
    return wanted && subject !== undefined ? { interface: subject, callSerialNumber } : undefined;
  }

  connected(interfaceName: string): void {
    this.#tell(interfaceName, { on: 'connected' });
  }

  ended(interfaceNames: readonly string[], cause?: FailureCause): void {
    for (const name of interfaceNames) {
      this.#fellBack.delete(name);
      // Without signaling nothing tells that the peer is back: after silence, which took its time, PPP asks again at once.
      const isSilence = cause === 'lcp-timeout' || cause === 'keepalive';
      const dialer = isSilence && this.#targets.get(name)?.v3?.manual ? this.#dialers.get(name) : undefined;
      if (dialer !== undefined) dialer.attempts = 0;
      this.#tell(name, { on: this.#maySwitch(name) ? 'failed-here' : 'ended' });
    }
  }

  /** A server failed, and its vpdn-group has another one that has not. */
  #maySwitch(name: string): boolean {
    const group = this.#context.configuration.vpdnGroups.get(this.#targets.get(name)?.pptpGroup ?? '');
    const isAttempt = this.#dialers.get(name)?.state === 'dialling';
    const may = group !== undefined && isAttempt && this.wires.servers.hasNext(name, group);
    if (!may) this.wires.servers.restart(name);
    return may;
  }

  stop(): void {
    this.#stopped = true;
    for (const name of this.#dialers.keys()) this.#tell(name, { on: 'not-ready', reason: 'shutting down' });
  }

  #evaluateOne(subject: Interface): void {
    let dialer = this.#dialers.get(subject.name);
    if (dialer === undefined) {
      dialer = new Dialer(subject.name, this.#context.entropy);
      this.#dialers.set(subject.name, dialer);
    }
    const target = this.wires.target(subject, this.#near.interfaces.inForce);
    if (typeof target === 'string') {
      if (dialer.missing !== target) this.#complaints.set(subject.name, this.#context.now + PATIENCE);
      return this.#giveUp(subject.name, target);
    }
    this.#complaints.delete(subject.name);
    const before = this.#targets.get(subject.name);
    const changed = before === undefined ? undefined : difference(before, target);
    if (changed !== undefined) this.#giveUp(subject.name, changed);
    this.#targets.set(subject.name, target);
    const wish = before === undefined || changed !== undefined ? connectionWish(target) : undefined;
    if (wish !== undefined) this.#context.emit({ do: 'listen', path: pathOf(wish) });
    if (dialer.handle({ on: 'ready' }, this.#context.now).length > 0) this.#dial(dialer);
  }

  #complain(name: string): void {
    this.#complaints.delete(name);
    const missing = this.#dialers.get(name)?.missing ?? '';
    const subject = this.#context.configuration.interfaces.get(name);
    if (subject === undefined || subject.shutdown) return;
    this.#context.log('VPDN-CONFIG_WARN', `${name} does not dial: ${missing}`);
    if (missing.startsWith(NO_LOCAL_ADDRESS)) this.#fail(name, 'no-local-address', '', missing);
  }

  #dial(dialer: Dialer): void {
    const target = this.#targets.get(dialer.interfaceName);
    if (target === undefined) return;
    const { peer, localAddress, l2tpClass } = target;
    const wish = this.#fellBack.has(dialer.interfaceName) ? undefined : wishOf(target);
    const manual = target.v3?.manual;
    if (manual !== undefined && manual.hello === undefined) {
      return this.#openManual(dialer.interfaceName, target, manual);
    }
    const { tunnels, connections } = this.#near;
    if (target.pptpGroup !== undefined) return this.#dialServer(dialer.interfaceName, target, target.pptpGroup);
    const failure =
      wish === undefined
        ? tunnels.want(dialer.interfaceName, localAddress, peer, l2tpClass)
        : connections.want(dialer.interfaceName, wish);
    if (failure === undefined) return;
    this.#fail(dialer.interfaceName, failure, localAddress, `${dialer.interfaceName} names l2tp-class ${l2tpClass}`);
    dialer.handle({ on: 'ended' }, this.#context.now);
  }

  #dialServer(interfaceName: string, target: Target, groupName: string): void {
    const { pptpConnections } = this.#near;
    const group = this.#context.configuration.vpdnGroups.get(groupName);
    const peer = group && this.wires.servers.next(interfaceName, group, (address) => pptpConnections.countTo(address));
    if (peer !== undefined) {
      this.#targets.set(interfaceName, { ...target, peer });
      return pptpConnections.want(interfaceName, target.localAddress, peer, groupName);
    }
    const reason = `no server of vpdn-group ${groupName} has room for ${interfaceName}`;
    this.#fail(interfaceName, 'session-limit', target.localAddress, reason);
    this.ended([interfaceName]);
  }

  #openManual(interfaceName: string, target: Target, values: ManualValues): void {
    const { configuration } = this.#context;
    const { manual, calls } = this.#near;
    const subject = configuration.interfaces.get(interfaceName)!;
    const { localSession, peerSession } = values;
    const other = calls.get(0, localSession);
    if (other !== undefined) {
      // Its own, saying goodbye, is gone in a moment.
      if (other.place.interfaceName === interfaceName) return this.ended([interfaceName]);
      this.#fail(interfaceName, 'pseudowire-busy', target.localAddress, `session id ${localSession} is in use`);
      return this.ended([interfaceName]);
    }
    const pwClass = configuration.pseudowireClasses.get(wireOf(subject)?.pseudowireClass ?? '');
    const data = manualDataOf(values, pwClass, target.sequencing, framesOf(subject, this.#near.interfaces.inForce));
    const session = { interfaceName, localSession, peerSession, path: pathOf(connectionWish(target)!), data };
    manual.open(session);
    calls.unsignalled(session, subject);
  }

  #fail(interfaceName: string, cause: FailureCause, localAddress: string, reason: string): void {
    const { configuration } = this.#context;
    const peer =
      this.#targets.get(interfaceName)?.peer ?? wireOf(configuration.interfaces.get(interfaceName))?.peer ?? '';
    const localName = configuration.hostname;
    this.#context.fail({
      cause,
      user: '',
      remoteName: peer,
      remoteAddress: peer,
      localName,
      localAddress,
      callId: 0,
      locallyInitiated: true,
      reason,
    });
  }

  #giveUp(name: string, reason: string): void {
    this.#targets.delete(name);
    this.#fellBack.delete(name);
    this.wires.servers.forget(name);
    this.#near.tunnels.unwant(name);
    this.#near.connections.unwant(name);
    this.#near.pptpConnections.unwant(name);
    this.#tell(name, { on: 'not-ready', reason });
    const call = this.#near.calls.onInterface(name);
    if (call !== undefined) this.#near.calls.hangUp(call, reason);
  }

  #retire(name: string): void {
    this.#giveUp(name, 'removed');
    this.#dialers.delete(name);
  }

  #tell(name: string, input: DialerInput): void {
    const dialer = this.#dialers.get(name);
    if (dialer !== undefined && dialer.handle(input, this.#context.now).length > 0) this.#dial(dialer);
  }
}

const PATIENCE: Millis = 3000;
/** What the Transmit Connect Speed AVP says of a link that has no speed of its own, bit/s. */
const CONNECT_SPEED = 100_000_000;
