// The PPTP half of the router (RFC 2637): its endpoint, and what comes out of it for connections, calls and interfaces. Control goes
// by TCP streams that `host/` keeps, frames by enhanced GRE beside them.

import { Endpoint } from '../pptp/endpoint.ts';
import type { CallPath, EndpointEffect, EndpointInput } from '../pptp/events.ts';
import { decodeGre, encodeGre } from '../pptp/gre-header.ts';
import { DecodeError } from '../wire/errors.ts';
import type { Path } from '../wire/ip.ts';
import type { Entropy, Millis } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import { Call } from './call.ts';
import type { SessionEnds } from './call-place.ts';
import type { Calls } from './calls.ts';
import type { Carrier } from './carrier.ts';
import type { Context } from './context.ts';
import type { Dialers } from './dialers.ts';
import { PPTP_CALLS } from './events.ts';
import type { FailureCause } from './failure.ts';
import type { PptpConnections } from './pptp-connections.ts';
import { endOf, refusalOf } from './pptp-end.ts';
import type { Tunnel } from './tunnels.ts';
import { groupInForce } from './vpdn-template.ts';

interface Parts {
  readonly pptpConnections: PptpConnections;
  readonly calls: Calls;
  readonly dialers: Dialers;
}
type Requested = Extract<EndpointEffect, { do: 'call-requested' }>;

export class Pptp {
  readonly endpoint: Endpoint;
  /** Packets of enhanced GRE that came up and were for nobody, by reason. */
  readonly drops = new Map<string, number>();
  readonly #context: Context;
  readonly #parts: () => Parts;
  /** Calls of peers that we have not answered yet. */
  readonly #waiting = new Map<number, Requested['request']['kind']>();

  constructor(context: Context, entropy: Entropy, parts: () => Parts) {
    this.#context = context;
    this.#parts = parts;
    this.endpoint = new Endpoint({ entropy });
    this.endpoint.traced = false; // until somebody looks
  }

  handle(input: EndpointInput): void {
    this.#effects(this.endpoint.handle(input, this.#context.now));
  }

  handleTimeout(now: Millis): void {
    if (this.endpoint.deadline <= now) this.#effects(this.endpoint.handleTimeout(now));
  }

  /** A packet of enhanced GRE that the packet path did not forward itself. */
  datagram(path: Path, octets: Uint8Array): void {
    const { calls } = this.#parts();
    try {
      const { call, payload } = decodeGre(octets);
      const data = calls.get(PPTP_CALLS, call)?.data;
      // The frames come from where the control connection does, and from nowhere else.
      if (data === undefined || data.path.peerAddress !== path.peerAddress) return this.#drop('unknown-call');
      if (payload.length > 0) calls.frame(PPTP_CALLS, call, payload);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#drop(error.code);
    }
  }

