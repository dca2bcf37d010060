// An L2TP endpoint, RFC 2661: all tunnels of one node, LAC and LNS alike, behind the contract of `events.ts`.
// Finds the tunnel a datagram is for, by its local Tunnel ID and by where it came from; makes tunnels and forgets them.

import { Deadlines } from '../wire/deadlines.ts';
import { DecodeError } from '../wire/errors.ts';
import { Identifiers } from '../wire/identifiers.ts';
import type { Path } from '../wire/ip.ts';
import type { Entropy, Machine, Millis } from '../wire/machine.ts';
import { localEnd } from './end.ts';
import type { EndpointEffect, EndpointInput } from './events.ts';
import { HalfOpen } from './half-open.ts';
import {
  CONTROL_HEADER_LENGTH,
  type ControlHeader,
  decodeControlHeader,
  HeaderBit,
  headerFlags,
  payloadEnd,
  payloadStart,
  tunnelIdOffset,
  wordAt,
} from './header.ts';
import { decodeMessage, type Message } from './message.ts';
import type { MessageCount } from './message-counters.ts';
import { Origins } from './origins.ts';
import { DEFAULT_LIMITS, type Limits, Outlet } from './outlet.ts';
import type { CallStatus, TunnelStatus } from './status.ts';
import { Tunnel } from './tunnel.ts';

export interface EndpointOptions {
  readonly entropy: Entropy;
  readonly limits?: Partial<Limits>;
  /** Take control messages with Tunnel ID 0 after the SCCRQ, by their source alone: a few old routers send them so. */
  readonly acceptTunnelIdZero?: boolean;
}

export class Endpoint implements Machine<EndpointInput, EndpointEffect> {
  readonly #outlet: Outlet;
  readonly #identifiers: Identifiers;
  readonly #acceptTunnelIdZero: boolean;
  readonly #tunnels = new Map<number, Tunnel>();
  readonly #origins = new Origins<Tunnel>();
  readonly #halfOpen = new HalfOpen<Tunnel>();
  /** Ours with an SCCRQ out: what a tie is looked for among. */
  readonly #dialling = new Set<Tunnel>();
  readonly #deadlines = new Deadlines<Tunnel>();

  constructor({ entropy, limits, acceptTunnelIdZero }: EndpointOptions) {
    this.#outlet = new Outlet(entropy, { ...DEFAULT_LIMITS, ...limits });
    this.#identifiers = new Identifiers(entropy);
    this.#acceptTunnelIdZero = acceptTunnelIdZero ?? false;
  }

  /** Whether `trace` effects are wanted. */
  get traced(): boolean {
    return this.#outlet.traced;
  }

  set traced(traced: boolean) {
    this.#outlet.traced = traced;
  }

  get deadline(): Millis {
    return this.#deadlines.earliest;
  }

  /** What was dropped, by reason. */
  get drops(): ReadonlyMap<string, number> {
    return this.#outlet.drops;
  }

  /** Control messages by type. */
  get messages(): ReadonlyMap<string, Readonly<MessageCount>> {
    return this.#outlet.messages.entries();
  }

