// Two links and every pairing of what they may say about encryption: either both have the same keys, or both say why not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type {
  AuthenticationProtocol,
  CcpSettings,
  CompressionState,
  LinkEffect,
  LinkSettings,
} from '../../src/ppp/events.ts';
import { checkMsChap } from '../../src/ppp/ms-chap.ts';
import { formatHex } from '../../src/wire/values.ts';
import { OWN_ADDRESS } from './hand-made-peer.ts';
import { type End, type EndSettings, Pair, PERFECT, seededEntropy, type Wire } from './pair.ts';

type Authenticated = AuthenticationProtocol | 'none' | 'both' | 'mutual-eap';
type Demand = 'none' | 'active' | 'passive' | 'required';

interface EndChoice {
  readonly demand: Demand;
  readonly strengths: readonly (40 | 56 | 128)[];
  readonly stateful: boolean;
  readonly mppc: boolean;
}

const SECRETS = { bob: 'clientPass', lns: 'clientPass' };

function ccpOf({ demand, strengths, stateful, mppc }: EndChoice): CcpSettings | undefined {
  if (demand === 'none') return mppc ? { mppe: undefined, mppc } : undefined;
  return { mppe: { offered: strengths, strengths, stateful, demand }, mppc };
}

/** bob calls the lns. */
function dialIn(
  how: Authenticated,
  client: EndChoice,
  server: EndChoice,
  wire: Wire,
  seed: number,
  more: Partial<LinkSettings> = {},
): Pair {
  const patient = { maxConfigure: 30, authenticationTimeout: 60_000, ncpTimeout: 120_000 };
  const demandOf = (): AuthenticationProtocol[] => {
    if (how === 'none') return [];
    if (how === 'both') return ['ms-chap-v2'];
    return how === 'mutual-eap' ? ['eap'] : [how];
  };
  const end = (name: string, calling: boolean, choice: EndChoice, demands: boolean): EndSettings => {
    const ccp = ccpOf(choice);
    return {
      settings: {
        ...patient,
        ...more,
        localName: name,
        calling,
        authenticate: demands ? demandOf() : [],
        ...(how === 'pap' && { pap: { username: name, password: 'clientPass' } }),
        ...(ccp && { ccp }),
        ...(!calling && { ipcp: OWN_ADDRESS }),
      },
      secrets: SECRETS,
      ...(!calling && { assignment: { assign: '10.0.0.9', dns: [], nbns: [] } }),
    };
  };
  const mutual = how === 'both' || how === 'mutual-eap';
  return new Pair(end('bob', true, client, mutual), end('lns', false, server, true), wire, seed);
}

/** In words that the two ends of a direction can be compared by. */
function wordsOf(state: CompressionState | undefined): string {
  if (state === undefined) return 'clear';
  const { mppe, mppc } = state;
  const encrypted = mppe && `${mppe.bits} ${mppe.stateful ? 'stateful' : 'stateless'} ${formatHex(mppe.startKey)}`;
  return `${encrypted ?? 'clear'}${mppc ? ' mppc' : ''}`;
}

function inForce({ link }: End): [transmit: string, receive: string] {
  return [wordsOf(link.compression.transmit), wordsOf(link.compression.receive)];
}

/** What an end that requires encryption must never have said of itself. */
function openInClear(effects: readonly LinkEffect[]): boolean {
  let encrypted = false;
  let required = false;
  for (const effect of effects) {
    if (effect.do === 'compression') {
      encrypted = effect.transmit?.mppe !== undefined && effect.receive?.mppe !== undefined;
      required = effect.required;
    }
    if (effect.do === 'network-up' && !(encrypted && required)) return true;
  }
  return false;
}

/** No key begins twice: the first packet of either would be under the same key stream. */
function keysOf(effects: readonly LinkEffect[]): string[] {
  const begun = effects.flatMap((effect) => (effect.do === 'compression' ? [effect.transmit] : []));
  const generations = new Map<number, string>();
  for (const state of begun) {
    if (state?.mppe !== undefined) generations.set(state.generation, formatHex(state.mppe.startKey));
  }
  return [...generations.values()];
}

