// The tunnels of the router and whose they are: a vpdn-group's, accepted, or an l2tp-class's, opened for pseudowires.
// Between a pair of addresses one set of l2tp-class parameters is in force, and one tunnel serves all pseudowires.

import { StopCcnResult } from '../l2tp/end.ts';
import type { End, EndpointEffect } from '../l2tp/events.ts';
import { L2TP_PORT } from '../l2tp/header.ts';
import type { Path } from '../wire/ip.ts';
import { printable } from '../wire/values.ts';
import type { Context } from './context.ts';
import { acceptedTunnelSettings, DEFAULT_L2TP_CLASS, openedTunnelSettings } from './defaults.ts';
import { type FailureCause, failureOf } from './failure.ts';
import { chooseGroup } from './vpdn-group.ts';

export interface Tunnel {
  readonly id: number;
  readonly path: Path;
  readonly localName: string;
  remoteName: string;
  state: 'opening' | 'up' | 'closing';
  /** Of an accepted tunnel. */
  readonly group: string | undefined;
  /** Of an opened one, and of every control connection of L2TPv3. */
  readonly l2tpClass: string | undefined;
  /** A control connection of L2TPv3 that the peer opened. */
  readonly accepted?: boolean;
  /** Virtual-PPP interfaces that wait for it to come up. */
  readonly waiting: Set<string>;
  /** Local session ids of the calls in it. */
  readonly sessions: Set<number>;
}

export interface TunnelHost {
  /** The tunnel is up: these Virtual-PPP interfaces may place their calls. */
  tunnelReady(tunnel: Tunnel, waiting: readonly string[]): void;
  /** The tunnel these waited for will not come. */
  tunnelFailed(waiting: readonly string[]): void;
}

export class Tunnels {
  readonly #context: Context;
  readonly #host: TunnelHost;
  readonly #tunnels = new Map<number, Tunnel>();
  /** Opened tunnels by (local, peer) pair. */
  readonly #byPair = new Map<string, number>();
  /** What an `open-tunnel` in flight belongs to, by reference. */
  readonly #opening = new Map<string, Omit<Tunnel, 'id' | 'sessions'>>();

  constructor(context: Context, host: TunnelHost) {
    this.#context = context;
    this.#host = host;
  }

  get(id: number): Tunnel | undefined {
    return this.#tunnels.get(id);
  }

  all(): IterableIterator<Tunnel> {
    return this.#tunnels.values();
  }

