// One L2TPv3 control connection, RFC 3931 §7.2: who the two ends are, that they know a secret, that both are alive. The table is
// that of RFC 2661 §7.2.1, which RFC 3931 took over row for row.

import type { Millis } from '../../wire/machine.ts';
import {
  CONTROL_CONNECTION,
  type ControlConnectionAction,
  type ControlConnectionEvent,
  type ControlConnectionState,
} from '../control-connection-table.ts';
import { endOfRefusal, localEnd, peerEnd, resultOf, StopCcnResult } from '../end.ts';
import type { End, Refusal } from '../events.ts';
import { Hello } from '../hello.ts';
import type { TunnelState } from '../status.ts';
import type { Attributes } from './avp.ts';
import type { ConnectionSettings, PeerIdentity } from './events.ts';
import { type AttributesOf, decodeMessage, type Message } from './message.ts';
import type { Sessions } from './sessions.ts';
import type { Transport } from './transport.ts';

export class ControlConnection {
  readonly transport: Transport;
  readonly sessions: Sessions;
  readonly reference: string | undefined;
  peer: PeerIdentity | undefined;
  /** Of the SCCRQ that opened it: the least wins when both ends open at once (§5.4.3). */
  tieBreaker: bigint | undefined;
  /** Nothing is left: not even acknowledgements are owed. */
  gone = false;
  readonly #hello = new Hello();
  #state: ControlConnectionState = 'idle';
  #since: Millis;
  /** The SCCRQ, while nobody decided on it. */
  #request: Uint8Array | undefined;
  #repeated = false;
  #setupAt: Millis = Number.POSITIVE_INFINITY;
  /** After a StopCCN: until when an acknowledgement may be wanted. Undefined before one. */
  #lingerUntil: Millis | undefined;

  constructor(transport: Transport, sessions: Sessions, reference: string | undefined) {
    this.transport = transport;
    this.sessions = sessions;
    this.reference = reference;
    this.#since = transport.outlet.now;
  }

  get id(): number {
    return this.transport.id;
  }

  get state(): TunnelState {
    return this.#lingerUntil === undefined ? this.#state : 'shutting-down';
  }

  get since(): Millis {
    return this.#since;
  }

  /** The peer called us and has not shown yet to be where its SCCRQ came from. */
  get halfOpen(): boolean {
    return !this.transport.proven && !this.gone;
  }

  get deadline(): Millis {
    if (this.gone) return Number.POSITIVE_INFINITY;
    const own = this.#lingerUntil ?? Math.min(this.#setupAt, this.#helloAt(), this.#idleAt());
    return Math.min(own, this.transport.deadline, this.sessions.deadline);
  }

  open(settings: ConnectionSettings): void {
    this.transport.settings = settings;
    this.#setupAt = this.#now + settings.setupTimeout;
    this.#step('open');
  }

  /** Decides on the SCCRQ: it is accepted, if it has the digest it takes. */
  authorize(settings: ConnectionSettings): void {
    const request = this.#request;
    const { transport } = this;
    if (request === undefined) return transport.outlet.count('stale-input');
    this.#request = undefined;
    transport.settings = settings;
    transport.channel.configure(settings.receiveWindowSize, settings.retransmit);
    this.#setupAt = this.#now + Math.min(settings.setupTimeout, transport.outlet.limits.halfOpenTimeout);
    // §5.4.1: what is not authentic gets no answer at all, least of all one that says so.
    if (!transport.accepts(request)) return this.#finish(localEnd('authentication', 0, 0, 'wrong digest'), 'forget');
    const message = decodeMessage(request, transport.hidingKey, settings.dialect);
    this.#learn(message);
    this.tieBreaker = message.attributes.TieBreaker;
    const end = endOfFault(message) ?? this.#unanswerable();
    this.#step(end === undefined ? 'SCCRQ+' : 'SCCRQ-', end);
  }

