// What strangers and confused peers can do to an endpoint: nothing much. Garbage, truncation, flipped bits, messages
// in every wrong state, floods, reflection.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { EndpointEffect } from '../../src/l2tp/events.ts';
import { MESSAGES, type MessageName } from '../../src/l2tp/message.ts';
import { PATH, Peer, rawAvp } from './peer.ts';
import { vector, vectorIds } from './vectors.ts';
import { CALL, randomOf, SECRET, SETTINGS } from './wire.ts';

const NAMES = Object.keys(MESSAGES) as MessageName[];

/** An endpoint in the thick of it: a tunnel with calls of both kinds, and vectors' ids made to fit by the caller. */
function busy(): { peer: Peer; sessions: number[] } {
  const peer = new Peer();
  peer.call({ ...SETTINGS, secret: SECRET });
  const lns = peer.bringCall(5);
  peer.send('ICRQ', { AssignedSessionId: 6 });
  const undecided = peer.of('call-requested')[0]!.session;
  const lac = peer.takeCall(7);
  return { peer, sessions: [lns, undecided, lac] };
}

const bytesOut = (effects: readonly EndpointEffect[]) =>
  effects.reduce((sum, effect) => sum + (effect.do === 'send' ? effect.octets.length : 0), 0);

describe('octets that are no message', () => {
  test('any octets at all: no exception, and no answer to a stranger', () => {
    const peer = new Peer();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => {
        peer.datagram(octets);
        assert.equal(bytesOut(peer.effects), 0);
      }),
      { numRuns: 3000 },
    );
  });

  test('any octets behind a header that fits a live tunnel: no exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(20), fc.boolean(), (body, type, framed) => {
        const { peer, sessions } = busy();
        const first = framed ? [rawAvp(0x80, 0, 0, Uint8Array.of(0, type))] : [];
        const octets = peer.craft('HELLO', {}, { session: sessions[0]!, avps: [...first, body] });
        // Without the HELLO's own Message Type in front.
        const message = new Uint8Array([...octets.subarray(0, 12), ...octets.subarray(20)]);
        message[3] = message.length;
        peer.datagram(message);
        peer.pass(100_000);
      }),
      { numRuns: 400 },
    );
  });

  for (const id of [...vectorIds('msg-'), ...vectorIds('data-')]) {
    test(`${id}: every truncation and every flipped bit, to a stranger's endpoint and to its own tunnel`, () => {
      const original = vector(id, 'udpPayload');
      const variants: Uint8Array[] = [];
      for (let length = 0; length < original.length; length++) variants.push(original.slice(0, length));
      for (let bit = 0; bit < original.length * 8; bit++) {
        const flipped = original.slice();
        flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
        variants.push(flipped);
      }
      let { peer, sessions } = busy();
      for (const variant of variants) {
        peer.datagram(variant);
        const own = variant.slice();
        if (own.length >= 12 && (own[0]! & 0x80) !== 0) {
          own.set([peer.tunnel >> 8, peer.tunnel & 0xff], 4);
          own.set([sessions[0]! >> 8, sessions[0]! & 0xff], 6);
          own.set([peer.ns >> 8, peer.ns & 0xff, peer.nr >> 8, peer.nr & 0xff], 8);
        }
        peer.datagram(own);
        if (peer.endpoint.tunnel(peer.tunnel)?.state !== 'established' || peer.sent.length > 0)
          ({ peer, sessions } = busy());
      }
    });
  }

  test('an AVP loop always ends: lengths 0 to 7 and 1023 in each position', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 6, 7, 1023]) {
      for (const before of [0, 1, 3]) {
        const avps = Array.from({ length: before }, () => rawAvp(0, 0, 999));
        const { peer } = busy();
        peer.send('HELLO', {}, { avps: [...avps, Uint8Array.of(0x80 | (length >> 8), length & 0xff, 0, 0, 3, 4)] });
      }
    }
  });

  test('text of any length, with controls in it, and names that are special to JavaScript', () => {
    for (const HostName of ['', '\u0000\u001b[2J\n', 'a'.repeat(900), '__proto__', 'constructor', 'ü'.repeat(300)]) {
      const peer = new Peer();
      peer.request({ HostName });
      assert.equal(peer.of('authorize-tunnel')[0]?.peer.hostName, HostName);
    }
  });
});