function check(
  pair: Pair,
  choices: readonly [EndChoice, EndChoice],
  how: Authenticated,
): 'encrypted' | 'clear' | 'ended' {
  const { a, b } = pair;
  for (const [end, { demand }] of [
    [a, choices[0]],
    [b, choices[1]],
  ] as const) {
    if (demand === 'required') assert.ok(!openInClear(end.effects), 'the network was open in clear');
    const keys = keysOf(end.effects);
    const isNew = how === 'ms-chap' || new Set(keys).size === keys.length;
    assert.ok(isNew, `a start key began twice: ${keys.join(' ')}`);
  }
  if (a.link.phase === 'DOWN' || b.link.phase === 'DOWN') {
    assert.deepEqual([a.link.phase, b.link.phase], ['DOWN', 'DOWN']);
    for (const { end } of [a, b]) assert.notEqual(end?.message ?? '', '');
    return 'ended';
  }
  assert.deepEqual([a.link.phase, b.link.phase], ['UP', 'UP']);
  assert.deepEqual([a.link.ipcpState, b.link.ipcpState], ['Opened', 'Opened']);
  const [aSends, aReceives] = inForce(a);
  const [bSends, bReceives] = inForce(b);
  assert.deepEqual([aSends, aReceives], [bReceives, bSends]);
  assert.equal(aSends.startsWith('clear'), aReceives.startsWith('clear'), 'one direction alone is encrypted');
  return aSends.startsWith('clear') ? 'clear' : 'encrypted';
}

const KEYED: readonly Authenticated[] = ['ms-chap', 'ms-chap-v2', 'eap', 'both', 'mutual-eap'];
const AUTHENTICATED: readonly Authenticated[] = ['none', 'pap', 'chap', ...KEYED];
const DEMANDS: readonly Demand[] = ['none', 'active', 'passive', 'required'];
const STRENGTHS: readonly EndChoice['strengths'][] = [[128], [40], [128, 56, 40]];

function commonStrength(one: EndChoice, other: EndChoice): number | undefined {
  return one.strengths.find((bits) => other.strengths.includes(bits));
}

/** What must come of it on a wire without faults, by the words of the manual. */
function expected(how: Authenticated, client: EndChoice, server: EndChoice): 'encrypted' | 'clear' | 'ended' {
  const demands: readonly Demand[] = [client.demand, server.demand];
  const able =
    KEYED.includes(how) &&
    !demands.includes('none') &&
    demands.some((demand) => demand !== 'passive') &&
    commonStrength(client, server) !== undefined;
  if (able) return 'encrypted';
  return demands.includes('required') ? 'ended' : 'clear';
}

test('C124: every pairing of authentication, demand, strength and state ends as the manual has it', () => {
  let pairs = 0;
  for (const how of AUTHENTICATED) {
    for (const [demand, otherDemand] of DEMANDS.flatMap((one) => DEMANDS.map((other) => [one, other] as const))) {
      for (const [strengths, others] of STRENGTHS.flatMap((one) => STRENGTHS.map((other) => [one, other] as const))) {
        for (const [stateful, otherStateful] of [
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ] as const) {
          const client = { demand, strengths, stateful, mppc: false };
          const server = { demand: otherDemand, strengths: others, stateful: otherStateful, mppc: false };
          const pair = dialIn(how, client, server, PERFECT, ++pairs).up().run(30_000);
          const story = () => JSON.stringify({ how, client, server, ends: [pair.a.end, pair.b.end] });
          assert.equal(check(pair, [client, server], how), expected(how, client, server), story());
          const [sends] = inForce(pair.a);
          if (sends.startsWith('clear')) continue;
          assert.equal(Number.parseInt(sends, 10), commonStrength(client, server), story());
          assert.equal(sends.includes('stateful'), stateful || otherStateful, story());
        }
      }
    }
  }
  assert.equal(pairs, 8 * 16 * 9 * 4);
});

