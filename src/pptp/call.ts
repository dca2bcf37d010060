// One call, RFC 2637 §3.2: runs the table of its role, in either direction and at either end.

import type { Millis } from '../wire/machine.ts';
import { CALL_TABLES, type CallAction, type CallEvent, type CallRole, type CallState } from './call-tables.ts';
import { DisconnectResult, IncomingCallResult, localEnd, OutgoingCallResult } from './end.ts';
import type { CallSettings, End } from './events.ts';
import type { CallStatus } from './status.ts';
import type { Transport } from './transport.ts';

export interface CallStart {
  readonly role: CallRole;
  readonly callSerialNumber: number;
  /** What we offer: packets that the peer may have on the way. */
  readonly localWindow: number;
  /** Of one that we open. */
  readonly reference?: string;
  readonly settings?: CallSettings;
}

/** What a message that ended the call had to say, beside its results. */
export interface Farewell {
  readonly causeCode?: number;
  readonly callStatistics?: string;
}

export class Call {
  readonly id: number;
  readonly role: CallRole;
  readonly reference: string | undefined;
  readonly settings: CallSettings | undefined;
  /** The peer's Call ID; undefined until it said one. */
  peerId: number | undefined;
  /** The peer asked, and nobody has answered. */
  undecided = false;
  /** What the peer says of its side: in the message that tells its window (§2.7, §2.8, §2.10, §2.11). */
  peerWindow = 0;
  peerProcessingDelay: Millis = 0;
  connectSpeed = 0;
  /** Nothing is left of it but its number. */
  gone = false;
  readonly #transport: Transport;
  readonly #serial: number;
  readonly #localWindow: number;
  #state: CallState = 'idle';
  #since: Millis;
  #told = false;
  /** For the Call-Disconnect-Notify that we send. */
  #statistics = '';

  constructor(transport: Transport, id: number, start: CallStart) {
    this.#transport = transport;
    this.id = id;
    this.role = start.role;
    this.reference = start.reference;
    this.settings = start.settings;
    this.#serial = start.callSerialNumber;
    this.#localWindow = start.localWindow;
    this.#since = transport.outlet.now;
  }

  get state(): CallState {
    return this.#state;
  }

  /** When it came into its present state. */
  get since(): Millis {
    return this.#since;
  }

