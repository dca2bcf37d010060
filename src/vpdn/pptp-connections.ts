// The control connections of PPTP (RFC 2637 §3.1) and whose they are: a vpdn-group's, accepted, or that of one client's interface.
// A client has one of its own: servers expect one call in each.

import { StartResult, StopReason } from '../pptp/end.ts';
import type { End, EndpointEffect } from '../pptp/events.ts';
import { PPTP_PORT } from '../pptp/message.ts';
import type { Path } from '../wire/ip.ts';
import { printable } from '../wire/values.ts';
import type { Context } from './context.ts';
import { acceptedPptpSettings, openedPptpSettings } from './defaults-pptp.ts';
import { type FailureCause, failureOf } from './failure.ts';
import { endOf } from './pptp-end.ts';
import type { Tunnel } from './tunnels.ts';
import { chooseGroup } from './vpdn-group.ts';

export interface PptpConnectionHost {
  /** It is up: the interface may place its call. */
  connectionReady(connection: Tunnel, waiting: readonly string[]): void;
  connectionFailed(waiting: readonly string[]): void;
}

/** A control connection is a tunnel by another name; `group` is that of the client too. */
export class PptpConnections {
  readonly #context: Context;
  readonly #host: PptpConnectionHost;
  readonly #connections = new Map<number, Tunnel>();
  /** What an `open-connection` in flight belongs to, by interface. */
  readonly #opening = new Map<string, Omit<Tunnel, 'id' | 'sessions'>>();
  /** Those that broke, by whether all of their calls were leaving anyway. */
  readonly #broken = new Map<number, boolean>();

  constructor(context: Context, host: PptpConnectionHost) {
    this.#context = context;
    this.#host = host;
  }

  get(id: number): Tunnel | undefined {
    return this.#connections.get(id);
  }

  all(): IterableIterator<Tunnel> {
    return this.#connections.values();
  }