  /** Brings `interfaceName` a tunnel to `peer`: an open one, or a new one. Returns a failure that is certain at once. */
  want(interfaceName: string, localAddress: string, peer: string, className: string): FailureCause | undefined {
    const pair = `${localAddress} ${peer}`;
    const known = this.#tunnels.get(this.#byPair.get(pair) ?? 0) ?? this.#opening.get(pair);
    if (known !== undefined && known.state !== 'closing') {
      if (known.l2tpClass !== className) return 'class-conflict';
      if (known.state === 'up') this.#host.tunnelReady(known as Tunnel, [interfaceName]);
      else known.waiting.add(interfaceName);
      return undefined;
    }
    const { configuration } = this.#context;
    const settings = openedTunnelSettings(configuration, configuration.l2tpClasses.get(className), peer);
    const path = { localAddress, localPort: L2TP_PORT, peerAddress: peer, peerPort: L2TP_PORT };
    this.#opening.set(pair, {
      path,
      localName: settings.localName,
      remoteName: peer,
      state: 'opening',
      group: undefined,
      l2tpClass: className,
      waiting: new Set([interfaceName]),
    });
    this.#context.l2tp({ on: 'open-tunnel', reference: pair, path, settings });
    return undefined;
  }

  /** A Virtual-PPP interface no longer wants the tunnel it waits for. */
  unwant(interfaceName: string): void {
    for (const tunnel of this.#tunnels.values()) tunnel.waiting.delete(interfaceName);
  }

  opening({ reference, tunnel }: Extract<EndpointEffect, { do: 'tunnel-opening' }>): void {
    const known = this.#opening.get(reference);
    if (known === undefined) return;
    this.#opening.delete(reference);
    this.#tunnels.set(tunnel, { ...known, id: tunnel, sessions: new Set() });
    this.#byPair.set(reference, tunnel);
  }

  authorize({ tunnel, path, peer }: Extract<EndpointEffect, { do: 'authorize-tunnel' }>): void {
    const { configuration } = this.#context;
    const choice = chooseGroup(configuration, peer.hostName, path.localAddress);
    if (!choice.found) {
      const known = choice.known.length === 0 ? 'none' : choice.known.join(', ');
      const reason =
        choice.reason === 'no-group'
          ? `L2TP host name "${printable(peer.hostName)}" matches no terminate-from hostname (known: ${known})`
          : 'vpdn enable is not configured';
      return this.#refuse(tunnel, path, peer.hostName, configuration.hostname, choice.reason, reason);
    }
    const settings = acceptedTunnelSettings(configuration, choice.group, peer.hostName);
    if (settings.authentication && settings.secret === undefined) {
      const reason = `vpdn-group ${choice.group.name} wants tunnel authentication and has no secret`;
      return this.#refuse(tunnel, path, peer.hostName, settings.localName, 'no-tunnel-secret', reason);
    }
    this.#tunnels.set(tunnel, {
      id: tunnel,
      path,
      localName: settings.localName,
      remoteName: peer.hostName,
      state: 'opening',
      group: choice.group.name,
      l2tpClass: undefined,
      waiting: new Set(),
      sessions: new Set(),
    });
    this.#context.l2tp({ on: 'authorize-tunnel', tunnel, settings });
  }

  up({ tunnel: id, peer, path }: Extract<EndpointEffect, { do: 'tunnel-up' }>): void {
    const tunnel = this.#tunnels.get(id);
    if (tunnel === undefined) return;
    const known = { ...tunnel, remoteName: peer.hostName, state: 'up' as const, path };
    this.#tunnels.set(id, known);
    const waiting = [...known.waiting];
    known.waiting.clear();
    this.#host.tunnelReady(known, waiting);
  }

  down(id: number, end: End): void {
    const tunnel = this.#tunnels.get(id);
    if (tunnel === undefined) return;
    const failed = tunnel.state !== 'closing';
    tunnel.state = 'closing';
    this.#unpair(tunnel);
    if (failed) this.#report(tunnel, end);
    const waiting = [...tunnel.waiting];
    tunnel.waiting.clear();
    this.#host.tunnelFailed(waiting);
  }

  gone(id: number): void {
    const tunnel = this.#tunnels.get(id);
    if (tunnel !== undefined) this.#unpair(tunnel);
    this.#tunnels.delete(id);
  }

  close(tunnel: Tunnel, resultCode: number, message: string): void {
    if (tunnel.state === 'closing') return;
    this.#context.l2tp({ on: 'close-tunnel', tunnel: tunnel.id, resultCode, message });
  }

  #refuse(
    tunnel: number,
    path: Path,
    remoteName: string,
    localName: string,
    cause: FailureCause,
    reason: string,
  ): void {
    this.#context.l2tp({
      on: 'refuse-tunnel',
      tunnel,
      resultCode: StopCcnResult.NotAuthorized,
      message: 'not authorized',
    });
    const { peerAddress: remoteAddress, localAddress } = path;
    this.#context.fail({
      cause,
      user: '',
      remoteName,
      remoteAddress,
      localName,
      localAddress,
      callId: 0,
      locallyInitiated: false,
      reason,
    });
  }

  /** Only ends that are somebody's failure. */
  #report(tunnel: Tunnel, end: End): void {
    const cause = failureOf(end, ORDINARY_ENDS);
    if (cause === undefined) return;
    if (cause === 'unreachable') {
      this.#context.log('VPDN-UNREACH', `L2TP LNS ${tunnel.path.peerAddress} is unreachable`);
    }
    this.#context.fail({
      cause,
      user: '',
      remoteName: tunnel.remoteName,
      remoteAddress: tunnel.path.peerAddress,
      localName: tunnel.localName,
      localAddress: tunnel.path.localAddress,
      callId: 0,
      locallyInitiated: tunnel.group === undefined,
      reason: describe(end),
    });
  }

  #unpair(tunnel: Tunnel): void {
    const pair = `${tunnel.path.localAddress} ${tunnel.path.peerAddress}`;
    if (this.#byPair.get(pair) === tunnel.id) this.#byPair.delete(pair);
  }
}

export function classNameOf(configured: string | undefined): string {
  return configured ?? DEFAULT_L2TP_CLASS;
}

export function describe({ side, resultCode, errorCode, message }: End): string {
  const codes =
    resultCode === 0
      ? ''
      : `StopCCN ${side === 'peer' ? 'received' : 'sent'}: result ${resultCode}, error ${errorCode}`;
  return [codes, printable(message)].filter((part) => part !== '').join(', ');
}

/** RFC 2661 §4.4.2: the StopCCN results that are no failures. */
export const ORDINARY_ENDS: readonly number[] = [StopCcnResult.General, StopCcnResult.ShuttingDown];
