// An L2TPv3 endpoint, RFC 3931: all control connections and sessions of one node, over UDP and over IP 115, behind the contract
// of `events.ts`. Finds whom a message is for by its id and by where it came from; makes connections and forgets them.

import { Deadlines } from '../../wire/deadlines.ts';
import { DecodeError } from '../../wire/errors.ts';
import type { Path } from '../../wire/ip.ts';
import type { Entropy, Machine, Millis } from '../../wire/machine.ts';
import { localEnd, StopCcnResult } from '../end.ts';
import { HalfOpen } from '../half-open.ts';
import { ErrorCode } from '../message.ts';
import type { MessageCount } from '../message-counters.ts';
import { Origins } from '../origins.ts';
import { DEFAULT_LIMITS, type Limits, Outlet } from '../outlet.ts';
import { ControlConnection } from './control-connection.ts';
import type { V3EndpointEffect, V3EndpointInput } from './events.ts';
import { CONTROL_HEADER_LENGTH, type ControlHeader, decodeControlHeader, kindOf, sessionIdOf } from './header.ts';
import { freshIdentifier } from './identifiers.ts';
import { decodeMessage, isForBothVersions, isSessionMessage, type Message, nameOfMessage } from './message.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import type { ConnectionStatus, SessionStatus } from './status.ts';
import { Ties } from './ties.ts';
import { Transport } from './transport.ts';

export interface V3EndpointOptions {
  readonly entropy: Entropy;
  readonly limits?: Partial<Limits>;
  /** Session IDs that are somebody's without any signaling. */
  readonly reserved?: { has(id: number): boolean };
}

export class V3Endpoint implements Machine<V3EndpointInput, V3EndpointEffect> {
  readonly #outlet: Outlet<V3EndpointEffect>;
  readonly #connections = new Map<number, ControlConnection>();
  readonly #sessions = new Map<number, Session>();
  readonly #origins = new Origins<ControlConnection>();
  readonly #halfOpen = new HalfOpen<ControlConnection>();
  readonly #ties: Ties;
  readonly #deadlines = new Deadlines<ControlConnection>();

  readonly #reserved: { has(id: number): boolean };

  constructor({ entropy, limits, reserved }: V3EndpointOptions) {
    this.#reserved = reserved ?? new Set();
    this.#outlet = new Outlet(entropy, { ...DEFAULT_LIMITS, ...limits });
    this.#ties = new Ties(this.#outlet, (connection) => this.#settle(connection));
  }

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

