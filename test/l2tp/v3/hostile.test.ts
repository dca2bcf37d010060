// What strangers and bad peers can do to an L2TPv3 endpoint: nothing much. Garbage, mutations of what was really said, floods of
// every message that makes state, numbers out of order, and a random walk of everything both sides can do.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ConnectionSettings, DigestSettings } from '../../../src/l2tp/v3/events.ts';
import { decodeControlHeader, kindOf, writeControlHeader } from '../../../src/l2tp/v3/header.ts';
import { MESSAGES, type MessageName, nameOfMessage } from '../../../src/l2tp/v3/message.ts';
import { seeded } from '../../sim/world.ts';
import { Forger, PATH, request, WELL_FORMED } from './forger.ts';
import { CONNECTION, Pair, SESSION } from './pair.ts';

const NAMES = Object.keys(MESSAGES) as MessageName[];
const SIGNED: Partial<ConnectionSettings> = {
  digests: [{ hash: 'sha1', secret: new TextEncoder().encode('s3cret') }] satisfies DigestSettings[],
};
const FRAME = Uint8Array.of(0xff, 0x03, 0xc0, 0x21, 1, 1, 0, 4);

/** What can happen to a message: one octet is another, it is cut off, a piece of it comes again, its ids and numbers change. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('octet' as const), at: fc.nat(), value: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.nat() }),
  fc.record({ kind: fc.constant('splice' as const), at: fc.nat(), value: fc.nat() }),
  fc.record({ kind: fc.constant('number' as const), at: fc.nat(), value: fc.nat(0xffff) }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutated(octets: Uint8Array, { kind, at, value }: Mutation, transport: 'udp' | 'ip'): Uint8Array {
  const copy = octets.slice();
  const where = at % copy.length;
  if (kind === 'octet') copy[where]! ^= value;
  if (kind === 'cut') return relengthened(copy.slice(0, where), transport);
  if (kind === 'splice') {
    const end = Math.max(where, value % copy.length);
    return relengthened(Uint8Array.from([...copy, ...copy.subarray(where, end + 1)]), transport);
  }
  const start = transport === 'ip' ? 4 : 0;
  if (kind === 'number' && copy.length >= start + 12) new DataView(copy.buffer).setUint16(start + 8 + (at & 2), value);
  return copy;
}

/** Makes the Length field true again, so that more than the header is looked at. */
function relengthened(octets: Uint8Array, transport: 'udp' | 'ip'): Uint8Array {
  const start = transport === 'ip' ? 4 : 0;
  if (octets.length >= start + 12) new DataView(octets.buffer).setUint16(start + 2, octets.length - start);
  return octets;
}

function established(transport: 'udp' | 'ip', settings: Partial<ConnectionSettings>): Pair {
  const pair = new Pair({ seed: 21, transport, a: settings, b: settings, asksB: false });
  pair.dial('a');
  pair.run(5000);
  const [session] = pair.a.sessions.keys();
  pair.input('a', { on: 'frame', session: session!, frame: FRAME });
  pair.run(6000);
  return pair;
}

/** A frame from `a` still reaches `b`. */
function carries(pair: Pair): boolean {
  const before = pair.b.frames.length;
  const [session] = pair.a.sessions.keys();
  if (session === undefined) return false;
  pair.input('a', { on: 'frame', session, frame: FRAME });
  pair.run(pair.now + 1000);
  return pair.b.frames.length === before + 1;
}

