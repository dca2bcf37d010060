// The Compression Control Protocol, RFC 1962, for MPPE (RFC 3078) and MPPC (RFC 2118): which keys and which history either
// direction begins with, and the Reset-Requests that a lost packet gives rise to.

import type { EncryptionKeys, StartKeys } from '../crypto/mppe-keys.ts';
import { equalOctets } from '../wire/bytes.ts';
import type { Millis } from '../wire/machine.ts';
import type { State } from './automaton.ts';
import { CCP_OPTIONS, CcpNegotiator, SupportedBit, strengthOf } from './ccp-options.ts';
import { type ControlEffect, ControlProtocol, type ControlSettings } from './control-protocol.ts';
import type { CcpSettings, CompressionState } from './events.ts';
import { startKeyLength } from './mppe-key.ts';
import { Code, encodePacket, type Packet } from './packet.ts';

/** RFC 1962 §3. */
export const CcpCode = { ResetRequest: 14, ResetAck: 15 } as const;

/** `flush`: the peer asks for a new beginning of what we send. */
export type CcpEffect = ControlEffect | { readonly do: 'flush' };

export class Ccp {
  readonly #control: ControlProtocol<CcpNegotiator>;
  readonly #negotiator: CcpNegotiator;
  readonly #restartTimer: Millis;
  #keys: EncryptionKeys | undefined;
  /** Of the openings: each begins with the start keys, an empty history and count 0 (RFC 3078 §3.1). */
  #generation = 0;
  /** The peer's Configure-Request that was acknowledged last; late copies of it and of those before may follow. */
  #acknowledged: Packet | undefined;
  #copiesLeft = 0;
  #copiesUntil: Millis = Number.NEGATIVE_INFINITY;
  #held: Packet | undefined;
  #askedAt: Millis = Number.NEGATIVE_INFINITY;
  #flushedAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(settings: ControlSettings & { readonly ccp: CcpSettings }) {
    this.#restartTimer = settings.restartTimer;
    this.#negotiator = new CcpNegotiator(settings.ccp, settings.maxFailure);
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

  /** Why there is no encryption, if one of the ends has refused it. */
  get refusal(): string | undefined {
    return this.#negotiator.refusal;
  }

  /** This session was stateful, and is to be so no more. */
  get isStatelessOnly(): boolean {
    return this.#negotiator.statelessOnly;
  }

