// Properties: two links over a bad wire, and one link under fire.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CcpSettings } from '../../src/ppp/events.ts';
import { encodeFrame, Protocol } from '../../src/ppp/frame.ts';
import { encodePacket } from '../../src/ppp/packet.ts';
import { HandMadePeer, MAGIC, OWN_ADDRESS } from './hand-made-peer.ts';
import { type EndSettings, Pair, seededEntropy, type Wire } from './pair.ts';

interface Faults {
  readonly loss: number;
  readonly duplication: number;
  readonly jitter: number;
  readonly seed: number;
}

/** Faults in percent, and milliseconds of jitter, which reorders. */
function badWire({ loss, duplication, jitter, seed }: Faults): Wire {
  const entropy = seededEntropy(seed);
  const roll = () => ((entropy(1)[0]! << 8) | entropy(1)[0]!) / 65_536;
  return () => {
    if (roll() * 100 < loss) return [];
    const delays = [1 + roll() * jitter];
    if (roll() * 100 < duplication) delays.push(1 + roll() * jitter);
    return delays;
  };
}

const SECRETS = { lac: 'secret', lns: 'secret' };
const MPPE: CcpSettings = {
  mppe: { offered: [128], strengths: [128], stateful: false, demand: 'required' },
  mppc: false,
};

/** Kinds of authentication, as (client, server) settings. */
const AUTHENTICATION: readonly (readonly [EndSettings, EndSettings])[] = [
  [{}, {}],
  [
    { settings: { localName: 'lac' }, secrets: SECRETS },
    { settings: { authenticate: ['chap'], localName: 'lns' }, secrets: SECRETS },
  ],
  [
    { settings: { localName: 'lac', authenticate: ['chap'] }, secrets: SECRETS },
    { settings: { authenticate: ['chap', 'pap'], localName: 'lns' }, secrets: SECRETS },
  ],
  [
    { settings: { refuse: ['chap'], pap: { username: 'lac', password: 'secret' } } },
    { settings: { authenticate: ['chap', 'pap'] }, secrets: SECRETS },
  ],
  [
    { settings: { localName: 'lac', calling: true, ccp: MPPE }, secrets: SECRETS },
    { settings: { authenticate: ['ms-chap-v2'], localName: 'lns', ccp: MPPE }, secrets: SECRETS },
  ],
  [
    { settings: { localName: 'lac', calling: true, authenticate: ['eap'] }, secrets: SECRETS },
    { settings: { authenticate: ['eap'], localName: 'lns' }, secrets: SECRETS },
  ],
];

function dialIn(kind: number, wire: Wire, seed: number): Pair {
  const [client, server] = AUTHENTICATION[kind]!;
  return new Pair(
    { ...client, settings: { maxConfigure: 30, authenticationTimeout: 60_000, ...client.settings } },
    {
      ...server,
      settings: {
        maxConfigure: 30,
        authenticationTimeout: 60_000,
        ...server.settings,
        ipcp: { localAddress: '10.1.1.1', requestDns: false },
      },
      assignment: { assign: '10.1.1.2', dns: [], nbns: [] },
    },
    wire,
    seed,
  );
}

const faults = fc.record({
  loss: fc.integer({ min: 0, max: 30 }),
  duplication: fc.integer({ min: 0, max: 20 }),
  jitter: fc.integer({ min: 0, max: 800 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});
const kinds = fc.integer({ min: 0, max: AUTHENTICATION.length - 1 });

test('RFC 1661 §4: over a wire that loses, doubles and reorders, two links come up or end with a reason', () => {
  let up = 0;
  let runs = 0;
  fc.assert(
    fc.property(faults, kinds, (fault, kind) => {
      const pair = dialIn(kind, badWire(fault), fault.seed).up().run(400_000);
      runs++;
      for (const end of [pair.a, pair.b]) {
        if (end.end === undefined) assert.deepEqual([end.link.phase, end.link.ipcpState], ['UP', 'Opened']);
        else assert.notEqual(end.end.message, '');
      }
      // What one end counts as up with is what the other gave.
      if (pair.a.link.phase === 'UP' && pair.b.link.phase === 'UP') {
        up++;
        assert.equal(pair.a.link.network?.localAddress, pair.b.link.network?.peerAddress);
        assert.equal(pair.b.link.username, kind === 0 ? '' : 'lac');
      }
    }),
    { numRuns: 300, seed: 1661 },
  );
  assert.ok(up / runs > 0.9, `${up} of ${runs} came up`);
});

test('RFC 1661 §4: up to 20 % of loss every link comes up', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const pair = dialIn(seed % AUTHENTICATION.length, badWire({ loss: 20, duplication: 0, jitter: 0, seed }), seed)
      .up()
      .run(200_000);
    assert.deepEqual([pair.a.link.phase, pair.b.link.phase], ['UP', 'UP'], `seed ${seed}: ${pair.a.end?.message}`);
  }
});

