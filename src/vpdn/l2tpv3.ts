// The L2TPv3 half of the router (RFC 3931): its endpoint, and what comes out of it for connections, calls and interfaces. It stands
// beside that of L2TPv2 and shares nothing with it but the port.

import { CdnResult } from '../l2tp/end.ts';
import { V3Endpoint } from '../l2tp/v3/endpoint.ts';
import type { SessionPath, V3EndpointEffect, V3EndpointInput } from '../l2tp/v3/events.ts';
import { kindOf } from '../l2tp/v3/header.ts';
import { CdnResultV3 } from '../l2tp/v3/session.ts';
import type { Path } from '../wire/ip.ts';
import type { Entropy, Millis } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import type { SessionEnds } from './call-place.ts';
import type { Context } from './context.ts';
import type { FailureCause } from './failure.ts';
import { ManualSessions } from './manual-sessions.ts';
import type { RouterParts } from './router-parts.ts';
import type { Tunnel } from './tunnels.ts';

type Parts = Pick<RouterParts, 'connections' | 'calls' | 'dialers'>;

export class L2tpv3 {
  readonly endpoint: V3Endpoint;
  readonly manual: ManualSessions;
  readonly #context: Context;
  readonly #parts: () => Parts;

  constructor(context: Context, entropy: Entropy, parts: () => Parts) {
    this.#context = context;
    this.#parts = parts;
    this.manual = new ManualSessions(context, {
      frame: (session, frame) => parts().calls.frame(0, session, frame),
      down: (session, end) => parts().calls.down(0, session, end),
    });
    this.endpoint = new V3Endpoint({ entropy, reserved: this.manual });
    this.endpoint.traced = false; // until somebody looks
  }

  /** What concerns a session without signaling never reaches the endpoint. */
  handle(input: V3EndpointInput): void {
    if (input.on === 'datagram' && this.manual.receive(input.path, input.octets)) return;
    if (input.on === 'frame' && this.manual.has(input.session)) return this.manual.send(input.session, input.frame);
    if (input.on === 'close-session' && this.manual.has(input.session)) return this.manual.close(input.session, input);
    if (input.on === 'circuit' && this.manual.has(input.session)) return; // nobody is there to be told
    // The peer's own request came in with what made ours possible, and serves the interface already.
    if (input.on === 'open-session' && this.#parts().calls.onInterface(input.reference) !== undefined) return;
    this.#effects(this.endpoint.handle(input, this.#context.now));
  }

  handleTimeout(now: Millis): void {
    if (this.endpoint.deadline <= now) this.#effects(this.endpoint.handleTimeout(now));
  }

  #effects(effects: readonly V3EndpointEffect[]): void {
    for (const effect of effects) this.#effect(effect);
  }

  #effect(effect: V3EndpointEffect): void {
    const { connections, calls } = this.#parts();
    switch (effect.do) {
      case 'send':
        return this.#context.emit(effect);
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
      case 'session-opening':
        return this.#opening(effect);
      case 'session-requested':
        return this.#requested(effect);
      case 'session-accepted':
        return calls.admitted(effect.session, this.#ends(effect));
      case 'session-up':
        return calls.established(effect.session, this.#ends(effect), effect.circuitActive);
      case 'session-down':
        return calls.down(0, effect.session, effect.end);
      case 'circuit':
        return calls.circuit(effect.session, effect.active);
      case 'frame':
        return calls.frame(0, effect.session, effect.frame);
      case 'probe-activity': {
        const sessions = [...(connections.get(effect.connection)?.sessions ?? [])];
        return this.#context.emit({ do: 'probe-activity', tunnel: effect.connection, sessions, of: 'l2tpv3' });
      }
      case 'trace':
        return this.#context.emit({ do: 'trace', trace: { layer: 'l2tp', event: effect.event } });
      case 'drop':
        return; // counted in the endpoint itself
      default:
        effect satisfies never;
    }
  }

  /** Our ICRQ went out, or soon will. */
  #opening({ reference, connection: id, session }: Extract<V3EndpointEffect, { do: 'session-opening' }>): void {
    const { connections, calls, dialers } = this.#parts();
    const connection = connections.get(id);
    const subject = dialers.subjectOf(reference);
    if (connection === undefined || subject === undefined) {
      if (connection === undefined) dialers.ended([reference]);
      return this.#close(session, CdnResult.Administrative, 'closed');
    }
    calls.pseudowire(connection, session, false, subject);
  }

