// RFC 2661 §5.8 and Appendix A: the reliable transport by itself.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Channel, type Departure, type Verdict } from '../../src/l2tp/channel.ts';
import { wordAt } from '../../src/l2tp/header.ts';
import { SETTINGS } from './wire.ts';

const MESSAGE = () => new Uint8Array(20);
const RETRANSMIT = { ...SETTINGS.retransmit, retries: 5 };

function channel(window = 4, retransmit = RETRANSMIT): Channel {
  const made = new Channel(window, retransmit, false);
  made.openWindow(window);
  return made;
}

function departures(from: Channel, now = 0): Departure[] {
  const list: Departure[] = [];
  for (let next = from.depart(now); next !== undefined; next = from.depart(now)) list.push(next);
  return list;
}

function fill(into: Channel, count: number): Channel {
  for (let message = 0; message < count; message++) into.enqueue(MESSAGE(), 0);
  return into;
}

const numbers = (list: readonly Departure[]) => list.map(({ ns }) => ns);
const receive = (into: Channel, ns: number, nr = 0, zlb = false): Verdict => into.receive(ns, nr, zlb, MESSAGE(), 0);

describe('RFC 2661 §5.8: numbers', () => {
  test('Ns begins at 0 and counts messages; it is written into each, with our Nr', () => {
    const sender = channel(8);
    receive(sender, 0);
    fill(sender, 1);
    const [first] = departures(sender);
    assert.deepEqual([wordAt(first!.octets, 8), wordAt(first!.octets, 10)], [0, 1]);
  });

  test('Ns and Nr wrap at 65536', () => {
    const [a, b] = [channel(1), channel(1)];
    for (let count = 0; count < 65540; count++) {
      a.enqueue(MESSAGE(), 0);
      const [departure] = departures(a);
      assert.equal(receive(b, departure!.ns), 'next');
      assert.equal(receive(a, b.ns, b.nr, true), 'zlb');
    }
    assert.deepEqual([a.ns, b.nr], [4, 4]);
  });

  test('§5.8’s example: with 15 received last, 0 to 15 and 32784 to 65535 are duplicates', () => {
    const receiver = channel(4);
    for (let ns = 0; ns <= 15; ns++) receive(receiver, ns);
    for (const ns of [0, 7, 15, 32784, 50000, 65535]) assert.equal(receive(receiver, ns), 'duplicate', String(ns));
    for (const ns of [17, 20, 32783]) assert.notEqual(receive(receiver, ns), 'duplicate', String(ns));
  });

  test('a duplicate is acknowledged again, and delivered no more', () => {
    const receiver = channel();
    receive(receiver, 0);
    receiver.countZlb();
    assert.equal(receive(receiver, 0), 'duplicate');
    assert.equal(receiver.acknowledgementDue, true);
    assert.equal(receiver.nr, 1);
  });

  test('a ZLB takes no number and is not acknowledged, whatever number it carries', () => {
    const receiver = channel();
    for (const ns of [0, 1, 99, 65535]) assert.equal(receive(receiver, ns, 0, true), 'zlb');
    assert.equal(receiver.nr, 0);
    assert.equal(receiver.acknowledgementDue, false);
  });
});

describe('RFC 2661 §5.8: out of order', () => {
  test('messages that come early are kept and delivered in order', () => {
    const receiver = channel(8);
    assert.equal(receive(receiver, 2), 'early');
    assert.equal(receive(receiver, 1), 'early');
    assert.equal(receiver.takeEarly(), undefined);
    assert.equal(receive(receiver, 0), 'next');
    assert.notEqual(receiver.takeEarly(), undefined);
    assert.notEqual(receiver.takeEarly(), undefined);
    assert.equal(receiver.takeEarly(), undefined);
    assert.equal(receiver.nr, 3);
    assert.equal(receiver.status().outOfOrderReordered, 2);
  });

  test('the queue of early ones is bounded by the window', () => {
    const receiver = channel(4);
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((ns) => receive(receiver, ns)),
      ['early', 'early', 'early', 'outside-window', 'outside-window'],
    );
    assert.equal(receiver.status().outOfOrderDropped, 2);
  });

  test('and by octets, with a window as large as it gets', () => {
    const receiver = channel(65535);
    const large = new Uint8Array(60_000);
    assert.equal(receiver.receive(1, 0, false, large, 0), 'early');
    assert.equal(receiver.receive(2, 0, false, large, 0), 'outside-window');
  });

  test('an early message is kept as a copy: the buffer it came in is used again', () => {
    const receiver = channel(4);
    const buffer = MESSAGE();
    buffer[19] = 7;
    receiver.receive(1, 0, false, buffer, 0);
    buffer.fill(0);
    receive(receiver, 0);
    assert.equal(receiver.takeEarly()?.[19], 7);
  });

  test('an early message acknowledges nothing: its number is not given as received', () => {
    const receiver = channel(4);
    receive(receiver, 3);
    assert.equal(receiver.nr, 0);
    assert.equal(receiver.acknowledgementDue, false);
  });
});

