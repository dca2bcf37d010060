// What LCP and every NCP do alike, RFC 1661 §5.1 to §5.6: Configure, Terminate and Code-Reject packets made into the
// automaton's events, and its actions made into packets.

import { DecodeError } from '../wire/errors.ts';
import type { Millis } from '../wire/machine.ts';
import { Automaton, type AutomatonSettings, type Event, type State } from './automaton.ts';
import { type Failure, Negotiation, type Negotiator, type OptionRow } from './options.ts';
import { Code, encodePacket, HEADER_LENGTH, type Packet } from './packet.ts';

export interface ControlSettings extends AutomatonSettings {
  readonly maxFailure: number;
}

export type ControlEffect =
  /** `state` is the one it was sent in, as debug lines print it. */
  | { readonly do: 'send'; readonly packet: Uint8Array; readonly state: State; readonly priority?: boolean }
  /** A new state, but for the one that `layer-finished` tells of. */
  | { readonly do: 'state'; readonly state: State }
  /** This-Layer-Up, -Down and -Finished (RFC 1661 §4.4). */
  | { readonly do: 'layer-up' }
  | { readonly do: 'layer-down' }
  | { readonly do: 'layer-finished' }
  /** Agreement is impossible: the layer is to be closed. */
  | { readonly do: 'fail'; readonly failure: Failure }
  | { readonly do: 'drop'; readonly reason: string };

export class ControlProtocol<Context extends Negotiator> {
  readonly #automaton: Automaton;
  readonly #negotiation: Negotiation<Context>;
  readonly #context: Context;
  #identifier: number;
  /** The last Configure-Request, for sending again. */
  #request: Uint8Array = NONE;
  /** Of the Configure-Request that waits for its answer; undefined once answered: repeated answers are no events. */
  #outstanding: number | undefined;
  #terminateRequest: Uint8Array = NONE;
  /** What our Terminate-Request says: §5.5 leaves its data to us, and peers that log it tell their operator. */
  farewell: Uint8Array = NONE;
  #rejectsLeft = REJECT_BURST;
  #rejectsSince: Millis = Number.NEGATIVE_INFINITY;

  /** `identifier` is the last one used: the first request has the next. */
  constructor(settings: ControlSettings, table: readonly OptionRow<Context>[], context: Context, identifier: number) {
    this.#automaton = new Automaton(settings);
    this.#negotiation = new Negotiation(table, context, settings.maxFailure);
    this.#context = context;
    this.#identifier = identifier;
  }

  get state(): State {
    return this.#automaton.state;
  }

  get deadline(): Millis {
    return this.#automaton.deadline;
  }

  /** The Identifier last used; the next layer of this name goes on from it. */
  get identifier(): number {
    return this.#identifier;
  }

  nextIdentifier(): number {
    this.#identifier = (this.#identifier + 1) & 0xff;
    return this.#identifier;
  }

  /** Up, but waiting for the peer's first word (§4.2, the Stopped state). */
  listen(): ControlEffect[] {
    this.#automaton.listen();
    return [{ do: 'state', state: this.state }];
  }