describe('octets that are no message', () => {
  for (const transport of ['udp', 'ip'] as const) {
    test(`over ${transport}, to an endpoint with a session: no exception, no answer, the session stands`, () => {
      const pair = established(transport, SIGNED);
      const sent = pair.wire.length;
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(3), (octets, head) => {
          if (octets.length >= 4 && head > 0) octets.set([0xc8, 0x03, 0, octets.length].slice(0, head + 1));
          pair.input('b', { on: 'datagram', path: pair.path('b'), octets });
          assert.equal(pair.wire.length, sent);
        }),
        { numRuns: 3000, seed: 1 },
      );
      assert.ok(carries(pair));
    });

    test(`over ${transport}, what was really said and then changed: no answer to who has no secret, and the session stands`, () => {
      const pair = established(transport, SIGNED);
      const said = pair.wire.filter(({ from }) => from === 'a').map(({ octets }) => octets);
      const originals = new Set(said.map(hex));
      fc.assert(
        fc.property(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 4 }), (which, changes) => {
          let octets = said[which % said.length]!;
          for (const change of changes) if (octets.length > 0) octets = mutated(octets, change, transport);
          if (originals.has(hex(octets)) || isData(octets, transport)) return;
          const sent = pair.wire.length;
          pair.input('b', { on: 'datagram', path: pair.path('b'), octets });
          if (pair.wire.length === sent) return;
          const out = pair.wire.slice(sent).reduce((sum, each) => sum + each.octets.length, 0);
          // Of an SCCRQ too broken to ask whose secret it takes, its sender hears so, in no more than three times its octets.
          const opens = new DataView(octets.buffer, octets.byteOffset).getUint32(transport === 'ip' ? 8 : 4) === 0;
          assert.ok(out <= (opens ? 3 * octets.length : 0), `${out} octets for ${hex(octets)}`);
        }),
        { numRuns: 3000, seed: 2 },
      );
      assert.ok(carries(pair));
      pair.run(pair.now + 200_000);
      assert.equal([...pair.b.endpoint.connections()].length, 1, 'what broken SCCRQs made is forgotten');
    });

    test(`over ${transport}, without digests: no exception, and what falls falls whole`, () => {
      const random = seeded(5);
      fc.assert(
        fc.property(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 4 }), (which, changes) => {
          const pair = established(transport, {});
          const said = pair.wire.filter(({ from }) => from === 'a').map(({ octets }) => octets);
          let octets = said[which % said.length]!;
          for (const change of changes) if (octets.length > 0) octets = mutated(octets, change, transport);
          if (random() < 0.5) octets = renumbered(octets, pair, transport);
          pair.input('b', { on: 'datagram', path: pair.path('b'), octets });
          pair.run(400_000);
          assert.ok(pair.b.sessions.size <= pair.b.connections.size, 'a session without its connection');
          const standing = [...pair.b.endpoint.connections()].filter(({ state }) => state === 'established');
          assert.equal(standing.length, pair.b.connections.size);
        }),
        { numRuns: 300, seed: 3 },
      );
    });
  }

  test('data messages with any cookie but ours are dropped, and counted as that', () => {
    const pair = established('udp', SIGNED);
    const data = pair.wire.findLast(({ octets }) => isData(octets, 'udp'))!.octets;
    const frames = pair.b.frames.length;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (cookie) => {
        const octets = data.slice();
        if (hex(octets.subarray(8, 16)) === hex(cookie)) return;
        octets.set(cookie, 8);
        pair.input('b', { on: 'datagram', path: pair.path('b'), octets });
      }),
      { numRuns: 2000, seed: 4 },
    );
    assert.equal(pair.b.frames.length, frames);
    assert.ok(pair.b.endpoint.drops.get('cookie-mismatch')! >= 1999);
  });
});

describe('RFC 3931 §8: strangers', () => {
  for (const settings of [CONNECTION, { ...CONNECTION, localName: 'x'.repeat(200) }, undefined]) {
    const what = settings === undefined ? 'refused' : `a host name of ${settings.localName.length} octets`;
    test(`an SCCRQ that nobody follows up draws at most three times its octets: ${what}`, () => {
      const forger = new Forger();
      forger.obliging = false;
      forger.send('SCCRQ', {}, { connectionId: 0 });
      const asked = forger.effects.find((effect) => effect.do === 'authorize-connection');
      const connection = asked?.do === 'authorize-connection' ? asked.connection : 0;
      if (settings === undefined) forger.input({ on: 'refuse-connection', connection, resultCode: 4, message: 'no' });
      else forger.input({ on: 'authorize-connection', connection, settings });
      forger.pass(600_000);
      assert.ok(forger.octetsOut <= 3 * forger.octetsIn, `${forger.octetsOut} for ${forger.octetsIn}`);
      assert.deepEqual([[...forger.endpoint.connections()].length, forger.endpoint.deadline], [0, Infinity]);
    });
  }

  test('20,000 datagrams from everywhere: at most three times their octets, bounded state, and then nothing is left', () => {
    const forger = new Forger(2, { halfOpenTunnels: 100 });
    const random = seeded(7);
    for (let count = 0; count < 20_000; count++) {
      const name = NAMES[Math.floor(random() * NAMES.length)]!;
      const id = random() < 0.5 ? 0 : Math.floor(random() * 2 ** 32);
      const attributes = name === 'SCCRQ' ? { AssignedControlConnectionId: 1 + count, RouterId: count } : {};
      const octets = forger.craft(name, attributes, { connectionId: id, ns: 0, nr: 0 });
      const peerAddress = `198.51.100.${Math.floor(random() * 250)}`;
      forger.datagram(octets, { ...PATH, peerAddress });
      assert.ok(forger.octetsOut <= 3 * forger.octetsIn);
    }
    assert.ok([...forger.endpoint.connections()].length <= 200, 'half-open and lingering connections');
    forger.pass(600_000);
    assert.ok(forger.octetsOut <= 3 * forger.octetsIn, `${forger.octetsOut} for ${forger.octetsIn}`);
    assert.deepEqual([[...forger.endpoint.connections()].length, forger.endpoint.deadline], [0, Infinity]);
  });
});