  /** Control messages that a peer has yet to acknowledge. */
  get unacknowledged(): number {
    let count = 0;
    for (const { transport } of this.#connections.values()) count += transport.channel.pending;
    return count;
  }

  *connections(): Generator<ConnectionStatus> {
    for (const connection of this.#connections.values()) yield statusOf(connection);
  }

  *sessions(): Generator<SessionStatus> {
    for (const session of this.#sessions.values()) yield session.status();
  }

  /** Control messages by type. */
  get messages(): ReadonlyMap<string, Readonly<MessageCount>> {
    return this.#outlet.messages.entries();
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  connectionIds(): number[] {
    return [...this.#connections.keys()];
  }

  sessionIds(): number[] {
    return [...this.#sessions.keys()];
  }

  connection(id: number): ConnectionStatus | undefined {
    const connection = this.#connections.get(id);
    return connection && statusOf(connection);
  }

  session(id: number): SessionStatus | undefined {
    return this.#sessions.get(id)?.status();
  }

  handle(input: V3EndpointInput, now: Millis): V3EndpointEffect[] {
    this.#outlet.now = now;
    this.#input(input);
    return this.#outlet.take();
  }

  handleTimeout(now: Millis): V3EndpointEffect[] {
    this.#outlet.now = now;
    for (let due = this.#deadlines.takeDue(now); due !== undefined; due = this.#deadlines.takeDue(now)) {
      due.handleTimeout();
      this.#settle(due);
      // Whatever is due again at once waits a millisecond: no timer can keep us here.
      if (due.deadline <= now) this.#deadlines.set(due, now + 1);
    }
    return this.#outlet.take();
  }

  #input(input: V3EndpointInput): void {
    switch (input.on) {
      case 'datagram':
        return this.#receive(input.path, input.octets);
      case 'open-connection':
        return this.#open(input);
      case 'authorize-connection':
        return this.#on(input.connection, (connection) => connection.authorize(input.settings));
      case 'refuse-connection':
        return this.#on(input.connection, (connection) => connection.refuse(input));
      case 'close-connection':
        return this.#on(input.connection, (connection) => connection.close(input));
      case 'activity':
        return this.#on(input.connection, (connection) => connection.answerProbe(input.heard));
      case 'open-session':
        return this.#openSession(input);
      case 'accept-session':
        return this.#onSession(input.session, (session) => session.accept(input.settings));
      case 'close-session':
        return this.#onSession(input.session, (session) => session.close(input));
      case 'circuit':
        return this.#onSession(input.session, (session) => session.setCircuit(input.active));
      case 'frame':
        return this.#sessions.get(input.session)?.sendFrame(input.frame);
      default:
        input satisfies never;
    }
  }

  #on(id: number, action: (connection: ControlConnection) => void): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return this.#outlet.count('stale-input');
    action(connection);
    this.#settle(connection);
  }

  #onSession(id: number, action: (session: Session) => void): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return this.#outlet.count('stale-input');
    action(session);
    const connection = this.#connections.get(session.transport.id);
    if (connection !== undefined) this.#settle(connection);
  }

  #open({ reference, path, settings }: Extract<V3EndpointInput, { on: 'open-connection' }>): void {
    if (this.#connections.size >= this.#outlet.limits.tunnels) {
      const end = localEnd('no-resources', 0, 0, 'too many connections');
      return this.#outlet.emit({ do: 'connection-down', connection: 0, reference, end });
    }
    const connection = this.#create(path, { reference, settings });
    this.#outlet.emit({ do: 'connection-opening', reference, connection: connection.id });
    this.#ties.dial(connection);
    connection.open(settings);
    this.#settle(connection);
  }

  /** The connection may have ended before our side knew: the session must hear so. */
  #openSession({ connection: id, reference, session }: Extract<V3EndpointInput, { on: 'open-session' }>): void {
    const connection = this.#connections.get(id);
    if (connection === undefined || connection.state === 'shutting-down') {
      this.#outlet.count('stale-input');
      const end = localEnd('tunnel-down', 0, 0, 'no such connection');
      this.#outlet.emit({ do: 'session-opening', reference, connection: id, session: 0 });
      return this.#outlet.emit({ do: 'session-down', connection: id, session: 0, end });
    }
    connection.sessions.open(reference, session);
    this.#settle(connection);
  }

  /** Whatever is not to be understood is dropped and counted; a forged message is answered with nothing. */
  #receive(path: Path, octets: Uint8Array): void {
    try {
      const kind = kindOf(path, octets);
      if (kind === 'control' || isForBothVersions(path, octets)) return this.#receiveControl(path, octets);
      if (kind === 'data') return this.#receiveData(path, octets);
      this.#outlet.drop('header-version', path);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#outlet.drop(`header-${error.code}`, path);
    }
  }