  /** How many of ours there are to a server, or will be. */
  countTo(peer: string): number {
    let count = 0;
    for (const { path } of this.#opening.values()) if (path.peerAddress === peer) count++;
    for (const { path, accepted, state } of this.#connections.values()) {
      if (accepted !== true && state !== 'closing' && path.peerAddress === peer) count++;
    }
    return count;
  }

  /** Opens one for a client's interface; the group says how. */
  want(interfaceName: string, localAddress: string, peer: string, groupName: string): void {
    const { configuration } = this.#context;
    const group = configuration.vpdnGroups.get(groupName);
    if (group === undefined) return this.#host.connectionFailed([interfaceName]);
    const settings = openedPptpSettings(configuration, group);
    const path = { localAddress, localPort: 0, peerAddress: peer, peerPort: PPTP_PORT };
    this.#opening.set(interfaceName, {
      path,
      localName: settings.localName,
      remoteName: peer,
      state: 'opening',
      group: groupName,
      l2tpClass: undefined,
      waiting: new Set([interfaceName]),
    });
    // The server's first frame may be here with its Outgoing-Call-Reply: Linux must not answer that nobody speaks GRE.
    this.#context.emit({ do: 'listen', path: { transport: 'gre', localAddress } });
    this.#context.pptp({ on: 'open-connection', reference: interfaceName, path, settings });
  }

  /** An interface no longer wants the connection it waits for. */
  unwant(interfaceName: string): void {
    for (const connection of this.#connections.values()) {
      if (connection.waiting.delete(interfaceName)) this.close(connection, 'no longer wanted');
    }
  }

  opening({ reference, connection }: Extract<EndpointEffect, { do: 'connection-opening' }>): void {
    const known = this.#opening.get(reference);
    if (known === undefined) return;
    this.#opening.delete(reference);
    this.#connections.set(connection, { ...known, id: connection, sessions: new Set() });
  }

  authorize({ connection, path, peer }: Extract<EndpointEffect, { do: 'authorize-connection' }>): void {
    const { configuration } = this.#context;
    // Clients give whatever name they like, or none: then their address is it (C074).
    const remoteName = peer.hostName === '' ? path.peerAddress : peer.hostName;
    const choice = chooseGroup(configuration, remoteName, path.localAddress, 'pptp');
    if (!choice.found) {
      const known = choice.known.length === 0 ? 'none' : choice.known.join(', ');
      const reason =
        choice.reason === 'no-group'
          ? `PPTP host name "${printable(remoteName)}" matches no terminate-from hostname (known: ${known})`
          : 'vpdn enable is not configured';
      this.#context.pptp({ on: 'refuse-connection', connection, resultCode: StartResult.NotAuthorized });
      return this.#fail(choice.reason, { path, remoteName, localName: configuration.hostname }, reason, false);
    }
    const settings = acceptedPptpSettings(configuration, choice.group);
    this.#connections.set(connection, {
      id: connection,
      path,
      localName: settings.localName,
      remoteName,
      state: 'opening',
      group: choice.group.name,
      l2tpClass: undefined,
      accepted: true,
      waiting: new Set(),
      sessions: new Set(),
    });
    this.#context.pptp({ on: 'accept-connection', connection, settings });
  }

  up({ connection: id, peer, path }: Extract<EndpointEffect, { do: 'connection-up' }>): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return;
    const remoteName = peer.hostName === '' ? path.peerAddress : peer.hostName;
    const known = { ...connection, remoteName, state: 'up' as const, path };
    this.#connections.set(id, known);
    const waiting = [...known.waiting];
    known.waiting.clear();
    this.#host.connectionReady(known, waiting);
  }

  /** A call has gone with its connection, of which `down` tells next; `leaving`: in a moment it would have gone by itself. */
  callLost(id: number, leaving: boolean): void {
    this.#broken.set(id, leaving && this.#broken.get(id) !== false);
  }

  down({ connection: id, reference, end }: Extract<EndpointEffect, { do: 'connection-down' }>): void {
    const connection = this.#connections.get(id);
    if (connection === undefined) return this.#neverOpened(reference);
    const isFarewell = end.cause === 'connection-lost' && this.#broken.get(id) === true;
    const failed = connection.state !== 'closing' && !isFarewell;
    connection.state = 'closing';
    if (failed) this.#report(connection, end);
    const waiting = [...connection.waiting];
    connection.waiting.clear();
    this.#host.connectionFailed(waiting);
  }

  gone(id: number): void {
    this.#connections.delete(id);
    this.#broken.delete(id);
  }

  close(connection: Tunnel, message: string, resultCode: number = StopReason.None): void {
    if (connection.state === 'closing') return;
    this.#context.pptp({ on: 'close-connection', connection: connection.id, resultCode, message });
  }

  /** The endpoint had no room for it. */
  #neverOpened(reference: string | undefined): void {
    if (reference === undefined || !this.#opening.delete(reference)) return;
    this.#host.connectionFailed([reference]);
  }

  /** Only ends that are somebody's failure. */
  #report(connection: Tunnel, end: End): void {
    const cause = failureOf(endOf(end), []);
    if (cause === undefined) return;
    if (cause === 'pptp-unreachable') {
      this.#context.log('VPDN-UNREACH', `PPTP server ${connection.path.peerAddress} is unreachable`);
    }
    const codes = end.resultCode === 0 ? '' : `result ${end.resultCode}, error ${end.errorCode}: `;
    this.#fail(cause, connection, `${codes}${printable(end.message)}`, connection.accepted !== true);
  }

  #fail(
    cause: FailureCause,
    { path, remoteName, localName }: { readonly path: Path; readonly remoteName: string; readonly localName: string },
    reason: string,
    locallyInitiated: boolean,
  ): void {
    this.#context.fail({
      cause,
      user: '',
      remoteName: printable(remoteName),
      remoteAddress: path.peerAddress,
      localName,
      localAddress: path.localAddress,
      callId: 0,
      locallyInitiated,
      reason,
    });
  }
}