describe('messages where they do not belong', () => {
  test('every message twice, in every state, for live and foreign sessions: no exception, nothing left over', () => {
    const states: readonly (() => { peer: Peer; sessions: number[] })[] = [
      busy,
      () => {
        const peer = new Peer();
        peer.request();
        return { peer, sessions: [] };
      },
      () => {
        const peer = new Peer();
        peer.request();
        peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: SETTINGS });
        return { peer, sessions: [] };
      },
      () => {
        const peer = new Peer();
        peer.beDialled();
        peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'c', call: CALL });
        return { peer, sessions: [peer.of('call-opening')[0]!.session] };
      },
      () => {
        const { peer, sessions } = busy();
        peer.send('StopCCN');
        return { peer, sessions };
      },
    ];
    for (const state of states) {
      for (const name of NAMES) {
        for (const which of [0, 1, 2, 3]) {
          const { peer, sessions } = state();
          const session = sessions[which] ?? 4711;
          peer.send(name, {}, { session });
          peer.send(name, {}, { session, tunnelId: which === 3 ? 0 : peer.tunnel });
          peer.pass(200_000);
          for (const status of [...peer.endpoint.tunnels()]) {
            peer.input({ on: 'close-tunnel', tunnel: status.tunnel, resultCode: 1 });
          }
          peer.pass(200_000);
          assert.equal([...peer.endpoint.tunnels()].length, 0);
          assert.equal(peer.endpoint.deadline, Number.POSITIVE_INFINITY);
        }
      }
    }
  });

  test('a random walk of everything a peer and our side can do leaves nothing behind', () => {
    const random = randomOf(99);
    const any = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
    for (let walk = 0; walk < 60; walk++) {
      const { peer } = busy();
      for (let step = 0; step < 60; step++) {
        const tunnel = any([...peer.endpoint.tunnels()])?.tunnel ?? 1;
        const session = any([...peer.endpoint.calls(tunnel)])?.session ?? 1;
        const choice = Math.floor(random() * 12);
        if (choice < 5) {
          const ns = random() < 0.8 ? undefined : Math.floor(random() * 65536);
          peer.send(
            any(NAMES)!,
            { AssignedSessionId: 1 + Math.floor(random() * 9) },
            {
              session: random() < 0.8 ? session : 0,
              tunnelId: random() < 0.9 ? tunnel : 0,
              ...(ns === undefined ? {} : { ns }),
            },
          );
        } else if (choice === 5) peer.input({ on: 'close-call', tunnel, session, resultCode: 3 });
        else if (choice === 6) peer.input({ on: 'accept-call', tunnel, session });
        else if (choice === 7) peer.input({ on: 'open-call', tunnel, reference: 'x', call: CALL });
        else if (choice === 8) peer.input({ on: 'authorize-tunnel', tunnel, settings: SETTINGS });
        else if (choice === 9) peer.input({ on: 'frame', tunnel, session, frame: Uint8Array.of(1) });
        else if (choice === 10) peer.input({ on: 'activity', tunnel, heard: random() < 0.5 });
        else peer.pass(random() * 5000);
      }
      for (const { tunnel } of [...peer.endpoint.tunnels()]) peer.input({ on: 'close-tunnel', tunnel, resultCode: 1 });
      peer.pass(300_000);
      assert.equal([...peer.endpoint.tunnels()].length, 0);
      assert.equal(peer.endpoint.deadline, Number.POSITIVE_INFINITY);
    }
  });
});

