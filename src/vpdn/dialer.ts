// The client of one Virtual-PPP interface: dials as soon as its configuration is complete, and dials again for ever,
// waiting longer after each failure (R-035, C050). It decides when; `tunnels.ts` and `call.ts` do.

import type { Entropy, Machine, Millis } from '../wire/machine.ts';
import { randomU16 } from '../wire/machine.ts';

export type DialerState =
  | 'idle' // something is missing, or the interface is shut
  | 'dialling'
  | 'up'
  | 'waiting'; // for the next attempt

export type DialerInput =
  /** All it takes to dial is there. */
  | { readonly on: 'ready' }
  /** No longer: `reason` says what is missing. */
  | { readonly on: 'not-ready'; readonly reason: string }
  /** The peer asked for the session first: there is no need to dial. */
  | { readonly on: 'answered' }
  /** IP passes. */
  | { readonly on: 'connected' }
  /** The attempt or the connection is over. */
  | { readonly on: 'ended' }
  /** It failed here, and there is another server to try. */
  | { readonly on: 'failed-here' }
  /** There is a connection to the peer, which would have asked by now if it were to ask. */
  | { readonly on: 'peer-there' }
  /** Forget the back-off: somebody changed something. */
  | { readonly on: 'retry-now' };

export type DialerEffect = { readonly do: 'dial' };

export class Dialer implements Machine<DialerInput, DialerEffect> {
  readonly interfaceName: string;
  state: DialerState = 'idle';
  /** Why it is idle. */
  missing = 'not configured';
  deadline: Millis = Number.POSITIVE_INFINITY;
  attempts = 0;
  readonly #entropy: Entropy;

  constructor(interfaceName: string, entropy: Entropy) {
    this.interfaceName = interfaceName;
    this.#entropy = entropy;
  }

  handle(input: DialerInput, now: Millis): DialerEffect[] {
    switch (input.on) {
      case 'ready':
        return this.state === 'idle' ? this.#dial() : [];
      case 'not-ready':
        this.state = 'idle';
        this.missing = input.reason;
        this.attempts = 0;
        this.deadline = Number.POSITIVE_INFINITY;
        return [];
      case 'answered':
        this.state = 'dialling';
        this.deadline = Number.POSITIVE_INFINITY;
        return [];
      case 'connected':
        this.state = 'up';
        this.attempts = 0;
        return [];
      case 'ended':
        if (this.state !== 'dialling' && this.state !== 'up') return [];
        this.state = 'waiting';
        this.deadline = now + this.#backOff();
        return [];
      case 'failed-here':
        return this.state === 'dialling' ? this.#dial() : [];
      case 'peer-there':
        if (this.state === 'waiting') this.deadline = Math.min(this.deadline, now + PEER_ASKS_WITHIN);
        return [];
      case 'retry-now':
        return this.state === 'waiting' ? this.#dial() : [];
      default:
        input satisfies never;
        return [];
    }
  }

  handleTimeout(now: Millis): DialerEffect[] {
    return now < this.deadline ? [] : this.#dial();
  }

  #dial(): DialerEffect[] {
    this.state = 'dialling';
    this.deadline = Number.POSITIVE_INFINITY;
    return [{ do: 'dial' }];
  }

  /** 1, 2, 4 … 30 s, each up to a quarter longer, so that a thousand clients do not call in step. */
  #backOff(): Millis {
    const span = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.attempts);
    this.attempts = Math.min(this.attempts + 1, 16);
    return span + (span * randomU16(this.#entropy)) / 0x4_0000;
  }
}

const PEER_ASKS_WITHIN: Millis = 200;
const FIRST_WAIT: Millis = 1000;
const LONGEST_WAIT: Millis = 30_000;
