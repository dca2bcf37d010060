// A PPTP endpoint, RFC 2637: all control connections of one node, PAC and PNS alike, behind the contract of `events.ts`.
// Lets TCP connections in within limits, hands each its octets, settles collisions, and forgets what is over.

import { Deadlines } from '../wire/deadlines.ts';
import { DecodeError } from '../wire/errors.ts';
import { type Path, readIpv4 } from '../wire/ip.ts';
import type { Entropy, Machine, Millis } from '../wire/machine.ts';
import { CallRegistry } from './call-registry.ts';
import type { CallMessage } from './calls.ts';
import { ControlConnection } from './control-connection.ts';
import { localEnd, peerEnd } from './end.ts';
import type { EndpointEffect, EndpointInput } from './events.ts';
import { decodeMessage, type Message } from './message.ts';
import { DEFAULT_LIMITS, type Limits, Outlet } from './outlet.ts';
import { Sources } from './sources.ts';
import type { CallStatus, ConnectionStatus } from './status.ts';

export interface EndpointOptions {
  readonly entropy: Entropy;
  readonly limits?: Partial<Limits>;
}

type Of<On extends EndpointInput['on']> = Extract<EndpointInput, { readonly on: On }>;
type CallInput = Of<'accept-call' | 'close-call' | 'set-link-info'>;
type ConnectionInput = Exclude<EndpointInput, Of<'accepted' | 'open-connection' | 'open-call'> | CallInput>;

export class Endpoint implements Machine<EndpointInput, EndpointEffect> {
  readonly #outlet: Outlet;
  readonly #registry: CallRegistry;
  readonly #connections = new Map<number, ControlConnection>();
  /** Accepted ones. */
  readonly #sources = new Sources();
  /** The oldest first. */
  readonly #halfOpen = new Set<ControlConnection>();
  /** Ours with an SCCRQ out, by the peer's address: what a collision is looked for among. */
  readonly #dialling = new Map<string, Set<ControlConnection>>();
  readonly #deadlines = new Deadlines<ControlConnection>();
  #nextNumber = 2;

