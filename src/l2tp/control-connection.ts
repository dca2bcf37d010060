// One control connection, RFC 2661 §7.2: runs the table of §7.2.1, with Hello (§5.5), teardown (§5.7) and the timers
// the table leaves out.

import type { Millis } from '../wire/machine.ts';
import type { Attributes } from './avp.ts';
import type { Calls } from './calls.ts';
import {
  CONTROL_CONNECTION,
  type ControlConnectionAction,
  type ControlConnectionEvent,
  type ControlConnectionState,
} from './control-connection-table.ts';
import { endOfRefusal, localEnd, peerEnd, resultOf, StopCcnResult } from './end.ts';
import type { End, Refusal, TunnelSettings } from './events.ts';
import { Handshake, versionEnd } from './handshake.ts';
import { Hello } from './hello.ts';
import { decodeMessage, type Message } from './message.ts';
import type { Outlet } from './outlet.ts';
import type { TunnelState } from './status.ts';
import type { Transport } from './transport.ts';

export class ControlConnection {
  readonly handshake: Handshake;
  readonly reference: string | undefined;
  /** Nothing is left: not even acknowledgements are owed. */
  gone = false;
  readonly #outlet: Outlet;
  readonly #transport: Transport;
  readonly #calls: Calls;
  readonly #hello = new Hello();
  #state: ControlConnectionState = 'idle';
  #since: Millis;
  /** The SCCRQ, while nobody decided on it. */
  #request: Uint8Array | undefined;
  /** To be established by then. */
  #setupAt: Millis = Number.POSITIVE_INFINITY;
  /** After a StopCCN: until when an acknowledgement may be wanted. Undefined before one. */
  #lingerUntil: Millis | undefined;

  constructor(transport: Transport, calls: Calls, reference: string | undefined) {
    this.#outlet = transport.outlet;
    this.#transport = transport;
    this.#calls = calls;
    this.handshake = new Handshake(transport.outlet.entropy);
    this.reference = reference;
    this.#since = transport.outlet.now;
  }

  get state(): TunnelState {
    return this.#lingerUntil === undefined ? this.#state : 'shutting-down';
  }

  /** When it came into its present state. */
  get since(): Millis {
    return this.#since;
  }

  /** Whose secret it takes is known: of an SCCRQ, from the decision on it. */
  get authorized(): boolean {
    return this.handshake.settings !== undefined;
  }

  get deadline(): Millis {
    if (this.gone) return Number.POSITIVE_INFINITY;
    return this.#lingerUntil ?? Math.min(this.#setupAt, this.#helloAt(), this.#idleAt());
  }

  open(settings: TunnelSettings): void {
    this.#adopt(settings);
    if (settings.authentication && settings.secret === undefined) {
      this.#finish(localEnd('authentication', 0, 0, 'authentication wanted, but no secret'), 'forget');
      return;
    }
    this.#setupAt = this.#outlet.now + settings.setupTimeout;
    this.#step('open');
  }

  /** Decides on the SCCRQ: it is accepted, if the secret it takes is there. */
  authorize(settings: TunnelSettings): void {
    const request = this.#request;
    if (request === undefined) return this.#outlet.count('stale-input');
    this.#request = undefined;
    this.#adopt(settings);
    this.#setupAt = this.#outlet.now + Math.min(settings.setupTimeout, this.#outlet.limits.halfOpenTimeout);
    this.#transport.channel.configure(settings.receiveWindowSize, settings.retransmit);
    // What is hidden could not be read before the Host Name had told which secret opens it.
    const message = decodeMessage(request, settings.secret);
    this.#learn(message.attributes);
    const end = endOfFault(message) ?? this.handshake.judgeSccrq();
    this.#step(end === undefined ? 'SCCRQ+' : 'SCCRQ-', end);
  }

