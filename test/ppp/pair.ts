// Two links, a wire between them and a clock that is a number: what most tests of this room run on.

import { chapResponse } from '../../src/ppp/chap-algorithm.ts';
import type {
  AddressAssignment,
  AuthenticationRequest,
  LinkEffect,
  LinkEnd,
  LinkInput,
  LinkSettings,
  PppTrace,
  Verdict,
} from '../../src/ppp/events.ts';
import { Link } from '../../src/ppp/link.ts';
import { checkMsChap } from '../../src/ppp/ms-chap.ts';
import { formatPppTrace } from '../../src/ppp/trace.ts';
import { equalOctets } from '../../src/wire/bytes.ts';
import type { Entropy, Millis } from '../../src/wire/machine.ts';

export const SETTINGS: LinkSettings = {
  mru: 1460,
  calling: false,
  authenticate: [],
  authenticationOptional: false,
  localName: 'router',
  responseName: undefined,
  ignoreOwnName: false,
  waitForPeer: [],
  pap: undefined,
  refuse: [],
  keepalive: undefined,
  restartTimer: 2000,
  maxConfigure: 10,
  maxFailure: 5,
  maxTerminate: 2,
  maxBadAuthentications: 0,
  authenticationTimeout: 10_000,
  ncpTimeout: Number.POSITIVE_INFINITY,
  ncpGrace: 10_000,
  rechallengeInterval: Number.POSITIVE_INFINITY,
  challengeLength: { least: 16, most: 16 },
  requestAcfc: false,
  requestPfc: false,
  peerAcfc: 'apply',
  peerPfc: 'apply',
  ipcp: { localAddress: '0.0.0.0', requestDns: false },
  passiveDelay: 0,
  passiveDelayRandom: 0,
};

/** xorshift32: different for each seed, the same in every run. */
export function seededEntropy(seed: number): Entropy {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return (count) => {
    const octets = new Uint8Array(count);
    for (let index = 0; index < count; index++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      octets[index] = state >>> 8;
    }
    return octets;
  };
}

/** What one end of the wire answers to its link's questions. */
export interface EndSettings {
  readonly settings?: Partial<LinkSettings>;
  /** Secrets by name: of those we check, and of those who check us. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly assignment?: AddressAssignment;
}

export class End {
  readonly link: Link;
  readonly effects: LinkEffect[] = [];
  readonly sent: Uint8Array[] = [];
  readonly lines: string[] = [];
  /** What the end answers to `authenticate`; may be replaced between steps. */
  secrets: Readonly<Record<string, string>>;
  assignment: AddressAssignment;

  constructor(options: EndSettings, seed: number) {
    this.link = new Link({ ...SETTINGS, ...options.settings }, { entropy: seededEntropy(seed) });
    this.secrets = options.secrets ?? {};
    this.assignment = options.assignment ?? { assign: 'any', accepts: () => true, dns: [], nbns: [] };
  }

  input(input: LinkInput, now: Millis): void {
    this.apply(this.link.handle(input, now), now);
  }

  timeout(now: Millis): void {
    this.apply(this.link.handleTimeout(now), now);
  }

  apply(effects: readonly LinkEffect[], now: Millis): void {
    for (const effect of effects) {
      this.effects.push(effect);
      if (effect.do === 'send') this.sent.push(effect.frame);
      if (effect.do === 'trace') this.#show(effect.event);
      if (effect.do === 'find-secret') {
        this.input({ on: 'secret', request: effect.request, secret: this.#secret(effect.name) }, now);
      }
      if (effect.do === 'assign-address') this.input({ on: 'address', assignment: this.assignment }, now);
      if (effect.do === 'authenticate') {
        this.input({ on: 'authenticated', request: effect.request, verdict: this.#judge(effect.of) }, now);
      }
    }
  }

  all<Kind extends LinkEffect['do']>(kind: Kind): Extract<LinkEffect, { do: Kind }>[] {
    return this.effects.filter((effect) => effect.do === kind) as Extract<LinkEffect, { do: Kind }>[];
  }

  get end(): LinkEnd | undefined {
    return this.all('link-down').at(-1)?.end;
  }

  #judge(of: AuthenticationRequest): Verdict {
    const secret = this.#secret(of.username);
    if (secret === undefined) return { accepted: false };
    switch (of.protocol) {
      case 'pap':
        return { accepted: equalOctets(secret, of.password) };
      case 'chap':
        return { accepted: equalOctets(chapResponse(of.identifier, secret, of.challenge), of.response) };
      default: {
        const proof = checkMsChap(of, secret);
        return proof === undefined ? { accepted: false } : { accepted: true, ...proof };
      }
    }
  }

  #secret(name: string): Uint8Array | undefined {
    const secret = Object.hasOwn(this.secrets, name) ? this.secrets[name] : undefined;
    return secret === undefined ? undefined : new TextEncoder().encode(secret);
  }

  #show(event: PppTrace): void {
    this.lines.push(...formatPppTrace(event));
  }
}

/** How the wire treats the frame just sent: when each copy of it arrives, counted from now; none: it is lost. */
export type Wire = (frame: Uint8Array, towards: 'a' | 'b') => readonly Millis[];

export const PERFECT: Wire = () => [1];

export class Pair {
  now: Millis = 0;
  readonly a: End;
  readonly b: End;
  wire: Wire;
  #inFlight: { at: Millis; order: number; to: End; frame: Uint8Array }[] = [];
  #order = 0;

  constructor(a: EndSettings, b: EndSettings, wire: Wire = PERFECT, seed = 1) {
    this.a = new End(a, seed);
    this.b = new End(b, seed + 1000);
    this.wire = wire;
  }

  up(): this {
    this.a.input({ on: 'up' }, this.now);
    this.b.input({ on: 'up' }, this.now);
    return this;
  }

  /** Runs until nothing is left to happen before `until`. */
  run(until: Millis): this {
    for (let step = 0; step < 100_000; step++) {
      this.#collect();
      const arrival = this.#inFlight.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
      const next = Math.min(arrival, this.a.link.deadline, this.b.link.deadline);
      if (next > until) {
        this.now = until;
        return this;
      }
      this.now = Math.max(this.now, next);
      this.#step();
    }
    throw new Error('the pair does not come to rest');
  }

  #step(): void {
    const due = this.#inFlight.filter(({ at }) => at <= this.now).sort((x, y) => x.at - y.at || x.order - y.order);
    this.#inFlight = this.#inFlight.filter(({ at }) => at > this.now);
    for (const { to, frame } of due) to.input({ on: 'frame', frame }, this.now);
    for (const end of [this.a, this.b]) if (end.link.deadline <= this.now) end.timeout(this.now);
  }

  #collect(): void {
    for (const [from, to, name] of [
      [this.a, this.b, 'b'],
      [this.b, this.a, 'a'],
    ] as const) {
      for (const frame of from.sent.splice(0)) {
        for (const delay of this.wire(frame, name)) {
          this.#inFlight.push({ at: this.now + delay, order: this.#order++, to, frame });
        }
      }
    }
  }
}