describe('RFC 2661 §9: floods and reflection', () => {
  test('one SCCRQ that is never answered draws at most three times its octets, all retransmissions counted', () => {
    for (const answer of ['authorize', 'refuse', 'malformed'] as const) {
      const peer = new Peer();
      const octets = peer.craft(
        'SCCRQ',
        {},
        { tunnelId: 0, avps: answer === 'malformed' ? [rawAvp(0x80, 0, 999)] : [] },
      );
      let out = bytesOut(peer.datagram(octets));
      const [asked] = peer.of('authorize-tunnel');
      const settings = {
        ...SETTINGS,
        localName: 'a-name-that-makes-the-reply-long.example.com',
        secret: SECRET,
        authentication: true,
      };
      if (answer === 'authorize')
        out += bytesOut(peer.input({ on: 'authorize-tunnel', tunnel: asked!.tunnel, settings }));
      if (answer === 'refuse')
        out += bytesOut(peer.input({ on: 'refuse-tunnel', tunnel: asked!.tunnel, resultCode: 4 }));
      out += bytesOut(peer.pass(600_000));
      assert.ok(out > 0 && out <= 3 * octets.length, `${answer}: ${out} for ${octets.length}`);
      assert.equal([...peer.endpoint.tunnels()].length, 0);
    }
  });

  test('a repeated SCCRQ earns no more than its own three times, and a real client gets its SCCRP in the end', () => {
    const peer = new Peer();
    const octets = peer.craft('SCCRQ', {}, { tunnelId: 0 });
    const settings = { ...SETTINGS, localName: 'x'.repeat(200) }; // an SCCRP longer than three SCCRQs
    peer.datagram(octets);
    const { tunnel } = peer.of('authorize-tunnel')[0]!;
    let out = bytesOut(peer.input({ on: 'authorize-tunnel', tunnel, settings }));
    let into = octets.length;
    const names = [...peer.names];
    for (const wait of [1000, 2000, 4000]) {
      out += bytesOut(peer.pass(wait));
      names.push(...peer.names);
      out += bytesOut(peer.datagram(octets));
      into += octets.length;
      assert.ok(out <= 3 * into);
    }
    assert.ok(names.includes('SCCRP'));
  });

  test('once the SCCCN has come there is no such limit', () => {
    const peer = new Peer();
    peer.call();
    for (let n = 0; n < 100; n++) peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: `${n}`, call: CALL });
    peer.pass(20_000);
    assert.equal(peer.endpoint.drops.get('amplification'), undefined);
  });

  test('unknown tunnels, unknown sessions, other versions, ZLBs: nothing is ever answered', () => {
    const random = randomOf(5);
    const { peer } = busy();
    let out = 0;
    for (let n = 0; n < 20_000; n++) {
      const octets = Uint8Array.from({ length: 12 + Math.floor(random() * 30) }, () => random() * 256);
      octets.set([[0xc8, 0x00, 0x48, 0xc8][n & 3]!, n % 7 === 0 ? 3 : 2], 0);
      octets.set([0, octets.length], 2);
      out += bytesOut(peer.datagram(octets, n % 3 === 0 ? { ...PATH, peerAddress: `10.0.0.${n & 255}` } : PATH));
    }
    assert.equal(out, 0);
  });

  test('a flood of SCCRQs: half-open tunnels stay at the limit, established ones are not touched', () => {
    const { peer } = busy();
    const tunnel = peer.tunnel;
    peer.endpoint.traced = false;
    for (let n = 0; n < 20_000; n++) {
      const path = { ...PATH, peerAddress: `10.${n >> 14}.${(n >> 7) & 127}.${n & 127}` };
      peer.datagram(peer.craft('SCCRQ', { AssignedTunnelId: (n & 0x7fff) + 1 }, { tunnelId: 0, ns: 0, nr: 0 }), path);
    }
    assert.equal([...peer.endpoint.tunnels()].length, 1001);
    assert.equal(peer.endpoint.drops.get('half-open-limit'), 19_000);
    assert.equal(peer.endpoint.tunnel(tunnel)?.state, 'established');
    assert.equal(peer.endpoint.tunnel(tunnel)?.calls, 3);
    peer.tunnel = tunnel;
    peer.send('HELLO');
    assert.deepEqual(peer.names, ['ZLB']);
  });

  test('a client that answers within the time of a hundred forged SCCRQs gets through the flood', () => {
    let through = 0;
    for (let trial = 0; trial < 20; trial++) {
      const peer = new Peer({ limits: { halfOpenTunnels: 1000 } });
      peer.endpoint.traced = false;
      const forge = (count: number) => {
        for (let n = 0; n < count; n++) {
          const path = { ...PATH, peerAddress: `10.9.${n >> 8}.${n & 255}`, peerPort: 1000 + trial };
          const octets = peer.craft('SCCRQ', { AssignedTunnelId: 9 }, { tunnelId: 0, ns: 0, nr: 0 });
          peer.datagram(octets, path);
        }
      };
      forge(1500);
      peer.ns = 0;
      peer.nr = 0;
      peer.request();
      peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: SETTINGS });
      const { tunnel, nr } = peer;
      forge(100);
      Object.assign(peer, { tunnel, nr, ns: 1 });
      peer.send('SCCCN');
      if (peer.of('tunnel-up').length === 1) through++;
    }
    assert.ok(through >= 14, `${through} of 20`); // 18 expected, (1 - 1/1000)^100 being 0.9
  });

  test('a flood of ICRQs: CDN 4 beyond the limit, and what came half way goes after its time', () => {
    const peer = new Peer({ limits: { halfOpenSessions: 100 } });
    peer.call();
    for (let n = 1; n <= 1000; n++) {
      peer.send('ICRQ', { AssignedSessionId: n });
      for (const { tunnel, session } of peer.of('call-requested')) peer.input({ on: 'accept-call', tunnel, session });
      peer.zlb();
    }
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.calls, 100);
    assert.equal(peer.endpoint.drops.get('session-limit'), 900);
    peer.pass(61_000);
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.calls ?? 0, 0);
  });

  test('the sessions of a tunnel have a limit as well, which our own calls keep too', () => {
    const peer = new Peer({ limits: { sessionsPerTunnel: 2 } });
    peer.call();
    peer.bringCall(1);
    peer.takeCall(2);
    peer.send('ICRQ', { AssignedSessionId: 3 });
    assert.equal(peer.sent[0]?.attributes.ResultCode?.resultCode, 4);
    peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'c', call: CALL });
    assert.equal(peer.of('call-down')[0]?.end.cause, 'no-resources');
  });

  test('a peer that asks and never acknowledges: what waits for it has a limit, then the tunnel goes', () => {
    const peer = new Peer({ limits: { unsentMessages: 200 } });
    peer.call();
    let ended: EndpointEffect[] = [];
    for (let n = 1; n <= 400 && ended.length === 0; n++) {
      peer.send('OCRQ', { AssignedSessionId: n }, { nr: 1 });
      ended = peer.of('tunnel-down');
    }
    assert.equal(ended.length, 1);
    assert.ok(peer.endpoint.unacknowledged < 20);
  });

  test('early messages do not pile up', () => {
    const { peer } = busy();
    for (let n = 0; n < 5000; n++) peer.send('HELLO', {}, { ns: (peer.ns + 2 + n) & 0xffff });
    const { channel } = peer.endpoint.tunnel(peer.tunnel)!;
    assert.ok(channel.outOfOrderDropped >= 5000 - 1024 - 2000);
    assert.equal(channel.outOfOrderReordered, 0);
  });

  test('§5.8: an Nr of what was never sent is dropped and counted', () => {
    for (const ahead of [1, 32_768]) {
      const { peer } = busy();
      peer.send('HELLO', {}, { nr: (peer.nr + ahead) & 0xffff });
      assert.deepEqual([peer.drops, peer.names], [['nr-invalid'], []]);
    }
  });

  test('tunnels and calls by the thousand, made and ended, leave the endpoint as it was', () => {
    const peer = new Peer();
    peer.endpoint.traced = false;
    for (let n = 0; n < 300; n++) {
      Object.assign(peer, { ns: 0, nr: 0 });
      peer.call();
      for (let call = 1; call <= 10; call++) {
        const session = peer.bringCall(call);
        peer.send('CDN', {}, { session });
      }
      peer.send('StopCCN');
      peer.pass(32_000);
      assert.equal([...peer.endpoint.tunnels()].length, 0);
      assert.equal(peer.endpoint.deadline, Number.POSITIVE_INFINITY);
    }
  });
});
