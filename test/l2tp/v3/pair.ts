// Two L2TPv3 endpoints joined by a wire under a virtual clock, each with a host that does what a router would: opens its connection,
// asks for its sessions on whatever connection there is, accepts what it has configured.

import { V3Endpoint } from '../../../src/l2tp/v3/endpoint.ts';
import type {
  ConnectionSettings,
  SessionPath,
  SessionSettings,
  V3EndpointEffect,
  V3EndpointInput,
} from '../../../src/l2tp/v3/events.ts';
import type { Path } from '../../../src/wire/ip.ts';
import type { Millis } from '../../../src/wire/machine.ts';
import { seeded, seededEntropy } from '../../sim/world.ts';

export const CONNECTION: ConnectionSettings = {
  localName: 'a',
  vendorName: 'test',
  routerId: 1,
  digests: [],
  hidden: false,
  dialect: 'both',
  receiveWindowSize: 64,
  helloInterval: 60_000,
  retransmit: {
    initialRetries: 5,
    initialTimeoutMin: 1000,
    initialTimeoutMax: 8000,
    retries: 10,
    timeoutMin: 1000,
    timeoutMax: 8000,
  },
  setupTimeout: 120_000,
  noSessionTimeout: Number.POSITIVE_INFINITY,
  pseudowireTypes: [4, 5, 7],
};

export const SESSION: SessionSettings = {
  remoteEndId: new TextEncoder().encode('15'),
  pseudowireType: 7,
  cookieSize: 8,
  sublayer: false,
  sequencing: 'none',
  circuitActive: true,
  callSerialNumber: 1,
  connectSpeed: 100_000_000,
};

export interface Weather {
  readonly loss: number;
  readonly jitter: Millis;
}

type Up = { readonly connection: number; readonly session: number; readonly carries: SessionPath };

/** One end. It wants one session for each end id of `wants`, and redials what it lost. */
export class End {
  readonly endpoint: V3Endpoint;
  readonly connection: ConnectionSettings;
  readonly wants: readonly SessionSettings[];
  /** Without it the end only accepts what it wants. */
  readonly #asks: boolean;
  readonly effects: V3EndpointEffect[] = [];
  readonly connections = new Set<number>();
  readonly sessions = new Map<number, Up>();
  readonly frames: Uint8Array[] = [];
  /** Our outstanding sessions: by reference, what they are for. */
  readonly #asking = new Map<string, string>();
  readonly #references = new Map<number, string>();
  #attempt = 0;

  constructor(endpoint: V3Endpoint, connection: ConnectionSettings, wants: readonly SessionSettings[], asks = true) {
    this.endpoint = endpoint;
    this.#asks = asks;
    this.connection = connection;
    this.wants = wants;
  }

  /** What it does about an effect. */
  answer(effect: V3EndpointEffect): V3EndpointInput[] {
    this.effects.push(effect);
    switch (effect.do) {
      case 'authorize-connection':
        return [{ on: 'authorize-connection', connection: effect.connection, settings: this.connection }];
      case 'connection-up':
        this.connections.add(effect.connection);
        return this.#ask(effect.connection);
      case 'connection-down':
        this.connections.delete(effect.connection);
        return [];
      case 'session-opening':
        this.#references.set(effect.session, effect.reference);
        return [];
      case 'session-requested': {
        const settings = this.wants.find((want) => name(want) === text(effect.request.remoteEndId));
        if (settings === undefined) {
          return [{ on: 'close-session', session: effect.session, resultCode: 3, message: 'no such end' }];
        }
        return [{ on: 'accept-session', session: effect.session, settings }];
      }
      case 'session-up':
        this.sessions.set(effect.session, effect);
        return [];
      case 'session-down':
        this.sessions.delete(effect.session);
        this.#asking.delete(this.#references.get(effect.session) ?? '');
        return [];
      case 'frame':
        this.frames.push(effect.frame.slice());
        return [];
      default:
        return [];
    }
  }

