// The Compression Control Protocol, RFC 1962, for MPPE (RFC 3078) and MPPC (RFC 2118): which keys and which history either
// direction begins with, and the Reset-Requests that a lost packet gives rise to.

import type { EncryptionKeys, StartKeys } from '../crypto/mppe-keys.ts';
import type { Millis } from '../wire/machine.ts';
import type { State } from './automaton.ts';
import { CCP_OPTIONS, CcpNegotiator, SupportedBit, strengthOf } from './ccp-options.ts';
import { type ControlEffect, ControlProtocol, type ControlSettings } from './control-protocol.ts';
import type { CcpSettings, CompressionState } from './events.ts';
import { startKeyLength } from './mppe-key.ts';
import { encodePacket, type Packet } from './packet.ts';

/** RFC 1962 §3. */
export const CcpCode = { ResetRequest: 14, ResetAck: 15 } as const;

/** `flush`: the peer asks for a new beginning of what we send. */
export type CcpEffect = ControlEffect | { readonly do: 'flush' };

export class Ccp {
  readonly #control: ControlProtocol<CcpNegotiator>;
  readonly #negotiator: CcpNegotiator;
  #keys: EncryptionKeys | undefined;
  /** Of the openings: each begins with the start keys, an empty history and count 0 (RFC 3078 §3.1). */
  #generation = 0;
  #askedAt: Millis = Number.NEGATIVE_INFINITY;
  #flushedAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(settings: ControlSettings & { readonly ccp: CcpSettings }) {
    this.#negotiator = new CcpNegotiator(settings.ccp);
    this.#control = new ControlProtocol(settings, CCP_OPTIONS, this.#negotiator, 0);
  }

  get state(): State {
    return this.#control.state;
  }

  get deadline(): Millis {
    return this.#control.deadline;
  }

  get required(): boolean {
    return this.#negotiator.required;
  }

  /** What we send with, and what we receive with, once both ends agree. */
  get agreed(): { readonly transmit: CompressionState | undefined; readonly receive: CompressionState | undefined } {
    if (this.state !== 'Opened') return { transmit: undefined, receive: undefined };
    const { granted, wanted } = this.#negotiator;
    return { transmit: this.#stateOf(granted, 'transmit'), receive: this.#stateOf(wanted, 'receive') };
  }

  up(keys: EncryptionKeys | undefined, now: Millis): CcpEffect[] {
    this.#keys = keys;
    this.#negotiator.keyed = keys !== undefined;
    if (this.state === 'Initial') this.#control.handleEvent('Open', now);
    if (this.#negotiator.settings.mppe?.demand === 'passive') return this.#control.listen();
    return this.#counted(this.#control.handleEvent('Up', now));
  }

  down(now: Millis): CcpEffect[] {
    this.#keys = undefined;
    return this.#isDown() ? [] : this.#control.handleEvent('Down', now);
  }

  close(now: Millis): CcpEffect[] {
    return this.#isDown() ? [] : this.#control.handleEvent('Close', now);
  }

  /** The peer rejects CCP as a whole (RFC 1661 §5.7, RXJ-). */
  rejected(now: Millis): CcpEffect[] {
    return this.#isDown() ? [] : this.#control.handleEvent('RXJ-', now);
  }

  handleTimeout(now: Millis): CcpEffect[] {
    return this.#counted(this.#control.handleTimeout(now));
  }

  handlePacket(packet: Packet, peerMru: number, now: Millis): CcpEffect[] {
    if (packet.code === CcpCode.ResetRequest) return this.#reset(packet.identifier, now);
    // RFC 3078 §8.2: what begins anew says so itself.
    if (packet.code === CcpCode.ResetAck && this.state === 'Opened') return [];
    return this.#counted(this.#control.handlePacket(packet, peerMru, now));
  }

  /** A packet was lost on its way to us, and what follows cannot be read without a new beginning. */
  lost(now: Millis): CcpEffect[] {
    if (this.state !== 'Opened') return drop('ccp-not-open');
    if (now - this.#askedAt < RESET_INTERVAL) return drop('ccp-reset-rate');
    this.#askedAt = now;
    const packet = encodePacket(CcpCode.ResetRequest, this.#control.nextIdentifier());
    return [{ do: 'send', packet, state: this.state }];
  }

  /** what is stateful is negotiated anew. Undefined: nothing is. */
  goStateless(now: Millis): CcpEffect[] | undefined {
    const { transmit, receive } = this.agreed;
    if (transmit?.mppe?.stateful !== true && receive?.mppe?.stateful !== true) return undefined;
    this.#negotiator.statelessOnly = true;
    return this.#counted([...this.#control.handleEvent('Down', now), ...this.#control.handleEvent('Up', now)]);
  }

  /** RFC 1962 §3. However many packets were lost, one new beginning is enough for all. */
  #reset(identifier: number, now: Millis): CcpEffect[] {
    if (this.state !== 'Opened') return drop('ccp-not-open');
    if (now - this.#flushedAt < RESET_INTERVAL) return drop('ccp-reset-rate');
    this.#flushedAt = now;
    const packet = encodePacket(CcpCode.ResetAck, identifier);
    return [{ do: 'send', packet, state: this.state }, { do: 'flush' }];
  }

  #stateOf(supported: number, direction: 'transmit' | 'receive'): CompressionState | undefined {
    const bits = strengthOf(supported);
    const mppc = (supported & SupportedBit.Mppc) !== 0;
    if (this.#keys === undefined || bits === undefined)
      return mppc ? { mppc, generation: this.#generation } : undefined;
    const stateful = (supported & SupportedBit.Stateless) === 0;
    const startKey = startKeyOf(this.#keys[direction], bits);
    return { mppe: { bits, stateful, startKey }, mppc, generation: this.#generation };
  }

  #counted(effects: CcpEffect[]): CcpEffect[] {
    if (effects.some((effect) => effect.do === 'layer-up')) this.#generation++;
    return effects;
  }

  #isDown(): boolean {
    return this.state === 'Initial' || this.state === 'Starting';
  }
}

function startKeyOf({ long, short }: StartKeys, bits: 40 | 56 | 128): Uint8Array {
  return startKeyLength(bits) === 16 ? long : short;
}

function drop(reason: string): CcpEffect[] {
  return [{ do: 'drop', reason }];
}

/** One round trip of a good line: what is lost within one is lost with one loss. */
const RESET_INTERVAL: Millis = 10;
