// One control connection, RFC 2637 §3.1: runs the table of its role, with Echo (§3.1.4), collisions (§3.1.3), and the timers that the
// drawings leave out.

import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import type { CallRegistry } from './call-registry.ts';
import { type CallMessage, Calls } from './calls.ts';
import {
  type ControlConnectionAction,
  type ControlConnectionEvent,
  type ControlConnectionState,
  ORIGINATOR,
  RECEIVER,
} from './control-connection-table.ts';
import { Echo } from './echo.ts';
import { endOfRefusal, GeneralError, localEnd, peerEnd, ReplyResult, StartResult, StopReason } from './end.ts';
import type { ConnectionSettings, End, PeerIdentity, Refusal } from './events.ts';
import { identityOf, ownIdentity } from './identity.ts';
import { type Fields, type Message, PROTOCOL_VERSION } from './message.ts';
import type { Outlet } from './outlet.ts';
import type { ConnectionStatus } from './status.ts';
import { MessageStream } from './stream.ts';
import { Transport } from './transport.ts';

export class ControlConnection {
  readonly transport: Transport;
  readonly calls: Calls;
  readonly stream = new MessageStream();
  readonly role: 'originator' | 'receiver';
  readonly reference: string | undefined;
  /** Nothing is left: TCP closes or is closed. */
  gone = false;
  readonly #outlet: Outlet;
  readonly #echo = new Echo();
  #settings: ConnectionSettings | undefined;
  #peer: PeerIdentity | undefined;
  #state: ControlConnectionState = 'idle';
  #since: Millis;
  /** The SCCRQ is here, and nobody decided on it. */
  #undecided = false;
  /** The peer's of two that collided: it will close this one. */
  #held = false;
  /** Our side knows of it, and has not heard of its end. */
  #told: 'nothing' | 'coming' | 'down';
  /** Something has to happen by then, other than what Echo and calls wait for. */
  #waitUntil: Millis;

  /** `dialled`: ours, for which TCP is being asked; absent: accepted. */
  constructor(
    outlet: Outlet,
    registry: CallRegistry,
    number: number,
    path: Path,
    dialled?: { readonly reference: string; readonly settings: ConnectionSettings },
  ) {
    this.#outlet = outlet;
    this.transport = new Transport(outlet, number, path);
    this.calls = new Calls(this.transport, registry);
    this.role = dialled === undefined ? 'receiver' : 'originator';
    this.reference = dialled?.reference;
    this.#told = dialled === undefined ? 'nothing' : 'coming';
    this.#since = outlet.now;
    this.#waitUntil = outlet.now + (dialled === undefined ? outlet.limits.halfOpenTimeout : outlet.limits.replyTimeout);
    if (dialled !== undefined) this.#adopt(dialled.settings);
  }

  get state(): ControlConnectionState {
    return this.#state;
  }

  /** Accepted, and not agreed to. */
  get halfOpen(): boolean {
    return this.role === 'receiver' && this.#state === 'idle';
  }

  /** Can still have calls: it is up, or ours and coming up. */
  get takesCalls(): boolean {
    return this.#told === 'coming' && !this.#undecided;
  }

