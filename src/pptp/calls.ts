// The calls of one control connection: finds the one a message is about, keeps their number and their patience bounded, refuses
// what is not taken (RFC 2637 §2.7 to §2.15, §3.2).

import type { Millis } from '../wire/machine.ts';
import { Call, tooLate } from './call.ts';
import type { CallRegistry } from './call-registry.ts';
import {
  DisconnectResult,
  endOfRefusal,
  GeneralError,
  IncomingCallResult,
  localEnd,
  OutgoingCallResult,
  peerEnd,
  StopReason,
} from './end.ts';
import type { CallRequest, CallSettings, ConnectionSettings, End, PeerIdentity, Refusal } from './events.ts';
import type { Fields, Message } from './message.ts';
import type { Transport } from './transport.ts';

/** A message that is about a call. */
export type CallMessage = Extract<
  Message,
  { readonly name: 'OCRQ' | 'OCRP' | 'ICRQ' | 'ICRP' | 'ICCN' | 'CCR' | 'CDN' | 'WEN' | 'SLI' }
>;

export class Calls {
  settings: ConnectionSettings | undefined;
  peer: PeerIdentity | undefined;
  /** Since when there has been no call. */
  idleSince: Millis;
  readonly #transport: Transport;
  readonly #registry: CallRegistry;
  readonly #calls = new Map<number, Call>();
  /** By the peer's Call ID. */
  readonly #byPeer = new Map<number, Call>();
  /** Calls that wait for something, and until when: in the order they began to, as all have the same time. */
  readonly #waiting = new Map<Call, Millis>();
  #serial = 0;
  #hadCall = false;

