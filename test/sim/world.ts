// Routers in one process under a virtual clock, joined by a network that loses, repeats, delays and reorders as its seed says.
// Nothing here waits: time jumps to the next thing that happens, so a day takes a second.

import type { Configuration } from '../../src/vpdn/configuration.ts';
import type { RouterEffect, RouterInput, RouterTrace } from '../../src/vpdn/events.ts';
import { formatLogMessage } from '../../src/vpdn/log.ts';
import { Router } from '../../src/vpdn/router.ts';
import { matchesSecret } from '../../src/vpdn/secret.ts';
import { Deadlines } from '../../src/wire/deadlines.ts';
import type { Entropy, Millis } from '../../src/wire/machine.ts';
import { Streams } from './streams.ts';

export interface Weather {
  /** Each a probability, 0 to 1. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  /** One way, before the jitter. */
  readonly delay: Millis;
  readonly jitter: Millis;
}

export const FAIR: Weather = { loss: 0, duplication: 0, reordering: 0, delay: 5, jitter: 0 };

/** A small fast generator (mulberry32): the same seed, the same world. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function seededEntropy(random: () => number): Entropy {
  return (octets) => Uint8Array.from({ length: octets }, () => Math.floor(random() * 256));
}

export interface Node {
  readonly name: string;
  readonly address: string;
  router: Router;
  configuration: Configuration;
  alive: boolean;
  /** Local sessions that received data since the last probe, by tunnel. */
  readonly logs: string[];
  readonly effects: RouterEffect[];
  /** Empty unless `router.traced` is set. */
  readonly traces: RouterTrace[];
  /** Every datagram it sent, for amplification counts and captures. */
  sentOctets: number;
  sentDatagrams: number;
}

function addressesOf(address: string) {
  if (!address.includes(':')) return { address, prefixLength: 24 };
  return { address: undefined, prefixLength: undefined, ipv6Addresses: [address] };
}

type Happening =
  | { readonly to: string; readonly datagram: Extract<RouterInput, { on: 'datagram' }> }
  | { readonly call: () => void };