  get deadline(): Millis {
    if (this.gone) return Number.POSITIVE_INFINITY;
    if (this.#state !== 'established') return this.#waitUntil;
    return Math.min(this.#echoAt(), this.#idleAt(), this.calls.deadline);
  }

  /** TCP is there. */
  opened(path: Path): void {
    this.transport.path = path;
    this.#waitUntil = this.#outlet.now + this.#outlet.limits.replyTimeout;
    this.#step('tcp-open');
  }

  /** TCP ended, or never began. */
  lost(end: End): void {
    this.transport.lost();
    this.#finish(end, 'abort');
  }

  accept(settings: ConnectionSettings): void {
    if (!this.#undecided) return this.#outlet.count('stale-input');
    this.#adopt(settings);
    this.#step('SCCRQ+');
  }

  refuse(refusal: Refusal): void {
    if (!this.#undecided) return this.#outlet.count('stale-input');
    this.#step('SCCRQ-', endOfRefusal('refused', refusal));
  }

  close(refusal: Refusal): void {
    if (this.#told === 'down') return this.#outlet.count('stale-input');
    if (this.#undecided)
      this.#step('SCCRQ-', endOfRefusal('refused', { ...refusal, resultCode: StartResult.NotAuthorized }));
    else this.stop(endOfRefusal('closed', refusal));
  }

  /** §3.1.3: "The winner MUST NOT send any messages on the connection the loser initiated." */
  hold(): void {
    this.#held = true;
  }

  /** Ours is closed for the peer's. */
  loseCollision(): void {
    this.#step('collision', localEnd('collision', 'both opened at once, and theirs stands'));
  }

  /** At once and without a word: to make room, or because what came was no PPTP. */
  abort(end: End): void {
    if (this.#state === 'established') {
      // The stream is lost, but not what we have to say.
      this.transport.send('StopCCRQ', { reason: StopReason.Protocol });
      this.#finish(end, 'flush');
    } else {
      this.#finish(end, 'abort');
    }
  }

  /** Ends it in order: with farewells if it is up, else by closing TCP. */
  stop(end: End): void {
    if (this.#state === 'established') {
      this.calls.sayFarewell(end);
      this.#step('close', end);
    } else if (this.#state !== 'wait-stop-reply') {
      this.#finish(end, this.#state === 'idle' ? 'abort' : 'flush');
    }
  }

  /** The answer to `probe-activity`. */
  answerProbe(heard: boolean): void {
    if (this.#state !== 'established' || this.#echo.waiting !== 'for-activity')
      return this.#outlet.count('stale-input');
    if (!heard) return this.#silent();
    this.#echo.heard();
    this.transport.heardAt = this.#outlet.now;
  }

  handleTimeout(): void {
    const { now } = this.#outlet;
    if (this.gone || now < this.deadline) return;
    if (this.#state !== 'established') return this.#waitedInVain();
    const end = this.calls.handleTimeout();
    if (end !== undefined) this.stop(end);
    else if (now >= this.#idleAt()) this.stop(localEnd('idle', 'no calls', StopReason.None));
    else if (now >= this.#echoAt()) this.#echoDue();
  }

  receive(message: Message): void {
    this.#echo.heard();
    if (this.#held) return this.#outlet.count('collision');
    const { name, fields } = message;
    switch (name) {
      case 'SCCRQ':
        this.#receiveRequest(fields);
        return;
      case 'SCCRP':
        this.#receiveReply(fields);
        return;
      case 'StopCCRQ':
        this.#receiveStop(fields.reason);
        return;
      case 'StopCCRP':
        if (!this.#step('StopCCRP', peerEnd('peer-closed', 'StopCCRQ', 0))) this.#misplaced(name);
        return;
      case 'Echo-Request':
        if (this.#state !== 'established') return this.#misplaced(name);
        this.transport.send('Echo-Reply', { identifier: fields.identifier, resultCode: ReplyResult.Ok, errorCode: 0 });
        return;
      case 'Echo-Reply':
        if (this.#state !== 'established') return this.#misplaced(name);
        if (!this.#echo.matches(fields.identifier)) this.#outlet.count('echo-identifier');
        return;
      default:
        if (this.#state !== 'established') return this.#misplaced(name);
        this.calls.receive(message as CallMessage);
    }
  }

  status(): ConnectionStatus {
    return {
      ...this.transport.status(),
      locallyInitiated: this.role === 'originator',
      reference: this.reference,
      state: this.#state,
      since: this.#since,
      localName: this.#settings?.localName ?? '',
      peer: this.#peer,
      calls: this.calls.size,
    };
  }

  #receiveRequest(fields: Fields<'SCCRQ'>): void {
    if (this.role !== 'receiver' || this.#state !== 'idle' || this.#undecided) return this.#misplaced('SCCRQ');
    const peer = this.#learn(fields);
    this.#undecided = true;
    if (peer.protocolVersion < PROTOCOL_VERSION) {
      this.#step('SCCRQ-', localEnd('version', `version ${peer.protocolVersion}`, StartResult.VersionNotSupported));
      return;
    }
    this.#told = 'coming';
    const { connection, path } = this.transport;
    this.#outlet.emit({ do: 'authorize-connection', connection, path, peer });
  }

  #receiveReply(fields: Fields<'SCCRP'>): void {
    if (this.#state !== 'wait-ctl-reply') return this.#misplaced('SCCRP');
    const { resultCode, errorCode, protocolVersion } = fields;
    this.#learn(fields);
    // There are modems that say 0 where they mean 1.
    if (resultCode > StartResult.Successful) {
      const cause = resultCode === StartResult.VersionNotSupported ? 'version' : 'refused';
      this.#finish(peerEnd(cause, 'SCCRP', resultCode, errorCode), 'flush');
    } else if (protocolVersion < PROTOCOL_VERSION) {
      this.#step('SCCRP-', localEnd('version', `version ${protocolVersion}`, StopReason.Protocol));
    } else {
      this.#step('SCCRP+');
    }
  }

  /** Answered in every state but that before the start: who wants to go may go. */
  #receiveStop(reason: number): void {
    const end = peerEnd('peer-closed', 'StopCCRQ', reason);
    if (this.#state === 'idle' && !this.#undecided) return this.#misplaced('StopCCRQ');
    if (this.#step('StopCCRQ', end)) return;
    this.#perform('send-StopCCRP', end);
    this.#finish(end, 'flush');
  }

  /** A message that the state does not allow: it is over (§3), unless we wait for the end already. */
  #misplaced(name: string): void {
    const outlet = this.#outlet;
    const end = localEnd('protocol', `${name} in ${this.#state}`, StopReason.Protocol);
    if (this.#state === 'wait-stop-reply') return outlet.count('stopping');
    outlet.drop('connection-state', this.transport.path);
    this.transport.traceError(end.message);
    if (this.#state === 'established' && name === 'StopCCRP') return; // there is nothing it could be the answer to
    if (this.#state === 'established') this.stop(end);
    else this.#finish(end, 'abort');
  }

  /** Follows one arrow; `end` says how the connection ends, if it does. False: there is no such arrow from here. */
  #step(event: ControlConnectionEvent, end?: End): boolean {
    const transition = (this.role === 'originator' ? ORIGINATOR : RECEIVER).lookup(this.#state, event);
    if (transition === undefined) return false;
    for (const action of transition.actions) this.#perform(action, end);
    this.#undecided = false;
    if (this.gone) return true;
    this.#enter(transition.next);
    if (transition.next === 'established') this.#up();
    if (transition.next === 'wait-stop-reply') {
      this.#tellDown(end!);
      this.#waitUntil = this.#outlet.now + this.#outlet.limits.replyTimeout;
    }
    return true;
  }

  #perform(action: ControlConnectionAction, end: End | undefined): void {
    const { transport } = this;
    switch (action) {
      case 'send-SCCRQ':
        // §2.1: Maximum Channels of a PNS is 0.
        transport.send('SCCRQ', ownIdentity(this.#settings, 0));
        break;
      case 'send-SCCRP': {
        const { resultCode = StartResult.Successful, errorCode = 0 } = end ?? {};
        const maximumChannels = end === undefined ? this.#outlet.limits.callsPerConnection : 0;
        transport.send('SCCRP', { resultCode, errorCode, ...ownIdentity(this.#settings, maximumChannels) });
        break;
      }
      case 'send-StopCCRQ':
        transport.send('StopCCRQ', { reason: end!.resultCode });
        break;
      case 'send-StopCCRP':
        transport.send('StopCCRP', { resultCode: ReplyResult.Ok, errorCode: GeneralError.None });
        break;
      case 'close-TCP':
        this.#finish(end!, 'flush');
        break;
      default:
        action satisfies never;
    }
  }

  #up(): void {
    const { connection, path } = this.transport;
    this.#outlet.emit({ do: 'connection-up', connection, path, peer: this.#peer! });
    this.calls.connectionUp();
  }

  #waitedInVain(): void {
    switch (this.#state) {
      case 'idle':
        if (this.role === 'originator') this.#finish(localEnd('unreachable', 'TCP does not answer'), 'abort');
        else if (this.#undecided) this.#step('SCCRQ-', NOBODY_DECIDED);
        else this.#finish(localEnd('setup-timeout', 'no Start-Control-Connection-Request'), 'abort');
        return;
      case 'wait-ctl-reply':
        return this.#finish(localEnd('setup-timeout', 'no Start-Control-Connection-Reply'), 'abort');
      default:
        return this.#finish(localEnd('closed'), 'abort');
    }
  }

  #echoDue(): void {
    const { now, limits } = this.#outlet;
    switch (this.#echo.waiting) {
      case 'for-silence':
        this.transport.send('Echo-Request', { identifier: this.#echo.ask(now + limits.replyTimeout) });
        return;
      case 'for-answer':
        this.#echo.probe(now);
        return this.#outlet.emit({ do: 'probe-activity', connection: this.transport.connection });
      case 'for-activity':
        return this.#silent();
    }
  }

  #silent(): void {
    this.#finish(localEnd('echo-timeout', 'no Echo-Reply'), 'abort');
  }

  #echoAt(): Millis {
    return this.#echo.dueAt(this.transport.heardAt, this.#settings!.echoInterval);
  }

  #idleAt(): Millis {
    if (this.calls.size > 0) return Number.POSITIVE_INFINITY;
    return this.calls.idleSince + Math.max(this.#settings!.noSessionTimeout, FIRST_CALL);
  }

  /** It is down, calls and all, and TCP with it. */
  #finish(end: End, how: 'flush' | 'abort'): void {
    if (this.gone) return;
    const { connection, path } = this.transport;
    const known = this.#told !== 'nothing';
    if (known) this.#tellDown(end);
    else this.#outlet.drop(`unstarted-${end.cause}`, path);
    this.transport.disconnect(how);
    this.gone = true;
    this.#undecided = false;
    this.#enter('idle');
    if (known) this.#outlet.emit({ do: 'connection-gone', connection });
  }

  #tellDown(end: End): void {
    if (this.#told !== 'coming') return;
    this.#told = 'down';
    this.calls.connectionDown(end);
    const { connection } = this.transport;
    this.#outlet.emit({ do: 'connection-down', connection, reference: this.reference, end });
  }

  #adopt(settings: ConnectionSettings): void {
    this.#settings = settings;
    this.calls.settings = settings;
  }

  #learn(fields: Fields<'SCCRQ'> | Fields<'SCCRP'>): PeerIdentity {
    const peer = identityOf(fields);
    this.#peer = peer;
    this.calls.peer = peer;
    this.transport.peerName = peer.hostName;
    return peer;
  }

  #enter(to: ControlConnectionState): void {
    const from = this.#state;
    if (to === from) return;
    this.#state = to;
    this.#since = this.#outlet.now;
    const { connection } = this.transport;
    const event = { kind: 'connection-state', connection, from, to } as const;
    if (this.#outlet.traced) this.#outlet.emit({ do: 'trace', event });
  }
}

const NOBODY_DECIDED = localEnd('setup-timeout', 'nobody decided', StartResult.GeneralError, GeneralError.NoResource);
/** A connection just made is given this long for its first call, however short the time without calls may be. */
const FIRST_CALL: Millis = 1000;