  #receiveData(path: Path, octets: Uint8Array): void {
    const session = this.#sessions.get(sessionIdOf(path, octets));
    if (session === undefined) return this.#outlet.drop('unknown-session', path);
    if (!isSamePeer(session.transport.path, path)) return this.#outlet.drop('wrong-source', path);
    session.receiveData(octets);
  }

  /** First the number, then where it came from, then the digest: whoever fails one of them gets silence. */
  #receiveControl(path: Path, octets: Uint8Array): void {
    const header = decodeControlHeader(path, octets);
    const message = octets.subarray(header.start, header.end);
    const connection =
      header.connectionId === 0 ? this.#withoutId(path, header, message) : this.#connections.get(header.connectionId);
    if (connection === undefined) {
      if (header.connectionId !== 0) this.#outlet.drop('unknown-connection', path);
      return;
    }
    if (!isSamePeer(connection.transport.path, path)) return this.#outlet.drop('wrong-source', path);
    const { transport } = connection;
    // Of an SCCRQ it is not known yet whose secret it takes: `authorize` looks.
    if (transport.settings !== undefined && !transport.accepts(message)) return this.#settle(connection);
    const before = connection.state;
    this.#deliver(connection, header, message);
    if (before !== 'established' && connection.state === 'established') this.#ties.stand(connection);
    this.#settle(connection);
  }

  #deliver(connection: ControlConnection, header: ControlHeader, octets: Uint8Array): void {
    const { transport, sessions } = connection;
    transport.answerDue = false;
    const owing = transport.channel.pending > 0;
    for (const each of transport.receive(header, octets)) {
      if (connection.state === 'shutting-down') {
        this.#outlet.drop('connection-closing', transport.path);
        continue;
      }
      const message = decodeMessage(each, transport.hidingKey, transport.settings?.dialect);
      for (const flaw of message.flaws) this.#outlet.traceError(connection.id, 0, flaw);
      // §5.4.1: the M bit of the Message Type says whether an unknown one clears the connection or is ignored.
      if (message.name === undefined && !message.mandatory) this.#outlet.count('unknown-message');
      else if (message.name !== undefined && isSessionMessage(message.name) && connection.state === 'established') {
        sessions.receive(message, connection.peer!);
      } else connection.receive(message, each);
    }
    if (owing && transport.channel.pending === 0) connection.acknowledged();
  }

  /** §4.2: with Control Connection ID 0 come an SCCRQ, and the StopCCN of a peer that never heard our id. */
  #withoutId(path: Path, header: ControlHeader, octets: Uint8Array): ControlConnection | undefined {
    const name = octets.length === CONTROL_HEADER_LENGTH ? 'ZLB' : nameOfMessage(octets);
    if (name !== 'SCCRQ' && name !== 'StopCCN') return this.#dropped('connection-id-zero', path);
    const message = decodeMessage(octets, undefined);
    const peerId = message.attributes.AssignedControlConnectionId ?? 0;
    if (name === 'SCCRQ') return this.#request(path, header, octets, message, peerId);
    return this.#origins.latest(path, peerId) ?? this.#dropped('connection-id-zero', path);
  }

  /** An SCCRQ: one seen before, or a connection to be. */
  #request(
    path: Path,
    header: ControlHeader,
    octets: Uint8Array,
    message: Message,
    peerId: number,
  ): ControlConnection | undefined {
    const known = this.#origins.find(path, peerId, octets);
    if (known !== undefined && known.state !== 'shutting-down') return known;
    if (header.ns !== 0 || header.nr !== 0) return this.#dropped('sccrq-sequence', path);
    // Neither name nor number: there is nobody to answer.
    if (peerId === 0) return this.#dropped('sccrq-malformed', path);
    if (this.#ties.loses(path, message, peerId)) return this.#dropped('tie-won', path);
    if (this.#halfOpen.size >= this.#outlet.limits.halfOpenTunnels) this.#evict(path);
    if (this.#connections.size >= this.#outlet.limits.tunnels) return this.#dropped('connection-limit', path);
    const connection = this.#create(path);
    this.#origins.add(connection, path, peerId, octets);
    this.#halfOpen.add(connection);
    return connection;
  }

  #dropped(reason: string, path: Path): undefined {
    this.#outlet.drop(reason, path);
  }

  #evict(path: Path): void {
    const victim = this.#halfOpen.pick(this.#outlet.entropy);
    if (victim === undefined) return;
    this.#outlet.drop('half-open-limit', path);
    victim.evict();
    this.#settle(victim);
  }

  #create(
    path: Path,
    own?: Pick<Extract<V3EndpointInput, { on: 'open-connection' }>, 'reference' | 'settings'>,
  ): ControlConnection {
    const id = freshIdentifier(this.#outlet.entropy, this.#connections);
    const { receiveWindowSize: window, retransmit } = own?.settings ?? UNTIL_AUTHORIZED;
    const transport = new Transport(this.#outlet, id, path, { window, retransmit, initiator: own !== undefined });
    const connection = new ControlConnection(
      transport,
      new Sessions(transport, this.#sessions, this.#reserved),
      own?.reference,
    );
    this.#connections.set(id, connection);
    return connection;
  }

  /** After every input that touched a connection: acknowledgements, and in which of our lists it still belongs. */
  #settle(connection: ControlConnection): void {
    connection.sessions.settle();
    if (!connection.gone) {
      if (connection.transport.channel.unsent > this.#outlet.limits.unsentMessages) {
        const end = localEnd('no-resources', StopCcnResult.SeeErrorCode, ErrorCode.NoResources, 'too much waits');
        connection.stop(end); // a peer that asks and asks, and never acknowledges what it gets
      }
      connection.transport.settle();
    }
    if (!connection.halfOpen) this.#halfOpen.delete(connection);
    this.#ties.settle(connection);
    if (connection.gone) this.#forget(connection);
    else this.#deadlines.set(connection, connection.deadline);
  }

  #forget(connection: ControlConnection): void {
    if (this.#connections.get(connection.id) !== connection) return;
    this.#connections.delete(connection.id);
    this.#deadlines.clear(connection);
    this.#origins.delete(connection);
  }
}

function isSamePeer(known: Path, path: Path): boolean {
  return (
    known.peerAddress === path.peerAddress && known.peerPort === path.peerPort && known.transport === path.transport
  );
}

function statusOf(connection: ControlConnection): ConnectionStatus {
  const { transport, reference, state, since, peer, sessions } = connection;
  return {
    ...transport.status(),
    locallyInitiated: reference !== undefined,
    reference,
    state,
    since,
    localName: transport.settings?.localName ?? '',
    peer,
    sessions: sessions.size,
  };
}

/** What holds for a caller until it is known who it is. */
const UNTIL_AUTHORIZED = {
  receiveWindowSize: 4,
  retransmit: {
    initialRetries: 2,
    initialTimeoutMin: 1000,
    initialTimeoutMax: 8000,
    retries: 5,
    timeoutMin: 1000,
    timeoutMax: 8000,
  },
} as const;