  constructor(transport: Transport, registry: CallRegistry) {
    this.#transport = transport;
    this.#registry = registry;
    this.idleSince = transport.outlet.now;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** There were calls, and none is left but those that wait for the peer's word that they are over. */
  get isDone(): boolean {
    for (const { state } of this.#calls.values()) if (state !== 'wait-disconnect') return false;
    return this.#hadCall;
  }

  get deadline(): Millis {
    for (const time of this.#waiting.values()) return time;
    return Number.POSITIVE_INFINITY;
  }

  get(id: number): Call | undefined {
    return this.#calls.get(id);
  }

  values(): Iterable<Call> {
    return this.#calls.values();
  }

  /** `up`: the connection is established; else the call waits for it. */
  open(reference: string, settings: CallSettings, up: boolean): void {
    const { outlet, connection } = this.#transport;
    const id = this.#allocate();
    outlet.emit({ do: 'call-opening', reference, connection, call: id ?? 0 });
    if (id === undefined) {
      const end = localEnd('no-resources', 'too many calls');
      outlet.emit({ do: 'call-down', connection, call: 0, end, causeCode: 0, statistics: '' });
      return;
    }
    const role = settings.kind === 'outgoing' ? 'PNS-outgoing' : 'PAC-incoming';
    const { callSerialNumber = ++this.#serial & 0xffff } = settings;
    const call = new Call(this.#transport, id, {
      role,
      callSerialNumber,
      localWindow: this.#window,
      reference,
      settings,
    });
    this.#calls.set(id, call);
    if (up) this.#begin(call);
  }

  accept(id: number, connectSpeed: number | undefined): void {
    const call = this.#calls.get(id);
    if (call?.undecided !== true) return this.#stale();
    call.accept(connectSpeed ?? call.connectSpeed);
    this.#settle(call);
  }

  close(id: number, refusal: Refusal, statistics?: string): void {
    const call = this.#calls.get(id);
    if (call === undefined) return this.#stale();
    call.close(endOfRefusal(call.undecided ? 'refused' : 'closed', refusal), statistics);
    this.#settle(call);
  }

  setLinkInfo(id: number, sendAccm: number, receiveAccm: number): void {
    const call = this.#calls.get(id);
    if (call?.state !== 'established' || !call.isPns) return this.#stale();
    this.#transport.send('SLI', { peerCallId: call.peerId ?? 0, sendAccm, receiveAccm }, id);
  }

  connectionUp(): void {
    this.idleSince = this.#transport.outlet.now;
    for (const call of this.#calls.values()) if (call.state === 'idle') this.#begin(call);
  }

  /** Before a Stop-Control-Connection-Request of ours each call gets its own farewell, as routers do. */
  sayFarewell(end: End): void {
    const resultCode = DisconnectResult.AdminShutdown;
    for (const call of this.#calls.values()) call.close({ ...end, cause: 'tunnel-down', resultCode });
  }

  connectionDown(end: End): void {
    for (const call of this.#calls.values()) {
      call.abandon({ ...end, cause: 'tunnel-down' });
      this.#settle(call);
    }
  }

  /** The end of the whole connection, when the peer has let a call wait: "the integrity … is suspect" (§3.2.1). */
  handleTimeout(): End | undefined {
    const { now } = this.#transport.outlet;
    for (const [call, time] of this.#waiting) {
      if (time > now) return undefined;
      if (!call.undecided) {
        return localEnd('setup-timeout', `call ${call.id} is stuck in ${call.state}`, StopReason.Protocol);
      }
      // It is our own side that does not answer: that costs the one call.
      call.close(tooLate(call.role));
      this.#settle(call);
    }
    return undefined;
  }

  /** Our Call ID of what a message is about; 0: of none that we know. */
  idOf({ name, fields }: CallMessage): number {
    if ('peerCallId' in fields) return this.#calls.has(fields.peerCallId) ? fields.peerCallId : 0;
    const call = name === 'CCR' || name === 'CDN' ? this.#find(fields.callId) : this.#byPeer.get(fields.callId);
    return call?.id ?? 0;
  }

  receive(message: CallMessage): void {
    const { name, fields } = message;
    if (name === 'OCRQ' || name === 'ICRQ') return this.#receiveRequest(message);
    const call = this.#calls.get(this.idOf(message));
    if (call === undefined) return this.#transport.outlet.drop('unknown-call', this.#transport.path);
    switch (name) {
      case 'OCRP':
        this.#receiveReply(call, 'OCRP', fields, fields.resultCode === OutgoingCallResult.Connected);
        break;
      case 'ICRP':
        this.#receiveReply(call, 'ICRP', fields, fields.resultCode === IncomingCallResult.Connect);
        break;
      case 'ICCN':
        if (call.state !== 'wait-connect') return this.#misplaced();
        this.#learn(call, fields);
        call.connectSpeed = fields.connectSpeed;
        call.step('ICCN');
        break;
      case 'CCR':
        call.endByPeer('CCR', { ...peerEnd('peer-closed', 'CDN', 0), message: 'Call-Clear-Request' }, {});
        break;
      case 'CDN':
        call.endByPeer('CDN', peerEnd('peer-closed', 'CDN', fields.resultCode, fields.errorCode), fields);
        break;
      case 'SLI':
      case 'WEN':
        return this.#receiveNotice(call, message);
      default:
        name satisfies never;
    }
    this.#settle(call);
  }

  #receiveReply(call: Call, name: 'OCRP' | 'ICRP', fields: Fields<'OCRP'> | Fields<'ICRP'>, accepted: boolean): void {
    const { callId, resultCode, errorCode } = fields;
    if (call.role !== (name === 'OCRP' ? 'PNS-outgoing' : 'PAC-incoming')) return this.#misplaced();
    if (call.peerId === undefined) this.#name(call, callId);
    if (call.state !== 'wait-reply') return this.#misplaced(); // it crossed our Call-Clear-Request
    if (!accepted) {
      const farewell = 'causeCode' in fields ? { causeCode: fields.causeCode } : {};
      call.step(`${name}-`, peerEnd('refused', name, resultCode, errorCode), farewell);
      return;
    }
    this.#learn(call, fields);
    if ('connectSpeed' in fields) call.connectSpeed = fields.connectSpeed;
    call.step(`${name}+`);
  }

  #receiveNotice(call: Call, { name, fields }: Extract<CallMessage, { readonly name: 'SLI' | 'WEN' }>): void {
    if (call.state !== 'established') return this.#misplaced();
    const { outlet, connection } = this.#transport;
    const about = { connection, call: call.id };
    if (name === 'SLI') {
      const { sendAccm, receiveAccm } = fields;
      outlet.emit({ do: 'link-info', ...about, sendAccm, receiveAccm });
    } else {
      const { peerCallId: _, ...errors } = fields;
      outlet.emit({ do: 'wan-error', ...about, errors });
    }
  }

  /** Whether it is acceptable is decided outside; until then it holds a number and a place. */
  #receiveRequest({ name, fields }: Extract<CallMessage, { readonly name: 'OCRQ' | 'ICRQ' }>): void {
    const { outlet, connection, path } = this.#transport;
    const { callId: peerCall } = fields;
    if (this.#byPeer.has(peerCall)) return this.#refuse(name, peerCall, GeneralError.BadCallId, 'Call ID is in use');
    const id = this.#allocate();
    if (id === undefined) return this.#refuse(name, peerCall, GeneralError.NoResource, 'too many calls');
    const role = name === 'OCRQ' ? 'PAC-outgoing' : 'PNS-incoming';
    const { callSerialNumber } = fields;
    const call = new Call(this.#transport, id, { role, callSerialNumber, localWindow: this.#window });
    this.#calls.set(id, call);
    this.#name(call, peerCall);
    if (name === 'OCRQ') {
      this.#learn(call, fields);
      call.connectSpeed = fields.maximumBps;
      call.step('OCRQ+');
    } else {
      call.undecided = true;
    }
    this.#settle(call);
    const request = name === 'OCRQ' ? outgoingRequest(fields) : incomingRequest(fields);
    outlet.emit({ do: 'call-requested', connection, call: id, peerCall, path, peer: this.peer!, request });
  }

  /** A call that never was one. Our Call ID in the answer says so: 0. */
  #refuse(name: 'OCRQ' | 'ICRQ', peerCallId: number, errorCode: number, text: string): void {
    const transport = this.#transport;
    transport.outlet.drop(errorCode === GeneralError.NoResource ? 'call-limit' : 'call-id-in-use', transport.path);
    transport.traceError(text);
    const flow = { receiveWindowSize: 0, processingDelay: 0 };
    const answer = { callId: 0, peerCallId, resultCode: OutgoingCallResult.GeneralError, errorCode, ...flow };
    if (name === 'ICRQ') transport.send('ICRP', answer);
    else transport.send('OCRP', { ...answer, causeCode: 0, connectSpeed: 0, physicalChannelId: 0 });
  }

  /** By the peer's Call ID; where there is one call, also by what peers with confused octets or ends send (§2.12, §2.13). */
  #find(peerCall: number): Call | undefined {
    const known = this.#byPeer.get(peerCall);
    if (known !== undefined || this.#calls.size !== 1) return known;
    const [only] = this.#calls.values();
    const { id, peerId } = only!;
    if (peerId === undefined) return only;
    return [id, swapped(id), swapped(peerId)].includes(peerCall) ? only : undefined;
  }

  #begin(call: Call): void {
    call.step('open');
    this.#settle(call);
  }

  #name(call: Call, peerCall: number): void {
    call.peerId = peerCall;
    if (!this.#byPeer.has(peerCall)) this.#byPeer.set(peerCall, call);
  }

  #learn(call: Call, fields: { readonly receiveWindowSize: number; readonly processingDelay: number }): void {
    call.peerWindow = fields.receiveWindowSize;
    call.peerProcessingDelay = fields.processingDelay * 100;
  }

  /** To be called after every step of a call: what it waits for from now on, and whether anything is left of it. */
  #settle(call: Call): void {
    const { outlet } = this.#transport;
    this.#hadCall = true;
    const until = call.since + outlet.limits.replyTimeout;
    // What changes nothing gives nobody more time.
    if (!call.waiting || this.#waiting.get(call) !== until) this.#waiting.delete(call);
    if (call.waiting) this.#waiting.set(call, until);
    if (!call.gone) return;
    if (!this.#calls.delete(call.id)) return;
    if (call.peerId !== undefined && this.#byPeer.get(call.peerId) === call) this.#byPeer.delete(call.peerId);
    this.#registry.release(call.id, outlet.now);
    if (this.#calls.size === 0) this.idleSince = outlet.now;
  }

  #allocate(): number | undefined {
    const { outlet, connection, path } = this.#transport;
    const { callsPerConnection, callsPerAddress } = outlet.limits;
    const { peerAddress } = path;
    if (this.#calls.size >= callsPerConnection || this.#registry.countOf(peerAddress) >= callsPerAddress)
      return undefined;
    return this.#registry.allocate(connection, peerAddress, outlet.now);
  }

  get #window(): number {
    return this.settings?.receiveWindowSize ?? 0;
  }

  /** A message that crossed one of ours, or of a peer that is confused: RFC 2637 knows no answer. */
  #misplaced(): void {
    this.#transport.outlet.drop('call-state', this.#transport.path);
  }

  /** Our side spoke of a call that ended in the meantime. */
  #stale(): void {
    this.#transport.outlet.count('stale-input');
  }
}

function outgoingRequest(fields: Fields<'OCRQ'>): CallRequest {
  const { callSerialNumber, phoneNumber: calledNumber, subAddress, bearerType, minimumBps, maximumBps } = fields;
  const speeds = { minimumBps, maximumBps };
  return { kind: 'outgoing', callSerialNumber, calledNumber, callingNumber: '', subAddress, bearerType, ...speeds };
}

function incomingRequest(fields: Fields<'ICRQ'>): CallRequest {
  const { callSerialNumber, dialedNumber: calledNumber, dialingNumber: callingNumber, subAddress, bearerType } = fields;
  const numbers = { calledNumber, callingNumber, subAddress };
  return { kind: 'incoming', callSerialNumber, ...numbers, bearerType, minimumBps: 0, maximumBps: 0 };
}

function swapped(id: number): number {
  return ((id & 0xff) << 8) | (id >>> 8);
}
