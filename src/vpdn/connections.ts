// The control connections of L2TPv3 (RFC 3931 §3.3): between two addresses there is one, whoever opened it, with the parameters
// of one l2tp-class, and it serves all pseudowires of the pair.

import { StopCcnResult } from '../l2tp/end.ts';
import type { End } from '../l2tp/events.ts';
import { L2TP_PORT } from '../l2tp/header.ts';
import type { V3EndpointEffect } from '../l2tp/v3/events.ts';
import type { Path } from '../wire/ip.ts';
import { printable } from '../wire/values.ts';
import type { Context } from './context.ts';
import { type FailureCause, failureOf } from './failure.ts';
import { connectionSettings, pairOf, type V3Signalling } from './pseudowires.ts';
import { describe, ORDINARY_ENDS, type Tunnel } from './tunnels.ts';

/** What a pseudowire needs a connection to be. */
export interface ConnectionWish extends V3Signalling {
  readonly localAddress: string;
  readonly peer: string;
  readonly l2tpClass: string;
  /** It only tells whether the peer is alive: it stays without sessions (C054). */
  readonly watches: boolean;
}

export interface ConnectionHost {
  connectionReady(connection: Tunnel, waiting: readonly string[]): void;
  /** `unanswered`: the peer said nothing at all. */
  connectionFailed(waiting: readonly string[], unanswered: boolean): void;
  /** Another than the one they dialled stands: whoever waits to dial again need not wait long. */
  peerThere(path: Path): void;
  /** It is gone: whoever went by it is to know. */
  connectionLost(path: Path): void;
  /** What a pseudowire to this peer wants of its connection; undefined: there is none. */
  wishFor(path: Path): ConnectionWish | undefined;
}

/** A connection is a tunnel by another name; only `waiting` and `state` are ours to change. */
export class Connections {
  readonly #context: Context;
  readonly #host: ConnectionHost;
  readonly #connections = new Map<number, Tunnel>();
  /** By pair of addresses and transport. */
  readonly #byPair = new Map<string, number>();
  readonly #opening = new Map<string, Omit<Tunnel, 'id' | 'sessions'>>();

  constructor(context: Context, host: ConnectionHost) {
    this.#context = context;
    this.#host = host;
  }

  get(id: number): Tunnel | undefined {
    return this.#connections.get(id);
  }

  all(): IterableIterator<Tunnel> {
    return this.#connections.values();
  }