export class World {
  now: Millis = 0;
  weather: Weather;
  readonly nodes = new Map<string, Node>();
  readonly #random: () => number;
  readonly #happenings = new Deadlines<number>();
  readonly #pending = new Map<number, Happening>();
  readonly #routerDeadlines = new Deadlines<string>();
  #next = 0;
  readonly #streams = new Streams(
    {
      nodeAt: (address) => {
        const node = this.nodes.get(address);
        return node?.alive === true ? node : undefined;
      },
      deliver: (node, stream) => {
        if (node.alive) this.input(node, { on: 'stream', stream });
      },
      after: (delay, what) => this.at(this.now + delay, what),
      delay: () => {
        const { loss, delay, jitter } = this.weather;
        // What is lost is sent again.
        return delay + this.#random() * jitter + (this.#random() < loss ? RETRANSMISSION : 0);
      },
    },
    () => this.now,
  );
  /** Called for every datagram that reaches the wire, before the weather. */
  onWire: ((from: Node, octets: Uint8Array, to: string) => void) | undefined;
  /** What the network carries; everything, unless said otherwise. */
  carries: (octets: Uint8Array, to: string) => boolean = () => true;

  constructor(seed: number, weather: Weather = FAIR) {
    this.#random = seeded(seed);
    this.weather = weather;
  }

  add(name: string, address: string, configuration: Configuration): Node {
    const node: Node = {
      name,
      address,
      router: this.#router(),
      configuration,
      alive: true,
      logs: [],
      effects: [],
      traces: [],
      sentOctets: 0,
      sentDatagrams: 0,
    };
    this.nodes.set(address, node);
    this.#boot(node);
    return node;
  }

  /** As `kill -9`: nothing is said to anybody. */
  kill(node: Node): void {
    node.alive = false;
    this.#streams.forget(node);
    this.#routerDeadlines.clear(node.address);
  }

  restart(node: Node): void {
    node.alive = true;
    node.router = this.#router();
    node.effects.length = 0;
    this.#boot(node);
  }

  input(node: Node, input: RouterInput): void {
    this.#apply(node, node.router.handle(input, this.now));
  }

  at(time: Millis, call: () => void): void {
    this.#schedule(time, { call });
  }

  /** Lets time pass until `until`, or until `done` says so. Returns whether `done` did. */
  run(until: Millis, done: () => boolean = () => false): boolean {
    for (let steps = 0; steps < STEP_LIMIT; steps++) {
      if (done()) return true;
      const time = Math.min(this.#happenings.earliest, this.#routerDeadlines.earliest);
      if (time > until) break;
      this.now = Math.max(this.now, time);
      this.#step();
    }
    this.now = Math.max(this.now, until);
    return done();
  }

  #router(): Router {
    return new Router({ entropy: seededEntropy(this.#random), epoch: Date.UTC(2026, 0, 1) });
  }

  #boot(node: Node): void {
    this.input(node, { on: 'configure', configuration: node.configuration });
    for (const [name, device] of node.configuration.devices) {
      const link = { device, up: true, mtu: 1500, ...addressesOf(node.address) };
      this.input(node, { on: 'link', name, link });
    }
  }

  #step(): void {
    const key = this.#happenings.takeDue(this.now);
    if (key !== undefined) {
      const happening = this.#pending.get(key)!;
      this.#pending.delete(key);
      if ('call' in happening) return happening.call();
      const node = this.nodes.get(happening.to);
      if (node?.alive === true) this.input(node, happening.datagram);
      return;
    }
    const address = this.#routerDeadlines.takeDue(this.now);
    if (address === undefined) return;
    const node = this.nodes.get(address)!;
    this.#apply(node, node.router.handleTimeout(this.now));
  }

  #apply(node: Node, effects: readonly RouterEffect[]): void {
    for (const effect of effects) this.#applyOne(node, effect);
    this.#routerDeadlines.set(node.address, node.router.deadline);
  }

  #applyOne(node: Node, effect: RouterEffect): void {
    if (effect.do === 'send') {
      node.sentOctets += effect.octets.length;
      node.sentDatagrams++;
      return this.#send(node, effect);
    }
    if (effect.do === 'stream') return this.#streams.apply(node, effect.stream);
    if (effect.do === 'listen-streams') this.#streams.listen(node, effect);
    if (effect.do === 'log') node.logs.push(formatLogMessage(effect.message));
    if (effect.do === 'trace') node.traces.push(effect.trace);
    else node.effects.push(effect);
    if (node.effects.length > KEPT_EFFECTS) node.effects.splice(0, KEPT_EFFECTS / 2);
    if (effect.do === 'find-source') {
      this.at(this.now, () => this.input(node, { on: 'source', peer: effect.peer, address: node.address }));
    }
    if (effect.do === 'check-secret') {
      const { do: _, secret, typed, ...of } = effect;
      const matches = secret !== undefined && matchesSecret(secret, typed);
      this.at(this.now + HASHING, () => this.input(node, { on: 'secret-checked', ...of, matches }));
    }
    if (effect.do === 'probe-activity') {
      const { tunnel, of } = effect;
      this.at(this.now, () => this.input(node, { on: 'activity', tunnel, heard: false, of }));
    }
  }

  #send(node: Node, { path, octets }: Extract<RouterEffect, { do: 'send' }>): void {
    this.onWire?.(node, octets, path.peerAddress);
    if (!this.carries(octets, path.peerAddress)) return;
    const { loss, duplication, reordering, delay, jitter } = this.weather;
    const copies = this.#random() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#random() < loss) continue;
      const late = this.#random() < reordering ? 3 * delay : 0;
      const arrival = this.now + delay + late + this.#random() * jitter;
      const seen = {
        ...(path.transport && { transport: path.transport }),
        localAddress: path.peerAddress,
        localPort: path.peerPort,
        peerAddress: path.localAddress,
        peerPort: path.localPort,
      };
      this.#schedule(arrival, { to: path.peerAddress, datagram: { on: 'datagram', path: seen, octets } });
    }
  }

  #schedule(time: Millis, happening: Happening): void {
    const key = this.#next++;
    this.#pending.set(key, happening);
    // What is sent first arrives first, unless the weather says otherwise.
    this.#happenings.set(key, time + key * 1e-9);
  }
}

const RETRANSMISSION: Millis = 300;
/** What a hash takes. */
const HASHING: Millis = 30;
const STEP_LIMIT = 5_000_000;
const KEPT_EFFECTS = 10_000;