  /** An ICRQ: it is for the interface of this peer and VCID. */
  #requested({ connection: id, session, path, request }: Extract<V3EndpointEffect, { do: 'session-requested' }>): void {
    const { connections, calls, dialers } = this.#parts();
    const connection = connections.get(id);
    if (connection === undefined) return this.#close(session, CdnResult.NoFacilitiesNow, 'refused');
    const name = dialers.namedBy(path, request.remoteEndId);
    const vcid = printable(String.fromCharCode(...request.remoteEndId));
    if (name === undefined) {
      return this.#refuse(
        connection,
        session,
        'unknown-vcid',
        NO_SUCH_FORWARDER,
        `no pseudowire to it has VCID ${vcid}`,
      );
    }
    const ours = dialers.typeOf(name);
    if (request.pseudowireType !== ours) {
      const reason = `VCID ${vcid} is of type ${ours} here and of type ${request.pseudowireType} there`;
      return this.#refuse(connection, session, 'pseudowire-type', CdnResultV3.UnsupportedPseudowire, reason);
    }
    const mtu = dialers.mtuOf(name);
    if (mtu !== undefined && request.interfaceMtu !== undefined && request.interfaceMtu !== mtu) {
      const reason = `the MTU of ${name} is ${mtu}, and ${request.interfaceMtu} at the other end`;
      return this.#refuse(connection, session, 'pseudowire-mtu', CdnResultV3.MismatchingMtu, reason);
    }
    const busy = calls.onInterface(name);
    if (busy !== undefined) {
      return this.#refuse(connection, session, 'pseudowire-busy', CdnResult.NoFacilitiesNow, `${name} has a session`);
    }
    const settings = dialers.answer(name);
    const subject = dialers.subjectOf(name);
    if (settings === undefined || subject === undefined) {
      return this.#refuse(connection, session, 'pseudowire-busy', CdnResult.NoFacilitiesNow, `${name} is not ready`);
    }
    calls.pseudowire(connection, session, true, subject);
    this.#context.l2tpv3({ on: 'accept-session', session, settings });
  }

  #ends({ session, carries }: { readonly session: number; readonly carries: SessionPath }): SessionEnds {
    const { calls, dialers } = this.#parts();
    const v3 = dialers.v3DataOf(calls.get(0, session)?.place.interfaceName ?? '', carries);
    const { path, peerSession } = carries;
    return { peerTunnel: 0, peerSession, path, sequencing: v3.sendSequencing, v3 };
  }

  #refuse(connection: Tunnel, session: number, cause: FailureCause, resultCode: number, reason: string): void {
    this.#close(session, resultCode, cause.replaceAll('-', ' '));
    this.#context.fail({
      cause,
      user: '',
      remoteName: printable(connection.remoteName),
      remoteAddress: connection.path.peerAddress,
      localName: connection.localName,
      localAddress: connection.path.localAddress,
      callId: session,
      locallyInitiated: false,
      reason,
    });
  }

  #close(session: number, resultCode: number, message: string): void {
    this.#context.l2tpv3({ on: 'close-session', session, resultCode, message });
  }
}

/** RFC 3931 §4.1: over IP everything is of version 3, over UDP the version says so. Octets too few for either are nobody's. */
export function isV3(path: Path, octets: Uint8Array): boolean {
  return path.transport === 'ip' || (octets.length >= 4 && kindOf(path, octets) !== 'not-v3');
}

/** RFC 4667 §3.5: "Attempt to connect to non-existent forwarder". */
const NO_SUCH_FORWARDER = 24;