  /** Somebody has to do something, and soon. */
  get waiting(): boolean {
    return this.undecided || (this.#state !== 'established' && this.#state !== 'idle');
  }

  get isPns(): boolean {
    return this.role === 'PNS-incoming' || this.role === 'PNS-outgoing';
  }

  /** Follows one arrow; `end` says how the call ends, if it does. False: there is no such arrow from here. */
  step(event: CallEvent, end?: End, farewell: Farewell = {}): boolean {
    const transition = CALL_TABLES[this.role].lookup(this.#state, event);
    if (transition === undefined) return false;
    this.undecided = event === 'OCRQ+';
    for (const action of transition.actions) this.#perform(action, end);
    this.#enter(transition.next);
    if (transition.next === 'established') this.#up();
    if (transition.next === 'idle') this.gone = true;
    if (transition.next === 'idle' || transition.next === 'wait-disconnect') this.#down(end!, farewell);
    return true;
  }

  /** Our side says yes to the peer. */
  accept(connectSpeed: number): void {
    this.connectSpeed = connectSpeed;
    this.step(this.role === 'PAC-outgoing' ? 'answer' : 'ICRQ+');
  }

  /** Our side clears it or says no, in any state. */
  close(end: End, statistics = ''): void {
    this.#statistics = statistics;
    if (this.undecided) this.step(this.role === 'PAC-outgoing' ? 'incomplete' : 'ICRQ-', end);
    else if (this.#state !== 'wait-disconnect' && !this.step('close', end)) this.#leave(end);
  }

  /** The peer ends it: by a message that the tables know in some states, but that a call survives in none. */
  endByPeer(event: 'CDN' | 'CCR', end: End, farewell: Farewell): void {
    if (!this.step(event, end, farewell)) this.abandon(end, farewell);
  }

  /** With the connection all its calls end, and nobody is told on the wire. */
  abandon(end: End, farewell: Farewell = {}): void {
    if (this.gone) return;
    this.undecided = false;
    this.#enter('idle');
    this.gone = true;
    this.#down(end, farewell);
  }

  status(): CallStatus {
    const { id: call, peerId: peerCall, reference, role, peerWindow, connectSpeed } = this;
    const own = { callSerialNumber: this.#serial, localWindow: this.#localWindow };
    const { connection } = this.#transport;
    return {
      connection,
      call,
      peerCall,
      reference,
      role,
      state: this.#state,
      since: this.#since,
      ...own,
      peerWindow,
      connectSpeed,
    };
  }

  /** States in which the drawings have no way out for us: the PNS's while it waits to be connected, and before the start. */
  #leave(end: End): void {
    if (this.#state === 'wait-connect') {
      this.#perform('send-CCR', end);
      this.#enter('wait-disconnect');
      this.#down(end, {});
    } else {
      this.abandon(end);
    }
  }

  #perform(action: CallAction, end: End | undefined): void {
    const transport = this.#transport;
    const { id, settings } = this;
    const flow = { receiveWindowSize: this.#localWindow, processingDelay: 0 };
    const numbers = { callId: id, peerCallId: this.peerId ?? 0 };
    const codes = { resultCode: end?.resultCode ?? 0, errorCode: end?.errorCode ?? 0 };
    switch (action) {
      case 'send-OCRQ': {
        const { minimumBps = 300, maximumBps = 100_000_000, phoneNumber = '', subAddress = '' } = settings!;
        const types = { bearerType: settings!.bearerType ?? EITHER, framingType: settings!.framingType ?? EITHER };
        const wishes = { callSerialNumber: this.#serial, minimumBps, maximumBps, ...types, phoneNumber, subAddress };
        transport.send('OCRQ', { callId: id, ...wishes, ...flow }, id);
        break;
      }
      case 'send-OCRP': {
        const result = end === undefined ? { resultCode: OutgoingCallResult.Connected, errorCode: 0 } : codes;
        const line = { causeCode: 0, connectSpeed: end === undefined ? this.connectSpeed : 0, physicalChannelId: 0 };
        transport.send('OCRP', { ...numbers, ...result, ...line, ...flow }, id);
        break;
      }
      case 'send-ICRQ': {
        const { phoneNumber: dialedNumber = '', dialingNumber = '', subAddress = '' } = settings!;
        const who = { dialedNumber, dialingNumber, subAddress };
        const line = { bearerType: settings!.bearerType ?? DIGITAL, physicalChannelId: 0 };
        transport.send('ICRQ', { callId: id, callSerialNumber: this.#serial, ...line, ...who }, id);
        break;
      }
      case 'send-ICRP': {
        const result = end === undefined ? { resultCode: IncomingCallResult.Connect, errorCode: 0 } : codes;
        transport.send('ICRP', { ...numbers, ...result, ...flow }, id);
        break;
      }
      case 'send-ICCN': {
        this.connectSpeed = settings!.maximumBps ?? 100_000_000;
        const { connectSpeed } = this;
        const framingType = settings!.framingType ?? SYNCHRONOUS;
        transport.send('ICCN', { peerCallId: numbers.peerCallId, connectSpeed, ...flow, framingType }, id);
        break;
      }
      case 'send-CCR':
        transport.send('CCR', { callId: id }, id);
        break;
      case 'send-CDN': {
        // An answer to Call-Clear-Request says so, whatever led to it (§2.13).
        const result = end?.side === 'peer' ? { resultCode: DisconnectResult.Request, errorCode: 0 } : codes;
        transport.send('CDN', { callId: id, ...result, causeCode: 0, callStatistics: this.#statistics }, id);
        break;
      }
      case 'off-hook':
        break; // the line is our side: `call-requested` asks it
      default:
        action satisfies never;
    }
  }

  #up(): void {
    const { outlet, connection, path } = this.#transport;
    const { id: call, peerId, peerWindow, peerProcessingDelay, connectSpeed } = this;
    const windows = { localWindow: this.#localWindow, peerWindow, peerProcessingDelay };
    const carries = { path, localCall: call, peerCall: peerId ?? 0, ...windows };
    outlet.emit({ do: 'call-up', connection, call, carries, connectSpeed });
  }

  #down(end: End, { causeCode = 0, callStatistics: statistics = '' }: Farewell): void {
    if (this.#told) return;
    this.#told = true;
    const { outlet, connection } = this.#transport;
    outlet.emit({ do: 'call-down', connection, call: this.id, end, causeCode, statistics });
  }

  #enter(state: CallState): void {
    if (state === this.#state) return;
    const { outlet, connection } = this.#transport;
    const event = { kind: 'call-state', connection, call: this.id, from: this.#state, to: state } as const;
    if (outlet.traced) outlet.emit({ do: 'trace', event });
    this.#state = state;
    this.#since = outlet.now;
  }
}

/** A peer that asked too much of our patience, or we of its. */
export function tooLate(role: CallRole): End {
  const result = role === 'PAC-outgoing' ? OutgoingCallResult.TimeOut : IncomingCallResult.DoNotAccept;
  return localEnd('setup-timeout', 'nobody answered in time', result);
}

/** Framing and bearer types are bits: 1 is asynchronous or analog, 2 synchronous or digital. */
const [SYNCHRONOUS, DIGITAL, EITHER] = [2, 2, 3];