test('RFC 1661 §3: a hundred runs of one seed are the same run', () => {
  const lines = () =>
    dialIn(2, badWire({ loss: 20, duplication: 10, jitter: 300, seed: 5 }), 5)
      .up()
      .run(60_000).a.lines;
  assert.deepEqual(lines(), lines());
});

const protocols = fc.constantFrom(...Object.values(Protocol));
const packets = fc
  .tuple(protocols, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 40 }))
  .map(([protocol, code, identifier, data]) =>
    encodeFrame(protocol, encodePacket(code, identifier, data), { sendAcfc: false, sendPfc: false }),
  );
/** Octets of any kind, and octets that get further in because they are packets. */
const fire = fc.array(fc.oneof(fc.uint8Array({ maxLength: 64 }), packets), { maxLength: 60 });

/** Links of every phase. */
const PHASES: readonly (() => HandMadePeer)[] = [
  () => new HandMadePeer({}),
  () => new HandMadePeer({ settings: { passiveDelay: 1000 } }).up(),
  () => new HandMadePeer({ settings: { authenticate: ['chap'] } }).up(),
  () => new HandMadePeer({ settings: { authenticate: ['chap'] } }).up().agree('LCP', `0305c22305${MAGIC}`),
  () => new HandMadePeer({ settings: { authenticate: ['pap'] } }).up().agree('LCP', MAGIC),
  () => new HandMadePeer({ settings: { authenticate: ['ms-chap-v2'] } }).up().agree('LCP', `0305c22381${MAGIC}`),
  () => new HandMadePeer({ settings: { authenticate: ['eap'] } }).up().agree('LCP', `0304c227${MAGIC}`),
  () => new HandMadePeer({ settings: { ipcp: OWN_ADDRESS, keepalive: { period: 10_000, retries: 3 } } }).open(),
  () => new HandMadePeer({ settings: { ipcp: OWN_ADDRESS, ccp: { mppe: undefined, mppc: true } } }).open(),
];

test('RFC 1661 §5: no octets in any phase throw out of a link, or make it say more than it heard', () => {
  fc.assert(
    fc.property(fire, fc.integer({ min: 0, max: PHASES.length - 1 }), (frames, phase) => {
      const peer = PHASES[phase]!();
      peer.received();
      for (const frame of frames) peer.frame(frame);
      // A packet is answered with a reply and a request of ours at the most; beyond those the link has its own few.
      assert.ok(peer.end.sent.length <= 3 * frames.length + 6);
      peer.wait(200_000);
    }),
    { numRuns: 1500, seed: 1661 },
  );
});

test('RFC 1661 §5: every one-bit flip and every cut of a whole set-up leaves the link alive', () => {
  const recorded: Uint8Array[] = [];
  const wire: Wire = (frame, towards) => {
    if (towards === 'b') recorded.push(frame);
    return [1];
  };
  for (const kind of [2, 4]) dialIn(kind, wire, 3).up().run(1000);
  for (const frame of recorded) {
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const flipped = frame.slice();
      flipped[bit >>> 3]! ^= 1 << (bit & 7);
      for (const phase of PHASES) phase().frame(flipped);
    }
    for (let length = 0; length < frame.length; length++) {
      for (const phase of PHASES) phase().frame(frame.subarray(0, length));
    }
  }
});

test('RFC 1661 §4.6: two ends that can agree on nothing stop within 30 s and 100 packets', () => {
  const stubborn: EndSettings = { settings: { authenticate: ['chap'], refuse: ['chap', 'pap'] } };
  let packets = 0;
  const count: Wire = () => {
    packets++;
    return [1];
  };
  const pair = new Pair(stubborn, stubborn, count).up().run(30_000);
  assert.deepEqual([pair.a.end?.cause, pair.b.end?.cause], ['authentication-protocol', 'authentication-protocol']);
  assert.ok(packets < 100, String(packets));
});
