// The L2TPv2 half of the router (RFC 2661): its endpoint, and what comes out of it for tunnels, calls and interfaces. To follow a
// call, read #effect from top to bottom.

import { Endpoint } from '../l2tp/endpoint.ts';
import type { EndpointEffect, EndpointInput } from '../l2tp/events.ts';
import type { Entropy, Millis } from '../wire/machine.ts';
import type { Context } from './context.ts';
import type { RouterParts } from './router-parts.ts';

type Parts = Pick<RouterParts, 'tunnels' | 'calls' | 'dialers'>;

export class L2tp {
  readonly endpoint: Endpoint;
  readonly #context: Context;
  readonly #parts: () => Parts;

  constructor(context: Context, entropy: Entropy, parts: () => Parts) {
    this.#context = context;
    this.#parts = parts;
    this.endpoint = new Endpoint({ entropy });
    this.endpoint.traced = false; // until somebody looks
  }

  handle(input: EndpointInput): void {
    this.#effects(this.endpoint.handle(input, this.#context.now));
  }

  handleTimeout(now: Millis): void {
    if (this.endpoint.deadline <= now) this.#effects(this.endpoint.handleTimeout(now));
  }

  #effects(effects: readonly EndpointEffect[]): void {
    for (const effect of effects) this.#effect(effect);
  }

  #effect(effect: EndpointEffect): void {
    const { tunnels, calls, dialers } = this.#parts();
    switch (effect.do) {
      case 'send':
        return this.#context.emit(effect);
      case 'tunnel-opening':
        return tunnels.opening(effect);
      case 'authorize-tunnel':
        return tunnels.authorize(effect);
      case 'tunnel-up':
        return tunnels.up(effect);
      case 'call-opening':
        return calls.placed(effect, dialers.subjectOf(effect.reference));
      case 'call-requested':
        return calls.requested(effect);
      case 'call-up':
        return calls.up(effect);
      case 'frame':
        return calls.frame(effect.tunnel, effect.session, effect.frame);
      case 'sequencing':
        return calls.sequencing(effect.tunnel, effect.session, effect.enabled);
      case 'call-down':
        return calls.down(effect.tunnel, effect.session, effect.end);
      case 'tunnel-down':
        return tunnels.down(effect.tunnel, effect.end);
      case 'tunnel-gone':
        return tunnels.gone(effect.tunnel);
      case 'probe-activity': {
        const sessions = [...(tunnels.get(effect.tunnel)?.sessions ?? [])];
        return this.#context.emit({ do: 'probe-activity', tunnel: effect.tunnel, sessions, of: 'l2tp' });
      }
      case 'trace':
        return this.#context.emit({ do: 'trace', trace: { layer: 'l2tp', event: effect.event } });
      case 'drop':
        return; // counted in the endpoint itself
      default:
        effect satisfies never;
    }
  }
}