  constructor({ entropy, limits }: EndpointOptions) {
    this.#outlet = new Outlet(entropy, { ...DEFAULT_LIMITS, ...limits });
    this.#registry = new CallRegistry(entropy);
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

  get connectionCount(): number {
    return this.#connections.size;
  }

  get halfOpenCount(): number {
    return this.#halfOpen.size;
  }

  get callCount(): number {
    return this.#registry.size;
  }

  /** Numbers as they are now: what a long listing goes by, while connections come and go. */
  connectionNumbers(): number[] {
    return [...this.#connections.keys()];
  }

  connection(number: number): ConnectionStatus | undefined {
    return this.#connections.get(number)?.status();
  }

  *connections(): Generator<ConnectionStatus> {
    for (const connection of this.#connections.values()) yield connection.status();
  }

  call(call: number): CallStatus | undefined {
    return this.#connectionOf(call)?.calls.get(call)?.status();
  }

  *calls(connection: number): Generator<CallStatus> {
    for (const call of this.#connections.get(connection)?.calls.values() ?? []) yield call.status();
  }

  handle(input: EndpointInput, now: Millis): EndpointEffect[] {
    this.#outlet.now = now;
    switch (input.on) {
      case 'accepted':
        this.#accepted(input);
        break;
      case 'open-connection':
        this.#open(input);
        break;
      case 'open-call':
        this.#openCall(input);
        break;
      case 'accept-call':
      case 'close-call':
      case 'set-link-info':
        this.#ofCall(input);
        break;
      default:
        this.#ofConnection(input);
    }
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

  #accepted({ connection: number, path }: Of<'accepted'>): void {
    const { limits } = this.#outlet;
    if (this.#connections.has(number)) return this.#outlet.count('stale-input');
    const { connections, halfOpen } = this.#sources.of(path.peerAddress);
    if (connections >= limits.connectionsPerAddress) return this.#turnAway(number, path, 'connections-per-address');
    if (halfOpen >= limits.halfOpenPerAddress) return this.#turnAway(number, path, 'half-open-per-address');
    if (this.#connections.size >= limits.connections) return this.#turnAway(number, path, 'connection-limit');
    if (this.#halfOpen.size >= limits.halfOpenConnections) this.#evict();
    const connection = new ControlConnection(this.#outlet, this.#registry, number, path);
    this.#connections.set(number, connection);
    this.#sources.add(path.peerAddress);
    this.#halfOpen.add(connection);
    this.#settle(connection);
  }

  #turnAway(connection: number, path: Path, reason: string): void {
    this.#outlet.drop(reason, path);
    this.#outlet.emit({ do: 'disconnect', connection, how: 'abort' });
  }

  /** The oldest makes room: who means it needs no more than a round trip. */
  #evict(): void {
    const [oldest] = this.#halfOpen;
    this.#outlet.drop('half-open-limit', oldest!.transport.path);
    oldest!.abort(localEnd('no-resources', 'too many half-open'));
    this.#settle(oldest!);
  }

  #open({ reference, path, settings }: Of<'open-connection'>): void {
    const number = this.#nextNumber;
    this.#nextNumber += 2;
    this.#outlet.emit({ do: 'connection-opening', reference, connection: number });
    if (this.#connections.size >= this.#outlet.limits.connections) {
      const end = localEnd('no-resources', 'too many connections');
      this.#outlet.emit({ do: 'connection-down', connection: number, reference, end });
      return this.#outlet.emit({ do: 'connection-gone', connection: number });
    }
    const connection = new ControlConnection(this.#outlet, this.#registry, number, path, { reference, settings });
    this.#connections.set(number, connection);
    this.#outlet.emit({ do: 'connect', connection: number, path });
    this.#settle(connection);
  }

  #openCall({ connection: number, reference, call }: Of<'open-call'>): void {
    const connection = this.#connections.get(number);
    if (connection?.takesCalls === true) {
      connection.calls.open(reference, call, connection.state === 'established');
      return this.#settle(connection);
    }
    this.#outlet.count('stale-input');
    const end = localEnd('tunnel-down', 'no such connection');
    this.#outlet.emit({ do: 'call-opening', reference, connection: number, call: 0 });
    this.#outlet.emit({ do: 'call-down', connection: number, call: 0, end, causeCode: 0, statistics: '' });
  }

  #ofCall(input: CallInput): void {
    const connection = this.#connectionOf(input.call);
    if (connection === undefined) return this.#outlet.count('stale-input');
    const { calls } = connection;
    switch (input.on) {
      case 'accept-call':
        calls.accept(input.call, input.connectSpeed);
        break;
      case 'close-call':
        calls.close(input.call, input, input.statistics);
        break;
      case 'set-link-info':
        calls.setLinkInfo(input.call, input.sendAccm, input.receiveAccm);
        break;
      default:
        input satisfies never;
    }
    this.#settle(connection);
  }

  #ofConnection(input: ConnectionInput): void {
    const connection = this.#connections.get(input.connection);
    if (connection === undefined) return this.#outlet.count('stale-input');
    switch (input.on) {
      case 'octets':
        this.#receive(connection, input.octets);
        break;
      case 'opened':
        connection.opened(input.path);
        break;
      case 'refused':
        connection.lost(localEnd('unreachable', input.error));
        break;
      case 'closed': {
        const { error } = input;
        const orderly = { ...peerEnd('peer-closed', 'StopCCRQ', 0), message: 'TCP closed' };
        // When its call is over, pptp-linux ends without reading what it was told: nothing is lost by that.
        const isOrderly = error === undefined || connection.calls.isDone;
        connection.lost(isOrderly ? orderly : localEnd('connection-lost', error));
        break;
      }
      case 'accept-connection':
        connection.accept(input.settings);
        break;
      case 'refuse-connection':
        connection.refuse(input);
        break;
      case 'close-connection':
        connection.close(input);
        break;
      case 'activity':
        connection.answerProbe(input.heard);
        break;
      default:
        input satisfies never;
    }
    this.#settle(connection);
  }

  #receive(connection: ControlConnection, octets: Uint8Array): void {
    try {
      for (const each of connection.stream.take(octets)) {
        if (!this.#receiveMessage(connection, each)) return;
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#outlet.drop(`message-${error.code}`, connection.transport.path);
      connection.transport.traceError(error.message);
      connection.abort(localEnd('protocol', error.message));
    }
  }

  /** False: nothing more is to be read. */
  #receiveMessage(connection: ControlConnection, octets: Uint8Array): boolean {
    const { transport } = connection;
    if (!transport.receive(octets)) {
      this.#outlet.drop('message-rate', transport.path);
      connection.abort(localEnd('flood', 'too many messages'));
      return false;
    }
    const message = decodeMessage(octets);
    if (message === undefined) {
      this.#outlet.drop('unknown-message', transport.path);
      return true;
    }
    transport.traceReceived(message.name, octets, message.fields, callOf(connection, message));
    if (message.name === 'SCCRQ' && connection.halfOpen && this.#winsCollision(transport.path)) connection.hold();
    connection.receive(message);
    return !connection.gone;
  }

  /**
   * §3.1.3, for a request of a peer that has one of ours: "The winner … is the peer with the higher IP address". Ours are closed if
   * it is the peer; true: it is us.
   */
  #winsCollision(path: Path): boolean {
    const ours = this.#dialling.get(path.peerAddress);
    if (ours === undefined) return false;
    for (const connection of [...ours]) {
      const { localAddress, peerAddress } = connection.transport.path;
      if ((readIpv4(localAddress) ?? 0) > (readIpv4(peerAddress) ?? 0)) return true;
      connection.loseCollision();
      this.#settle(connection);
    }
    return false;
  }

  #connectionOf(call: number): ControlConnection | undefined {
    const number = this.#registry.connectionOf(call);
    return number === undefined ? undefined : this.#connections.get(number);
  }

  /** After every input that touched a connection: in which of our lists it still belongs. */
  #settle(connection: ControlConnection): void {
    const { connection: number, path } = connection.transport;
    this.#settleDialling(connection, path.peerAddress);
    if (!connection.gone) {
      if (!connection.halfOpen && this.#halfOpen.delete(connection)) this.#sources.started(path.peerAddress);
      return this.#deadlines.set(connection, connection.deadline);
    }
    this.#deadlines.clear(connection);
    if (!this.#connections.delete(number) || connection.role === 'originator') return;
    this.#sources.delete(path.peerAddress, this.#halfOpen.delete(connection));
  }

  #settleDialling(connection: ControlConnection, address: string): void {
    const others = this.#dialling.get(address);
    if (connection.state === 'wait-ctl-reply') {
      if (others === undefined) this.#dialling.set(address, new Set([connection]));
      else others.add(connection);
    } else if (others?.delete(connection) && others.size === 0) {
      this.#dialling.delete(address);
    }
  }
}

function callOf(connection: ControlConnection, message: Message): number {
  return 'callId' in message.fields || 'peerCallId' in message.fields
    ? connection.calls.idOf(message as CallMessage)
    : 0;
}