  #effects(effects: readonly EndpointEffect[]): void {
    for (const effect of effects) this.#effect(effect);
  }

  #effect(effect: EndpointEffect): void {
    const { pptpConnections: connections, calls } = this.#parts();
    switch (effect.do) {
      case 'connect':
      case 'send':
      case 'disconnect':
        return this.#context.emit({ do: 'stream', stream: effect });
      case 'connection-opening':
        return connections.opening(effect);
      case 'authorize-connection':
        return connections.authorize(effect);
      case 'connection-up':
        return connections.up(effect);
      case 'connection-down':
        return connections.down(effect);
      case 'connection-gone':
        return connections.gone(effect.connection);
      case 'call-requested':
        return this.#requested(effect);
      case 'call-opening':
        return this.#opening(effect);
      case 'call-up':
        this.#waiting.delete(effect.call);
        return calls.up({ tunnel: PPTP_CALLS, session: effect.call, ...this.#ends(effect.connection, effect.carries) });
      case 'call-down':
        this.#waiting.delete(effect.call);
        this.#callDown(effect);
        return calls.down(PPTP_CALLS, effect.call, endOf(effect.end));
      case 'probe-activity': {
        const sessions = [...(connections.get(effect.connection)?.sessions ?? [])];
        return this.#context.emit({ do: 'probe-activity', tunnel: effect.connection, sessions, of: 'pptp' });
      }
      case 'trace':
        return this.#context.emit({ do: 'trace', trace: { layer: 'pptp', event: effect.event } });
      case 'link-info':
      case 'wan-error':
        return; // §2.14, §2.15: about a serial line that a tunnel has not got
      case 'drop':
        return; // counted in the endpoint itself
      default:
        effect satisfies never;
    }
  }

  /** A peer calls: an Outgoing-Call-Request of a client, or an Incoming-Call-Request of an access server. */
  #requested({ connection: id, call, request }: Requested): void {
    const { pptpConnections, calls } = this.#parts();
    const connection = pptpConnections.get(id);
    this.#waiting.set(call, request.kind);
    if (connection === undefined) return this.#close(call, { resultCode: 0 });
    const place = { tunnel: PPTP_CALLS, session: call, connection: id, carrier: this.#carrier(call) };
    const answer = calls.answer(connection, { ...place, callSerialNumber: request.callSerialNumber });
    if (!answer.admitted) return this.#refuse(connection, call, answer.cause, answer.reason);
    this.#context.pptp({ on: 'accept-call', call });
  }

  /** Our own request went out. */
  #opening({ reference, connection: id, call }: Extract<EndpointEffect, { do: 'call-opening' }>): void {
    const { pptpConnections, calls, dialers } = this.#parts();
    const connection = pptpConnections.get(id);
    const subject = dialers.subjectOf(reference);
    if (call === 0) return dialers.ended([reference]);
    if (connection === undefined || subject === undefined) {
      if (connection === undefined) dialers.ended([reference]);
      return this.#close(call, { resultCode: 0 });
    }
    const ids = { tunnel: PPTP_CALLS, session: call, connection: id, answered: false, carrier: this.#carrier(call) };
    calls.place(connection, ids, subject);
  }

  /** With its connection: that means nothing where PPP has said goodbye, and something where it has not. */
  #callDown({ connection, call, end }: Extract<EndpointEffect, { do: 'call-down' }>): void {
    if (end.cause !== 'tunnel-down') return;
    const { pptpConnections, calls } = this.#parts();
    const standing = calls.get(PPTP_CALLS, call);
    pptpConnections.callLost(connection, standing instanceof Call && standing.isLeaving);
  }

  #carrier(call: number): Carrier {
    return {
      send: (frame) => this.#send(call, frame),
      close: (refusal) => this.#close(call, refusal),
    };
  }

  /** Its number it gets where all packets of the call get theirs (§4.1). */
  #send(call: number, frame: Uint8Array): void {
    const data = this.#parts().calls.get(PPTP_CALLS, call)?.data;
    if (data === undefined) return;
    const { path, peerSession } = data;
    const sequenced = { tunnel: PPTP_CALLS, session: call };
    this.#context.emit({ do: 'send', path, octets: encodeGre(peerSession, frame), sequenced });
  }

  #close(call: number, refusal: { readonly resultCode: number; readonly message?: string }): void {
    this.#context.pptp({ on: 'close-call', call, ...refusalOf(refusal, this.#waiting.get(call)) });
  }

  #ends(connection: number, { path, peerCall, localWindow, peerWindow, peerProcessingDelay }: CallPath): SessionEnds {
    const { configuration } = this.#context;
    const group = configuration.vpdnGroups.get(this.#parts().pptpConnections.get(connection)?.group ?? '');
    const staticRtt = group === undefined ? undefined : groupInForce(configuration, group).pptp.staticRtt;
    const gre = { localWindow, peerWindow, peerProcessingDelay, ...(staticRtt !== undefined && { staticRtt }) };
    const { localAddress, peerAddress } = path;
    return {
      peerTunnel: 0,
      peerSession: peerCall,
      path: { transport: 'gre', localAddress, localPort: 0, peerAddress, peerPort: 0 },
      sequencing: true,
      gre,
    };
  }

  #refuse(connection: Tunnel, call: number, cause: FailureCause, reason: string): void {
    this.#close(call, { resultCode: 0, message: cause.replaceAll('-', ' ') });
    this.#context.fail({
      cause,
      user: '',
      remoteName: printable(connection.remoteName),
      remoteAddress: connection.path.peerAddress,
      localName: connection.localName,
      localAddress: connection.path.localAddress,
      callId: call,
      locallyInitiated: false,
      reason,
    });
  }

  #drop(reason: string): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1);
  }
}
