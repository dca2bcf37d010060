// The row that a session has in the packet path, from the moment its peer may send until it is gone.

import type { LinkEffect } from '../ppp/events.ts';
import type { CallPlace } from './call-place.ts';
import type { Context } from './context.ts';
import type { DataSession } from './events.ts';
import { referenceOf } from './tunnel-of.ts';

export class DataRow {
  session: DataSession | undefined;
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  open(session: DataSession): void {
    this.session = session;
    this.#context.emit({ do: 'open-session', session });
  }

  update(change: Partial<DataSession>): void {
    if (this.session === undefined) return;
    this.session = { ...this.session, ...change };
    this.#context.emit({ do: 'update-session', session: this.session });
  }

  /** What CCP agreed on, or that the peer asks for a new beginning of what it agreed on. */
  compress(effect: Extract<LinkEffect, { do: 'compression' | 'compression-flush' }>): void {
    if (effect.do === 'compression-flush') {
      return this.update({ compressionFlushes: (this.session?.compressionFlushes ?? 0) + 1 });
    }
    const { transmit, receive, required } = effect;
    this.update({ compression: { transmit, receive, required } });
  }

  /** What was agreed on is known for as long as anybody asks. */
  close(place: CallPlace): void {
    if (this.session === undefined) return;
    const { localTunnel, localSession } = this.session;
    const tunnel = referenceOf(place);
    this.#context.emit({ do: 'close-session', localTunnel, localSession, ...(tunnel && { tunnel }) });
  }
}