  /** Control messages that a peer has yet to acknowledge: who shuts down waits for this to be 0, for a while. */
  get unacknowledged(): number {
    let count = 0;
    for (const { transport } of this.#tunnels.values()) count += transport.channel.pending;
    return count;
  }

  *tunnels(): Generator<TunnelStatus> {
    for (const tunnel of this.#tunnels.values()) yield tunnel.status();
  }

  tunnel(id: number): TunnelStatus | undefined {
    return this.#tunnels.get(id)?.status();
  }

  *calls(tunnel: number): Generator<CallStatus> {
    for (const call of this.#tunnels.get(tunnel)?.calls.values() ?? []) yield call.status();
  }

  call(tunnel: number, session: number): CallStatus | undefined {
    return this.#tunnels.get(tunnel)?.calls.get(session)?.status();
  }

  /** Local ids as they are now: what a long listing goes by, while calls come and go. */
  tunnelIds(): number[] {
    return [...this.#tunnels.keys()];
  }

  callIds(tunnel: number): number[] {
    return [...(this.#tunnels.get(tunnel)?.calls.ids() ?? [])];
  }

  get tunnelCount(): number {
    return this.#tunnels.size;
  }

  get callCount(): number {
    let count = 0;
    for (const { calls } of this.#tunnels.values()) count += calls.size;
    return count;
  }

  handle(input: EndpointInput, now: Millis): EndpointEffect[] {
    this.#outlet.now = now;
    if (input.on === 'datagram') this.#receive(input.path, input.octets);
    else if (input.on === 'open-tunnel') this.#open(input);
    else this.#command(input);
    return this.#outlet.take();
  }

  handleTimeout(now: Millis): EndpointEffect[] {
    this.#outlet.now = now;
    for (let due = this.#deadlines.takeDue(now); due !== undefined; due = this.#deadlines.takeDue(now)) {
      due.handleTimeout();
      this.#settle(due);
      // Whatever is due again at once waits a millisecond: no timer can keep us here.
      if (due.deadline <= now) this.#deadlines.set(due, now + 1);
    }
    return this.#outlet.take();
  }

  #command(input: Exclude<EndpointInput, { on: 'datagram' | 'open-tunnel' }>): void {
    const tunnel = this.#tunnels.get(input.tunnel);
    if (tunnel === undefined) return this.#withoutTunnel(input);
    const { calls } = tunnel;
    switch (input.on) {
      case 'authorize-tunnel':
        tunnel.connection.authorize(input.settings);
        break;
      case 'refuse-tunnel':
        tunnel.connection.refuse(input);
        break;
      case 'close-tunnel':
        tunnel.connection.close(input);
        break;
      case 'open-call':
        if (tunnel.state === 'shutting-down') return this.#withoutTunnel(input);
        calls.open(input.reference, input.call, tunnel.state === 'established');
        break;
      case 'accept-call':
        calls.accept(input.session, input.sequencing ?? false);
        break;
      case 'close-call':
        calls.close(input.session, input);
        break;
      case 'frame':
        calls.sendFrame(input);
        return;
      case 'activity':
        tunnel.connection.answerProbe(input.heard);
        break;
      default:
        input satisfies never;
    }
    this.#settle(tunnel);
  }

  /** The tunnel ended before our side knew. A call must hear so, anything else has been told. */
  #withoutTunnel(input: Exclude<EndpointInput, { on: 'datagram' | 'open-tunnel' }>): void {
    this.#outlet.count('stale-input');
    if (input.on !== 'open-call') return;
    const { tunnel, reference } = input;
    this.#outlet.emit({ do: 'call-opening', reference, tunnel, session: 0 });
    this.#outlet.emit({ do: 'call-down', tunnel, session: 0, end: localEnd('tunnel-down', 0, 0, 'no such tunnel') });
  }

  #open({ reference, path, settings }: Extract<EndpointInput, { on: 'open-tunnel' }>): void {
    const id = this.#allocate();
    if (id === undefined) {
      const end = localEnd('no-resources', 0, 0, 'too many tunnels');
      return this.#outlet.emit({ do: 'tunnel-down', tunnel: 0, reference, end });
    }
    this.#outlet.emit({ do: 'tunnel-opening', reference, tunnel: id });
    const tunnel = new Tunnel(this.#outlet, this.#identifiers, id, path, { reference, settings });
    this.#tunnels.set(id, tunnel);
    this.#dialling.add(tunnel);
    tunnel.connection.open(settings);
    this.#settle(tunnel);
  }

  /** §8.1: L2F and other versions share the port, and are discarded in silence. */
  #receive(path: Path, octets: Uint8Array): void {
    const flags = headerFlags(octets, 0, octets.length);
    if (flags < 0) this.#outlet.drop(octets.length < 6 ? 'header-truncated' : 'header-version', path);
    else if ((flags & HeaderBit.T) === 0) this.#receiveData(path, octets, flags);
    else this.#receiveControl(path, octets);
  }

  /** The slow path of data: PPP's control frames, and whatever a packet path does not take itself. */
  #receiveData(path: Path, octets: Uint8Array, flags: number): void {
    const start = payloadStart(octets, 0, octets.length, flags);
    const end = payloadEnd(octets, 0, octets.length, flags);
    if (start < 0 || end < start) return this.#outlet.drop('header-length', path);
    const at = tunnelIdOffset(flags);
    const tunnel = this.#tunnels.get(wordAt(octets, at));
    if (tunnel === undefined) return this.#outlet.drop('unknown-tunnel', path);
    if (!isSamePeer(tunnel.transport.path, path)) return this.#outlet.drop('wrong-source', path);
    const ns = (flags & HeaderBit.S) === 0 ? undefined : wordAt(octets, at + 4);
    tunnel.receiveFrame(wordAt(octets, at + 2), ns, octets.subarray(start, end));
    this.#deadlines.set(tunnel, tunnel.deadline);
  }

  /** First the number, then where it came from: whoever has guessed only one of them gets silence (§9.1). */
  #receiveControl(path: Path, octets: Uint8Array): void {
    const header = this.#decodeHeader(path, octets);
    if (header === undefined) return;
    const message = octets.subarray(0, header.length);
    const tunnel = header.tunnelId === 0 ? this.#withoutId(path, header, message) : this.#tunnels.get(header.tunnelId);
    if (tunnel === undefined) {
      if (header.tunnelId !== 0) this.#outlet.drop('unknown-tunnel', path);
      return;
    }
    if (!isSamePeer(tunnel.transport.path, path) && !tunnel.learnPort(path, header, message)) {
      return this.#outlet.drop('wrong-source', path);
    }
    tunnel.receive(header, octets);
    this.#settle(tunnel);
  }

  #decodeHeader(path: Path, octets: Uint8Array): ControlHeader | undefined {
    try {
      return decodeControlHeader(octets);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#outlet.drop(`header-${error.code}`, path);
      return undefined;
    }
  }

  /** §5.3: with Tunnel ID 0 come an SCCRQ, and the StopCCN of a peer that never heard our id. */
  #withoutId(path: Path, header: ControlHeader, octets: Uint8Array): Tunnel | undefined {
    const zlb = octets.length === CONTROL_HEADER_LENGTH;
    const message = zlb ? undefined : decodeMessage(octets, undefined, true);
    const peerId = message?.attributes.AssignedTunnelId ?? 0;
    if (message?.name === 'SCCRQ') return this.#request(path, header, octets, message, peerId);
    const known = message?.name === 'StopCCN' ? this.#origins.latest(path, peerId) : this.#bySource(path);
    if (known === undefined) this.#outlet.drop('tunnel-id-zero', path);
    return known;
  }

