// What carries a call: a session of L2TPv2 or one of L2TPv3. A call knows neither; here is all that it does with one.

import type { Refusal } from '../l2tp/events.ts';
import type { Context } from './context.ts';

export interface Carrier {
  /** A PPP frame that the call sends itself. */
  send(frame: Uint8Array, priority: boolean): void;
  /** Ends the session; whoever asked for this hears of it when it is gone. */
  close(refusal: Refusal): void;
}

export function v2Carrier({ l2tp }: Pick<Context, 'l2tp'>, tunnel: number, session: number): Carrier {
  return {
    send: (frame, priority) => l2tp({ on: 'frame', tunnel, session, frame, priority }),
    close: (refusal) => l2tp({ on: 'close-call', tunnel, session, ...refusal }),
  };
}

/** RFC 3931 has no priority bit. */
export function v3Carrier({ l2tpv3 }: Pick<Context, 'l2tpv3'>, session: number): Carrier {
  return {
    send: (frame) => l2tpv3({ on: 'frame', session, frame }),
    close: (refusal) => l2tpv3({ on: 'close-session', session, ...refusal }),
  };
}