  /** Brings an interface a connection to its peer: the one there is, or a new one. Returns a failure that is certain at once. */
  want(interfaceName: string, wish: ConnectionWish): FailureCause | undefined {
    const path = pathOf(wish);
    const pair = pairOf(path);
    const known = this.#connections.get(this.#byPair.get(pair) ?? 0) ?? this.#opening.get(pair);
    if (known !== undefined && known.state !== 'closing') {
      if (known.l2tpClass !== wish.l2tpClass) return 'class-conflict';
      if (known.state === 'up') this.#host.connectionReady(known as Tunnel, [interfaceName]);
      else known.waiting.add(interfaceName);
      return undefined;
    }
    const settings = this.#settings(wish, path);
    if (settings === undefined) return 'no-tunnel-secret';
    this.#opening.set(pair, {
      path,
      localName: settings.localName,
      remoteName: wish.peer,
      state: 'opening',
      group: undefined,
      l2tpClass: wish.l2tpClass,
      waiting: new Set([interfaceName]),
    });
    this.#context.l2tpv3({ on: 'open-connection', reference: pair, path, settings });
    return undefined;
  }

  unwant(interfaceName: string): void {
    for (const { waiting } of this.#connections.values()) waiting.delete(interfaceName);
  }

  opening({ reference, connection }: Extract<V3EndpointEffect, { do: 'connection-opening' }>): void {
    const known = this.#opening.get(reference);
    if (known === undefined) return;
    this.#opening.delete(reference);
    this.#connections.set(connection, { ...known, id: connection, sessions: new Set() });
    this.#byPair.set(reference, connection);
  }

  /** An SCCRQ: a peer comes in only where a pseudowire waits for it, and by what that one's l2tp-class says. */
  authorize({ connection, path, peer }: Extract<V3EndpointEffect, { do: 'authorize-connection' }>): void {
    const wish = this.#host.wishFor(path);
    const settings = wish && this.#settings(wish, path);
    if (wish === undefined || settings === undefined) {
      const cause = wish === undefined ? 'no-pseudowire' : 'no-tunnel-secret';
      const resultCode = StopCcnResult.NotAuthorized;
      this.#context.l2tpv3({ on: 'refuse-connection', connection, resultCode, message: 'not authorized' });
      const reason =
        wish === undefined ? 'no pseudowire of L2TPv3 leads to it' : `l2tp-class ${wish.l2tpClass} has no secret`;
      return this.#fail(
        cause,
        { path, remoteName: peer.hostName, localName: this.#context.configuration.hostname },
        reason,
      );
    }
    this.#connections.set(connection, {
      id: connection,
      path,
      localName: settings.localName,
      remoteName: peer.hostName,
      state: 'opening',
      group: undefined,
      l2tpClass: wish.l2tpClass,
      accepted: true,
      waiting: new Set(),
      sessions: new Set(),
    });
    this.#context.l2tpv3({ on: 'authorize-connection', connection, settings });
  }

  up({ connection: id, peer, path }: Extract<V3EndpointEffect, { do: 'connection-up' }>): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    const known = { ...connection, remoteName: peer.hostName, state: 'up' as const, path };
    this.#connections.set(id, known);
    const before = this.#connections.get(this.#byPair.get(pairOf(path)) ?? 0);
    this.#byPair.set(pairOf(path), id);
    const waiting = [...known.waiting];
    known.waiting.clear();
    // Whoever waited for one of our own, which this one has made needless, is served by it.
    if (before !== undefined && before.id !== id) {
      waiting.push(...before.waiting);
      before.waiting.clear();
    }
    this.#host.connectionReady(known, waiting);
    if (known.accepted === true) this.#host.peerThere(path);
  }

  down({ connection: id, reference, end }: Extract<V3EndpointEffect, { do: 'connection-down' }>): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return this.#neverOpened(reference);
    const failed = connection.state !== 'closing';
    connection.state = 'closing';
    this.#unpair(connection);
    if (failed) this.#report(connection, end);
    const waiting = [...connection.waiting];
    connection.waiting.clear();
    this.#host.connectionFailed(waiting, end.cause === 'unreachable');
    if (end.cause !== 'tie-lost') this.#host.connectionLost(connection.path);
    if (this.#byPair.has(pairOf(connection.path))) this.#host.peerThere(connection.path);
  }

  gone(id: number): void {
    const connection = this.#connections.get(id);
    if (connection !== undefined) this.#unpair(connection);
    this.#connections.delete(id);
  }

  close(connection: Tunnel, resultCode: number, message: string): void {
    if (connection.state === 'closing') return;
    this.#context.l2tpv3({ on: 'close-connection', connection: connection.id, resultCode, message });
  }

  #settings({ l2tpClass, ...how }: ConnectionWish, path: Path) {
    const { configuration } = this.#context;
    return connectionSettings(configuration, configuration.l2tpClasses.get(l2tpClass), path, how);
  }

  /** The endpoint had no room for it. */
  #neverOpened(reference: string | undefined): void {
    const opening = this.#opening.get(reference ?? '');
    if (opening === undefined) return;
    this.#opening.delete(reference!);
    this.#host.connectionFailed([...opening.waiting], false);
  }

  /** Only ends that are somebody's failure. */
  #report(connection: Tunnel, end: End): void {
    const cause = failureOf(end, ORDINARY_ENDS);
    // §5.4.3: `AlreadyExists` says that another connection stands; that is as it should be.
    if (cause === undefined || end.resultCode === StopCcnResult.AlreadyExists) return;
    if (cause === 'unreachable') {
      this.#context.log('VPDN-UNREACH', `L2TP peer ${connection.path.peerAddress} is unreachable`);
    }
    this.#fail(cause, connection, describe(end));
  }

  #fail(
    cause: FailureCause,
    { path, remoteName, localName, accepted }: Pick<Tunnel, 'path' | 'remoteName' | 'localName' | 'accepted'>,
    reason: string,
  ): void {
    this.#context.fail({
      cause,
      user: '',
      remoteName: printable(remoteName),
      remoteAddress: path.peerAddress,
      localName,
      localAddress: path.localAddress,
      callId: 0,
      locallyInitiated: accepted !== true,
      reason,
    });
  }

  #unpair(connection: Tunnel): void {
    const pair = pairOf(connection.path);
    if (this.#byPair.get(pair) === connection.id) this.#byPair.delete(pair);
  }
}

/** §4.1.2.1: over UDP both ends use port 1701; over IP there are no ports. */
export function pathOf({ transport, localAddress, peer }: ConnectionWish): Path {
  const port = transport === 'ip' ? 0 : L2TP_PORT;
  const ends = { localAddress, localPort: port, peerAddress: peer, peerPort: port };
  return transport === 'ip' ? { transport, ...ends } : ends;
}
