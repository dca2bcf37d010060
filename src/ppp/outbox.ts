// The effects of one call of a link, gathered in order, with its traces and its counts of what was dropped.
// A packet is traced just before it is sent, so that a debug log reads in the order things happened.

import { type AgreedAuthentication, titleOf } from './authentication.ts';
import type { ControlEffect } from './control-protocol.ts';
import type { LinkEffect, LinkOptions, Phase, PppTrace } from './events.ts';
import { encodeFrame, formatProtocol, Protocol } from './frame.ts';
import { decodePacket, type Packet } from './packet.ts';
import { concealPassword } from './pap.ts';

export class Outbox {
  /** Whether traces are wanted: they are what costs most when nobody looks. */
  traced = true;
  #effects: LinkEffect[] = [];
  /** Made when the first packet is dropped: most links never drop one. */
  #drops: Map<string, number> | undefined;

  get drops(): ReadonlyMap<string, number> {
    return this.#drops ?? NO_DROPS;
  }

  add(effect: LinkEffect): void {
    this.#effects.push(effect);
  }

  take(): LinkEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** What every control protocol says: send this, drop that, look at my state. */
  control(
    protocol: number,
    effect: Extract<ControlEffect, { do: 'send' | 'state' | 'drop' }>,
    options: LinkOptions | undefined,
  ): void {
    switch (effect.do) {
      case 'send':
        this.#packet('O', protocol, effect.state, effect.packet);
        this.#send(protocol, effect.packet, options, effect.priority ?? false);
        return;
      case 'state':
        return this.state(formatProtocol(protocol), effect.state);
      case 'drop':
        return this.drop(effect.reason);
      default:
        effect satisfies never;
    }
  }

  controlIn(protocol: number, state: string, packet: Packet): void {
    // A copy: the frame's buffer is used again while a trace may be kept.
    if (this.traced) this.#packet('I', protocol, state, packet.octets.slice());
  }

  /** A packet of PAP, CHAP or EAP to send. */
  proof(protocol: number, packet: Uint8Array, options: LinkOptions | undefined, agreed: AgreedAuthentication): void {
    if (this.traced) this.#proof('O', protocol, decodePacket(packet), agreed);
    this.#send(protocol, packet, options, false);
  }

  proofIn(protocol: number, packet: Packet, agreed: AgreedAuthentication): void {
    if (this.traced) this.#proof('I', protocol, packet, agreed);
  }

  drop(reason: string): void {
    this.#drops ??= new Map();
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
    this.add({ do: 'drop', reason });
  }

  state(protocol: string, state: string): void {
    if (this.traced) this.#trace({ kind: 'state', protocol, state });
  }

  phase(phase: Phase, detail: string): void {
    if (this.traced) this.#trace({ kind: 'phase', phase, detail });
  }

  note(text: string): void {
    if (this.traced) this.#trace({ kind: 'note', topic: 'negotiation', text });
  }

  #send(protocol: number, packet: Uint8Array, options: LinkOptions | undefined, priority: boolean): void {
    const frame = encodeFrame(protocol, packet, options ?? UNCOMPRESSED);
    this.add(priority ? { do: 'send', frame, priority } : { do: 'send', frame });
  }

  #packet(direction: 'I' | 'O', protocol: number, state: string, packet: Uint8Array): void {
    if (!this.traced) return;
    const name = formatProtocol(protocol);
    this.#trace({ kind: 'packet', topic: 'negotiation', direction, protocol: name, title: name, state, packet });
  }

  #proof(direction: 'I' | 'O', protocol: number, packet: Packet, agreed: AgreedAuthentication): void {
    const name = formatProtocol(protocol);
    this.#trace({
      kind: 'packet',
      topic: 'authentication',
      direction,
      protocol: name,
      title: protocol === Protocol.CHAP ? titleOf(agreed, packet.code, direction) : name,
      state: '',
      packet: showable(protocol, packet),
    });
  }

  #trace(event: PppTrace): void {
    this.add({ do: 'trace', event });
  }
}

/** No trace ever holds a password, whoever keeps it and wherever. */
function showable(protocol: number, packet: Packet): Uint8Array {
  return protocol === Protocol.PAP ? concealPassword(packet) : packet.octets.slice();
}

const UNCOMPRESSED = { sendAcfc: false, sendPfc: false };
const NO_DROPS: ReadonlyMap<string, number> = new Map();
