// The messages of one control connection on their way between its machines and TCP: encoding, counting, traces, and how fast a
// peer may talk.

import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import { encodeMessage, type Fields, type MessageName } from './message.ts';
import type { Outlet } from './outlet.ts';
import type { TransportStatus } from './status.ts';

export class Transport {
  readonly outlet: Outlet;
  readonly connection: number;
  path: Path;
  peerName = '';
  /** The last time a message came. */
  heardAt: Millis;
  #closed = false;
  #messagesSent = 0;
  #messagesReceived = 0;
  #octetsSent = 0;
  #octetsReceived = 0;
  /** How many messages may still come at once, and when that was counted. */
  #allowance: number;
  #allowanceAt: Millis;

  constructor(outlet: Outlet, connection: number, path: Path) {
    this.outlet = outlet;
    this.connection = connection;
    this.path = path;
    this.heardAt = outlet.now;
    this.#allowance = outlet.limits.messageBurst;
    this.#allowanceAt = outlet.now;
  }

  /** `call`: our Call ID, where the message is about one. */
  send<Name extends MessageName>(name: Name, fields: Fields<Name>, call = 0): void {
    if (this.#closed) return;
    const octets = encodeMessage(name, fields);
    this.#messagesSent++;
    this.#octetsSent += octets.length;
    this.outlet.emit({ do: 'send', connection: this.connection, octets });
    this.#trace('O', name, octets, resultOf(fields), call);
  }

  /** A whole message came. False: it is one too many. */
  receive(octets: Uint8Array): boolean {
    const { now, limits } = this.outlet;
    const earned = ((now - this.#allowanceAt) * limits.messagesPerSecond) / 1000;
    this.#allowance = Math.min(limits.messageBurst, this.#allowance + earned);
    this.#allowanceAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance--;
    this.#messagesReceived++;
    this.#octetsReceived += octets.length;
    this.heardAt = now;
    return true;
  }

  traceReceived(name: string, octets: Uint8Array, fields: object, call: number): void {
    this.#trace('I', name, octets, resultOf(fields), call);
  }

  traceError(text: string, call = 0): void {
    const { outlet, connection } = this;
    if (outlet.traced) outlet.emit({ do: 'trace', event: { kind: 'error', connection, call, text } });
  }

  disconnect(how: 'flush' | 'abort'): void {
    if (this.#closed) return;
    this.#closed = true;
    this.outlet.emit({ do: 'disconnect', connection: this.connection, how });
  }

  /** TCP is gone already. */
  lost(): void {
    this.#closed = true;
  }

  status(): TransportStatus {
    const { connection, peerName, path } = this;
    const counts = { messagesSent: this.#messagesSent, messagesReceived: this.#messagesReceived };
    return {
      connection,
      peerName,
      path,
      ...counts,
      octetsSent: this.#octetsSent,
      octetsReceived: this.#octetsReceived,
    };
  }

  #trace(direction: 'I' | 'O', name: string, octets: Uint8Array, result: number, call: number): void {
    const { outlet, connection, peerName, path } = this;
    if (!outlet.traced) return;
    // What comes in lives in a buffer that is used again.
    const kept = direction === 'I' ? octets.slice() : octets;
    const event = { kind: 'message', direction, connection, call, name, result, peerName, path, octets: kept } as const;
    outlet.emit({ do: 'trace', event });
  }
}

function resultOf(fields: object): number {
  const { resultCode, reason } = fields as { readonly resultCode?: number; readonly reason?: number };
  return resultCode ?? reason ?? 0;
}