  refuse(refusal: Refusal): void {
    if (this.#request === undefined) return this.transport.outlet.count('stale-input');
    this.#step('SCCRQ-', endOfRefusal('refused', refusal));
  }

  close(refusal: Refusal): void {
    if (this.#request !== undefined) return this.refuse(refusal);
    if (this.#lingerUntil !== undefined) return this.transport.outlet.count('stale-input');
    this.stop(endOfRefusal('closed', refusal));
  }

  /** Ours is given up for the peer's, or for none. */
  loseTie(): void {
    this.#step('tie-lost', localEnd('tie-lost', 0, 0, 'both opened at once, and theirs stands'));
  }

  /** The peer is there after all: our SCCRQ, unless it is answered in a moment, goes again. Once: an SCCRQ is easily forged. */
  repeatRequest(): void {
    if (this.#repeated) return;
    this.#repeated = true;
    this.transport.channel.retransmitBy(this.#now + REPEAT_DELAY);
  }

  /** Makes room under a flood of SCCRQs: no word to a peer that may not exist. */
  evict(): void {
    if (this.#lingerUntil === undefined) this.#finish(localEnd('no-resources', 0, 0, 'too many half-open'), 'forget');
    else this.#forget();
  }

  answerProbe(heard: boolean): void {
    if (!this.#hello.asked || this.#state !== 'established') return this.transport.outlet.count('stale-input');
    this.#hello.answered();
    if (heard) this.transport.heardAt = this.#now;
    else if (this.transport.channel.pending === 0) this.transport.send('HELLO', {});
  }

  handleTimeout(): void {
    if (!this.transport.handleTimeout()) return this.#unheard();
    this.sessions.handleTimeout();
    const now = this.#now;
    if (this.#lingerUntil !== undefined) {
      if (now >= this.#lingerUntil) this.#forget();
    } else if (now >= this.#setupAt) {
      this.#tooLate();
    } else if (now >= this.#idleAt()) {
      this.stop(localEnd('idle', StopCcnResult.General, 0, 'no sessions'));
    } else if (now >= this.#helloAt()) {
      this.#hello.ask(now);
      this.transport.outlet.emit({ do: 'probe-activity', connection: this.id });
    }
  }

  /** Everything we sent is acknowledged. */
  acknowledged(): void {
    if (this.#lingerUntil !== undefined) this.#lingerUntil = this.#now + FULL_CYCLE;
  }

  /** A message of the connection itself, in order and authentic. */
  receive(message: Message, octets: Uint8Array): void {
    const { name, attributes } = message;
    const end = endOfFault(message);
    switch (name) {
      case 'SCCRQ':
        if (this.#state === 'idle' && this.#request === undefined) this.#receiveRequest(message, octets);
        else this.#judge('SCCRQ', misplaced(name, this.#state));
        return;
      case 'SCCRP':
        if (this.#state !== 'wait-ctl-reply') return this.#judge('SCCRP', misplaced(name, this.#state));
        this.#learn(message);
        return this.#judge('SCCRP', end ?? this.#unanswerable());
      case 'SCCCN':
        return this.#judge('SCCCN', this.#state === 'wait-ctl-conn' ? end : misplaced(name, this.#state));
      case 'StopCCN':
        this.#step('StopCCN', peerEnd(attributes.ResultCode));
        return;
      default:
        if (end !== undefined) this.stop(end);
        else if (name !== 'HELLO' && name !== 'ACK') this.stop(misplaced(name ?? 'message', this.#state));
    }
  }

  /** Ends the connection with a StopCCN, in any state. */
  stop(end: End): void {
    if (this.#lingerUntil !== undefined || this.#step('close', end)) return;
    this.#perform('send-StopCCN', end);
    this.#perform('clean-up', end);
  }

  get #now(): Millis {
    return this.transport.outlet.now;
  }

  /** The SCCRQ that made this connection. Whose it is decides which secret it is checked with. */
  #receiveRequest(message: Message, octets: Uint8Array): void {
    const { transport } = this;
    this.#learn(message);
    this.#setupAt = this.#now + transport.outlet.limits.halfOpenTimeout;
    const end = endOfFault(message);
    if (end !== undefined) return this.#judge('SCCRQ', end);
    this.#request = octets.slice();
    transport.answerDue = true;
    transport.outlet.emit({
      do: 'authorize-connection',
      connection: this.id,
      path: transport.path,
      peer: this.peer!,
    });
  }

  /** §5.4.1: a Nonce says that digests are on, and then both ends MUST send them. */
  #unanswerable(): End | undefined {
    const { peerNonce, settings } = this.transport;
    const secret = settings!.digests.some((digest) => digest.secret !== undefined);
    if (peerNonce !== undefined && !secret) {
      const why = 'the peer wants message digests, and there is no digest secret';
      return localEnd('challenge-unanswerable', StopCcnResult.NotAuthorized, 0, why);
    }
    if (peerNonce === undefined && secret) {
      return localEnd('authentication', StopCcnResult.NotAuthorized, 0, 'no Nonce: the peer has no digest secret');
    }
    return undefined;
  }

  #judge(name: 'SCCRQ' | 'SCCRP' | 'SCCCN', end: End | undefined): void {
    const event = end === undefined ? (`${name}+` as const) : (`${name}-` as const);
    if (!this.#step(event, end) && end !== undefined) this.stop(end);
  }

  /** Walks one cell of the table. False: it has no such row. */
  #step(event: ControlConnectionEvent, end?: End): boolean {
    const transition = CONTROL_CONNECTION.lookup(this.#state, event);
    if (transition === undefined) return false;
    if (transition.next !== 'idle') this.#enter(transition.next);
    for (const action of transition.actions) this.#perform(action, end);
    return true;
  }

  #perform(action: ControlConnectionAction, end?: End): void {
    const { transport } = this;
    switch (action) {
      case 'send-SCCRQ': {
        const octets = transport.outlet.entropy(8);
        this.tieBreaker = new DataView(octets.buffer, octets.byteOffset, 8).getBigUint64(0);
        transport.send('SCCRQ', { ...this.#identity(), TieBreaker: this.tieBreaker });
        break;
      }
      case 'send-SCCRP':
        transport.send('SCCRP', this.#identity());
        break;
      case 'send-SCCCN':
        transport.send('SCCCN', {});
        break;
      case 'send-StopCCN':
        this.sessions.connectionDown(end!);
        transport.channel.dropUnsent(); // nothing before the StopCCN matters any more
        transport.send('StopCCN', { ResultCode: resultOf(end!), AssignedControlConnectionId: this.id });
        break;
      case 'tunnel-open':
        this.#up();
        break;
      case 'clean-up':
        // Who loses the tie discards its connection silently.
        this.#finish(end!, end!.cause === 'tie-lost' ? 'forget' : 'linger');
        break;
      case 're-queue-SCCRQ':
        break; // whoever opened it hears of the tie
    }
  }

  #identity(): AttributesOf<'SCCRP'> {
    const { localName, vendorName, routerId, receiveWindowSize, pseudowireTypes, digests } = this.transport.settings!;
    const secret = digests.some((digest) => digest.secret !== undefined);
    return {
      HostName: localName,
      RouterId: routerId,
      AssignedControlConnectionId: this.id,
      PseudowireCapabilitiesList: pseudowireTypes,
      Nonce: secret ? this.transport.localNonce : undefined,
      VendorName: vendorName,
      ReceiveWindowSize: receiveWindowSize,
    };
  }

  #up(): void {
    const { outlet, peerId, path } = this.transport;
    this.transport.proven = true;
    this.#setupAt = Number.POSITIVE_INFINITY;
    outlet.emit({ do: 'connection-up', connection: this.id, peerConnection: peerId, peer: this.peer!, path });
    this.sessions.connectionUp();
  }

  /** The connection is down. It lingers to see the StopCCN acknowledged, ours or the peer's; unless nobody is there. */
  #finish(end: End, then: 'linger' | 'forget'): void {
    this.sessions.connectionDown(end);
    this.#request = undefined;
    this.#setupAt = Number.POSITIVE_INFINITY;
    this.#traceState(this.#state, 'shutting-down');
    this.#state = 'idle';
    this.#since = this.#now;
    this.#lingerUntil = this.#now + FULL_CYCLE;
    const { reference } = this;
    this.transport.outlet.emit({ do: 'connection-down', connection: this.id, reference, end });
    if (then === 'forget') this.#forget();
  }

  #forget(): void {
    this.gone = true;
    this.#traceState('shutting-down', 'idle');
    this.transport.outlet.emit({ do: 'connection-gone', connection: this.id });
  }

  #unheard(): void {
    if (this.#lingerUntil !== undefined) return this.#forget();
    this.#finish(localEnd(UNHEARD[this.#state], 0, 0, 'no answer'), 'forget');
  }

  #tooLate(): void {
    const end = localEnd('setup-timeout', StopCcnResult.General, 0, 'not established in time');
    if (this.transport.channel.pending > 0) this.#finish(end, 'forget');
    else this.stop(end);
  }

  /** From SCCRQ and SCCRP: who the peer is, and what it calls the connection. */
  #learn({ attributes, cisco }: Message): void {
    const { transport } = this;
    this.peer = identityOf(attributes, cisco);
    transport.peerName = this.peer.hostName;
    transport.peerId = attributes.AssignedControlConnectionId ?? transport.peerId;
    transport.peerNonce = attributes.Nonce;
    transport.cisco = cisco && transport.settings?.dialect !== 'ietf';
    transport.channel.openWindow(this.peer.receiveWindowSize);
  }

  /** §4.3: not while a message is under way, which finds out just as well. */
  #helloAt(): Millis {
    if (this.#state !== 'established' || this.transport.channel.pending > 0) return Number.POSITIVE_INFINITY;
    return this.#hello.dueAt(this.transport.heardAt, this.transport.settings!.helloInterval);
  }

  #idleAt(): Millis {
    if (this.#state !== 'established' || this.sessions.size > 0) return Number.POSITIVE_INFINITY;
    const patience = this.transport.settings!.noSessionTimeout;
    return this.sessions.idleSince + Math.max(patience, this.sessions.used ? 0 : FIRST_SESSION);
  }

  #enter(state: ControlConnectionState): void {
    if (state === this.#state) return;
    this.#traceState(this.#state, state);
    this.#state = state;
    this.#since = this.#now;
  }

  #traceState(from: TunnelState, to: TunnelState): void {
    const { outlet, id: tunnel } = this.transport;
    if (outlet.traced) outlet.emit({ do: 'trace', event: { kind: 'tunnel-state', tunnel, from, to } });
  }
}

function identityOf(attributes: Attributes, cisco: boolean): PeerIdentity {
  return {
    hostName: attributes.HostName ?? '',
    vendorName: attributes.VendorName ?? '',
    routerId: attributes.RouterId ?? 0,
    receiveWindowSize: attributes.ReceiveWindowSize ?? DEFAULT_WINDOW,
    pseudowireTypes: attributes.PseudowireCapabilitiesList ?? [],
    cisco,
  };
}

function endOfFault({ fault }: Message): End | undefined {
  return fault && localEnd(fault.cause, StopCcnResult.SeeErrorCode, fault.errorCode, fault.text);
}

function misplaced(name: string, state: ControlConnectionState): End {
  return localEnd('protocol', StopCcnResult.StateMachineError, 0, `${name} in ${state}`);
}

/** §4.2: the time of a full retransmission cycle. */
const FULL_CYCLE: Millis = 31_000;
/** A connection just made is given this long for its first session, however short the time without may be. */
const FIRST_SESSION: Millis = 1000;
/** Time for the answer to an SCCRQ that met the peer's own under way. */
const REPEAT_DELAY: Millis = 100;
/** §5.4.3: a peer that names no window has one of 4. */
const DEFAULT_WINDOW = 4;
const UNHEARD = {
  idle: 'retransmission',
  'wait-ctl-reply': 'unreachable',
  'wait-ctl-conn': 'setup-timeout',
  established: 'retransmission',
} as const;