  refuse(refusal: Refusal): void {
    if (this.#request === undefined) return this.#outlet.count('stale-input');
    this.#step('SCCRQ-', endOfRefusal('refused', refusal));
  }

  close(refusal: Refusal): void {
    if (this.#request !== undefined) return this.refuse(refusal);
    if (this.#lingerUntil !== undefined) return this.#outlet.count('stale-input');
    this.stop(endOfRefusal('closed', refusal));
  }

  /** Ours is given up for the peer's, or for none (§4.4.3: "silently"). */
  loseTie(): void {
    this.#step('tie-lost', localEnd('tie-lost', 0, 0, 'both opened at once, and theirs stands'));
  }

  /** Makes room under a flood of SCCRQs: no word to a peer that may not exist. */
  evict(): void {
    if (this.#lingerUntil === undefined) this.#finish(localEnd('no-resources', 0, 0, 'too many half-open'), 'forget');
    else this.#forget();
  }

  /** The answer to `probe-activity`. */
  answerProbe(heard: boolean): void {
    if (!this.#hello.asked || this.#state !== 'established') return this.#outlet.count('stale-input');
    this.#hello.answered();
    if (heard) this.#transport.heardAt = this.#outlet.now;
    else if (this.#transport.channel.pending === 0) this.#transport.send('HELLO', {});
  }

  handleTimeout(): void {
    const { now } = this.#outlet;
    if (this.#lingerUntil !== undefined) {
      if (now >= this.#lingerUntil) this.#forget();
    } else if (now >= this.#setupAt) {
      this.#tooLate();
    } else if (now >= this.#idleAt()) {
      this.stop(localEnd('idle', StopCcnResult.General, 0, 'no sessions'));
    } else if (now >= this.#helloAt()) {
      this.#hello.ask(now);
      this.#outlet.emit({ do: 'probe-activity', tunnel: this.#transport.id });
    }
  }

  /** Retransmissions ran out. */
  unheard(): void {
    if (this.#lingerUntil !== undefined) return this.#forget();
    this.#finish(localEnd(UNHEARD[this.#state], 0, 0, 'no answer'), 'forget');
  }

  /** Everything we sent is acknowledged. §5.8: a full cycle "after the final message exchange". */
  acknowledged(): void {
    if (this.#lingerUntil !== undefined) this.#lingerUntil = this.#outlet.now + FULL_CYCLE;
  }

  /** A message of the tunnel, in order and from the peer. */
  receive(message: Message, octets: Uint8Array): void {
    const { name, attributes } = message;
    const end = endOfFault(message);
    switch (name) {
      case 'SCCRQ':
        if (this.#state === 'idle' && this.#request === undefined) this.#receiveRequest(message, octets);
        else this.#judge('SCCRQ', misplaced(name, this.#state));
        return;
      case 'SCCRP':
        this.#receiveReply(attributes, end);
        return;
      case 'SCCCN':
        if (this.#state === 'wait-ctl-conn') this.#judge('SCCCN', end ?? this.handshake.judgeScccn(attributes));
        else this.#judge('SCCCN', misplaced(name, this.#state));
        return;
      case 'StopCCN':
        this.#step('StopCCN', peerEnd(attributes.ResultCode));
        return;
      default:
        // HELLO, which asks for no more than to be acknowledged (§6.5); a type that nobody knows; or a session's
        // message too soon.
        if (end !== undefined) this.stop(end);
        else if (name !== 'HELLO') this.stop(misplaced(name ?? 'message', this.#state));
    }
  }

  /** Ends the tunnel with a StopCCN, in any state: the table's own closing knows established tunnels only. */
  stop(end: End): void {
    if (this.#lingerUntil !== undefined || this.#step('close', end)) return;
    this.#perform('send-StopCCN', end);
    this.#perform('clean-up', end);
  }

  /** The SCCRQ that made this connection. */
  #receiveRequest(message: Message, octets: Uint8Array): void {
    const transport = this.#transport;
    this.#learn(message.attributes);
    this.#setupAt = this.#outlet.now + this.#outlet.limits.halfOpenTimeout;
    const end = endOfFault(message) ?? versionEnd(message.attributes);
    if (end !== undefined) return this.#judge('SCCRQ', end);
    this.#request = octets.slice();
    transport.answerDue = true;
    const { peer } = this.handshake;
    this.#outlet.emit({ do: 'authorize-tunnel', tunnel: this.#transport.id, path: transport.path, peer: peer! });
  }

  #receiveReply(attributes: Attributes, fault: End | undefined): void {
    if (this.#state !== 'wait-ctl-reply') return this.#judge('SCCRP', misplaced('SCCRP', this.#state));
    this.#learn(attributes);
    this.#judge('SCCRP', fault ?? this.handshake.judgeSccrp(attributes));
  }

  #judge(name: 'SCCRQ' | 'SCCRP' | 'SCCCN', end: End | undefined): void {
    const event = end === undefined ? (`${name}+` as const) : (`${name}-` as const);
    if (!this.#step(event, end) && end !== undefined) this.stop(end);
  }

  /** Walks one cell of §7.2.1; `end` says how the tunnel ends, if it does. False: the table has no such row. */
  #step(event: ControlConnectionEvent, end?: End): boolean {
    const transition = CONTROL_CONNECTION.lookup(this.#state, event);
    if (transition === undefined) return false;
    if (transition.next !== 'idle') this.#enter(transition.next);
    for (const action of transition.actions) this.#perform(action, end);
    return true;
  }

  #perform(action: ControlConnectionAction, end?: End): void {
    const transport = this.#transport;
    switch (action) {
      case 'send-SCCRQ':
        transport.send('SCCRQ', this.handshake.sccrq(this.#transport.id));
        break;
      case 'send-SCCRP':
        transport.send('SCCRP', this.handshake.sccrp(this.#transport.id));
        break;
      case 'send-SCCCN':
        transport.send('SCCCN', this.handshake.scccn());
        break;
      case 'send-StopCCN':
        this.#calls.tunnelDown(end!);
        transport.channel.dropUnsent(); // nothing before the StopCCN matters any more
        transport.send('StopCCN', { AssignedTunnelId: this.#transport.id, ResultCode: resultOf(end!) });
        break;
      case 'tunnel-open':
        this.#up();
        break;
      case 'clean-up':
        // §4.4.3: who loses the tie discards its tunnel silently, and nothing of it is owed to anybody.
        this.#finish(end!, end!.cause === 'tie-lost' ? 'forget' : 'linger');
        break;
      case 're-queue-SCCRQ':
        break; // `vpdn/` dials again when it hears of the tie
    }
  }

  #up(): void {
    const { id, peerId, path } = this.#transport;
    this.#transport.proven = true;
    this.#setupAt = Number.POSITIVE_INFINITY;
    this.#outlet.emit({ do: 'tunnel-up', tunnel: id, peerTunnel: peerId, peer: this.handshake.peer!, path });
    this.#calls.tunnelUp();
  }

  /** The tunnel is down. §5.7: lingers to see the StopCCN acknowledged, ours or the peer's; unless nobody is there. */
  #finish(end: End, then: 'linger' | 'forget'): void {
    this.#calls.tunnelDown(end);
    this.#request = undefined;
    this.#setupAt = Number.POSITIVE_INFINITY;
    this.#traceState(this.#state, 'shutting-down');
    this.#state = 'idle';
    this.#since = this.#outlet.now;
    this.#lingerUntil = this.#outlet.now + FULL_CYCLE;
    this.#outlet.emit({ do: 'tunnel-down', tunnel: this.#transport.id, reference: this.reference, end });
    if (then === 'forget') this.#forget();
  }

  #forget(): void {
    this.gone = true;
    this.#traceState('shutting-down', 'idle');
    this.#outlet.emit({ do: 'tunnel-gone', tunnel: this.#transport.id });
  }

  /** Neither SCCRP nor SCCCN came in time, though the peer may have acknowledged what we sent. */
  #tooLate(): void {
    const end = localEnd('setup-timeout', StopCcnResult.General, 0, 'not established in time');
    if (this.#transport.channel.pending > 0) this.#finish(end, 'forget');
    else this.stop(end);
  }

  #adopt(settings: TunnelSettings): void {
    this.handshake.settings = settings;
    this.#transport.secret = settings.secret;
    this.#transport.hides = settings.hidden;
  }

  /** From SCCRQ and SCCRP: who the peer is, and what it calls the tunnel. */
  #learn(attributes: Attributes): void {
    const transport = this.#transport;
    this.handshake.learn(attributes);
    const { hostName, receiveWindowSize, framingCapabilities } = this.handshake.peer!;
    transport.peerName = hostName;
    transport.peerId = attributes.AssignedTunnelId ?? transport.peerId;
    transport.framingType = framingCapabilities === ASYNCHRONOUS ? ASYNCHRONOUS : SYNCHRONOUS;
    transport.channel.openWindow(receiveWindowSize);
  }

  /** §5.5: not while a message is under way, which finds out just as well. */
  #helloAt(): Millis {
    if (this.#state !== 'established' || this.#transport.channel.pending > 0) return Number.POSITIVE_INFINITY;
    return this.#hello.dueAt(this.#transport.heardAt, this.handshake.settings!.helloInterval);
  }

  #idleAt(): Millis {
    if (this.#state !== 'established' || this.#calls.size > 0) return Number.POSITIVE_INFINITY;
    const patience = this.handshake.settings!.noSessionTimeout;
    return this.#calls.idleSince + Math.max(patience, this.#calls.used ? 0 : FIRST_CALL);
  }

  #enter(state: ControlConnectionState): void {
    if (state === this.#state) return;
    this.#traceState(this.#state, state);
    this.#state = state;
    this.#since = this.#outlet.now;
  }

  #traceState(from: TunnelState, to: TunnelState): void {
    const { outlet, id: tunnel } = this.#transport;
    if (outlet.traced) outlet.emit({ do: 'trace', event: { kind: 'tunnel-state', tunnel, from, to } });
  }
}

function endOfFault({ fault }: Message): End | undefined {
  return fault && localEnd(fault.cause, StopCcnResult.SeeErrorCode, fault.errorCode, fault.text);
}

function misplaced(name: string, state: ControlConnectionState): End {
  return localEnd('protocol', StopCcnResult.StateMachineError, 0, `${name} in ${state}`);
}

/** §5.7: "The recommended time for a full retransmission cycle is 31 seconds". */
const FULL_CYCLE: Millis = 31_000;
/** A tunnel just made is given this long for its first call, however short the time without calls may be. */
const FIRST_CALL: Millis = 1000;
const [SYNCHRONOUS, ASYNCHRONOUS] = [1, 2];
const UNHEARD = {
  idle: 'retransmission',
  'wait-ctl-reply': 'unreachable',
  'wait-ctl-conn': 'setup-timeout',
  established: 'retransmission',
} as const;