  /** For peers that never learn our Tunnel ID: the newest tunnel of the same source, if that is allowed at all. */
  #bySource(path: Path): Tunnel | undefined {
    if (!this.#acceptTunnelIdZero) return undefined;
    return [...this.#tunnels.values()].findLast(({ transport }) => isSamePeer(transport.path, path));
  }

  /** An SCCRQ: one seen before, or a tunnel to be. */
  #request(
    path: Path,
    header: ControlHeader,
    octets: Uint8Array,
    message: Message,
    peerId: number,
  ): Tunnel | undefined {
    const known = this.#origins.find(path, peerId, octets);
    if (known !== undefined && isStillOpening(known, this.#outlet.now)) return known;
    // §5.8: the first message has Ns 0, and nothing of ours to acknowledge.
    if (header.ns !== 0 || header.nr !== 0) return this.#refuseInSilence('sccrq-sequence', path);
    // Neither name nor number of the peer's tunnel: there is nobody to answer.
    if (peerId === 0 && message.fault !== undefined) return this.#refuseInSilence('sccrq-malformed', path);
    if (!this.#winsNoTie(path, message)) return this.#refuseInSilence('tie-won', path);
    if (this.#halfOpen.size >= this.#outlet.limits.halfOpenTunnels) this.#evict(path);
    const id = this.#allocate();
    if (id === undefined) return this.#refuseInSilence('tunnel-limit', path);
    const tunnel = new Tunnel(this.#outlet, this.#identifiers, id, path);
    this.#tunnels.set(id, tunnel);
    this.#origins.add(tunnel, path, peerId, octets);
    this.#halfOpen.add(tunnel);
    return tunnel;
  }

  #refuseInSilence(reason: string, path: Path): undefined {
    this.#outlet.drop(reason, path);
  }

  /**
   * §4.4.3: whether an SCCRQ may go on, against those we have out to the same peer. "The lower value wins", equal ones
   * both lose, one side's alone wins, and with none there are two tunnels.
   */
  #winsNoTie(path: Path, { attributes }: Message): boolean {
    const theirs = attributes.TieBreaker;
    let goesOn = true;
    for (const tunnel of this.#dialling) {
      const ours = tunnel.connection.handshake.tieBreaker;
      const collides = tunnel.transport.path.peerAddress === path.peerAddress;
      if (!collides || (ours === undefined && theirs === undefined)) continue;
      if (theirs === undefined || (ours !== undefined && ours <= theirs)) goesOn = false;
      if (ours === undefined || (theirs !== undefined && theirs <= ours)) {
        tunnel.connection.loseTie();
        this.#settle(tunnel);
      }
    }
    return goesOn;
  }

  /** Somebody half-open, chosen by lot, makes room for the next. */
  #evict(path: Path): void {
    const victim = this.#halfOpen.pick(this.#outlet.entropy);
    if (victim === undefined) return;
    this.#outlet.drop('half-open-limit', path);
    victim.connection.evict();
    this.#settle(victim);
  }

  #allocate(): number | undefined {
    if (this.#tunnels.size >= this.#outlet.limits.tunnels) return undefined;
    return this.#identifiers.allocate(TUNNELS, this.#tunnels, this.#outlet.now);
  }

  /** After every input that touched a tunnel: acknowledgements, and in which of our lists it still belongs. */
  #settle(tunnel: Tunnel): void {
    tunnel.settle();
    if (!tunnel.halfOpen) this.#halfOpen.delete(tunnel);
    if (tunnel.state !== 'wait-ctl-reply') this.#dialling.delete(tunnel);
    if (tunnel.connection.gone) this.#forget(tunnel);
    else this.#deadlines.set(tunnel, tunnel.deadline);
  }

  #forget(tunnel: Tunnel): void {
    const { id } = tunnel;
    if (this.#tunnels.get(id) !== tunnel) return;
    this.#tunnels.delete(id);
    this.#deadlines.clear(tunnel);
    this.#identifiers.release(TUNNELS, id, this.#outlet.now);
    this.#origins.delete(tunnel);
  }
}

/** A tunnel is a matter between two addresses and ports (§8.1: "they MUST remain static"); ids alone can be guessed. */
function isSamePeer(known: Path, path: Path): boolean {
  return known.peerAddress === path.peerAddress && known.peerPort === path.peerPort;
}

/** Whether the SCCRQ that made the tunnel may still be repeated; later, the same one is of a peer that began anew. */
function isStillOpening(tunnel: Tunnel, now: Millis): boolean {
  if (tunnel.state === 'established') return now - tunnel.connection.since < REPEATED_WITHIN;
  return tunnel.state !== 'shutting-down' || tunnel.transport.channel.pending > 0;
}

/** The number space of tunnels among those of `Identifiers`. */
const TUNNELS = 0;
const REPEATED_WITHIN: Millis = 8000;
