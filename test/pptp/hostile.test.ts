// What strangers and confused peers can do to an endpoint: nothing much. Garbage, flipped bits, messages in every wrong state, floods,
// connections that only sit there.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { EndpointEffect } from '../../src/pptp/events.ts';
import { MESSAGES, type MessageName } from '../../src/pptp/message.ts';
import { concatOctets } from '../../src/wire/bytes.ts';
import { CALL, messageOf, PATH, Peer, SETTINGS, USUAL } from './peer.ts';

const NAMES = Object.keys(MESSAGES) as MessageName[];

/** Up, with calls of three kinds: up, undecided, and asked for by us. */
function busy(begin: 'beCalled' | 'call' = 'beCalled'): Peer {
  const peer = new Peer();
  peer[begin]();
  peer.takeCall(1);
  peer.send('OCRQ', { callId: 2 });
  peer.send('ICRQ', { callId: 3 });
  peer.input({ on: 'open-call', connection: peer.connection, reference: 'c', call: CALL });
  return peer;
}

const octetsOut = (effects: readonly EndpointEffect[]) =>
  effects.reduce((sum, effect) => sum + (effect.do === 'send' ? effect.octets.length : 0), 0);

/** The calls of all connections are those that have a number, and no others. */
function assertSound({ endpoint }: Peer): void {
  const numbers = [...endpoint.connections()].map(({ connection }) => connection);
  const calls = numbers.reduce((sum, connection) => sum + [...endpoint.calls(connection)].length, 0);
  assert.equal(endpoint.callCount, calls);
}

describe('octets that are no message', () => {
  test('any octets at all, to a stranger: no exception, no answer, and the end at the first twelve', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 400 }), (octets) => {
        const peer = new Peer();
        peer.accept();
        peer.octets(octets);
        assert.equal(octetsOut(peer.effects), 0);
        assert.equal(peer.endpoint.connectionCount, 0);
      }),
      { numRuns: 1000 },
    );
  });

  for (const name of NAMES) {
    test(`${name}: every flipped bit and every truncation, to a busy connection: no exception, little answer`, () => {
      const original = messageOf(name);
      for (let bit = 0; bit < original.length * 8; bit++) {
        // The texts are all alike.
        if (bit > 48 * 8 && bit % 61 !== 0) continue;
        const peer = busy(bit % 2 === 0 ? 'beCalled' : 'call');
        const octets = original.slice();
        octets[bit >> 3]! ^= 0x80 >> (bit & 7);
        peer.octets(octets);
        assert.ok(octetsOut(peer.effects) <= 4 * 148 + 16, `bit ${bit}`);
        assertSound(peer);
        peer.input({ on: 'closed', connection: peer.connection });
        assert.deepEqual([peer.endpoint.connectionCount, peer.endpoint.callCount], [0, 0]);
      }
    });
  }

  test('lengths from 0 to 65,535 in each header', () => {
    for (const name of NAMES) {
      for (const length of [0, 1, 11, 12, 15, 17, 155, 157, 220, 221, 65_535]) {
        const octets = messageOf(name);
        const right = octets.length;
        new DataView(octets.buffer).setUint16(0, length);
        const peer = busy();
        peer.octets(octets);
        assert.equal(peer.endpoint.drops.has('message-length'), length !== right);
      }
    }
  });
});