  /** What we send with, and what we receive with, once both ends agree. */
  get agreed(): { readonly transmit: CompressionState | undefined; readonly receive: CompressionState | undefined } {
    if (this.state !== 'Opened') return { transmit: undefined, receive: undefined };
    const { granted, wanted } = this.#negotiator;
    return { transmit: this.#stateOf(granted, 'transmit'), receive: this.#stateOf(wanted, 'receive') };
  }

  up(keys: EncryptionKeys | undefined, peerMru: number, now: Millis): CcpEffect[] {
    this.#keys = keys;
    this.#negotiator.begin(keys !== undefined);
    if (this.state === 'Initial') this.#control.handleEvent('Open', now);
    const effects = this.#negotiator.speaksFirst ? this.#control.handleEvent('Up', now) : this.#control.listen();
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? effects : [...effects, ...this.handlePacket(held, peerMru, now)];
  }

  down(now: Millis): CcpEffect[] {
    this.#keys = undefined;
    this.#held = undefined;
    this.#acknowledged = undefined;
    return this.#isDown() ? [] : this.#control.handleEvent('Down', now);
  }

  close(now: Millis): CcpEffect[] {
    return this.#isDown() ? [] : this.#control.handleEvent('Close', now);
  }

  /** The peer rejects CCP as a whole (RFC 1661 §5.7, RXJ-). */
  rejected(now: Millis): CcpEffect[] {
    this.#negotiator.refuse('the peer rejects CCP as a whole (Protocol-Reject)');
    return this.#isDown() ? [] : this.#control.handleEvent('RXJ-', now);
  }

  handleTimeout(now: Millis): CcpEffect[] {
    return this.#control.handleTimeout(now);
  }

  /** A peer that is through with authentication a moment earlier than we are is answered when we are. */
  hold(packet: Packet): boolean {
    if (packet.code !== Code.ConfigureRequest || packet.octets.length > LONGEST_HELD) return false;
    this.#held = copyOf(packet);
    return true;
  }

  handlePacket(packet: Packet, peerMru: number, now: Millis): CcpEffect[] {
    if (packet.code === CcpCode.ResetRequest) return this.#reset(packet.identifier, now);
    // RFC 3078 §8.2: what begins anew says so itself.
    if (packet.code === CcpCode.ResetAck) return drop('ccp-reset-ack');
    if (packet.code !== Code.ConfigureRequest)
      return this.#watched(this.#control.handlePacket(packet, peerMru, now), now);
    const late = this.#receiveLate(packet, now);
    if (late !== undefined) return late;
    const effects = this.#control.handlePacket(packet, peerMru, now);
    if (effects.some((effect) => effect.do === 'send' && effect.packet[0] === Code.ConfigureAck)) {
      this.#acknowledged = copyOf(packet);
      this.#expectCopies(now);
    }
    return this.#watched(effects, now);
  }

  /** A packet was lost on its way to us, and what follows cannot be read without a new beginning. */
  lost(now: Millis): CcpEffect[] {
    if (this.state !== 'Opened') return drop('ccp-not-open');
    if (now - this.#askedAt < RESET_INTERVAL) return drop('ccp-reset-rate');
    this.#askedAt = now;
    const packet = encodePacket(CcpCode.ResetRequest, this.#control.nextIdentifier());
    return [{ do: 'send', packet, state: this.state }];
  }

  get isStateful(): boolean {
    const { transmit, receive } = this.agreed;
    return transmit?.mppe?.stateful === true || receive?.mppe?.stateful === true;
  }

  /** from the next negotiation on there is no state. */
  goStateless(): void {
    this.#negotiator.statelessOnly = true;
  }

  /**
   * The next packet itself says FLUSHED, and RFC 3078 §8.2 wants no Reset-Ack. RFC 1962 §5.2 does, and Linux decompresses
   * nothing before it has one: so it goes first. However many were lost, one packet is enough.
   */
  #reset(identifier: number, now: Millis): CcpEffect[] {
    if (this.state !== 'Opened') return drop('ccp-not-open');
    if (now - this.#flushedAt < RESET_INTERVAL) return drop('ccp-reset-rate');
    this.#flushedAt = now;
    const acknowledgment = encodePacket(CcpCode.ResetAck, identifier);
    return [{ do: 'send', packet: acknowledgment, state: this.state }, { do: 'flush' }];
  }

  /**
   * RFC 1661 §4.1 has an open layer go down for any Configure-Request. Where each opening needs keys of its own, that is much
   * for one that was under way while the Ack was, or sent because the Ack was lost: it is acknowledged again. One that is
   * older than what was acknowledged would have us send other than the peer receives, and is dropped. A peer that has truly
   * begun anew goes on asking, and is believed.
   */
  #receiveLate(packet: Packet, now: Millis): CcpEffect[] | undefined {
    const acknowledged = this.#acknowledged;
    if (acknowledged === undefined || this.#copiesLeft === 0 || now >= this.#copiesUntil) return undefined;
    const age = (acknowledged.identifier - packet.identifier) & 0xff;
    if (age > 0 && age <= OLDEST_COPY) {
      this.#copiesLeft--;
      return drop('ccp-late-request');
    }
    if (this.state !== 'Opened' || !equalOctets(packet.data, acknowledged.data)) return undefined;
    this.#copiesLeft--;
    this.#copiesUntil = now + COPIES_SPAN * this.#restartTimer;
    this.#acknowledged = copyOf(packet);
    const again = encodePacket(Code.ConfigureAck, packet.identifier, packet.data);
    return [{ do: 'send', packet: again, state: this.state }];
  }

  #watched(effects: CcpEffect[], now: Millis): CcpEffect[] {
    if (effects.some((effect) => effect.do === 'layer-up')) {
      this.#generation++;
      this.#expectCopies(now);
    }
    return effects;
  }

  #expectCopies(now: Millis): void {
    this.#copiesLeft = MOST_COPIES;
    this.#copiesUntil = now + COPIES_SPAN * this.#restartTimer;
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

  #isDown(): boolean {
    return this.state === 'Initial' || this.state === 'Starting';
  }
}

function startKeyOf({ long, short }: StartKeys, bits: 40 | 56 | 128): Uint8Array {
  return startKeyLength(bits) === 16 ? long : short;
}

/** The octets belong to whoever received them. */
function copyOf(packet: Packet): Packet {
  const octets = packet.octets.slice();
  return { ...packet, octets, data: octets.subarray(octets.length - packet.data.length) };
}

function drop(reason: string): CcpEffect[] {
  return [{ do: 'drop', reason }];
}

const LONGEST_HELD = 256;
/** Copies of requests that are put up with after an Ack, fewer than Max-Configure; for so many restart timers; how old. */
const MOST_COPIES = 6;
const COPIES_SPAN = 4;
const OLDEST_COPY = 8;

/** One round trip of a good line: what is lost within one is lost with one loss. */
const RESET_INTERVAL: Millis = 10;