  #ask(connection: number): V3EndpointInput[] {
    if (!this.#asks) return [];
    return this.wants.flatMap((session): V3EndpointInput[] => {
      if ([...this.#asking.values()].includes(name(session))) return [];
      const reference = `${name(session)} ${this.#attempt++}`;
      this.#asking.set(reference, name(session));
      return [{ on: 'open-session', connection, reference, session }];
    });
  }
}

function name({ remoteEndId }: SessionSettings): string {
  return text(remoteEndId);
}

function text(octets: Uint8Array): string {
  return new TextDecoder().decode(octets);
}

export class Pair {
  now: Millis = 0;
  readonly a: End;
  readonly b: End;
  /** Every datagram that was sent, for captures and for looking at. */
  readonly wire: { readonly from: 'a' | 'b'; readonly octets: Uint8Array }[] = [];
  /** What happens to a datagram instead of being delivered, if anything. */
  tamper: (from: 'a' | 'b', octets: Uint8Array) => Uint8Array | undefined = (_from, octets) => octets;
  readonly #random: () => number;
  readonly #weather: Weather;
  readonly #transport: 'udp' | 'ip';
  #flying: { readonly at: Millis; readonly to: 'a' | 'b'; readonly octets: Uint8Array; readonly order: number }[] = [];
  #order = 0;

  constructor(options: {
    seed: number;
    a?: Partial<ConnectionSettings>;
    b?: Partial<ConnectionSettings>;
    wantsA?: readonly SessionSettings[];
    wantsB?: readonly SessionSettings[];
    /** Whether `b` asks for its sessions as well, or leaves that to `a`. */
    asksB?: boolean;
    weather?: Weather;
    transport?: 'udp' | 'ip';
  }) {
    this.#random = seeded(options.seed);
    this.#weather = options.weather ?? { loss: 0, jitter: 0 };
    this.#transport = options.transport ?? 'udp';
    const end = (
      over: Partial<ConnectionSettings> | undefined,
      wants: readonly SessionSettings[] = [SESSION],
      asks = true,
    ) => {
      return new End(new V3Endpoint({ entropy: seededEntropy(this.#random) }), { ...CONNECTION, ...over }, wants, asks);
    };
    this.a = end({ localName: 'a', routerId: 1, ...options.a }, options.wantsA);
    this.b = end({ localName: 'b', routerId: 2, ...options.b }, options.wantsB, options.asksB);
  }

  path(from: 'a' | 'b'): Path {
    const [localAddress, peerAddress] = from === 'a' ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.2', '192.0.2.1'];
    if (this.#transport === 'udp') return { localAddress, localPort: 1701, peerAddress, peerPort: 1701 };
    return { transport: 'ip', localAddress, localPort: 0, peerAddress, peerPort: 0 };
  }

  dial(from: 'a' | 'b', reference: string = from): void {
    const { connection: settings } = this[from];
    this.input(from, { on: 'open-connection', reference, path: this.path(from), settings });
  }

  input(to: 'a' | 'b', input: V3EndpointInput): void {
    const end = this[to];
    const queue: V3EndpointInput[] = [input];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const effect of end.endpoint.handle(next, this.now)) {
        this.#send(to, effect);
        queue.push(...end.answer(effect));
      }
    }
  }

  /** Until nothing happens any more before `until`. */
  run(until: Millis): void {
    for (let steps = 0; steps < 100_000; steps++) {
      const next = this.#flying.reduce((least, each) => {
        return least === undefined || each.at < least.at || (each.at === least.at && each.order < least.order)
          ? each
          : least;
      }, this.#flying[0]);
      const deadline = Math.min(this.a.endpoint.deadline, this.b.endpoint.deadline);
      const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, deadline);
      if (at > until) break;
      this.now = Math.max(this.now, at);
      if (next !== undefined && next.at <= deadline) {
        this.#flying = this.#flying.filter((each) => each !== next);
        this.input(next.to, { on: 'datagram', path: this.path(next.to), octets: next.octets });
      } else this.#timeout();
    }
    this.now = until;
  }

  #timeout(): void {
    for (const side of ['a', 'b'] as const) {
      const end = this[side];
      if (end.endpoint.deadline > this.now) continue;
      for (const effect of end.endpoint.handleTimeout(this.now)) {
        this.#send(side, effect);
        for (const answer of end.answer(effect)) this.input(side, answer);
      }
    }
  }

  #send(from: 'a' | 'b', effect: V3EndpointEffect): void {
    if (effect.do === 'probe-activity') {
      return this.input(from, { on: 'activity', connection: effect.connection, heard: false });
    }
    if (effect.do !== 'send') return;
    this.wire.push({ from, octets: effect.octets.slice() });
    const octets = this.tamper(from, effect.octets.slice());
    if (octets === undefined || this.#random() < this.#weather.loss) return;
    const at = this.now + 5 + Math.floor(this.#random() * this.#weather.jitter);
    this.#flying.push({ at, to: from === 'a' ? 'b' : 'a', octets, order: this.#order++ });
  }
}
