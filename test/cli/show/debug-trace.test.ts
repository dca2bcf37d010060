// The lines of `debug`, from the traces of a negotiation (C173-C177).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TraceKind } from '../../../src/cli/grammar/exec/debug-topics.ts';
import { formatPptpTrace } from '../../../src/cli/show/debug-pptp.ts';
import { formatL2tpTrace, formatVpdnTrace, traceKinds } from '../../../src/cli/show/debug-trace.ts';
import type { L2tpTrace } from '../../../src/l2tp/events.ts';
import { utf8 } from '../../../src/wire/values.ts';
import { HOSTILE, HOSTILE_PRINTED } from './fixture.ts';
import { messageTrace, PATH, zlbTrace } from './trace-fixture.ts';

const VERSION = { version: 1, revision: 0 };
const sccrq = messageTrace('SCCRQ', {
  ProtocolVersion: VERSION,
  HostName: 'peer1',
  FramingCapabilities: 3,
  AssignedTunnelId: 9,
});
const iccn = messageTrace('ICCN', { TxConnectSpeed: 1, FramingType: 1 }, { session: 1 });

function lines(event: L2tpTrace, ...topics: ('events' | 'packets' | 'errors')[]): string[] {
  return formatL2tpTrace(event, new Set(topics.map((topic): TraceKind => `l2tp-${topic}`)));
}

test('an SCCRQ from nobody known is told from its own AVPs, and the new tunnel with it', () => {
  assert.deepEqual(lines({ ...sccrq, peerName: '', peerTunnel: 0 }, 'events'), [
    'L2TP: I SCCRQ from peer1 tnl 9',
    'Tnl 20 L2TP: New tunnel created for remote peer1, address 192.0.2.1',
  ]);
});

test('control messages in and out, of the tunnel and of a session', () => {
  assert.deepEqual(lines({ ...sccrq, name: 'SCCRP', direction: 'O' }, 'events'), [
    'Tnl 20 L2TP: O SCCRP to peer1 tnlid 9',
  ]);
  assert.deepEqual(lines({ ...sccrq, name: 'SCCCN' }, 'events'), ['Tnl 20 L2TP: I SCCCN from peer1 tnl 9']);
  const icrp = messageTrace('ICRP', { AssignedSessionId: 1 }, { direction: 'O', session: 1, peerSession: 1 });
  assert.deepEqual(lines(icrp, 'events'), ['Tnl/Sn 20/1 L2TP: O ICRP to peer1 9/1']);
  assert.deepEqual(lines({ ...iccn, peerSession: 1 }, 'events'), ['Tnl/Sn 20/1 L2TP: I ICCN from peer1 tnl 9, cl 1']);
  assert.deepEqual(lines(iccn, 'events'), ['Tnl/Sn 20/1 L2TP: I ICCN from peer1 tnl 9']);
});

test('a message sent or received again says so', () => {
  assert.deepEqual(lines({ ...iccn, direction: 'O', retransmission: true }, 'events'), [
    'Tnl/Sn 20/1 L2TP: O Resend ICCN to peer1 9/0',
  ]);
  assert.deepEqual(lines({ ...sccrq, retransmission: true }, 'events'), [
    'Tnl 20 L2TP: I SCCRQ (duplicate) from peer1 tnl 9',
  ]);
});

test('state changes of tunnel and session', () => {
  assert.deepEqual(lines({ kind: 'tunnel-state', tunnel: 20, from: 'idle', to: 'wait-ctl-reply' }, 'events'), [
    'Tnl 20 L2TP: Tunnel state change from idle to wait-ctl-reply',
  ]);
  assert.deepEqual(lines({ kind: 'tunnel-state', tunnel: 20, from: 'wait-ctl-reply', to: 'established' }, 'events'), [
    'Tnl 20 L2TP: Tunnel state change from wait-ctl-reply to established',
    'Tnl 20 L2TP: SM State established',
  ]);
  const change = { kind: 'call-state', tunnel: 20, session: 1, from: 'idle', to: 'wait-connect' } as const;
  assert.deepEqual(lines(change, 'events'), ['Tnl/Sn 20/1 L2TP: Session state change from idle to wait-connect']);
  assert.deepEqual(lines(change, 'packets', 'errors'), []);
});

test('the packets topic prints header and AVPs', () => {
  assert.deepEqual(lines(sccrq, 'packets'), [
    'Tnl 20 L2TP: I SCCRQ, flg TLS, ver 2, len 57, tnl 20, cl 0, ns 0, nr 0',
    'L2X: Parse AVP 0, len 8, flag 0x8000 (M), MessageType 1',
    'L2X: Parse AVP 2, len 8, flag 0x8000 (M), ProtocolVersion 1.0',
    'L2X: Parse AVP 7, len 11, flag 0x8000 (M), HostName peer1',
    'L2X: Parse AVP 3, len 10, flag 0x8000 (M), FramingCapabilities 3',
    'L2X: Parse AVP 9, len 8, flag 0x8000 (M), AssignedTunnelId 9',
  ]);
});

test('an acknowledgement shows in packets only', () => {
  assert.deepEqual(lines(zlbTrace(), 'events'), []);
  assert.deepEqual(lines(zlbTrace(), 'packets'), [
    'Tnl 20 L2TP: O ZLB ctrl ack, flg TLS, ver 2, len 12, tnl 9, cl 0, ns 1, nr 4',
  ]);
});