test('who requires encryption and does not get it says why, and the peer is told', () => {
  const none: EndChoice = { demand: 'none', strengths: [], stateful: false, mppc: false };
  const required: EndChoice = { demand: 'required', strengths: [128], stateful: false, mppc: false };
  const weak: EndChoice = { demand: 'active', strengths: [40], stateful: false, mppc: false };
  const compresses: EndChoice = { demand: 'none', strengths: [], stateful: false, mppc: true };
  const cases: readonly (readonly [Authenticated, EndChoice, RegExp])[] = [
    ['pap', required, /PAP/],
    ['chap', required, /CHAP/],
    ['none', required, /without authentication/],
    ['ms-chap-v2', none, /rejects CCP/],
    ['ms-chap-v2', compresses, /rejects MPPE|refuses MPPE/],
    ['ms-chap-v2', weak, /40.*128|128.*40/],
  ];
  for (const [how, server, words] of cases) {
    const { a, b } = dialIn(how, required, server, PERFECT, 7).up().run(60_000);
    const ends = [a.end, b.end].filter((end) => end?.cause === 'encryption-required');
    assert.ok(ends.length > 0, JSON.stringify([a.end, b.end]));
    assert.match(ends.map((end) => end?.message).join(' '), words);
  }
});

const PLAIN: EndChoice = { demand: 'active', strengths: [128], stateful: false, mppc: false };

test('RFC 3079 §3.3: where both ends prove themselves, the keys are those of the proof of the end that called', () => {
  for (const how of ['both', 'mutual-eap'] as const) {
    const { a, b } = dialIn(how, PLAIN, PLAIN, PERFECT, 3).up().run(10_000);
    const [ofBob] = b.all('authenticate').map(({ of }) => of);
    const [ofLns] = a.all('authenticate').map(({ of }) => of);
    assert.ok(ofBob?.protocol === 'ms-chap-v2' && ofLns?.protocol === 'ms-chap-v2');
    const password = new TextEncoder().encode('clientPass');
    const { transmit, receive } = checkMsChap(ofBob, password)!.keys;
    assert.deepEqual(b.link.compression.transmit?.mppe?.startKey, transmit.long);
    assert.deepEqual(b.link.compression.receive?.mppe?.startKey, receive.long);
    assert.notDeepEqual(checkMsChap(ofLns, password)!.keys.transmit.long, transmit.long);
  }
});

test('RFC 3079: who is challenged again keeps the keys of the first proof', () => {
  for (const how of ['ms-chap-v2', 'eap'] as const) {
    const pair = dialIn(how, PLAIN, PLAIN, PERFECT, 4, { rechallengeInterval: 5000 }).up().run(60_000);
    assert.ok(pair.b.all('authenticate').length > 5);
    assert.equal(pair.b.all('compression').filter(({ transmit }) => transmit !== undefined).length, 1);
    assert.equal(check(pair, [PLAIN, PLAIN], how), 'encrypted');
  }
});

test('R-182: two ends that keep state go on without it, with keys of a new authentication', () => {
  for (const stateful of [
    [true, true],
    [true, false],
    [false, true],
  ] as const) {
    for (const side of ['a', 'b'] as const) {
      const [client, server] = stateful.map((keeps) => ({ ...PLAIN, demand: 'required' as const, stateful: keeps }));
      const pair = dialIn('ms-chap-v2', client!, server!, PERFECT, 5).up().run(10_000);
      const [before] = inForce(pair.a);
      assert.ok(before.startsWith('128 stateful'), before);
      pair[side].input({ on: 'compression-stateless' }, pair.now);
      pair.run(30_000);
      assert.equal(check(pair, [client!, server!], 'ms-chap-v2'), 'encrypted');
      const [sends, receives] = inForce(pair.a);
      assert.ok(sends.startsWith('128 stateless') && receives.startsWith('128 stateless'), `${sends}, ${receives}`);
      assert.notEqual(sends.slice(-32), before.slice(-32));
      assert.equal(pair[side].link.isStatelessOnly, true);
    }
  }
});

