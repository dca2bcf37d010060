// Two PPTP endpoints joined by TCP as it is at its worst: segments of any size, after any time, but in order. Each end has a host that
// accepts what it is asked.

import { Endpoint, type EndpointOptions } from '../../src/pptp/endpoint.ts';
import type { ConnectionSettings, EndpointEffect, EndpointInput } from '../../src/pptp/events.ts';
import { SETTINGS } from './peer.ts';
import { seeded, seededEntropy } from './random.ts';

type Side = 'a' | 'b';
type Effect<Do extends EndpointEffect['do']> = Extract<EndpointEffect, { readonly do: Do }>;

interface Wire {
  /** The number of the connection at each end; `b`'s is unknown until it accepts. */
  readonly ends: Record<Side, number | undefined>;
  readonly opener: Side;
  /** Octets on their way to each end, and whether nothing follows them. */
  readonly flying: Record<Side, { octets: Uint8Array; ended: boolean }>;
  /** Connected, as the opener knows. */
  opened: boolean;
}

export const ADDRESSES = { a: '192.0.2.1', b: '192.0.2.2' } as const;

export class Pair {
  now = 0;
  readonly endpoints: Readonly<Record<Side, Endpoint>>;
  readonly effects: Readonly<Record<Side, EndpointEffect[]>> = { a: [], b: [] };
  /** Every `send`, in order: what a capture would hold. */
  readonly sent: { readonly from: Side; readonly opener: Side; readonly octets: Uint8Array }[] = [];
  readonly #random: () => number;
  readonly #wires: Wire[] = [];
  readonly #numbers: Record<Side, number> = { a: 1, b: 1 };
  readonly #pieces: number;

  /** `pieces`: the most octets that arrive at once. */
  constructor(seed: number, pieces = 400, options: Partial<EndpointOptions> = {}) {
    this.#random = seeded(seed);
    this.#pieces = pieces;
    const endpoint = () => new Endpoint({ entropy: seededEntropy(this.#random), ...options });
    this.endpoints = { a: endpoint(), b: endpoint() };
  }

  dial(side: Side, settings: ConnectionSettings = { ...SETTINGS, localName: side }): void {
    const path = { localAddress: '0.0.0.0', localPort: 0, peerAddress: ADDRESSES[other(side)], peerPort: 1723 };
    this.input(side, { on: 'open-connection', reference: side, path, settings });
  }

  input(side: Side, input: EndpointInput): void {
    for (const effect of this.endpoints[side].handle(input, this.now)) this.#apply(side, effect);
  }

  /** Steps of the network, in an order that chance decides, until nothing moves. */
  settle(): void {
    for (let steps = 0; ; steps++) {
      if (steps > 100_000) throw new Error('the wire does not come to rest');
      const moves = this.#wires.flatMap((wire) => this.#movesOf(wire));
      if (moves.length === 0) return;
      moves[Math.floor(this.#random() * moves.length)]!();
    }
  }

  /** Lets the clock run, with everything that happens on the way. */
  pass(millis: number): void {
    const until = this.now + millis;
    for (let steps = 0; steps < 100_000; steps++) {
      this.settle();
      const next = Math.min(this.endpoints.a.deadline, this.endpoints.b.deadline);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      for (const side of ['a', 'b'] as const) {
        for (const effect of this.endpoints[side].handleTimeout(this.now)) this.#apply(side, effect);
      }
    }
    this.now = until;
  }

  of<Do extends EndpointEffect['do']>(side: Side, what: Do): Effect<Do>[] {
    return this.effects[side].filter((effect): effect is Effect<Do> => effect.do === what);
  }

  #movesOf(wire: Wire): (() => void)[] {
    if (!wire.opened) return [() => this.#open(wire)];
    return (['a', 'b'] as const).flatMap((to) => {
      const { octets, ended } = wire.flying[to];
      if (wire.ends[to] === undefined || (octets.length === 0 && !ended)) return [];
      return [() => this.#deliver(wire, to)];
    });
  }

  #open(wire: Wire): void {
    wire.opened = true;
    const { opener } = wire;
    const acceptor = other(opener);
    wire.ends[acceptor] = this.#numbers[acceptor];
    this.#numbers[acceptor] += 2;
    const port = 40_000 + this.#wires.indexOf(wire);
    const path = { localAddress: ADDRESSES[opener], localPort: port, peerAddress: ADDRESSES[acceptor], peerPort: 1723 };
    const accepted = {
      localAddress: path.peerAddress,
      localPort: 1723,
      peerAddress: path.localAddress,
      peerPort: port,
    };
    this.input(acceptor, { on: 'accepted', connection: wire.ends[acceptor]!, path: accepted });
    if (wire.ends[opener] !== undefined) this.input(opener, { on: 'opened', connection: wire.ends[opener], path });
  }

  #deliver(wire: Wire, to: Side): void {
    const { octets } = wire.flying[to];
    const connection = wire.ends[to]!;
    if (octets.length === 0) {
      wire.ends[to] = undefined;
      wire.flying[other(to)] = { octets: wire.flying[other(to)].octets, ended: true };
      return this.input(to, { on: 'closed', connection });
    }
    const piece = Math.min(octets.length, 1 + Math.floor(this.#random() * this.#pieces));
    wire.flying[to].octets = octets.subarray(piece);
    this.input(to, { on: 'octets', connection, octets: octets.subarray(0, piece) });
  }

  #apply(side: Side, effect: EndpointEffect): void {
    this.effects[side].push(effect);
    switch (effect.do) {
      case 'connect':
        this.#wires.push({
          ends: { a: undefined, b: undefined, [side]: effect.connection },
          opener: side,
          flying: { a: { octets: new Uint8Array(), ended: false }, b: { octets: new Uint8Array(), ended: false } },
          opened: false,
        });
        return;
      case 'send': {
        const wire = this.#wireOf(side, effect.connection);
        const way = wire.flying[other(side)];
        way.octets = Uint8Array.from([...way.octets, ...effect.octets]);
        this.sent.push({ from: side, opener: wire.opener, octets: effect.octets });
        return;
      }
      case 'disconnect': {
        const wire = this.#wireOf(side, effect.connection);
        wire.ends[side] = undefined;
        wire.flying[side] = { octets: new Uint8Array(), ended: false };
        wire.flying[other(side)].ended = true;
        return;
      }
      case 'authorize-connection':
        return this.input(side, {
          on: 'accept-connection',
          connection: effect.connection,
          settings: { ...SETTINGS, localName: side },
        });
      case 'call-requested':
        return this.input(side, { on: 'accept-call', call: effect.call });
      default:
    }
  }

  #wireOf(side: Side, connection: number): Wire {
    const wire = this.#wires.find(({ ends }) => ends[side] === connection);
    if (wire === undefined) throw new Error(`${side} speaks of connection ${connection}, which it has not`);
    return wire;
  }
}

function other(side: Side): Side {
  return side === 'a' ? 'b' : 'a';
}
