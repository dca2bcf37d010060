// RFC 2661 §5.3 and §5.4: data messages through an endpoint, and who numbers them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DataSequence } from '../../src/l2tp/data.ts';
import { decodeDataMessage, encodeDataMessage } from '../../src/l2tp/header.ts';
import { Peer } from './peer.ts';
import { fromHex } from './vectors.ts';

const FRAME = fromHex('ff03c0210101');

function data(peer: Peer, session: number, ns?: number, frame = FRAME) {
  return peer.datagram(encodeDataMessage({ tunnelId: peer.tunnel, sessionId: session, priority: false, ns }, frame));
}

function sendFrame(peer: Peer, session: number, priority?: boolean) {
  peer.input({
    on: 'frame',
    tunnel: peer.tunnel,
    session,
    frame: FRAME,
    ...(priority === undefined ? {} : { priority }),
  });
  const [sent] = peer.of('send');
  return sent && { ...decodeDataMessage(sent.octets), sequenced: sent.sequenced, flags: sent.octets[0]! };
}

function lns(iccn = {}, sequencing = false) {
  const peer = new Peer();
  peer.call();
  return { peer, session: peer.bringCall(5, iccn, sequencing) };
}

function lac(sequencing = false) {
  const peer = new Peer();
  peer.beCalled();
  return { peer, session: peer.takeCall(5, sequencing) };
}

describe('RFC 2661 §5.3: frames', () => {
  test('go out with the peer’s ids, without Length, and with P when asked for', () => {
    const { peer, session } = lns();
    const sent = sendFrame(peer, session, true)!;
    assert.deepEqual(sent.header, { tunnelId: 77, sessionId: 5, priority: true, ns: undefined });
    assert.deepEqual(sent.payload, FRAME);
    assert.equal(sent.flags, 0x01); // P; neither T, L, S nor O
    assert.equal(sendFrame(peer, session)!.flags, 0x00);
  });

  for (const form of [{}, { length: true }, { offset: 0 }, { offset: 9 }, { length: true, offset: 4 }]) {
    test(`come in, in the form ${JSON.stringify(form)}`, () => {
      const { peer, session } = lns();
      for (const ns of [undefined, 0]) {
        const header = { tunnelId: peer.tunnel, sessionId: session, priority: ns === 0, ns };
        peer.datagram(encodeDataMessage(header, FRAME, form));
        assert.deepEqual(peer.of('frame')[0]?.frame, FRAME);
      }
    });
  }

  const drops: readonly [what: string, reason: string, act: (peer: Peer, session: number) => void][] = [
    [
      'for a tunnel there is not',
      'unknown-tunnel',
      (peer, session) => data(Object.assign(peer, { tunnel: 1 }), session),
    ],
    ['for a session there is not', 'unknown-session', (peer, session) => data(peer, session ^ 1)],
    ['for session 0', 'unknown-session', (peer) => data(peer, 0)],
    [
      'for a call that is not up',
      'session-not-up',
      (peer) => {
        peer.send('ICRQ', { AssignedSessionId: 6 });
        data(peer, peer.of('call-requested')[0]!.session);
      },
    ],
    [
      'after a CDN',
      'unknown-session',
      (peer, session) => {
        peer.send('CDN', {}, { session });
        data(peer, session);
      },
    ],
    [
      'after a StopCCN',
      'tunnel-not-up',
      (peer, session) => {
        peer.send('StopCCN');
        data(peer, session);
      },
    ],
  ];
  for (const [what, reason, act] of drops) {
    test(`${what}: dropped as ${reason}, and not answered`, () => {
      const { peer, session } = lns();
      act(peer, session);
      assert.deepEqual([peer.drops, peer.of('frame'), peer.of('send')], [[reason], [], []]);
      assert.equal(peer.endpoint.drops.get(reason), 1);
    });
  }

  test('frames and octets are counted', () => {
    const { peer, session } = lns();
    data(peer, session);
    sendFrame(peer, session);
    const [status] = peer.endpoint.calls(peer.tunnel);
    assert.deepEqual(
      [status?.framesSent, status?.framesReceived, status?.octetsSent, status?.octetsReceived],
      [1, 1, FRAME.length, FRAME.length],
    );
  });

  test('a frame for a call that is gone goes nowhere', () => {
    const { peer, session } = lns();
    peer.send('CDN', {}, { session });
    assert.equal(sendFrame(peer, session), undefined);
  });
});

describe('RFC 2661 §7.4.2: frames that overtake the ICCN', () => {
  function waiting() {
    const peer = new Peer();
    peer.call();
    peer.send('ICRQ');
    const { tunnel, session } = peer.of('call-requested')[0]!;
    peer.input({ on: 'accept-call', tunnel, session });
    return { peer, session };
  }

  test('are kept, four of them, and delivered in order when it comes', () => {
    const { peer, session } = waiting();
    for (const octet of [1, 2, 3, 4, 5]) data(peer, session, undefined, Uint8Array.of(octet));
    assert.deepEqual(peer.drops, ['session-not-up']); // the fifth
    peer.send('ICCN', {}, { session });
    const order = peer.effects.filter((effect) => effect.do === 'call-up' || effect.do === 'frame');
    assert.equal(order[0]?.do, 'call-up');
    assert.deepEqual(
      peer.of('frame').map(({ frame }) => frame[0]),
      [1, 2, 3, 4],
    );
  });

  test('as copies, numbers and all', () => {
    const { peer, session } = waiting();
    const buffer = FRAME.slice();
    data(peer, session, 1, buffer);
    data(peer, session, 0);
    buffer.fill(0);
    peer.send('ICCN', { SequencingRequired: true }, { session });
    assert.deepEqual(
      peer.of('frame').map(({ frame }) => frame),
      [FRAME],
    );
    assert.deepEqual(peer.drops, ['data-out-of-order']);
  });

  test('but no long ones, which PPP does not begin with', () => {
    const { peer, session } = waiting();
    data(peer, session, undefined, new Uint8Array(257));
    assert.deepEqual(peer.drops, ['session-not-up']);
  });
});

