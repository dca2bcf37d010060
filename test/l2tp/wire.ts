// A wire between endpoints, with a clock of its own: delay, loss, reorder and duplication by a seeded generator.
// Plays the part of `vpdn/` as well: answers what an endpoint asks, as each test wants it answered.

import { Endpoint, type EndpointOptions } from '../../src/l2tp/endpoint.ts';
import type { CallSettings, EndpointEffect, EndpointInput, TunnelSettings } from '../../src/l2tp/events.ts';
import type { Path } from '../../src/wire/ip.ts';

export const SECRET = new TextEncoder().encode('L2tpSecret');

export const SETTINGS: TunnelSettings = {
  localName: 'lac.example.com',
  vendorName: 'vpdn',
  secret: undefined,
  authentication: false,
  hidden: false,
  receiveWindowSize: 1024,
  helloInterval: 60_000,
  retransmit: {
    initialRetries: 2,
    initialTimeoutMin: 1000,
    initialTimeoutMax: 8000,
    retries: 5,
    timeoutMin: 1000,
    timeoutMax: 8000,
  },
  setupTimeout: 60_000,
  noSessionTimeout: Number.POSITIVE_INFINITY,
};

export const CALL: CallSettings = { callSerialNumber: 1, connectSpeed: 100_000_000, sequencing: false };

/** mulberry32: a small generator, the same everywhere for one seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function entropyOf(seed: number): (octets: number) => Uint8Array {
  const random = randomOf(seed);
  return (octets) => Uint8Array.from({ length: octets }, () => Math.floor(random() * 256));
}

export interface Weather {
  readonly loss?: number;
  readonly duplication?: number;
  /** Least and most delay; more than nothing between them reorders. */
  readonly delay?: readonly [number, number];
}

export interface NodeOptions extends Partial<EndpointOptions> {
  readonly seed?: number;
  /** What an SCCRQ is answered with; undefined refuses. */
  readonly accept?: TunnelSettings | undefined;
  /** Whether an ICRQ is accepted. */
  readonly acceptCalls?: boolean;
  readonly lnsSequencing?: boolean;
  /** The answer to `probe-activity`. */
  readonly heard?: boolean;
}

type Of<Do extends EndpointEffect['do']> = Extract<EndpointEffect, { do: Do }>;

export class Node {
  readonly endpoint: Endpoint;
  readonly address: string;
  readonly port: number;
  readonly effects: EndpointEffect[] = [];
  options: NodeOptions;
  up = true;

  constructor(address: string, options: NodeOptions = {}, port = 1701) {
    this.address = address;
    this.port = port;
    this.options = options;
    this.endpoint = new Endpoint({ entropy: entropyOf(options.seed ?? 1), ...options });
  }

  all<Do extends EndpointEffect['do']>(kind: Do): Of<Do>[] {
    return this.effects.filter((effect): effect is Of<Do> => effect.do === kind);
  }

  last<Do extends EndpointEffect['do']>(kind: Do): Of<Do> | undefined {
    return this.all(kind).at(-1);
  }

  pathTo(peer: Node): Path {
    return { localAddress: this.address, localPort: this.port, peerAddress: peer.address, peerPort: peer.port };
  }

  /** What `vpdn/` would say to an effect. */
  answer(effect: EndpointEffect): EndpointInput | undefined {
    const { accept, acceptCalls = true, lnsSequencing = false, heard = false } = this.options;
    if (effect.do === 'authorize-tunnel') {
      const { tunnel } = effect;
      return accept === undefined
        ? { on: 'refuse-tunnel', tunnel, resultCode: 4 }
        : { on: 'authorize-tunnel', tunnel, settings: accept };
    }
    if (effect.do === 'call-requested') {
      const { tunnel, session } = effect;
      return acceptCalls
        ? { on: 'accept-call', tunnel, session, sequencing: lnsSequencing }
        : { on: 'close-call', tunnel, session, resultCode: 4 };
    }
    if (effect.do === 'probe-activity') return { on: 'activity', tunnel: effect.tunnel, heard };
    return undefined;
  }
}