test('no password of a proxied PAP user is printed', () => {
  const proxied = messageTrace('ICCN', {
    TxConnectSpeed: 1,
    FramingType: 1,
    ProxyAuthenType: 3,
    ProxyAuthenName: 'bob',
    ProxyAuthenResponse: utf8.encode('s3cret'),
  });
  const printed = lines(proxied, 'events', 'packets', 'errors').join('\n');
  assert.match(printed, /ProxyAuthenName bob/);
  assert.doesNotMatch(printed, /s3cret|733363726574/);
});

test('errors are a topic of their own', () => {
  const error = { kind: 'error', tunnel: 20, session: 1, text: 'unknown mandatory AVP 99' } as const;
  assert.deepEqual(lines(error, 'errors'), ['Tnl/Sn 20/1 L2TP: unknown mandatory AVP 99']);
  assert.deepEqual(lines({ ...error, tunnel: 0, session: 0 }, 'errors'), ['L2TP: unknown mandatory AVP 99']);
  assert.deepEqual(lines(error, 'events', 'packets'), []);
});

test('what a hostile peer says of itself is escaped', () => {
  assert.deepEqual(lines({ ...sccrq, name: 'SCCCN', peerName: HOSTILE }, 'events'), [
    `Tnl 20 L2TP: I SCCCN from ${HOSTILE_PRINTED} tnl 9`,
  ]);
});

test('any octets are printed without an exception, a control character or more lines than AVPs fit', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('I' as const, 'O' as const), (octets, direction) => {
      const event = { ...sccrq, octets, direction, peerName: '', peerTunnel: 0, path: PATH };
      const printed = lines(event, 'events', 'packets', 'errors');
      assert.ok(printed.length <= 3 + octets.length / 6);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      for (const line of printed) assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});

test('debug topics of the command line select topics of the trace', () => {
  assert.deepEqual(traceKinds(new Set(['vpdn event'])), new Set(['l2tp-events', 'pptp-events', 'vpdn']));
  assert.deepEqual(
    traceKinds(new Set(['vpdn l2x-packets', 'vpdn error'])),
    new Set(['l2tp-packets', 'l2tp-errors', 'pptp-errors']),
  );
  assert.deepEqual(traceKinds(new Set(['ppp elog'])), new Set(), 'a protocol that is not there says nothing');
});

test('debug vpdn prints messages of PPTP by name, and their octets under debug vpdn packet', () => {
  const octets = new Uint8Array(156).fill(0x41);
  const call = { connection: 3, call: 4711 };
  const message = { kind: 'message', direction: 'I', name: 'OCRQ', result: 0, peerName: 'peer1', path: PATH } as const;
  const event = { ...message, ...call, octets };
  assert.deepEqual(formatPptpTrace(event, traceKinds(new Set(['vpdn event']))), [
    'Tnl/Cl 3/4711 PPTP: I OCRQ from peer1',
  ]);
  const shown = formatPptpTrace(event, traceKinds(new Set(['vpdn packet'])));
  assert.equal(shown[0], 'Tnl/Cl 3/4711 PPTP: I OCRQ, len 156');
  assert.equal(shown.length, 11);
  const state = { kind: 'call-state', ...call, from: 'wait-reply', to: 'established' } as const;
  const line = 'Tnl/Cl 3/4711 PPTP: Session state change from wait-reply to established';
  assert.deepEqual(formatPptpTrace(state, traceKinds(new Set(['vpdn call fsm']))), [line]);
  assert.deepEqual(formatPptpTrace(state, traceKinds(new Set(['l2tp session']))), []);
  const error = { kind: 'error', ...call, text: `bad ${HOSTILE}` } as const;
  assert.deepEqual(formatPptpTrace(error, traceKinds(new Set(['vpdn error']))), [
    `Tnl/Cl 3/4711 PPTP: bad ${HOSTILE_PRINTED}`,
  ]);
});

test('the domain speaks of interfaces, under debug vpdn event alone', () => {
  const text = 'Virtual interface created for bob';
  const trace = { layer: 'vpdn', topic: 'vpdn', interfaceName: 'Virtual-Access3', text } as const;
  assert.deepEqual(formatVpdnTrace(trace, new Set(['vpdn'])), [`Vi3 VPDN: ${text}`]);
  assert.deepEqual(formatVpdnTrace({ ...trace, interfaceName: '' }, new Set(['vpdn'])), [`VPDN: ${text}`]);
  assert.deepEqual(formatVpdnTrace(trace, new Set(['l2tp-events'])), []);
});

test('debug aaa authentication says who was checked and what came of it', () => {
  const text = "AAA/AUTHEN/PPP: method LOCAL user 'bob': PASS";
  const trace = { layer: 'vpdn', topic: 'aaa authentication', interfaceName: 'Virtual-Access3', text } as const;
  assert.deepEqual(formatVpdnTrace(trace, traceKinds(new Set(['aaa authentication']))), [`Vi3 ${text}`]);
  assert.deepEqual(formatVpdnTrace(trace, traceKinds(new Set(['vpdn event']))), []);
});

test('debug l2tp packet brief prints the first line of a packet, and detail prints its attributes too', () => {
  const brief = formatL2tpTrace(sccrq, traceKinds(new Set(['l2tp packet brief'])));
  const detail = formatL2tpTrace(sccrq, traceKinds(new Set(['l2tp packet brief', 'l2tp packet detail'])));
  assert.equal(brief.length, 1);
  assert.ok(detail.length > 1);
  assert.equal(detail[0], brief[0]);
});
