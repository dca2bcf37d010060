// The effects of one call of a link, gathered in order, with its traces and its counts of what was dropped.

import type { LinkEffect, LinkOptions, Phase, PppTrace } from './events.ts';
import { encodeFrame } from './frame.ts';

export type Topic = 'negotiation' | 'authentication';

export class Outbox {
  /** Whether traces are wanted: they are what costs most when nobody looks. */
  traced = true;
  #effects: LinkEffect[] = [];
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

  send(protocol: number, packet: Uint8Array, options: LinkOptions | undefined, priority: boolean): void {
    const frame = encodeFrame(protocol, packet, options ?? UNCOMPRESSED);
    this.add(priority ? { do: 'send', frame, priority } : { do: 'send', frame });
  }

  drop(reason: string): void {
    this.#drops ??= new Map();
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
    this.add({ do: 'drop', reason });
  }

  packetIn(topic: Topic, protocol: string, state: string, octets: Uint8Array): void {
    // A copy: the frame's buffer is used again while a trace may be kept.
    if (this.traced) this.#trace({ kind: 'packet', topic, direction: 'I', protocol, state, packet: octets.slice() });
  }

  packetOut(topic: Topic, protocol: string, state: string, packet: Uint8Array): void {
    if (this.traced) this.#trace({ kind: 'packet', topic, direction: 'O', protocol, state, packet });
  }

  state(protocol: string, state: string): void {
    if (this.traced) this.#trace({ kind: 'state', protocol, state });
  }

  phase(phase: Phase, detail: string): void {
    if (this.traced) this.#trace({ kind: 'phase', phase, detail });
  }

  note(topic: Topic, text: string): void {
    if (this.traced) this.#trace({ kind: 'note', topic, text });
  }

  #trace(event: PppTrace): void {
    this.add({ do: 'trace', event });
  }
}

const UNCOMPRESSED = { sendAcfc: false, sendPfc: false };
const NO_DROPS: ReadonlyMap<string, number> = new Map();
