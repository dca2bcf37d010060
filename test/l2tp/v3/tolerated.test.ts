// What a peer may say and nothing comes of: WEN, a Preferred Language, an Application ID, speeds (RFC 3931 §5.4, §6.13).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Forger, request } from './forger.ts';

test('§6.13: a WEN is acknowledged, and the session goes on', () => {
  const forger = new Forger().establish();
  const before = forger.endpoint.connection(forger.connection)!.messagesSent;
  forger.send('WEN', {}, { session: forger.session });
  assert.equal(forger.endpoint.session(forger.session)?.state, 'established');
  assert.ok(forger.endpoint.connection(forger.connection)!.messagesSent > before, 'acknowledged');
});

test('a Preferred Language, an Application ID and speeds of 64 bits change nothing', () => {
  const forger = new Forger();
  forger.send('SCCRQ', { PreferredLanguage: 'de' }, { connectionId: 0 });
  forger.send('SCCCN', {});
  const more = { ApplicationId: Uint8Array.of(0, 0, 0, 7), TxConnectSpeed: 1n << 40n, RxConnectSpeed: 1n << 40n };
  forger.send('ICRQ', { ...request(5), ...more });
  forger.send('ICCN', {}, { session: forger.session });
  assert.equal(forger.endpoint.session(forger.session)?.state, 'established');
});