test("a fifth of CCP's packets lost costs no more than time", () => {
  const required: EndChoice = { ...PLAIN, demand: 'required' };
  for (let seed = 1; seed <= 60; seed++) {
    const entropy = seededEntropy(seed);
    const isCcp = (frame: Uint8Array) => frame[2] === 0x80 && frame[3] === 0xfd;
    const wire: Wire = (frame) => (isCcp(frame) && entropy(1)[0]! < 51 ? [] : [1]);
    const pair = dialIn('ms-chap-v2', required, { ...PLAIN, strengths: [128, 40] }, wire, seed)
      .up()
      .run(60_000);
    assert.equal(check(pair, [required, PLAIN], 'ms-chap-v2'), 'encrypted', `seed ${seed}`);
    // Nobody had to begin anew for it.
    assert.equal(pair.a.all('lcp-up').length, 1, `seed ${seed}`);
  }
});

const choices = fc.record({
  demand: fc.constantFrom(...DEMANDS),
  strengths: fc.constantFrom(...STRENGTHS),
  stateful: fc.boolean(),
  mppc: fc.boolean(),
});
const faults = fc.record({
  loss: fc.integer({ min: 0, max: 20 }),
  duplication: fc.integer({ min: 0, max: 20 }),
  jitter: fc.integer({ min: 0, max: 800 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

/** Faults in percent, and milliseconds of jitter, which reorders. */
function badWire({
  loss,
  duplication,
  jitter,
  seed,
}: {
  loss: number;
  duplication: number;
  jitter: number;
  seed: number;
}): Wire {
  const entropy = seededEntropy(seed);
  const roll = () => ((entropy(1)[0]! << 8) | entropy(1)[0]!) / 65_536;
  return () => {
    if (roll() * 100 < loss) return [];
    const delays = [1 + roll() * jitter];
    if (roll() * 100 < duplication) delays.push(1 + roll() * jitter);
    return delays;
  };
}

test('RFC 3078: over a wire that loses, doubles and reorders, both ends agree or both end; nothing required is ever clear', () => {
  const outcomes = { encrypted: 0, clear: 0, ended: 0 };
  fc.assert(
    fc.property(faults, fc.constantFrom(...KEYED), choices, choices, (fault, how, client, server) => {
      const pair = dialIn(how, client, server, badWire(fault), fault.seed).up().run(400_000);
      outcomes[check(pair, [client, server], how)]++;
    }),
    { numRuns: 400, seed: 3078 },
  );
  assert.ok(outcomes.encrypted > 80 && outcomes.clear > 40 && outcomes.ended > 20, JSON.stringify(outcomes));
});

test('RFC 1962 §5.2: a Reset-Request is acknowledged, and before anything is FLUSHED: Linux waits for that', () => {
  const choice: EndChoice = { demand: 'required', strengths: [128], stateful: true, mppc: false };
  const pair = dialIn('ms-chap-v2', choice, choice, PERFECT, 5).up().run(10_000);
  const { a, b } = pair;
  const before = b.effects.length;
  a.input({ on: 'compression-lost' }, pair.now);
  const [request] = a.all('send').slice(-1);
  const [, code, identifier] = /80fd(..)(..)0004$/.exec(formatHex(request!.frame)) ?? [];
  assert.equal(code, '0e');
  pair.run(pair.now + 100);
  const answers = b.effects.slice(before).flatMap((effect) => {
    if (effect.do === 'send') return [formatHex(effect.frame).slice(-12)];
    return effect.do === 'compression-flush' ? ['flush'] : [];
  });
  assert.deepEqual(answers, [`80fd0f${identifier}0004`, 'flush']);
});
