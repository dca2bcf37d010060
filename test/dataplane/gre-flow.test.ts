// The numbers of a PPTP call, either way, and its alarm: each is a row of numbers and functions on it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addTrouble, raiseAlarm } from '../../src/dataplane/flow-alarm.ts';
import { Arrival, accept, judge } from '../../src/dataplane/gre-receive.ts';
import { acknowledgeTimeout, noteAcknowledgment, noteSending } from '../../src/dataplane/gre-transmit.ts';
import { Count, Row } from '../../src/dataplane/layout.ts';
import { flowCounters } from '../../src/dataplane/link-counters.ts';
import { News } from '../../src/dataplane/news.ts';
import { type GreRow, SessionTable } from '../../src/dataplane/session-table.ts';
import { PPTP_CALLS } from '../../src/vpdn/events.ts';
import { CALL } from './harness/forwarding.ts';

function receiving(): (sequence: number) => Arrival {
  const { words } = SessionTable.create(1);
  return (sequence) => {
    const arrival = judge(words, 200, sequence | 0);
    if (arrival === Arrival.Next) accept(words, 200, sequence | 0);
    return arrival;
  };
}

describe('RFC 2637 §4.2, §4.3: packets that come', () => {
  for (const first of [0, 1, 77, 0xffff_ffff]) {
    it(`the first number there is may be ${first}, and those behind it follow`, () => {
      const take = receiving();
      for (let n = 0; n < 40; n++) assert.equal(take(first + n), Arrival.Next);
    });
  }

  it('one that is ahead is early, one that came is a duplicate, one that was given up is late', () => {
    const { words } = SessionTable.create(1);
    accept(words, 0, 10);
    assert.equal(judge(words, 0, 12), Arrival.Early);
    assert.equal(accept(words, 0, 12), 1);
    assert.equal(judge(words, 0, 11), Arrival.Late);
    assert.equal(judge(words, 0, 10), Arrival.Duplicate);
    assert.equal(judge(words, 0, 12), Arrival.Duplicate);
    // Further back nobody remembers.
    accept(words, 0, 60);
    assert.equal(judge(words, 0, 12), Arrival.Late);
  });

  it('one forged number far ahead changes nothing; two that follow each other are believed', () => {
    const take = receiving();
    take(5);
    assert.equal(take(0x7000_0000), Arrival.Jump);
    assert.equal(take(6), Arrival.Next);
    assert.equal(take(0x7000_0000), Arrival.Jump);
    assert.equal(take(0x7000_0001), Arrival.Next);
    assert.equal(take(0x7000_0002), Arrival.Next);
  });

  it('a peer that begins anew is heard again after sixteen packets', () => {
    const take = receiving();
    for (let n = 0; n < 5000; n++) take(n);
    const arrivals = Array.from({ length: 20 }, (_, n) => take(n));
    assert.deepEqual(arrivals, [...new Array(15).fill(Arrival.Late), ...new Array(5).fill(Arrival.Next)]);
  });

  it('property: whatever comes, no number is accepted twice unless the peer began anew', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 15 }), (sequences) => {
        const take = receiving();
        const accepted = sequences.filter((sequence) => take(sequence) === Arrival.Next);
        assert.deepEqual(
          accepted,
          [...new Set(accepted)].toSorted((a, b) => a - b),
        );
      }),
    );
  });
});

function sending(gre: Partial<GreRow> = {}) {
  const table = SessionTable.create(1);
  const row = table.open({ ...CALL, gre: { localWindow: 16, peerWindow: 16, peerProcessingDelay: 100, ...gre } });
  const [word, float] = [table.rowWord(row), table.rowFloat(row)];
  const { words, floats } = table;
  const send = (now: number): boolean => noteSending(words, word, floats, float, table.nextNs(row), now);
  const hear = (number: number, now: number): boolean =>
    noteAcknowledgment(words, word, floats, float, number | 0, now);
  return { table, row, word, float, send, hear, flow: () => flowCounters(table, row)! };
}

