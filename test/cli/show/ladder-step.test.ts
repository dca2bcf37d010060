// One message as a step of the ladder.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ladderStep } from '../../../src/cli/show/ladder-step.ts';
import { ChapCode, encodeChapValue } from '../../../src/ppp/chap.ts';
import { encodeOptions } from '../../../src/ppp/options.ts';
import { Code, encodePacket } from '../../../src/ppp/packet.ts';
import { encodePapRequest, PapCode } from '../../../src/ppp/pap.ts';
import type { RouterTrace } from '../../../src/vpdn/events.ts';
import { utf8 } from '../../../src/wire/values.ts';
import { messageTrace, pppTrace, zlbTrace } from './trace-fixture.ts';

const SCCRP = messageTrace('SCCRP', {
  ProtocolVersion: { version: 1, revision: 0 },
  HostName: 'peer2',
  FramingCapabilities: 3,
  AssignedTunnelId: 9,
  Challenge: Uint8Array.of(1, 2, 3),
  ChallengeResponse: new Uint8Array(16),
});

function words(trace: RouterTrace): (string | undefined)[] {
  const step = ladderStep(trace, 1.5, 'client');
  return [step?.protocol, step?.message, step?.detail];
}

const l2tp = (event: Parameters<typeof messageTrace>[2] & { kind: 'message' }): RouterTrace =>
  ({ layer: 'l2tp', event }) as RouterTrace;

test('a control message tells who, which tunnel and how it is authenticated', () => {
  assert.deepEqual(ladderStep(l2tp(SCCRP), 1.5, 'client'), {
    at: 1.5,
    direction: 'server->client',
    protocol: 'L2TP',
    message: 'SCCRP',
    detail: 'host peer2, tunnel 9, challenge, response',
    retransmission: false,
  });
});

test('the direction depends on which end traced', () => {
  const direction = (side: 'client' | 'server', way: 'I' | 'O') =>
    ladderStep(l2tp({ ...SCCRP, direction: way }), 0, side)?.direction;
  assert.equal(direction('client', 'O'), 'client->server');
  assert.equal(direction('client', 'I'), 'server->client');
  assert.equal(direction('server', 'O'), 'server->client');
  assert.equal(direction('server', 'I'), 'client->server');
});

test('a refusal tells its codes, an acknowledgement its Nr, a hidden AVP that it is', () => {
  const cdn = messageTrace('CDN', {
    ResultCode: { resultCode: 4, errorCode: undefined, message: '' },
    AssignedSessionId: 7,
  });
  assert.deepEqual(words(l2tp(cdn)), ['L2TP', 'CDN', '4/-, session 7']);
  assert.deepEqual(words(l2tp(zlbTrace())), ['L2TP', 'ZLB', 'Nr 4']);
  const hidden = messageTrace('HELLO', {});
  hidden.octets[12] = hidden.octets[12]! | 0x40;
  assert.deepEqual(words(l2tp(hidden)), ['L2TP', 'HELLO', 'AVPs hidden']);
});

test('LCP and IPCP tell their options', () => {
  const request = encodeOptions([
    { type: 1, data: Uint8Array.of(0x05, 0xa6) },
    { type: 3, data: Uint8Array.of(0xc2, 0x23, 5) },
    { type: 5, data: Uint8Array.of(0x8c, 0xcf, 0x0e, 0x1e) },
    { type: 200, data: new Uint8Array(1) },
  ]);
  assert.deepEqual(words(pppTrace('LCP', encodePacket(Code.ConfigureRequest, 1, request))), [
    'LCP',
    'Configure-Request',
    'MRU 1446, auth CHAP, magic 0x8CCF0E1E, option 200',
  ]);
  const nak = encodeOptions([
    { type: 3, data: Uint8Array.of(10, 1, 1, 2) },
    { type: 129, data: Uint8Array.of(9, 9, 9, 9) },
  ]);
  assert.deepEqual(words(pppTrace('IPCP', encodePacket(Code.ConfigureNak, 1, nak))), [
    'IPCP',
    'Configure-Nak',
    'address 10.1.1.2, DNS 9.9.9.9',
  ]);
});

test('authentication tells names and verdicts, never a proof or a password', () => {
  const value = new Uint8Array(16).fill(0x41);
  assert.deepEqual(
    words(pppTrace('CHAP', encodePacket(ChapCode.Response, 1, encodeChapValue({ value, name: 'peer1' })))),
    ['CHAP', 'Response', 'from "peer1"'],
  );
  assert.deepEqual(words(pppTrace('CHAP', encodePacket(ChapCode.Failure, 1, utf8.encode('wrong')))), [
    'CHAP',
    'Failure',
    'wrong',
  ]);
  const pap = encodePapRequest({ username: 'bob', password: utf8.encode('s3cret') });
  assert.deepEqual(words(pppTrace('PAP', encodePacket(PapCode.AuthenticateRequest, 1, pap))), [
    'PAP',
    'Authenticate-Request',
    'from "bob"',
  ]);
});

test('a goodbye tells its words, a code nobody knows its number', () => {
  assert.deepEqual(words(pppTrace('LCP', encodePacket(Code.TerminateRequest, 1, utf8.encode('bye')))), [
    'LCP',
    'Terminate-Request',
    'bye',
  ]);
  assert.deepEqual(words(pppTrace('LCP', encodePacket(99, 1))), ['LCP', 'Code 99', '']);
});

test('what went over no wire is no step', () => {
  const state: RouterTrace = {
    layer: 'l2tp',
    event: { kind: 'tunnel-state', tunnel: 1, from: 'idle', to: 'established' },
  };
  const phase = { kind: 'phase', phase: 'UP', detail: '' } as const;
  assert.equal(ladderStep(state, 0, 'client'), undefined);
  assert.equal(ladderStep({ layer: 'ppp', interfaceName: 'Virtual-PPP1', event: phase }, 0, 'client'), undefined);
  assert.equal(ladderStep({ layer: 'vpdn', topic: 'vpdn', interfaceName: '', text: 'x' }, 0, 'client'), undefined);
  assert.equal(ladderStep(pppTrace('CCP', encodePacket(1, 1)), 0, 'client'), undefined);
});

test('any octets of any protocol become a step or none, never an exception', () => {
  const protocol = fc.constantFrom('LCP', 'IPCP', 'CHAP', 'PAP', 'toString');
  fc.assert(
    fc.property(protocol, fc.uint8Array({ maxLength: 80 }), (name, octets) => {
      ladderStep(pppTrace(name, octets), 0, 'client');
      ladderStep(l2tp({ ...SCCRP, octets }), 0, 'server');
    }),
  );
});
