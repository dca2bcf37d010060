// An L2TP endpoint, RFC 2661: all tunnels of one node, LAC and LNS alike, behind the contract of `events.ts`.
// Finds the tunnel a datagram is for, by its local Tunnel ID and by where it came from; makes tunnels and forgets them.

import { Deadlines } from '../wire/deadlines.ts';
import { DecodeError } from '../wire/errors.ts';
import type { Path } from '../wire/ip.ts';
import type { Entropy, Machine, Millis } from '../wire/machine.ts';
import { ControlConnection } from './control-connection.ts';
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
import { Identifiers } from './identifiers.ts';
import { decodeMessage, type Message } from './message.ts';
import { Origins } from './origins.ts';
import { DEFAULT_LIMITS, type Limits, Outlet } from './outlet.ts';
import type { CallStatus, TunnelStatus } from './status.ts';

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
  readonly #connections = new Map<number, ControlConnection>();
  readonly #origins = new Origins<ControlConnection>();
  readonly #halfOpen = new HalfOpen<ControlConnection>();
  /** Ours with an SCCRQ out: what a tie is looked for among. */
  readonly #dialling = new Set<ControlConnection>();
  readonly #deadlines = new Deadlines<ControlConnection>();

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

  /** Control messages that a peer has yet to acknowledge: who shuts down waits for this to be 0, for a while. */
  get unacknowledged(): number {
    let count = 0;
    for (const { transport } of this.#connections.values()) count += transport.channel.pending;
    return count;
  }

  *tunnels(): Generator<TunnelStatus> {
    for (const connection of this.#connections.values()) yield connection.status();
  }

  tunnel(id: number): TunnelStatus | undefined {
    return this.#connections.get(id)?.status();
  }

  *calls(tunnel: number): Generator<CallStatus> {
    for (const call of this.#connections.get(tunnel)?.calls.values() ?? []) yield call.status();
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
    const connection = this.#connections.get(input.tunnel);
    if (connection === undefined) return this.#withoutTunnel(input);
    const { calls } = connection;
    switch (input.on) {
      case 'authorize-tunnel':
        connection.authorize(input.settings);
        break;
      case 'refuse-tunnel':
        connection.refuse(input);
        break;
      case 'close-tunnel':
        connection.close(input);
        break;
      case 'open-call':
        if (connection.state === 'shutting-down') return this.#withoutTunnel(input);
        calls.open(input.reference, input.call, connection.state === 'established');
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
        connection.answerProbe(input.heard);
        break;
      default:
        input satisfies never;
    }
    this.#settle(connection);
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
    const connection = new ControlConnection(this.#outlet, this.#identifiers, id, path, { reference, settings });
    this.#connections.set(id, connection);
    this.#dialling.add(connection);
    connection.open(settings);
    this.#settle(connection);
  }

  #receive(path: Path, octets: Uint8Array): void {
    const flags = headerFlags(octets, 0, octets.length);
    if (flags < 0) this.#outlet.drop(octets.length < 6 ? 'header-truncated' : 'header-version', path);
    else if ((flags & HeaderBit.T) === 0) this.#receiveData(path, octets, flags);
    else this.#receiveControl(path, octets);
  }

  #receiveData(path: Path, octets: Uint8Array, flags: number): void {
    const start = payloadStart(octets, 0, octets.length, flags);
    const end = payloadEnd(octets, 0, octets.length, flags);
    if (start < 0 || end < start) return this.#outlet.drop('header-length', path);
    const at = tunnelIdOffset(flags);
    const connection = this.#connections.get(wordAt(octets, at));
    if (connection === undefined) return this.#outlet.drop('unknown-tunnel', path);
    if (!isSamePeer(connection.transport.path, path)) return this.#outlet.drop('wrong-source', path);
    const ns = (flags & HeaderBit.S) === 0 ? undefined : wordAt(octets, at + 4);
    connection.receiveFrame(wordAt(octets, at + 2), ns, octets.subarray(start, end));
    this.#deadlines.set(connection, connection.deadline);
  }

  #receiveControl(path: Path, octets: Uint8Array): void {
    const header = this.#decodeHeader(path, octets);
    if (header === undefined) return;
    const message = octets.subarray(0, header.length);
    const connection =
      header.tunnelId === 0 ? this.#withoutId(path, header, message) : this.#connections.get(header.tunnelId);
    if (connection === undefined) {
      if (header.tunnelId !== 0) this.#outlet.drop('unknown-tunnel', path);
      return;
    }
    if (!isSamePeer(connection.transport.path, path) && !connection.learnPort(path, header, message)) {
      return this.#outlet.drop('wrong-source', path);
    }
    connection.receive(header, octets);
    this.#settle(connection);
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
  #withoutId(path: Path, header: ControlHeader, octets: Uint8Array): ControlConnection | undefined {
    const zlb = octets.length === CONTROL_HEADER_LENGTH;
    const message = zlb ? undefined : decodeMessage(octets, undefined, true);
    const peerId = message?.attributes.AssignedTunnelId ?? 0;
    if (message?.name === 'SCCRQ') return this.#request(path, header, octets, message, peerId);
    const known = message?.name === 'StopCCN' ? this.#origins.latest(path, peerId) : this.#bySource(path);
    if (known === undefined) this.#outlet.drop('tunnel-id-zero', path);
    return known;
  }

  #bySource(path: Path): ControlConnection | undefined {
    if (!this.#acceptTunnelIdZero) return undefined;
    return [...this.#connections.values()].findLast(({ transport }) => isSamePeer(transport.path, path));
  }

  /** An SCCRQ: one seen before, or a tunnel to be. */
  #request(
    path: Path,
    header: ControlHeader,
    octets: Uint8Array,
    message: Message,
    peerId: number,
  ): ControlConnection | undefined {
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
    const connection = new ControlConnection(this.#outlet, this.#identifiers, id, path);
    this.#connections.set(id, connection);
    this.#origins.add(connection, path, peerId, octets);
    this.#halfOpen.add(connection);
    return connection;
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
    for (const connection of this.#dialling) {
      const ours = connection.tieBreaker;
      const collides = connection.transport.path.peerAddress === path.peerAddress;
      if (!collides || (ours === undefined && theirs === undefined)) continue;
      if (theirs === undefined || (ours !== undefined && ours <= theirs)) goesOn = false;
      if (ours === undefined || (theirs !== undefined && theirs <= ours)) {
        connection.loseTie();
        this.#settle(connection);
      }
    }
    return goesOn;
  }

  #evict(path: Path): void {
    const victim = this.#halfOpen.pick(this.#outlet.entropy);
    if (victim === undefined) return;
    this.#outlet.drop('half-open-limit', path);
    victim.evict();
    this.#settle(victim);
  }

  #allocate(): number | undefined {
    if (this.#connections.size >= this.#outlet.limits.tunnels) return undefined;
    return this.#identifiers.allocate(TUNNELS, this.#connections, this.#outlet.now);
  }

  #settle(connection: ControlConnection): void {
    connection.settle();
    if (!connection.halfOpen) this.#halfOpen.delete(connection);
    if (connection.state !== 'wait-ctl-reply') this.#dialling.delete(connection);
    if (connection.gone) this.#forget(connection);
    else this.#deadlines.set(connection, connection.deadline);
  }

  #forget(connection: ControlConnection): void {
    const { id } = connection;
    if (this.#connections.get(id) !== connection) return;
    this.#connections.delete(id);
    this.#deadlines.clear(connection);
    this.#identifiers.release(TUNNELS, id, this.#outlet.now);
    this.#origins.delete(connection);
  }
}

/** A tunnel is a matter between two addresses and ports (§8.1: "they MUST remain static"); ids alone can be guessed. */
function isSamePeer(known: Path, path: Path): boolean {
  return known.peerAddress === path.peerAddress && known.peerPort === path.peerPort;
}

/** Whether the SCCRQ that made the connection may still be repeated; later, the same one is of a peer that began anew. */
function isStillOpening(connection: ControlConnection, now: Millis): boolean {
  if (connection.state === 'established') return now - connection.since < REPEATED_WITHIN;
  return connection.state !== 'shutting-down' || connection.transport.channel.pending > 0;
}

/** The number space of tunnels among those of `Identifiers`. */
const TUNNELS = 0;
const REPEATED_WITHIN: Millis = 8000;