describe('RFC 2637 §4.4: acknowledgments that come', () => {
  it('the estimate begins with the Packet Processing Delay and follows the formulas', () => {
    const { send, hear, flow, float, table } = sending();
    send(1000);
    hear(0, 1300);
    send(1301);
    // DIFF 200: DEV 0 + 200/4, RTT 100 + 200/8.
    assert.equal(flow().roundTrip, 125);
    assert.equal(table.floats[float + Count.Deviation], 50);
    assert.equal(flow().acknowledgeTimeout, 600);
    for (let n = 1; n < 60; n++) {
      hear(n, 1300 + 2000 * n);
      send(1300 + 2000 * n);
    }
    assert.ok(flow().acknowledgeTimeout > 2000 && flow().acknowledgeTimeout <= 5000);
  });

  it('a time-out doubles RTT, halves the window rounded up, and stops nothing', () => {
    const { send, flow } = sending({ peerWindow: 18 });
    assert.equal(flow().sendWindow, 9);
    send(1000);
    send(1700);
    assert.deepEqual([flow().roundTrip, flow().sendWindow, flow().acknowledgeTimeouts], [200, 5, 1]);
    for (let n = 0; n < 100; n++) send(10_000 + 10_000 * n);
    assert.deepEqual([flow().sendWindow, flow().acknowledgeTimeout], [1, 5000]);
  });

  it('the window opens by one with each window acknowledged, up to the one of the peer', () => {
    const { send, hear, flow } = sending({ peerWindow: 4 });
    assert.equal(flow().sendWindow, 2);
    for (let n = 0; n < 30; n++) {
      send(10 * n + 1);
      hear(n, 10 * n + 5);
    }
    assert.equal(flow().sendWindow, 4);
  });

  it('C092: a static round trip is the wait, whatever is measured', () => {
    const { table, word, float } = sending({ staticRtt: 1500 });
    assert.equal(acknowledgeTimeout(table.words, word, table.floats, float), 1500);
  });

  it('what was never sent cannot be acknowledged, what is old says nothing new', () => {
    const { send, hear, flow } = sending();
    for (let n = 0; n < 5; n++) send(1000 + n);
    assert.equal(hear(5, 1010), false);
    assert.equal(hear(0x7fff_ffff, 1010), false);
    assert.equal(hear(3, 1010), true);
    assert.equal(hear(1, 1011), true);
    assert.equal(flow().acknowledgedByPeer, 3);
  });

  it('a number beyond 2^31 is one more than the one before it', () => {
    const { send, hear, table, word, flow } = sending();
    table.words[word + Row.Ns] = 0x7fff_ffff;
    send(1000);
    send(1001);
    assert.equal(hear(0x7fff_ffff, 1005), true);
    assert.equal(hear(0x8000_0000, 1006), true);
    assert.equal(flow().acknowledgedByPeer, 0x8000_0000);
    assert.equal(flow().nextSent, 0x8000_0001);
  });

  it('R-182: time-outs again and again are too much, but not of a peer that never acknowledges', () => {
    const { send, hear } = sending();
    send(1000);
    hear(0, 1001);
    const alarms = Array.from({ length: 100 }, (_, n) => send(2000 + 100 * n));
    // Some losses are nothing; five seconds without a word are.
    assert.equal(alarms.indexOf(true), 46);
    const silent = sending();
    for (let n = 0; n < 1000; n++) assert.equal(silent.send(1000 + 700 * n), false);
  });
});

describe('R-180 to R-182: the flow-control alarm', () => {
  it('some loss is forgiven, much within a short time is not', () => {
    const floats = new Float64Array(2);
    for (let n = 0; n < 100; n++) assert.equal(addTrouble(floats, 0, 10_000 * n), false);
    const close = Array.from({ length: 6 }, (_, n) => addTrouble(floats, 0, 2_000_000 + 100 * n));
    assert.ok(!close[2] && close[5]);
  });

  it('it goes off once for the keys in force, and never for stateless ones', () => {
    const stateOf = (stateful: boolean, generation: number) => {
      const state = { mppe: { bits: 128 as const, stateful, startKey: new Uint8Array(16) }, mppc: false, generation };
      return { transmit: state, receive: state, required: true };
    };
    const session = { ...CALL, localTunnel: PPTP_CALLS, compression: stateOf(true, 1) };
    const table = SessionTable.create(1);
    const row = table.open(session);
    const raised = (): string[] => {
      const heard: string[] = [];
      const news = new News();
      raiseAlarm(table, row, news);
      news.drain((trouble, of) => heard.push(`${trouble} ${of}`));
      return heard;
    };
    assert.deepEqual(raised(), ['flow-alarm 0']);
    assert.equal(flowCounters(table, row)?.alarm, true);
    assert.deepEqual(raised(), []);
    table.update(row, { ...session, compression: stateOf(true, 2) });
    assert.equal(flowCounters(table, row)?.alarm, false);
    assert.deepEqual(raised(), ['flow-alarm 0']);
    table.update(row, { ...session, compression: stateOf(false, 3) });
    assert.deepEqual(raised(), []);
  });

  it('news that find no room are told another time', () => {
    const news = new News();
    for (let row = 0; row < 64; row++) assert.equal(news.add('compression-lost', row), true);
    assert.equal(news.add('compression-lost', 0), true);
    assert.equal(news.add('flow-alarm', 0), false);
    let told = 0;
    news.drain(() => told++);
    assert.equal(told, 64);
    assert.equal(news.add('flow-alarm', 0), true);
  });
});