describe('a peer that has a connection', () => {
  const LIMITS = { halfOpenSessions: 50, sessionsPerTunnel: 100, unsentMessages: 200 };
  const busy = (): Forger => new Forger(3, LIMITS).establish();
  const sessions = (forger: Forger): number => [...forger.endpoint.sessions()].length;

  test('the forger can be a good peer', () => {
    const forger = busy();
    assert.ok(forger.effects.some((effect) => effect.do === 'session-up'));
    forger.pass(50_000);
    assert.equal(forger.endpoint.session(forger.session)?.state, 'established');
  });

  test('a flood of ICRQs that nobody decides on: bounded, and over after the time for a set-up', () => {
    const forger = busy();
    const first = forger.session;
    forger.obliging = false;
    for (let id = 100; id < 2100; id++) {
      forger.send('ICRQ', request(id, `${id}`));
      assert.ok(sessions(forger) <= 51);
    }
    for (let second = 0; second < 90; second++) {
      forger.pass(1000);
      forger.datagram(forger.craft('HELLO', {})); // acknowledges; whoever does not is given up
      forger.ns = (forger.ns + 1) & 0xffff;
    }
    assert.equal(sessions(forger), 1);
    assert.equal(forger.endpoint.session(first)?.state, 'established');
  });

  test('a flood of ICRQs that are accepted and never connected, acknowledged or not: bounded', () => {
    const forger = busy();
    for (let id = 100; id < 2100; id++) {
      forger.send('ICRQ', request(id, `${id}`), { nr: id % 2 === 0 ? forger.nr : 0 });
      assert.ok(sessions(forger) <= 51);
      assert.ok(forger.endpoint.unacknowledged <= 300, `${forger.endpoint.unacknowledged} unacknowledged`);
    }
    forger.pass(600_000);
    assert.deepEqual([sessions(forger), forger.endpoint.deadline], [0, Infinity]);
  });

  test('a flood of SLIs: one circuit effect for each change, and nothing waits', () => {
    const forger = busy();
    for (let count = 0; count < 5000; count++) {
      forger.send('SLI', { CircuitStatus: { active: count % 4 < 2, isNew: false } }, { session: forger.session });
    }
    const circuits = forger.effects.filter((effect) => effect.do === 'circuit').length;
    assert.ok(circuits > 2000 && circuits <= 2500, `${circuits}`);
    assert.equal(forger.endpoint.session(forger.session)?.state, 'established');
    assert.equal(forger.endpoint.unacknowledged, 0);
  });

  test('CDNs for sessions that are not: the ones that are stay', () => {
    const forger = busy();
    for (let id = 1; id <= 2000; id++) forger.send('CDN', { LocalSessionId: 0x10000 + id }, { session: id });
    assert.equal(forger.endpoint.session(forger.session)?.state, 'established');
    assert.equal(forger.endpoint.unacknowledged, 0);
  });

  test('a CDN for the session of another connection does not end it', () => {
    const forger = busy();
    const { session, connection } = forger;
    Object.assign(forger, { ns: 0, nr: 0 });
    const other = { ...PATH, peerAddress: '192.0.2.99' };
    forger.datagram(forger.craft('SCCRQ', { AssignedControlConnectionId: 99 }, { connectionId: 0 }), other);
    assert.notEqual(forger.connection, connection);
    const [sccrp] = forger.effects.filter((effect) => effect.do === 'send' && effect.path.peerAddress === '192.0.2.99');
    assert.ok(sccrp);
    forger.datagram(forger.craft('SCCCN', {}, { ns: 1, nr: 1 }), other);
    forger.datagram(forger.craft('CDN', {}, { ns: 2, nr: 1, session }), other);
    assert.equal(forger.endpoint.session(session)?.state, 'established');
  });

  test('control messages with any Ns and Nr: no exception, none delivered twice, bounded', () => {
    const forger = busy();
    const random = seeded(11);
    for (let count = 0; count < 20_000; count++) {
      const ns = random() < 0.3 ? forger.ns + Math.floor(random() * 8) : Math.floor(random() * 65536);
      const nr = random() < 0.3 ? forger.nr : Math.floor(random() * 65536);
      forger.datagram(forger.craft('HELLO', {}, { ns: ns & 0xffff, nr }));
      assert.ok(forger.endpoint.unacknowledged <= 10);
    }
    assert.equal([...forger.endpoint.connections()].length, 1);
  });

  test('data with any sequence number: no exception, and order comes back by itself', () => {
    const forger = new Forger(4);
    forger.sessionSettings = { ...SESSION, cookieSize: 0, sublayer: true, sequencing: 'all' };
    forger.establish();
    const data = (sequence: number): number => {
      const octets = new Uint8Array(16);
      const view = new DataView(octets.buffer);
      view.setUint16(0, 3);
      view.setUint32(4, forger.session);
      view.setUint32(8, 0x40000000 | (sequence & 0xffffff));
      return forger.datagram(octets).filter((effect) => effect.do === 'frame').length;
    };
    fc.assert(
      fc.property(fc.array(fc.nat(0xffffff), { maxLength: 50 }), fc.nat(0xffffff), (numbers, start) => {
        for (const number of numbers) data(number);
        for (let run = 0; run < 20; run++) data(start + run);
        assert.equal(data(start + 20), 1, 'in order again');
        assert.equal(data(start + 20), 0, 'a repeated one');
      }),
      { numRuns: 300, seed: 6 },
    );
  });
});