  handleTimeout(now: Millis): ControlEffect[] {
    if (now < this.#automaton.deadline) return [];
    return this.handleEvent(this.#automaton.timeoutEvent, now);
  }

  /** Codes 1 to 7; any other is unknown here and gets a Code-Reject. */
  handlePacket(packet: Packet, peerMru: number, now: Millis): ControlEffect[] {
    // Initial and Starting have no lower layer: §4.1 has no row for packets there.
    if (this.state === 'Initial' || this.state === 'Starting') return drop('layer-not-up');
    try {
      return this.#receive(packet, peerMru, now);
    } catch (error) {
      if (error instanceof DecodeError) return drop(error.code);
      throw error;
    }
  }

  /** `reply` is what the event's answering action sends: sca, scn, sta, scj or ser. */
  handleEvent(event: Event, now: Millis, reply: Uint8Array = NONE): ControlEffect[] {
    const before = this.state;
    const { impossible } = this.#automaton;
    const actions = this.#automaton.handle(event, now);
    // No peer and no caller can crash a layer with an event its state does not know: it is counted.
    if (this.#automaton.impossible > impossible) return drop('impossible-event');
    const effects: ControlEffect[] = [];
    let announced = this.state === before;
    for (const action of actions) {
      switch (action) {
        case 'scr':
          effects.push({ do: 'send', packet: this.#configureRequest(event, before), state: before });
          break;
        case 'str':
          if (event !== 'TO+')
            this.#terminateRequest = encodePacket(Code.TerminateRequest, this.nextIdentifier(), this.farewell);
          effects.push({ do: 'send', packet: this.#terminateRequest, state: before });
          break;
        case 'sca':
        case 'scn':
        case 'sta':
        case 'scj':
        case 'ser':
          effects.push({ do: 'send', packet: reply, state: before, priority: action === 'ser' });
          break;
        case 'tlu':
          effects.push({ do: 'state', state: this.state }, { do: 'layer-up' });
          announced = true;
          break;
        case 'tlf':
          effects.push({ do: 'layer-finished' });
          announced = true;
          break;
        case 'tld':
          effects.push({ do: 'layer-down' });
          break;
        case 'tls':
          break; // the lower layer is started by whoever called
        default:
          action satisfies never;
      }
    }
    if (!announced) effects.push({ do: 'state', state: this.state });
    return effects;
  }

  /** Code- and Protocol-Rejects are cheap to provoke: a burst, then one a second. */
  mayReject(now: Millis): boolean {
    const earned = Math.floor((now - this.#rejectsSince) / REJECT_INTERVAL);
    if (earned > 0) {
      this.#rejectsLeft = Math.min(REJECT_BURST, this.#rejectsLeft + earned);
      this.#rejectsSince = now;
    }
    if (this.#rejectsLeft === 0) return false;
    this.#rejectsLeft--;
    return true;
  }

  #receive(packet: Packet, peerMru: number, now: Millis): ControlEffect[] {
    const { code, identifier, data } = packet;
    switch (code) {
      case Code.ConfigureRequest:
        return this.#receiveRequest(identifier, data, now);
      case Code.ConfigureAck:
      case Code.ConfigureNak:
      case Code.ConfigureReject:
        return this.#receiveReply(code, identifier, data, now);
      case Code.TerminateRequest:
        return this.handleEvent('RTR', now, this.#terminateAck(identifier));
      case Code.TerminateAck:
        // §5.5: one that nobody asked for says that the peer has lost its state, so its Identifier does not matter.
        return this.handleEvent('RTA', now);
      case Code.CodeReject:
        // §5.6: without Configure and Terminate there is no protocol left to speak.
        if (data.length === 0) return drop('code-reject-empty');
        return this.handleEvent(data[0]! >= 1 && data[0]! <= 7 ? 'RXJ-' : 'RXJ+', now);
      default: {
        // §5.6: under an Identifier of its own, with as much of the packet as the peer's MRU takes.
        if (!this.mayReject(now)) return drop('code-unknown');
        const rejected = packet.octets.subarray(0, Math.max(0, peerMru - HEADER_LENGTH));
        return this.handleEvent('RUC', now, encodePacket(Code.CodeReject, this.nextIdentifier(), rejected));
      }
    }
  }

  #receiveRequest(identifier: number, data: Uint8Array, now: Millis): ControlEffect[] {
    if (this.state === 'Closing' || this.state === 'Stopping') return drop('terminating');
    // §4.1: a closed layer answers Terminate-Ack without looking at the options.
    if (this.state === 'Closed') return this.handleEvent('RCR+', now, this.#terminateAck(identifier));
    const reply = this.#negotiation.judge(data);
    const event = reply.code === Code.ConfigureAck ? 'RCR+' : 'RCR-';
    return this.#failed() ?? this.handleEvent(event, now, encodePacket(reply.code, identifier, reply.data));
  }

  #receiveReply(code: number, identifier: number, data: Uint8Array, now: Millis): ControlEffect[] {
    const event = code === Code.ConfigureAck ? 'RCA' : 'RCN';
    if (this.state === 'Closed' || this.state === 'Stopped') {
      return this.handleEvent(event, now, this.#terminateAck(identifier));
    }
    if (this.state === 'Closing' || this.state === 'Stopping') return drop('terminating');
    // §5.2: "the Identifier field MUST match that of the last transmitted Configure-Request".
    if (identifier !== this.#outstanding) return drop('identifier');
    if (!this.#negotiation.handleReply(code, data)) return drop('reply-mismatch');
    this.#outstanding = undefined;
    return this.#failed() ?? this.handleEvent(event, now);
  }

  #failed(): ControlEffect[] | undefined {
    const { failure } = this.#context;
    return failure === undefined ? undefined : [{ do: 'fail', failure }];
  }

  #configureRequest(event: Event, before: State): Uint8Array {
    // §5.1: a retransmission may keep its Identifier, so that an answer to the first copy still counts.
    if (event === 'TO+' && this.#outstanding !== undefined) return this.#request;
    // From any state but these a new negotiation begins, and with it our wishes as they were at first.
    if (before !== 'Req-Sent' && before !== 'Ack-Rcvd' && before !== 'Ack-Sent') {
      this.#negotiation.restart();
    }
    this.#outstanding = this.nextIdentifier();
    this.#request = encodePacket(Code.ConfigureRequest, this.#outstanding, this.#negotiation.request());
    return this.#request;
  }

  #terminateAck(identifier: number): Uint8Array {
    return encodePacket(Code.TerminateAck, identifier);
  }
}

const NONE = new Uint8Array(0);
const REJECT_BURST = 5;
const REJECT_INTERVAL: Millis = 1000;

function drop(reason: string): ControlEffect[] {
  return [{ do: 'drop', reason }];
}