describe('RFC 2661 §5.4: who numbers', () => {
  test('the LAC that required it, always: also after a message without number', () => {
    const { peer, session } = lac(true);
    assert.equal(peer.of('call-up')[0]?.sequencing, true);
    assert.deepEqual([sendFrame(peer, session)?.header.ns, sendFrame(peer, session)?.header.ns], [0, 1]);
    data(peer, session);
    assert.equal(peer.of('sequencing').length, 0);
    const third = sendFrame(peer, session);
    assert.equal(third?.header.ns, 2);
    assert.deepEqual(third?.sequenced, { tunnel: peer.tunnel, session });
  });

  test('the LNS whose LAC required it', () => {
    const { peer, session } = lns({ SequencingRequired: true });
    assert.equal(peer.of('call-up')[0]?.sequencing, true);
    assert.equal(peer.of('call-up')[0]?.connection?.sequencingRequired, true);
    data(peer, session, 0);
    assert.equal(sendFrame(peer, session)?.header.ns, 0);
  });

  test('the LNS by its own choice', () => {
    const { peer, session } = lns({}, true);
    assert.equal(peer.of('call-up')[0]?.sequencing, true);
    assert.equal(sendFrame(peer, session)?.header.ns, 0);
    data(peer, session); // the LAC has not followed yet
    assert.equal(sendFrame(peer, session)?.header.ns, 1);
  });

  test('the LNS does not follow the LAC: it is the one that decides', () => {
    const { peer, session } = lns();
    data(peer, session, 0);
    assert.equal(peer.of('frame').length, 1);
    assert.equal(sendFrame(peer, session)?.header.ns, undefined);
  });

  test('the LAC mirrors the LNS, and picks up where it left off', () => {
    const { peer, session } = lac();
    assert.equal(sendFrame(peer, session)?.header.ns, undefined);
    data(peer, session, 0);
    assert.deepEqual(peer.of('sequencing'), [{ do: 'sequencing', tunnel: peer.tunnel, session, enabled: true }]);
    assert.deepEqual([sendFrame(peer, session)?.header.ns, sendFrame(peer, session)?.header.ns], [0, 1]);
    data(peer, session);
    assert.equal(peer.of('sequencing')[0]?.enabled, false);
    assert.equal(sendFrame(peer, session)?.header.ns, undefined);
    data(peer, session, 1);
    assert.equal(sendFrame(peer, session)?.header.ns, 2);
  });
});

describe('RFC 2661 §5.4: what numbers are good for', () => {
  test('late and repeated messages are dropped, a gap is not waited for', () => {
    const { peer, session } = lns({ SequencingRequired: true });
    const taken: number[] = [];
    for (const ns of [0, 1, 4, 2, 3, 4, 5]) {
      data(peer, session, ns);
      if (peer.of('frame').length > 0) taken.push(ns);
    }
    assert.deepEqual(taken, [0, 1, 4, 5]);
    const [status] = peer.endpoint.calls(peer.tunnel);
    assert.deepEqual([status?.outOfOrderDropped, status?.nr], [3, 6]);
  });

  test('numbers wrap at 65536', () => {
    const sequence = new DataSequence();
    for (let ns = 0; ns < 70_000; ns++) {
      assert.equal(sequence.next(), ns & 0xffff);
      assert.equal(sequence.accepts(ns & 0xffff), true);
    }
  });

  test('one forged number far ahead does not make the rest late', () => {
    const sequence = new DataSequence();
    for (let ns = 0; ns < 10; ns++) sequence.accepts(ns);
    assert.equal(sequence.accepts(30_000), false);
    for (let ns = 10; ns < 20; ns++) assert.equal(sequence.accepts(ns), true);
  });

  test('two forged numbers with a real one between them are no row', () => {
    const sequence = new DataSequence();
    for (const [ns, taken] of [
      [0, true],
      [40_000, false],
      [1, true],
      [40_001, false],
      [2, true],
    ] as const) {
      assert.equal(sequence.accepts(ns), taken, String(ns));
    }
  });

  test('after a long outage two in a row from far ahead are believed', () => {
    const sequence = new DataSequence();
    sequence.accepts(0);
    assert.equal(sequence.accepts(40_000), false);
    assert.equal(sequence.accepts(40_001), true);
    assert.equal(sequence.accepts(40_002), true);
    assert.equal(sequence.accepts(40_000), false);
  });

  test('whatever comes, no number is delivered twice within reach of the window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 200 }), (numbers) => {
        const sequence = new DataSequence();
        const delivered = numbers.filter((ns) => sequence.accepts(ns));
        assert.deepEqual(
          delivered,
          [...new Set(delivered)].sort((a, b) => a - b),
        );
      }),
    );
  });
});