describe('messages where they do not belong', () => {
  const states: Readonly<Record<string, () => Peer>> = {
    accepted: () => {
      const peer = new Peer();
      peer.accept();
      return peer;
    },
    undecided: () => {
      const peer = new Peer();
      peer.accept();
      peer.send('SCCRQ');
      return peer;
    },
    'request out': () => {
      const peer = new Peer();
      peer.dial();
      return peer;
    },
    'busy receiver': () => busy(),
    'busy originator': () => busy('call'),
    stopping: () => {
      const peer = busy();
      peer.input({ on: 'close-connection', connection: 1, resultCode: 1 });
      return peer;
    },
  };

  for (const [state, begin] of Object.entries(states)) {
    test(`${state}: every message twice, about our calls and foreign ones; then TCP closes and nothing is left`, () => {
      for (const name of NAMES) {
        const peer = begin();
        const [own] = [...peer.endpoint.calls(peer.connection)].map(({ call }) => call);
        for (const callId of [own ?? 1, 1, 2, 3, 0, 0xffff]) {
          for (let turn = 0; turn < 2; turn++) {
            const over =
              'peerCallId' in USUAL[name] ? { peerCallId: callId } : 'callId' in USUAL[name] ? { callId } : {};
            peer.send(name, over as never);
            assertSound(peer);
          }
        }
        peer.pass(1000);
        peer.input({ on: 'closed', connection: peer.connection });
        assert.deepEqual([peer.endpoint.connectionCount, peer.endpoint.callCount], [0, 0]);
        assert.equal(peer.endpoint.deadline, Number.POSITIVE_INFINITY);
      }
    });
  }

  test('random conversations, and our side answering at random: no exception, and nothing left at the end', () => {
    const step = fc.record({
      name: fc.constantFrom(...NAMES),
      id: fc.constantFrom(0, 1, 2, 3, 0xffff),
      own: fc.boolean(),
      result: fc.constantFrom(0, 1, 2, 7, 255),
      answer: fc.constantFrom('nothing', 'accept', 'close', 'open', 'wait', 'stop'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const peer = busy();
        for (const { name, id, own, result, answer } of steps) {
          const calls = [...peer.endpoint.calls(peer.connection)].map(({ call }) => call);
          const about = own ? (calls[id] ?? id) : id;
          const fields: Record<string, number> = {};
          for (const field of ['callId', 'peerCallId']) if (field in USUAL[name]) fields[field] = about;
          if ('resultCode' in USUAL[name]) fields.resultCode = result;
          peer.send(name, fields as never);
          assertSound(peer);
          const call = calls[0] ?? 1;
          if (answer === 'accept') peer.input({ on: 'accept-call', call });
          if (answer === 'close') peer.input({ on: 'close-call', call, resultCode: result });
          if (answer === 'open') {
            peer.input({ on: 'open-call', connection: peer.connection, reference: 'x', call: CALL });
          }
          if (answer === 'wait') peer.pass(20_000);
          if (answer === 'stop') peer.input({ on: 'close-connection', connection: peer.connection, resultCode: 1 });
          assertSound(peer);
        }
        peer.pass(400_000);
        assert.deepEqual([peer.endpoint.connectionCount, peer.endpoint.callCount], [0, 0]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('floods', () => {
  test('messages faster than anybody needs: the end, with calls and all', () => {
    const peer = busy();
    const echo = messageOf('Echo-Request');
    const flood = concatOctets(...Array.from({ length: 2000 }, () => echo));
    peer.octets(flood);
    assert.equal(peer.of('connection-down')[0]!.end.cause, 'flood');
    assert.ok(octetsOut(peer.effects) < flood.length * 1.25);
    assert.equal(peer.endpoint.connectionCount, 0);
    assert.equal(peer.endpoint.drops.get('message-rate'), 1);
  });

  test('at a rate that is allowed it goes on for ever', () => {
    const peer = new Peer();
    peer.beCalled();
    for (let count = 0; count < 5000; count++) {
      peer.send('Echo-Request');
      peer.pass(10);
    }
    assert.equal(peer.endpoint.connectionCount, 1);
  });

  test('calls beyond the limit are refused, and those there are stay', () => {
    const peer = new Peer({ limits: { callsPerConnection: 4 } });
    peer.beCalled();
    for (let callId = 1; callId <= 4; callId++) peer.takeCall(callId);
    peer.send('OCRQ', { callId: 5 });
    assert.deepEqual([peer.sent('OCRP').resultCode, peer.sent('OCRP').errorCode, peer.told], [2, 4, []]);
    peer.send('ICRQ', { callId: 6 });
    assert.deepEqual([peer.sent('ICRP').resultCode, peer.sent('ICRP').errorCode], [2, 4]);
    assert.equal(peer.endpoint.callCount, 4);
    peer.input({ on: 'open-call', connection: 1, reference: 'c', call: CALL });
    assert.equal(peer.of('call-down')[0]!.end.cause, 'no-resources');
  });

  test('one address cannot have all Call IDs by way of many connections; others can still call', () => {
    const peer = new Peer({ limits: { callsPerConnection: 4, callsPerAddress: 6 } });
    const connect = (connection: number, path = PATH) => {
      peer.accept(connection, path);
      peer.send('SCCRQ');
      peer.input({ on: 'accept-connection', connection, settings: SETTINGS });
    };
    connect(1);
    for (let callId = 1; callId <= 4; callId++) peer.takeCall(callId);
    connect(3);
    for (let callId = 1; callId <= 2; callId++) peer.takeCall(callId);
    peer.send('OCRQ', { callId: 3 });
    assert.deepEqual([peer.sent('OCRP').resultCode, peer.sent('OCRP').errorCode, peer.told], [2, 4, []]);
    connect(5, { ...PATH, peerAddress: '198.51.100.1' });
    peer.takeCall(1);
    assert.equal(peer.endpoint.callCount, 7);
    // What ends makes room.
    peer.input({ on: 'closed', connection: 1 });
    peer.connection = 3;
    for (let callId = 3; callId <= 4; callId++) peer.takeCall(callId);
    connect(7);
    for (let callId = 1; callId <= 2; callId++) peer.takeCall(callId);
    peer.send('OCRQ', { callId: 3 });
    assert.equal(peer.sent('OCRP').errorCode, 4);
    assert.equal(peer.endpoint.callCount, 7);
  });

  test('one address cannot have more than its share, half-open or up; others can still come', () => {
    const peer = new Peer({ limits: { halfOpenPerAddress: 3, connectionsPerAddress: 5 } });
    for (let index = 0; index < 5; index++) peer.accept(1 + 2 * index);
    assert.equal(peer.endpoint.connectionCount, 3);
    assert.deepEqual(peer.of('disconnect'), [{ do: 'disconnect', connection: 9, how: 'abort' }]);
    for (const connection of [1, 3, 5]) {
      peer.connection = connection;
      peer.send('SCCRQ');
      peer.input({ on: 'accept-connection', connection, settings: SETTINGS });
    }
    for (const connection of [11, 13, 15]) peer.accept(connection);
    assert.equal(peer.endpoint.connectionCount, 5);
    peer.accept(17, { ...PATH, peerAddress: '198.51.100.1' });
    assert.equal(peer.endpoint.connectionCount, 6);
    assert.equal(peer.endpoint.drops.get('half-open-per-address'), 2);
    assert.equal(peer.endpoint.drops.get('connections-per-address'), 1);
    // What goes makes room.
    peer.input({ on: 'closed', connection: 1 });
    peer.accept(19);
    assert.equal(peer.endpoint.connectionCount, 6);
  });

  test('from everywhere, silent: the number is bounded, and who means it gets through', () => {
    const peer = new Peer({ limits: { halfOpenConnections: 100 } });
    for (let index = 0; index < 5000; index++) {
      peer.accept(1 + 2 * index, { ...PATH, peerAddress: `198.51.${index >> 8}.${index & 255}` });
      assert.ok(peer.endpoint.halfOpenCount <= 100);
    }
    peer.accept(20_001);
    for (let index = 0; index < 50; index++) {
      peer.input({
        on: 'accepted',
        connection: 30_001 + 2 * index,
        path: { ...PATH, peerAddress: `203.0.113.${index}` },
      });
    }
    peer.send('SCCRQ');
    peer.input({ on: 'accept-connection', connection: 20_001, settings: SETTINGS });
    assert.deepEqual(peer.told, ['connection-up']);
    peer.pass(15_000);
    assert.deepEqual([peer.endpoint.connectionCount, peer.endpoint.halfOpenCount], [1, 0]);
  });

  test('in all: no more than the limit, also of our own', () => {
    const peer = new Peer({ limits: { connections: 2 } });
    peer.accept(1);
    peer.accept(3);
    peer.accept(5);
    assert.equal(peer.endpoint.connectionCount, 2);
    assert.equal(peer.endpoint.drops.get('connection-limit'), 1);
    peer.input({ on: 'open-connection', reference: 'r', path: PATH, settings: SETTINGS });
    assert.deepEqual(peer.told, ['connection-opening', 'connection-down', 'connection-gone']);
  });

  test('ten thousand connections, each with a call, all kept alive: every step costs the same', () => {
    const peer = new Peer({ limits: { connectionsPerAddress: 20_000, callsPerAddress: 20_000 } });
    peer.endpoint.traced = false;
    const count = 10_000;
    const begin = messageOf('SCCRQ');
    for (let index = 0; index < count; index++) {
      const connection = 1 + 2 * index;
      peer.input({ on: 'accepted', connection, path: PATH });
      peer.input({ on: 'octets', connection, octets: begin });
      peer.input({ on: 'accept-connection', connection, settings: SETTINGS });
      peer.input({ on: 'octets', connection, octets: messageOf('OCRQ') });
      peer.input({ on: 'accept-call', call: peer.of('call-requested')[0]!.call });
    }
    assert.deepEqual([peer.endpoint.connectionCount, peer.endpoint.callCount], [count, count]);
    peer.now += 60_000;
    peer.effects = peer.endpoint.handleTimeout(peer.now);
    assert.equal(peer.of('send').length, count);
    for (let index = 0; index < count; index++) peer.input({ on: 'closed', connection: 1 + 2 * index });
    assert.deepEqual([peer.endpoint.connectionCount, peer.endpoint.callCount], [0, 0]);
    assert.equal(peer.endpoint.deadline, Number.POSITIVE_INFINITY);
  });
});

describe('our own side', () => {
  test('commands for what is gone are counted and do nothing', () => {
    const peer = new Peer();
    for (const input of [
      { on: 'accept-connection', connection: 9, settings: SETTINGS },
      { on: 'refuse-connection', connection: 9, resultCode: 4 },
      { on: 'close-connection', connection: 9, resultCode: 1 },
      { on: 'accept-call', call: 9 },
      { on: 'close-call', call: 9, resultCode: 4 },
      { on: 'set-link-info', call: 9, sendAccm: 0, receiveAccm: 0 },
      { on: 'activity', connection: 9, heard: false },
      { on: 'octets', connection: 9, octets: messageOf('SCCRQ') },
      { on: 'closed', connection: 9 },
    ] as const) {
      peer.input(input);
      assert.deepEqual(peer.effects, []);
    }
    assert.equal(peer.endpoint.drops.get('stale-input'), 9);
  });

  test('texts of any length, with controls in them, and names that are special to JavaScript', () => {
    for (const hostName of ['', '\u001b[2J', '__proto__', 'constructor', 'ü'.repeat(31)]) {
      const peer = new Peer();
      peer.accept();
      peer.send('SCCRQ', { hostName });
      assert.equal(peer.of('authorize-connection')[0]!.peer.hostName, hostName);
    }
  });
});
