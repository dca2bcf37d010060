// A peer whose every packet a test writes by hand, with one link at the other end of the wire.

import type { LinkEffect, LinkEnd } from '../../src/ppp/events.ts';
import { decodeFrame, encodeFrame, formatProtocol, Protocol } from '../../src/ppp/frame.ts';
import { Code, decodePacket, encodePacket } from '../../src/ppp/packet.ts';
import type { Millis } from '../../src/wire/machine.ts';
import { formatHex } from '../../src/wire/values.ts';
import { End, type EndSettings } from './pair.ts';

export interface Received {
  /** `LCP`, `IPCP`, … */
  readonly protocol: string;
  readonly code: number;
  readonly identifier: number;
  readonly data: string;
}

export class HandMadePeer {
  now: Millis = 0;
  readonly end: End;

  constructor(options: EndSettings = {}, seed = 7) {
    this.end = new End(options, seed);
  }

  up(): this {
    this.end.input({ on: 'up' }, this.now);
    return this;
  }

  /** `data` in hex; spaces are for the eye. */
  send(protocol: keyof typeof Protocol, code: number, identifier: number, data = ''): this {
    return this.frame(encodeFrame(Protocol[protocol], encodePacket(code, identifier, octetsOf(data)), UNCOMPRESSED));
  }

  frame(frame: Uint8Array | string): this {
    this.end.input({ on: 'frame', frame: typeof frame === 'string' ? octetsOf(frame) : frame }, this.now);
    return this;
  }

  /** What the link has sent since the last call. */
  received(): Received[] {
    return this.end.sent.splice(0).map((frame) => {
      const { protocol, information } = decodeFrame(frame);
      const { code, identifier, data } = decodePacket(information);
      return { protocol: formatProtocol(protocol), code, identifier, data: formatHex(data) };
    });
  }

  /** Lets time pass, timers and all. */
  wait(span: Millis): this {
    const until = this.now + span;
    for (let step = 0; step < 10_000 && this.end.link.deadline <= until; step++) {
      this.now = Math.max(this.now, this.end.link.deadline);
      this.end.timeout(this.now);
    }
    this.now = until;
    return this;
  }

  /** Acks the link's last request of `protocol`. */
  ack(protocol: 'LCP' | 'IPCP'): this {
    const request = this.received().findLast((packet) => packet.protocol === protocol && packet.code === 1);
    return this.send(protocol, Code.ConfigureAck, request!.identifier, request!.data);
  }

  /** Acks the link's last request of `protocol`, and sends its own of `options`. */
  agree(protocol: 'LCP' | 'IPCP', options = ''): this {
    return this.ack(protocol).send(protocol, Code.ConfigureRequest, 1, options);
  }

  /** All the way to an open link without authentication. */
  open(lcpOptions = MAGIC, ipcpOptions = ADDRESS): this {
    this.up().agree('LCP', lcpOptions).agree('IPCP', ipcpOptions);
    this.received();
    return this;
  }

  effects<Kind extends LinkEffect['do']>(kind: Kind): Extract<LinkEffect, { do: Kind }>[] {
    return this.end.all(kind);
  }

  get linkEnd(): LinkEnd | undefined {
    return this.end.end;
  }

  drops(reason: string): number {
    return this.end.link.drops.get(reason) ?? 0;
  }
}

export function octetsOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}

export function hexOf(text: string): string {
  return formatHex(new TextEncoder().encode(text));
}

/** The peer's magic number and address where a test does not care. */
export const MAGIC = '0506 11223344';
export const ADDRESS = '0306 0a000001';
/** What the link needs to be content with that address. */
export const OWN_ADDRESS = { localAddress: '10.0.0.2', requestDns: false };

const UNCOMPRESSED = { sendAcfc: false, sendPfc: false };
