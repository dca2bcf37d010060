// One tunnel: its transport, its control connection and its calls, and which of them a message is for.

import type { Identifiers } from '../wire/identifiers.ts';
import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import { Calls } from './calls.ts';
import { ControlConnection } from './control-connection.ts';
import { localEnd, StopCcnResult } from './end.ts';
import type { TunnelSettings } from './events.ts';
import { type ControlHeader, wordAt } from './header.ts';
import { decodeMessage, ErrorCode, isSessionMessage } from './message.ts';
import type { Outlet } from './outlet.ts';
import type { TunnelState, TunnelStatus } from './status.ts';
import { Transport } from './transport.ts';

export class Tunnel {
  readonly transport: Transport;
  readonly connection: ControlConnection;
  readonly calls: Calls;
  readonly locallyInitiated: boolean;
  readonly #outlet: Outlet;

  /** With `origin` we are the originator, without one the recipient. */
  constructor(
    outlet: Outlet,
    identifiers: Identifiers,
    id: number,
    path: Path,
    origin?: { readonly reference: string; readonly settings: TunnelSettings },
  ) {
    const { receiveWindowSize: window, retransmit } = origin?.settings ?? UNTIL_AUTHORIZED;
    this.#outlet = outlet;
    this.locallyInitiated = origin !== undefined;
    this.transport = new Transport(outlet, id, path, { window, retransmit, initiator: this.locallyInitiated });
    this.calls = new Calls(this.transport, identifiers);
    this.connection = new ControlConnection(this.transport, this.calls, origin?.reference);
  }

  get id(): number {
    return this.transport.id;
  }

  get state(): TunnelState {
    return this.connection.state;
  }

  /** The peer called us and has not shown yet to be where its SCCRQ came from. */
  get halfOpen(): boolean {
    return !this.transport.proven && !this.connection.gone;
  }

  get deadline(): Millis {
    const least = Math.min(this.calls.deadline, this.connection.deadline);
    return this.connection.gone ? least : Math.min(least, this.transport.deadline);
  }

  /** RFC 2661 §8.1 lets the recipient answer from a port of its own: learnt once, from an SCCRP that fits our SCCRQ. */
  learnPort(path: Path, header: ControlHeader, octets: Uint8Array): boolean {
    if (this.state !== 'wait-ctl-reply' || path.peerAddress !== this.transport.path.peerAddress) return false;
    if (header.ns !== 0 || header.nr !== 1) return false;
    const { name, fault, attributes } = decodeMessage(octets, this.transport.secret);
    if (name !== 'SCCRP' || fault !== undefined || !this.connection.handshake.isFromPeer(attributes)) return false;
    this.transport.path = { ...this.transport.path, peerPort: path.peerPort };
    return true;
  }

  /** A control message of this tunnel, from its peer. */
  receive(header: ControlHeader, octets: Uint8Array): void {
    const { transport } = this;
    transport.answerDue = false;
    const owing = transport.channel.pending > 0;
    for (const message of transport.receive(header, octets)) this.#receiveMessage(message);
    if (owing && transport.channel.pending === 0) this.connection.acknowledged();
  }

  /** A data message of this tunnel, from its peer. */
  receiveFrame(session: number, ns: number | undefined, frame: Uint8Array): void {
    if (this.state !== 'established') return this.#outlet.drop('tunnel-not-up', this.transport.path);
    this.transport.heardAt = this.#outlet.now;
    this.calls.receiveFrame(session, ns, frame);
  }

  /** To be called after every input that touched the tunnel. */
  settle(): void {
    if (this.connection.gone) return;
    if (this.transport.channel.unsent > this.#outlet.limits.unsentMessages) {
      // A peer that asks and asks, and never acknowledges what it gets.
      this.connection.stop(
        localEnd('no-resources', StopCcnResult.SeeErrorCode, ErrorCode.NoResources, 'too much waits'),
      );
    }
    this.transport.settle();
  }

  handleTimeout(): void {
    if (!this.transport.handleTimeout()) return this.connection.unheard();
    this.calls.handleTimeout();
    this.connection.handleTimeout();
  }

  status(): TunnelStatus {
    return {
      ...this.transport.status(),
      ...this.connection.handshake.status(),
      locallyInitiated: this.locallyInitiated,
      reference: this.connection.reference,
      state: this.state,
      since: this.connection.since,
      calls: this.calls.size,
    };
  }

  #receiveMessage(octets: Uint8Array): void {
    if (this.state === 'shutting-down') return this.#outlet.drop('tunnel-closing', this.transport.path);
    const message = decodeMessage(octets, this.transport.secret, !this.connection.authorized);
    for (const flaw of message.flaws) this.#outlet.traceError(this.id, 0, flaw);
    const { name, mandatory } = message;
    // §4.4.1: the M bit of the Message Type says whether the tunnel must be cleared for it, or the message ignored.
    if (name === undefined && !mandatory) return this.#outlet.count('unknown-message');
    const ofCall = name !== undefined && isSessionMessage(name) && this.state === 'established';
    if (ofCall) this.calls.receive(name, message, wordAt(octets, SESSION_ID));
    else this.connection.receive(message, octets);
  }
}

const SESSION_ID = 6;
/** §4.4.3 and §5.8: what is assumed of ourselves before anybody said how the tunnel is to behave. */
const UNTIL_AUTHORIZED = {
  receiveWindowSize: 4,
  retransmit: {
    initialRetries: 5,
    initialTimeoutMin: 1000,
    initialTimeoutMax: 8000,
    retries: 5,
    timeoutMin: 1000,
    timeoutMax: 8000,
  },
} as const;