interface Flight {
  readonly at: number;
  readonly order: number;
  readonly to: Node;
  readonly path: Path;
  readonly octets: Uint8Array;
}

export class Wire {
  now = 0;
  weather: Weather;
  readonly nodes: readonly Node[];
  readonly log: { readonly at: number; readonly from: Node; readonly octets: Uint8Array }[] = [];
  /** Datagrams for which this is true never arrive. */
  filter: (from: Node, octets: Uint8Array) => boolean = () => false;
  #flights: Flight[] = [];
  #order = 0;
  readonly #random: () => number;

  constructor(nodes: readonly Node[], weather: Weather = {}, seed = 1) {
    this.nodes = nodes;
    this.weather = weather;
    this.#random = randomOf(seed);
  }

  input(node: Node, input: EndpointInput): void {
    this.#apply(node, node.endpoint.handle(input, this.now));
  }

  openTunnel(from: Node, to: Node, settings: TunnelSettings = SETTINGS, reference = 'tunnel'): number {
    this.input(from, { on: 'open-tunnel', reference, path: from.pathTo(to), settings });
    return from.last('tunnel-opening')!.tunnel;
  }

  openCall(node: Node, tunnel: number, call: Partial<CallSettings> = {}, reference = 'call'): number {
    this.input(node, { on: 'open-call', tunnel, reference, call: { ...CALL, ...call } });
    return node.last('call-opening')!.session;
  }

  /** Until `until`, or until nothing is under way and nobody waits for anything. */
  run(until = Number.POSITIVE_INFINITY, most = 1_000_000): void {
    for (let step = 0; step < most; step++) {
      const next = this.#next();
      const flight = this.#flights.length === 0 ? Number.POSITIVE_INFINITY : this.#flights[0]!.at;
      const time = Math.min(flight, next?.endpoint.deadline ?? Number.POSITIVE_INFINITY);
      if (time > until || time === Number.POSITIVE_INFINITY) {
        if (until !== Number.POSITIVE_INFINITY) this.now = Math.max(this.now, until);
        return;
      }
      this.now = Math.max(this.now, time);
      if (flight <= time) this.#deliver(this.#flights.shift()!);
      else this.#apply(next!, next!.endpoint.handleTimeout(this.now));
    }
    throw new Error('the wire does not come to rest');
  }

  #next(): Node | undefined {
    let next: Node | undefined;
    for (const node of this.nodes) {
      if (node.up && (next === undefined || node.endpoint.deadline < next.endpoint.deadline)) next = node;
    }
    return next;
  }

  #deliver({ to, path, octets }: Flight): void {
    if (to.up) this.#apply(to, to.endpoint.handle({ on: 'datagram', path, octets }, this.now));
  }

  #apply(node: Node, effects: readonly EndpointEffect[]): void {
    for (const effect of effects) {
      node.effects.push(effect);
      if (effect.do === 'send') this.#send(node, effect);
    }
    for (const effect of effects) {
      const answer = node.answer(effect);
      if (answer !== undefined) this.input(node, answer);
    }
  }

  #send(from: Node, { path, octets }: Of<'send'>): void {
    this.log.push({ at: this.now, from, octets });
    if (this.filter(from, octets)) return;
    const to = this.nodes.find((node) => node.address === path.peerAddress && node.port === path.peerPort);
    if (to === undefined) return;
    const { loss = 0, duplication = 0, delay = [1, 1] } = this.weather;
    const times = this.#random() < duplication ? 2 : 1;
    for (let copy = 0; copy < times; copy++) {
      if (this.#random() < loss) continue;
      const at = this.now + delay[0] + this.#random() * (delay[1] - delay[0]);
      const seen = { localAddress: to.address, localPort: to.port, peerAddress: from.address, peerPort: from.port };
      this.#flights.push({ at, order: this.#order++, to, path: seen, octets });
    }
    this.#flights.sort((a, b) => a.at - b.at || a.order - b.order);
  }
}
