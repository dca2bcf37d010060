// Draws the negotiation as the server traces it: its traces show both directions.

import { Ladder } from '../../cli/show/ladder.ts';
import { ladderStep } from '../../cli/show/ladder-step.ts';
import { parse } from '../../host/json-octets.ts';
import type { RouterTrace } from '../../vpdn/events.ts';
import { followTrace } from '../client.ts';

export interface NegotiationOptions {
  /** The server's control socket. */
  readonly socket: string;
  readonly client: { readonly name: string; readonly address: string };
  readonly server: { readonly name: string; readonly address: string };
  readonly colour: boolean;
  readonly width: number;
  readonly print: (line: string) => void;
}

export class Negotiation {
  readonly #ladder: Ladder;
  readonly #print: (line: string) => void;
  /** Hangs up on the trace. */
  readonly #end = new AbortController();
  readonly #following: Promise<void>;
  #startedAt: number | undefined;

  constructor({ socket, client, server, colour, width, print }: NegotiationOptions) {
    this.#ladder = new Ladder(client, server, { colour, width });
    this.#print = print;
    for (const line of this.#ladder.head()) print(line);
    this.#following = this.#follow(socket);
  }

  /** Since the first message. */
  get startedAt(): number | undefined {
    return this.#startedAt;
  }

  async finish(succeeded: boolean, text: string): Promise<void> {
    this.#end.abort();
    await this.#following;
    for (const line of this.#ladder.foot({ succeeded, text })) this.#print(line);
  }

  async #follow(socket: string): Promise<void> {
    for await (const line of followTrace(socket, this.#end.signal)) {
      const { at, trace } = parse(line) as { at: number; trace: RouterTrace };
      this.#startedAt ??= at;
      const step = ladderStep(trace, at - this.#startedAt, 'server');
      // The LCP echoes that follow belong to the keepalive, not to the story.
      if (step === undefined || step.message.startsWith('Echo-')) continue;
      for (const drawn of this.#ladder.step(step)) this.#print(drawn);
    }
  }
}
