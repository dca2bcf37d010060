// C146: what `show l2tp counters` prints.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageCounters } from '../../src/l2tp/message-counters.ts';
import { Peer } from './peer.ts';

test('messages are counted by type, each way', () => {
  const peer = new Peer();
  peer.call();
  const { messages } = peer.endpoint;
  assert.deepEqual(messages.get('SCCRQ'), { sent: 0, resent: 0, received: 1, dropped: 0 });
  assert.deepEqual(messages.get('SCCRP'), { sent: 1, resent: 0, received: 0, dropped: 0 });
  assert.deepEqual(messages.get('SCCCN'), { sent: 0, resent: 0, received: 1, dropped: 0 });
  assert.ok(messages.get('ZLB')!.sent >= 1);
});

test('what goes out again is counted as sent and as sent again; what comes again is dropped', () => {
  const peer = new Peer();
  peer.call();
  peer.pass(60_000);
  peer.input({ on: 'activity', tunnel: peer.tunnel, heard: false });
  peer.pass(1000);
  assert.deepEqual(peer.endpoint.messages.get('HELLO'), { sent: 2, resent: 1, received: 0, dropped: 0 });
  peer.zlb();
  peer.send('HELLO', {});
  peer.send('HELLO', {}, { ns: peer.ns - 1 });
  assert.deepEqual(peer.endpoint.messages.get('HELLO'), { sent: 2, resent: 1, received: 2, dropped: 1 });
});

test('types that nobody knows share one row, however many a peer thinks up', () => {
  const counters = new MessageCounters();
  for (let type = 100; type < 5000; type++) counters.count(`message ${type}`, 'received');
  assert.deepEqual([...counters.entries()], [['message', { sent: 0, resent: 0, received: 4900, dropped: 0 }]]);
});