describe('RFC 2661 §5.8: an Nr must be possible', () => {
  test('of what was never sent: the message is dropped and acknowledges nothing', () => {
    const sender = fill(channel(8), 1);
    departures(sender);
    for (const nr of [2, 3, 32769, 40000, 65535]) assert.equal(receive(sender, 0, nr), 'nr-invalid', String(nr));
    assert.equal(sender.pending, 1);
    assert.equal(receive(sender, 0, 1), 'next');
    assert.equal(sender.pending, 0);
  });

  test('of what waits for the window and has not left: dropped', () => {
    const sender = fill(channel(8), 3); // CWND is 1: one leaves
    departures(sender);
    assert.equal(receive(sender, 0, 2), 'nr-invalid');
  });

  test('older than the last: as messages overtake each other it is taken, and acknowledges nothing new', () => {
    const sender = fill(channel(8), 2);
    departures(sender);
    receive(sender, 0, 1);
    departures(sender);
    receive(sender, 1, 2);
    assert.equal(receive(sender, 2, 1), 'next');
    assert.equal(sender.pending, 0);
  });
});

describe('RFC 2661 §5.8: retransmission', () => {
  test('after 1, 2, 4, 8, 8 seconds, the same Ns and a fresh Nr, then failure', () => {
    const sender = fill(channel(), 1);
    departures(sender, 0);
    const times: number[] = [];
    for (let now = sender.deadline, nr = 1; ; now = sender.deadline, nr++) {
      receive(sender, nr - 1); // the peer speaks, but does not acknowledge
      const again = sender.handleTimeout(now);
      assert.notEqual(again, undefined);
      if (again === 'failed') {
        times.push(now);
        break;
      }
      times.push(now);
      const { octets } = again as Departure;
      assert.deepEqual([wordAt(octets, 8), wordAt(octets, 10)], [0, nr]);
    }
    assert.deepEqual(times, [1000, 3000, 7000, 15000, 23000, 31000]);
  });

  test('does nothing before its time', () => {
    const sender = fill(channel(), 1);
    departures(sender, 0);
    assert.equal(sender.handleTimeout(999), undefined);
  });

  test('the octets sent first are not touched by a retransmission: they may still be under way', () => {
    const sender = fill(channel(), 1);
    const [first] = departures(sender, 0);
    receive(sender, 0);
    sender.handleTimeout(1000);
    assert.equal(wordAt(first!.octets, 10), 0);
  });

  test('the first message of an initiator has retries and times of its own', () => {
    const retransmit = { ...RETRANSMIT, initialRetries: 1, initialTimeoutMin: 300, initialTimeoutMax: 400 };
    const sender = fill(new Channel(4, retransmit, true), 1);
    departures(sender, 0);
    assert.equal(sender.deadline, 300);
    sender.handleTimeout(300);
    assert.equal(sender.deadline, 700);
    assert.equal(sender.handleTimeout(700), 'failed');
  });

  test('an acknowledgement sets interval and count back for the next message', () => {
    const sender = fill(channel(), 2);
    departures(sender, 0);
    sender.handleTimeout(1000);
    sender.receive(0, 1, true, MESSAGE(), 1500);
    departures(sender, 1500);
    assert.equal(sender.deadline, 2500);
    assert.deepEqual(sender.status().retransmitDistribution, [0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('what followed a lost message goes again too, as the window opens: the peer may have dropped it as early', () => {
    const sender = fill(channel(8), 4);
    departures(sender);
    receive(sender, 0, 1, true);
    assert.deepEqual(numbers(departures(sender)), [1, 2]);
    sender.handleTimeout(1000);
    receive(sender, 0, 2, true);
    assert.deepEqual(numbers(departures(sender, 1000)), [2, 3]);
  });
});

describe('RFC 2661 §5.8, Appendix A: windows', () => {
  test('slow start: one, two, four ... up to the peer’s window', () => {
    const sender = fill(channel(8), 100);
    const flights: number[] = [];
    let acknowledged = 0;
    for (let round = 0; round < 5; round++) {
      const flight = departures(sender);
      flights.push(flight.length);
      for (let each = 0; each < flight.length; each++) receive(sender, 0, ++acknowledged, true);
    }
    assert.deepEqual(flights, [1, 2, 4, 8, 8]);
  });

  test('never more than the peer’s window is under way, which is 4 if it does not say', () => {
    const sender = fill(new Channel(4, RETRANSMIT, false), 100);
    let acknowledged = 0;
    for (let round = 0; round < 10; round++) {
      const { length } = departures(sender);
      assert.ok(length <= 4);
      for (let each = 0; each < length; each++) receive(sender, 0, ++acknowledged, true);
    }
    assert.equal(sender.status().resendQueueMax, 4);
  });

  test('a window of 1 works in lock step', () => {
    const sender = fill(channel(1), 3);
    for (const ns of [0, 1, 2]) {
      assert.deepEqual(numbers(departures(sender)), [ns]);
      receive(sender, 0, ns + 1, true);
    }
    assert.equal(sender.pending, 0);
  });

  test('congestion: half the window in SSTHRESH, then one; and from there on one more each round trip', () => {
    const sender = fill(channel(16), 400);
    let acknowledged = 0;
    const round = () => {
      const { length } = departures(sender);
      for (let each = 0; each < length; each++) receive(sender, 0, ++acknowledged, true);
      return length;
    };
    assert.deepEqual([round(), round(), round(), round()], [1, 2, 4, 8]);
    departures(sender); // 16 under way
    sender.handleTimeout(sender.deadline);
    assert.equal(sender.status().congestionWindow, 1);
    acknowledged += 16; // all arrived after all
    receive(sender, 0, acknowledged, true);
    assert.deepEqual([round(), round(), round()], [2, 4, 8]); // slow start up to SSTHRESH 8
    assert.deepEqual([round(), round()], [8, 9]);
  });

  test('SSTHRESH does not fall below one', () => {
    const sender = fill(channel(4), 2);
    departures(sender);
    for (let time = 0; time < 3; time++) sender.handleTimeout(sender.deadline);
    receive(sender, 0, 1, true);
    assert.equal(departures(sender).length, 1);
    receive(sender, 0, 2, true);
    assert.equal(sender.status().congestionWindow, 2);
  });
});

describe('RFC 2661 §5.8: law', () => {
  test('over any sequence of loss, duplication and reorder, all is delivered once and in order', () => {
    const step = fc.constantFrom('send', 'deliver', 'deliver-last', 'lose', 'repeat', 'timeout');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 8 }), (steps, window) => {
        const retransmit = { ...RETRANSMIT, retries: 1000 };
        const [sender, receiver] = [channel(window, retransmit), channel(window, retransmit)];
        const flying: Uint8Array[] = [];
        const delivered: number[] = [];
        let sent = 0;
        let now = 0;
        const deliver = (octets: Uint8Array) => {
          if (receiver.receive(wordAt(octets, 8), 0, false, octets, now) !== 'next') return;
          delivered.push(wordAt(octets, 18));
          for (let next = receiver.takeEarly(); next; next = receiver.takeEarly()) delivered.push(wordAt(next, 18));
        };
        const acknowledge = () => {
          sender.receive(0, receiver.nr, true, MESSAGE(), now);
          flying.push(...departures(sender, now).map(({ octets }) => octets));
        };
        const walk = (what: (typeof steps)[number]) => {
          now += 10;
          if (what === 'send') {
            const octets = MESSAGE();
            octets[18] = sent >>> 8;
            octets[19] = sent++;
            sender.enqueue(octets, 0);
            flying.push(...departures(sender, now).map((departure) => departure.octets));
          } else if (what === 'timeout') {
            now = Math.max(now, sender.deadline === Number.POSITIVE_INFINITY ? now : sender.deadline);
            const again = sender.handleTimeout(now);
            if (again !== undefined && again !== 'failed') flying.push(again.octets);
          } else if (flying.length > 0) {
            const octets = (what === 'deliver-last' ? flying.pop() : flying.shift())!;
            if (what === 'repeat') flying.push(octets);
            if (what !== 'lose') deliver(octets);
            acknowledge();
          }
        };
        for (const what of steps) walk(what);
        for (let rounds = 0; sender.pending > 0 && rounds < 5000; rounds++)
          walk(flying.length > 0 ? 'deliver' : 'timeout');
        assert.equal(sender.pending, 0);
        assert.deepEqual(
          delivered,
          Array.from({ length: sent }, (_, index) => index),
        );
      }),
      { numRuns: 300 },
    );
  });
});
