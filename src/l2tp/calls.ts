// The calls of one tunnel: finds the one a message is about, keeps their number and their setup time bounded,
// refuses what is not taken (RFC 2661 §5.2, §5.6, §6.6 to §6.14).

import type { Identifiers } from '../wire/identifiers.ts';
import type { Attributes } from './avp.ts';
import { Call, connectionOf } from './call.ts';
import type { CallEvent } from './call-tables.ts';
import { CdnResult, endOfRefusal, localEnd, peerEnd, resultOf } from './end.ts';
import type { CallRequest, CallSettings, End, EndpointInput, Refusal } from './events.ts';
import { ErrorCode, type Fault, type Message, type MessageName } from './message.ts';
import type { Transport } from './transport.ts';

export class Calls {
  readonly #transport: Transport;
  readonly #identifiers: Identifiers;
  readonly #calls = new Map<number, Call>();
  /** By the peer's Session ID. */
  readonly #byPeer = new Map<number, Call>();
  /** Calls coming up, and until when: in the order they began, as all have the same time. */
  readonly #comingUp = new Map<Call, number>();
  /** Since when there has been no call. */
  idleSince: number;
  /** There was a call once. */
  used = false;

  constructor(transport: Transport, identifiers: Identifiers) {
    this.#transport = transport;
    this.#identifiers = identifiers;
    this.idleSince = transport.outlet.now;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** The first of those coming up: they are in the order of their times. */
  get deadline(): number {
    for (const time of this.#comingUp.values()) return time;
    return Number.POSITIVE_INFINITY;
  }

  get(session: number): Call | undefined {
    return this.#calls.get(session);
  }

  /** Our Session IDs. */
  ids(): Iterable<number> {
    return this.#calls.keys();
  }

  values(): Iterable<Call> {
    return this.#calls.values();
  }

  /** `up`: the tunnel is established; else the call waits for it. */
  open(reference: string, settings: CallSettings, up: boolean): void {
    const { outlet, id: tunnel, channel } = this.#transport;
    const session = this.#hasRoom() && channel.unsent < outlet.limits.unsentMessages ? this.#allocate() : undefined;
    outlet.emit({ do: 'call-opening', reference, tunnel, session: session ?? 0 });
    if (session === undefined) {
      outlet.emit({ do: 'call-down', tunnel, session: 0, end: localEnd('no-resources') });
      return;
    }
    const call = new Call(this.#transport, session, { serial: settings.callSerialNumber, settings, reference });
    this.#add(call);
    call.step('ring');
    if (up) this.#indicate(call);
  }

  accept(session: number, sequencing: boolean): void {
    const call = this.#calls.get(session);
    if (call?.undecided !== true) return this.#stale();
    call.accept(sequencing);
  }

  close(session: number, refusal: Refusal): void {
    const call = this.#calls.get(session);
    if (call === undefined) return this.#stale();
    if (call.undecided) call.step('ICRQ-', endOfRefusal('refused', refusal));
    else call.step('close', endOfRefusal('closed', refusal));
    this.#settle(call);
  }

  sendFrame(input: Extract<EndpointInput, { on: 'frame' }>): void {
    const call = this.#calls.get(input.session);
    if (call?.state !== 'established') return this.#stale();
    call.sendFrame(input.frame, input.priority ?? false);
  }

  receiveFrame(session: number, ns: number | undefined, frame: Uint8Array): void {
    const call = this.#calls.get(session);
    if (call === undefined) this.#transport.outlet.drop('unknown-session', this.#transport.path);
    else call.receiveFrame(ns, frame);
  }

  /** The control connection is established: tunnel-open for the calls that wait (§7.2.1). */
  tunnelUp(): void {
    this.idleSince = this.#transport.outlet.now;
    for (const call of this.#calls.values()) if (call.state === 'wait-tunnel') this.#indicate(call);
  }

  /** §6.4: with the tunnel "all active sessions are implicitly cleared (without sending any explicit call control messages)". */
  tunnelDown(end: End): void {
    for (const call of this.#calls.values()) {
      call.tunnelDown({ ...end, cause: 'tunnel-down' });
      this.#settle(call);
    }
  }

  handleTimeout(): void {
    const { now } = this.#transport.outlet;
    for (const [call, time] of this.#comingUp) {
      if (time > now) return;
      call.abort(localEnd('setup-timeout', CdnResult.NotInTime, 0, 'not established in time'));
      this.#settle(call);
    }
  }

  /** A message of a session, in order and from the peer; `session` is that of its header. */
  receive(name: MessageName, message: Message, session: number): void {
    if (name === 'ICRQ' || name === 'OCRQ') return this.#receiveRequest(name, message, session);
    const call = this.#find(name, message.attributes, session);
    if (call === undefined) {
      // §7.4: ICCN and CDN are cleaned up in silence; so is the rest, for a session that may have ended just now.
      this.#transport.outlet.drop('unknown-session', this.#transport.path);
      return;
    }
    this.#hand(call, name, message);
    this.#settle(call);
  }

  /** §4.2: what is wrong with a message of a session ends that session, and no other. */
  #hand(call: Call, name: MessageName, message: Message): void {
    const { attributes } = message;
    const fault = message.fault ?? this.#conflict(call, name, attributes);
    const end = fault && endOfFault(fault);
    switch (name) {
      case 'CDN':
        call.step('CDN', peerEnd(attributes.ResultCode));
        return;
      case 'ICRP':
        if (end === undefined && call.state === 'wait-reply') this.#learn(call, attributes.AssignedSessionId!);
        this.#walk(call, end === undefined ? 'ICRP+' : 'ICRP-', end ?? misplaced(name, call));
        return;
      case 'ICCN':
        if (end === undefined && call.state === 'wait-connect') call.step('ICCN+', undefined, connectionOf(attributes));
        else this.#walk(call, 'ICCN-', end ?? misplaced(name, call));
        return;
      case 'WEN':
      case 'SLI':
        // Line errors and the ACCM of an asynchronous line: there is none here. Acknowledged, and that is all.
        if (end !== undefined) call.abort(end);
        return;
      default:
        call.abort(end ?? misplaced(name, call)); // an outgoing call's message
    }
  }

  /** A row of the table, or, where it has none for a peer so confused, the end of the call. */
  #walk(call: Call, event: CallEvent, end: End): void {
    if (!call.step(event, end)) call.abort(end);
  }

  /** §7.4, §7.5: a request for a session we already have falls under the table of that session. */
  #receiveRequest(name: 'ICRQ' | 'OCRQ', { attributes, fault }: Message, session: number): void {
    const peerSession = attributes.AssignedSessionId;
    const known = this.#calls.get(session) ?? (peerSession === undefined ? undefined : this.#byPeer.get(peerSession));
    if (known !== undefined) {
      this.#walk(known, name === 'ICRQ' ? 'ICRQ-' : 'OCRQ-', misplaced(name, known));
      this.#settle(known);
    } else if (peerSession === undefined) {
      this.#transport.outlet.drop('no-session-id', this.#transport.path);
    } else if (fault !== undefined) {
      this.#refuse(peerSession, endOfFault(fault));
    } else if (name === 'OCRQ') {
      // §7.5.1, OCRQ not acceptable: nothing here could dial.
      this.#refuse(peerSession, localEnd('refused', CdnResult.NoFacilitiesEver, 0, 'no outgoing calls'));
    } else {
      this.#request(peerSession, attributes);
    }
  }

  /** §7.4.2, ICRQ: whether it is acceptable is decided outside; until then it holds a number and a place. */
  #request(peerSession: number, attributes: Attributes): void {
    const { outlet, id: tunnel, peerId: peerTunnel, path } = this.#transport;
    const session = this.#hasRoom() ? this.#allocate() : undefined;
    if (session === undefined) {
      outlet.count('session-limit');
      this.#refuse(peerSession, localEnd('no-resources', CdnResult.NoFacilitiesNow, 0, 'too many sessions'));
      return;
    }
    const request = requestOf(attributes);
    const call = new Call(this.#transport, session, { serial: request.callSerialNumber });
    this.#add(call);
    this.#learn(call, peerSession);
    this.#transport.answerDue = true;
    outlet.emit({ do: 'call-requested', tunnel, session, peerTunnel, peerSession, path, request });
  }

  /** A CDN for a call that never was one. Its AVP 14 must name a session of ours, so it gets a number, to rest at once. */
  #refuse(peerSession: number, end: End): void {
    const session = this.#allocate();
    if (session === undefined) return this.#transport.outlet.count('no-session-id');
    this.#identifiers.release(this.#transport.id, session, this.#transport.outlet.now);
    this.#transport.outlet.traceError(this.#transport.id, 0, end.message);
    this.#transport.send('CDN', { ResultCode: resultOf(end), AssignedSessionId: session }, session, peerSession);
  }