describe('a seeded stream of everything', () => {
  test('80 walks of 150 steps leave nothing behind', () => {
    const random = seeded(2026);
    const any = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
    for (let walk = 0; walk < 80; walk++) {
      const forger = new Forger(walk, { halfOpenSessions: 20, unsentMessages: 50 }).establish();
      for (let step = 0; step < 150; step++) {
        forger.obliging = random() < 0.8;
        const connection = any([...forger.endpoint.connections()])?.connection ?? 1;
        const session = any([...forger.endpoint.sessions()])?.session ?? 1;
        const choice = Math.floor(random() * 12);
        if (choice < 5) {
          const ids = { LocalSessionId: 1 + Math.floor(random() * 9) };
          const name = any(NAMES)!;
          const attributes = 'LocalSessionId' in WELL_FORMED[name] ? ids : {};
          const to = { connectionId: random() < 0.9 ? connection : 0, session };
          forger.send(name, attributes, random() < 0.8 ? to : { ...to, ns: Math.floor(random() * 65536) });
        } else if (choice === 5) forger.input({ on: 'close-session', session, resultCode: 3, message: '' });
        else if (choice === 6) forger.input({ on: 'accept-session', session, settings: SESSION });
        else if (choice === 7) forger.input({ on: 'open-session', connection, reference: 'x', session: SESSION });
        else if (choice === 8) forger.input({ on: 'circuit', session, active: random() < 0.5 });
        else if (choice === 9) forger.input({ on: 'frame', session, frame: FRAME });
        else if (choice === 10)
          forger.input({ on: 'open-connection', reference: 'y', path: PATH, settings: CONNECTION });
        else forger.pass(random() * 8000);
      }
      for (const { connection } of [...forger.endpoint.connections()]) {
        forger.input({ on: 'close-connection', connection, resultCode: 1, message: '' });
      }
      forger.pass(600_000);
      assert.deepEqual([...forger.endpoint.connections()], [], `walk ${walk}`);
      assert.deepEqual([...forger.endpoint.sessions()], [], `walk ${walk}`);
      assert.equal(forger.endpoint.deadline, Number.POSITIVE_INFINITY);
    }
  });
});

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

/** Data has no digest: what is changed behind the cookie is for the protocol inside. */
function isData(octets: Uint8Array, transport: 'udp' | 'ip'): boolean {
  if (octets.length < 4) return false;
  return transport === 'ip' ? octets.some((octet, at) => at < 4 && octet !== 0) : (octets[0]! & 0x80) === 0;
}

/** As the next message `b` waits for, so that it is not taken for an old one. */
function renumbered(octets: Uint8Array, pair: Pair, transport: 'udp' | 'ip'): Uint8Array {
  const path = pair.path('b');
  const start = transport === 'ip' ? 4 : 0;
  if (octets.length < start + 12 || kindOf(path, octets) !== 'control') return octets;
  const said = (from: 'a' | 'b'): number => {
    const controls = pair.wire.filter((each) => each.from === from && kindOf(path, each.octets) === 'control');
    const messages = controls.filter(({ octets: each }) => nameOfMessage(each.subarray(start)) !== 'ZLB');
    return messages.reduce((most, { octets: each }) => Math.max(most, decodeControlHeader(path, each).ns + 1), 0);
  };
  const [connection] = pair.b.connections;
  const copy = octets.slice();
  writeControlHeader(copy.subarray(start), connection!, said('a'), said('b'));
  return copy;
}