  /** By our Session ID in the header; a CDN from a peer that never heard ours has 0 there, and its own in AVP 14 (§5.3). */
  #find(name: MessageName, attributes: Attributes, session: number): Call | undefined {
    if (session !== 0) return this.#calls.get(session);
    const { AssignedSessionId: peerSession } = attributes;
    return name === 'CDN' && peerSession !== undefined ? this.#byPeer.get(peerSession) : undefined;
  }

  /** A Session ID that the peer has given to another call of this tunnel. */
  #conflict(call: Call, name: MessageName, { AssignedSessionId: peerSession }: Attributes): Fault | undefined {
    if (name !== 'ICRP' || peerSession === undefined) return undefined;
    const holder = this.#byPeer.get(peerSession);
    if (holder === undefined || holder === call) return undefined;
    return { cause: 'protocol', errorCode: ErrorCode.InvalidSessionId, text: 'Assigned Session ID is in use' };
  }

  #indicate(call: Call): void {
    call.step('tunnel-open');
    this.#comingUp.set(call, this.#transport.outlet.now + this.#transport.outlet.limits.callSetupTimeout);
  }

  #learn(call: Call, peerSession: number): void {
    call.peerId = peerSession;
    this.#byPeer.set(peerSession, call);
  }

  #add(call: Call): void {
    this.used = true;
    this.#calls.set(call.id, call);
    if (call.role === 'LNS') {
      this.#comingUp.set(call, this.#transport.outlet.now + this.#transport.outlet.limits.callSetupTimeout);
    }
  }

  /** To be called after every step of a call: a call that ended leaves no trace but its resting number. */
  #settle(call: Call): void {
    if (call.state === 'established') this.#comingUp.delete(call);
    if (!call.ended) return;
    const { outlet, id } = this.#transport;
    this.#comingUp.delete(call);
    this.#calls.delete(call.id);
    if (this.#byPeer.get(call.peerId) === call) this.#byPeer.delete(call.peerId);
    this.#identifiers.release(id, call.id, outlet.now);
    if (this.#calls.size === 0) this.idleSince = outlet.now;
  }

  #hasRoom(): boolean {
    const { limits } = this.#transport.outlet;
    return this.#calls.size < limits.sessionsPerTunnel && this.#comingUp.size < limits.halfOpenSessions;
  }

  #allocate(): number | undefined {
    return this.#identifiers.allocate(this.#transport.id, this.#calls, this.#transport.outlet.now);
  }

  /** Our side spoke of a call that ended in the meantime. */
  #stale(): void {
    this.#transport.outlet.count('stale-input');
  }
}

function requestOf(attributes: Attributes): CallRequest {
  return {
    callSerialNumber: attributes.CallSerialNumber ?? 0,
    calledNumber: attributes.CalledNumber ?? '',
    callingNumber: attributes.CallingNumber ?? '',
    subAddress: attributes.SubAddress ?? '',
    bearerType: attributes.BearerType ?? 0,
  };
}

function endOfFault(fault: Fault): End {
  return localEnd(fault.cause, CdnResult.SeeErrorCode, fault.errorCode, fault.text);
}

function misplaced(name: MessageName, call: Call): End {
  return localEnd('protocol', CdnResult.SeeErrorCode, ErrorCode.InvalidSessionId, `${name} in ${call.state}`);
}
